// Puts the page together: state, requests, the stream of events, the views.

import { api, whenUnauthorized } from "./api.js";
import { createClips } from "./clips.js";
import { createDeletions } from "./deletions.js";
import { byId, el } from "./dom.js";
import { createEvents } from "./events.js";
import { createHeader } from "./header.js";
import { createLive } from "./live.js";
import { createMoments } from "./moments.js";
import { note, orNote } from "./notes.js";
import { partNews } from "./parts.js";
import { createShortcuts } from "./shortcuts.js";
import { createStart } from "./start.js";
import { createStore } from "./store.js";
import { createTwitch } from "./twitch.js";
import { sessionName } from "./words.js";

const VIEWS = ["live", "clips", "moments", "deletions"];
/** Sessions that are loaded at first, and with each press on "Show more sessions". */
const SESSION_PAGE = 30;
const wide = matchMedia("(min-width: 1100px)");

const store = createStore();
const { state } = store;

const header = createHeader(store, {
  loggedIn: () => begin(),
  async logOut() {
    await orNote(() => api.logOut());
    askForLogin();
  },
  recolour: () => live.recolour(),
});
const live = createLive(store, {
  moment(sessionId, moment) {
    live.choose(sessionId, moment);
    moments.show(sessionId, moment);
  },
  clip(clip) {
    go("clips", false);
    clips.show(clip);
  },
});
const clips = createClips(store, { timeline: (clip) => showInTimeline(clip.sessionId, (timeline) => timeline.show((clip.start + clip.end) / 2)) });
const moments = createMoments(store, {
  chosen: (entry) => live.choose(entry.sessionId, entry.moment),
  timeline: (entry) => showInTimeline(entry.sessionId, (timeline) => timeline.choose(entry.moment)),
});
const deletions = createDeletions(store);
const start = createStart({ started });
const twitch = createTwitch({ started });

/** Shows a session that was just started. */
function started(session) {
  store.apply("session", session);
  go("live", false);
  live.open(session.id);
  requestAnimationFrame(() => live.open(session.id, true));
}

/** Shows a session's panel, also one of long ago, and moves its timeline. */
async function showInTimeline(sessionId, move) {
  if (!state.sessions.has(sessionId)) {
    const session = await orNote(() => api.session(sessionId));
    if (!session) return;
    store.apply("session", session);
  }
  go("live", false);
  const panel = live.open(sessionId);
  panel.node.scrollIntoView({ block: "nearest" });
  move(panel.timeline);
  panel.timeline.stage.focus({ preventScroll: true });
}

// Where a list would be too long for a phone, one part is shown at a time; the address names it.
function go(view, moveFocus = true) {
  if (location.hash !== `#${view}`) history.replaceState(null, "", `#${view}`);
  showView(view);
  if (!moveFocus) return;
  byId(view).focus({ preventScroll: true });
  byId(view).scrollIntoView({ block: "start" });
}
function showView(view) {
  document.body.dataset.view = view;
  for (const link of document.querySelectorAll(".tabs a")) {
    if (link.hash === `#${view}`) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  }
}
for (const link of document.querySelectorAll(".tabs a, .skip")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go(link.hash.slice(1));
    if (!wide.matches) scrollTo(0, 0);
  });
}
addEventListener("hashchange", () => go(VIEWS.includes(location.hash.slice(1)) ? location.hash.slice(1) : "live"));
showView(VIEWS.includes(location.hash.slice(1)) ? location.hash.slice(1) : "live");

