// Checks the dashboard's pure modules in the browser that runs them; answers a list of what is wrong.
(async () => {
  const model = await import("/dashboard/model.js");
  const words = await import("/dashboard/words.js");
  const wrong = [];
  const check = (what, got, wanted) => {
    const [left, right] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (left !== right) wrong.push(`${what}: ${left}, not ${right}`);
  };
  const signal = (start, score, more = {}) => ({ sessionId: "s", kind: "voice", start, end: start + 1, score, ...more });

  // Signals may come late, twice and out of order.
  let state = model.emptyState();
  for (const start of [3, 1, 2, 5, 3]) model.apply(state, "signal", signal(start, start / 10));
  check("signals are sorted and not doubled", state.signals.get("s").voice.map((entry) => entry.start), [1, 2, 3, 5]);
  check("a signal of an unknown kind is left out", model.apply(state, "signal", { ...signal(1, 1), kind: "smell" }), []);
  check("the newest signal counts for the gauge", model.gauge(state, "s", "voice").last.start, 5);
  check("the peak is that of the last seconds", model.gauge(state, "s", "voice", 3).peak, 0.5);
  check("the position follows the signals", model.position(state, "s"), 6);
  // A stream of a day at four signals a second, with a peak in its first hour, and one that is interrupted each second.
  state = model.emptyState();
  for (let count = 0; count < 345_600; count += 1) {
    const start = count / 4;
    model.apply(state, "signal", signal(start, count === 9000 ? 0.93 : 0.1, { end: start + 0.25, evidence: { voice: {} } }));
    model.apply(state, "signal", signal(start, null, { kind: "chat", end: start + 0.25, missing: count % 2 ? "a" : "b" }));
    if (count % 20 === 0) model.apply(state, "level", { sessionId: "s", time: start, loudness: -20, isSpeech: true });
  }
  const { voice, chat } = state.signals.get("s");
  check("signals are bounded", [voice.length <= model.SIGNAL_LIMIT, chat.length <= model.SIGNAL_LIMIT], [true, true]);
  check("a day is known from its beginning", voice[0].start, 0);
  check("the peak of the first hour is still known", Math.max(...voice.filter((entry) => entry.start <= 2250 && entry.end > 2250).map((entry) => entry.score)), 0.93);
  check("the newest are as fine as they came", voice.slice(-2000).every((entry) => entry.end - entry.start === 0.25), true);
  check("nothing lies over its neighbour", voice.every((entry, index) => !index || voice[index - 1].end <= entry.start), true);
  check("only the newest has evidence", voice.filter((entry) => entry.evidence).length, 1);
  check("what cannot be joined is dropped", chat[chat.length - 1].start, 86_399.75);
  check("levels are bounded", state.levels.get("s").length, model.LEVEL_LIMIT);

  // Missing is no zero.
  state = model.emptyState();
  for (const start of [0, 1, 2]) model.apply(state, "signal", signal(start, null, { missing: "no sound" }));
  model.apply(state, "signal", signal(3, 0.2));
  model.apply(state, "signal", signal(4, null, { missing: "no face" }));
  const lane = state.signals.get("s").voice;
  check("neighbours with one reason are one stretch", model.missingStretches(lane, 0, 10),
    [{ start: 0, end: 3, reason: "no sound" }, { start: 4, end: 5, reason: "no face" }]);
  check("a missing signal has no peak", model.gauge(state, "s", "voice", 1).peak, null);

  // Events come twice, and after lists that know more.
  state = model.emptyState();
  const session = { id: "s", state: "running", position: 5, startedAt: "2026-01-01T00:00:00Z" };
  const clip = { id: "c", sessionId: "s", title: "Won", keep: false, trigger: { kinds: ["chat", "voice"] }, createdAt: "2026-01-01T00:00:00Z", start: 1, end: 2 };
  model.apply(state, "session", { ...session, state: "finished" });
  model.apply(state, "session", session);
  check("what is over does not run again", state.sessions.get("s").state, "finished");
  model.apply(state, "clipProgress", { clipId: "c", sessionId: "s", status: "cutting", percent: 20 });
  check("progress shows", state.progress.size, 1);
  model.apply(state, "new_clip", clip);
  model.apply(state, "clipProgress", { clipId: "c", sessionId: "s", status: "saved", percent: 100 });
  check("a clip takes the place of its progress", [state.progress.size, state.clips.size], [0, 1]);
  model.apply(state, "deletion", { id: "1", subject: "clip", subjectId: "c", files: [] });
  model.apply(state, "new_clip", clip);
  check("a deleted clip stays deleted", [state.clips.size, state.deletions.size], [0, 1]);
  check("an unknown event changes nothing", model.apply(state, "later", {}), []);
  check("filters", [{}, { kind: "face" }, { keep: "true" }, { title: "wO" }, { session: "x" }].map((filter) => model.clipMatches(clip, filter)),
    [true, false, false, true, false]);

  // Live sessions.
  state = model.emptyState();
  const part = (name, state, reason) => ({ name, state, ...(reason ? { reason } : {}) });
  const stream = (parts, more = {}) => ({ id: "l", state: "running", position: 7, source: { kind: "rtmp", name: "main" }, parts, ...more });
  model.apply(state, "session", stream([part("source", "ok"), part("chat", "ok")]));
  check("the first sight is no change", state.partLog.has("l"), false);
  model.apply(state, "session", stream([part("source", "missing", "gone"), part("chat", "ok")]));
  model.apply(state, "session", stream([part("source", "missing", "gone"), part("chat", "ok")]));
  check("a change is kept once", state.partLog.get("l"), [{ time: 7, name: "source", state: "missing", reason: "gone" }]);
  for (let count = 0; count < model.LOG_LIMIT + 50; count += 1) model.apply(state, "session", stream([part("source", count % 2 ? "ok" : "degraded"), part("chat", "ok")]));
  check("the log is bounded", state.partLog.get("l").length, model.LOG_LIMIT);
  for (const loudness of [-50, -12, undefined]) model.apply(state, "level", { sessionId: "l", time: 1, loudness, isSpeech: false });
  check("silence is no level", model.loudness(state, "l"), { last: { time: 1, loudness: null, isSpeech: false }, peak: -12 });
  model.apply(state, "session", stream([part("source", "missing")], { state: "stopped" }));
  check("a session that is over has no level", [state.levels.has("l"), model.apply(state, "level", { sessionId: "l", time: 2, isSpeech: false }).length], [false, 0]);
  check("live or not", ["rtmp", "url", "capture", "recording"].map((kind) => model.isLive({ source: { kind } })), [true, true, true, false]);
  check("chat lag in words", [{ seconds: 4, confidence: 0 }, { seconds: 7.04, confidence: 0.97 }].map(words.lagWords), ["after 4 s, assumed until it is known", "after 7 s, estimated"]);
  check("drift in words", [words.driftWords(0.2), words.driftWords(-40)], ["as fast as ours", "40 ppm slower than ours (0.1 s an hour), followed"]);
  check("decibels", [words.decibels(-23.4), words.decibels(-0.1), words.decibels(null)], ["−23 dB", "0 dB", "–"]);
  check("a countdown ends", [words.countdown("2026-01-01T00:01:05Z", Date.parse("2026-01-01T00:00:00Z")), words.countdown("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:00:00Z"))], ["1:05", null]);

  const at = (createdAt, id) => ({ createdAt, id });
  const [old, young, twin] = [at("2026-01-01T00:00:00Z", "a"), at("2026-01-01T00:00:01.5Z", "b"), at("2026-01-01T00:00:00Z", "c")];
  check("newest first", [old, twin, young].sort(model.newestFirst).map((item) => item.id), ["b", "c", "a"]);
  check("an item equals itself", model.newestFirst(old, { ...old }), 0);
  const decided = (id) => ({ sessionId: "s", createdAt: "2026-01-01T00:00:00Z", moment: { id } });
  check("decisions of one instant by number", [decided(2), decided(10), decided(9)].sort(model.newestFirst).map((entry) => entry.moment.id), [10, 9, 2]);

  check("clock", [words.clock(247), words.clock(3729.96), words.clock(59.96, true), words.clock(NaN), words.clock(-3)], ["4:07", "1:02:09", "0:59.9", "–", "−0:03"]);
  check("span", [words.span(27.3), words.span(250), words.span(7500), words.span(90000)], ["27 s", "4 min 10 s", "2 h 5 min", "1 d 1 h"]);
  check("bytes", [words.bytes(0), words.bytes(999), words.bytes(1500), words.bytes(53533187)], ["0 B", "999 B", "1.5 kB", "53.5 MB"]);
  const seen = { messagesPerSecond: 4, uniqueUsers: 3, baseline: 2, topMessages: [] };
  check("both forms of evidence are read", [{ chat: { _0: seen } }, { chat: seen }].map((evidence) => words.evidenceWords("chat", evidence)[0]), ["4.0 messages/s", "4.0 messages/s"]);
  check("no evidence, no words", words.evidenceWords("face", null), []);
  return wrong;
})()
