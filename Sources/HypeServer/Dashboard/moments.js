// The decision log: every moment and near miss, with what each witness said.

import { api } from "./api.js";
import { byId, el, icon, reconcile, setAttribute, setText } from "./dom.js";
import { createFeed, loadWhenSeen } from "./feed.js";
import { momentKey, momentMatches } from "./model.js";
import { fillSessions } from "./sessions.js";
import { KIND_NAMES, clock, decisionWords, evidenceWords, score, sessionName, topMessages, voteWords, when } from "./words.js";

const PAGE = 50;

export function createMoments(store, on) {
  const { state } = store;
  const list = byId("moment-list");
  const form = byId("moment-filter");
  const more = byId("moments-more");
  const empty = byId("moments-empty");
  const open = new Set();
  const feed = createFeed({
    load: (cursor, filter, signal) => api.moments({ limit: PAGE, cursor, ...filter }, signal),
    add: (entry) => state.moments.set(momentKey(entry), entry),
    changed: () => store.touch("moments"),
  });
  loadWhenSeen(more, feed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    const data = new FormData(form);
    feed.setFilter({
      ...(data.get("decision") ? { decision: data.get("decision") } : {}),
      ...(data.get("session") ? { session: data.get("session") } : {}),
    });
  });

  function toggle(entry) {
    const key = momentKey(entry);
    if (open.has(key)) open.delete(key); else { open.add(key); on.chosen(entry); }
    store.touch("moments");
  }

  function create(entry) {
    const { moment } = entry;
    const votes = el("div", { class: "votes", id: `votes-${momentKey(entry)}`, hidden: true });
    const line = el("button", {
      class: "moment-line", type: "button", "aria-controls": votes.id, "aria-expanded": "false", on: { click: () => toggle(entry) },
    },
    el("i", { class: `glyph ${moment.decision}`, "aria-hidden": "true" }),
    el("span", { class: "moment-name" }, el("b", { text: decisionWords(moment) }),
      el("span", { class: "moment-kinds" }, ...moment.kinds.map((kind) => el("span", { class: kind, title: KIND_NAMES[kind] }, icon(kind), el("span", { class: "visually-hidden", text: KIND_NAMES[kind] }))))),
    el("span", { class: "moment-score", text: score(moment.score), title: "Score, 0 to 1" }),
    el("span", { class: "moment-time", text: `${clock(moment.core.start)}–${clock(moment.core.end)}` }),
    el("span", { class: "moment-reason", text: moment.reason }));
    return el("li", { class: `moment ${moment.decision}` }, line, votes);
  }

  function update(node, entry) {
    const isOpen = open.has(momentKey(entry));
    const [line, votes] = node.children;
    setAttribute(line, "aria-expanded", String(isOpen));
    if (isOpen && !votes.firstChild) {
      votes.append(...entry.moment.votes.map(createVote),
        el("p", { class: "fine" }),
        el("button", { class: "ghost", type: "button", on: { click: () => on.timeline(entry) } }, icon("pulse"), el("span", { text: "Show in the timeline" })));
    }
    const fine = votes.querySelector(":scope > .fine");
    if (fine) setText(fine, `${sessionName(state.sessions.get(entry.sessionId))} · decided at ${clock(entry.moment.decidedAt)} of the stream, ${when(entry.createdAt)}`);
    votes.hidden = !isOpen;
  }

  function render(parts) {
    if (parts.has("sessions")) fillSessions(form.elements.session, state);
    if (!parts.has("moments")) return;
    const entries = feed.pick([...state.moments.values()], momentMatches);
    reconcile(list, entries, momentKey, create, update);
    setText(byId("moments-title").querySelector(".count"), entries.length ? `${entries.length}${feed.next === null ? "" : "+"}` : "");
    more.hidden = feed.next === null;
    more.disabled = feed.loading;
    list.setAttribute("aria-busy", String(feed.loading));
    empty.hidden = entries.length > 0 || (!feed.loaded && !feed.error);
    const filtered = Object.keys(feed.filter).length > 0;
    setText(empty, feed.error ?? (filtered ? "No decision fits these filters."
      : "Every stretch that the rule looked at is listed here with its evidence, near misses too, so that you can see why something was cut or not."));
  }

  store.watch(["moments", "sessions"], render);

  return {
    reload: feed.reload,
    /** Opens a decision and brings it into the list's view, without moving the page. */
    show(sessionId, moment) {
      const key = `${sessionId}:${moment.id}`;
      open.add(key);
      render(new Set(["moments"]));
      const node = [...list.children].find((child) => child.dataset.key === key);
      const rail = list.closest(".rail");
      if (node && rail && rail.scrollHeight > rail.clientHeight + 4) {
        rail.scrollTop += node.getBoundingClientRect().top - rail.getBoundingClientRect().top - 12;
      }
    },
  };
}

/** What one witness said: level, state and evidence. */
function createVote(vote) {
  const fill = el("i", { class: "fill" });
  fill.style.setProperty("--level", vote.score ?? 0);
  const words = evidenceWords(vote.kind, vote.evidence).join(" · ");
  const texts = topMessages(vote.evidence).slice(0, 5);
  return el("div", { class: `vote ${vote.kind}`, data: { state: vote.state } },
    el("span", { class: "kind" }, icon(vote.kind), KIND_NAMES[vote.kind]),
    el("span", { class: "meter", "aria-hidden": "true" }, fill, el("i", { class: "mark" })),
    el("b", { text: Number.isFinite(vote.score) ? score(vote.score) : "–" }),
    el("p", { text: [voteWords(vote), words].filter(Boolean).join(" · ") }),
    texts.length ? el("ul", { class: "said" }, ...texts.map((text) => el("li", {}, el("span", { text: text.text }), el("b", { text: ` ×${text.count}` })))) : null);
}
