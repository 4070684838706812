import { h } from "./dom.js";
import { iconButton, toast } from "./parts.js";
import { visible } from "./visible.js";

const maxShown = 20_000;
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** A value as indented JSON with colours, and a button that copies it. Built from text nodes: what is in it stays text. */
export function json(value, label = "JSON") {
  const text = JSON.stringify(value, null, 2) ?? "null";
  const shown = visible(text.length > maxShown ? text.slice(0, maxShown) : text);
  return h(
    "div",
    { class: "copyable" },
    h(
      "pre",
      { class: "json", tabindex: 0, role: "region", "aria-label": label },
      ...colour(shown),
      text.length > maxShown ? `\n… ${text.length - maxShown} more characters; copy for all of it.` : null,
    ),
    iconButton(
      `Copy ${label}`,
      "copy",
      async () => {
        try {
          await navigator.clipboard.writeText(text);
          toast("good", "Copied.");
        } catch {
          toast("bad", "The browser does not allow copying here. Select the text instead.");
        }
      },
      { class: "button quiet icon-only small" },
    ),
  );
}

function colour(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    parts.push(text.slice(end, match.index));
    const [, string, colon, number] = match;
    const kind = string ? (colon ? "k" : "s") : number ? "n" : "l";
    parts.push(h("span", { class: kind }, string ?? match[0]));
    if (colon) {
      parts.push(colon);
    }
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

const simple = (value) => value === null || typeof value !== "object";

/** Arguments and small results as a list of names and values; anything deeper as JSON. */
export function values(value, label) {
  if (simple(value)) {
    return h("p", { class: "break" }, visible(value));
  }
  const entries = Object.entries(value);
  if (Array.isArray(value) || entries.length === 0 || entries.length > 24 || entries.some(([, inner]) => !simple(inner))) {
    return json(value, label);
  }
  return h(
    "dl",
    { class: "facts values" },
    entries.map(([name, inner]) => [
      h("dt", { class: "mono" }, visible(name)),
      h("dd", null, inner === null ? h("span", { class: "muted" }, "null") : visible(inner)),
    ]),
  );
}
