// Holds the state and tells the views, at most once per picture, which parts changed.

import { apply, emptyState } from "./model.js";

/** Time between two deliveries while nobody sees the page, in milliseconds. */
const HIDDEN_PAUSE = 500;

export function createStore() {
  const state = emptyState();
  const views = [];
  const changed = new Set();
  let scheduled = false;

  function deliver() {
    scheduled = false;
    const parts = new Set(changed);
    changed.clear();
    for (const view of views) if (view.parts.some((part) => parts.has(part))) view.render(parts);
  }

  function touch(...parts) {
    for (const part of parts) changed.add(part);
    if (scheduled || !changed.size) return;
    scheduled = true;
    if (document.hidden) setTimeout(deliver, HIDDEN_PAUSE);
    else requestAnimationFrame(deliver);
  }

  return {
    state,
    touch,
    /** Applies an event of the server. */
    apply(kind, payload) { touch(...apply(state, kind, payload)); },
    /** Calls `render` after any of these parts changed. */
    watch(parts, render) { views.push({ parts, render }); },
  };
}
