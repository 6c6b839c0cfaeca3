// The charts, one of each quantity: curves in a panel that stretches, text around it that does not.
const charts = [...document.querySelectorAll(".chart")].map((element, index) => ({element, index}));

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const percent = share => `${(100 * share).toFixed(3)}%`;
const across = x => (x - view()[0]) / length();
const isInside = share => share >= 0 && share <= 1;
const text = x => state.x === "step" ? grouped(x) : decimal(x) + (state.x === "percent" ? "%" : "");

const width = () => charts[0].element.clientWidth || 300;

const ends = one => view().map(at => nearest(one.places, at));

// Whether the page has the value of each step in view.
function hasEach(one) {
  const [first, last] = ends(one);
  return one.x[last] - one.x[first] === last - first;
}

const pixels = (one, steps) => place(one, steps) * width() / length();

// What is known of the cycles of a curve in the least stretch that has all in view.
function cyclesOf(one, index) {
  const end = i => across(place(one, one.x.at(i) + 1));
  const [left, right] = [Math.max(across(one.places[0]), 0), Math.min(end(-1), 1)];
  const isWithin = ({first, stop}) => across(one.places[first]) <= left + EDGE && end(stop - 1) >= right - EDGE;
  return one.bands[index].findLast(isWithin) ?? {starts: [], cycle: 0};
}

// Where columns of a band begin among the values of a curve, if its cycles are too narrow for a line.
function bandOf(one, index) {
  const {starts, cycle} = cyclesOf(one, index);
  return hasEach(one) || pixels(one, cycle) >= BAND ? [] : starts;
}

// What is said of a chart that does not show each value.
function remark(index) {
  const banded = shown().filter(one => bandOf(one, index).length);
  const [coarsest] = banded.map(one => [one.bands[index], cyclesOf(one, index)])
    .filter(([, {cycle}]) => !cycle).sort(([, a], [, b]) => b.steps - a.steps);
  if (coarsest) {
    const [bands, band] = coarsest;
    return `${BAND_OF} ${grouped(band.steps)} steps${band === bands.at(-1) ? LACK : ""}`;
  }
  if (banded.length) return "; a band is of cycles too narrow to be seen";
  const one = lead(), [first, last] = ends(one);
  const widest = Math.max(...one.x.slice(first, last).map((at, i) => one.x[first + i + 1] - at), 1);
  return widest > 1 && pixels(one, widest) > SPARSE
    ? `; straight between values up to ${grouped(widest)} steps apart${LACK}` : "";
}

// The values in view and one on either side, of the curves that are not hidden.
function valuesInView(index) {
  return shown().map(one => {
    const band = bandOf(one, index), [left, right] = ends(one);
    const first = Math.max(left - 1, 0), last = right + 2;
    // Of a column of a band all.
    const from = first < band.at(-1) ? band.findLast(i => i <= first) : first;
    const to = last > band[0] ? band.find(i => i >= last) : last;
    return Array.from(one.y[index].subarray(from ?? first, to ?? last));
  });
}

function scaleOf(index) {
  const values = valuesInView(index);
  return (state.log && !index && logScale(values)) || valueScale(values.flat());
}

function draw() {
  charts.forEach(drawChart);
  showCursor();
}

const down = (scale, y) => (1 - scale.share(y)) * UP;
const right = (one, step) => across(place(one, step)) * ACROSS;

function drawChart(chart) {
  const {element, index} = chart, scale = chart.scale = scaleOf(index);
  const name = `${data.quantities[index]}${scale.remark}`;
  element.nextElementSibling.textContent = `${name} by ${data.axes[state.x]}${remark(index)}`;
  const panel = svg("svg", {class: "panel", viewBox: `0 0 ${ACROSS} ${UP}`, preserveAspectRatio: "none"});
  const lines = scale.ticks.map(tick => `M0 ${down(scale, tick)}h${ACROSS}`).join("");
  panel.append(
    ...data.phases.flatMap(shade), ...data.joints.map(joint), svg("path", {class: "grid", d: lines}),
    ...curves.flatMap(one => curve(one, chart)),
  );
  const above = index ? [] : [...phaseNames(), ...marks(chart)];
  element.replaceChildren(panel, ...valueTexts(scale), ...stepTexts(), ...above, svg("g", {class: "cursor"}));
}

