// What the session cost, call by call, and how far that is from what it may cost.
import { chartWidth } from "../ui/chart.js";
import { s, h } from "../ui/dom.js";
import { count, plural, time, usd, words } from "../ui/format.js";
import { empty } from "../ui/parts.js";

const height = 240;
const pad = { left: 62, right: 16, top: 16, bottom: 26 };

export function ledgerView(ledger, cap) {
  if (ledger.entries.length === 0) {
    return empty("money", "Nothing spent yet", "Every model call and every priced tool call is reserved here before it is made.");
  }
  return h(
    "div",
    { class: "stack" },
    h(
      "div",
      { class: "ledger-sum" },
      sum("Settled", ledger.totalUsd),
      sum("Reserved", ledger.reservedUsd, "Held for calls that are under way."),
      sum("Models", total(ledger, "Model")),
      sum("Tools", total(ledger, "Tool")),
      cap ? sum("Cap", cap) : null,
    ),
    savings(ledger.savings),
    chart(ledger, cap),
    table(ledger),
  );
}

/** In the words of the command line. Nothing where routing and the cache made no difference. */
function savings(saved) {
  if (!saved || (saved.savedUsd === 0 && saved.cacheHits === 0)) {
    return null;
  }
  const cached = saved.cacheHits > 0 ? `, ${plural(saved.cacheHits, "answer")} from the cache` : "";
  const text =
    saved.savedUsd >= 0
      ? `Saved ${usd(saved.savedUsd)} of ${usd(saved.baselineUsd)} against everything on ${saved.dearestModel}${cached}`
      : `${usd(-saved.savedUsd)} more than everything on ${saved.dearestModel}${cached}`;
  return h("p", { class: "savings", title: "What the same tokens would have cost on the dearest model the agent's purposes are routed to." }, text);
}

const total = (ledger, kind) =>
  ledger.entries.filter((entry) => entry.kind === kind && entry.status === "Settled").reduce((all, entry) => all + entry.costUsd, 0);

function sum(label, amount, title) {
  return h(
    "div",
    { class: "sum", title },
    h("span", { class: "muted small" }, label),
    h("span", { class: "sum-value", title: `${amount} USD` }, usd(amount)),
  );
}

/** Cumulated cost after each call, models and tools stacked. */
function chart(ledger, cap) {
  const points = [];
  let models = 0;
  let tools = 0;
  for (const entry of ledger.entries.filter((each) => each.status !== "Released")) {
    const amount = entry.status === "Settled" ? entry.costUsd : entry.reservedUsd;
    if (entry.kind === "Model") {
      models += amount;
    } else {
      tools += amount;
    }
    points.push({ entry, models, tools, all: models + tools });
  }
  if (points.length === 0) {
    return null;
  }
  const spent = points[points.length - 1].all;
  const showsCap = cap && cap <= Math.max(spent * 4, 1e-9);
  const top = nice(Math.max(spent * 1.15, showsCap ? cap * 1.05 : 0, 0.000001));
  const width = chartWidth();
  const x = (index) => pad.left + (index / points.length) * (width - pad.left - pad.right);
  const y = (amount) => height - pad.bottom - (amount / top) * (height - pad.top - pad.bottom);
  const area = (upper, lower) => {
    const forth = points.map((point, index) => `H${x(index + 1).toFixed(1)}V${y(upper(point)).toFixed(1)}`);
    const steps = [`M${x(0)} ${y(0)}`];
    points.forEach((point, index) => steps.push(`V${y(upper(point)).toFixed(1)}`, `H${x(index + 1).toFixed(1)}`));
    for (let index = points.length - 1; index >= 0; index--) {
      steps.push(`V${y(lower(points[index])).toFixed(1)}`, `H${x(index).toFixed(1)}`);
    }
    return forth.length > 0 ? `${steps.join("")}Z` : "";
  };
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * top);
  const text = `Cost after each of ${plural(points.length, "call")}: ${usd(spent)} in all, ${usd(models)} models and ${usd(tools)} tools${cap ? `, of a cap of ${usd(cap)}` : ""}.`;
  return h(
    "figure",
    { class: "chart" },
    h(
      "figcaption",
      { class: "row-wrap" },
      h("h3", { class: "grow" }, "Cost against the cap"),
      h("span", { class: "key key-model" }, "Models"),
      h("span", { class: "key key-tool" }, "Tools"),
      cap && !showsCap ? h("span", { class: "muted small" }, `The cap of ${usd(cap)} is ${Math.round(cap / spent)} times as high`) : null,
    ),
    s(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": text },
      ticks.map((tick) => [
        s("line", { class: "grid", x1: pad.left, x2: width - pad.right, y1: y(tick), y2: y(tick) }),
        s("text", { class: "axis", x: pad.left - 8, y: y(tick) + 4, "text-anchor": "end" }, usd(tick)),
      ]),
      s("path", {
        class: "area-model",
        d: area(
          (point) => point.models,
          () => 0,
        ),
      }),
      s("path", {
        class: "area-tool",
        d: area(
          (point) => point.all,
          (point) => point.models,
        ),
      }),
      showsCap
        ? [
            s("line", { class: "cap", x1: pad.left, x2: width - pad.right, y1: y(cap), y2: y(cap) }),
            s("text", { class: "axis cap-text", x: width - pad.right, y: y(cap) - 5, "text-anchor": "end" }, `cap ${usd(cap)}`),
          ]
        : null,
      turnsOf(points, width / 110).map(([turn, index]) => s("text", { class: "axis", x: x(index) + 3, y: height - 8 }, `turn ${turn}`)),
    ),
  );
}

