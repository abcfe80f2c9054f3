// The sessions that are watched: a panel for each with gauges, timeline and what can be done.

import { api } from "./api.js";
import { byId, el, icon, reconcile, setAttribute, setText } from "./dom.js";
import { createGauge } from "./gauge.js";
import { createLoudness } from "./loudness.js";
import { isLive, isOver, newestFirst, position } from "./model.js";
import { confirm, note, orNote } from "./notes.js";
import { createDetails, createParts, createWaiting } from "./parts.js";
import { createTimeline } from "./timeline.js";
import { KINDS, clock, sessionName, when } from "./words.js";

/** Most pages of decisions and of clips that are loaded for one timeline, 200 each. */
const PAGES = 10;
const STATES = { starting: "Getting ready", running: "Live", finished: "Finished", stopped: "Stopped", failed: "Failed" };

export function createLive(store, on) {
  const { state } = store;
  const panels = new Map();
  /** Sessions that a person opened, or that ran while the page was open. */
  const opened = new Set();
  let selected = null;

  function shown() {
    for (const session of state.sessions.values()) if (!isOver(session)) opened.add(session.id);
    return [...state.sessions.values()].filter((session) => opened.has(session.id))
      .sort((left, right) => Number(isOver(left)) - Number(isOver(right)) || newestFirst(left, right));
  }

  function render(parts) {
    const sessions = shown();
    reconcile(byId("panels"), sessions, (session) => session.id, (session) => {
      const panel = createPanel(store, session.id, { ...on, select: () => { selected = session.id; }, close });
      panels.set(session.id, panel);
      return panel.node;
    }, (node, session) => panels.get(session.id).render(parts));
    for (const [id, panel] of panels) {
      if (opened.has(id) && state.sessions.has(id)) continue;
      panel.dispose();
      panels.delete(id);
    }
    renderEarlier(sessions);
    const running = sessions.some((session) => !isOver(session));
    byId("live-empty").hidden = sessions.length > 0 || !state.listed;
    byId("live-empty").classList.toggle("known", state.sessions.size > 0);
    document.body.dataset.onAir = running ? "yes" : "no";
    document.title = running ? "● Hypeclip" : "Hypeclip";
  }

  function renderEarlier(sessions) {
    const rest = [...state.sessions.values()].filter((session) => !opened.has(session.id)).sort(newestFirst);
    const place = byId("earlier");
    place.hidden = rest.length === 0;
    setText(place.querySelector(".count"), String(rest.length));
    if (!place.dataset.touched && rest.length) { place.open = sessions.length === 0; place.dataset.touched = "yes"; }
    reconcile(place.querySelector("ul"), rest, (session) => session.id,
      (session) => el("li", {}, el("button", { type: "button", on: { click: () => open(session.id, true) } },
        el("i", { class: "lamp" }), el("b"), el("span", { class: "fine" }))),
      (node, session) => {
        const button = node.firstChild;
        setAttribute(button, "data-state", session.state);
        setText(button.children[1], sessionName(session));
        setText(button.children[2], `${STATES[session.state].toLowerCase()} · ${session.clips} ${session.clips === 1 ? "clip" : "clips"} · ${when(session.startedAt)}`);
      });
  }

  /** Shows a session's panel, loading what it decided and cut. */
  function open(id, focus = false) {
    if (!opened.has(id)) {
      opened.add(id);
      render(new Set(["sessions"]));
    }
    selected = id;
    const panel = panels.get(id);
    if (focus) panel?.node.querySelector(".stage").focus();
    return panel;
  }

  function close(id) {
    opened.delete(id);
    if (selected === id) selected = null;
    render(new Set(["sessions"]));
    byId("live").focus();
  }

  /**
   * The panel that single keys are meant for: the one touched last while it is in view, else the one most in view, else the newest.
   * @param running whether sessions that are over come last, as for keys that do something to a stream.
   */
  function current(running = false) {
    const candidates = shown().map((session) => {
      const panel = panels.get(session.id);
      const height = inView(panel.node);
      return { panel, rank: [!running || !isOver(session), height > 0, session.id === selected, height].map(Number) };
    });
    candidates.sort((left, right) => left.rank.map((value, place) => right.rank[place] - value).find((difference) => difference !== 0) ?? 0);
    return candidates[0]?.panel;
  }

  store.watch(["sessions", "signals", "moments", "clips"], render);
  store.watch(["levels"], () => { for (const panel of panels.values()) panel.renderLevel(); });
  const loop = (now) => {
    for (const panel of panels.values()) panel.timeline.frame(now);
    requestAnimationFrame(loop);
  };
  requestAnimationFrame(loop);

  return {
    open, current,
    has: (id) => opened.has(id),
    ids: () => [...panels.keys()],
    recolour() { for (const panel of panels.values()) panel.timeline.recolour(); },
    /** Moves a session's timeline to a moment, where the session is shown. */
    choose(id, moment) { panels.get(id)?.timeline.choose(moment); },
  };
}

/** How many CSS pixels of an element's height can be seen below the bar at the top. */
function inView(node) {
  const box = node.getBoundingClientRect();
  const bar = document.querySelector(".top").offsetHeight;
  return box.width ? Math.max(0, Math.min(box.bottom, innerHeight) - Math.max(box.top, bar)) : 0;
}

/** The word beside the lamp. */
function onAirWords(session) {
  if (session.state === "starting" && isLive(session)) return "Waiting";
  if (session.state !== "running") return STATES[session.state] ?? session.state;
  if (!isLive(session)) return session.pace === "fast" ? "Fast" : "Playing";
  return isInterrupted(session) ? "No signal" : "Live";
}

const isInterrupted = (session) => isLive(session) && session.state === "running"
  && session.parts?.some((part) => part.name === "source" && part.state === "missing") === true;

