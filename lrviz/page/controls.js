// Pointer, keys, buttons: what makes the page answer. Without them it is read as it stands.
const make = (name, properties) => Object.assign(document.createElement(name), properties);
const plot = byId("plot"), readout = make("output");
const cells = addTo(document.querySelector("table"));

function button(text, press, title = "") {
  const made = make("button", {textContent: text, title});
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

const showAll = changed(() => { state.view = null; });
const toggleLog = changed(() => { state.log = !state.log; });

// The name of a curve becomes what hides it, and cells beside it tell its values.
function addTo(table) {
  const heads = data.quantities.map(name => make("th", {
    className: "number live", textContent: charts.length > 1 ? `${name} at the cursor` : "at the cursor",
  }));
  table.tHead.rows[0].cells[0].after(...heads);
  return curves.map((one, i) => {
    const row = table.tBodies[0].rows[i], name = row.cells[0];
    const press = button("", changed(() => { one.hidden = !one.hidden; }), "show or hide");
    press.append(...name.childNodes);
    name.replaceChildren(press);
    const values = heads.map((_, index) => row.insertCell(1 + index));
    for (const cell of values) cell.className = "number now";
    return {press, values};
  });
}

const switches = units.map(unit => [button(unit, changed(() => setUnit(unit)), "x axis"), () => state.x === unit]);
if (curves.some(one => one.y[0].some(value => value > 0))) {
  switches.push([button("log", toggleLog, "l"), () => state.log]);
}
const reset = button("whole run", showAll, "Esc");
byId("controls").append(...switches.map(([made]) => made), reset, readout);

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
    const values = charts.map(({index}) => runs ? other.y[index]?.[j] : undefined);
    const texts = values.map(value => value === undefined ? "–" : exact(value) + where);
    return {one: other, at: across(other.places[j]), values, texts};
  });
}

function showCursor() {
  const found = state.at === null ? [] : stands();
  cells.forEach(({values}, i) => values.forEach((cell, index) => { cell.textContent = found[i]?.texts[index] ?? ""; }));
  readout.textContent = "hover, or arrow keys";
  if (found.length) {
    const one = lead(), x = one.places[nearest(one.x, state.at)];
    readout.replaceChildren(position(x), aloud(found));
    for (const chart of charts) pointAt(chart, across(x), found);
  }
}

// The line of the cursor, and a dot on every curve.
function pointAt({element, index, scale}, right, found) {
  const group = element.querySelector(".cursor"), x = percent(right);
  group.replaceChildren();
  if (!isInside(right)) return;
  group.append(svg("line", {x1: x, x2: x, y1: "0", y2: "100%"}));
  for (const {one, at, values} of found) {
    const down = 1 - scale.share(values[index]);
    if (!one.hidden && isInside(at) && isInside(down)) {
      group.append(svg("circle", {class: `dot c${one.look[0]}`, cx: percent(at), cy: percent(down), r: 4}));
    }
  }
}

// The values for those who hear the page.
function aloud(found) {
  const audible = found.filter(({one}) => !one.hidden).slice(0, ALOUD);
  const said = audible.map(({one, texts}) => `, ${one.label} ${texts.join(", ")}`);
  return make("span", {className: "aloud", textContent: said.join("")});
}

function position(x) {
  if (!isShared()) return `${state.x} ${text(x)}`;
  const one = lead(), step = one.x[nearest(one.places, x)], {epoch} = one.rulers;
  return `step ${grouped(step)}` + (epoch ? ` · epoch ${decimal(place(one, step, epoch))}` : "");
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
  const box = charts[0].element.getBoundingClientRect();
  return view()[0] + (event.clientX - box.left) / box.width * length();
}

let from = null, chosen = null, later = null;
plot.tabIndex = 0;
plot.setAttribute("aria-label", "chart; arrow keys read values, l is the log scale, Escape the whole run");
for (const {element} of charts) {
  element.addEventListener("pointerdown", event => { from = event.button ? null : under(event); });
  element.addEventListener("pointermove", event => {
    moveTo(snap(under(event)));
    if (from === null) return;
    chosen ??= svg("rect", {class: "chosen", height: "100%"});
    const [left, right] = [from, under(event)].map(x => Math.min(Math.max(across(x), 0), 1)).sort((a, b) => a - b);
    chosen.setAttribute("x", percent(left));
    chosen.setAttribute("width", percent(right - left));
    element.append(chosen);
  });
  element.addEventListener("pointerleave", () => { if (from === null) remember(); });
  element.addEventListener("dblclick", showAll);
}
addEventListener("pointerup", event => {
  const to = from === null ? null : under(event);
  if (to !== null && Math.abs(across(to) - across(from)) * width() > 8) {
    changed(() => zoom(Math.min(from, to), Math.max(from, to)))();
  }
  chosen?.remove();
  from = chosen = null;
  remember();
});

const KEYS = {
  ArrowLeft: event => step(event.shiftKey ? -10 : -1), ArrowRight: event => step(event.shiftKey ? 10 : 1),
  Home: () => step(-Infinity), End: () => step(Infinity),
  l: toggleLog, Escape: showAll,
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
  // Browsers refuse an address that changes too often.
  clearTimeout(later);
  later = setTimeout(remember, 300);
}

const specs = byId("specs");
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
