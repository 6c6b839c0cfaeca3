// Pointer, keys, buttons: what makes the page answer. Without them it is read as it stands.
const plot = document.getElementById("plot");
const readout = document.createElement("output");
const cells = addTo(document.getElementById("facts"));

function button(text, press, title) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.title = title ?? "";
  made.addEventListener("click", press);
  return made;
}

function changed(change) {
  return event => {
    change(event);
    refresh();
    remember();
  };
}

// The name of a curve becomes what hides it, and a cell beside it tells its value.
function addTo(table) {
  const head = document.createElement("th");
  head.className = "number";
  head.textContent = "at the cursor";
  table.tHead.rows[0].cells[0].after(head);
  return curves.map((one, i) => {
    const row = table.tBodies[0].rows[i], name = row.cells[0];
    const press = button("", changed(() => { one.hidden = !one.hidden; }), "show or hide");
    press.append(...name.childNodes);
    name.replaceChildren(press);
    const value = row.insertCell(1);
    value.className = "number now";
    return {press, value};
  });
}

const switches = units.map(unit => [button(unit, changed(() => setUnit(unit)), "x axis"), () => state.x === unit]);
if (curves.some(one => one.y.some(value => value > 0))) {
  switches.push([button("log", changed(() => { state.log = !state.log; }), "l"), () => state.log]);
}
const reset = button("whole run", changed(() => { state.view = null; }), "Esc");
document.getElementById("controls").append(...switches.map(([made]) => made), reset, readout);

function refresh() {
  for (const [made, holds] of switches) made.setAttribute("aria-pressed", holds());
  cells.forEach(({press}, i) => press.setAttribute("aria-pressed", !curves[i].hidden));
  reset.hidden = state.view === null;
  draw();
}

// Where each curve stands at the tick of the leading one: its own nearest tick, which is said where it is another.
function stands() {
  const one = lead(), i = nearest(one.x, state.at), x = one.places[i], alike = isShared();
  return curves.map(other => {
    const j = nearest(other.places, x), step = other.x[j];
    const runs = x > place(other, other.x[0] - 1) && x < place(other, other.x.at(-1) + 1);
    const where = alike && step === one.x[i] ? "" : ` @ ${step}`;
    return {one: other, at: other.places[j], value: other.y[j], text: runs ? exact(other.y[j]) + where : "–", runs};
  });
}

function showCursor() {
  const group = document.getElementById("cursor");
  group.replaceChildren();
  for (const {value} of cells) value.textContent = "";
  readout.textContent = state.at === null ? "hover, or arrow keys" : "";
  if (state.at === null) return;
  const found = stands(), one = lead(), x = one.places[nearest(one.x, state.at)], cursor = percent(across(x));
  found.forEach(({text}, i) => { cells[i].value.textContent = text; });
  readout.replaceChildren(position(x), aloud(found));
  const isInside = share => share >= 0 && share <= 1;
  if (!isInside(across(x))) return;
  group.append(svg("line", {x1: cursor, x2: cursor, y1: "0", y2: "100%"}));
  for (const {one: each, at, value, runs} of found) {
    const [right, down] = [across(at), 1 - scale.share(value)];
    if (runs && !each.hidden && isInside(right) && isInside(down)) {
      group.append(svg("circle", {class: `dot c${each.look[0]}`, cx: percent(right), cy: percent(down), r: 4}));
    }
  }
}

// The values for those who hear the page.
function aloud(found) {
  const said = document.createElement("span");
  said.className = "aloud";
  const audible = found.filter(({one}) => !one.hidden).slice(0, 6);
  said.textContent = audible.map(({one, text}) => `, ${one.label} ${text}`).join("");
  return said;
}

function position(x) {
  if (!isShared()) return `${state.x} ${text(x)}`;
  const one = lead(), step = one.x[nearest(one.places, x)];
  return `step ${grouped(step)}${one.epoch ? ` · epoch ${decimal(step / one.epoch)}` : ""}`;
}

function moveTo(step) {
  state.at = step;
  showCursor();
}

// A tick of the leading curve within the view.
function snap(x) {
  const one = lead(), inside = one.places.filter(at => at >= view()[0] && at <= view()[1]);
  return inside.length ? one.x[nearest(one.places, inside[nearest(inside, x)])] : state.at;
}

function under(event) {
  const box = chart.getBoundingClientRect();
  return view()[0] + (event.clientX - box.left) / box.width * (view()[1] - view()[0]);
}

let from = null, band = null, later = null;
plot.tabIndex = 0;
plot.setAttribute("aria-label", "chart; arrow keys read values, l is the log scale, Escape the whole run");
readout.setAttribute("aria-live", "polite");
chart.addEventListener("pointerdown", event => {
  from = event.button ? null : under(event);
  plot.focus({preventScroll: true});
});
chart.addEventListener("pointermove", event => {
  moveTo(snap(under(event)));
  if (from === null) return;
  band ??= svg("rect", {class: "band", height: "100%"});
  const [left, right] = [from, under(event)].map(x => Math.min(Math.max(across(x), 0), 1)).sort((a, b) => a - b);
  band.setAttribute("x", percent(left));
  band.setAttribute("width", percent(right - left));
  chart.append(band);
});
addEventListener("pointerup", event => {
  const box = chart.getBoundingClientRect(), to = from === null ? null : under(event);
  if (to !== null && Math.abs(across(to) - across(from)) * box.width > 8) {
    changed(() => zoom(Math.min(from, to), Math.max(from, to)))();
  }
  band?.remove();
  from = band = null;
  remember();
});
chart.addEventListener("pointerleave", () => { if (from === null) remember(); });
chart.addEventListener("dblclick", changed(() => { state.view = null; }));

const KEYS = {
  ArrowLeft: event => step(event.shiftKey ? -10 : -1), ArrowRight: event => step(event.shiftKey ? 10 : 1),
  Home: () => step(-Infinity), End: () => step(Infinity),
  l: changed(() => { state.log = !state.log; }), Escape: changed(() => { state.view = null; }),
};
plot.addEventListener("keydown", event => {
  if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  KEYS[event.key](event);
});

// So many ticks on, within the view.
function step(by) {
  const one = lead(), first = nearest(one.x, snap(view()[0])), last = nearest(one.x, snap(view()[1]));
  const now = state.at === null ? (by < 0 ? last + 1 : first - 1) : nearest(one.x, state.at);
  moveTo(one.x[Math.min(Math.max(now + by, first), last)]);
  clearTimeout(later); // browsers refuse an address that changes too often
  later = setTimeout(remember, 300);
}

const specs = document.getElementById("specs");
specs?.before(button("copy", async event => {
  const made = event.target;
  try {
    await navigator.clipboard.writeText(specs.textContent);
  } catch {
    getSelection().selectAllChildren(specs);
    document.execCommand("copy");
  }
  made.textContent = "copied";
}));

addEventListener("hashchange", () => { recall(); refresh(); });
new ResizeObserver(() => draw()).observe(plot);
recall();
refresh();
