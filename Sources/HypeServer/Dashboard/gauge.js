// One witness as a level meter: score, alarm threshold, peak of the last seconds, and what it saw in words.

import { el, icon, setAttribute, setText } from "./dom.js";
import { gauge, sessionMoments } from "./model.js";
import { KIND_NAMES, evidenceWords, score, topMessages } from "./words.js";

/** The detectors' own alarm threshold. */
const THRESHOLD = 0.5;
/** Media seconds after which a gauge says that its last signal is old. */
const STALE = 6;
const UNSEEN = "Not looked at: faces are examined where chat or voice rises.";

/** @param beside elements that a gauge carries besides its own: `{ title, side }`. */
export function createGauge(kind, beside = {}) {
  const value = el("b", { class: "value" });
  const note = el("span", { class: "note" });
  const fill = el("i", { class: "fill" });
  const peak = el("i", { class: "peak", hidden: true });
  const meter = el("div", {
    class: "meter", role: "meter", "aria-label": `${KIND_NAMES[kind]} score`, "aria-valuemin": 0, "aria-valuemax": 1, "aria-valuenow": 0,
  }, fill, peak, el("i", { class: "mark" }));
  const words = el("p", { class: "words" });
  const said = el("ul", { class: "said", "aria-label": "Said most often" });
  const node = el("div", { class: `gauge ${kind}`, data: { kind } },
    el("h3", {}, icon(kind), el("span", { text: KIND_NAMES[kind] }), beside.title ?? null, note, value), meter, words, kind === "chat" ? said : null, beside.side ?? null);

  /** @param over whether the session is over: then the gauge shows no level. */
  function render(state, sessionId, over) {
    const { last, peak: highest, behind } = gauge(state, sessionId, kind);
    const shown = over ? summary(kind, sessionMoments(state, sessionId)) : describe(kind, last, behind, state.sessions.get(sessionId)?.state === "running");
    setAttribute(node, "data-state", shown.state);
    setText(value, shown.state === "alarm" || shown.state === "calm" ? score(last.score) : "–");
    setText(note, shown.note);
    fill.style.setProperty("--level", shown.level);
    peak.hidden = highest === null || over || shown.level === 0;
    peak.style.setProperty("--level", highest ?? 0);
    setAttribute(meter, "aria-valuenow", shown.level.toFixed(2));
    setAttribute(meter, "aria-valuetext", shown.spoken);
    setText(words, shown.words);
    setAttribute(words, "title", shown.words || null);
    if (kind === "chat") renderSaid(shown.state === "missing" || over ? [] : topMessages(last?.evidence).slice(0, 6));
  }

  function renderSaid(texts) {
    const line = texts.map((said) => `${said.text}\u0000${said.count}`).join("\u0001");
    if (said.dataset.line === line) return;
    said.dataset.line = line;
    said.replaceChildren(...texts.map((text) => el("li", { title: text.text }, el("span", { text: text.text }), el("b", { text: ` ×${text.count}` }))));
  }

  return { node, render };
}

/** What a witness did in a session that is over. */
function summary(kind, moments) {
  const votes = moments.filter((moment) => moment.decision !== "nearMiss").map((moment) => moment.votes.find((vote) => vote.kind === kind))
    .filter((vote) => vote?.state === "present");
  const highest = Math.max(0, ...votes.map((vote) => vote.score ?? 0));
  const words = votes.length
    ? `Spoke for ${votes.length} ${votes.length === 1 ? "moment" : "moments"}, highest ${score(highest)}.`
    : "Spoke for no moment.";
  return { state: "idle", level: 0, note: "", words, spoken: `the session is over. ${words}` };
}

function describe(kind, last, behind, running) {
  if (!last && running && kind === "face") return { state: "idle", level: 0, note: "", words: UNSEEN, spoken: UNSEEN };
  if (!last) return { state: "idle", level: 0, note: "", words: "Waiting for the first signal…", spoken: "no signal yet" };
  if (!Number.isFinite(last.score)) {
    const reason = last.missing ?? "no reason given";
    return { state: "missing", level: 0, note: "missing", words: reason, spoken: `missing: ${reason}` };
  }
  if (behind > STALE) {
    const words = kind === "face"
      ? UNSEEN
      : `Nothing new for ${Math.round(behind)} s.`;
    return { state: "idle", level: 0, note: "", words, spoken: words };
  }
  const alarm = last.score >= THRESHOLD;
  return {
    state: alarm ? "alarm" : "calm",
    level: last.score,
    note: alarm ? "alarm" : "",
    words: evidenceWords(kind, last.evidence).join(" · "),
    spoken: `${score(last.score)}, ${alarm ? "over" : "below"} the alarm threshold of 0.5`,
  };
}
