"""The panels of a picture and what stands around them: axes that say what they do, pages of one height."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from pictured import (
    COSINE,
    SIX,
    SUBTITLE,
    N,
    W,
    boxes,
    cosine,
    falling,
    line,
    picture,
    plotted,
    power,
    tick_labels,
    view_of,
    words,
    zigzag,
)

from lrviz.draw.image import draw
from lrviz.draw.scene import Span
from lrviz.draw.theme import LIGHT


@pytest.mark.long
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="usual"),
        pytest.param({"subtitle": f"{SUBTITLE} · {SUBTITLE}"}, id="two lines above"),
        pytest.param({"footer": ("torch 2.13.0",)}, id="one line below"),
        pytest.param({"footer": ("a term of the footer",) * 99}, id="three lines below"),
    ],
)
@pytest.mark.parametrize("case", [pytest.param(COSINE, id="one"), pytest.param(picture(*SIX), id="six")])
def test_a_page_is_as_high_whatever_stands_around_its_panels(case, changes):
    assert tuple(draw(replace(case, **changes)).get_size_inches()) == tuple(draw(case).get_size_inches())


def test_values_too_small_to_differ_in_height_lie_on_the_floor():
    (axes,) = draw(picture(line("tiny", power(1, 1e-300)))).axes
    assert [text for text in tick_labels(axes.yaxis) if text] == ["0"]
    (_, y) = axes.transAxes.inverted().transform(axes.transData.transform((0, 1e-300)))
    assert y == pytest.approx(0)


def test_the_footer_stands_below_all_else_in_at_most_three_lines():
    placed = boxes(draw(replace(COSINE, footer=tuple(f"term {k}" for k in range(99)))))
    foot = [box for text, box in placed if text.startswith("term")]
    assert len(foot) == 3
    (counts,) = [(text, found[1]) for text, _ in placed if (found := re.search(r"· (\d+) more notes$", text))]
    assert f"term {98 - int(counts[1])} · " in counts[0]
    assert max(box.y1 for box in foot) < min(box.y0 for text, box in placed if not text.startswith("term"))


def test_a_page_without_room_for_any_note_counts_them():
    footer = (f"{'a long note ' * 20}{k}" for k in range(4))
    tight = picture(
        *SIX, footer=tuple(footer), view=view_of(x="step", size="3.25x2in", font_size=6, legend="none")
    )
    assert "4 notes" in [text for text, _ in boxes(draw(tight))]


@pytest.mark.parametrize("level", [pytest.param(0.0, id="zero"), pytest.param(-1e-3, id="the least value")])
def test_a_curve_on_the_floor_is_drawn_in_its_whole_width(level):
    (axes,) = draw(picture(line("x", lambda t: 1e-3 if t < 100 else level))).axes
    (curve,) = [c for c in plotted(axes) if len(c.get_xdata()) > 2]
    assert not curve.get_clip_on()
    assert curve.get_zorder() > axes.spines["bottom"].get_zorder()


@pytest.mark.parametrize(
    ("apart", "is_named"),
    [pytest.param(1.5, True, id="told apart later"), pytest.param(1.004, False, id="nowhere")],
)
def test_a_name_stands_where_its_curve_is_told_apart(apart, is_named):
    lines = [line(f"poly {k}", power(k)) for k in (1, apart)]
    figure = draw(picture(*lines))
    start, names = figure.axes[0].transData.transform((W, 0))[0], {one.label for one in lines}
    assert (not figure.artists) is is_named
    assert not is_named or all(box.x1 > start for text, box in boxes(figure) if text in names)


def test_zeros_of_narrow_steps_lie_below_the_edge_of_the_log_panel():
    upper, lower = draw(picture(SIX[0], SIX[1])).axes
    assert plotted(upper)[0].get_ydata()[0] == 0
    assert 0 < plotted(lower)[0].get_ydata()[0] < lower.get_ylim()[0]


def test_a_zero_of_a_wide_step_is_a_gap_of_the_log_panel():
    lines = [line(name, lambda t, k=k: 1e-3 * (t / 99) ** k, 100) for k, name in ((1, "a"), (2, "b"))]
    upper, lower = draw(picture(*lines, n=100)).axes
    assert plotted(upper)[0].get_ydata()[0] == 0
    assert np.isnan(plotted(lower)[0].get_ydata()[0])
    assert not np.isnan(plotted(lower)[0].get_ydata()[1:]).any()


@pytest.mark.parametrize(
    ("decades", "texts"),
    [
        pytest.param(40, ["below 2.291e-9"], id="early"),
        pytest.param(8, [], id="at its end"),
        pytest.param(4, [], id="never"),
    ],
)
def test_a_curve_that_leaves_a_log_axis_is_marked_there(decades, texts):
    figure = draw(picture(line("x", lambda t: 10 ** (-decades * t / N)), log=True))
    left = [c.get_xdata()[0] for c in figure.axes[0].lines if c.get_marker() == "v"]
    assert left == pytest.approx([N * 8.64 / decades] * len(texts), abs=N / 1000)
    assert [text for text in words(figure) if text.startswith("below")] == texts


@pytest.mark.parametrize("value", [0.0, -1e-3, 1e-30])
def test_a_curve_that_is_nowhere_on_a_log_axis_is_marked_where_it_begins(value):
    lines = line("nowhere", lambda t: 0 * t + value), line("seen", lambda t: 0 * t + 1e-3)
    (axes,) = draw(picture(*lines, log=True)).axes
    left = [stroke for stroke in axes.lines if stroke.get_marker() == "v"]
    assert [stroke.get_xdata()[0] for stroke in left] == [0]


@pytest.mark.parametrize(
    ("least", "says"),
    [
        pytest.param(0.9, True, id="begins above zero"),
        pytest.param(0.1, False, id="zero"),
        pytest.param(-0.9, False, id="below zero"),
    ],
)
def test_an_axis_that_does_not_begin_at_zero_says_so(least, says):
    (axes,) = draw(picture(line("x", lambda t: 1 - (1 - least) * t / N))).axes
    assert bool(axes.get_ylim()[0] > 0) is says
    assert ("not from 0" in axes.get_ylabel()) is says
    assert any(stroke.get_transform() == axes.transAxes for stroke in axes.lines) is says


@pytest.mark.parametrize(
    ("case", "panels"),
    [
        pytest.param(picture(*SIX), 2, id="both"),
        pytest.param(picture(*SIX, log=True), 1, id="already log"),
        pytest.param(picture(line("a", lambda _: 0), line("b", lambda t: -t)), 1, id="nothing positive"),
        pytest.param(picture(line("a", lambda _: 2), line("b", lambda _: 3)), 1, id="nothing to separate"),
        pytest.param(COSINE, 1, id="one line"),
    ],
)
def test_panels(case, panels):
    assert len(draw(case).axes) == panels


@pytest.mark.parametrize(
    ("shown", "bands"), [pytest.param(zigzag(), 1, id="dense"), pytest.param(COSINE.lines[0], 0, id="smooth")]
)
def test_cycles_too_narrow_for_a_line_are_a_band(shown, bands):
    (axes,) = draw(picture(shown)).axes
    assert len(axes.collections) == bands


@pytest.mark.parametrize(
    ("end", "name"),
    [
        pytest.param(2, "warmup until step 2", id="unseen"),
        pytest.param(1.5, "warmup until step 2", id="within a step"),
        pytest.param(W, "warmup", id="seen"),
    ],
)
def test_a_warmup_too_short_to_be_seen_says_where_it_ends(end, name):
    phases = (Span("warmup", 0, end, warmup=True), Span("decay", end, N))
    found = words(draw(picture(line("x", cosine, phases=phases))))
    assert [text for text in found if text.startswith("warmup")] == [name]


def test_a_stop_of_stairs_is_crossed_at_their_end():
    stairs = line("x", lambda _: 1.0, 9, last=(7, 1.0), stop=(8, "past it"))
    (cross,) = [c for c in draw(picture(stairs, n=20)).axes[0].lines if c.get_marker() == "x"]
    assert cross.get_xdata()[0] == 8


def test_where_nothing_ran_is_grey_in_every_panel():
    phases = (Span("decay", 0, 100), Span("no value", 100, N, ran=False))
    (axes,) = draw(picture(line("x", falling(), phases=phases))).axes
    (grey,) = axes.patches
    assert (grey.get_x(), grey.get_x() + grey.get_width()) == (100, N)
    assert to_hex(grey.get_facecolor()).upper() == LIGHT.spine


@pytest.mark.parametrize(
    ("level", "halos"),
    [pytest.param(0.75, 1, id="on a line of the grid"), pytest.param(0.63, 0, id="between two")],
)
def test_a_name_across_the_grid_has_a_halo(level, halos):
    figure = draw(picture(line("high", lambda _: 1.0), line("low", lambda _: level - 0.05)))
    assert len(figure.patches) == halos


@pytest.mark.parametrize(
    ("steps", "title", "last"),
    [
        pytest.param((0, 10**12), "optimizer step, in trillions", "1", id="trillions"),
        pytest.param((0, 5 * 10**9), "optimizer step, in billions", "5", id="billions"),
        pytest.param((0, 5 * 10**8), "optimizer step", "500\u202f000\u202f000", id="fewer"),
        pytest.param(
            (0, 10**12 + 1),
            "optimizer step",
            "1\u202f000\u202f000\u202f000\u202f001",
            id="not without rounding",
        ),
        pytest.param(
            (10**12 - 10, 10**12),
            "optimizer step",
            "1\u202f000\u202f000\u202f000\u202f000",
            id="a short part",
        ),
    ],
)
def test_an_axis_counts_very_many_steps_in_billions(steps, title, last):
    ends = np.array(steps, dtype=float)
    curve = replace(line("x", falling()), x=ends, y=np.array([1.0, 0.0]), peak=None, last=None)
    figure = draw(picture(curve, per_epoch=None, steps=steps))
    assert title in words(figure)
    assert tick_labels(figure.axes[0].xaxis)[-1] == last
