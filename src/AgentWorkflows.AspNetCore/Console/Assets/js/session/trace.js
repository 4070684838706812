// The trace: every step as a bar on a time axis. Only the rows in view are on the page, so thousands of steps scroll.
import { h, patch } from "../ui/dom.js";
import { count, duration, usd } from "../ui/format.js";
import { icon } from "../ui/icons.js";
import { scaleOf } from "./scale.js";
import { rowsOf, toneOf } from "./rows.js";

const overscan = 8;
const maxHeight = 640;
const maxUnscrolled = 40;
const kinds = {
  Session: "flag",
  Guard: "gate",
  Plan: "plan",
  Gate: "gate",
  Approval: "approval",
  Act: "act",
  Observe: "observe",
  Compensation: "undo",
  Outcome: "flag",
};

/** choose(row): a row was chosen, null for none. */
export function trace({ choose, enter }) {
  let rows = [];
  let scale = scaleOf([], true);
  let chosen = null;
  let fold = true;
  let given = null;
  let frame = 0;

  const axis = h("div", { class: "trace-axis", "aria-hidden": "true" });
  const window = h("div", { class: "trace-rows" });
  const viewport = h(
    "div",
    {
      class: "trace-view",
      role: "listbox",
      tabindex: 0,
      "aria-label": "Steps, in the order in which they happened",
      onscroll: schedule,
      onkeydown: key,
      onclick: (event) => {
        const row = event.target.closest("[data-index]");
        if (row) {
          select(Number(row.dataset.index));
          enter();
        }
      },
    },
    window,
  );
  const legend = h("div", { class: "trace-legend" });
  const element = h("div", { class: "trace", "data-island": "" }, legend, axis, viewport);
  addEventListener("resize", schedule);

  const rowHeight = () => (matchMedia("(max-width: 760px)").matches ? 50 : 34);

  function update(entries, isOver) {
    given = { entries, isOver };
    rows = rowsOf(entries, Date.now(), isOver);
    scale = scaleOf(
      rows.filter((row) => row.type === "step"),
      fold,
    );
    draw();
  }

  function schedule() {
    if (!frame) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        draw();
      });
    }
  }

  function draw() {
    const height = rowHeight();
    const visible = rows.length <= maxUnscrolled ? rows.length * height : Math.min(maxHeight, rows.length * height);
    viewport.style.height = `${visible + 1}px`;
    window.style.height = `${rows.length * height}px`;
    const first = Math.max(0, Math.floor(viewport.scrollTop / height) - overscan);
    const last = Math.min(rows.length, Math.ceil((viewport.scrollTop + visible) / height) + overscan);
    const shown = [];
    for (let index = first; index < last; index++) {
      shown.push(drawRow(rows[index], index, height));
    }
    patch(window, shown);
    const at = rows.findIndex((row) => row.key === chosen);
    if (at >= first && at < last) {
      viewport.setAttribute("aria-activedescendant", `row-${at}`);
    } else {
      viewport.removeAttribute("aria-activedescendant");
    }
    drawAxis();
  }

  function drawRow(row, index, height) {
    const isChosen = row.key === chosen;
    const common = {
      "data-key": row.key,
      "data-index": index,
      id: `row-${index}`,
      role: "option",
      "aria-selected": String(isChosen),
      "aria-posinset": index + 1,
      "aria-setsize": rows.length,
      style: { top: `${index * height}px`, height: `${height}px` },
    };
    const from = scale.x(row.start);
    const width = Math.max(0, scale.x(row.end) - from);
    const took = row.end - row.start;
    if (row.type === "turn") {
      return h(
        "div",
        { ...common, class: "trace-row trace-turn" },
        h(
          "div",
          { class: "trace-label" },
          h("span", { class: "strong" }, row.title),
          h("span", { class: "muted" }, row.costUsd > 0 ? usd(row.costUsd) : "", row.tokens > 0 ? ` · ${count(row.tokens)} tokens` : ""),
        ),
        h("div", { class: "trace-lane" }, h("span", { class: "span-line", style: { left: `${from * 100}%`, width: `${width * 100}%` } })),
      );
    }
    const shown = row.decided ?? row.entry;
    const tone = toneOf(row);
    const kind = row.entry.kind;
    const label = row.open ? "waiting" : took > 0 || row.entry.durationMs !== null ? duration(took) : "";
    return h(
      "div",
      { ...common, class: `trace-row kind-${kind.toLowerCase()} is-${tone}`, title: shown.title },
      h(
        "div",
        { class: "trace-label" },
        h("span", { class: "kind" }, icon(kinds[kind] ?? "ring"), h("span", { class: "kind-name" }, kind === "Compensation" ? "Undo" : kind)),
        h("span", { class: "trace-title" }, shown.title),
        tone === "bad" ? icon("alert", "mark-bad") : tone === "wait" ? icon("clock", "mark-wait") : null,
      ),
      h(
        "div",
        { class: "trace-lane" },
        scale.folds.map((each) => h("span", { class: "fold", style: { left: `${each.x * 100}%`, width: `${each.width * 100}%` } })),
        h("span", {
          class: `bar ${took === 0 ? "is-point" : ""} ${kind === "Approval" ? "is-wait" : ""} ${row.open ? "is-open" : ""}`,
          style: { left: `${from * 100}%`, width: `${width * 100}%` },
        }),
        label
          ? h(
              "span",
              { class: "bar-label", style: from + width > 0.82 ? { right: `${(1 - from) * 100}%` } : { left: `${(from + width) * 100}%` } },
              label,
            )
          : null,
      ),
    );
  }

  function drawAxis() {
    const ticks = [0, 0.25, 0.5, 0.75, 1]
      .map((x) => [x, duration(scale.time(x) - scale.from)])
      .filter(([, text], index, all) => index === 0 || text !== all[index - 1][1]);
    patch(
      axis,
      h("div", { class: "trace-label" }, "Step"),
      h(
        "div",
        { class: "trace-lane" },
        ticks.map(([x, text]) => h("span", { class: "tick", style: x === 1 ? { right: "0" } : { left: `${x * 100}%` } }, text)),
      ),
    );
    const waited = scale.folds.reduce((sum, each) => sum + each.ms, 0);
    patch(
      legend,
      h(
        "label",
        { class: "row small" },
        h("input", {
          type: "checkbox",
          checked: fold,
          onchange: (event) => {
            fold = event.target.checked;
            update(given.entries, given.isOver);
          },
        }),
        "Fold waits",
      ),
      waited > 0 ? h("span", { class: "muted small" }, `${duration(waited)} of waiting folded`) : null,
      h("span", { class: "muted small trace-count" }, `${count(rows.filter((row) => row.type === "step").length)} steps`),
    );
  }

  function key(event) {
    const at = rows.findIndex((row) => row.key === chosen);
    const page = Math.max(1, Math.floor(viewport.clientHeight / rowHeight()) - 1);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? rows.length - 1 : at - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: at + page,
      PageUp: at - page,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      select(Math.min(rows.length - 1, Math.max(0, to)));
    } else if ((event.key === "Enter" || event.key === " ") && at >= 0) {
      event.preventDefault();
      enter();
    } else if (event.key === "Escape") {
      select(-1);
    }
  }

  function select(index) {
    const row = rows[index] ?? null;
    chosen = row?.key ?? null;
    if (row) {
      const height = rowHeight();
      const top = index * height;
      if (top < viewport.scrollTop) {
        viewport.scrollTop = top;
      } else if (top + height > viewport.scrollTop + viewport.clientHeight) {
        viewport.scrollTop = top + height - viewport.clientHeight;
      }
    }
    draw();
    choose(row);
  }

  return {
    element,
    update,
    find: (key) => rows.find((row) => row.key === key) ?? null,
    selectKey: (key) => select(rows.findIndex((row) => row.key === key)),
    clear: () => {
      chosen = null;
      draw();
    },
    focus: () => viewport.focus(),
    close: () => removeEventListener("resize", schedule),
  };
}
