// One session in the list.
import { h } from "../ui/dom.js";
import { ago, count, duration, usd, words } from "../ui/format.js";
import { icon } from "../ui/icons.js";
import { statusBadge } from "../ui/parts.js";
import { phases, stuckFor } from "../session/progress.js";

export function row(session, isFresh) {
  const stuck = stuckFor(session);
  return h(
    "tr",
    { "data-key": session.id, class: [stuck ? "stuck" : "", isFresh ? "fresh" : ""].join(" ").trim() || undefined },
    h(
      "td",
      { class: "c-status" },
      statusBadge(session.status),
      stuck
        ? h(
            "div",
            null,
            h(
              "span",
              { class: "stuck-note" },
              icon("alert"),
              `${session.status === "AwaitingApproval" ? "Waits" : "No step"} for ${duration(stuck)}`,
            ),
          )
        : session.status === "Running" && session.phase
          ? h("div", { class: "muted small" }, phases[session.phase] ?? words(session.phase))
          : null,
    ),
    h(
      "td",
      { class: "c-goal" },
      h("a", { class: "goal", href: `#/sessions/${encodeURIComponent(session.id)}`, title: session.goal }, session.goal),
      h("div", { class: "under" }, h("span", null, session.agent), h("span", null, session.taskType), h("span", { class: "mono" }, session.id)),
    ),
    h("td", { class: "c-user clip", title: session.userId }, session.userId),
    h("td", { class: "c-turn num" }, String(session.turn)),
    h("td", { class: "c-cost num", title: `${session.costUsd} USD, ${count(session.tokens)} tokens` }, usd(session.costUsd)),
    h("td", { class: "c-age num" }, ago(session.createdAt)),
  );
}
