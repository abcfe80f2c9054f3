// The live half of the dialog: an encoder with a stream key, an address, or devices of the server's machine.

import { api } from "./api.js";
import { byId, el, memory, reconcile, setText } from "./dom.js";
import { createCopyLine, createKeyList } from "./keys.js";

const SOURCES = ["rtmp", "url", "capture"];
/** Names of the devices in a request, and of their fields. */
const DEVICES = { screen: "screen", microphone: "microphone", desktopSound: "desktopSound", camera: "webcam" };

/** What is wrong with the form, and the field where it can be mended. */
export class FormMistake extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/** @param form the form of the dialog; its field `channel` is shared with recordings. */
export function createLiveSource(form) {
  const fields = form.elements;
  const server = createCopyLine("Server");
  const secret = createCopyLine("Stream Key", true);
  const select = el("select", { "aria-label": "Stream key to wait for", on: { change: () => choose(select.value) } });
  const row = el("label", { class: "row" }, el("span", { text: "Key" }), select);
  const trouble = el("p", { class: "notice bad", role: "alert", hidden: true });
  const list = createKeyList({ changed: (name) => load(name ?? select.value) });
  const steps = el("ol", { class: "steps" }, ...[
    "In OBS open Settings → Stream and choose the service “Custom…”.",
    "Copy Server and Stream Key from above into the two fields of the same names.",
    "Settings → Output: encoder x264 or a hardware H.264, keyframe interval 2 s, audio AAC.",
    "Press Start here, then Start Streaming in OBS.",
    "The panel says Live as soon as the first picture is here; OBS may come and go.",
  ].map((text) => el("li", { text })));
  const body = el("div", { class: "encoder-body" }, row, server.node, secret.node);
  const more = el("div", { class: "encoder-more" }, el("h3", { text: "OBS in five lines" }), steps, list.node);
  byId("encoder").append(trouble, body);
  byId("encoder-more").append(more);
  let keys = [];
  /** The channel that came from a key, so that another key may replace it; what a person typed stays. */
  let filled = "";

  const remembered = memory.get("source");
  form.querySelector(`input[name=from][value=${SOURCES.includes(remembered) ? remembered : "rtmp"}]`).checked = true;
  for (const radio of form.querySelectorAll("input[name=from]")) radio.addEventListener("change", () => show());

  const first = () => form.querySelector("input[name=from]:checked");

  function show() {
    for (const part of form.querySelectorAll("[data-from]")) part.hidden = part.dataset.from !== fields.from.value;
    if (fields.from.value === "rtmp") load(select.value);
  }

  async function load(wanted) {
    try {
      const ingest = await api.ingest();
      keys = ingest.keys;
      server.set(ingest.url);
      reconcile(select, keys, (key) => key.name, (key) => el("option", { value: key.name }),
        (node, key) => setText(node, `${key.name}${key.channel ? ` · ${key.channel}` : ""}${key.session ? " (in use)" : ""}`));
      list.render(keys);
      trouble.hidden = true;
      body.hidden = false;
      more.hidden = false;
      const names = keys.map((key) => key.name);
      choose(names.includes(wanted) ? wanted : keys.find((key) => !key.session)?.name ?? names[0] ?? "");
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
      body.hidden = true;
      more.hidden = true;
    }
  }

  function choose(name) {
    select.value = name;
    const key = keys.find((candidate) => candidate.name === name);
    secret.set(key?.key ?? "");
    secret.hide();
    if (fields.channel.value.trim() === filled) fields.channel.value = key?.channel ?? "";
    filled = key?.channel ?? "";
  }

  /** What to ask of the server. Throws a `FormMistake`. */
  function request() {
    const from = fields.from.value;
    memory.set("source", from);
    const faces = fields.continuous.checked ? { faces: "continuous" } : {};
    if (from === "rtmp") {
      if (!trouble.hidden) throw new FormMistake(trouble.textContent, first());
      if (!select.value) throw new FormMistake("There is no stream key. Make one below.", select);
      return { rtmp: select.value, ...faces };
    }
    if (from === "url") {
      const url = fields.url.value.trim();
      if (!url) throw new FormMistake("Name the address of the stream, such as https://host/stream.m3u8.", fields.url);
      return { url, ...faces };
    }
    const capture = Object.fromEntries(Object.entries(DEVICES).map(([name, field]) => [name, fields[field].value.trim()]).filter(([, value]) => value));
    if (!Object.keys(capture).length) throw new FormMistake("Name at least one of screen, microphone, sound and webcam.", fields.screen);
    return { capture, ...faces };
  }

  return {
    show, request,
    /** Hides what was shown of the key, and a channel that nobody typed. */
    leave() {
      secret.hide();
      if (filled && fields.channel.value.trim() === filled) fields.channel.value = "";
      filled = "";
    },
    first,
  };
}
