// Starting a session from the console.
import { get, post } from "../api.js";
import { h, put } from "../ui/dom.js";
import { ask } from "../ui/dialog.js";
import { usd } from "../ui/format.js";
import { field } from "../ui/parts.js";

const hints = {
  user_id: "Whose caps apply.",
  project_id: "What the cost is accounted to.",
  budget_limit: "USD; lowers the agent's own limit.",
  task_priority: "Such as normal or high.",
};
const defaults = { budget_limit: "0.50", task_priority: "normal", project_id: "console" };

export async function startSession(app) {
  const { agents } = await get("api/agents");
  const goal = h("textarea", {
    class: "input",
    rows: 3,
    maxlength: 8000,
    required: true,
    placeholder: "Refund order 1042, it arrived broken, and tell the customer",
  });
  const agent = h(
    "select",
    { class: "input", onchange: () => drawContext() },
    agents.map((each) => h("option", { value: each.name }, `${each.name} ${each.version}`)),
  );
  const taskType = h("input", { class: "input", value: "general", maxlength: 64 });
  const context = h("div", { class: "stack-tight" });
  const inputs = new Map();

  function drawContext() {
    const chosen = agents.find((each) => each.name === agent.value);
    inputs.clear();
    put(
      context,
      (chosen?.requiredContext ?? []).map((key) => {
        const input = h("input", {
          class: "input",
          value: key === "user_id" ? app.me.user || "console" : (defaults[key] ?? ""),
          disabled: Boolean(key === "user_id" && app.me.user && !app.can("operate")),
        });
        inputs.set(key, input);
        return field(key, input, { hint: key === "budget_limit" && chosen ? `USD, at most ${usd(chosen.limits.maxCostUsd)} counts.` : hints[key] });
      }),
    );
  }
  drawContext();

  const id = await ask({
    title: "New session",
    content: h(
      "div",
      { class: "stack" },
      field("Goal", goal),
      field("Agent", agent),
      field("Task type", taskType, { hint: "What reports are grouped by." }),
      context,
    ),
    actions: [
      {
        label: "Start",
        run: async () => {
          const values = Object.fromEntries([...inputs].map(([key, input]) => [key, key === "budget_limit" ? Number(input.value) : input.value]));
          const started = await post("api/sessions", {
            agent: agent.value,
            goal: goal.value,
            context: values,
            taskType: taskType.value || undefined,
          });
          return started.id;
        },
      },
    ],
  });
  if (id) {
    app.go(`#/sessions/${encodeURIComponent(id)}`);
  }
}