// The tint of a warmup, and the grey where nothing runs.
function shade([, start, stop, isWarmup, ran]) {
  if (!isWarmup && ran) return [];
  const x = right(lead(), start), width = Math.max(right(lead(), stop) - x, 0);
  return [svg("rect", {class: isWarmup ? "warmup" : "ended", x, width, height: UP})];
}

const joint = step => svg("path", {class: "joint", d: `M${right(lead(), step)} 0v${UP}`});

function curve(one, chart) {
  const [hue, dash, opacity] = one.look, {cycle} = cyclesOf(one, chart.index);
  const thin = Math.max(pixels(one, cycle) / LINES_APART, THINNEST);
  const drawn = (kind, d) => svg("path", {
    class: `curve c${hue} ${kind}${one.hidden ? " hidden" : ""}`,
    "stroke-opacity": opacity, "stroke-width": cycle ? Math.min(thin, data.width) : data.width, d,
  });
  const line = drawn(one.points ? "dots" : `d${dash}`, path(one, chart));
  return bandOf(one, chart.index).length ? [drawn("band", bandPath(one, chart)), line] : line;
}

// Over the columns, and back below them.
function bandPath(one, {index, scale}) {
  const starts = bandOf(one, index), ends = starts.map(i => right(one, one.x[i] ?? one.x.at(-1)).toFixed(2));
  const [over, back] = [Math.max, Math.min].map(of => starts.slice(1).map((end, k) => {
    const y = down(scale, of(...one.y[index].subarray(starts[k], end)));
    return (y <= 2 * UP ? y : 2 * UP).toFixed(2);
  }));
  const edges = [...over.map((y, k) => `V${y}H${ends[k + 1]}`), ...back.map((y, k) => `V${y}H${ends[k]}`).reverse()];
  return `M${ends[0]} ${back[0]}${edges.join("")}`;
}

// A value that the axis does not have is a gap.
function path(one, {index, scale}) {
  const y = one.y[index], jumps = new Set(one.jumps[index]), band = bandOf(one, index);
  let drawn = "", pen = "M";
  one.x.forEach((step, i) => {
    const up = down(scale, y[i]), x = right(one, step).toFixed(2);
    if (!isFinite(up) || (i > band[0] && i < band.at(-1))) { pen = "M"; return; }
    if (jumps.has(i) && pen === "L") drawn += `H${x}`;
    drawn += `${pen}${x} ${up.toFixed(2)}`;
    if (one.points || one.x.length === 1) drawn += "h0";
    if (data.stairs && !one.points) drawn += `H${right(one, step + 1).toFixed(2)}`;
    pen = one.points ? "M" : "L";
  });
  return drawn;
}

function valueTexts(scale) {
  return scale.ticks.map(tick => svg("text", {class: "value", y: percent(1 - scale.share(tick))}, scale.text(tick)));
}

function stepTexts() {
  return spanTicks(view(), text, width(), state.x === "step" ? 1 : 0).map(tick => {
    const isWide = tick === view()[1] && LETTER * text(tick).length / 2 > MARGIN;
    return svg("text", {class: `step${isWide ? " wide" : ""}`, y: "100%", x: percent(across(tick))}, text(tick));
  });
}

function phaseNames() {
  const scaled = step => right(lead(), step) / ACROSS * width();
  const spans = data.phases.map(([name, first, stop, isWarmup, , cycles]) => {
    const start = scaled(first), end = scaled(stop), isWhole = start >= 0 && end <= width() + 1;
    return {name: isWhole && cycles || name, start, end, isWarmup};
  }).filter(({start, end}) => start < width() && end > 0);
  return namePhases(spans, spans.map(({name}) => LETTER * [...name].length), width())
    .map(([index, left]) => svg("text", {class: "phase", x: percent(left / width())}, spans[index].name));
}

// Peak and last of a curve alone.
function marks({scale}) {
  const [one] = curves;
  return data.marks.flatMap(([name, step]) => {
    const x = across(place(one, step)), value = one.y[0][nearest(one.x, step)], y = 1 - scale.share(value);
    if (!isInside(x) || !isInside(y)) return [];
    const side = x < 0.15 ? "start" : x > 0.85 ? "end" : "middle";
    return [
      svg("circle", {class: `ring c${one.look[0]}`, cx: percent(x), cy: percent(y), r: 4}),
      svg("text", {class: "mark", x: percent(x), y: percent(y), dy: name === "last" ? "-16" : "-10", "text-anchor": side},
        `${name} ${short(value)}`),
    ];
  });
}
