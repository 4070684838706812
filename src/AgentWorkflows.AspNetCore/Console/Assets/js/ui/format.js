import { h } from "./dom.js";

const whole = new Intl.NumberFormat("en-US");
const localTime = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const localClock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const count = (number) => whole.format(number ?? 0);

export function plural(number, one, many = one + "s") {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** Two digits where two say it all, else four; the smallest amounts keep all six. The exact amount belongs into a title. */
export function usd(amount) {
  const value = Number(amount ?? 0);
  const size = Math.abs(value);
  const cents = Math.abs(Math.round(value * 100) - value * 100) < 1e-7;
  const digits = size >= 1 || cents ? 2 : size >= 0.0001 ? 4 : 6;
  return `$${value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

export function duration(milliseconds) {
  const ms = Math.max(0, milliseconds);
  if (ms < 1000) {
    return `${ms < 10 && ms > 0 ? ms.toFixed(1).replace(/\.0$/, "") : Math.round(ms)} ms`;
  }
  const seconds = ms / 1000;
  if (seconds < 60) {
    return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const parts = [
    ["d", 86400],
    ["h", 3600],
    ["m", 60],
    ["s", 1],
  ];
  let rest = Math.round(seconds);
  const shown = [];
  for (const [unit, size] of parts) {
    const number = Math.floor(rest / size);
    rest -= number * size;
    if (number > 0 || shown.length > 0) {
      shown.push(`${number} ${unit}`);
    }
    if (shown.length === 2) {
      break;
    }
  }
  return shown.filter((part, index) => index === 0 || !part.startsWith("0 ")).join(" ");
}

export const utc = (date) =>
  `${new Date(date)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "")} UTC`;

/** An instant in the reader's time zone; its title is the same in UTC. */
export function time(date, style = "full") {
  const at = new Date(date);
  const text = style === "clock" ? localClock.format(at) : localTime.format(at);
  return h("time", { datetime: at.toISOString(), title: utc(at) }, text);
}

/** How long ago, kept up to date on the page. */
export function ago(date) {
  const at = new Date(date);
  return h("time", { datetime: at.toISOString(), title: `${localTime.format(at)} · ${utc(at)}`, "data-relative": "ago" }, agoText(at));
}

/** How long until then, kept up to date on the page. */
export function until(date) {
  const at = new Date(date);
  return h("time", { datetime: at.toISOString(), title: `${localTime.format(at)} · ${utc(at)}`, "data-relative": "until" }, untilText(at));
}

function agoText(at) {
  const ms = Date.now() - at.getTime();
  return ms < 5000 ? "just now" : `${coarse(ms)} ago`;
}

function untilText(at) {
  const ms = at.getTime() - Date.now();
  return ms <= 0 ? "now" : `in ${coarse(ms)}`;
}

function coarse(ms) {
  if (ms > 2 * 86_400_000) {
    return `${Math.floor(ms / 86_400_000)} d`;
  }
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : ms < 3_600_000 ? `${Math.floor(ms / 60_000)} m` : duration(ms);
}

setInterval(() => {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const at = new Date(element.dateTime);
    const text = element.dataset.relative === "ago" ? agoText(at) : untilText(at);
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }
}, 5000);

/** "AwaitingApproval" and "write_risky" as people write them. */
export function words(name) {
  const text = String(name ?? "")
    .replace(/_/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
