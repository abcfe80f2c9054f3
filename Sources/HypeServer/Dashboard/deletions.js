// The record of what was deleted: what, when, why, and the hash of what it held.

import { api } from "./api.js";
import { byId, el, icon, reconcile, setText } from "./dom.js";
import { createFeed, loadWhenSeen } from "./feed.js";
import { addDeletion } from "./model.js";
import { copy } from "./notes.js";
import { bytes, causeWords, when } from "./words.js";

const PAGE = 50;
const SUBJECTS = { clip: "Clip", version: "Version of a clip", recording: "Recording" };

export function createDeletions(store) {
  const { state } = store;
  const list = byId("deletion-list");
  const more = byId("deletions-more");
  const empty = byId("deletions-empty");
  const feed = createFeed({
    load: (cursor) => api.deletions({ limit: PAGE, cursor }),
    add: (deletion) => addDeletion(state, deletion),
    changed: () => store.touch("deletions"),
  });
  loadWhenSeen(more, feed);

  store.watch(["deletions"], () => {
    const entries = feed.pick([...state.deletions.values()], () => true);
    reconcile(list, entries, (entry) => entry.id, create);
    setText(byId("deletions-title").querySelector(".count"), entries.length ? `${entries.length}${feed.next === null ? "" : "+"}` : "");
    more.hidden = feed.next === null;
    empty.hidden = entries.length > 0 || (!feed.loaded && !feed.error);
    setText(empty, feed.error ?? "Nothing was deleted yet. What is deleted, by you or by retention, is listed here with its hash.");
  });
  return { reload: feed.reload };
}

function create(entry) {
  const size = entry.files.reduce((sum, file) => sum + file.bytes, 0);
  return el("li", { class: "deletion" },
    el("p", { class: "deletion-line" }, el("span", { class: "subject", text: SUBJECTS[entry.subject] ?? entry.subject }),
      el("b", { text: entry.title }), el("time", { datetime: entry.time, text: when(entry.time) })),
    el("p", { class: "fine", text: `${causeWords(entry.cause)} · ${bytes(size)}` }),
    el("ul", { class: "hashes" }, ...entry.files.map((file) => el("li", {},
      el("span", { text: file.name }),
      file.sha256
        ? el("button", {
          class: "hash", type: "button", title: file.sha256, "aria-label": `Copy the SHA-256 of ${file.name}`, on: { click: () => copy(file.sha256, "The SHA-256") },
        }, el("code", { text: `${file.sha256.slice(0, 12)}…` }), icon("copy"))
        : el("span", { class: "fine", text: "was gone before" })))));
}
