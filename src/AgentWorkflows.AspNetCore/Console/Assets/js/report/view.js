// One day's report: what was done, what it cost, what that would have cost by hand.
import { chartWidth } from "../ui/chart.js";
import { h, s } from "../ui/dom.js";
import { count, plural, usd, words } from "../ui/format.js";
import { empty, statusBadge } from "../ui/parts.js";

const groups = [
  ["byTaskType", "Task type"],
  ["byAgent", "Agent"],
  ["byUser", "User"],
  ["byModel", "Model or tool"],
  ["byPurpose", "Purpose"],
];
const percent = (share) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/** top: sessions of the day, the most expensive first. */
export function reportView(report, top) {
  if (report.sessions.started === 0 && report.spend.calls === 0) {
    return empty("report", "Nothing happened on this day", "No session was started and no call was made. Choose another day.");
  }
  return h(
    "div",
    { class: "stack" },
    report.complete ? null : h("p", { class: "muted small" }, "The day is not over: these are its figures so far."),
    tiles(report),
    hours(report),
    outcomes(report),
    groups.filter(([name]) => (report[name] ?? []).length > 0).map(([name, label]) => groupTable(label, report[name], name)),
    top.length > 0 ? topTable(top) : null,
  );
}

function tile(label, value, note, tone) {
  return h(
    "div",
    { class: "tile" },
    h("span", { class: "muted small" }, label),
    h("span", { class: `report-value ${tone ? `text-${tone}` : ""}` }, value),
    note ? h("span", { class: "muted small" }, note) : null,
  );
}

function tiles({ spend, sessions, roi }) {
  const perSuccess = sessions.succeeded > 0 ? spend.costUsd / sessions.succeeded : null;
  return h(
    "div",
    { class: "tiles" },
    tile(
      "Spent",
      usd(spend.costUsd),
      `${plural(spend.calls, "call")}${spend.inDoubtUsd > 0 ? `, ${usd(spend.inDoubtUsd)} in doubt` : ""}${spend.heldUsd > 0 ? `, ${usd(spend.heldUsd)} held` : ""}`,
    ),
    tile("Sessions", count(sessions.started), `${count(sessions.succeeded)} succeeded`),
    tile("Success rate", sessions.started > 0 ? percent(sessions.succeeded / sessions.started) : "–", "of those started"),
    tile("Cost per success", perSuccess === null ? "–" : usd(perSuccess), `by hand ${usd(roi.humanCostPerTaskUsd)}`),
    tile(
      "Saved",
      usd(roi.savedUsd),
      roi.percent === null || roi.percent === undefined
        ? `by hand ${usd(roi.humanCostUsd)}`
        : `return ${count(Math.round(roi.percent))} %; by hand ${usd(roi.humanCostUsd)}`,
      roi.savedUsd >= 0 ? "good" : "bad",
    ),
    tile("Tokens", count(spend.inputTokens + spend.outputTokens), `${count(spend.cachedInputTokens)} of the input from a cache`),
  );
}

const height = 190;
const pad = { left: 62, right: 8, top: 12, bottom: 26 };

