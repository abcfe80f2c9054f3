// One clip as a card: picture, player, title, keep, download, delete.

import { api } from "./api.js";
import { el, icon, setAttribute, setText } from "./dom.js";
import { confirm, note, orNote } from "./notes.js";
import { KIND_NAMES, bytes, clock, feeling, percent, score, span, when } from "./words.js";

/** @param on `changed(clip)`, `deleted(deletion)`, `timeline(clip)`. */
export function createCard(clip, on) {
  const title = el("button", { class: "title", type: "button", on: { click: () => editTitle(node) } }, el("span"), icon("pen"));
  const heading = el("h3", {}, title);
  const screen = el("div", { class: "screen" });
  const times = el("button", { class: "times", type: "button", on: { click: () => on.timeline(node.clip) } });
  const keep = el("button", { class: "ghost keep", type: "button", "aria-keyshortcuts": "P", on: { click: () => toggleKeep(node) } }, icon("pin"), el("span"));
  const download = el("a", { class: "ghost button", download: true }, icon("download"), el("span", { text: "Download" }));
  const bin = el("button", { class: "ghost square bin", type: "button", "aria-keyshortcuts": "Delete", on: { click: () => remove(node) } }, icon("bin"));
  const node = el("li", { class: "card", tabindex: -1 },
    screen,
    el("div", { class: "card-body" }, heading,
      el("p", { class: "facts" }, times, el("span", { class: "made" })),
      el("ul", { class: "badges" }),
      el("p", { class: "failure", hidden: true }),
      el("div", { class: "card-actions" }, keep, download, bin)));
  node.clip = clip;
  node.on = on;
  node.addEventListener("keydown", (event) => onKey(node, event));
  return node;
}

export function updateCard(node, clip) {
  const before = node.clip;
  if (node.dataset.drawn && before === clip) return;
  node.clip = clip;
  const playable = clip.state === "saved" && Boolean(clip.files.video);
  // A player that runs keeps the version that it began with; the next one gets the better one.
  const isNew = before.state !== clip.state || version(before) !== version(clip);
  if (!node.dataset.drawn || (isNew && !node.querySelector("video"))) drawScreen(node, clip, playable);
  setAttribute(node, "data-rule", clip.trigger.kinds.length ? clip.trigger.rule : "hand");
  setAttribute(node, "data-keep", clip.keep ? "yes" : null);
  setTitle(node, clip);
  setText(node.querySelector(".times"), `${clock(clip.start)}–${clock(clip.end)}`);
  setAttribute(node.querySelector(".times"), "aria-label", `${clock(clip.start)} to ${clock(clip.end)}: show in the timeline`);
  setText(node.querySelector(".made"), [clip.channel, when(clip.createdAt)].filter(Boolean).join(" · "));
  drawBadges(node.querySelector(".badges"), clip);
  const failure = node.querySelector(".failure");
  failure.hidden = playable;
  setText(failure, playable ? "" : "The video of this clip could not be cut.");
  const keep = node.querySelector(".keep");
  setAttribute(keep, "aria-pressed", String(clip.keep));
  setAttribute(keep, "title", clip.keep ? "Retention leaves this clip alone" : "Retention may delete this clip when it is old");
  setText(keep.lastChild, clip.keep ? "Kept" : "Keep");
  const download = node.querySelector("a");
  download.hidden = !playable;
  setAttribute(download, "href", playable ? `${api.videoPath(clip.id)}?download=1` : null);
  setAttribute(download, "title", playable ? bytes(clip.files.video.bytes) : null);
  setAttribute(node.querySelector(".bin"), "aria-label", `Delete the clip ${clip.title}`);
}

/** Tells the versions of a clip's files apart, so that no cache answers with the one before. */
function version(clip) {
  return clip.files.video?.sha256?.slice(0, 8) ?? "";
}

function setTitle(node, clip) {
  const title = node.querySelector(".title");
  if (!title) return; // it is being edited
  setText(title.firstChild, clip.title);
  setAttribute(title, "aria-label", `${clip.title}: edit the title`);
}

function drawScreen(node, clip, playable) {
  node.dataset.drawn = "yes";
  const screen = node.querySelector(".screen");
  const picture = clip.files.thumbnail
    ? el("img", { src: api.thumbnailPath(clip.id, version(clip)), alt: "", loading: "lazy", decoding: "async", on: { error: (event) => event.target.remove() } })
    : null;
  const length = el("span", { class: "length", text: span(clip.duration) });
  const play = playable
    ? el("button", { class: "play", type: "button", "aria-label": `Play ${clip.title}`, on: { click: () => playClip(node) } }, icon("play"))
    : null;
  screen.replaceChildren(...[picture, length, play].filter(Boolean));
}

function drawBadges(place, clip) {
  const mood = feeling(clip.emotions);
  const { kinds } = clip.trigger;
  const badges = [
    ...(kinds.length
      ? [...kinds.map((kind) => el("li", { class: `badge ${kind}` }, icon(kind), KIND_NAMES[kind])),
        el("li", { class: "badge strength", title: "Score, 0 to 1" }, `${score(clip.trigger.score)}`)]
      : [el("li", { class: "badge" }, icon("scissors"), "By hand")]),
    ...(mood ? [el("li", { class: "badge mood", text: `${mood.name} ${percent(mood.value)}` })] : []),
    ...clip.hashtags.map((tag) => el("li", { class: "tag", text: `#${tag}` })),
  ];
  const line = badges.map((badge) => badge.textContent).join("\u0001");
  if (place.dataset.line === line) return;
  place.dataset.line = line;
  place.replaceChildren(...badges);
}

