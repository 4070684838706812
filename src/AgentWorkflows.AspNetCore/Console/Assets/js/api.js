// Calls to the API. The key, where the server wants one, lives as long as the tab.
const keyName = "agentworkflows.key";
const kept = new Map();
const maxKept = 60;

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? (status === 0 ? "The server cannot be reached." : `The server answered ${status}.`));
    this.status = status;
    this.code = problem?.code ?? (status === 0 ? "unreachable" : "unknown");
    this.errors = problem?.errors ?? [];
    this.traceId = problem?.traceId;
  }
}

export const hasKey = () => sessionStorage.getItem(keyName) !== null;

export function setKey(key) {
  kept.clear();
  if (key) {
    sessionStorage.setItem(keyName, key);
  } else {
    sessionStorage.removeItem(keyName);
  }
}

export const address = (path) => new URL(path, document.baseURI.split("#")[0]).href;

export function headers(more) {
  const key = sessionStorage.getItem(keyName);
  return { Accept: "application/json", ...(key ? { Authorization: `Bearer ${key}` } : {}), ...more };
}

/** Reads; what is unchanged since the last time is not sent again. */
export async function get(path, signal) {
  const known = kept.get(path);
  const response = await send(path, { headers: headers(known ? { "If-None-Match": known.tag } : {}), signal });
  if (response.status === 304) {
    return known.data;
  }
  const data = await response.json();
  const tag = response.headers.get("ETag");
  kept.delete(path);
  if (tag) {
    kept.set(path, { tag, data });
    if (kept.size > maxKept) {
      kept.delete(kept.keys().next().value);
    }
  }
  return data;
}

/** Reads something a host may not have: null then. */
export async function find(path, signal) {
  try {
    return await get(path, signal);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 405 || error.status === 501)) {
      return null;
    }
    throw error;
  }
}

export async function post(path, body) {
  const response = await send(path, { method: "POST", headers: headers({ "Content-Type": "application/json" }), body: JSON.stringify(body ?? {}) });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

async function send(path, options) {
  let response;
  try {
    response = await fetch(address(path), { ...options, cache: "no-store", credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    throw new ApiError(0);
  }
  if (response.ok || response.status === 304) {
    return response;
  }
  let problem = null;
  try {
    problem = await response.json();
  } catch {
    // Not a problem of ours: a proxy's page, perhaps.
  }
  const error = new ApiError(response.status, problem);
  if (error.status === 401) {
    dispatchEvent(new CustomEvent("key-needed", { detail: { wrong: hasKey() } }));
  }
  throw error;
}
