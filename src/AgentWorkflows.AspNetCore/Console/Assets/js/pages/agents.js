import { get } from "../api.js";
import { h, put } from "../ui/dom.js";
import { count, duration, plural, usd, words } from "../ui/format.js";
import { icon } from "../ui/icons.js";
import { json } from "../ui/json.js";
import { empty, facts, problem, skeletonRows, tierTag } from "../ui/parts.js";

export const title = "Agents";

const breakers = {
  closed: ["quiet", "check", "Breaker closed"],
  open: ["bad", "stop", "Breaker open"],
  half_open: ["wait", "clock", "Breaker half open"],
};

export function open(root) {
  let closed = false;
  const list = h("div", { class: "tool-list" });
  root.append(
    h(
      "div",
      { class: "page-head" },
      h(
        "div",
        { class: "grow" },
        h("h1", null, "Agents and tools"),
        h("p", null, "What can be started here, and the contract each tool is held to."),
      ),
    ),
    list,
  );
  put(list, h("div", { class: "card" }, skeletonRows(6, [20, 12, 50])));
  load();

  async function load() {
    try {
      const [{ agents }, { tools }] = await Promise.all([get("api/agents"), get("api/tools")]);
      if (!closed) {
        put(
          list,
          agents.length === 0
            ? empty("agents", "No agents", "Put a folder with an agent.yaml into the agents folder, and start the server again.")
            : agents.map((agent) =>
                agentCard(
                  agent,
                  tools.filter((tool) => tool.agent === agent.name),
                ),
              ),
        );
      }
    } catch (error) {
      if (!closed) {
        put(list, problem(error, load));
      }
    }
  }

  return {
    update: () => {},
    close: () => {
      closed = true;
    },
  };
}

function agentCard(agent, tools) {
  const { limits } = agent;
  const limit = (name, value) => h("span", null, h("span", { class: "muted" }, `${name} `), h("b", null, value));
  const offered = tools.filter((tool) => tool.offered);
  const others = tools.filter((tool) => !tool.offered);
  return h(
    "section",
    { class: "card", "aria-label": agent.name },
    h(
      "div",
      { class: "agent-head" },
      h(
        "div",
        { class: "row-wrap" },
        h("h2", null, agent.name),
        h("span", { class: "tag" }, agent.version),
        h("span", { class: "grow" }),
        h("a", { href: `#/sessions?agent=${encodeURIComponent(agent.name)}` }, "Its sessions"),
      ),
      h("p", { class: "muted" }, agent.description),
      h(
        "div",
        { class: "agent-limits" },
        limit("Cost", usd(limits.maxCostUsd)),
        limit("Turns", count(limits.maxIterations)),
        limit("Tool calls", count(limits.maxToolCalls)),
        limit("Tokens", count(limits.maxTokens)),
        limit("Age", duration(limits.maxAgeSeconds * 1000)),
        limit("Retries", count(limits.maxRetries)),
        limit("Asks before", agent.approvalTiers.length > 0 ? agent.approvalTiers.map((tier) => words(tier).toLowerCase()).join(", ") : "nothing"),
        limit("Context", agent.requiredContext.join(", ")),
      ),
    ),
    offered.map(toolRow),
    others.length > 0
      ? h(
          "details",
          { class: "tool" },
          h(
            "summary",
            null,
            h("span", { class: "strong" }, plural(others.length, "compensation")),
            h("span", null),
            h("span", { class: "desc" }, "Tools only a rollback calls; the model never sees them."),
            icon("down"),
          ),
          others.map(toolRow),
        )
      : null,
  );
}

function toolRow(tool) {
  const state = breakers[tool.breaker];
  return h(
    "details",
    { class: "tool" },
    h(
      "summary",
      null,
      h("code", { class: "strong break" }, tool.name),
      h("span", null, tierTag(tool.tier)),
      h("span", { class: "desc" }, tool.description),
      state ? h("span", { class: `badge tone-${state[0]}`, title: "Circuit breaker" }, icon(state[1]), state[2]) : icon("down"),
    ),
    h(
      "div",
      { class: "tool-body" },
      h(
        "div",
        { class: "stack-tight" },
        h("p", { class: "break" }, tool.description),
        facts(
          [
            ["Owner", tool.owner],
            ["Timeout", duration(tool.timeoutSeconds * 1000)],
            ["Attempts", `at most ${tool.maxAttempts}`],
            ["Idempotent", tool.idempotent ? "Yes, by its key" : "No: never called twice for one attempt"],
            ["Side effects", tool.sideEffects.length > 0 ? tool.sideEffects.join(", ") : "none"],
            [
              "Taken back by",
              tool.irreversible
                ? "nothing: it is irreversible"
                : tool.compensation
                  ? h("code", null, tool.compensation)
                  : tool.sideEffects.length > 0
                    ? "nothing is registered"
                    : null,
            ],
            ["Cost", tool.costUsdPerCall > 0 ? `${usd(tool.costUsdPerCall)} a call` : "free"],
            ["Breaker", state ? breakerText[tool.breaker] : null],
          ],
          "tight",
        ),
      ),
      h("div", { class: "stack-tight" }, h("h3", null, "Arguments"), json(tool.parameters, `the schema of ${tool.name}`)),
    ),
  );
}

const breakerText = {
  closed: "Closed: calls pass",
  open: "Open: it failed for everybody, and calls are refused for a while",
  half_open: "Half open: a few calls are let through to see whether it works again",
};
