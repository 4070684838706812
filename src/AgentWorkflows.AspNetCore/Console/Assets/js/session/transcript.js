// What was said, in order: the goal, each plan, what its calls came to, the answer.
import { h } from "../ui/dom.js";
import { count, duration, time, usd, words } from "../ui/format.js";
import { icon } from "../ui/icons.js";
import { json, values } from "../ui/json.js";

const outcomes = {
  succeeded: ["good", "check"],
  criteria_failed: ["bad", "alert"],
  failed: ["bad", "alert"],
  refused: ["bad", "gate"],
  rejected: ["bad", "cross"],
  approval_expired: ["bad", "clock"],
  skipped: ["quiet", "right"],
};

export function transcriptView(transcript, { until = Infinity } = {}) {
  const turns = transcript.turns.filter((turn) => turn.turn <= until);
  return h(
    "ol",
    { class: "transcript" },
    h(
      "li",
      { class: "said said-user" },
      h("div", { class: "said-by" }, "Goal"),
      h(
        "div",
        { class: "said-body" },
        h("p", { class: "break pre-line" }, transcript.goal),
        transcript.context && Object.keys(transcript.context).length > 0
          ? h("details", null, h("summary", null, "Context"), values(transcript.context, "context"))
          : null,
      ),
    ),
    turns.map((turn) => turnView(turn)),
    until === Infinity && transcript.answer && !turns.some((turn) => turn.answer)
      ? h(
          "li",
          { class: "said said-answer" },
          h("div", { class: "said-by" }, "Partial answer"),
          h("div", { class: "said-body" }, h("p", { class: "break pre-line" }, transcript.answer)),
        )
      : null,
  );
}

function turnView(turn) {
  return [
    (turn.refused ?? []).map((refused) =>
      h(
        "li",
        { class: "said said-refused" },
        h("div", { class: "said-by" }, `Turn ${turn.turn}`, h("span", { class: "muted small" }, "refused answer")),
        h(
          "div",
          { class: "said-body" },
          h("p", { class: "break" }, refused.problem),
          h("details", null, h("summary", null, "What the model wrote"), h("pre", { class: "json" }, refused.text)),
        ),
      ),
    ),
    h(
      "li",
      { class: `said ${turn.answer ? "said-answer" : "said-plan"}`, id: `turn-${turn.turn}` },
      h(
        "div",
        { class: "said-by" },
        turn.answer ? "Answer" : `Turn ${turn.turn}`,
        h("span", { class: "muted small" }, turn.model ? turn.model : null),
        h("span", { class: "muted small" }, `${count(turn.tokens)} tokens, ${usd(turn.costUsd)}`),
        turn.at ? h("span", { class: "muted small" }, time(turn.at, "clock")) : null,
      ),
      h(
        "div",
        { class: "said-body stack-tight" },
        turn.answer ? h("p", { class: "break pre-line" }, turn.answer) : turn.reason ? h("p", { class: "break" }, turn.reason) : null,
        turn.calls.map(callView),
      ),
    ),
  ];
}

function callView(call) {
  const [tone, picture] = outcomes[call.outcome] ?? ["quiet", "clock"];
  const took = call.attempts.reduce((sum, attempt) => sum + (attempt.durationMs ?? 0), 0);
  return h(
    "details",
    { class: "call" },
    h(
      "summary",
      null,
      h("code", { class: "strong" }, call.tool),
      h("span", { class: `badge tone-${tone}` }, icon(picture), call.outcome ? words(call.outcome) : "Not yet"),
      call.edited ? h("span", { class: "tag" }, "arguments edited") : null,
      h(
        "span",
        { class: "muted small" },
        [call.attempts.length > 1 ? `${call.attempts.length} attempts` : null, took > 0 ? duration(took) : null].filter(Boolean).join(", "),
      ),
    ),
    h(
      "div",
      { class: "call-body" },
      h("h4", null, "Arguments"),
      values(call.arguments, "arguments"),
      call.message ? [h("h4", null, "Verdict"), h("p", { class: "break" }, call.message, call.suggestion ? ` ${call.suggestion}` : "")] : null,
      call.result !== null && call.result !== undefined
        ? [h("h4", null, "Result"), json(call.result, "result")]
        : call.resultBytes > 0
          ? [h("h4", null, "Result"), h("p", { class: "muted" }, `${count(call.resultBytes)} bytes, too large to be shown here.`)]
          : null,
    ),
  );
}
