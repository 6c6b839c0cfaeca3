// The chart: curves in a panel that stretches, text around it that does not.
const [ACROSS, UP, MOST_PHASES, MARGIN] = [2000, 1000, 13, 16];
const chart = document.getElementById("chart");

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const percent = share => `${(100 * share).toFixed(3)}%`;
const across = x => (x - view()[0]) / (view()[1] - view()[0]);
const text = x => state.x === "step" ? grouped(x) : decimal(x) + (state.x === "percent" ? "%" : "");

// The values in view and one on either side, of the curves that are not hidden.
function valuesInView() {
  return shown().map(one => {
    const [first, last] = view().map(x => nearest(one.places, x));
    return Array.from(one.y.subarray(Math.max(first - 1, 0), last + 2));
  });
}

function scaleNow() {
  const values = valuesInView();
  return (state.log && logScale(values)) || valueScale(values.flat());
}

let scale = null;
function draw() {
  scale = scaleNow();
  document.querySelector("figcaption").textContent = `${data.quantity}${scale.remark} by ${data.axes[state.x]}`;
  const panel = svg("svg", {class: "panel", viewBox: `0 0 ${ACROSS} ${UP}`, preserveAspectRatio: "none"});
  panel.append(...data.phases.flatMap(shade));
  const line = tick => svg("path", {class: "grid", d: `M0 ${(1 - scale.share(tick)) * UP}h${ACROSS}`});
  panel.append(...scale.ticks.map(line));
  panel.append(...curves.map(curve));
  chart.replaceChildren(panel, ...valueTexts(), ...stepTexts(), ...phaseNames(), ...marks(), svg("g", {id: "cursor"}));
  showCursor();
}

// The tint of a warmup, the grey where nothing runs, and a line where a phase begins.
function shade([, start, stop, isWarmup, ran], index) {
  const [left, right] = [start, stop].map(step => across(place(lead(), step)) * ACROSS);
  const kind = isWarmup ? "warmup" : ran ? "" : "ended";
  const joint = index && data.phases.length <= MOST_PHASES ? [svg("path", {class: "joint", d: `M${left} 0v${UP}`})] : [];
  return kind ? [svg("rect", {class: kind, x: left, width: Math.max(right - left, 0), height: UP}), ...joint] : joint;
}

function curve(one) {
  const [hue, dash, opacity, width] = one.look;
  const [low, high] = whole(), magnified = (high - low) / (view()[1] - view()[0]);
  return svg("path", {
    class: `curve c${hue} d${dash}${one.points ? " dots" : ""}${one.hidden ? " hidden" : ""}`,
    "stroke-opacity": opacity, "stroke-width": Math.min(width * magnified, Math.max(width, 2.2)), d: path(one),
  });
}

// A value that the axis does not have is a gap.
function path(one) {
  const right = x => (across(x) * ACROSS).toFixed(2);
  let drawn = "", pen = "M";
  one.places.forEach((x, i) => {
    const up = (1 - scale.share(one.y[i])) * UP;
    if (!Number.isFinite(up)) { pen = "M"; return; }
    if (one.jumps?.includes(i) && pen === "L") drawn += `H${right(x)}`;
    drawn += `${pen}${right(x)} ${up.toFixed(2)}`;
    if (one.points || one.x.length === 1) drawn += "h0";
    if (data.stairs && !one.points) drawn += `H${right(place(one, one.x[i] + 1))}`;
    pen = one.points ? "M" : "L";
  });
  return drawn;
}

function valueTexts() {
  return scale.ticks.map(tick => svg("text", {class: "value", y: percent(1 - scale.share(tick))}, scale.text(tick)));
}

function stepTexts() {
  const width = chart.clientWidth || 300;
  return spanTicks(view(), text, width, state.x === "step" ? 1 : 0)
    .map(tick => {
      const isWide = tick === view()[1] && LETTER * text(tick).length / 2 > MARGIN;
      return svg("text", {class: `step${isWide ? " wide" : ""}`, y: "100%", x: percent(across(tick))}, text(tick));
    });
}

// The names that have room in their phase; that of a warmup may stand behind its end, in the next one.
function phaseNames() {
  const width = chart.clientWidth || 300, found = [];
  let free = 0;
  const right = step => Math.min(Math.max(across(place(lead(), step)), 0), 1) * width;
  for (const [index, [name, start, stop, warmup]] of data.phases.entries()) {
    const [from, to] = [start, stop].map(right), behind = right(data.phases[index + 1]?.[2] ?? data.whole[1]);
    const wide = LETTER * name.length, first = Math.max(from, free) + 8;
    let left = null;
    if (first + wide + 8 <= to) left = Math.max(first, (from + to - wide) / 2);
    else if (warmup && to > 0 && to + 8 + wide <= behind) left = Math.max(to + 8, free + 8);
    if (left === null || to <= from) continue;
    found.push(svg("text", {class: "phase", y: "16", x: percent(left / width)}, name));
    free = left + wide;
  }
  return found;
}

// Peak and last of a curve alone; of several the table has them.
function marks() {
  if (curves.length > 1) return [];
  const [one] = curves;
  return (one.marks ?? []).flatMap(([name, step]) => {
    const x = across(place(one, step)), value = one.y[nearest(one.x, step)];
    const y = 1 - scale.share(value);
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return [];
    const side = x < 0.15 ? "start" : x > 0.85 ? "end" : "middle";
    return [
      svg("circle", {class: `ring c${one.look[0]}`, cx: percent(x), cy: percent(y), r: 4}),
      svg("text", {class: "mark", x: percent(x), y: percent(y), dy: name === "last" ? "-16" : "-10", "text-anchor": side},
        `${name} ${short(value)}`),
    ];
  });
}
