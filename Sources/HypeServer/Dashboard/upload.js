// Sends files to the server: small ones as one multipart request, big ones in pieces that survive a lost connection (tus 1.0).

import { ApiError, problem } from "./api.js";
import { memory } from "./dom.js";

/** Files above this go in pieces, in bytes. */
const RESUMABLE_FROM = 16 * 1024 * 1024;
/** Size of one piece, in bytes. */
const PIECE = 8 * 1024 * 1024;
/** Pauses before a lost connection is tried again, in milliseconds; the last one repeats. */
const PAUSES = [1000, 2000, 4000, 8000, 15000];
/** Answers after which the same piece may be tried again: the offset is asked for first. */
const PASSING = [0, 409, 423, 429, 460, 500, 502, 503, 504];

/**
 * Uploads one file.
 * @param kind `video`, `audio` or `chat`.
 * @param on `progress(sentBytes)` and `waiting(isWaiting)` while the connection is lost.
 * @returns `done`, a promise of the upload's document, and `cancel()`, after which `done` rejects with an AbortError.
 */
export function upload(file, kind, on) {
  const control = new AbortController();
  const send = file.size > RESUMABLE_FROM ? inPieces : atOnce;
  return { done: send(file, kind, on, control.signal), cancel: () => control.abort() };
}

/** One request with progress; resolves with status, body and a function that reads headers. Status 0: no answer. */
function exchange(method, path, { body = null, headers = {}, progress = null, signal = null } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new DOMException("cancelled", "AbortError"));
      return;
    }
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener("abort", abort);
    const end = () => signal?.removeEventListener("abort", abort);
    request.open(method, path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (progress) request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => {
      end();
      resolve({ status: request.status, text: request.responseText, header: (name) => request.getResponseHeader(name) });
    };
    request.onerror = () => {
      end();
      resolve({ status: 0, text: "", header: () => null });
    };
    request.onabort = () => {
      end();
      reject(new DOMException("cancelled", "AbortError"));
    };
    request.send(body);
  });
}

function failure(answer) {
  if (answer.status === 0) return new ApiError(0, "The connection was lost. Check it and try again.");
  return problem(answer.status, answer.text, answer.header("x-request-id"));
}

async function atOnce(file, kind, on, signal) {
  const form = new FormData();
  form.append("file", file, file.name);
  const answer = await exchange("POST", `/upload/${kind}`, { body: form, progress: on.progress, signal });
  if (answer.status !== 201 && answer.status !== 200) throw failure(answer);
  on.progress(file.size);
  return JSON.parse(answer.text);
}

const TUS = { "Tus-Resumable": "1.0.0" };

async function inPieces(file, kind, on, signal) {
  const mark = `upload.${kind}.${file.name}.${file.size}.${file.lastModified}`;
  let path = memory.get(mark);
  let offset = path ? await offsetOf(path, signal) : null;
  if (offset === null) {
    path = await create(file, kind, signal);
    memory.set(mark, path);
    offset = 0;
  }
  let tries = 0;
  try {
    on.progress(offset);
    while (offset < file.size) {
      const from = offset;
      const answer = await exchange("PATCH", path, {
        body: file.slice(from, from + PIECE),
        headers: { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from) },
        progress: (sent) => on.progress(Math.min(file.size, from + sent)),
        signal,
      });
      if (answer.status === 204 || answer.status === 200) {
        offset = Number(answer.header("upload-offset"));
        if (!(offset > from)) throw new ApiError(answer.status, "The server did not take the file. Try again.");
        tries = 0;
        continue;
      }
      if (!PASSING.includes(answer.status)) throw failure(answer);
      on.waiting(true);
      offset = null;
      while (offset === null) {
        await pause(PAUSES[Math.min(tries, PAUSES.length - 1)], signal);
        tries += 1;
        offset = await offsetOf(path, signal, true);
      }
      on.waiting(false);
      on.progress(offset);
    }
    const document = await exchange("GET", path, { signal });
    if (document.status !== 200) throw failure(document);
    memory.set(mark, null);
    return JSON.parse(document.text);
  } catch (error) {
    if (error.name === "AbortError") {
      memory.set(mark, null);
      await exchange("DELETE", path, { headers: TUS });
    } else if (error.status >= 400 && error.status < 500) memory.set(mark, null);
    throw error;
  }
}

async function create(file, kind, signal) {
  const metadata = { filename: file.name, filetype: file.type || "application/octet-stream", kind };
  const answer = await exchange("POST", "/api/uploads", {
    headers: {
      ...TUS,
      "Upload-Length": String(file.size),
      "Upload-Metadata": Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`).join(","),
    },
    signal,
  });
  if (answer.status !== 201) throw failure(answer);
  const place = new URL(answer.header("location"), location.href);
  return place.pathname + place.search;
}

/** How much the server has; null where there is no such upload, or, with `patient`, where no answer came. */
async function offsetOf(path, signal, patient = false) {
  const answer = await exchange("HEAD", path, { headers: TUS, signal });
  if (answer.status === 200 || answer.status === 204) return Number(answer.header("upload-offset"));
  if (patient && !PASSING.includes(answer.status)) {
    throw new ApiError(answer.status, "The server has let go of this upload. Start it again.");
  }
  return null;
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Waits, shorter where the browser says that it is online again. */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      signal.removeEventListener("abort", abort);
    };
    const go = () => { stop(); resolve(); };
    const abort = () => { stop(); reject(new DOMException("cancelled", "AbortError")); };
    const timer = setTimeout(go, milliseconds);
    addEventListener("online", go);
    signal.addEventListener("abort", abort);
  });
}
