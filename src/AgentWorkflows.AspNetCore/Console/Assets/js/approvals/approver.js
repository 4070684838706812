// In whose name decisions are made: the key's user, or the name somebody without a key gave.
const nameKey = "agentworkflows.approver";

export const isFixed = (app) => Boolean(app.me.user) && !app.can("operate");

export const approver = (app) => (isFixed(app) ? app.me.user : (localStorage.getItem(nameKey) ?? app.me.user ?? ""));

export function setApprover(name) {
  localStorage.setItem(nameKey, name.trim());
}
