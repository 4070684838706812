// One request for approval: what would run, why a person is asked, and the decision.
import { get, post } from "../api.js";
import { h, put } from "../ui/dom.js";
import { ago, until, words } from "../ui/format.js";
import { values } from "../ui/json.js";
import { button, errorText, field, statusBadge, tierTag } from "../ui/parts.js";
import { visible } from "../ui/visible.js";
import { approver, isFixed, setApprover } from "./approver.js";
import { changes, decided, more } from "./facts.js";
import { argumentForm } from "./form.js";

/** done(): called after a decision. inSession: the session is on the page already. */
export function approvalCard(approval, app, { inSession = false, done } = {}) {
  const foot = h("div", { class: "approval-foot" });
  const message = h("div", { role: "alert" });
  const isPending = approval.status === "Pending";
  // An island: a card that is open for a reason or an edit is not drawn over by news about other sessions.
  const card = h(
    "article",
    {
      class: `card approval ${isPending ? "is-pending" : ""}`,
      "data-island": isPending ? "" : undefined,
      "aria-label": `Approval of ${approval.tool}`,
    },
    h(
      "div",
      { class: "card-head approval-head" },
      h(
        "div",
        { class: "grow" },
        h(
          "div",
          { class: "row-wrap" },
          h("h2", null, approval.isQuestion ? "Go on?" : h("code", null, approval.tool)),
          approval.tier ? tierTag(approval.tier) : null,
          isPending ? null : statusBadge(approval.status),
        ),
        inSession
          ? null
          : h("a", { class: "break", href: `#/sessions/${encodeURIComponent(approval.sessionId)}` }, visible(approval.goal || approval.sessionId)),
      ),
      isPending
        ? h(
            "div",
            { class: "approval-when" },
            h("span", null, "asked ", ago(approval.requestedAt)),
            h("span", { class: "strong" }, "expires ", until(approval.expiresAt)),
          )
        : null,
    ),
    h(
      "div",
      { class: "card-body approval-body" },
      h(
        "section",
        null,
        h("h3", null, approval.isQuestion ? "The call that did not succeed" : "Would run with"),
        values(approval.arguments, "arguments"),
        changes(approval.preview ?? []),
      ),
      h("section", null, h("h3", null, "Why you are asked"), h("p", { class: "break" }, visible(approval.reason)), more(approval, inSession)),
    ),
    isPending ? message : decided(approval),
    foot,
  );
  if (isPending) {
    drawChoices();
  } else {
    foot.remove();
  }
  return card;

  function drawChoices() {
    put(message);
    if (!app.can("approve")) {
      put(foot, h("p", { class: "muted small" }, "This key may look but not decide."));
      return;
    }
    put(
      foot,
      button("Approve", { kind: "primary", picture: "check", onclick: () => decide({ decision: "approve" }) }),
      approval.isQuestion ? null : button("Edit", { picture: "edit", onclick: drawEdit }),
      button("Reject", { kind: "danger", picture: "cross", onclick: drawReject }),
      h("span", { class: "grow" }),
      whoDecides(),
    );
  }

  function whoDecides() {
    if (isFixed(app)) {
      return h("span", { class: "muted small" }, `as ${app.me.user}`);
    }
    const input = h("input", {
      class: "input approver",
      value: approver(app),
      maxlength: 200,
      placeholder: "your name",
      autocomplete: "name",
      onchange: () => setApprover(input.value),
    });
    return h("label", { class: "row small muted" }, "Deciding as", input);
  }

  function drawReject() {
    const reason = h("textarea", { class: "input", rows: 2, maxlength: 2000 });
    const who = whoDecides();
    put(
      foot,
      h(
        "div",
        { class: "stack grow" },
        field("Reason", reason, { hint: "The agent reads it and plans on with it." }),
        h(
          "div",
          { class: "row-wrap" },
          button("Reject the call", {
            kind: "solid-danger",
            onclick: () => decide({ decision: "reject", ...(reason.value.trim() ? { reason: reason.value.trim() } : {}) }),
          }),
          button("Back", { kind: "quiet", onclick: drawChoices }),
          h("span", { class: "grow" }),
          who,
        ),
      ),
    );
    reason.focus();
  }

  async function drawEdit() {
    put(foot, h("p", { class: "muted" }, "Reading the tool's contract …"));
    let schema = null;
    try {
      const { tools } = await get("api/tools");
      schema = tools.find((tool) => tool.name === approval.tool && tool.agent === approval.agent)?.parameters ?? null;
    } catch {
      // Without the contract the arguments are edited as JSON; the server checks them either way.
    }
    const form = argumentForm(approval.arguments, schema);
    const reason = h("input", { class: "input", maxlength: 2000 });
    put(
      foot,
      h(
        "div",
        { class: "stack grow" },
        h("h3", null, "Approve with other arguments"),
        form.element,
        field("Reason", reason, { hint: "Optional. Kept with the decision." }),
        h(
          "div",
          { class: "row-wrap" },
          button("Approve these", { kind: "primary", onclick: () => edit(form, reason.value.trim()) }),
          button("Back", { kind: "quiet", onclick: drawChoices }),
          h("span", { class: "grow" }),
          whoDecides(),
        ),
      ),
    );
    form.element.querySelector("input, textarea, select")?.focus();
  }

  function edit(form, reason) {
    try {
      return decide({ decision: "edit", arguments: form.read(), ...(reason ? { reason } : {}) });
    } catch (error) {
      return fail(error);
    }
  }

  async function decide(body) {
    const input = foot.querySelector("input.approver");
    if (input) {
      setApprover(input.value);
    }
    if (!approver(app)) {
      fail(new Error("Say who decides: your name is kept with the decision."));
      input?.focus();
      return;
    }
    const buttons = [...foot.querySelectorAll("button")];
    buttons.forEach((each) => {
      each.disabled = true;
    });
    put(message);
    try {
      const answered = await post(`api/approvals/${encodeURIComponent(approval.id)}/decision`, {
        ...body,
        argumentsHash: approval.argumentsHash,
        approver: approver(app),
      });
      if (answered?.status === "Pending") {
        // More people have to approve: this card goes on waiting for them.
        put(foot, h("p", { class: "muted" }, "Your approval counts; another person has to approve, too."));
      } else {
        card.replaceWith(approvalCard(answered ?? { ...approval, status: words(body.decision) }, app, { inSession }));
      }
      done?.();
    } catch (error) {
      buttons.forEach((each) => {
        each.disabled = false;
      });
      fail(error);
      if (error.status === 409 || error.status === 410) {
        done?.();
      }
    }
  }

  function fail(error) {
    put(message, h("div", { class: "approval-error" }, errorText(error)));
  }
}
