// A session's timeline: which part of it is shown, markers that can be reached by keyboard, a tip, and the same as a table.

import { el, memory, reconcile, setAttribute, setText } from "./dom.js";
import { drawLanes, drawOverview, readColours } from "./lanes.js";
import { firstNotBefore, isOver, position, sessionClips, sessionMoments } from "./model.js";
import { DECISIONS, KINDS, KIND_NAMES, clock, decisionWords, score, span } from "./words.js";

/** Lengths of the shown part, in seconds; infinity is everything. */
const WINDOWS = [30, 60, 180, 600, 1800, 7200, Infinity];
/** Part of the window that stays free after the playhead. */
const LEAD = 0.03;
/** Milliseconds between two pictures of the table and the overview while they are live. */
const SLOW = 1000;
/** Least milliseconds between two pictures of the lanes, and least CSS pixels that the playhead must have moved. */
const FASTEST = 40;
const LEAST_MOVE = 0.5;
const NO_LANES = { chat: [], voice: [], face: [] };
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const narrow = matchMedia("(max-width: 860px)");

export function createTimeline(store, sessionId, on) {
  const { state } = store;
  const canvas = el("canvas", { "aria-hidden": "true" });
  const marks = el("div", { class: "marks" });
  const spans = el("div", { class: "spans" });
  const cursor = el("i", { class: "cursor", hidden: true });
  const tip = el("div", { class: "tip", "aria-hidden": "true", hidden: true });
  const stage = el("div", {
    class: "stage", role: "group", tabindex: 0,
    "aria-label": "Timeline. Arrow keys move it, plus and minus zoom, End follows the stream.",
  }, canvas, marks, spans, cursor, tip);
  const label = el("output", { class: "window", "aria-label": "Shown part" });
  const follow = el("button", { class: "ghost follow", type: "button", on: { click: () => setFollow(true) } }, el("i", { class: "dot" }), "Live");
  const slider = el("input", { type: "range", min: 0, max: 1, step: "any", "aria-label": "Place in the session" });
  const overview = el("canvas", { "aria-hidden": "true" });
  const table = el("tbody");
  const alternative = el("details", { class: "as-table", on: { toggle: () => renderTable() } },
    el("summary", { text: "As a table" }),
    el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Timeline as a table" },
      el("table", {}, el("caption", { class: "visually-hidden", text: "Highest scores in each part of the timeline" }),
        el("thead", {}, el("tr", {}, ...["Time", "Chat", "Voice", "Face", "Decisions and clips"].map((text) => el("th", { scope: "col", text })))), table)));
  const zoom = (step, name, sign) => el("button", { class: "ghost square", type: "button", "aria-label": name, on: { click: () => zoomBy(step) } }, sign);
  const bar = el("div", { class: "timeline-bar" }, zoom(-1, "Zoom in", "+"), zoom(1, "Zoom out", "−"), label,
    el("div", { class: "overview" }, overview, slider), follow);

  const view = { window: 2, follow: true, end: 0, chosen: null };
  const saved = Number(memory.get("window"));
  if (memory.get("window") !== null && WINDOWS[saved]) view.window = saved;
  let head = null;
  let heard = { position: 0, at: 0 };
  let colours = null;
  let needsDrawing = true;
  let slowAt = 0;
  let visible = true;
  let pointer = null;

  let drawn = { at: 0, head: 0 };
  let sizes = null;
  let movedAt = 0;
  const session = () => state.sessions.get(sessionId);
  const length = () => Math.max(session()?.duration ?? 0, position(state, sessionId), 1);
  function dirty() { needsDrawing = true; slowAt = 0; }
  function fresh() { needsDrawing = true; }
  function setFollow(is) {
    view.follow = is;
    setAttribute(follow, "aria-pressed", String(is));
    dirty();
  }
  setFollow(true);

  /** The part that is shown, in seconds. */
  function range() {
    const whole = length();
    const width = Number.isFinite(WINDOWS[view.window]) ? WINDOWS[view.window] : whole * (1 + LEAD);
    if (view.follow) view.end = Number.isFinite(WINDOWS[view.window]) ? Math.max(head + width * LEAD, width * (1 - LEAD / 4)) : whole * (1 + LEAD / 2);
    return { from: view.end - width, to: view.end, width };
  }

  function zoomBy(step) {
    let next = Math.min(WINDOWS.length - 1, Math.max(0, view.window + step));
    // A window longer than the session is everything; from there the next smaller one that shows less.
    const beyond = (index) => index < WINDOWS.length - 1 && WINDOWS[index] >= length();
    while (beyond(next)) next += step;
    next = Math.max(0, next);
    const { from, to } = range();
    const middle = (from + to) / 2;
    view.window = next;
    memory.set("window", String(next));
    if (!view.follow) show(middle);
    dirty();
  }

  function show(time) {
    const width = Number.isFinite(WINDOWS[view.window]) ? WINDOWS[view.window] : length() * (1 + LEAD);
    setFollow(false);
    view.end = Math.min(Math.max(time + width / 2, width * 0.9), length() + width * LEAD);
    if (view.end < time) view.end = time + width / 2;
    dirty();
  }

  function panBy(seconds) {
    const { to, width } = range();
    const end = Math.min(to + seconds, length() + width * LEAD);
    setFollow(!isOver(session()) && end >= position(state, sessionId) + width * LEAD * 0.5);
    view.end = Math.max(end, Math.min(width * 0.5, length()));
    dirty();
  }

  stage.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { width } = range();
    const steps = { ArrowLeft: -0.1, ArrowRight: 0.1, PageUp: -0.8, PageDown: 0.8 };
    if (event.key in steps) panBy(width * steps[event.key]);
    else if (event.key === "+" || event.key === "=") zoomBy(-1);
    else if (event.key === "-") zoomBy(1);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") setFollow(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  slider.addEventListener("input", () => {
    const time = Number(slider.value) * length();
    if (!isOver(session()) && time >= position(state, sessionId) - 1) setFollow(true);
    else show(time);
  });

  // Dragging moves the part that is shown; a pointer that only hovers reads the lanes.
  let drag = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && !event.target.closest("button")) drag = { x: event.clientX, moved: false, id: event.pointerId };
  });
  stage.addEventListener("pointermove", (event) => {
    const box = stage.getBoundingClientRect();
    pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
    if (drag && Math.abs(event.clientX - drag.x) > 3) {
      if (!drag.moved) stage.setPointerCapture(drag.id);
      drag.moved = true;
      panBy(((drag.x - event.clientX) / box.width) * range().width);
      drag.x = event.clientX;
    }
    renderCursor();
  });
  const letGo = () => { drag = null; };
  stage.addEventListener("pointerup", letGo);
  stage.addEventListener("pointercancel", letGo);
  stage.addEventListener("pointerleave", () => { pointer = null; renderCursor(); });
  stage.addEventListener("wheel", (event) => {
    if (event.ctrlKey) { zoomBy(event.deltaY > 0 ? 1 : -1); event.preventDefault(); return; }
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (Math.abs(sideways) < 1) return;
    panBy((sideways / stage.clientWidth) * range().width);
    event.preventDefault();
  }, { passive: false });

  function renderCursor() {
    cursor.hidden = !pointer || drag?.moved === true;
    if (cursor.hidden) { if (!tip.dataset.of) tip.hidden = true; return; }
    cursor.style.setProperty("--x", `${pointer.x}px`);
    if (tip.dataset.of) return;
    const { from, width } = range();
    const time = from + (pointer.x / stage.clientWidth) * width;
    const lanes = state.signals.get(sessionId) ?? NO_LANES;
    showTip(pointer.x, clock(time, true), KINDS.map((kind) => {
      const signal = signalAt(lanes[kind], time);
      const text = !signal ? "not looked at" : Number.isFinite(signal.score) ? score(signal.score) : `missing: ${signal.missing ?? ""}`;
      return el("li", { class: kind }, el("span", { text: KIND_NAMES[kind] }), el("b", { text }));
    }));
  }

  function showTip(x, title, lines) {
    tip.replaceChildren(el("strong", { text: title }), el("ul", {}, ...lines));
    tip.hidden = false;
    const free = stage.clientWidth - tip.offsetWidth - 4;
    tip.style.setProperty("--x", `${Math.max(4, Math.min(free, x + 14 > free ? x - tip.offsetWidth - 14 : x + 14))}px`);
  }

  function tipOf(node, key, title, text) {
    const enter = () => {
      tip.dataset.of = key;
      showTip(Number(node.dataset.x), title, [el("li", { class: "free", text })]);
    };
    const leave = () => { if (tip.dataset.of === key) { delete tip.dataset.of; tip.hidden = true; } };
    node.addEventListener("pointerenter", enter);
    node.addEventListener("focus", enter);
    node.addEventListener("pointerleave", leave);
    node.addEventListener("blur", leave);
  }

  function renderMarks(from, to) {
    const width = stage.clientWidth;
    const place = (time) => ((time - from) / (to - from)) * width;
    const moments = sessionMoments(state, sessionId).filter((moment) => moment.core.end > from && moment.core.start < to);
    reconcile(marks, moments, (moment) => `${moment.id}:${moment.decision}`, (moment) => {
      const words = `${decisionWords(moment)}, ${clock(moment.core.start)}, score ${score(moment.score)}`;
      const node = el("button", {
        class: `moment-mark ${moment.decision}`, type: "button", "aria-label": `${words}. ${moment.reason}`,
        on: { click: () => on.moment(moment) },
      });
      tipOf(node, `m${moment.id}`, `${clock(moment.core.start)} ${decisionWords(moment)}`, moment.reason);
      return node;
    }, (node, moment) => {
      move(node, Math.min(width - 12, Math.max(12, place((moment.core.start + moment.core.end) / 2))));
      setAttribute(node, "data-chosen", view.chosen === moment.id ? "yes" : null);
    });
    const clips = sessionClips(state, sessionId).filter((clip) => clip.end > from && clip.start < to);
    reconcile(spans, clips, (clip) => clip.id, (clip) => {
      const node = el("button", { type: "button", on: { click: () => on.clip(clip) } }, el("span"));
      tipOf(node, `c${clip.id}`, `${clock(clip.start)}–${clock(clip.end)}, clip of ${span(clip.duration)}`, clip.title);
      return node;
    }, (node, clip) => {
      const left = Math.max(0, place(clip.start));
      setAttribute(node, "class", `clip-span ${clip.trigger.kinds.length ? clip.trigger.rule : "hand"}`);
      setAttribute(node, "aria-label", `Clip ${clip.title}, ${clock(clip.start)} to ${clock(clip.end)}: show its card`);
      setText(node.firstChild, clip.title);
      node.style.setProperty("--w", `${Math.max(8, Math.min(width, place(clip.end)) - left)}px`);
      move(node, left);
    });
    return moments;
  }

  function move(node, x) {
    node.dataset.x = String(Math.round(x));
    node.style.setProperty("--x", `${x.toFixed(1)}px`);
  }

  /** The heights of the lanes as the style sheet has them, read again when the window changes. */
  function layout() {
    if (sizes) return sizes;
    const style = getComputedStyle(stage);
    const size = (name) => parseFloat(style.getPropertyValue(name)) || 0;
    sizes = { lane: size("--lane-height"), gap: size("--lane-gap"), marks: size("--marks-height"), spans: size("--spans-height"), axis: size("--axis-height"), named: narrow.matches };
    return sizes;
  }

  /** Lets the playhead glide between two reports of a session that is played as a viewer would see it. */
  function moveHead(now) {
    const passed = Math.min(250, now - movedAt);
    movedAt = now;
    const known = position(state, sessionId);
    if (known !== heard.position) heard = { position: known, at: now };
    const running = session() && !isOver(session()) && session().pace === "realtime";
    const target = known + (running && !calm.matches ? Math.min(1, (now - heard.at) / 1000) : 0);
    if (head === null || calm.matches || Math.abs(target - head) > 8) head = target;
    else head += (target - head) * (1 - Math.exp(-passed / 130));
  }

  /** Draws if anything changed; called with each picture. A page that is open all evening must cost next to nothing. */
  function frame(now) {
    if (!visible || !stage.isConnected || now - drawn.at < FASTEST) return;
    moveHead(now);
    const moved = (Math.abs(head - drawn.head) / range().width) * stage.clientWidth;
    if (!needsDrawing && moved < LEAST_MOVE) return;
    needsDrawing = false;
    drawn = { at: now, head };
    colours ??= readColours(stage);
    const { from, to } = range();
    const moments = renderMarks(from, to).map((moment) => ({ ...moment, chosen: view.chosen === moment.id }));
    const lanes = state.signals.get(sessionId) ?? NO_LANES;
    drawLanes(canvas, { from, to, head, unseen: unseenBefore(lanes), lanes, spikes: state.spikes.get(sessionId) ?? [], moments, colours, layout: layout() });
    if (now - slowAt < SLOW) return;
    slowAt = now;
    const over = isOver(session());
    setText(label, Number.isFinite(WINDOWS[view.window]) ? span(WINDOWS[view.window]) : "all");
    follow.hidden = over;
    drawOverview(overview, { from, to, head, length: length(), moments: sessionMoments(state, sessionId), colours });
    if (document.activeElement !== slider) slider.value = String(Math.min(1, (view.follow ? head : (from + to) / 2) / length()));
    setAttribute(slider, "aria-valuetext", `${clock(from < 0 ? 0 : from)} to ${clock(to)}`);
    renderTable();
  }

  function renderTable() {
    if (!alternative.open) return;
    const { from, to } = range();
    const step = [5, 10, 30, 60, 120, 300, 600, 1800].find((size) => (to - from) / size <= 40) ?? 3600;
    const lanes = state.signals.get(sessionId) ?? NO_LANES;
    const moments = sessionMoments(state, sessionId);
    const clips = sessionClips(state, sessionId);
    const rows = [];
    for (let start = Math.max(0, Math.floor(from / step) * step); start < Math.min(to, position(state, sessionId)); start += step) {
      const told = [
        ...moments.filter((moment) => moment.core.start >= start && moment.core.start < start + step).map((moment) => DECISIONS[moment.decision].name),
        ...clips.filter((clip) => clip.start >= start && clip.start < start + step).map((clip) => `clip “${clip.title}” begins`),
      ];
      rows.push({ start, cells: [...KINDS.map((kind) => cell(lanes[kind], start, start + step)), told.join("; ") || "–"] });
    }
    reconcile(table, rows.reverse(), (row) => row.start,
      (row) => el("tr", {}, el("th", { scope: "row", text: clock(row.start) }), ...row.cells.map(() => el("td"))),
      (node, row) => row.cells.forEach((text, index) => setText(node.children[index + 1], text)));
  }

  const seen = new IntersectionObserver((entries) => { visible = entries.some((entry) => entry.isIntersecting); dirty(); });
  seen.observe(stage);
  const sized = new ResizeObserver(() => { sizes = null; dirty(); });
  sized.observe(stage);

  return {
    stage, bar, alternative, dirty, fresh, frame, show, zoomBy,
    followLive() { setFollow(true); },
    showAll() { view.window = WINDOWS.length - 1; setFollow(true); },
    /** Moves to a moment and lights it up. */
    choose(moment) {
      view.chosen = moment.id;
      show((moment.core.start + moment.core.end) / 2);
    },
    recolour() { colours = null; dirty(); },
    dispose() { seen.disconnect(); sized.disconnect(); },
  };
}

/** Where the known levels begin; null where they are known from the beginning. A detector's first word may come late. */
function unseenBefore(lanes) {
  const first = Math.min(...KINDS.map((kind) => lanes[kind][0]?.start ?? Infinity));
  return Number.isFinite(first) && first > 5 ? first : null;
}

function signalAt(lane, time) {
  const index = firstNotBefore(lane, time + 1e-6) - 1;
  const signal = lane[index];
  return signal && time < signal.end + 0.01 ? signal : null;
}

function cell(lane, start, end) {
  const inside = lane.filter((signal) => signal.end > start && signal.start < end);
  if (!inside.length) return "not looked at";
  const scores = inside.map((signal) => signal.score).filter(Number.isFinite);
  return scores.length ? score(Math.max(...scores)) : `missing: ${inside[0].missing ?? "no reason given"}`;
}
