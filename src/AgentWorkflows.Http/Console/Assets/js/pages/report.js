import { find } from "../api.js";
import { h, put } from "../ui/dom.js";
import { empty, problem, skeletonRows } from "../ui/parts.js";
import { reportView } from "../report/view.js";

export const title = "Report";

export function open(root, route, app) {
  let query = route.query;
  let closed = false;
  const head = h("div", { class: "page-head" });
  const body = h("div", { class: "stack" });
  root.append(head, body);
  load();

  async function load() {
    const day = query.get("day") ?? "";
    drawHead(day);
    put(body, h("div", { class: "card" }, skeletonRows(6, [20, 40, 20])));
    try {
      const report = await find(`api/reports/daily${day ? `?date=${day}` : ""}`);
      if (!closed) {
        put(body, report ? reportView(report) : empty("report", "This host keeps no report", "The daily report is not part of this host yet. What each session cost is on its Cost tab."));
      }
    } catch (error) {
      if (!closed) {
        put(body, problem(error, load));
      }
    }
  }

  function drawHead(day) {
    const input = h("input", { class: "input", type: "date", value: day || today(), max: today(), "aria-label": "Day, in UTC", onchange: () => { if (input.value) { app.go(`#/report?day=${input.value}`); } } });
    put(head, h("div", { class: "grow" }, h("h1", null, "Report"), h("p", null, "One day, in UTC: what was done, what it cost, and what that would have cost by hand.")), h("div", { class: "page-actions" }, input));
  }

  return { update: (next) => { query = next.query; load(); }, close: () => { closed = true; } };
}

const today = () => new Date().toISOString().slice(0, 10);
