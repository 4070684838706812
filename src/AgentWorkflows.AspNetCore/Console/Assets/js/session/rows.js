// From timeline entries to the rows of a trace. Pure.

/** Rows in order: a header for each turn, then its steps. An approval's question and its decision are one row. */
export function rowsOf(entries, now, isOver) {
  const rows = [];
  const asked = new Map();
  let turn = null;
  for (const entry of entries) {
    const end = Date.parse(entry.at);
    const approval = entry.kind === "Approval" ? entry.detail?.id : undefined;
    if (approval && asked.has(approval)) {
      const row = asked.get(approval);
      row.decided = entry;
      row.end = end;
      row.open = false;
      continue;
    }
    const group = groupOf(entry);
    if (turn?.group !== group) {
      turn = {
        type: "turn",
        key: `turn-${group}-${entry.sequence}`,
        group,
        turn: entry.turn,
        title: titleOf(group, entry),
        start: Infinity,
        end: 0,
        costUsd: 0,
        tokens: 0,
      };
      rows.push(turn);
    }
    const row = {
      type: "step",
      key: `step-${entry.sequence}`,
      entry,
      turn: entry.turn,
      start: end - (entry.durationMs ?? 0),
      end,
      open: false,
      header: turn,
    };
    if (approval) {
      asked.set(approval, row);
      row.open = entry.status === "pending" && !isOver;
    }
    turn.costUsd += entry.costUsd;
    turn.tokens += entry.tokens;
    rows.push(row);
  }
  for (const row of rows) {
    if (row.type === "step") {
      if (row.open) {
        row.end = Math.max(now, row.end);
      }
      row.header.start = Math.min(row.header.start, row.start);
      row.header.end = Math.max(row.header.end, row.end);
    }
  }
  return rows;
}

function groupOf(entry) {
  if (entry.kind === "Compensation") {
    return "rollback";
  }
  if (entry.kind === "Outcome") {
    return "outcome";
  }
  return `turn ${entry.turn}`;
}

function titleOf(group, entry) {
  return group === "rollback" ? "Rollback" : group === "outcome" ? "Outcome" : entry.turn === 0 ? "Start" : `Turn ${entry.turn}`;
}

const bad = new Set([
  "refuse",
  "refused",
  "failed",
  "fail",
  "permanent",
  "transient",
  "rate_limited",
  "timeout",
  "criteria_failed",
  "rejected",
  "approval_expired",
  "Rejected",
  "Expired",
  "Failed",
  "Halted",
  "RollbackIncomplete",
  "irreversible",
  "unknown",
  "declined",
  "halt",
]);
const waits = new Set(["ask", "pending", "retry", "skipped", "CompletedPartially", "Withdrawn", "Terminated"]);

/** good, bad or wait: how a step's status reads. */
export function toneOf(row) {
  const status = (row.decided ?? row.entry).status;
  return bad.has(status) ? "bad" : waits.has(status) ? "wait" : "good";
}
