"""Pictures that the tests draw, and what they read off them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from lrviz.draw import style
from lrviz.draw.scene import Line, Picture, Span
from lrviz.notation.spec import parse_typed
from lrviz.view.view_keys import read_view

N, W = 11730, 1173
SUBTITLE = "50 000 samples / batch 128 = 391 steps/epoch × 30 epochs = 11 730 steps   ·   warmup 10 %"
TRILLION = 10**12


def line(label, formula, n=N, **changes):
    x = np.unique(np.linspace(0, n - 1, min(n, 1100)).round())
    y = np.array([float(formula(t)) for t in x])
    peak, last = int(y.argmax()), len(x) - 1
    marks = [(int(x[i]), float(y[i])) for i in (peak, last)]
    return replace(Line(label, x, y, float(y.mean()), *marks), **changes)


def picture(*lines, n=N, per_epoch=391.0, **changes):
    return replace(Picture(tuple(lines), "cosine", SUBTITLE, (0, n), per_epoch), **changes)


def cosine(t, floor=0.01):
    return 3e-4 * (t / W if t < W else floor + (1 - floor) * (1 + np.cos(np.pi * (t - W) / (N - W))) / 2)


def power(exponent, lr=3e-4):
    return lambda t: lr * (t / W if t < W else (1 - (t - W) / (N - W)) ** exponent)


def falling(lr=1e-3, n=N):
    return lambda t: lr * (1 - t / n)


def zigzag():
    x, y = np.repeat(np.linspace(0, N - 1, 1100), 2), np.tile([1e-4, 1e-3], 1100)
    return Line("cyclic", x, y, 5e-4, (50, 1e-3), (N - 1, 1e-4))


WARMUP = (Span("warmup", 0.0, float(W), warmup=True), Span("cosine decay", float(W), float(N)))
COSINE = picture(line("cosine", cosine, phases=WARMUP))
SIX = tuple(
    line(name, formula, phases=(Span("warmup", 0.0, float(W), warmup=True),))
    for name, formula in {
        "cosine": cosine,
        "linear": power(1),
        "wsd": lambda t: 3e-4 * min(t / W, 1, (N - t) / 2000),
        "inverse-sqrt": lambda t: 3e-4 * min(t / W, (W / max(t, 1)) ** 0.5),
        "poly": power(3),
        "low": lambda t: 5e-5 * min(t / W, 1),
    }.items()
)
STOPPED = Line(
    "onecycle",
    np.arange(101.0),
    np.linspace(1e-3, 1e-5, 101),
    5e-4,
    (0, 1e-3),
    (100, 1e-5),
    (),
    (101, "past it"),
)
NEVER = Line("never", np.zeros(0), np.zeros(0), 0.0, None, None, (), (0, "at once"))
CYCLES = tuple(Span(f"cycle {i + 1}", 300.0 * i, 300.0 * i + 300) for i in range(39))
EARLY = np.arange(TRILLION - 10, TRILLION, dtype=float)

ODD = [
    pytest.param(COSINE, id="one"),
    pytest.param(replace(COSINE, log=True), id="log"),
    pytest.param(replace(COSINE, steps_per_epoch=None), id="no epochs"),
    pytest.param(replace(COSINE, steps_per_epoch=1.0), id="a step is an epoch"),
    pytest.param(replace(COSINE, steps_per_epoch=1e9), id="a sliver of an epoch"),
    pytest.param(picture(line("x", falling())), id="peak at step 0"),
    pytest.param(picture(line("x", lambda t: 1e-3 * t / N)), id="peak at the end"),
    pytest.param(picture(line("x", lambda _: 1e-3)), id="flat"),
    pytest.param(picture(line("x", lambda _: 1e-3), log=True), id="flat log"),
    pytest.param(picture(line("x", lambda _: 0)), id="zero"),
    pytest.param(picture(line("x", lambda _: 0), log=True), id="zero log"),
    pytest.param(picture(line("x", lambda t: -1e-3 * t / N)), id="negative"),
    pytest.param(picture(line("x", lambda t: 1e-3 * np.cos(t / 1500))), id="both signs"),
    pytest.param(picture(line("x", lambda _: 1e-3, 1), n=1, per_epoch=1.0), id="one step"),
    pytest.param(picture(line("x", lambda t: 1e-3 + t, 2), n=2, per_epoch=None), id="two steps"),
    pytest.param(picture(line("x", falling(1e-3, TRILLION), TRILLION), n=TRILLION), id="trillion steps"),
    pytest.param(
        picture(
            Line(
                "x", EARLY, np.linspace(2e-12, 1e-12, 10), 0.0, (TRILLION - 10, 2e-12), (TRILLION - 1, 1e-12)
            ),
            steps=(TRILLION - 10, TRILLION),
        ),
        id="end of a trillion steps",
    ),
    pytest.param(picture(line("x", falling(1e-12))), id="tiny values"),
    pytest.param(picture(line("x", falling(1e6))), id="large values"),
    pytest.param(
        picture(line("x", lambda t: t, phases=(Span("warmup", 0.0, 2e4, warmup=True),))),
        id="warmup longer than the run",
    ),
    pytest.param(
        picture(line("x", falling(), phases=(Span("warmup", 0.0, 3.0, warmup=True), Span("decay", 3.0, N)))),
        id="warmup of a pixel",
    ),
    pytest.param(picture(replace(zigzag(), phases=CYCLES)), id="dense, many phases"),
    pytest.param(picture(STOPPED, n=150, per_epoch=10.0), id="stopped"),
    pytest.param(picture(NEVER), id="stopped at once"),
    pytest.param(
        replace(COSINE, title="A long title " * 12, subtitle=SUBTITLE * 4 + "x" * 300), id="long header"
    ),
    pytest.param(replace(COSINE, title="", subtitle=""), id="no header"),
    pytest.param(replace(COSINE, footer=("torch 2.13.0", "metric made up")), id="footer"),
    pytest.param(
        picture(*SIX, footer=tuple(f"curve {k}: assumed" for k in range(99))), id="six, long footer"
    ),
    pytest.param(replace(COSINE, quantity="a very long name of a quantity " * 9), id="long quantity"),
    pytest.param(
        replace(COSINE, title="$\\frac{1}{2$ 学习 🚀\ud800", subtitle="tab\tnew\nline $5 é"), id="any text"
    ),
    pytest.param(picture(line("x", lambda t: 0.9 + t / N / 20), quantity="momentum"), id="narrow range"),
    pytest.param(picture(line("x", lambda t: 1e-3 if t < 9e3 else np.nan, peak=None, last=None)), id="nan"),
    pytest.param(picture(*SIX), id="six"),
    pytest.param(picture(*SIX, log=True), id="six, log"),
    pytest.param(picture(*SIX, per_epoch=None), id="six, no epochs"),
    pytest.param(picture(*(line(f"poly {k}", power(k / 2)) for k in range(1, 13))), id="twelve"),
    pytest.param(
        picture(*(line(f"number {k}, " * 20, power(k / 2)) for k in range(1, 21))), id="twenty, long labels"
    ),
    pytest.param(picture(*(line(f"{k}", power(k / 2)) for k in range(60))), id="sixty"),
    pytest.param(picture(*(line(f"{k}", power(k / 2)) for k in range(90))), id="ninety"),
    pytest.param(
        replace(picture(line("x" * 30_000, power(1)), SIX[0]), title="long " * 6_000), id="endless texts"
    ),
    pytest.param(picture(SIX[0], replace(SIX[0], label="twin"), SIX[1]), id="twins"),
    pytest.param(picture(line("a", lambda _: 0), line("b", lambda t: -t)), id="nothing positive"),
    pytest.param(picture(STOPPED, NEVER, line("whole", falling(1e-3, 150), 150), n=150), id="some stopped"),
]


def words(figure):
    return [t.get_text() for t in figure.texts]


def boxes(figure):
    """Every visible text with its place in pixels, after the axes have put theirs."""
    with style.settings():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        seen = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text()]
        return [(t.get_text(), t.get_window_extent(canvas.get_renderer())) for t in seen]


def tick_labels(axis):
    return [t.get_text() for t in axis.get_ticklabels()]


def plotted(axes):
    """The curves alone: rings, crosses and the boundary of the warmup have another colour or one point."""
    return [c for c in axes.lines if c.get_transform() == axes.transData and len(c.get_xdata()) > 2]


def view_of(**said):
    """A view of options by name; ``start`` and ``stop`` are those whose names Python has taken."""
    names = {"start": "from", "stop": "to"}
    said = {names.get(name, name): value for name, value in said.items()}
    return read_view(
        {name: parse_typed(name, one) if isinstance(one, str) else one for name, one in said.items()}
    )
