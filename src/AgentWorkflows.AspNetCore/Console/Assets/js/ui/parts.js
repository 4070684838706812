// The small pieces every page is made of.
import { ApiError } from "../api.js";
import { h, put } from "./dom.js";
import { words } from "./format.js";
import { icon } from "./icons.js";

const statuses = {
  Pending: ["quiet", "clock"],
  Running: ["busy", "busy"],
  AwaitingApproval: ["wait", "approval"],
  Suspended: ["quiet", "pause"],
  Compensating: ["busy", "undo"],
  Completed: ["good", "check"],
  CompletedPartially: ["wait", "check"],
  Halted: ["bad", "stop"],
  Rejected: ["bad", "cross"],
  Failed: ["bad", "alert"],
  RolledBack: ["quiet", "undo"],
  RollbackIncomplete: ["bad", "undo"],
  Terminated: ["quiet", "stop"],
  Approved: ["good", "check"],
  Edited: ["good", "edit"],
  Expired: ["bad", "clock"],
  Withdrawn: ["quiet", "cross"],
};

export const terminal = new Set([
  "Completed",
  "CompletedPartially",
  "Halted",
  "Rejected",
  "Failed",
  "RolledBack",
  "RollbackIncomplete",
  "Terminated",
]);

export const statusNames = Object.keys(statuses).slice(0, 13);

export function statusBadge(status, label) {
  const [tone, picture] = statuses[status] ?? ["quiet", "ring"];
  return h(
    "span",
    { class: `badge tone-${tone}`, "data-status": status },
    icon(picture, status === "Running" || status === "Compensating" ? "spin" : ""),
    label ?? words(status),
  );
}

const tiers = { read: "quiet", write_safe: "busy", write_risky: "wait", destructive: "bad" };

export const tierTag = (tier) => h("span", { class: `tag tone-${tiers[tier] ?? "quiet"}`, title: tierMeaning[tier] ?? "" }, words(tier));

const tierMeaning = {
  read: "Changes nothing.",
  write_safe: "Changes something that can be undone and nobody outside notices.",
  write_risky: "Moves money or reaches a person. Asks first.",
  destructive: "Cannot be taken back, or takes much with it. Asks first.",
};

export function button(label, { onclick, picture, kind = "", ...more } = {}) {
  return h("button", { type: "button", class: `button ${kind}`.trim(), onclick, ...more }, picture ? icon(picture) : null, label);
}

export function iconButton(label, picture, onclick, more = {}) {
  return h("button", { type: "button", class: "button quiet icon-only", "aria-label": label, title: label, onclick, ...more }, icon(picture));
}

export function empty(picture, title, text, ...more) {
  return h("div", { class: "empty" }, icon(picture), h("h2", null, title), h("p", null, text), more);
}

export function notice(tone, ...content) {
  const picture = { bad: "alert", wait: "clock", good: "check" }[tone] ?? "info";
  return h(
    "div",
    { class: `notice tone-${tone}`, role: tone === "bad" ? "alert" : undefined },
    icon(picture),
    h("div", { class: "grow break" }, content),
  );
}

/** What went wrong, where, and what to do. */
export function problem(error, retry) {
  if (!(error instanceof ApiError)) {
    console.error(error);
  }
  const known = {
    session_not_found: "No such session",
    approval_not_found: "No such approval",
    forbidden: "Not allowed with this key",
    unreachable: "The server cannot be reached",
  };
  return h(
    "div",
    { class: "empty", role: "alert" },
    icon("alert"),
    h("h2", null, known[error.code] ?? "This could not be shown"),
    h("p", null, error.message),
    error.traceId ? h("p", { class: "mono small" }, `trace ${error.traceId}`) : null,
    retry ? button("Try again", { onclick: retry }) : null,
  );
}

export function skeletonRows(rows, widths) {
  return h(
    "div",
    { "aria-hidden": "true", class: "skeleton-rows" },
    Array.from({ length: rows }, (_, row) =>
      h(
        "div",
        { class: "skeleton-row" },
        widths.map((width) => h("div", { class: "skeleton", style: { width: `${width - ((row * 7) % 5)}%` } })),
      ),
    ),
  );
}

export function meter(share, label) {
  const part = Math.max(0, Math.min(1, share));
  return h(
    "div",
    { class: "meter", role: "img", "aria-label": label },
    h("span", { class: share >= 1 ? "over" : share >= 0.75 ? "warn" : "", style: { width: `${part * 100}%` } }),
  );
}

export function facts(pairs, kind = "") {
  return h(
    "dl",
    { class: `facts ${kind}`.trim() },
    pairs
      .filter((pair) => pair && pair[1] !== null && pair[1] !== undefined && pair[1] !== "")
      .map(([name, value]) => [h("dt", null, name), h("dd", null, value)]),
  );
}

export function field(label, input, { hint, error } = {}) {
  const id = input.id || `f${nextId++}`;
  input.id = id;
  const notes = [];
  if (hint) {
    notes.push(h("span", { class: "hint", id: `${id}-hint` }, hint));
  }
  if (error) {
    notes.push(h("span", { class: "error", id: `${id}-error` }, error));
    input.setAttribute("aria-invalid", "true");
  }
  if (notes.length > 0) {
    input.setAttribute("aria-describedby", notes.map((note) => note.id).join(" "));
  }
  return h("div", { class: "field" }, h("label", { for: id }, label), input, notes);
}

let nextId = 1;

/** Tabs with the keys people expect. choose(name) is called for a choice; the caller renders. */
export function tabs(label, items, chosen, choose) {
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": label });
  put(
    list,
    items.map(([name, text, extra]) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${name}`,
          "aria-controls": "tab-panel",
          "aria-selected": String(name === chosen),
          tabindex: name === chosen ? 0 : -1,
          onclick: () => choose(name),
          onkeydown: (event) => {
            const at = items.findIndex(([other]) => other === name);
            const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
            if (to !== undefined) {
              event.preventDefault();
              const next = items[(to + items.length) % items.length][0];
              choose(next);
              document.getElementById(`tab-${next}`)?.focus();
            }
          },
        },
        text,
        extra ?? null,
      ),
    ),
  );
  return list;
}

export function toast(tone, text) {
  const element = h("div", { class: `toast ${tone}` }, icon(tone === "bad" ? "alert" : "check"), h("div", { class: "break" }, text));
  document.getElementById("toasts").append(element);
  setTimeout(() => element.remove(), tone === "bad" ? 9000 : 5000);
}

/** What went wrong, and every mistake when there are several. */
export function errorText(error) {
  const errors = error.errors ?? [];
  return [
    h("p", null, error.message),
    errors.length > 1
      ? h(
          "ul",
          null,
          errors.map((each) => h("li", null, `${each.path}: ${each.message}`)),
        )
      : null,
  ];
}
