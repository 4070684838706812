import { address, find, get, headers } from "../api.js";
import { h, put } from "../ui/dom.js";
import { button, empty, problem, skeletonRows, toast } from "../ui/parts.js";
import { reportView } from "../report/view.js";

export const title = "Report";

const topCount = 10;

export function open(root, route, app) {
  let query = route.query;
  let closed = false;
  const head = h("div", { class: "page-head" });
  const body = h("div");
  root.append(head, body);
  load();

  async function load() {
    const day = query.get("day") || today();
    drawHead(day);
    put(body, h("div", { class: "card" }, skeletonRows(6, [20, 40, 20])));
    try {
      const report = await find(`api/reports/daily?date=${encodeURIComponent(day)}`);
      const top = report ? await topOf(day) : [];
      if (!closed) {
        put(
          body,
          report
            ? reportView(report, top)
            : empty("report", "This host keeps no report", "The daily report is not part of this host. What each session cost is on its Cost tab."),
        );
      }
    } catch (error) {
      if (!closed) {
        put(body, problem(error, load));
      }
    }
  }

  function drawHead(day) {
    const input = h("input", {
      class: "input",
      type: "date",
      value: day,
      max: today(),
      "aria-label": "Day, in UTC",
      onchange: () => {
        if (input.value) {
          app.go(`#/report?day=${input.value}`);
        }
      },
    });
    put(
      head,
      h(
        "div",
        { class: "grow" },
        h("h1", null, "Report"),
        h("p", null, "One day, in UTC: what was done, what it cost, and what that would have cost by hand."),
      ),
      h("div", { class: "page-actions" }, input, button("Entries as CSV", { onclick: () => download(day) })),
    );
  }

  return {
    update: (next) => {
      query = next.query;
      load();
    },
    close: () => {
      closed = true;
    },
  };
}

/** Of the newest sessions the list gives at once, those of the day. */
async function topOf(day) {
  const { sessions } = await get("api/sessions?limit=500");
  return sessions
    .filter((session) => session.createdAt.startsWith(day) && session.costUsd > 0)
    .sort((a, b) => b.costUsd - a.costUsd)
    .slice(0, topCount);
}

/** A link could not send the key. */
async function download(day) {
  try {
    const response = await fetch(address(`api/reports/daily?format=csv&date=${encodeURIComponent(day)}`), { headers: headers() });
    if (!response.ok) {
      throw new Error(`The server answered ${response.status}.`);
    }
    const url = URL.createObjectURL(await response.blob());
    h("a", { href: url, download: `ledger-${day}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  } catch (error) {
    toast("bad", error.message);
  }
}

const today = () => new Date().toISOString().slice(0, 10);
