// What the page shows now, kept in the address: a link shows the same.
const byId = id => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const numbers = text => new Float64Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
const added = (total => gap => total += gap);
const curves = data.curves.map((one, index) => {
  const x = data.ticks[one.ticks].map(added(0));
  return {...one, index, x, places: x, y: one.values.map(numbers), hidden: false};
});

const units = Object.keys(data.axes);
const state = {x: "step", log: false, view: null, at: null};

// How an axis counts the steps of a curve: so many in so many steps, less what the last of so many steps lacks.
const ruler = one => one.rulers[state.x];
function place(one, step, [places, steps, every = 1, lacking = 0] = ruler(one)) {
  return step * places / steps - (lacking && Math.floor(step / every) * lacking);
}
function stepAt(one, x) {
  const [places, steps, , lacking] = ruler(one);
  return lacking ? one.x[nearest(one.places, x)] : x * steps / places;
}
const isShared = () => curves.every(one => String(ruler(one)) === String(ruler(curves[0])));

const shown = () => curves.filter(one => !one.hidden);
// The curve that goes farthest: the cursor stands at its ticks.
const lead = () => (shown().length ? shown() : curves).reduce((a, b) => b.places.at(-1) > a.places.at(-1) ? b : a);
const whole = () => state.x === "step" ? data.whole : [0, Math.max(...curves.map(one => place(one, one.steps)))];
const view = () => state.view ?? whole();
const length = () => view()[1] - view()[0];

function nearest(sorted, x) {
  let low = 0, high = sorted.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= x) low = middle; else high = middle;
  }
  return x - sorted[low] <= sorted[high] - x ? low : high;
}

function zoom(from, to) {
  const [low, high] = [from, to].map(x => Math.min(Math.max(x, whole()[0]), whole()[1]))
    .map(x => state.x === "step" ? Math.round(x) : +x.toPrecision(6));
  if (high > low) state.view = [low, high];
}

// Another axis, on which the same steps are in view.
function setUnit(unit) {
  const one = lead(), steps = state.view?.map(x => stepAt(one, x));
  state.x = unit;
  for (const each of curves) each.places = each.x.map(step => place(each, step));
  state.view = null;
  if (steps) zoom(...steps.map(step => place(one, step)));
}

function remember() {
  const said = {
    x: state.x, scale: state.log ? "log" : "linear", view: state.view?.join(),
    hide: curves.filter(one => one.hidden).map(one => one.index).join(), at: state.at?.toString(),
  };
  const text = Object.entries(said).filter(([, value]) => value).map(([key, value]) => `${key}=${value}`).join("&");
  try {
    history.replaceState(null, "", `#${text}`);
  } catch { /* a frame without an address of its own */ }
}

function recall() {
  const said = new URLSearchParams(location.hash.slice(1));
  const [x, scale, hidden, at] = ["x", "scale", "hide", "at"].map(key => said.get(key) ?? "");
  const range = said.get("view")?.split(",").map(Number) ?? (x ? [] : data.view ?? []);
  state.log = scale ? scale === "log" : Boolean(data.log);
  for (const one of curves) one.hidden = hidden.split(",").includes(String(one.index));
  state.view = null;
  setUnit(units.includes(x) ? x : data.x);
  if (range[0] < range[1]) zoom(...range);
  state.at = at && isFinite(+at) ? +at : null;
}
