// The choice of a session in a filter.

import { el, reconcile, setText } from "./dom.js";
import { newestFirst } from "./model.js";
import { sessionName, when } from "./words.js";

/** Fills a select with the known sessions, newest first; what is chosen stays chosen. */
export function fillSessions(select, state) {
  const known = [...state.sessions.keys()].join();
  if (select.dataset.known === known) return;
  select.dataset.known = known;
  const chosen = select.value;
  const options = [{ id: "", text: "All sessions" }, ...[...state.sessions.values()].sort(newestFirst)
    .map((session) => ({ id: session.id, text: `${sessionName(session)}, ${when(session.startedAt)}` }))];
  reconcile(select, options, (option) => option.id, (option) => el("option", { value: option.id }), (node, option) => setText(node, option.text));
  if (select.value !== chosen) select.value = chosen;
}
