// What the page shows now, kept in the address: a link shows the same.
const data = JSON.parse(document.getElementById("data").textContent);
const numbers = text => new Float64Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
const added = (total => gap => total += gap);
const curves = data.curves.map((one, index) => ({
  ...one, index, x: data.ticks[one.ticks].map(added(0)), y: numbers(one.values), hidden: false,
}));

// Steps in one unit of the x axis.
const UNITS = {step: () => 1, epoch: one => one.epoch, percent: one => one.steps / 100};
const units = Object.keys(UNITS).filter(unit => curves.every(UNITS[unit]));
const state = {x: "step", log: Boolean(data.log), view: null, at: null};

const per = one => UNITS[state.x](one);
const shown = () => curves.filter(one => !one.hidden);
// The curve that goes farthest: the cursor stands at its ticks.
const lead = () => (shown().length ? shown() : curves).reduce((a, b) => end(b) > end(a) ? b : a);
const end = one => one.x[one.x.length - 1] / per(one);
const whole = () => state.x === "step" ? data.view : [data.view[0] / per(lead()), Math.max(...curves.map(one => one.steps / per(one)))];
const view = () => state.view ?? whole();

function nearest(sorted, x) {
  let low = 0, high = sorted.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= x) low = middle; else high = middle;
  }
  return x - sorted[low] <= sorted[high] - x ? low : high;
}

function zoom(from, to) {
  const steps = per(lead());
  const [low, high] = [from, to].map(x => Math.round(Math.min(Math.max(x, whole()[0]), whole()[1]) * steps) / steps);
  if (high > low) state.view = [low, high];
}

// The same steps on another axis.
function setUnit(unit) {
  const steps = view().map(x => x * per(lead())), zoomed = state.view !== null;
  state.x = unit;
  state.view = zoomed ? steps.map(x => x / per(lead())) : null;
}

function remember() {
  const hidden = curves.filter(one => one.hidden).map(one => one.index).join();
  const said = {x: state.x !== "step" && state.x, scale: state.log !== Boolean(data.log) && (state.log ? "log" : "linear"),
    view: state.view && state.view.join(), hide: hidden, at: state.at !== null && String(state.at)};
  const text = Object.entries(said).filter(([, value]) => value).map(([key, value]) => `${key}=${value}`).join("&");
  try {
    history.replaceState(null, "", `#${text}`);
  } catch { /* a frame without an address of its own */ }
}

function recall() {
  const said = new URLSearchParams(location.hash.slice(1));
  state.x = units.includes(said.get("x")) ? said.get("x") : "step";
  state.log = said.has("scale") ? said.get("scale") === "log" : Boolean(data.log);
  const hidden = (said.get("hide") ?? "").split(",");
  for (const one of curves) one.hidden = hidden.includes(String(one.index));
  const [from, to] = (said.get("view") ?? "").split(",").map(Number);
  state.view = null;
  if (from < to) zoom(from, to);
  state.at = said.has("at") && Number.isFinite(+said.get("at")) ? +said.get("at") : null;
}
