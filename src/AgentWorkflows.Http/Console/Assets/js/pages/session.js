import { find, get } from "../api.js";
import { follow, paced } from "../live.js";
import { h, patch, put } from "../ui/dom.js";
import { ago, count, duration, usd, words } from "../ui/format.js";
import { icon } from "../ui/icons.js";
import { iconButton, meter, notice, problem, skeletonRows, statusBadge, tabs, terminal } from "../ui/parts.js";
import { actionButtons } from "../session/actions.js";
import { ledgerView } from "../session/ledger.js";
import { sagaView } from "../session/saga.js";
import { stepDetail } from "../session/step.js";
import { trace } from "../session/trace.js";
import { transcriptView } from "../session/transcript.js";
import { travel } from "../session/travel.js";
import { approvalCard } from "../approvals/card.js";
import { phases, stuckFor } from "./sessions.js";

export const title = "Session";

const pageSize = 1000;
const limitNames = { cost: "Cost", turns: "Turns", tool_calls: "Tool calls", tokens: "Tokens", age: "Age" };

export function open(root, route, app) {
  const id = route.id;
  const path = `api/sessions/${encodeURIComponent(id)}`;
  let query = route.query;
  let session = null;
  let entries = [];
  let limits = null;
  let transcript = null;
  let ledger = null;
  let approvals = [];
  let failed = null;
  let chosen = null;
  let traveller = null;
  let closed = false;
  let stream = null;

  const head = h("div", { class: "session-head" });
  const banners = h("div", { class: "stack banners" });
  const stats = h("div", { class: "stats" });
  const tabBar = h("div");
  const panel = h("div", { id: "tab-panel", role: "tabpanel", tabindex: -1 });
  root.append(head, banners, stats, tabBar, panel);
  put(panel, h("div", { class: "card" }, skeletonRows(6, [20, 40, 30])));

  const steps = trace({ choose: (row) => { chosen = row; drawStep(); }, enter: focusStep });
  const step = h("aside", { class: "card step-panel", "aria-label": "The chosen step", onkeydown: (event) => { if (event.key === "Escape") { closeStep(); } } });
  const traceView = h("div", { class: "trace-split" }, h("div", { class: "card trace-card" }, steps.element), step);

  const refreshMore = paced(loadMore, 700);
  const ticker = setInterval(() => { if (session && !terminal.has(session.status) && document.visibilityState === "visible") { drawTrace(); drawStats(); } }, 1000);
  start();

  async function start() {
    try {
      session = await get(path);
      await loadTimeline();
      if (closed) { return; }
      draw();
      loadMore();
      stream = follow({
        path: () => `${path}/events?after=${entries.length > 0 ? entries[entries.length - 1].sequence : 0}`, hasStream: app.me.live,
        on: { session: (next) => { session = next; draw(); refreshMore(); }, timeline: (page) => { append(page.entries); drawTrace(); refreshMore(); } },
        refresh: async () => { session = await get(path); await loadTimeline(); draw(); refreshMore(); },
      });
    } catch (error) {
      if (!closed) {
        put(root, h("a", { class: "crumb", href: "#/sessions" }, icon("left"), "Sessions"), problem(error, () => { root.replaceChildren(head, banners, stats, tabBar, panel); start(); }));
      }
    }
  }

  function append(more) {
    const last = entries.length > 0 ? entries[entries.length - 1].sequence : 0;
    entries = [...entries, ...more.filter((entry) => entry.sequence > last)];
  }

  async function loadTimeline() {
    let page;
    do {
      page = await get(`${path}/timeline?after=${entries.length > 0 ? entries[entries.length - 1].sequence : 0}&limit=${pageSize}`);
      append(page.entries);
    } while (page.entries.length === pageSize && !closed);
  }

  /** What is behind the tabs; a part that cannot be read does not take the others with it. */
  async function loadMore() {
    const read = (name, keep) => find(`${path}/${name}`).then(keep, (error) => { failed = error; });
    const asked = [read("limits", (found) => { limits = found; })];
    if (session.pendingApprovals.length > 0 || approvals.length > 0) {
      asked.push(find(`api/approvals?session=${encodeURIComponent(id)}&status=Pending`).then((found) => { approvals = found?.approvals ?? []; }, () => { approvals = []; }));
    }
    if (["trace", "transcript"].includes(tab())) {
      asked.push(read("transcript", (found) => { transcript = found; }));
    }
    if (tab() === "cost") {
      asked.push(read("ledger", (found) => { ledger = found; }));
    }
    await Promise.all(asked);
    if (!closed) {
      drawStats();
      drawBanners();
      drawPanel();
    }
  }

  const tab = () => query.get("tab") ?? "trace";

  function choose(changes, replace) {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) { next.delete(name); } else { next.set(name, value); }
    }
    const hash = `#/sessions/${encodeURIComponent(id)}${next.size > 0 ? `?${next}` : ""}`;
    if (replace) {
      query = next;
      app.replace(hash);
    } else {
      app.go(hash);
    }
  }

  function draw() {
    drawHead();
    drawBanners();
    drawStats();
    drawTabs();
    drawPanel();
  }

  function drawHead() {
    const stuck = stuckFor(session);
    patch(head,
      h("a", { class: "crumb", href: "#/sessions" }, icon("left"), "Sessions"),
      h("div", { class: "page-head" },
        h("div", { class: "grow" },
          h("h1", { class: "break session-goal" }, session.goal),
          h("div", { class: "session-meta" },
            statusBadge(session.status),
            session.status === "Running" && session.phase ? h("span", null, phases[session.phase] ?? words(session.phase)) : null,
            stuck ? h("span", { class: "stuck-note" }, icon("alert"), `${session.status === "AwaitingApproval" ? "Waits" : "No step"} for ${duration(stuck)}`) : null,
            h("span", null, `${session.agent} ${session.agentVersion}`), h("span", null, session.taskType), h("span", null, session.userId),
            h("span", null, "started ", ago(session.createdAt)),
            terminal.has(session.status) ? h("span", null, `took ${duration(new Date(session.updatedAt) - new Date(session.createdAt))}`) : null,
            h("code", { class: "session-id" }, session.id),
            session.forkedFrom ? h("a", { href: `#/sessions/${encodeURIComponent(session.forkedFrom.sessionId)}` }, icon("fork"), `forked after turn ${session.forkedFrom.turn}`) : null)),
        h("div", { class: "page-actions" }, actionButtons(session, app, () => refreshAll()))));
  }

  async function refreshAll() {
    try {
      session = await get(path);
      await loadTimeline();
      draw();
      refreshMore();
    } catch {
      // The stream or the next poll brings it.
    }
  }

  function drawBanners() {
    const pending = approvals.filter((each) => each.status === "Pending" && session.pendingApprovals.some((other) => other.id === each.id));
    // What a person did on purpose is no failure.
    const isByPerson = session.status === "Terminated" || session.failure?.type === "rolled_back_on_demand";
    patch(banners,
      pending.map((each) => h("div", { "data-key": each.id }, approvalCard(each, app, { inSession: true, done: refreshAll }))),
      session.failure && !isByPerson ? h("div", { "data-key": "failure" }, notice(session.status === "CompletedPartially" ? "wait" : "bad",
        h("p", { class: "strong" }, `${words(session.failure.type)} · ${session.failure.category}`), h("p", null, session.failure.message))) : null,
      session.failure && isByPerson ? h("div", { "data-key": "ended" }, notice("quiet", h("p", null, session.failure.message))) : null,
      session.status === "RollbackIncomplete" ? h("div", { "data-key": "incomplete" }, notice("bad", h("p", { class: "strong" }, "Not everything was taken back"),
        session.compensations.filter((entry) => ["Failed", "Unknown", "Irreversible", "Declined"].includes(entry.status)).map((entry) => h("p", null, h("code", null, entry.tool), ` (${words(entry.status).toLowerCase()}) `, entry.message)))) : null,
      session.answer ? h("div", { "data-key": "answer" }, h("div", { class: "card answer" }, h("h2", null, session.status === "CompletedPartially" ? "Partial answer" : "Answer"), h("p", { class: "break pre-line" }, session.answer))) : null);
  }

  function drawStats() {
    const known = Object.fromEntries((limits?.limits ?? []).map((each) => [each.name, each]));
    const age = ((terminal.has(session.status) ? new Date(session.updatedAt) : new Date()) - new Date(session.createdAt)) / 1000;
    const all = [["cost", session.costUsd, usd], ["turns", session.turn, count], ["tool_calls", session.toolCalls, count], ["tokens", session.tokens, count], ["age", age, (seconds) => duration(seconds * 1000)]];
    patch(stats, all.map(([name, used, format]) => {
      const limit = known[name]?.limit;
      return h("div", { class: "stat" },
        h("span", { class: "muted small" }, limitNames[name]),
        h("span", { class: "stat-value", title: name === "cost" ? `${used} USD` : undefined }, format(used), limit ? h("span", { class: "muted stat-limit" }, ` of ${format(limit)}`) : null),
        limit ? meter(used / limit, `${limitNames[name]}: ${Math.round((used / limit) * 100)} % of its limit`) : h("div", { class: "meter" }));
    }));
  }

  function drawTabs() {
    const number = (value) => (value > 0 ? h("span", { class: "tag" }, String(value)) : null);
    const items = [["trace", "Trace"], ["transcript", "Transcript"], ["cost", "Cost"], ["saga", "Saga stack", number(session.compensations.length)], ["travel", "Time travel"]];
    const focused = document.activeElement?.id;
    put(tabBar, tabs("Parts of the session", items, tab(), (name) => choose({ tab: name === "trace" ? null : name, turn: null }, false)));
    if (focused?.startsWith("tab-")) {
      document.getElementById(focused)?.focus();
    }
  }

  function drawPanel() {
    panel.setAttribute("aria-labelledby", `tab-${tab()}`);
    panel.dataset.tab = tab();
    if (tab() !== "travel") {
      traveller = null;
    }
    const draws = {
      trace: () => { if (traceView.parentNode !== panel) { put(panel, traceView); } drawTrace(); drawStep(); },
      transcript: () => patchPart("transcript", transcript, () => h("div", { class: "card card-body" }, transcriptView(transcript))),
      cost: () => patchPart("cost", ledger, () => ledgerView(ledger, limits?.limits.find((each) => each.name === "cost")?.limit)),
      saga: () => patchPart("saga", session, () => h("div", { class: "card card-body" }, sagaView(session.compensations))),
      travel: drawTravel,
    };
    (draws[tab()] ?? draws.trace)();
  }

  function patchPart(name, data, build) {
    if (data) {
      patch(panel, h("div", { "data-key": name }, build()));
    } else if (failed) {
      put(panel, problem(failed, () => { failed = null; loadMore(); }));
    } else {
      put(panel, h("div", { class: "card" }, skeletonRows(5, [30, 50])));
    }
  }

  function drawTravel() {
    const asked = query.has("turn") ? Math.min(session.turn, Math.max(0, Number(query.get("turn")) || 0)) : session.turn;
    if (!traveller || traveller.element.parentNode !== panel) {
      traveller = travel({ session, turn: asked, app, choose: (turn) => choose({ turn: String(turn) }, true) });
      put(panel, traveller.element);
    } else {
      traveller.update(session);
      if (query.has("turn")) {
        traveller.move(asked);
      }
    }
  }

  function drawTrace() {
    if (tab() === "trace") {
      steps.update(entries, terminal.has(session.status));
    }
  }

  function drawStep() {
    const row = chosen ? steps.find(chosen.key) : null;
    step.classList.toggle("is-open", Boolean(row));
    traceView.classList.toggle("has-step", Boolean(row));
    if (!row) {
      put(step, h("div", { class: "step-none muted" }, icon("observe"), h("p", null, "Choose a step to see its arguments, its result and how it was judged.")));
      return;
    }
    if (step.dataset.row !== row.key) {
      step.replaceChildren();
      step.dataset.row = row.key;
      step.scrollTop = 0;
    }
    patch(step, h("div", { class: "step-head" }, h("h2", { tabindex: -1, class: "grow" }, "Step"), iconButton("Close", "cross", closeStep)), stepDetail(row, transcript, session));
  }

  function focusStep() {
    if (chosen && matchMedia("(max-width: 1100px)").matches) {
      step.querySelector("h2")?.focus();
    }
  }

  function closeStep() {
    chosen = null;
    steps.clear();
    drawStep();
    steps.focus();
  }

  return {
    update: (next) => {
      query = next.query;
      if (session) {
        drawTabs();
        drawPanel();
        loadMore();
      }
    },
    close: () => { closed = true; stream?.close(); steps.close(); clearInterval(ticker); },
  };
}

