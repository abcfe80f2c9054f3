// What the page knows, and how each event changes it. Pure: no document, no network, no clock.

import { KINDS } from "./words.js";

/** Signals kept for each kind of a session; where they become more, older ones are joined two by two. */
export const SIGNAL_LIMIT = 7200;
/** Seconds between two signals that may be joined. */
const JOIN_GAP = 1.5;
/** Levels kept for each session: those of the last three seconds, for the mark of the loudest. */
export const LEVEL_LIMIT = 12;
/** Rises of the chat, and changes of parts, kept for each session. The oldest are dropped first. */
export const SPIKE_LIMIT = 2000;
export const LOG_LIMIT = 200;

export function emptyState() {
  return {
    connection: "connecting",
    login: { required: false, authenticated: true },
    health: null,
    /** Session documents by identifier. */
    sessions: new Map(),
    /** By session: { chat, voice, face }, each sorted by start. */
    signals: new Map(),
    /** By session: the latest levels of the sound, the newest last. */
    levels: new Map(),
    /** By session: how its parts changed while the page was open, `{ time, name, state, reason }`, the newest last. */
    partLog: new Map(),
    /** By session: starts of the rises of the chat. */
    spikes: new Map(),
    /** { sessionId, createdAt, moment } by `momentKey`. */
    moments: new Map(),
    /** Clip documents by identifier. */
    clips: new Map(),
    /** Clips that are being cut, or failed: the last progress by identifier. */
    progress: new Map(),
    deletions: new Map(),
    /** Whether the sessions were loaded once: before that, nothing may be called empty. */
    listed: false,
    /** Identifiers of deleted clips, so that late answers do not bring them back. */
    gone: new Set(),
  };
}

export const momentKey = (entry) => `${entry.sessionId}:${entry.moment.id}`;

export const isOver = (session) => ["finished", "stopped", "failed"].includes(session?.state);
/** Whether a session goes on until somebody ends it. */
export const isLive = (session) => ["rtmp", "url", "capture"].includes(session?.source?.kind);

/**
 * Applies one event.
 * Any event may come twice or after newer knowledge (a list that was loaded meanwhile); the state ends the same.
 * @returns the names of the parts of the state that changed.
 */
export function apply(state, kind, payload) {
  switch (kind) {
    case "signal": return addSignal(state, payload) ? ["signals"] : [];
    case "level": return addLevel(state, payload) ? ["levels"] : [];
    case "new_spike": {
      const times = state.spikes.get(payload.sessionId) ?? [];
      if (!times.includes(payload.time)) bounded(times, payload.time, SPIKE_LIMIT);
      state.spikes.set(payload.sessionId, times);
      return ["signals"];
    }
    case "moment":
      state.moments.set(momentKey(payload), payload);
      return ["moments"];
    case "session": return addSession(state, payload) ? ["sessions"] : [];
    case "health":
      state.health = payload;
      return ["health"];
    case "clipProgress": return addProgress(state, payload) ? ["progress"] : [];
    case "clip":
    case "new_clip": return addClip(state, payload) ? ["clips", "progress"] : [];
    case "deletion": return addDeletion(state, payload);
    default: return [];
  }
}

/** Puts a session in; one that is over does not run again because of an old event. */
function addSession(state, session) {
  const known = state.sessions.get(session.id);
  if (known && isOver(known) && !isOver(session)) return false;
  if (known && !isOver(session) && known.position > session.position) session = { ...session, position: known.position };
  const changes = partChanges(known, session);
  if (changes.length) {
    const log = state.partLog.get(session.id) ?? [];
    for (const change of changes) bounded(log, { time: session.position, ...change }, LOG_LIMIT);
    state.partLog.set(session.id, log);
  }
  state.sessions.set(session.id, session);
  if (isOver(session)) {
    state.levels.delete(session.id);
    for (const [id, progress] of state.progress) {
      if (progress.sessionId === session.id && progress.status === "saved") state.progress.delete(id);
    }
  }
  return true;
}

/** Appends to a list that keeps its newest entries. */
function bounded(list, entry, limit) {
  list.push(entry);
  if (list.length > limit) list.splice(0, list.length - limit);
}

/** Parts of a live session that are otherwise than before; none where nothing was known of it, or it is over. */
export function partChanges(before, after) {
  if (!before?.parts || !after.parts || isOver(after)) return [];
  return after.parts.filter((part) => {
    const was = before.parts.find((candidate) => candidate.name === part.name);
    return was && (was.state !== part.state || (was.reason ?? null) !== (part.reason ?? null));
  });
}

/** A level of a session that is over is late; one whose clock began anew counts like any other. */
function addLevel(state, level) {
  if (isOver(state.sessions.get(level.sessionId))) return false;
  const levels = state.levels.get(level.sessionId) ?? [];
  bounded(levels, { time: level.time, loudness: level.loudness ?? null, isSpeech: level.isSpeech === true }, LEVEL_LIMIT);
  state.levels.set(level.sessionId, levels);
  return true;
}

/** What a loudness meter shows: the newest level, and the loudest of the last seconds, in dBFS or null. */
export function loudness(state, sessionId) {
  const levels = state.levels.get(sessionId) ?? [];
  const heard = levels.map((level) => level.loudness).filter(Number.isFinite);
  return { last: levels[levels.length - 1] ?? null, peak: heard.length ? Math.max(...heard) : null };
}

export function addClip(state, clip) {
  if (state.gone.has(clip.id)) return false;
  state.clips.set(clip.id, clip);
  state.progress.delete(clip.id);
  return true;
}

function addProgress(state, progress) {
  if (state.clips.has(progress.clipId) || state.gone.has(progress.clipId)) return false;
  state.progress.set(progress.clipId, progress);
  return true;
}

