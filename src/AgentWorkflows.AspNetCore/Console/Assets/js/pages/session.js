import { find, get } from "../api.js";
import { follow, paced } from "../live.js";
import { h, patch, put } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { problem, skeletonRows, tabs, terminal } from "../ui/parts.js";
import { bannersOf, headOf, statsOf } from "../session/head.js";
import { ledgerView } from "../session/ledger.js";
import { sagaView } from "../session/saga.js";
import { stepPanel } from "../session/panel.js";
import { trace } from "../session/trace.js";
import { transcriptView } from "../session/transcript.js";
import { travel } from "../session/travel.js";

export const title = "Session";

const pageSize = 1000;

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

  const steps = trace({
    choose: (row) => {
      chosen = row;
      drawStep();
    },
    enter: () => chosen && step.focus(),
  });
  const step = stepPanel(closeStep);
  const traceView = h("div", { class: "trace-split" }, h("div", { class: "card trace-card" }, steps.element), step.element);

  const refreshMore = paced(loadMore, 700);
  const ticker = setInterval(() => {
    if (session && !terminal.has(session.status) && document.visibilityState === "visible") {
      drawTrace();
      drawStats();
    }
  }, 1000);
  start();

  async function start() {
    try {
      session = await get(path);
      await loadTimeline();
      if (closed) {
        return;
      }
      draw();
      loadMore();
      stream = follow({
        path: () => `${path}/events?after=${entries.length > 0 ? entries[entries.length - 1].sequence : 0}`,
        hasStream: app.me.live,
        on: {
          session: (next) => {
            session = next;
            draw();
            refreshMore();
          },
          timeline: (page) => {
            append(page.entries);
            drawTrace();
            refreshMore();
          },
        },
        refresh: async () => {
          session = await get(path);
          await loadTimeline();
          draw();
          refreshMore();
        },
      });
    } catch (error) {
      if (!closed) {
        put(
          root,
          h("a", { class: "crumb", href: "#/sessions" }, icon("left"), "Sessions"),
          problem(error, () => {
            root.replaceChildren(head, banners, stats, tabBar, panel);
            start();
          }),
        );
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
    const read = (name, keep) =>
      find(`${path}/${name}`).then(keep, (error) => {
        failed = error;
      });
    const asked = [
      read("limits", (found) => {
        limits = found;
      }),
    ];
    if (session.pendingApprovals.length > 0 || approvals.length > 0) {
      asked.push(
        find(`api/approvals?session=${encodeURIComponent(id)}&status=Pending`).then(
          (found) => {
            approvals = found?.approvals ?? [];
          },
          () => {
            approvals = [];
          },
        ),
      );
    }
    if (["trace", "transcript"].includes(tab())) {
      asked.push(
        read("transcript", (found) => {
          transcript = found;
        }),
      );
    }
    if (tab() === "cost") {
      asked.push(
        read("ledger", (found) => {
          ledger = found;
        }),
      );
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
      if (value === null) {
        next.delete(name);
      } else {
        next.set(name, value);
      }
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

  const drawHead = () => patch(head, headOf(session, app, refreshAll));
  const drawBanners = () => patch(banners, bannersOf(session, approvals, app, refreshAll));
  const drawStats = () => patch(stats, statsOf(session, limits));

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

  function drawTabs() {
    const number = (value) => (value > 0 ? h("span", { class: "tag" }, String(value)) : null);
    const items = [
      ["trace", "Trace"],
      ["transcript", "Transcript"],
      ["cost", "Cost"],
      ["saga", "Saga stack", number(session.compensations.length)],
      ["travel", "Time travel"],
    ];
    const focused = document.activeElement?.id;
    put(
      tabBar,
      tabs("Parts of the session", items, tab(), (name) => choose({ tab: name === "trace" ? null : name, turn: null }, false)),
    );
    // Drawn anew, the bar stands at its start; on a narrow screen the chosen tab may be beyond its end.
    const chosenTab = document.getElementById(`tab-${tab()}`);
    tabBar.firstChild.scrollLeft = Math.max(0, (chosenTab?.offsetLeft ?? 0) - tabBar.firstChild.offsetLeft - 60);
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
      trace: () => {
        if (traceView.parentNode !== panel) {
          put(panel, traceView);
        }
        drawTrace();
        drawStep();
      },
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
      put(
        panel,
        problem(failed, () => {
          failed = null;
          loadMore();
        }),
      );
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
    traceView.classList.toggle("has-step", Boolean(row));
    step.show(row, transcript, session);
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
    close: () => {
      closed = true;
      stream?.close();
      steps.close();
      clearInterval(ticker);
    },
  };
}
