// Where an instant lies on a trace, from 0 to 1. Long times in which nothing ran (people deciding, waits before a retry) are folded, so that milliseconds of work
// stay visible beside hours of waiting. Pure.

const foldShare = 0.07;
const maxFolded = 0.45;

export function scaleOf(steps, fold) {
  if (steps.length === 0) {
    return linear(0, 1);
  }
  const from = steps.reduce((least, step) => Math.min(least, step.start), Infinity);
  const to = Math.max(
    from + 1,
    steps.reduce((most, step) => Math.max(most, step.end), 0),
  );
  if (!fold) {
    return linear(from, to);
  }
  const busy = merge(steps.filter((step) => step.entry.kind !== "Approval").map((step) => [step.start, step.end]));
  const worked = busy.reduce((sum, [start, end]) => sum + end - start, 0);
  const gaps = [];
  let at = from;
  for (const [start, end] of [...busy, [to, to]]) {
    if (start - at > Math.max(400, worked * 0.6)) {
      gaps.push([at, start]);
    }
    at = Math.max(at, end);
  }
  return gaps.length === 0 ? linear(from, to) : folded(from, to, gaps);
}

function merge(spans) {
  const merged = [];
  for (const [start, end] of spans.sort((a, b) => a[0] - b[0])) {
    const last = merged[merged.length - 1];
    if (last && start <= last[1]) {
      last[1] = Math.max(last[1], end);
    } else {
      merged.push([start, end]);
    }
  }
  return merged;
}

function linear(from, to) {
  return { x: (time) => (time - from) / (to - from), time: (x) => from + x * (to - from), from, to, folds: [] };
}

function folded(from, to, gaps) {
  const waiting = gaps.reduce((sum, [start, end]) => sum + end - start, 0);
  const working = Math.max(1, to - from - waiting);
  const each = Math.min(foldShare, maxFolded / gaps.length);
  const rest = 1 - each * gaps.length;
  const pieces = [];
  let at = from;
  let x = 0;
  const add = (until, width, isFold) => {
    pieces.push({ from: at, to: until, x, width, isFold });
    x += width;
    at = until;
  };
  for (const [start, end] of gaps) {
    add(start, ((start - at) / working) * rest, false);
    add(end, each, true);
  }
  add(to, Math.max(0, 1 - x), false);
  const along = (value, start, end) => (end > start ? Math.min(1, Math.max(0, (value - start) / (end - start))) : 0);
  return {
    x: (time) => {
      const piece = pieces.find((each) => time <= each.to) ?? pieces[pieces.length - 1];
      return piece.x + along(time, piece.from, piece.to) * piece.width;
    },
    time: (share) => {
      const piece = pieces.find((each) => share <= each.x + each.width) ?? pieces[pieces.length - 1];
      return piece.from + along(share, piece.x, piece.x + piece.width) * (piece.to - piece.from);
    },
    from,
    to,
    folds: pieces.filter((piece) => piece.isFold).map(({ x: left, width, from: start, to: end }) => ({ x: left, width, ms: end - start })),
  };
}