/** Replaces the picture by a player; what plays elsewhere is paused. */
function playClip(node) {
  const screen = node.querySelector(".screen");
  let video = screen.querySelector("video");
  for (const other of document.querySelectorAll("video")) if (other !== video) other.pause();
  if (video) {
    if (video.paused) video.play().catch(() => {}); else video.pause();
    return;
  }
  if (!screen.querySelector(".play")) return;
  const { clip } = node;
  video = el("video", {
    controls: true, playsinline: true, preload: "auto", "aria-label": clip.title,
    poster: clip.files.thumbnail ? api.thumbnailPath(clip.id, version(clip)) : null, src: api.videoPath(clip.id, version(clip)),
  });
  video.addEventListener("error", () => {
    drawScreen(node, clip, true);
    note("The clip cannot be played here. Download it, or look whether it was deleted.", "bad");
  });
  screen.replaceChildren(video);
  video.focus();
  // A browser that forbids playing without a gesture leaves the player paused; its own button starts it.
  video.play().catch(() => {});
}

function editTitle(node) {
  const heading = node.querySelector("h3");
  const button = node.querySelector(".title");
  if (!button) return;
  const input = el("input", { type: "text", value: node.clip.title, maxlength: 200, "aria-label": "Title of the clip" });
  let done = false;
  const back = (focus) => {
    done = true;
    input.replaceWith(button);
    setTitle(node, node.clip);
    if (focus) button.focus();
  };
  const save = async (focus) => {
    if (done) return;
    const text = input.value.trim();
    if (!text || text === node.clip.title) { back(focus); return; }
    done = true;
    input.disabled = true;
    const clip = await orNote(() => api.change(node.clip.id, { title: text }));
    if (clip) {
      node.clip = clip;
      node.on.changed(clip);
      back(focus);
    } else {
      done = false;
      input.disabled = false;
      input.focus();
    }
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") save(true);
    if (event.key === "Escape") { event.preventDefault(); back(true); }
  });
  input.addEventListener("blur", () => save(false));
  heading.replaceChildren(input);
  input.focus();
  input.select();
}

async function toggleKeep(node) {
  const clip = await orNote(() => api.change(node.clip.id, { keep: !node.clip.keep }));
  if (clip) node.on.changed(clip);
}

async function remove(node) {
  const { clip } = node;
  const size = (clip.files.video?.bytes ?? 0) + (clip.files.thumbnail?.bytes ?? 0);
  const sure = await confirm({
    title: "Delete this clip?",
    text: `“${clip.title}”, ${span(clip.duration)}${size ? `, ${bytes(size)}` : ""}: the video and its picture are removed from the server for good. `
      + "The list of deletions keeps what it was, when, and the hash.",
    action: "Delete the clip",
  });
  if (!sure) return;
  const neighbour = node.nextElementSibling ?? node.previousElementSibling;
  const deletion = await orNote(() => api.remove(clip.id));
  if (!deletion) return;
  node.on.deleted(deletion);
  (neighbour ?? document.getElementById("clips")).focus();
  note(`Deleted “${clip.title}”.`);
}

function onKey(node, event) {
  if (event.target !== node || event.altKey || event.ctrlKey || event.metaKey) return;
  const actions = {
    Enter: () => playClip(node), " ": () => playClip(node), e: () => editTitle(node), p: () => toggleKeep(node), Delete: () => remove(node),
  };
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

/** A clip that is being cut, in the place where its card will be. */
export function createProgressCard(on) {
  return el("li", { class: "card cutting", tabindex: -1 },
    el("div", { class: "screen" }, el("span", { class: "stage-name" })),
    el("div", { class: "card-body" }, el("h3"), el("progress", { max: 100, "aria-label": "Cutting" }), el("p", { class: "failure", hidden: true }),
      el("div", { class: "card-actions" }, el("button", { class: "ghost dismiss", type: "button", hidden: true, text: "Dismiss", on: { click: on.dismiss } }))));
}

const STAGES = { queued: "Waiting its turn", cutting: "Cutting", rendering: "Rendering", saved: "Saved", failed: "Failed" };

export function updateProgressCard(node, progress, session) {
  const failed = progress.status === "failed";
  setAttribute(node, "data-status", progress.status);
  setText(node.querySelector(".stage-name"), STAGES[progress.status] ?? progress.status);
  setText(node.querySelector("h3"), failed ? "A clip could not be cut" : `A clip from ${session}`);
  const bar = node.querySelector("progress");
  bar.hidden = failed;
  bar.value = progress.percent;
  const failure = node.querySelector(".failure");
  failure.hidden = !failed;
  setText(failure, failed ? progress.reason ?? "The server gave no reason." : "");
  node.querySelector(".dismiss").hidden = !failed;
}
