import { find, get } from "../api.js";
import { paced } from "../live.js";
import { h, patch, put } from "../ui/dom.js";
import { count, plural } from "../ui/format.js";
import { icon } from "../ui/icons.js";
import { button, empty, field, problem, skeletonRows } from "../ui/parts.js";
import { row } from "./row.js";
import { startSession } from "./start.js";

export const title = "Sessions";

const pageSize = 50;
const groups = [
  ["all", "All", []],
  ["active", "Active", ["Pending", "Running", "AwaitingApproval", "Suspended", "Compensating"]],
  ["waiting", "Needs approval", ["AwaitingApproval"]],
  ["completed", "Completed", ["Completed", "CompletedPartially"]],
  ["failed", "Failed", ["Halted", "Rejected", "Failed", "RollbackIncomplete"]],
  ["ended", "Taken back or ended", ["RolledBack", "Terminated"]],
];

export function open(root, route, app) {
  let query = route.query;
  let rows = [];
  let cursor = null;
  let counts = null;
  let known = null;
  let fresh = new Set();
  let loading = new AbortController();
  let showsFilters = isFiltered(query);

  const head = h("div", { class: "page-head" });
  const controls = h("div");
  const list = h("div", { class: "card list" });
  const foot = h("div", { class: "list-foot" });
  const names = h("datalist", { id: "task-types" });
  root.append(head, controls, list, foot, names);
  put(list, skeletonRows(8, [14, 50, 12, 8, 10]));
  drawHead();
  drawControls();
  load();
  // Counting looks at every session, so it never holds the list up, and is done less often.
  const recount = paced(loadCounts, 3000);
  recount();
  const refresh = paced(() => {
    load({ quiet: true });
    recount();
  }, 1000);
  const stop = app.changes(refresh);

  function drawHead() {
    put(
      head,
      h("div", { class: "grow" }, h("h1", null, "Sessions"), h("p", null, "Each is one goal given to one agent.")),
      app.can("start")
        ? h("div", { class: "page-actions" }, button("New session", { kind: "primary", picture: "plus", onclick: () => startSession(app) }))
        : null,
    );
  }

  function drawControls() {
    const chosen = groupOf(query);
    patch(
      controls,
      h(
        "div",
        { class: "groups", role: "group", "aria-label": "Status" },
        groups.map(([name, label, statuses]) =>
          h(
            "button",
            {
              type: "button",
              class: "group",
              "aria-pressed": String(name === chosen),
              onclick: () => choose({ status: statuses.join(",") }),
            },
            label,
            numberOf(statuses),
          ),
        ),
        isFiltered(query) ? button("Clear the filters", { kind: "quiet small", onclick: () => app.go("#/sessions") }) : null,
      ),
      h(
        "form",
        { class: `filters ${showsFilters ? "is-open" : ""}`, role: "search", "aria-label": "Sessions", onsubmit: submit },
        h(
          "div",
          { class: "search" },
          field(
            "Session id",
            h("input", { class: "input", name: "id", type: "search", placeholder: "Open by id", autocomplete: "off", spellcheck: "false" }),
          ),
          icon("search"),
        ),
        button("Filters", {
          kind: "filters-toggle",
          "aria-expanded": String(showsFilters),
          onclick: () => {
            showsFilters = !showsFilters;
            drawControls();
          },
        }),
        more(field("Agent", select("agent", "Any agent", app.agentNames ?? []))),
        more(
          field(
            "User",
            h("input", {
              class: "input",
              name: "user",
              value: query.get("user") ?? "",
              placeholder: "Any user",
              onchange: change("user"),
              autocomplete: "off",
            }),
          ),
        ),
        more(
          field(
            "Task type",
            h("input", {
              class: "input",
              name: "taskType",
              list: "task-types",
              value: query.get("taskType") ?? "",
              placeholder: "Any type",
              onchange: change("taskType"),
              autocomplete: "off",
            }),
          ),
        ),
      ),
    );
  }

  function more(element) {
    element.classList.add("more");
    return element;
  }

  function numberOf(statuses) {
    if (!counts) {
      return null;
    }
    const number = (statuses.length > 0 ? statuses : Object.keys(counts)).reduce((sum, status) => sum + (counts[status] ?? 0), 0);
    return h("span", { class: "n" }, count(number));
  }

  function select(name, any, options) {
    const value = query.get(name) ?? "";
    const all = value && !options.includes(value) ? [value, ...options] : options;
    return h(
      "select",
      { class: "input", name, onchange: change(name) },
      h("option", { value: "" }, any),
      all.map((option) => h("option", { value: option, selected: option === value }, option)),
    );
  }

  function change(name) {
    return (event) => choose({ [name]: event.target.value.trim() });
  }

  function choose(changed) {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changed)) {
      if (value) {
        next.set(name, value);
      } else {
        next.delete(name);
      }
    }
    app.go(`#/sessions${next.size > 0 ? `?${next}` : ""}`);
  }

  function submit(event) {
    event.preventDefault();
    const id = event.target.elements.id.value.trim();
    if (id) {
      app.go(`#/sessions/${encodeURIComponent(id)}`);
    }
  }

  async function load({ quiet = false, more = false } = {}) {
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    const asked = new URLSearchParams(query);
    asked.set("limit", String(more ? pageSize : Math.min(500, Math.max(pageSize, quiet ? rows.length : 0))));
    if (more) {
      asked.set("cursor", cursor);
    }
    try {
      const page = await get(`api/sessions?${asked}`, signal);
      // Beyond the first 500 what was loaded stays as it was: asking for all of it again would cost too much.
      const beyond = quiet && rows.length > page.sessions.length && page.cursor ? rows.slice(page.sessions.length) : [];
      rows = more ? [...rows, ...page.sessions] : [...page.sessions, ...beyond];
      cursor = beyond.length > 0 ? cursor : page.cursor;
      const ids = new Set(rows.map((row) => row.id));
      fresh = quiet && known ? new Set([...ids].filter((id) => !known.has(id))) : new Set();
      known = ids;
      drawControls();
      drawList();
    } catch (error) {
      if (error.name !== "AbortError" && !quiet) {
        put(
          list,
          problem(error, () => load()),
        );
        put(foot);
      }
    }
  }

  async function loadCounts() {
    try {
      counts = (await find("api/counts"))?.counts ?? null;
      drawControls();
    } catch {
      // The groups do without numbers.
    }
  }

  function drawList() {
    list.removeAttribute("aria-busy");
    if (rows.length === 0) {
      put(list, isFiltered(query) ? noneMatch() : noneAtAll(app));
      put(foot);
      return;
    }
    const table = list.querySelector("table.sessions");
    const body = rows.map((each) => row(each, fresh.has(each.id)));
    if (table) {
      patch(table.tBodies[0], body);
    } else {
      put(
        list,
        h(
          "table",
          { class: "sessions" },
          h("caption", { class: "visually-hidden" }, "Sessions, newest first"),
          h(
            "thead",
            null,
            h(
              "tr",
              null,
              h("th", { class: "c-status", scope: "col" }, "Status"),
              h("th", { scope: "col" }, "Goal"),
              h("th", { class: "c-user", scope: "col" }, "User"),
              h("th", { class: "c-turn num", scope: "col" }, "Turn"),
              h("th", { class: "c-cost num", scope: "col" }, "Cost"),
              h("th", { class: "c-age num", scope: "col" }, "Started"),
            ),
          ),
          h("tbody", null, body),
        ),
      );
    }
    patch(
      names,
      [...new Set(rows.map((each) => each.taskType))].map((type) => h("option", { value: type })),
    );
    put(
      foot,
      h("span", { "aria-live": "polite" }, `${plural(rows.length, "session")} shown${cursor ? "" : ", which is all of them"}`),
      cursor ? button(`Show ${pageSize} more`, { onclick: () => load({ more: true }) }) : null,
    );
  }

  function noneMatch() {
    return empty(
      "search",
      "No session matches",
      "Nothing here has this status, agent, user and task type at once.",
      button("Show all sessions", { onclick: () => app.go("#/sessions") }),
    );
  }

  if (!app.agentNames) {
    get("api/agents")
      .then(({ agents }) => {
        app.agentNames = agents.map((agent) => agent.name);
        drawControls();
      })
      .catch(() => {});
  }

  return {
    update: (next) => {
      query = next.query;
      rows = [];
      known = null;
      list.setAttribute("aria-busy", "true");
      drawControls();
      load();
    },
    close: () => {
      stop();
      loading.abort();
    },
  };
}

function noneAtAll(app) {
  return empty(
    "sessions",
    "No sessions yet",
    "A session starts here, from the command line, or with POST /api/sessions.",
    h("pre", null, 'agentworkflows run "Refund order 1042, it arrived broken"'),
    app.can("start") ? button("New session", { kind: "primary", picture: "plus", onclick: () => startSession(app) }) : null,
  );
}

function groupOf(query) {
  const status = query.get("status") ?? "";
  return groups.find(([, , statuses]) => statuses.join(",") === status)?.[0];
}

function isFiltered(query) {
  return ["status", "agent", "user", "taskType"].some((name) => query.get(name));
}
