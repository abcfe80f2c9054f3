// Starting a session: a recording is chosen or dropped and sent, a live stream is named; and what goes wrong on the way.

import { api } from "./api.js";
import { byId, el, memory, setText } from "./dom.js";
import { FormMistake, createLiveSource } from "./livesource.js";
import { note } from "./notes.js";
import { upload } from "./upload.js";
import { bytes, span } from "./words.js";

const HINTS = { video: "Choose or drop a video file", chat: "TwitchDownloader or chat-downloader JSON, IRC log, CSV" };
const CHAT_NAME = /\.(json|jsonl|log|txt|csv)$/i;
const CAMERA = /^\d+,\d+,\d+,\d+$/;

export function createStart(on) {
  const dialog = byId("start-dialog");
  const form = byId("start-form");
  const fields = form.elements;
  const error = byId("start-error");
  const transfer = form.querySelector(".transfer");
  const strip = byId("upload-strip");
  const live = createLiveSource(form);
  const picked = { video: null, chat: null };
  /** Documents of files that are with the server already, so that a mistake elsewhere does not send them again. */
  const sent = new WeakMap();
  /** The transfer that goes on: `{ cancel, progress, text }`, or nothing. */
  let running = null;

  const pace = memory.get("pace") === "realtime" ? "realtime" : "fast";
  form.querySelector(`input[name=pace][value=${pace}]`).checked = true;

  /** @param what `recording` or `live`; nothing for what was chosen last. */
  function open(files = [], what = files.length ? "recording" : null) {
    take(files);
    if (what && !running) fields.what.value = what;
    renderWhat();
    if (!dialog.open) dialog.showModal();
    renderStrip();
    if (isLive()) live.first().focus();
    else (picked.video ? fields.channel : fields.video).focus();
  }

  const isLive = () => fields.what.value === "live";

  function renderWhat() {
    for (const part of form.querySelectorAll("[data-what]")) part.hidden = part.dataset.what !== fields.what.value;
    setText(form.querySelector(".channel-hint"), isLive() ? "optional, the Twitch channel whose chat is read" : "optional, named on the clips");
    hideError();
    if (isLive()) live.show();
  }
  for (const radio of form.querySelectorAll("input[name=what]")) radio.addEventListener("change", renderWhat);

  /** Sorts files into recording and chat log. */
  function take(files) {
    if (running) return;
    for (const file of files) {
      const kind = file.type.startsWith("video/") || file.type.startsWith("audio/") || !CHAT_NAME.test(file.name) ? "video" : "chat";
      picked[kind] = file;
    }
    hideError();
    renderPicked();
  }

  function renderPicked() {
    for (const kind of ["video", "chat"]) {
      const place = form.querySelector(`[data-pick=${kind}]`);
      const file = picked[kind];
      place.classList.toggle("has-file", file !== null);
      setText(place.querySelector(".picked"), file ? `${file.name} · ${bytes(file.size)}` : HINTS[kind]);
    }
    form.querySelector("[data-pick=chat] .clear").hidden = picked.chat === null;
  }

  for (const kind of ["video", "chat"]) {
    fields[kind].addEventListener("change", () => {
      const [file] = fields[kind].files;
      if (file) picked[kind] = file;
      fields[kind].value = "";
      hideError();
      renderPicked();
    });
  }
  form.querySelector(".clear").addEventListener("click", () => {
    picked.chat = null;
    renderPicked();
    fields.chat.focus();
  });

  function fail(text) {
    error.textContent = text;
    error.hidden = false;
    error.scrollIntoView({ block: "center" });
  }
  function hideError() { error.hidden = true; }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!running) (isLive() ? startLive : start)();
  });

  async function startLive() {
    hideError();
    const button = form.querySelector(".go");
    button.disabled = true;
    try {
      const channel = fields.channel.value.trim().replace(/^#/, "");
      const session = await api.start({ ...live.request(), ...(channel ? { channel } : {}) });
      dialog.close();
      on.started(session);
    } catch (problem) {
      fail(problem.message);
      if (problem instanceof FormMistake) problem.field.focus();
    }
    button.disabled = false;
  }

  async function start() {
    hideError();
    const camera = fields.camera.value.replaceAll(/\s/g, "");
    if (!picked.video) { fail("Choose the recording first."); fields.video.focus(); return; }
    if (camera && !CAMERA.test(camera)) {
      form.querySelector(".more-options").open = true;
      fail("The place of the camera is four whole numbers in pixels: left, top, width, height, such as 24,456,320,240.");
      fields.camera.focus();
      return;
    }
    const files = [["chat", picked.chat], ["video", picked.video]].filter(([, file]) => file);
    const request = { pace: fields.pace.value };
    if (fields.channel.value.trim()) request.channel = fields.channel.value.trim();
    if (camera) request.camera = camera;
    memory.set("pace", request.pace);
    try {
      setRunning({ cancel: null, progress: 0, text: picked.video.name });
      const documents = await sendAll(files);
      setProgress(1, "Starting…", "");
      const session = await api.start({ upload: documents.video.uploadId, ...(documents.chat ? { chat: documents.chat.uploadId } : {}), ...request });
      setRunning(null);
      picked.video = null;
      picked.chat = null;
      renderPicked();
      if (dialog.open) dialog.close();
      on.started(session);
    } catch (problem) {
      setRunning(null);
      if (problem.name === "AbortError") { note("The upload was cancelled; nothing of it is left on the server."); return; }
      // The server forgot the upload (it may have restarted): the next try sends the file again.
      if (problem.status === 404) for (const [, file] of files) sent.delete(file);
      fail(problem.message);
      if (!dialog.open) {
        note(problem.message, "bad");
        renderStrip(problem.message);
      }
    }
  }

  async function sendAll(files) {
    const all = files.reduce((sum, [, file]) => sum + file.size, 0) || 1;
    const begun = performance.now();
    const documents = {};
    let before = 0;
    let skipped = null;
    for (const [kind, file] of files) {
      if (!sent.has(file)) {
        const job = upload(file, kind, {
          progress(count) {
            const done = before + count;
            // What an earlier try left on the server says nothing about the speed of this one.
            skipped ??= done;
            const seconds = (performance.now() - begun) / 1000;
            const speed = (done - skipped) / seconds;
            const left = speed > 0 && seconds > 1 ? `, about ${span((all - done) / speed)} left` : "";
            setProgress(done / all, `Sending ${file.name}`, `${bytes(done)} of ${bytes(all)}${left}`);
          },
          waiting(is) { if (is) setProgress(null, "Connection lost. The upload goes on as soon as the server answers…", ""); },
        });
        running.cancel = job.cancel;
        sent.set(file, await job.done);
      }
      documents[kind] = sent.get(file);
      before += file.size;
    }
    running.cancel = null;
    return documents;
  }

  function setRunning(next) {
    running = next;
    form.classList.toggle("busy", running !== null);
    for (const field of [...fields].filter((node) => node.matches("input, select, .go, .clear"))) field.disabled = running !== null;
    transfer.hidden = running === null;
    setText(form.querySelector(".cancel"), running ? "Cancel the upload" : "Cancel");
    renderStrip();
  }

  function setProgress(part, what, figure) {
    if (!running) return;
    const bar = transfer.querySelector("progress");
    if (part !== null) {
      running.progress = part;
      bar.value = part;
    }
    running.text = what;
    setText(transfer.querySelector(".what"), what);
    setText(transfer.querySelector(".figure"), figure);
    renderStrip();
  }

  /** The line in the page while the dialog is closed. */
  function renderStrip(failure = null) {
    strip.hidden = dialog.open || (!running && !failure);
    if (strip.hidden) return;
    const show = () => open([], "recording");
    if (!strip.firstChild || strip.dataset.failed !== String(failure !== null)) {
      strip.dataset.failed = String(failure !== null);
      strip.replaceChildren(el("p", {}), el("progress", { max: 1, "aria-label": "Upload", hidden: failure !== null }),
        el("button", { class: "ghost", type: "button", text: "Show", on: { click: show } }));
    }
    setText(strip.firstChild, failure ?? running.text);
    strip.children[1].value = running?.progress ?? 0;
  }

  form.querySelector(".cancel").addEventListener("click", () => {
    if (running?.cancel) running.cancel();
    else if (!running) dialog.close();
  });
  form.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    live.leave();
    renderStrip();
  });
  addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
  byId("new-button").addEventListener("click", () => open());
  setUpDropping(open);
  return { open };
}

function setUpDropping(open) {
  const veil = byId("drop-veil");
  let depth = 0;
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    veil.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    veil.hidden = depth === 0;
  });
  addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    open([...event.dataTransfer.files]);
  });
}