function turnsOf(points, most) {
  const firsts = [];
  points.forEach((point, index) => {
    if (!firsts.some(([turn]) => turn === point.entry.turn)) {
      firsts.push([point.entry.turn, index]);
    }
  });
  const every = Math.ceil(firsts.length / most);
  return firsts.filter((_, index) => index % every === 0);
}

function nice(value) {
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * size).find((step) => step >= value);
}

function table(ledger) {
  return h(
    "div",
    { class: "card scroll-x", tabindex: 0, role: "region", "aria-label": "Ledger entries" },
    h(
      "table",
      { class: "grid-table" },
      h("caption", { class: "visually-hidden" }, "Ledger entries in the order in which they were reserved"),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          ["Turn", "For", "Model or tool", "In", "Cached", "Out", "Reserved", "Cost", "Status", "At"].map((name, index) =>
            h("th", { scope: "col", class: [0, 3, 4, 5, 6, 7].includes(index) ? "num" : undefined }, name),
          ),
        ),
      ),
      h(
        "tbody",
        null,
        ledger.entries.map((entry) =>
          h(
            "tr",
            { title: entry.id },
            h("td", { class: "num" }, String(entry.turn)),
            h("td", null, entry.purpose),
            h("td", { class: "mono" }, entry.subject),
            h("td", { class: "num" }, entry.inputTokens ? count(entry.inputTokens) : "–"),
            h("td", { class: "num" }, entry.cachedInputTokens ? count(entry.cachedInputTokens) : "–"),
            h("td", { class: "num" }, entry.outputTokens ? count(entry.outputTokens) : "–"),
            h("td", { class: "num", title: `${entry.reservedUsd} USD` }, usd(entry.reservedUsd)),
            h("td", { class: "num strong", title: `${entry.costUsd} USD` }, entry.status === "Settled" ? usd(entry.costUsd) : "–"),
            h(
              "td",
              null,
              h(
                "span",
                { class: `badge tone-${{ Settled: "good", Reserved: "wait" }[entry.status] ?? "quiet"}` },
                entry.inDoubt ? "In doubt" : words(entry.status),
              ),
            ),
            h("td", null, time(entry.reservedAt, "clock")),
          ),
        ),
      ),
    ),
  );
}
