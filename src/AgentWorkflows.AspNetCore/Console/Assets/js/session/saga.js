// The saga stack: what the session has changed, and how each change would be, or was, taken back.
import { h } from "../ui/dom.js";
import { words } from "../ui/format.js";
import { icon } from "../ui/icons.js";
import { empty, tierTag } from "../ui/parts.js";

const states = {
  Registered: ["busy", "undo", "Can be taken back"],
  Done: ["good", "check", "Taken back"],
  Failed: ["bad", "alert", "Compensation failed"],
  Unknown: ["bad", "alert", "Compensation in doubt"],
  Irreversible: ["bad", "stop", "Cannot be taken back"],
  NotNeeded: ["quiet", "check", "Nothing to take back"],
  Declined: ["wait", "cross", "Left as it is"],
};

/** entries: newest last, as registered. */
export function sagaView(entries, none) {
  if (entries.length === 0) {
    return empty("undo", "Nothing to take back", none ?? "This session has not changed anything that has a compensation.");
  }
  return h(
    "ol",
    { class: "saga" },
    [...entries].reverse().map((entry) => {
      const [tone, picture, label] = states[entry.status] ?? ["quiet", "ring", words(entry.status)];
      return h(
        "li",
        { class: "saga-entry" },
        h(
          "div",
          { class: "row-wrap" },
          h("code", { class: "strong" }, entry.tool),
          entry.tier ? tierTag(entry.tier) : null,
          h("span", { class: `badge tone-${tone}` }, icon(picture), label),
          h("span", { class: "muted small" }, `turn ${entry.turn}, step ${entry.stepId}`),
        ),
        entry.action === "Unknown"
          ? h("p", { class: "small" }, "It is not known whether the action took effect: it may still be running, or was cut off.")
          : null,
        entry.message ? h("p", { class: "small break" }, entry.message) : null,
      );
    }),
  );
}
