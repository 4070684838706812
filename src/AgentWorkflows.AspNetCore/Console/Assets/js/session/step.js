// One step, opened: what was asked, what came back, how it was judged.
import { h } from "../ui/dom.js";
import { count, duration, time, until, usd, words } from "../ui/format.js";
import { json, values } from "../ui/json.js";
import { facts, tierTag } from "../ui/parts.js";
import { toneOf } from "./rows.js";

/** transcript: null while it is read. */
export function stepDetail(row, transcript, session) {
  if (row.type === "turn") {
    return turnDetail(row, transcript, session);
  }
  const entry = row.decided ?? row.entry;
  const turn = transcript?.turns.find((each) => each.turn === row.turn);
  const call = turn?.calls.find((each) => each.stepId === row.entry.stepId);
  const body =
    {
      Plan: () => planDetail(entry, turn),
      Gate: () => gateDetail(entry, call),
      Approval: () => approvalDetail(row),
      Act: () => actDetail(entry, call),
      Observe: () => observeDetail(entry, call),
      Compensation: () => compensationDetail(entry),
    }[entry.kind]?.() ?? [];
  return h(
    "div",
    { class: "stack step" },
    h(
      "div",
      { class: "stack-tight" },
      h(
        "div",
        { class: "row-wrap" },
        h("span", { class: `badge tone-${{ good: "quiet", bad: "bad", wait: "wait" }[toneOf(row)]}` }, words(entry.status)),
        h("span", { class: "muted small" }, `${entry.kind} · turn ${row.turn}${row.entry.stepId ? ` · step ${row.entry.stepId}` : ""}`),
      ),
      h("h3", { class: "step-title break" }, entry.title),
    ),
    facts(
      [
        ["At", time(row.start)],
        row.end > row.start ? ["Took", duration(row.end - row.start)] : null,
        entry.costUsd > 0 ? ["Cost", h("span", { title: `${entry.costUsd} USD` }, usd(entry.costUsd))] : null,
        entry.tokens > 0 ? ["Tokens", count(entry.tokens)] : null,
        entry.tool ? ["Tool", h("code", null, entry.tool)] : null,
      ],
      "tight",
    ),
    body,
    entry.detail && Object.keys(entry.detail).length > 0
      ? h("details", { class: "raw" }, h("summary", null, "As recorded"), json(entry.detail, "the record"))
      : null,
  );
}

const section = (title, ...content) => h("section", { class: "stack-tight" }, h("h4", null, title), content);

function turnDetail(row, transcript, session) {
  const turn = transcript?.turns.find((each) => each.turn === row.turn);
  return h(
    "div",
    { class: "stack step" },
    h("h3", { class: "step-title" }, row.title),
    turn?.reason ? h("p", { class: "break" }, turn.reason) : null,
    facts(
      [
        ["From", time(row.start)],
        ["Took", duration(row.end - row.start)],
        ["Cost", usd(row.costUsd)],
        ["Tokens", count(row.tokens)],
        turn?.model ? ["Model", turn.model] : null,
      ],
      "tight",
    ),
    row.group.startsWith("turn")
      ? h(
          "p",
          null,
          h(
            "a",
            { href: `#/sessions/${encodeURIComponent(session.id)}?tab=travel&turn=${row.turn}` },
            row.turn === 0 ? "The state at the start" : `The state after turn ${row.turn}`,
          ),
        )
      : null,
  );
}

function planDetail(entry, turn) {
  const steps = entry.detail?.steps ?? [];
  return [
    facts(
      [
        ["Model", turn?.model || entry.detail?.model],
        ["Request id", entry.detail?.requestId ? h("code", null, entry.detail.requestId) : null],
      ],
      "tight",
    ),
    entry.detail?.failure ? section("What went wrong", failure(entry.detail.failure)) : null,
    turn?.answer ? section("Answer", h("p", { class: "break pre-line" }, turn.answer)) : null,
    steps.length > 0
      ? section(
          "Planned",
          steps.map((step) =>
            h(
              "div",
              { class: "planned" },
              h("div", { class: "row-wrap" }, h("code", { class: "strong" }, step.tool), h("span", { class: "muted small" }, step.id)),
              values(step.arguments, "arguments"),
            ),
          ),
        )
      : null,
    (turn?.refused ?? []).map((refused, index) =>
      section(`Refused answer ${index + 1}`, h("p", { class: "break" }, refused.problem), h("pre", { class: "json" }, refused.text)),
    ),
  ];
}

function gateDetail(entry, call) {
  const verdicts = { run: "May run", ask: "A person has to agree", refuse: "Refused: nothing ran" };
  return [
    section(
      "Verdict",
      h("p", null, verdicts[entry.status] ?? words(entry.status)),
      entry.detail?.reason ? h("p", { class: "break" }, entry.detail.reason) : null,
    ),
    entry.detail?.suggestion ? section("What the model was told", h("p", { class: "break" }, entry.detail.suggestion)) : null,
    facts([["Tier", entry.detail?.tier ? tierTag(entry.detail.tier.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase()) : null]], "tight"),
    call ? section("Arguments", values(call.arguments, "arguments")) : null,
  ];
}

