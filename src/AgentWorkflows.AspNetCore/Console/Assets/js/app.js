// The console: which page is shown, and what stands around it.
import { get, hasKey, setKey } from "./api.js";
import { follow, onLinkState, paced } from "./live.js";
import { h, patch, put } from "./ui/dom.js";
import { icon } from "./ui/icons.js";
import { field, iconButton, notice, problem } from "./ui/parts.js";
import { brand } from "./ui/brand.js";
import * as sessions from "./pages/sessions.js";
import * as session from "./pages/session.js";
import * as approvals from "./pages/approvals.js";
import * as agents from "./pages/agents.js";
import * as report from "./pages/report.js";

const main = document.getElementById("main");
const top = document.getElementById("top");
const places = [
  ["sessions", "Sessions"],
  ["approvals", "Approvals"],
  ["agents", "Agents"],
  ["report", "Report"],
];
const pages = { sessions, session, approvals, agents, report };

let me = null;
let open = null;
let waiting = 0;
let link = "offline";
const listeners = new Set();

/** What a page is given. changes(f): f(ids) is called when sessions have changed, until the page closes. */
const app = {
  get me() {
    return me;
  },
  can: (role) => me.roles.includes(role),
  go: (hash) => {
    location.hash = hash;
  },
  replace: (hash) => {
    history.replaceState(null, "", hash);
  },
  changes: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  countWaiting: (number) => {
    waiting = number;
    drawTop();
  },
};

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [place, ...rest] = path.split("/").map(decodeURIComponent);
  const name = place === "sessions" && rest[0] ? "session" : place || "sessions";
  return { name: pages[name] ? name : "sessions", id: rest.join("/"), query: new URLSearchParams(query ?? "") };
}

async function show() {
  const next = route();
  if (open && open.name === next.name && open.id === next.id && open.page.update) {
    open.page.update(next);
    drawTop();
    return;
  }
  const isFirst = open === null;
  open?.page.close?.();
  put(main);
  window.scrollTo(0, 0);
  const page = pages[next.name].open(main, next, app);
  open = { name: next.name, id: next.id, page };
  drawTop();
  if (!isFirst) {
    main.focus({ preventScroll: true });
  }
}

function drawTop() {
  const place = open?.name === "session" ? "sessions" : open?.name;
  document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${pages[open?.name]?.title ?? "Console"} · AgentWorkflows`;
  patch(
    top,
    h("a", { class: "brand", href: "#/sessions", "aria-label": "AgentWorkflows, all sessions" }, brand(), h("span", null, "AgentWorkflows")),
    h(
      "nav",
      { class: "nav", "aria-label": "Pages" },
      me
        ? places.map(([name, label]) =>
            h(
              "a",
              { href: `#/${name}`, "aria-current": name === place ? "page" : undefined },
              icon(name),
              h("span", null, label),
              name === "approvals" && waiting > 0
                ? h("span", { class: "count", title: `${waiting} waiting` }, waiting > 99 ? "99+" : String(waiting))
                : null,
            ),
          )
        : null,
    ),
    h(
      "div",
      { class: "top-right" },
      me
        ? h(
            "span",
            { class: "link-state", "data-state": link, title: linkMeaning[link] },
            { live: "Live", polling: "Polling", offline: "Offline" }[link],
          )
        : null,
      themeButton(),
      hasKey() && me
        ? iconButton(`Forget the key (signed in as ${me.user})`, "key", () => {
            setKey(null);
            location.reload();
          })
        : null,
    ),
  );
}

const linkMeaning = {
  live: "Changes are shown as they happen.",
  polling: "Changes are asked for every few seconds.",
  offline: "The server cannot be reached; trying again.",
};

function themeButton() {
  const dark = document.documentElement.dataset.theme === "dark";
  return iconButton(dark ? "Use the light theme" : "Use the dark theme", dark ? "sun" : "moon", () => {
    const next = dark ? "light" : "dark";
    localStorage.setItem("agentworkflows.theme", next);
    document.documentElement.dataset.theme = next;
    drawTop();
  });
}

async function countWaiting() {
  if (!app.can("approve") && !app.can("operate") && !app.can("read")) {
    return;
  }
  const { approvals: found } = await get("api/approvals?status=Pending&limit=100");
  app.countWaiting(found.length);
}

function askForKey(wrong) {
  open?.page.close?.();
  open = null;
  me = null;
  drawTop();
  const input = h("input", { class: "input mono", type: "password", autocomplete: "off", spellcheck: "false", required: true });
  put(
    main,
    h(
      "form",
      {
        class: "card key-form",
        onsubmit: (event) => {
          event.preventDefault();
          setKey(input.value.trim());
          start();
        },
      },
      h(
        "div",
        { class: "card-body stack" },
        h(
          "div",
          null,
          h("h1", null, "This server wants a key"),
          h("p", { class: "muted" }, "It is kept in this tab only, and gone when the tab is closed."),
        ),
        wrong ? notice("bad", h("p", null, "The server does not know this key.")) : null,
        field("API key", input),
        h("div", { class: "row" }, h("button", { type: "submit", class: "button primary" }, "Open the console")),
      ),
    ),
  );
  input.focus();
}

async function start() {
  try {
    me = await get("api/me");
  } catch (error) {
    if (error.status !== 401) {
      drawTop();
      put(main, problem(error, start));
    }
    return;
  }
  await show();
  const refreshCount = paced(() => countWaiting().catch(() => {}), 1000);
  const tell = (ids) => {
    refreshCount();
    listeners.forEach((listener) => listener(ids));
  };
  refreshCount();
  if (!app.following) {
    app.following = follow({
      path: () => "api/events",
      hasStream: me.live,
      whileHidden: countWaiting,
      on: { changed: ({ sessions: ids }) => tell(ids) },
      refresh: async () => {
        await countWaiting();
        listeners.forEach((listener) => listener(null));
      },
    });
  }
}

addEventListener("hashchange", () => {
  if (me) {
    show();
  }
});
addEventListener("key-needed", (event) => {
  setKey(null);
  app.following?.close();
  app.following = null;
  askForKey(event.detail.wrong);
});
onLinkState((state) => {
  link = state;
  drawTop();
});
start();