function hours(report) {
  const values = report.spendByHourUsd ?? [];
  const most = Math.max(...values, 0);
  if (most === 0) {
    return null;
  }
  const width = chartWidth();
  const step = (width - pad.left - pad.right) / 24;
  const y = (amount) => height - pad.bottom - (amount / (most * 1.1)) * (height - pad.top - pad.bottom);
  const peak = values.indexOf(most);
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", null, h("h3", null, "Spent in each hour, UTC")),
    s(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Spent in each hour: most at ${peak}:00 UTC with ${usd(most)}.` },
      [0, 0.5, 1].map((share) => [
        s("line", { class: "grid", x1: pad.left, x2: width - pad.right, y1: y(most * share), y2: y(most * share) }),
        s("text", { class: "axis", x: pad.left - 8, y: y(most * share) + 4, "text-anchor": "end" }, usd(Math.round(most * share * 1e4) / 1e4)),
      ]),
      values.map((value, hour) =>
        value > 0
          ? s(
              "rect",
              { class: "hour", x: pad.left + hour * step + step * 0.08, width: step * 0.84, y: y(value), height: Math.max(1.5, y(0) - y(value)), rx: 2 },
              s("title", null, `${hour}:00 to ${hour + 1}:00 UTC: ${usd(value)}`),
            )
          : null,
      ),
      values.map((_, hour) =>
        hour % (width < 600 ? 6 : 3) === 0
          ? s(
              "text",
              { class: "axis", x: pad.left + (hour + 0.5) * step, y: height - 8, "text-anchor": "middle" },
              `${String(hour).padStart(2, "0")}:00`,
            )
          : null,
      ),
    ),
  );
}

function outcomes({ sessions }) {
  const all = Object.entries(sessions.byStatus).sort((a, b) => b[1] - a[1]);
  const failures = Object.entries(sessions.failuresByCategory ?? {});
  return h(
    "div",
    { class: "card card-body outcome-row" },
    h("h2", null, "How they ended"),
    h(
      "ul",
      { class: "row-wrap" },
      all.map(([status, number]) => h("li", { class: "row" }, statusBadge(status), h("span", { class: "strong" }, count(number)))),
    ),
    failures.length > 0
      ? h("p", { class: "muted" }, "Failures: ", failures.map(([category, number]) => `${words(category)} ${count(number)}`).join(", "))
      : null,
  );
}

function groupTable(label, rows, name) {
  // Models and purposes are parts of sessions: how many of them succeeded says nothing.
  const hasSessions = rows.some((row) => row.sessions > 0);
  const heads = [
    label,
    ...(hasSessions ? ["Sessions", "Succeeded", "Success rate"] : []),
    "Calls",
    "Tokens in",
    "Tokens out",
    "Cost",
    ...(hasSessions ? ["Cost per success"] : []),
  ];
  return h(
    "section",
    null,
    h("h2", { class: "report-head" }, `By ${label.toLowerCase()}`),
    h(
      "div",
      { class: "card scroll-x", tabindex: 0, role: "region", "aria-label": `By ${label.toLowerCase()}` },
      h(
        "table",
        { class: "grid-table" },
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            heads.map((head, index) => h("th", { scope: "col", class: index > 0 ? "num" : undefined }, head)),
          ),
        ),
        h(
          "tbody",
          null,
          rows.map((row) =>
            h(
              "tr",
              null,
              h("th", { scope: "row", class: "row-head" }, linkOf(name, row.key)),
              hasSessions
                ? [
                    h("td", { class: "num" }, count(row.sessions)),
                    h("td", { class: "num" }, count(row.succeeded)),
                    h("td", { class: "num" }, row.sessions > 0 ? percent(row.succeeded / row.sessions) : "–"),
                  ]
                : null,
              h("td", { class: "num" }, count(row.calls)),
              h("td", { class: "num" }, count(row.inputTokens)),
              h("td", { class: "num" }, count(row.outputTokens)),
              h("td", { class: "num strong", title: `${row.costUsd} USD` }, usd(row.costUsd)),
              hasSessions
                ? h("td", { class: "num" }, row.costPerSuccessUsd === null || row.costPerSuccessUsd === undefined ? "–" : usd(row.costPerSuccessUsd))
                : null,
            ),
          ),
        ),
      ),
    ),
  );
}

function linkOf(name, key) {
  const filter = { byTaskType: "taskType", byAgent: "agent", byUser: "user" }[name];
  return filter ? h("a", { href: `#/sessions?${filter}=${encodeURIComponent(key)}` }, key) : h("span", { class: "mono" }, key);
}

function topTable(top) {
  return h(
    "section",
    null,
    h("h2", { class: "report-head" }, "Most expensive sessions"),
    h(
      "div",
      { class: "card scroll-x", tabindex: 0, role: "region", "aria-label": "Most expensive sessions" },
      h(
        "table",
        { class: "grid-table" },
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            ["Goal", "Status", "User", "Turns", "Tokens", "Cost"].map((head, index) =>
              h("th", { scope: "col", class: index > 2 ? "num" : undefined }, head),
            ),
          ),
        ),
        h(
          "tbody",
          null,
          top.map((session) =>
            h(
              "tr",
              null,
              h("td", { class: "wrap" }, h("a", { href: `#/sessions/${encodeURIComponent(session.id)}` }, session.goal)),
              h("td", null, statusBadge(session.status)),
              h("td", null, session.userId),
              h("td", { class: "num" }, String(session.turn)),
              h("td", { class: "num" }, count(session.tokens)),
              h("td", { class: "num strong" }, usd(session.costUsd)),
            ),
          ),
        ),
      ),
    ),
  );
}