createShortcuts([
  { keys: ["c"], text: "Clip that: cut a clip around now", run: () => live.current(true)?.clipThat() },
  { keys: ["n"], text: "New session", run: () => start.open() },
  { keys: ["x"], text: "Stop the session", run: () => live.current(true)?.askToStop() },
  { keys: ["1", "2", "3", "4"], text: "Live, clips, decisions, deletions" },
  ...VIEWS.map((view, index) => ({ keys: [String(index + 1)], run: () => go(view) })),
  { keys: ["j", "k"], text: "Next clip, previous clip" },
  { keys: ["j"], run: () => { go("clips", false); clips.step(1); } },
  { keys: ["k"], run: () => { go("clips", false); clips.step(-1); } },
  { keys: ["Enter", "e", "p", "Delete"], text: "On a clip: play, edit the title, keep, delete" },
  { keys: ["/"], text: "Find a clip by its title", run: () => { go("clips", false); clips.focusSearch(); } },
  { keys: ["+", "-"], text: "Zoom the timeline" },
  { keys: ["+", "="], run: () => live.current()?.timeline.zoomBy(-1) },
  { keys: ["-"], run: () => live.current()?.timeline.zoomBy(1) },
  { keys: ["ArrowLeft", "ArrowRight"], text: "On the timeline: move it" },
  { keys: ["l"], text: "Follow the stream again", run: () => live.current()?.timeline.followLive() },
  { keys: ["t"], text: "Theme: as the system, dark, light", run: header.nextTheme },
  { keys: ["?"], text: "This help" },
]);

// Data: the stream of events opens first and the lists are loaded then, so that nothing falls between the two.
const events = createEvents({
  opened() {
    setConnection("open");
    load();
  },
  lost: () => setConnection("lost"),
  async refused() {
    const login = await api.login().catch(() => null);
    if (!login || !login.required || login.authenticated) return true;
    askForLogin();
    return false;
  },
  event(kind, payload) {
    if (kind === "new_clip" && !state.clips.has(payload.id) && !state.gone.has(payload.id)) note(`New clip: ${payload.title}`, "good");
    if (kind === "session") tellParts(payload);
    store.apply(kind, payload);
  },
});

/** Says politely how the parts of a live session changed. */
function tellParts(session) {
  const news = partNews(state.sessions.get(session.id), session);
  if (news) note(`${sessionName(session)}: ${news.text}`, news.isGood ? "good" : "warn");
}

function setConnection(connection) {
  state.connection = connection;
  store.touch("connection");
}

function askForLogin() {
  events.stop();
  setConnection("connecting");
  state.login = { required: true, authenticated: false };
  store.touch("login");
}
whenUnauthorized(askForLogin);

const sessionList = { next: null };
async function loadSessions(cursor) {
  const page = await api.sessions({ limit: SESSION_PAGE, cursor });
  for (const session of page.items) store.apply("session", session);
  sessionList.next = page.next ?? null;
  const more = byId("earlier").querySelector(".more");
  more.hidden = sessionList.next === null;
  state.listed = true;
  store.touch("sessions");
}
byId("earlier").querySelector(".more").addEventListener("click", () => orNote(() => loadSessions(sessionList.next)));

async function load() {
  await Promise.all([
    orNote(async () => store.apply("health", await api.health())),
    orNote(() => loadSessions(null)),
    clips.reload(), moments.reload(), deletions.reload(), twitch.load(),
  ]);
}

function fillEmpty() {
  byId("live-empty").append(
    el("img", { src: "/dashboard/lanes.svg", alt: "", width: 320, height: 120 }),
    el("h2", { text: "Nothing is being watched" }),
    el("p", { text: "Send a live stream, or give a recording with its chat log. Chat, voice and face are watched side by side; where two agree, a clip is cut, with the seconds before." }),
    el("p", { class: "acts" },
      el("button", { class: "primary", type: "button", text: "Watch a live stream", on: { click: () => start.open([], "live") } }),
      el("button", { class: "ghost", type: "button", text: "Choose a recording", on: { click: () => start.open([], "recording") } })),
    el("p", { class: "fine", text: "Or drop files anywhere on this page." }),
  );
}

async function begin() {
  try {
    state.login = await api.login();
  } catch (error) {
    // The stream of events goes on trying and says when the server is back.
    state.login = { required: false, authenticated: true };
    if (error.status !== 0) note(error.message, "bad");
  }
  store.touch("login");
  if (!state.login.required || state.login.authenticated) events.start();
}

fillEmpty();
begin();