function createPanel(store, id, on) {
  const { state } = store;
  const session = () => state.sessions.get(id);
  const loudness = createLoudness();
  const gauges = KINDS.map((kind) => createGauge(kind, kind === "voice" ? { title: loudness.speech, side: loudness.node } : {}));
  const parts = createParts();
  const waiting = createWaiting();
  const details = createDetails(async () => {
    const fresh = await api.session(id).catch(() => null);
    if (fresh) store.apply("session", fresh);
  });
  const timeline = createTimeline(store, id, { moment: (moment) => on.moment(id, moment), clip: on.clip });
  const name = el("h2", { id: `panel-${id}` });
  const lamp = el("p", { class: "on-air" }, el("i", { class: "lamp", "aria-hidden": "true" }), el("span"));
  const clockNode = el("p", { class: "position" }, el("b"), el("span"));
  const clip = el("button", { class: "primary hot", type: "button", "aria-keyshortcuts": "C", on: { click: () => clipThat() } }, icon("scissors"), el("span", { text: "Clip that" }));
  const stop = el("button", { class: "ghost", type: "button", on: { click: () => askToStop() } }, icon("stop"), el("span", { text: "Stop" }));
  const closeButton = el("button", { class: "ghost", type: "button", hidden: true, on: { click: () => on.close(id) } }, icon("close"), el("span", { text: "Close" }));
  const warnings = el("ul", { class: "warnings", hidden: true });
  const quiet = el("p", { class: "fine quiet", hidden: true, text: "The levels of a session are shown live and not kept. The blocks are what its decisions saw." });
  const node = el("article", { class: "panel session", "aria-labelledby": name.id, on: { focusin: on.select, pointerdown: on.select } },
    el("header", { class: "panel-head" }, lamp, name, clockNode, el("div", { class: "actions" }, clip, stop, closeButton)),
    parts.node, warnings, waiting.node,
    el("div", { class: "monitor" },
      el("div", { class: "gauges" }, ...gauges.map((gauge) => gauge.node),
        el("p", { class: "row-name marks-name", text: "Decisions" }), el("p", { class: "row-name clips-name", text: "Clips" })),
      timeline.stage),
    timeline.bar, quiet, timeline.alternative, details.node);
  let was = null;
  loadPast();

  async function loadPast() {
    await orNote(() => Promise.all([everyPage(api.moments, "moment"), everyPage(api.clips, "new_clip"), recentLevels()]));
    timeline.dirty();
  }

  /** The levels of the last minutes, which no event repeats. */
  async function recentLevels() {
    if (isOver(session())) return;
    const answer = await api.signals(id);
    for (const item of answer.items) store.apply("signal", item);
  }

  async function everyPage(ask, kind) {
    let cursor = null;
    for (let page = 0; page < PAGES; page += 1) {
      const answer = await ask({ session: id, limit: 200, cursor });
      for (const item of answer.items) store.apply(kind, item);
      cursor = answer.next;
      if (!cursor) return;
    }
  }

  async function clipThat() {
    if (isOver(session())) { note("The session is over; there is nothing to clip.", "bad"); return; }
    if (isLive(session()) && session().state === "starting") { note("The stream has not arrived yet; clips can be cut once it has.", "warn"); return; }
    clip.disabled = true;
    const answer = await orNote(() => api.trigger(id));
    clip.disabled = false;
    if (answer) note(`Clipping around ${clock(position(state, id))}…`);
  }

  async function askToStop() {
    const sure = await confirm({
      title: "Stop this session?",
      text: `“${sessionName(session())}” will not be watched any further. What is being cut is finished first.`,
      action: "Stop",
    });
    if (!sure) return;
    const stopped = await orNote(() => api.stop(id));
    if (stopped) store.apply("session", stopped);
  }

  function renderLevel() {
    const now = session();
    if (!now) return;
    loudness.render(state, id, isLive(now) && !isOver(now));
    if (!isOver(now)) setText(clockNode.firstChild, clock(position(state, id)));
  }

  function render(changed) {
    const now = session();
    const over = isOver(now);
    if (was === null && over) timeline.showAll();
    if (was === false && over) timeline.dirty();
    was = over;
    if (changed.has("signals") || changed.has("sessions") || (over && changed.has("moments"))) for (const gauge of gauges) gauge.render(state, id, over);
    setAttribute(node, "data-state", now.state);
    setAttribute(node, "data-live", isLive(now) ? "yes" : null);
    setAttribute(node, "data-interrupted", isInterrupted(now) ? "yes" : null);
    setText(lamp.lastChild, onAirWords(now));
    setText(name, sessionName(now));
    setText(clockNode.firstChild, clock(position(state, id)));
    setText(clockNode.lastChild, now.duration ? ` of ${clock(now.duration)}` : "");
    clip.hidden = over;
    setAttribute(clip, "aria-disabled", isLive(now) && now.state === "starting" ? "true" : null);
    stop.hidden = over;
    closeButton.hidden = !over;
    const told = [...(now.reason ? [now.reason] : []), ...now.warnings];
    warnings.hidden = told.length === 0;
    setAttribute(warnings, "data-tone", now.state === "failed" ? "bad" : "warn");
    reconcile(warnings, told, (text) => text, (text) => el("li", { text }));
    quiet.hidden = !over || state.signals.has(id);
    if (changed.has("sessions")) {
      parts.render(now);
      waiting.render(now);
      details.render(state, now);
      renderLevel();
    }
    timeline.fresh();
  }

  function dispose() {
    timeline.dispose();
    loudness.dispose();
    details.dispose();
  }

  return { node, render, renderLevel, timeline, clipThat, askToStop, dispose };
}
