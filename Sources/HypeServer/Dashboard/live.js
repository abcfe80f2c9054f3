// The sessions that are watched: a panel for each with gauges, timeline and what can be done.

import { api } from "./api.js";
import { byId, el, icon, reconcile, setAttribute, setText } from "./dom.js";
import { createGauge } from "./gauge.js";
import { isOver, newestFirst, position } from "./model.js";
import { confirm, note, orNote } from "./notes.js";
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

  /** The panel that single keys are meant for: the one touched last, else the first that runs. */
  function current() {
    return panels.get(selected) ?? panels.get(shown()[0]?.id);
  }

  store.watch(["sessions", "signals", "moments", "clips"], render);
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

function createPanel(store, id, on) {
  const { state } = store;
  const session = () => state.sessions.get(id);
  const gauges = KINDS.map(createGauge);
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
    warnings,
    el("div", { class: "monitor" },
      el("div", { class: "gauges" }, ...gauges.map((gauge) => gauge.node),
        el("p", { class: "row-name marks-name", text: "Decisions" }), el("p", { class: "row-name clips-name", text: "Clips" })),
      timeline.stage),
    timeline.bar, quiet, timeline.alternative);
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

  function render(parts) {
    const now = session();
    const over = isOver(now);
    if (was === null && over) timeline.showAll();
    if (was === false && over) timeline.dirty();
    was = over;
    if (parts.has("signals") || parts.has("sessions") || (over && parts.has("moments"))) for (const gauge of gauges) gauge.render(state, id, over);
    setAttribute(node, "data-state", now.state);
    setText(lamp.lastChild, now.state === "running" && now.pace === "fast" ? "Fast" : STATES[now.state] ?? now.state);
    setText(name, sessionName(now));
    setText(clockNode.firstChild, clock(position(state, id)));
    setText(clockNode.lastChild, now.duration ? ` of ${clock(now.duration)}` : "");
    clip.hidden = over;
    stop.hidden = over;
    closeButton.hidden = !over;
    const told = [...(now.reason ? [now.reason] : []), ...now.warnings];
    warnings.hidden = told.length === 0;
    setAttribute(warnings, "data-tone", now.state === "failed" ? "bad" : "warn");
    reconcile(warnings, told, (text) => text, (text) => el("li", { text }));
    quiet.hidden = !over || state.signals.has(id);
    timeline.fresh();
  }

  return { node, render, timeline, clipThat, askToStop, dispose: timeline.dispose };
}
