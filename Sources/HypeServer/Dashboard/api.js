// Requests to the server. Errors come as problem JSON (RFC 9457) and carry the remedy in `detail`.

/** A request that did not succeed; `message` is meant for people. `status` is 0 where no answer came. */
export class ApiError extends Error {
  constructor(status, message, requestId = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.requestId = requestId;
  }
}

/** The error behind an answer's status and body. */
export function problem(status, text, requestId) {
  let document = null;
  try { document = JSON.parse(text); } catch { /* no problem JSON: a proxy answered, the status has to do */ }
  const mistakes = (document?.errors ?? []).map((mistake) => `${mistake.field} ${mistake.detail}`);
  // Where the detail only says that there are mistakes, the list of them is the remedy.
  const told = document?.detail || document?.title;
  const message = told && [told, ...(mistakes.length > 1 || !/must/.test(told) ? mistakes : [])].join(" ");
  if (message) return new ApiError(status, message, document.requestId ?? requestId);
  if (status === 413) return new ApiError(status, "The file is larger than this server takes.", requestId);
  if (status === 429) return new ApiError(status, "Too many requests. Wait a moment and try again.", requestId);
  if (status >= 500) {
    const number = requestId ? ` The log has more under request ${requestId}.` : "";
    return new ApiError(status, `The server could not do it.${number}`, requestId);
  }
  return new ApiError(status, `The server answered with status ${status}.`, requestId);
}

/** Called with every 401, so that the page can ask for the token. */
let onUnauthorized = () => {};
export function whenUnauthorized(listener) { onUnauthorized = listener; }

async function request(method, path, body, options = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: options.signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "The server does not answer. Is it still running?");
  }
  // Health keeps its document when a part is missing and the status is 503.
  if (!answer.ok && !(options.accept ?? []).includes(answer.status)) {
    if (answer.status === 401 && path !== "/api/login") onUnauthorized();
    throw problem(answer.status, await answer.text(), answer.headers.get("x-request-id"));
  }
  return answer.status === 204 ? null : answer.json();
}

/** A query string of what is set. */
export function query(values) {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "" && value !== false) parts.set(key, value);
  }
  const text = parts.toString();
  return text ? `?${text}` : "";
}

const segment = encodeURIComponent;

export const api = {
  login: () => request("GET", "/api/login"),
  logIn: (token) => request("POST", "/api/login", { token }),
  logOut: () => request("POST", "/api/logout"),
  health: () => request("GET", "/health", undefined, { accept: [503] }),
  sessions: (values) => request("GET", `/api/sessions${query(values)}`),
  session: (id) => request("GET", `/api/sessions/${segment(id)}`),
  signals: (id) => request("GET", `/api/sessions/${segment(id)}/signals`),
  start: (values) => request("POST", "/api/sessions", values),
  stop: (id) => request("DELETE", `/api/sessions/${segment(id)}`),
  trigger: (id) => request("POST", `/api/sessions/${segment(id)}/trigger`, {}),
  clips: (values, signal) => request("GET", `/api/clips${query(values)}`, undefined, { signal }),
  change: (id, values) => request("PATCH", `/api/clip/${segment(id)}`, values),
  remove: (id) => request("DELETE", `/api/clip/${segment(id)}`),
  moments: (values, signal) => request("GET", `/api/moments${query(values)}`, undefined, { signal }),
  ingest: () => request("GET", "/api/ingest"),
  makeKey: (name, channel) => request("POST", "/api/ingest/keys", { name, ...(channel ? { channel } : {}) }),
  changeKey: (name, channel) => request("PATCH", `/api/ingest/keys/${segment(name)}`, { channel }),
  renewKey: (name) => request("POST", `/api/ingest/keys/${segment(name)}/renew`),
  removeKey: (name) => request("DELETE", `/api/ingest/keys/${segment(name)}`),
  twitch: () => request("GET", "/api/twitch"),
  logInToTwitch: () => request("POST", "/api/twitch/login"),
  logOutOfTwitch: () => request("DELETE", "/api/twitch/login"),
  monitor: (channel) => request("GET", `/start-monitoring${query({ channel })}`),
  deletions: (values) => request("GET", `/api/deletions${query(values)}`),
  videoPath: (id, version = "") => `/api/clip/${segment(id)}/video${version && `?v=${version}`}`,
  thumbnailPath: (id, version = "") => `/api/clip/${segment(id)}/thumbnail${version && `?v=${version}`}`,
};
