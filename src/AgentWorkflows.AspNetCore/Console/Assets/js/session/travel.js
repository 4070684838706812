// Time travel: the session as it stood when any of its turns had ended.
import { get } from "../api.js";
import { h, put } from "../ui/dom.js";
import { count, duration, plural, time, usd } from "../ui/format.js";
import { button, iconButton, problem } from "../ui/parts.js";
import { fork } from "./actions.js";
import { sagaView } from "./saga.js";
import { transcriptView } from "./transcript.js";

/** choose(turn): the turn changed; the caller keeps it in the address. */
export function travel({ session, turn, app, choose }) {
  const body = h("div", { class: "stack", "aria-live": "polite" });
  const range = h("input", {
    type: "range",
    min: 0,
    max: session.turn,
    step: 1,
    value: turn,
    "aria-label": "Turn",
    "aria-valuetext": nameOf(turn),
    oninput: () => move(Number(range.value)),
  });
  const label = h("output", { class: "travel-label strong" }, nameOf(turn));
  const element = h(
    "div",
    { class: "stack travel", "data-island": "" },
    h(
      "div",
      { class: "travel-bar" },
      iconButton("One turn back", "left", () => move(turn - 1)),
      range,
      iconButton("One turn on", "right", () => move(turn + 1)),
      label,
      app.can("start") || app.can("operate")
        ? button("Fork from here", { picture: "fork", kind: "small", onclick: () => fork(session, app, turn) })
        : null,
    ),
    body,
  );
  let asked = 0;
  show();

  function move(to) {
    const next = Math.min(session.turn, Math.max(0, to));
    if (next === turn) {
      return;
    }
    turn = next;
    range.value = String(turn);
    range.setAttribute("aria-valuetext", nameOf(turn));
    label.textContent = nameOf(turn);
    choose(turn);
    show();
  }

  async function show() {
    const mine = ++asked;
    try {
      const state = await get(`api/sessions/${encodeURIComponent(session.id)}/state?turn=${turn}`);
      if (mine === asked) {
        draw(state);
      }
    } catch (error) {
      if (mine === asked && error.name !== "AbortError") {
        put(body, problem(error, show));
      }
    }
  }

  function draw(state) {
    const now = { costUsd: session.costUsd, tokens: session.tokens, toolCalls: session.toolCalls };
    put(
      body,
      h(
        "div",
        { class: "tiles" },
        tile("At", time(state.at), `${duration(new Date(state.at) - new Date(session.createdAt))} after the start`),
        tile("Cost", usd(state.costUsd), since(now.costUsd - state.costUsd, usd)),
        tile("Tokens", count(state.tokens), since(now.tokens - state.tokens, count)),
        tile("Tool calls", count(state.toolCalls), since(now.toolCalls - state.toolCalls, count)),
        tile(
          "Tools used",
          Object.keys(state.callsByTool).length === 0
            ? "none"
            : Object.entries(state.callsByTool)
                .map(([tool, number]) => `${tool} ×${number}`)
                .join(", "),
          state.retries > 0 ? plural(state.retries, "retry", "retries") : "",
        ),
      ),
      h(
        "div",
        { class: "travel-two" },
        h(
          "section",
          null,
          h("h2", null, "What the model had read"),
          transcriptView({ goal: session.goal, context: null, answer: null, turns: state.transcript }),
        ),
        h("section", null, h("h2", null, "Saga stack then"), sagaView(state.saga, "Until then nothing had been changed that has a compensation.")),
      ),
    );
  }

  return {
    element,
    update: (next) => {
      session = next;
      range.max = String(session.turn);
    },
    turn: () => turn,
    move,
  };
}

const nameOf = (turn) => (turn === 0 ? "At the start" : `After turn ${turn}`);

const since = (difference, format) => (difference > 0 ? `+${format(difference)} since` : "unchanged since");

function tile(label, value, note) {
  return h(
    "div",
    { class: "tile" },
    h("span", { class: "muted small" }, label),
    h("span", { class: "tile-value break" }, value),
    note ? h("span", { class: "muted small" }, note) : null,
  );
}
