// Figures and evidence in words. Media times and durations come in seconds, sizes in bytes, scores as 0…1.

export const KINDS = ["chat", "voice", "face"];
export const KIND_NAMES = { chat: "Chat", voice: "Voice", face: "Face" };
export const DECISIONS = {
  instant: { name: "All three agreed", short: "3 of 3" },
  clip: { name: "Two agreed", short: "2 of 3" },
  nearMiss: { name: "Near miss", short: "near miss" },
};
const MISSES = { lone: "alone", apart: "too far apart", coolDown: "too soon after another" };
const CAUSES = {
  request: "somebody asked for it",
  age: "older than the setting allows",
  count: "more clips than the setting allows",
  bytes: "clips took more space than the setting allows",
  lowDisk: "the disk was nearly full",
  served: "its clips were cut",
  replaced: "a better version took its place",
  merged: "it became part of another clip",
  lost: "its files were gone",
};
const PARTS = {
  source: "Source", picture: "Picture", sound: "Sound", spool: "Disk buffer",
  chat: "Chat", camera: "Camera", mic: "Microphone", store: "Store", worker: "Worker", disk: "Disk", models: "Models",
};

/** A media time as 4:07 or 1:02:09; with tenths where asked. */
export function clock(seconds, tenths = false) {
  if (!Number.isFinite(seconds)) return "–";
  const sign = seconds < 0 ? "−" : "";
  const unit = tenths ? 10 : 1;
  const whole = Math.floor(Math.abs(seconds) * unit + 1e-6) / unit;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = whole % 60;
  const tail = tenths ? rest.toFixed(1).padStart(4, "0") : String(Math.floor(rest)).padStart(2, "0");
  return sign + (hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`);
}

/** A span as 27 s, 4 min 10 s or 2 h 5 min. */
export function span(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  const minutes = Math.round(whole / 60);
  if (minutes < 1440) return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

export function bytes(count) {
  if (!Number.isFinite(count)) return "–";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit += 1; }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export const score = (value) => (Number.isFinite(value) ? value.toFixed(2) : "–");
export const percent = (value) => `${Math.round(value * 100)} %`;

const TIME = { hour: "2-digit", minute: "2-digit" };
const FORMATS = [{}, { day: "numeric", month: "short" }, { day: "numeric", month: "short", year: "numeric" }]
  .map((options) => new Intl.DateTimeFormat([], { ...options, ...TIME }));

/** A wall-clock date, short where it is today. */
export function when(iso, today = new Date()) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "–";
  const far = date.toDateString() === today.toDateString() ? 0 : date.getFullYear() === today.getFullYear() ? 1 : 2;
  return FORMATS[far].format(date);
}

/** The evidence of a kind, whichever of the two forms the encoder wrote. */
function evidenceOf(evidence, kind) {
  const held = evidence?.[kind];
  return held?._0 ?? held ?? null;
}

/** The likeliest emotion, or nothing where none is above 0.4. */
export function feeling(emotions) {
  const [name, value] = Object.entries(emotions ?? {}).reduce((best, next) => (next[1] > best[1] ? next : best), ["", 0]);
  return value >= 0.4 ? { name, value } : null;
}

/** What a detector saw, as short phrases. */
export function evidenceWords(kind, evidence) {
  const seen = evidenceOf(evidence, kind);
  if (!seen) return [];
  const words = [];
  if (kind === "chat") {
    words.push(`${seen.messagesPerSecond.toFixed(1)} messages/s`);
    words.push(`${seen.uniqueUsers} people (usual: ${Math.round(seen.baseline)})`);
    if (seen.suppressed) words.push(`not counted: ${seen.suppressed}`);
  }
  if (kind === "voice") {
    const mood = feeling(seen.emotion);
    if (mood) words.push(`${mood.name} ${percent(mood.value)}`);
    words.push(seen.speechFraction < 0.1 ? "nobody speaks" : `${percent(seen.speechFraction)} speech`);
    words.push(`${decibels(seen.loudness)}${Math.abs(seen.loudnessGain) >= 1 ? ` (${signed(seen.loudnessGain)})` : ""}`);
    if (Number.isFinite(seen.pitchGain) && Math.abs(seen.pitchGain) >= 2) words.push(`pitch ${signed(seen.pitchGain)} semitones`);
    for (const sound of (seen.sounds ?? []).slice(0, 2)) words.push(`${sound.kind} ${percent(sound.score)}`);
  }
  if (kind === "face") {
    const mood = feeling(seen.emotion);
    words.push(mood ? `${mood.name} ${percent(mood.value)}` : "no clear emotion");
    words.push(`face ${percent(seen.faceConfidence)} sure`);
  }
  return words;
}

const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(Math.round(value))}`;

/** The texts said most often, from chat evidence. */
export const topMessages = (evidence) => evidenceOf(evidence, "chat")?.topMessages ?? [];

/** A decision's headline. */
export function decisionWords(moment) {
  const name = DECISIONS[moment.decision]?.name ?? moment.decision;
  if (!moment.miss) return name;
  const who = moment.miss === "lone" ? `${moment.kinds.join(" and ")} ` : "";
  return `${name}: ${who}${MISSES[moment.miss] ?? moment.miss}`;
}

export const causeWords = (cause) => CAUSES[cause] ?? cause;
export const partName = (part) => PARTS[part] ?? part;

/** How a vote took part, in a word or two. */
export function voteWords(vote) {
  if (vote.state === "missing") return vote.reason ? `missing: ${vote.reason}` : "missing";
  if (vote.state === "unobserved") return "not looked at";
  if (vote.state === "quiet") return "quiet";
  return "spoke for it";
}

export function sessionName(session) {
  if (!session) return "a session that is gone";
  const given = session.source?.name || session.id;
  const name = session.source?.kind === "rtmp" ? `encoder ${given}` : given;
  return session.channel ? `${session.channel} · ${name}` : name;
}

/** How late chat reacts, and how that is known. */
export function lagWords(lag) {
  const seconds = `${lag.seconds < 10 ? Math.round(lag.seconds * 10) / 10 : Math.round(lag.seconds)} s`;
  if (!(lag.confidence > 0)) return `after ${seconds}, assumed until it is known`;
  return lag.confidence >= 0.95 ? `after ${seconds}, estimated` : `after ${seconds}, assumed; the chat says too little`;
}

/** How the sender's clock runs against ours; `ppm` in parts per million. */
export function driftWords(ppm) {
  const size = Math.abs(ppm);
  if (size < 0.5) return "as fast as ours";
  const hour = (size * 3.6e-3).toFixed(size < 28 ? 2 : 1);
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ppm ${ppm > 0 ? "faster" : "slower"} than ours (${hour} s an hour), followed`;
}

/** A loudness in dBFS as −23 dB. */
export const decibels = (value) => (Number.isFinite(value) ? `${value <= -0.5 ? "−" : ""}${Math.abs(Math.round(value))} dB` : "–");

/** A countdown as 4:07, or nothing left. `until` is a wall-clock date, `now` milliseconds. */
export function countdown(until, now) {
  const left = Math.ceil((Date.parse(until) - now) / 1000);
  return left > 0 ? clock(left) : null;
}
