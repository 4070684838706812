// Learning of changes: a stream of server-sent events where the host has one, asking again with tags where it has not or while it is down.
import { address, headers } from "./api.js";

const pollEvery = 4000;
const hiddenEvery = 30000;
const backoff = [1000, 2000, 5000, 10000, 20000];

let state = "offline";
const watchers = new Set();

export function onLinkState(watch) {
  watchers.add(watch);
  watch(state);
}

function setState(next) {
  if (next !== state) {
    state = next;
    watchers.forEach((watch) => watch(next));
  }
}

/**
 * Follows a stream until closed. A browser has few connections for one host, shared by all its tabs: a tab that nobody looks at lets go of its stream.
 * path(): its address, asked again at each connection. on: handlers by event name. refresh(): reads everything again; may reject.
 * whileHidden(): what is still asked for, seldom, while nobody looks; may reject.
 */
export function follow({ path, on, refresh, hasStream, whileHidden }) {
  const closing = new AbortController();
  let failures = 0;
  let missed = false;

  async function stream() {
    const hiding = new AbortController();
    const stop = () => hiding.abort();
    const letGo = () => document.visibilityState === "hidden" && stop();
    closing.signal.addEventListener("abort", stop);
    document.addEventListener("visibilitychange", letGo);
    try {
      const response = await fetch(address(path()), { headers: headers({ Accept: "text/event-stream" }), signal: hiding.signal, cache: "no-store" });
      if (!response.ok || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
        throw new Error(`no stream: ${response.status}`);
      }
      setState("live");
      if (missed) {
        await refresh();
      }
      missed = false;
      failures = 0;
      await read(response.body, on);
    } finally {
      missed = true;
      closing.signal.removeEventListener("abort", stop);
      document.removeEventListener("visibilitychange", letGo);
    }
    throw new Error("the stream ended");
  }

  async function poll() {
    try {
      await refresh();
      setState("polling");
    } catch (error) {
      // A gateway without its server is as good as nobody.
      setState(error.status === 0 || error.status >= 502 ? "offline" : "polling");
    }
  }

  async function run() {
    while (!closing.signal.aborted) {
      if (document.visibilityState === "hidden") {
        await pause(hiddenEvery);
        await (document.visibilityState === "hidden" ? whileHidden?.().catch(() => {}) : undefined);
        continue;
      }
      if (hasStream) {
        try {
          await stream();
        } catch {
          failures++;
        }
      }
      if (closing.signal.aborted || document.visibilityState === "hidden") {
        failures = 0;
        continue;
      }
      await poll();
      await pause(hasStream ? backoff[Math.min(failures - 1, backoff.length - 1)] : pollEvery);
    }
  }

  /** Ends early when the follower is closed, or when somebody begins or ceases to look. */
  function pause(ms) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        closing.signal.removeEventListener("abort", wake);
        document.removeEventListener("visibilitychange", wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      closing.signal.addEventListener("abort", wake);
      document.addEventListener("visibilitychange", wake);
    });
  }

  run();
  return { close: () => closing.abort() };
}

async function read(body, on) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  while (true) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    buffer += value;
    let end;
    while ((end = buffer.indexOf("\n\n")) >= 0) {
      dispatch(buffer.slice(0, end), on);
      buffer = buffer.slice(end + 2);
    }
  }
}

function dispatch(block, on) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) {
      name = line.slice(6).trim();
    } else if (line.startsWith("data:")) {
      data.push(line.slice(5).trimStart());
    }
  }
  if (data.length > 0) {
    on[name]?.(JSON.parse(data.join("\n")));
  }
}

/** Calls at most once in a time, and once more at its end when asked to meanwhile. */
export function paced(run, ms) {
  let waiting = false;
  let again = false;
  return function ask() {
    if (waiting) {
      again = true;
      return;
    }
    waiting = true;
    run();
    setTimeout(() => {
      waiting = false;
      if (again) {
        again = false;
        ask();
      }
    }, ms);
  };
}
