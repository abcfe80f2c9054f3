// The clips as an endless list of cards with filters.

import { api } from "./api.js";
import { createCard, createProgressCard, updateCard, updateProgressCard } from "./card.js";
import { byId, el, reconcile, setText } from "./dom.js";
import { createFeed, loadWhenSeen } from "./feed.js";
import { addClip, clipMatches } from "./model.js";
import { fillSessions } from "./sessions.js";
import { sessionName } from "./words.js";

const PAGE = 24;
/** Pause after the last letter before the server is asked, in milliseconds. */
const TYPING = 250;

export function createClips(store, on) {
  const { state } = store;
  const list = byId("clip-list");
  const form = byId("clip-filter");
  const more = byId("clips-more");
  const empty = byId("clips-empty");
  const feed = createFeed({
    load: (cursor, filter, signal) => api.clips({ limit: PAGE, cursor, ...filter }, signal),
    add: (clip) => addClip(state, clip),
    known: (filter) => [...state.clips.values()].filter((clip) => clipMatches(clip, filter)),
    drop: (clip) => state.clips.delete(clip.id),
    changed: () => store.touch("clips"),
  });
  loadWhenSeen(more, feed);

  const changed = (clip) => store.apply("new_clip", clip);
  const events = { changed, deleted: (deletion) => store.apply("deletion", deletion), timeline: on.timeline };

  function readFilter() {
    const data = new FormData(form);
    return {
      ...(data.get("title").trim() ? { title: data.get("title").trim() } : {}),
      ...(data.get("session") ? { session: data.get("session") } : {}),
      ...(data.get("kind") ? { kind: data.get("kind") } : {}),
      ...(data.has("keep") ? { keep: "true" } : {}),
    };
  }
  let timer = null;
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => feed.setFilter(readFilter()), event.target.name === "title" ? TYPING : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  function clear() {
    form.reset();
    feed.setFilter({});
  }

  function render(parts) {
    if (parts.has("sessions")) fillSessions(form.elements.session, state);
    if (!parts.has("clips") && !parts.has("progress")) return;
    const filtered = Object.keys(feed.filter).length > 0;
    const clips = feed.pick([...state.clips.values()], clipMatches);
    const cutting = [...state.progress.values()].filter((progress) => progress.status !== "saved"
      && (!feed.filter.session || feed.filter.session === progress.sessionId)).reverse();
    const items = [...cutting.map((progress) => ({ id: `cut-${progress.clipId}`, progress })), ...clips];
    reconcile(list, items, (item) => item.id, (item) => (item.progress
      ? createProgressCard({ dismiss: () => { state.progress.delete(item.progress.clipId); store.touch("progress"); } })
      : createCard(item, events)),
    (node, item) => (item.progress
      ? updateProgressCard(node, item.progress, sessionName(state.sessions.get(item.progress.sessionId)))
      : updateCard(node, item)));
    setText(byId("clips-title").querySelector(".count"), clips.length ? `${clips.length}${feed.next === null ? "" : "+"}` : "");
    more.hidden = feed.next === null;
    more.disabled = feed.loading;
    list.setAttribute("aria-busy", String(feed.loading));
    renderEmpty(items.length, filtered);
  }

  function renderEmpty(count, filtered) {
    empty.hidden = count > 0 || (!feed.loaded && !feed.error);
    if (empty.hidden) return;
    const which = feed.error ?? (filtered ? "filtered" : "none");
    if (empty.dataset.which === which) return;
    empty.dataset.which = which;
    if (feed.error) {
      empty.replaceChildren(el("h3", { text: "The clips could not be loaded" }), el("p", { text: feed.error }),
        el("button", { class: "ghost", type: "button", text: "Try again", on: { click: () => feed.reload() } }));
    } else if (filtered) {
      empty.replaceChildren(el("h3", { text: "No clip fits these filters" }),
        el("button", { class: "ghost", type: "button", text: "Show all clips", on: { click: clear } }));
    } else {
      empty.replaceChildren(el("h3", { text: "Clips will appear here" }),
        el("p", { text: "Where two of chat, voice and face agree within a few seconds, a clip is cut, with the seconds before the moment. You can also cut one yourself while a session runs: press C." }));
    }
  }

  store.watch(["clips", "progress", "sessions"], render);

  return {
    reload: feed.reload,
    focusSearch() { form.elements.title.focus(); },
    /** Moves the focus to the next or the previous card. */
    step(direction) {
      const cards = [...list.children];
      if (!cards.length) return;
      const now = cards.findIndex((card) => card.contains(document.activeElement));
      const next = cards[now < 0 ? 0 : Math.min(cards.length - 1, Math.max(0, now + direction))];
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    },
    /** Shows a clip's card, loading its session's clips where the list does not reach so far. */
    async show(clip) {
      if (!find(clip.id)) {
        form.reset();
        form.elements.session.value = clip.sessionId ?? "";
        await feed.setFilter(readFilter());
        await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
      }
      const card = find(clip.id);
      if (!card) return;
      card.scrollIntoView({ block: "center" });
      card.focus({ preventScroll: true });
    },
  };

  function find(id) { return [...list.children].find((card) => card.dataset.key === id); }
}
