// The parts of a live session: small badges, what it waits for, and the details with the log of changes.

import { api } from "./api.js";
import { el, reconcile, setAttribute, setText } from "./dom.js";
import { createCopyLine } from "./keys.js";
import { isLive, isOver, partChanges } from "./model.js";
import { clock, driftWords, lagWords, partName, when } from "./words.js";

const STATES = { ok: "works", degraded: "works in part", missing: "missing" };
const SOURCES = { rtmp: "an encoder, by RTMP", url: "fetched from", capture: "devices of the server's machine" };
/** Milliseconds between two looks at what no event tells, while the details are open. */
const PAUSE = 10_000;

/** Badges in a row; a part that works is quiet, one that does not says why. */
export function createParts() {
  const node = el("ul", { class: "part-badges", "aria-label": "Parts of the stream", hidden: true });
  return {
    node,
    render(session) {
      node.hidden = !isLive(session) || isOver(session) || !session.parts?.length;
      if (node.hidden) return;
      reconcile(node, session.parts, (part) => part.name,
        () => el("li", {}, el("i", { class: "lamp", "aria-hidden": "true" }), el("b"), el("span", { class: "visually-hidden" }), el("span", { class: "why" })),
        (badge, part) => {
          setAttribute(badge, "data-state", part.state);
          setAttribute(badge, "data-quiet", isExpected(session, part) ? "yes" : null);
          setText(badge.children[1], partName(part.name));
          setText(badge.children[2], `: ${STATES[part.state] ?? part.state}`);
          setText(badge.children[3], part.state === "ok" ? "" : part.reason ?? STATES[part.state]);
          setAttribute(badge, "title", part.state === "ok" ? null : part.reason);
        });
    },
  };
}

/** Whether a part is as it has to be: nothing has arrived yet, or nobody named a chat. */
function isExpected(session, part) {
  return part.state !== "ok" && (session.state === "starting" || (part.name === "chat" && !session.channel));
}

/** What a change of parts is for somebody who does not look; null where it needs no word. */
export function partNews(before, after) {
  if (before?.state !== "running") return null;
  const changes = partChanges(before, after)
    .filter((part) => before.parts.some((was) => was.name === part.name && was.state !== part.state) && !isExpected(after, part));
  if (!changes.length) return null;
  const words = (part) => (part.state === "ok" ? `${partName(part.name)} works` : `${partName(part.name)} ${STATES[part.state]}${part.reason ? `: ${part.reason}` : ""}`);
  return { text: changes.map(words).join("; "), isGood: changes.every((part) => part.state === "ok") };
}

/** What a session waits for before its first picture. */
export function createWaiting() {
  const title = el("p", { class: "waiting-title" }, el("i", { class: "lamp", "aria-hidden": "true" }), el("b"));
  const server = createCopyLine("Server");
  const secret = createCopyLine("Stream Key", true);
  const lines = el("div", { class: "copy-lines", hidden: true }, server.node, secret.node);
  const hint = el("p", { class: "fine" });
  const reason = el("p", { class: "reason", hidden: true });
  const node = el("div", { class: "waiting", hidden: true }, title, lines, hint, reason);
  let asked = false;

  async function ask(name) {
    asked = true;
    try {
      const ingest = await api.ingest();
      const key = ingest.keys.find((candidate) => candidate.name === name);
      server.set(ingest.url);
      secret.set(key?.key ?? "");
      lines.hidden = !key;
      setText(hint, key
        ? `Start the stream in OBS or another encoder with this server and the key “${name}”; watching begins with the first picture.`
        : `The stream key “${name}” is gone. Stop the session and start another with a key that exists.`);
    } catch (error) {
      // The next change of the session asks again.
      asked = false;
      setText(hint, error.message);
    }
  }

  return {
    node,
    render(session) {
      node.hidden = session.state !== "starting" || !isLive(session);
      if (node.hidden) return;
      const { kind, name } = session.source;
      setText(title.lastChild, { rtmp: `Waiting for the encoder with the key “${name}”`, url: `Waiting for the stream at ${name}`, capture: `Opening ${name}` }[kind]);
      if (kind === "rtmp" && !asked) ask(name);
      hint.hidden = kind !== "rtmp";
      reason.hidden = kind === "rtmp";
      if (kind !== "rtmp") setText(reason, session.parts?.find((part) => part.name === "source")?.reason ?? "");
    },
  };
}

/** Facts about a live session, and the log of its parts. @param refresh asks the server for the session. */
export function createDetails(refresh) {
  const facts = el("dl", { class: "session-facts" });
  const log = el("ol", { class: "part-log" });
  const none = el("p", { class: "fine", text: "No part changed while this page was open." });
  let timer = null;
  const look = () => { if (node.open) refresh(); };
  const node = el("details", { class: "as-table session-details", hidden: true, on: { toggle: () => { clearInterval(timer); timer = node.open ? setInterval(look, PAUSE) : null; look(); } } },
    el("summary", { text: "Details" }), facts, el("h3", { text: "What changed" }), log, none);
  return {
    node,
    render(state, session) {
      node.hidden = !isLive(session);
      if (node.hidden || !node.open) return;
      if (isOver(session)) { clearInterval(timer); timer = null; }
      const { kind, name } = session.source;
      const rows = [
        ["Source", `${SOURCES[kind]}${kind === "rtmp" ? `, key “${name}”` : ` ${name}`}`],
        ["Began", when(session.startedAt)],
        session.channel ? ["Chat of", session.channel] : null,
        session.channel && session.chatLag ? ["Chat answers", lagWords(session.chatLag)] : null,
        ["Sender's clock", Number.isFinite(session.drift) ? driftWords(session.drift) : "not known yet"],
      ].filter(Boolean);
      reconcile(facts, rows, (row) => row[0], ([title]) => el("div", {}, el("dt", { text: title }), el("dd")), (line, row) => setText(line.lastChild, row[1]));
      const entries = (state.partLog.get(session.id) ?? []).map((entry, index) => ({ ...entry, index })).reverse();
      none.hidden = entries.length > 0;
      reconcile(log, entries, (entry) => `${entry.time}:${entry.name}:${entry.state}:${entry.index}`,
        (entry) => el("li", { data: { state: entry.state } }, el("i", { class: "lamp", "aria-hidden": "true" }), el("time", { text: clock(entry.time) }),
          el("span", {}, el("b", { text: partName(entry.name) }), ` ${STATES[entry.state]}${entry.reason ? `: ${entry.reason}` : ""}`)));
    },
    dispose: () => clearInterval(timer),
  };
}