export function addDeletion(state, deletion) {
  state.deletions.set(deletion.id, deletion);
  if (deletion.subject !== "clip") return ["deletions"];
  state.gone.add(deletion.subjectId);
  state.clips.delete(deletion.subjectId);
  state.progress.delete(deletion.subjectId);
  return ["deletions", "clips", "progress"];
}

function addSignal(state, signal) {
  if (!KINDS.includes(signal.kind)) return false;
  let lanes = state.signals.get(signal.sessionId);
  if (!lanes) {
    lanes = { chat: [], voice: [], face: [] };
    state.signals.set(signal.sessionId, lanes);
  }
  const lane = lanes[signal.kind];
  const place = firstNotBefore(lane, signal.start);
  // Only the newest signal's evidence is shown; what was said hours ago need not be kept.
  if (lane[place]?.start === signal.start) lane[place] = signal;
  else if (place === lane.length) {
    if (place) lane[place - 1] = withoutEvidence(lane[place - 1]);
    lane.push(signal);
  } else lane.splice(place, 0, withoutEvidence(signal));
  if (lane.length > SIGNAL_LIMIT) lanes[signal.kind] = coarser(lane);
  return true;
}

function withoutEvidence({ evidence, ...signal }) { return signal; }

/** The older half two by two, the higher score of both; what lies apart or differs in kind is not joined but dropped when need be. */
function coarser(lane) {
  const half = lane.length >> 1;
  const joined = [];
  for (let index = 0; index < half; index += 1) {
    const [first, second] = [lane[index], lane[index + 1]];
    const heard = Number.isFinite(first.score);
    const alike = heard === Number.isFinite(second.score) && (first.missing ?? null) === (second.missing ?? null);
    if (index + 1 < half && alike && second.start - first.end < JOIN_GAP) {
      joined.push({ ...first, end: Math.max(first.end, second.end), ...(heard ? { score: Math.max(first.score, second.score) } : {}) });
      index += 1;
    } else joined.push(first);
  }
  // Where hardly anything could be joined, the oldest go, so that this is not done for each signal.
  const most = half - (lane.length >> 3);
  return [...joined.slice(Math.max(0, joined.length - most)), ...lane.slice(half)];
}

/** Index of the first signal that starts at a time or later; signals are sorted by start. */
export function firstNotBefore(lane, time) {
  let low = 0;
  let high = lane.length;
  if (high && lane[high - 1].start < time) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lane[middle].start < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a gauge shows: the newest signal, the highest score of the last `hold` seconds, and whether it is old. */
export function gauge(state, sessionId, kind, hold = 10) {
  const lane = state.signals.get(sessionId)?.[kind] ?? [];
  const last = lane[lane.length - 1];
  if (!last) return { last: null, peak: null, behind: null };
  const since = last.end - hold;
  let peak = null;
  for (let index = lane.length - 1; index >= 0 && lane[index].end > since; index -= 1) {
    if (Number.isFinite(lane[index].score)) peak = Math.max(peak ?? 0, lane[index].score);
  }
  return { last, peak, behind: position(state, sessionId) - last.end };
}

/** How far a session has come, on the media clock: what it says itself or the newest signal, whichever is later. */
export function position(state, sessionId) {
  let latest = state.sessions.get(sessionId)?.position ?? 0;
  for (const kind of KINDS) {
    const lane = state.signals.get(sessionId)?.[kind];
    if (lane?.length) latest = Math.max(latest, lane[lane.length - 1].end);
  }
  return latest;
}

/** Stretches in which a kind could not look, neighbours with the same reason joined. */
export function missingStretches(lane, from, to) {
  const found = [];
  for (let index = Math.max(0, firstNotBefore(lane, from) - 2); index < lane.length && lane[index].start < to; index += 1) {
    const signal = lane[index];
    if (Number.isFinite(signal.score) || signal.end <= from) continue;
    const last = found[found.length - 1];
    const reason = signal.missing ?? "no reason given";
    if (last && last.reason === reason && signal.start - last.end < 1.5) last.end = Math.max(last.end, signal.end);
    else found.push({ start: signal.start, end: signal.end, reason });
  }
  return found;
}

export function sessionMoments(state, sessionId) {
  return [...state.moments.values()].filter((entry) => entry.sessionId === sessionId).map((entry) => entry.moment)
    .sort((left, right) => left.core.start - right.core.start);
}

export function sessionClips(state, sessionId) {
  return [...state.clips.values()].filter((clip) => clip.sessionId === sessionId)
    .sort((left, right) => left.start - right.start);
}

/** Whether a clip belongs into a list with these filters; the same question that the server answers for `GET /api/clips`. */
export function clipMatches(clip, filter) {
  return (!filter.session || clip.sessionId === filter.session)
    && (!filter.kind || clip.trigger.kinds.includes(filter.kind))
    && (!filter.keep || clip.keep)
    && (!filter.title || clip.title.toLowerCase().includes(filter.title.toLowerCase()));
}

export const momentMatches = (entry, filter) =>
  (!filter.session || entry.sessionId === filter.session)
  && (!filter.decision || entry.moment.decision === filter.decision);

/** Newest first; the identifier, or the number of the decision, decides between equals. */
export function newestFirst(left, right) {
  const a = left.createdAt ?? left.startedAt ?? left.time;
  const b = right.createdAt ?? right.startedAt ?? right.time;
  if (a !== b) return Date.parse(b) - Date.parse(a) || (a < b ? 1 : -1);
  if (left.moment && right.moment && left.sessionId === right.sessionId) return right.moment.id - left.moment.id;
  const [one, other] = [left, right].map((item) => String(item.id ?? item.sessionId));
  return one === other ? 0 : one < other ? 1 : -1;
}
