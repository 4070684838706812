// What a card tells of a request besides the call itself.
import { h } from "../ui/dom.js";
import { plural, time, usd, words } from "../ui/format.js";
import { values } from "../ui/json.js";
import { facts } from "../ui/parts.js";
import { visible } from "../ui/visible.js";

export function more(approval, inSession) {
  const votes = approval.votes ?? [];
  return facts(
    [
      ["Undo", approval.undo && visible(approval.undo)],
      ["Cost so far", usd(approval.costUsd)],
      inSession ? null : ["Asked by", visible(`${approval.agent}, for ${approval.userId}`)],
      approval.required > 1
        ? [
            "Needs",
            `${plural(approval.required, "person", "people")}; ${votes.length === 0 ? "nobody has approved yet" : `approved by ${votes.map((vote) => vote.approver).join(", ")}`}`,
          ]
        : null,
      approval.deadline && !approval.decision ? ["If nobody decides", approval.deadline] : null,
      (approval.approvers ?? []).length > 0
        ? [
            "Who may decide",
            approval.approvers
              .map((each) => (new Date(each.from) > new Date() ? `${each.name} (from ${time(each.from, "clock").textContent})` : each.name))
              .join(", "),
          ]
        : null,
      approval.selfApproval === false ? ["Not by", `${approval.userId}, whose session it is`] : null,
      ...(approval.notices ?? [])
        .filter((each) => ["failing", "failed"].includes(each.status))
        .map((each) => [
          each.status === "failed" ? "Message failed" : "Message delayed",
          `${each.channel} to ${each.recipient}, ${plural(each.attempts, "attempt")}${each.error ? `: ${each.error}` : ""}`,
        ]),
    ],
    "tight",
  );
}

/** What the call would change, as of the request. */
export function changes(preview) {
  return preview.length === 0
    ? null
    : h(
        "table",
        { class: "mini changes" },
        h("caption", null, "What would change"),
        h(
          "thead",
          { class: "visually-hidden" },
          h(
            "tr",
            null,
            ["What", "Before", "After"].map((name) => h("th", { scope: "col" }, name)),
          ),
        ),
        h(
          "tbody",
          null,
          preview.map((each) =>
            h(
              "tr",
              null,
              h("th", { scope: "row" }, visible(each.what)),
              h("td", { class: "before" }, visible(each.before)),
              h("td", { class: "after" }, visible(each.after)),
            ),
          ),
        ),
      );
}

export function decided(approval) {
  const decision = approval.decision;
  return decision
    ? h(
        "div",
        { class: "approval-decided" },
        h(
          "p",
          null,
          decision.bySystem ? `Nobody decided in time; ${approval.deadline}` : [`${words(decision.status)} by `, h("span", { class: "strong" }, visible(decision.approver))],
          ", ",
          time(decision.decidedAt),
          decision.via ? h("span", { class: "muted" }, ` (${decision.via})`) : null,
        ),
        decision.reason && !decision.bySystem ? h("p", { class: "break" }, `“${visible(decision.reason)}”`) : null,
        decision.arguments ? h("details", null, h("summary", null, "With other arguments"), values(decision.arguments, "new arguments")) : null,
      )
    : null;
}