function approvalDetail(row) {
  const asked = row.entry.detail ?? {};
  const decided = row.decided?.detail;
  return [
    section("Asked", asked.reason ? h("p", { class: "break" }, asked.reason) : null, asked.arguments ? values(asked.arguments, "arguments") : null),
    decided
      ? section(
          "Decided",
          facts(
            [
              ["By", decided.approver],
              ["At", decided.decidedAt ? time(decided.decidedAt) : null],
              ["Reason", decided.reason],
            ],
            "tight",
          ),
          decided.arguments ? [h("p", { class: "small muted" }, "With other arguments:"), values(decided.arguments, "new arguments")] : null,
        )
      : row.open
        ? section(
            "Decision",
            h("p", null, "Nobody has decided yet. At its deadline", asked.expiresAt ? [", ", until(asked.expiresAt), ","] : null, ` ${asked.deadline ?? "the agent's policy decides"}.`),
            h("p", null, h("a", { class: "button primary", href: `#/approvals/${encodeURIComponent(asked.id)}` }, "Decide")),
          )
        : null,
  ];
}

function actDetail(entry, call) {
  const attempts = call?.attempts ?? [];
  const detail = entry.detail ?? {};
  return [
    detail.failure
      ? section(
          "What went wrong",
          failure(detail.failure),
          detail.retryAfter ? h("p", { class: "small muted" }, `Tried again after ${detail.retryAfter}`) : null,
        )
      : null,
    section(detail.edited ? "Arguments, as an approver changed them" : "Arguments", values(detail.arguments ?? call?.arguments ?? {}, "arguments")),
    detail.edited && call ? section("Arguments, as planned", values(call.plannedArguments ?? call.arguments, "planned arguments")) : null,
    detail.result !== undefined && detail.result !== null ? section("Result", values(detail.result, "result")) : null,
    attempts.length > 1
      ? section(
          "Attempts",
          h(
            "table",
            { class: "mini" },
            h(
              "thead",
              null,
              h(
                "tr",
                null,
                ["#", "Outcome", "Took", "Cost"].map((name) => h("th", { scope: "col" }, name)),
              ),
            ),
            h(
              "tbody",
              null,
              attempts.map((attempt, index) =>
                h(
                  "tr",
                  null,
                  h("td", null, String(index + 1)),
                  h("td", null, attempt.succeeded ? "Succeeded" : `${words(attempt.failure?.kind)}: ${attempt.failure?.message}`),
                  h("td", { class: "num" }, attempt.durationMs === null ? "–" : duration(attempt.durationMs)),
                  h("td", { class: "num" }, usd(attempt.costUsd)),
                ),
              ),
            ),
          ),
        )
      : null,
    detail.idempotencyKey ? section("Idempotency key", h("code", { class: "break" }, detail.idempotencyKey)) : null,
  ];
}

function observeDetail(entry, call) {
  const criteria = call?.successCriteria ?? [];
  return [
    entry.detail?.message ? section("Verdict", h("p", { class: "break" }, entry.detail.message)) : null,
    entry.detail?.suggestion ? section("What the model was told", h("p", { class: "break" }, entry.detail.suggestion)) : null,
    criteria.length > 0
      ? section(
          "Success criteria",
          h(
            "ul",
            { class: "criteria" },
            criteria.map((each) =>
              h(
                "li",
                null,
                h("code", null, each.path),
                ` ${words(each.operator).toLowerCase()}`,
                each.value !== null && each.value !== undefined ? h("code", null, ` ${JSON.stringify(each.value)}`) : null,
              ),
            ),
          ),
        )
      : null,
    call
      ? facts(
          [
            ["If it fails", words(call.onFailure)],
            ["Undo, in the model's words", call.undo],
          ],
          "tight",
        )
      : null,
    call?.result !== undefined && call?.result !== null
      ? section("Result", values(call.result, "result"))
      : call?.resultBytes > 0
        ? section("Result", h("p", { class: "muted" }, `${count(call.resultBytes)} bytes, too large to be shown here.`))
        : null,
  ];
}

function compensationDetail(entry) {
  const detail = entry.detail ?? {};
  return [
    facts(
      [
        ["Takes back", h("code", null, entry.tool)],
        ["With", detail.compensation ? h("code", null, detail.compensation) : null],
        ["The action was", detail.action === "Unknown" ? "In doubt" : detail.action],
      ],
      "tight",
    ),
    detail.message ? section("What it said", h("p", { class: "break" }, detail.message)) : null,
  ];
}

function failure(each) {
  return [
    h("p", { class: "break" }, each.message),
    facts(
      [
        ["Kind", each.kind ?? each.type],
        ["Category", each.category],
        ["Safe to retry", each.retrySafe === undefined ? null : each.retrySafe ? "Yes" : "No"],
        ["Suggestion", each.suggestion],
      ],
      "tight",
    ),
  ];
}
