import { s } from "./dom.js";

export function brand() {
  return s(
    "svg",
    { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    s("rect", { class: "mark-back", width: 24, height: 24, rx: 6 }),
    s("path", { class: "mark-line", d: "M6 16.5 10 8l4 8.5" }),
    s("path", { class: "mark-line", d: "M14 16.500h2.600a2.6 2.6 0 0 0 0-5.200H15" }),
    s("circle", { class: "mark-dot", cx: 18, cy: 7, r: 1.6 }),
  );
}
