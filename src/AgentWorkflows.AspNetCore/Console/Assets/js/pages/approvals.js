import { get } from "../api.js";
import { paced } from "../live.js";
import { h, patch, put } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { button, empty, problem, skeletonRows } from "../ui/parts.js";
import { approvalCard } from "../approvals/card.js";

export const title = "Approvals";

const views = [
  ["waiting", "Waiting"],
  ["decided", "Decided"],
];

export function open(root, route, app) {
  let query = route.query;
  let found = null;
  let closed = false;
  const one = route.id || null;
  const view = () => query.get("view") ?? "waiting";

  const head = h("div", { class: "page-head" });
  const groups = h("div", { class: "groups", role: "group", "aria-label": "Which approvals" });
  const list = h("div", { class: "approvals" });
  root.append(head, one ? "" : groups, list);
  put(list, h("div", { class: "card" }, skeletonRows(4, [30, 60])));
  put(
    head,
    h(
      "div",
      { class: "grow" },
      one ? h("a", { class: "crumb", href: "#/approvals" }, icon("left"), "Approvals") : null,
      h("h1", null, one ? "Approval" : "Approvals"),
      h("p", null, "Calls that wait for a person. A decision counts for exactly the arguments shown."),
    ),
  );
  load();
  const refresh = paced(() => load(true), 800);
  const stop = app.changes(refresh);

  async function load(quiet = false) {
    try {
      const next = one
        ? [await get(`api/approvals/${encodeURIComponent(one)}`)]
        : (await get(`api/approvals?limit=200${view() === "waiting" ? "&status=Pending" : ""}`)).approvals;
      if (!closed) {
        found = next;
        draw();
      }
    } catch (error) {
      if (!closed && !quiet) {
        put(
          list,
          problem(error, () => load()),
        );
      }
    }
  }

  function draw() {
    put(
      groups,
      views.map(([name, label]) =>
        h(
          "button",
          {
            type: "button",
            class: "group",
            "aria-pressed": String(name === view()),
            onclick: () => app.go(`#/approvals${name === "waiting" ? "" : `?view=${name}`}`),
          },
          label,
        ),
      ),
    );
    const shown = one ? found : view() === "waiting" ? [...found].reverse() : found.filter((each) => each.status !== "Pending");
    if (shown.length === 0) {
      // What was decided here just now stays until the person leaves it.
      if (list.querySelector(".approval-decided")) {
        return;
      }
      put(
        list,
        view() === "waiting"
          ? empty(
              "approvals",
              "Nothing waits for you",
              "When an agent wants to move money, reach a person or do what cannot be taken back, it asks here first.",
              button("See what was decided", { onclick: () => app.go("#/approvals?view=decided") }),
            )
          : empty("approvals", "Nothing was decided yet", "Decisions are kept here, with who made them and why."),
      );
      return;
    }
    const keptHere =
      view() === "waiting" && !one ? [...list.querySelectorAll("[data-key]")].filter((each) => each.querySelector(".approval-decided")) : [];
    const cards = shown.map((each) => h("div", { "data-key": each.id }, approvalCard(each, app, { done: refresh })));
    const keys = new Set(shown.map((each) => each.id));
    patch(list, [...keptHere.filter((each) => !keys.has(each.dataset.key)), ...cards]);
  }

  return {
    update: (next) => {
      query = next.query;
      put(list, h("div", { class: "card" }, skeletonRows(4, [30, 60])));
      load();
    },
    close: () => {
      closed = true;
      stop();
    },
  };
}
