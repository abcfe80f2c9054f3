// How loud a live stream is, and whether somebody speaks.

import { el, setAttribute, setText } from "./dom.js";
import { loudness } from "./model.js";
import { decibels } from "./words.js";

/** The quietest level that the meter shows, in dBFS. */
const FLOOR = -60;
/** Milliseconds without a level after which the meter is empty. */
const STALE = 2000;

export function createLoudness() {
  const fill = el("i", { class: "fill" });
  const peak = el("i", { class: "peak", hidden: true });
  const figure = el("span", { class: "figure", "aria-hidden": "true" });
  const meter = el("div", { class: "column", role: "meter", "aria-label": "Loudness", "aria-valuemin": FLOOR, "aria-valuemax": 0, "aria-valuenow": FLOOR }, fill, peak);
  const node = el("div", { class: "loudness", hidden: true }, meter, figure);
  const speech = el("span", { class: "speech", hidden: true }, el("i", { class: "lamp", "aria-hidden": "true" }), "speech");
  let timer = null;

  /** @param shown whether the session is live and runs. */
  function render(state, sessionId, shown) {
    node.hidden = !shown;
    clearTimeout(timer);
    const { last, peak: loudest } = shown ? loudness(state, sessionId) : { last: null, peak: null };
    draw(last, loudest);
    if (last) timer = setTimeout(() => draw(null, null), STALE);
  }

  function draw(last, loudest) {
    const heard = Number.isFinite(last?.loudness);
    fill.style.setProperty("--level", heard ? part(last.loudness).toFixed(3) : "0");
    peak.hidden = !Number.isFinite(loudest) || part(loudest) === 0;
    peak.style.setProperty("--level", part(loudest ?? FLOOR).toFixed(3));
    speech.hidden = !last?.isSpeech;
    setAttribute(node, "data-speech", last?.isSpeech ? "yes" : null);
    setAttribute(meter, "aria-valuenow", heard ? Math.round(Math.max(FLOOR, last.loudness)) : FLOOR);
    setAttribute(meter, "aria-valuetext", heard ? `${decibels(last.loudness)} of full scale${last.isSpeech ? ", somebody speaks" : ""}` : "no sound");
    setText(figure, heard ? decibels(Math.max(FLOOR, last.loudness)) : "–");
  }

  return { node, speech, render, dispose: () => clearTimeout(timer) };
}

/** A loudness as part of the meter, 0…1. */
const part = (value) => Math.min(1, Math.max(0, 1 - value / FLOOR));
