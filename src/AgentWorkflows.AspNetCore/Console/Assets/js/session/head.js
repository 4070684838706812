// What stands above a session's tabs: what it is, what happened to it, how far it has come with its limits.
import { h } from "../ui/dom.js";
import { ago, count, duration, usd, words } from "../ui/format.js";
import { icon } from "../ui/icons.js";
import { meter, notice, statusBadge, terminal } from "../ui/parts.js";
import { approvalCard } from "../approvals/card.js";
import { actionButtons, rate } from "./actions.js";
import { phases, stuckFor } from "./progress.js";

const limitNames = { cost: "Cost", turns: "Turns", tool_calls: "Tool calls", tokens: "Tokens", age: "Age" };

export function headOf(session, app, refresh) {
  const stuck = stuckFor(session);
  return [
    h("a", { class: "crumb", href: "#/sessions" }, icon("left"), "Sessions"),
    h(
      "div",
      { class: "page-head" },
      h(
        "div",
        { class: "grow" },
        h("h1", { class: "break session-goal" }, session.goal),
        h(
          "div",
          { class: "session-meta" },
          statusBadge(session.status),
          session.status === "Running" && session.phase ? h("span", null, phases[session.phase] ?? words(session.phase)) : null,
          stuck
            ? h(
                "span",
                { class: "stuck-note" },
                icon("alert"),
                `${session.status === "AwaitingApproval" ? "Waits" : "No step"} for ${duration(stuck)}`,
              )
            : null,
          h("span", null, `${session.agent} ${session.agentVersion}`),
          h("span", null, session.taskType),
          h("span", null, session.userId),
          h("span", null, "started ", ago(session.createdAt)),
          terminal.has(session.status) ? h("span", null, `took ${duration(new Date(session.updatedAt) - new Date(session.createdAt))}`) : null,
          h("code", { class: "session-id" }, session.id),
          session.forkedFrom
            ? h(
                "a",
                { href: `#/sessions/${encodeURIComponent(session.forkedFrom.sessionId)}` },
                icon("fork"),
                `forked after turn ${session.forkedFrom.turn}`,
              )
            : null,
        ),
      ),
      h("div", { class: "page-actions" }, actionButtons(session, app, refresh)),
    ),
  ];
}

export function bannersOf(session, approvals, app, refresh) {
  const pending = approvals.filter((each) => each.status === "Pending" && session.pendingApprovals.some((other) => other.id === each.id));
  // What a person did on purpose is no failure.
  const isByPerson = session.status === "Terminated" || session.failure?.type === "rolled_back_on_demand";
  return [
    pending.map((each) => h("div", { "data-key": each.id }, approvalCard(each, app, { inSession: true, done: refresh }))),
    session.failure && !isByPerson
      ? h(
          "div",
          { "data-key": "failure" },
          notice(
            session.status === "CompletedPartially" ? "wait" : "bad",
            h("p", { class: "strong" }, `${words(session.failure.type)} · ${session.failure.category}`),
            h("p", null, session.failure.message),
          ),
        )
      : null,
    session.failure && isByPerson ? h("div", { "data-key": "ended" }, notice("quiet", h("p", null, session.failure.message))) : null,
    session.status === "RollbackIncomplete"
      ? h(
          "div",
          { "data-key": "incomplete" },
          notice(
            "bad",
            h("p", { class: "strong" }, "Not everything was taken back"),
            session.compensations
              .filter((entry) => ["Failed", "Unknown", "Irreversible", "Declined"].includes(entry.status))
              .map((entry) => h("p", null, h("code", null, entry.tool), ` (${words(entry.status).toLowerCase()}) `, entry.message)),
          ),
        )
      : null,
    session.answer
      ? h(
          "div",
          { "data-key": "answer" },
          h(
            "div",
            { class: "card answer" },
            h("h2", null, session.status === "CompletedPartially" ? "Partial answer" : "Answer"),
            h("p", { class: "break pre-line" }, session.answer),
            feedback(session, refresh),
          ),
        )
      : null,
  ];
}

function feedback(session, refresh) {
  const given = session.feedback;
  const thumb = (rating, label) =>
    h(
      "button",
      {
        type: "button",
        class: `button quiet small ${given?.rating === rating ? "is-chosen" : ""}`,
        "aria-pressed": String(given?.rating === rating),
        onclick: () => rate(session, rating, refresh),
      },
      icon(rating === "good" ? "up" : "down"),
      label,
    );
  return h(
    "div",
    { class: "feedback row-wrap small" },
    thumb("good", "Good"),
    thumb("bad", "Not good"),
    given ? h("span", { class: "muted break" }, `rated by ${given.by}${given.comment ? `: “${given.comment}”` : ""}`) : null,
  );
}

export function statsOf(session, limits) {
  const known = Object.fromEntries((limits?.limits ?? []).map((each) => [each.name, each]));
  // The time people take to decide is no part of a session's age.
  const until = new Date(session.waitingSince ?? (terminal.has(session.status) ? session.updatedAt : Date.now()));
  const age = Math.max(0, (until - new Date(session.createdAt)) / 1000 - (session.waitedSeconds ?? 0));
  const all = [
    ["cost", session.costUsd, usd],
    ["turns", session.turn, count],
    ["tool_calls", session.toolCalls, count],
    ["tokens", session.tokens, count],
    ["age", age, (seconds) => duration(seconds * 1000)],
  ];
  return all.map(([name, used, format]) => {
    const limit = known[name]?.limit;
    return h(
      "div",
      { class: "stat" },
      h("span", { class: "muted small" }, limitNames[name]),
      h(
        "span",
        { class: "stat-value", title: name === "cost" ? `${used} USD` : undefined },
        format(used),
        limit ? h("span", { class: "muted stat-limit" }, ` of ${format(limit)}`) : null,
      ),
      limit ? meter(used / limit, `${limitNames[name]}: ${Math.round((used / limit) * 100)} % of its limit`) : h("div", { class: "meter" }),
    );
  });
}
