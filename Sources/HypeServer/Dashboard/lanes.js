// Draws the lanes of a timeline on a canvas. Knows pixels and colours, nothing of sessions or events.

import { KINDS, KIND_NAMES, clock } from "./words.js";
import { firstNotBefore, missingStretches } from "./model.js";

/** Seconds without a signal after which a lane's line breaks. */
const BREAK = 1.6;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200];
const COLOURS = ["chat", "voice", "face", "instant", "clip", "miss", "text", "soft", "edge", "panel", "panel-2", "lane"];

/** The colours of the present theme, resolved to what a canvas understands. */
export function readColours(node) {
  const probe = document.createElement("i");
  node.append(probe);
  const colours = {};
  for (const name of COLOURS) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

/** Makes the canvas as many pixels as the screen shows; answers the context and the size in CSS pixels. */
export function fit(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/**
 * Draws everything but the markers, which are elements of their own.
 * @param scene `{ from, to, head, unseen, lanes, spikes, moments, colours, layout: {lane, gap, marks, spans, axis, named} }`, times in seconds,
 *   heights in CSS pixels, `named` where the lanes carry their names, `unseen` is where what is known begins, or null.
 */
export function drawLanes(canvas, scene) {
  const { context, width, height } = fit(canvas);
  if (!width || !height) return;
  const { layout, colours } = scene;
  const x = (time) => ((time - scene.from) / (scene.to - scene.from)) * width;
  const bottom = height - layout.axis;
  drawGrid(context, scene, x, width, bottom);
  KINDS.forEach((kind, index) => {
    const top = index * (layout.lane + layout.gap);
    context.save();
    context.beginPath();
    context.roundRect(0, top, width, layout.lane, 8);
    context.clip();
    context.fillStyle = colours.lane;
    context.fillRect(0, top, width, layout.lane);
    drawGridLines(context, scene, x, top, top + layout.lane);
    for (const moment of scene.moments) drawBand(context, moment, x, top, layout.lane, colours);
    const lane = scene.lanes[kind];
    for (const moment of scene.moments) drawVote(context, moment, kind, lane, x, top, layout.lane, colours[kind]);
    drawMissing(context, missingStretches(lane, scene.from, scene.to), x, top, layout.lane, colours, width);
    drawCurve(context, stretches(lane, scene.from, scene.to, (scene.to - scene.from) / width), x, top, layout.lane, colours[kind], colours);
    if (kind === "chat") for (const time of scene.spikes) drawSpike(context, x(time), top, colours.chat);
    if (layout.named) {
      context.fillStyle = colours[kind];
      context.font = "600 11px system-ui, sans-serif";
      context.strokeStyle = colours.lane;
      context.lineWidth = 4;
      context.strokeText(KIND_NAMES[kind], 8, top + 14);
      context.fillText(KIND_NAMES[kind], 8, top + 14);
    }
    context.restore();
  });
  if (scene.unseen !== null) drawUnseen(context, scene, x, width);
  let top = KINDS.length * (layout.lane + layout.gap);
  for (const row of [layout.marks, layout.spans]) {
    context.fillStyle = colours.lane;
    context.beginPath();
    context.roundRect(0, top, width, row, 8);
    context.fill();
    top += row + layout.gap;
  }
  drawHead(context, x(scene.head), bottom, width, colours);
}

/** Says that the levels before a time are not known here: the server keeps those of the last minutes. */
function drawUnseen(context, scene, x, width) {
  const { layout, colours } = scene;
  const left = Math.max(0, x(0));
  const right = Math.min(width, x(scene.unseen));
  const text = "levels from so long before this page was opened are not kept";
  context.font = "11.5px system-ui, sans-serif";
  const size = context.measureText(text).width;
  if (right - left < size + 24) return;
  context.fillStyle = colours.soft;
  context.fillText(text, (left + right - size) / 2, 1.28 * layout.lane + layout.gap + 4);
}

function gridStep(scene, width) {
  const wanted = ((scene.to - scene.from) / width) * 84;
  return STEPS.find((step) => step >= wanted) ?? 14400;
}

function drawGrid(context, scene, x, width, bottom) {
  const step = gridStep(scene, width);
  scene.step = step;
  context.font = "11.5px system-ui, sans-serif";
  context.textAlign = "center";
  context.fillStyle = scene.colours.soft;
  for (let time = Math.ceil(Math.max(0, scene.from) / step) * step; time <= scene.to; time += step) {
    const place = x(time);
    const label = clock(time);
    const half = context.measureText(label).width / 2;
    if (place - half < 0 || place + half > width) continue;
    context.fillText(label, place, bottom + 15);
  }
  context.textAlign = "left";
}

function drawGridLines(context, scene, x, top, bottom) {
  context.strokeStyle = scene.colours.edge;
  context.lineWidth = 1;
  context.globalAlpha = 0.55;
  context.beginPath();
  for (let time = Math.ceil(Math.max(0, scene.from) / scene.step) * scene.step; time <= scene.to; time += scene.step) {
    const place = Math.round(x(time)) + 0.5;
    context.moveTo(place, top);
    context.lineTo(place, bottom);
  }
  context.stroke();
  context.globalAlpha = 1;
}

function drawBand(context, moment, x, top, height, colours) {
  const left = x(moment.core.start);
  const right = Math.max(left + 2, x(moment.core.end));
  context.fillStyle = colours[moment.decision === "nearMiss" ? "miss" : moment.decision];
  context.globalAlpha = moment.chosen ? 0.3 : moment.decision === "nearMiss" ? 0.12 : 0.17;
  context.fillRect(left, top, right - left, height);
  context.globalAlpha = 1;
}

/** What a witness said about a moment, as a block as high as its score, where the levels themselves are not known. */
function drawVote(context, moment, kind, lane, x, top, height, colour) {
  const vote = moment.votes.find((candidate) => candidate.kind === kind);
  if (!vote?.interval || !Number.isFinite(vote.score)) return;
  const next = lane[firstNotBefore(lane, vote.interval.start)];
  if (next && next.start < vote.interval.end) return;
  const left = x(vote.interval.start);
  const level = vote.score * (height - 8);
  context.fillStyle = colour;
  context.globalAlpha = 0.45;
  context.beginPath();
  context.roundRect(left, top + height - 3 - level, Math.max(3, x(vote.interval.end) - left), level + 3, [3, 3, 0, 0]);
  context.fill();
  context.globalAlpha = 1;
}

function drawMissing(context, found, x, top, height, colours, width) {
  for (const stretch of found) {
    const left = Math.max(0, x(stretch.start));
    const right = Math.min(width, Math.max(x(stretch.end), x(stretch.start) + 2));
    if (right <= left) continue;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, height);
    context.clip();
    context.strokeStyle = colours.soft;
    context.globalAlpha = 0.36;
    context.lineWidth = 1.6;
    context.beginPath();
    // The hatching moves with the time, so that a scrolling lane does not shimmer.
    const offset = ((x(0) % 9) + 9) % 9;
    for (let place = left - height - 9 - (left % 9) + offset; place < right + 9; place += 9) {
      context.moveTo(place, top + height);
      context.lineTo(place + height, top);
    }
    context.stroke();
    context.globalAlpha = 1;
    context.font = "11.5px system-ui, sans-serif";
    const text = `missing: ${stretch.reason}`;
    const size = context.measureText(text).width;
    if (size + 20 < right - left) {
      const middle = top + height / 2;
      context.fillStyle = colours.panel;
      context.beginPath();
      context.roundRect(left + 6, middle - 10, size + 14, 20, 6);
      context.fill();
      context.fillStyle = colours.soft;
      context.fillText(text, left + 13, middle + 4);
    }
    context.restore();
  }
}

/** Points of a lane in runs without a break; a far zoom keeps the highest score of each pixel's worth. */
function stretches(lane, from, to, pixel) {
  const runs = [];
  let run = null;
  let before = null;
  for (let index = Math.max(0, firstNotBefore(lane, from) - 2); index < lane.length && lane[index].start < to + 2; index += 1) {
    const signal = lane[index];
    if (!Number.isFinite(signal.score)) { run = null; before = null; continue; }
    if (!run || signal.start - before.end > BREAK) {
      run = [{ time: signal.start, score: signal.score }];
      runs.push(run);
    }
    run.push({ time: (signal.start + signal.end) / 2, score: signal.score }, { time: signal.end, score: signal.score, edge: true });
    before = signal;
  }
  return runs.map((points) => thin(points.filter((point, index) => !point.edge || index === points.length - 1), pixel));
}

/** Keeps the highest of the points that share a pixel, and both ends; `pixel` in seconds. */
function thin(points, pixel) {
  const kept = [];
  points.forEach((point, index) => {
    const last = kept[kept.length - 1];
    const isEnd = index === points.length - 1;
    if (kept.length < 2 || isEnd || Math.floor(point.time / pixel) !== Math.floor(last.time / pixel)) kept.push(point);
    else if (point.score > last.score) kept[kept.length - 1] = point;
  });
  return kept;
}

function drawCurve(context, runs, x, top, height, colour, colours) {
  const y = (score) => top + height - 3 - score * (height - 8);
  const threshold = y(0.5);
  for (const points of runs) {
    const line = new Path2D();
    points.forEach((point, index) => (index ? line.lineTo(x(point.time), y(point.score)) : line.moveTo(x(point.time), y(point.score))));
    const area = new Path2D(line);
    area.lineTo(x(points[points.length - 1].time), top + height);
    area.lineTo(x(points[0].time), top + height);
    area.closePath();
    context.fillStyle = colour;
    context.globalAlpha = 0.2;
    context.fill(area);
    context.save();
    context.beginPath();
    context.rect(x(points[0].time) - 2, top, x(points[points.length - 1].time) - x(points[0].time) + 4, threshold - top);
    context.clip();
    context.globalAlpha = 0.75;
    context.fill(area);
    context.restore();
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    context.lineJoin = "round";
    context.stroke(line);
  }
  context.strokeStyle = colours.soft;
  context.globalAlpha = 0.6;
  context.lineWidth = 1;
  context.setLineDash([3, 5]);
  context.beginPath();
  context.moveTo(0, Math.round(threshold) + 0.5);
  context.lineTo(context.canvas.clientWidth, Math.round(threshold) + 0.5);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawSpike(context, place, top, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(place - 4, top);
  context.lineTo(place + 4, top);
  context.lineTo(place, top + 7);
  context.fill();
}

function drawHead(context, place, bottom, width, colours) {
  if (place < -6 || place > width + 6) return;
  context.strokeStyle = colours.text;
  context.fillStyle = colours.text;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(place, 0);
  context.lineTo(place, bottom);
  context.stroke();
  context.beginPath();
  context.moveTo(place - 5, 0);
  context.lineTo(place + 5, 0);
  context.lineTo(place, 7);
  context.fill();
}

/** The whole session as a thin bar: what was played, the decisions, and the part that the lanes show. */
export function drawOverview(canvas, { from, to, head, length, moments, colours }) {
  const { context, width, height } = fit(canvas);
  if (!width || !(length > 0)) return;
  const x = (time) => (Math.min(Math.max(time, 0), length) / length) * width;
  const middle = height / 2;
  context.fillStyle = colours.edge;
  context.beginPath();
  context.roundRect(0, middle - 2, width, 4, 2);
  context.fill();
  context.fillStyle = colours.soft;
  context.beginPath();
  context.roundRect(0, middle - 2, x(head), 4, 2);
  context.fill();
  context.strokeStyle = colours.text;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(x(from) + 0.75, 1.5, Math.max(6, x(to) - x(from)) - 1.5, height - 3, 5);
  context.stroke();
  for (const moment of moments) {
    context.fillStyle = colours[moment.decision === "nearMiss" ? "miss" : moment.decision];
    const size = moment.decision === "nearMiss" ? 2 : 3;
    context.fillRect(x(moment.core.start) - size / 2, middle - 5, Math.max(size, x(moment.core.end) - x(moment.core.start)), 10);
  }
}
