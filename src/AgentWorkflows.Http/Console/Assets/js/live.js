// Learning of changes: a stream of server-sent events where the host has one, asking again with tags where it has not or while it is down.
import { address, headers } from "./api.js";

const pollEvery = 4000;
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
 * Follows a stream until closed.
 * path(): its address, asked again at each connection. on: handlers by event name. refresh(): reads everything again; may reject.
 */
export function follow({ path, on, refresh, hasStream }) {
  const closing = new AbortController();
  let failures = 0;
  let timer = 0;

  async function stream() {
    const response = await fetch(address(path()), { headers: headers({ Accept: "text/event-stream" }), signal: closing.signal, cache: "no-store" });
    if (!response.ok || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
      throw new Error(`no stream: ${response.status}`);
    }
    setState("live");
    if (failures > 0) {
      await refresh();
    }
    failures = 0;
    await read(response.body, on);
    throw new Error("the stream ended");
  }

  async function poll() {
    if (document.visibilityState === "hidden") {
      return;
    }
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
      if (hasStream) {
        try {
          await stream();
        } catch {
          failures++;
        }
      }
      if (closing.signal.aborted) {
        return;
      }
      await poll();
      await pause(hasStream ? backoff[Math.min(failures - 1, backoff.length - 1)] : pollEvery);
    }
  }

  function pause(ms) {
    return new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
      closing.signal.addEventListener(
        "abort",
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
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
