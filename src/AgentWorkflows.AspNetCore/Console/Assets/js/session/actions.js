// What can be done to a session, each behind a question that says what it will do.
import { post } from "../api.js";
import { h } from "../ui/dom.js";
import { ask } from "../ui/dialog.js";
import { plural } from "../ui/format.js";
import { button, field, terminal, tierTag, toast } from "../ui/parts.js";

const undoable = new Set(["Registered", "Failed", "Unknown", "Declined"]);

export const canBeTakenBack = (session) => session.compensations.filter((entry) => undoable.has(entry.status) && entry.action !== "NotDone");

/** The buttons for what can be done now. done(): called after something was. */
export function actionButtons(session, app, done) {
  const isOver = terminal.has(session.status);
  const buttons = [];
  const add = (label, picture, kind, run) => buttons.push(button(label, { picture, kind, onclick: () => run(session, app, done) }));
  if (app.can("operate")) {
    if (!isOver && session.status === "Suspended") {
      add("Resume", "play", "", resume);
    } else if (!isOver && session.status !== "Compensating") {
      add("Suspend", "pause", "", suspend);
    }
  }
  if (app.can("start") || app.can("operate")) {
    add("Fork", "fork", "", (each) => fork(each, app, Math.max(0, each.turn - 1)));
  }
  if (app.can("operate")) {
    if (!isOver) {
      add("Terminate", "stop", "danger", terminate);
    } else if (canBeTakenBack(session).length > 0) {
      add("Roll back", "undo", "danger", rollBack);
    }
  }
  return buttons;
}

const path = (session) => `api/sessions/${encodeURIComponent(session.id)}`;

function reasonField(hint) {
  const input = h("textarea", { class: "input", rows: 2, maxlength: 1000 });
  return { element: field("Reason", input, { hint }), body: () => (input.value.trim() ? { reason: input.value.trim() } : {}) };
}

async function command({ title, text, label, kind, call, told, done, more = null, extra = () => ({}) }) {
  const reason = reasonField("Kept with the session. Optional.");
  const answered = await ask({
    title,
    content: h("div", { class: "stack" }, h("p", null, text), more, reason.element),
    actions: [
      {
        label,
        kind,
        run: async () => {
          await call({ ...reason.body(), ...extra() });
          return true;
        },
      },
    ],
  });
  if (answered) {
    toast("good", told);
    done();
  }
}

function suspend(session, app, done) {
  return command({
    title: "Suspend this session?",
    text: "It takes no further step until it is resumed. A call that is running now finishes, and its result is kept.",
    label: "Suspend",
    call: (body) => post(`${path(session)}/suspend`, body),
    told: "The session is suspended.",
    done,
  });
}

function resume(session, app, done) {
  return command({
    title: "Resume this session?",
    text: "It goes on with the step it had come to.",
    label: "Resume",
    call: (body) => post(`${path(session)}/resume`, body),
    told: "The session goes on.",
    done,
  });
}

function terminate(session, app, done) {
  const waiting = canBeTakenBack(session);
  const both = h("input", { type: "checkbox", id: "terminate-rollback" });
  return command({
    title: "Terminate this session?",
    text: "It ends here: no more of it runs, and open approvals are withdrawn. This cannot be taken back; the session can still be forked.",
    more:
      waiting.length > 0
        ? h("label", { class: "row", for: "terminate-rollback" }, both, `Also roll back what it has done (${plural(waiting.length, "action")})`)
        : null,
    extra: () => (both.checked ? { rollback: true } : {}),
    label: "Terminate",
    kind: "solid-danger",
    call: (body) => post(`${path(session)}/terminate`, body),
    told: "The session is terminated.",
    done,
  });
}

function rollBack(session, app, done) {
  const steps = [...canBeTakenBack(session)].reverse();
  const irreversible = session.compensations.filter((entry) => entry.status === "Irreversible");
  return command({
    title: "Roll this session back?",
    text: "These compensations run now, the last action first. Where others have changed the same thing since, you are asked about it.",
    more: h(
      "div",
      { class: "stack-tight" },
      h(
        "ol",
        { class: "undo-list" },
        steps.map((entry) =>
          h(
            "li",
            null,
            h("code", { class: "strong" }, entry.tool),
            h("span", { class: "muted small" }, `turn ${entry.turn}, step ${entry.stepId}`),
            tierTag(entry.tier),
          ),
        ),
      ),
      irreversible.length > 0
        ? h(
            "p",
            { class: "small" },
            `${plural(irreversible.length, "action")} cannot be taken back: ${irreversible.map((entry) => entry.tool).join(", ")}.`,
          )
        : null,
    ),
    label: `Roll back ${plural(steps.length, "action")}`,
    kind: "solid-danger",
    call: (body) => post(`${path(session)}/rollback`, body),
    told: "The rollback has started.",
    done,
  });
}

/** Says what a person thinks of a finished session; a later rating replaces it. */
export async function rate(session, rating, done) {
  const comment = h("textarea", { class: "input", rows: 2, maxlength: 2000, value: session.feedback?.comment ?? "" });
  const answered = await ask({
    title: rating === "good" ? "This session did well" : "This session did not do well",
    content: field("Comment", comment, { hint: "Optional." }),
    actions: [
      {
        label: "Keep",
        run: async () => {
          await post(`${path(session)}/feedback`, { rating, ...(comment.value.trim() ? { comment: comment.value.trim() } : {}) });
          return true;
        },
      },
    ],
  });
  if (answered) {
    toast("good", "Kept with the session.");
    done();
  }
}

/** A new session that takes over the recorded turns up to one and plans on from there. */
export async function fork(session, app, turn) {
  const last = Math.max(0, session.turn);
  const input = h("input", { class: "input", type: "number", min: 0, max: last, value: Math.min(turn, last), required: true });
  const id = h("input", { class: "input mono", maxlength: 100, placeholder: "a new id", autocomplete: "off", spellcheck: "false" });
  const started = await ask({
    title: "Fork this session?",
    content: h(
      "div",
      { class: "stack" },
      h(
        "p",
        null,
        "A new session takes over the recorded plans and results up to a turn, without running them again, and goes on from there by itself. This session is left as it is.",
      ),
      field("After turn", input, { hint: `0 takes over the goal only; this session has come to turn ${session.turn}.` }),
      field("Id of the new session", id, { hint: "Optional." }),
    ),
    actions: [
      {
        label: "Fork",
        run: () => post(`${path(session)}/fork`, { turn: Number(input.value), ...(id.value.trim() ? { sessionId: id.value.trim() } : {}) }),
      },
    ],
  });
  if (started) {
    toast("good", `Session ${started.id} goes on from turn ${input.value}.`);
    app.go(`#/sessions/${encodeURIComponent(started.id)}`);
  }
}
