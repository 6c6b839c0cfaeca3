// Where an axis begins and ends and what is written on it: the rules of the pictures, for any view.

// The smallest m * 10^k >= least.
function roundStep(least, mantissas = [1, 2, 5, 10]) {
  const power = Math.floor(Math.log10(least)), unit = 10 ** power;
  return Number(`${mantissas.find(m => m * unit >= least * (1 - 1e-9)) ?? 10}e${power}`);
}

// The next round step; or one that goes into the length as often as it should, if that does not.
function stepBetween(length, least, leastOfAll) {
  const [step, other] = [[1, 2, 5, 10], [1.5, 3, 15]].map(some => Math.max(roundStep(least, some), leastOfAll));
  return length % step && !(length % other) ? other : step;
}

function multiples(step, low, high) {
  const found = [];
  for (let k = Math.ceil(low / step); k <= Math.floor(high / step); k++) found.push(+(k * step).toPrecision(15));
  return found;
}

// Both ends, and the multiples of a round step between them whose texts stay apart.
function spanTicks([first, stop], text, pixels, least) {
  const half = tick => LETTER * text(tick).length / 2;
  const apart = (a, b) => (b - a) / (stop - first) * pixels >= half(a) + half(b) + GAP;
  const guard = 0.07 * (stop - first);
  for (let count = MOST_TICKS; count > 1; count--) {
    const step = stepBetween(stop - first, (stop - first) / count, least);
    const inner = multiples(step, first + guard, stop - guard).filter(t => apart(first, t) && apart(t, stop));
    if (inner.length && inner.every((t, i) => !i || apart(inner[i - 1], t))) return [first, ...inner, stop];
  }
  return [first, stop];
}

function valueScale(values) {
  const finite = values.filter(isFinite);
  const [least, most] = [Math.min, Math.max].map(of => finite.reduce((a, b) => of(a, b), finite[0] ?? 0));
  const top = Math.max(most, 0);
  const low = least < 0 ? least - 0.06 * (top - least)
    : least > 0.75 * most && most - least > 0.005 * most ? least - 0.15 * (most - least) : 0;
  if (low === top) return linear(0, 1, [0]);
  const height = top - low, high = top + HEADROOM * height;
  const usual = roundStep(height / 4.5, ROUND);
  const step = height < FEWEST * usual ? roundStep(height / 6, ROUND) : usual;
  return linear(low, high, multiples(step, low > 0 ? low + BROKEN * height : low - 1e-9 * height, high));
}

function linear(low, high, ticks) {
  const powers = short(ticks.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a, 0)).includes("e");
  const text = tick => powers && tick ? power(tick) : String(+tick.toPrecision(7));
  return {low, high, ticks, text, share: y => (y - low) / (high - low), remark: low > 0 ? " (not from 0)" : ""};
}

// None where no value is positive.
function logScale(curves) {
  const positive = curves.map(y => y.filter(v => v > 0 && isFinite(v)).sort((a, b) => a - b))
    .filter(y => y.length);
  if (!positive.length) return null;
  // The last hundredth of a curve that dives to zero would take half of the axis.
  const least = Math.log10(Math.min(...positive.map(y => y[Math.floor((y.length - 1) / 100)])));
  const top = Math.log10(Math.max(...positive.map(y => y[y.length - 1])));
  const height = Math.min(Math.max(top - least, 1), MOST_DECADES);
  const [low, high] = [top - 1.08 * height, top + HEADROOM * height];
  const share = y => y > 0 ? (Math.log10(y) - low) / (high - low) : NaN;
  const end = 10 ** low, isCut = curves.some(y => y.some(v => v < end));
  const remark = isCut ? ` (log, values below ${short(end)} are not shown)` : " (log)";
  return {low: end, high: 10 ** high, ticks: logTicks(low, high), text: power, share, remark};
}

// Powers of ten, thinned to seven; with 2 and 5 between them when the axis spans less than two.
function logTicks(low, high) {
  const stride = Math.ceil((high - low) / MOST_TICKS), found = [];
  for (let k = Math.floor(low); k <= Math.ceil(high); k++) {
    if (k % stride === 0) for (const m of high - low < 2 ? [1, 2, 5] : [1]) found.push(Number(`${m}e${k}`));
  }
  return found.filter(tick => Math.log10(tick) >= low && Math.log10(tick) <= high + 1e-9);
}

function power(x) {
  const [digits, exponent] = x.toExponential(6).split("e");
  return `${+digits}e${+exponent}`;
}

// Which names of phases have room, and their left edges; that of a warmup may stand behind its end, in the next one.
function namePhases(spans, widths, room) {
  const placed = [];
  let free = 0;
  spans.forEach(({start, end, isWarmup}, index) => {
    const wide = widths[index], behind = Math.min(room, (spans[index + 1]?.end ?? Infinity) - 8);
    const [from, to] = [Math.max(start, 0), Math.min(end, room)], first = Math.max(from, free) + 8;
    let left = null;
    if (first + wide + 8 <= to) left = Math.max(first, (from + to - wide) / 2);
    else if (isWarmup && to + 8 + wide <= behind) left = Math.max(to, free) + 8;
    if (left === null) return;
    placed.push([index, left]);
    free = left + wide;
  });
  return placed;
}
