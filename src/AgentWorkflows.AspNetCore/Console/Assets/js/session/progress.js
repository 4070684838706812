// How a session that has not ended is doing.
export const phases = {
  classify: "Judging the goal",
  plan: "Planning",
  answer: "Writing the answer",
  summarize: "Shortening the context",
  gate: "Checking the plan",
  approval: "Asking",
  act: "Running a tool",
  observe: "Judging the result",
  compensate: "Taking back",
  done: "Done",
};

// Nothing a session does by itself takes this long without a step being recorded; people may take longer, but are then worth a look.
const stuckAfter = { Pending: 60_000, Running: 600_000, Compensating: 600_000, AwaitingApproval: 3_600_000 };

/** Milliseconds without progress, when that is too long; otherwise 0. */
export function stuckFor(session) {
  const after = stuckAfter[session.status];
  const idle = Date.now() - new Date(session.updatedAt).getTime();
  return after && idle > after ? idle : 0;
}
