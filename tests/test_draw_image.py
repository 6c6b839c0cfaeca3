"""Pictures are tested through the artists they are made of, never by their pixels."""

from __future__ import annotations

import itertools
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox
from pictured import (
    COSINE,
    ODD,
    SIX,
    STOPPED,
    SUBTITLE,
    WARMUP,
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
    words,
    zigzag,
)

from lrviz.draw import image
from lrviz.draw.formats import BEGINS
from lrviz.draw.image import FORMATS, draw, render
from lrviz.draw.placement import trace
from lrviz.draw.scene import Span
from lrviz.draw.theme import DASHES, LIGHT, LINE_WIDTH
from lrviz.errors import OutputError
from lrviz.view.size import DPI


@pytest.mark.long
@pytest.mark.parametrize("case", ODD)
def test_texts_stay_inside_apart_and_off_the_curves(case):
    figure = draw(case)
    placed = boxes(figure)
    width, height = figure.canvas.get_width_height()
    for text, box in placed:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text
    for (a, one), (b, other) in itertools.combinations(placed, 2):
        assert not one.overlaps(other), (a, b)
    axes = figure.axes[0]
    for curve in plotted(axes):
        pixels = axes.transData.transform(np.column_stack([curve.get_xdata(), curve.get_ydata()]))
        area = axes.get_window_extent()
        ink = trace(pixels[np.isfinite(pixels).all(axis=1)].clip(area.min, area.max), 1.0)
        for text, box in placed:
            inside = ((ink > box.min) & (ink < box.max)).all(axis=1)
            assert not inside.any(), text


@pytest.mark.long
@pytest.mark.parametrize("case", ODD)
def test_every_format_is_written(case, monkeypatch):
    figure = draw(case)  # once for all of them
    monkeypatch.setattr(image, "draw", lambda _: figure)
    assert [fmt for fmt in FORMATS if not render(case, fmt).startswith(BEGINS[fmt])] == []


def test_unknown_format():
    with pytest.raises(OutputError) as caught:
        render(COSINE, "gif")
    assert caught.value.message == "unknown picture format 'gif'"
    assert caught.value.hint == "use one of: png, svg, pdf"


def test_one_line():
    figure = draw(COSINE)
    (axes,) = figure.axes
    (curve,) = [c for c in plotted(axes) if to_hex(c.get_color()).upper() == LIGHT.palette[0]]
    assert np.array_equal(curve.get_xdata(), COSINE.lines[0].x)
    assert np.array_equal(curve.get_ydata(), COSINE.lines[0].y)
    assert tuple(figure.get_size_inches()) == (8.0, 4.5)
    assert figure.dpi == 160
    assert words(figure) == [
        "cosine",
        SUBTITLE,
        "optimizer step",
        "epoch",
        "warmup",
        "cosine decay",
        "peak 3e-4",
        "step 1\u202f174 (epoch 3)",
        "last 3e-6",
    ]


def test_axes():
    figure = draw(COSINE)
    (axes,) = figure.axes
    (above,) = axes.child_axes
    assert axes.get_xlim() == (0, N)
    assert tick_labels(axes.xaxis) == [
        "0",
        "2\u202f000",
        "4\u202f000",
        "6\u202f000",
        "8\u202f000",
        "10\u202f000",
        "11\u202f730",
    ]
    assert tick_labels(axes.yaxis) == ["0", "1e-4", "2e-4", "3e-4"]
    assert tick_labels(above.xaxis) == ["0", "5", "10", "15", "20", "25", "30"]
    assert [t / 391 for t in above.get_xticks()] == [0, 5, 10, 15, 20, 25, 30]
    assert axes.get_ylabel() == "learning rate"
    assert not draw(replace(COSINE, steps_per_epoch=None)).axes[0].child_axes


def test_marks_are_rings_on_the_curve():
    rings = [c for c in draw(COSINE).axes[0].lines if c.get_marker() == "o"]
    points = [(c.get_xdata()[0], c.get_ydata()[0]) for c in rings]
    assert points == [COSINE.lines[0].peak, COSINE.lines[0].last]


def test_a_value_below_a_log_axis_is_written_but_not_marked():
    figure = draw(picture(line("x", lambda t: max(1e-3 * (1 - t / (N - 1)), 0)), log=True))
    assert [c.get_xdata()[0] for c in figure.axes[0].lines if c.get_marker() == "o"] == [0]
    assert "last 0" in words(figure)


@pytest.mark.parametrize(
    ("phases", "spans", "dashed"),
    [
        pytest.param(WARMUP, [(0, W)], [W], id="plain"),
        pytest.param((Span("warmup", 0.0, 2e4, warmup=True),), [(0, N)], [], id="longer than the run"),
        pytest.param((Span("decay", 0.0, 100.0),), [], [], id="none"),
        pytest.param(
            tuple(Span(name, *ends) for name, ends in {"a": (0, 9), "b": (9, 300), "c": (300, N)}.items()),
            [],
            [9, 300],
            id="every joint",
        ),
    ],
)
def test_warmup_is_shaded(phases, spans, dashed):
    (axes,) = draw(picture(line("x", cosine, phases=phases))).axes
    shades = [p for p in axes.patches if isinstance(p, Rectangle)]
    assert [(p.get_x(), p.get_x() + p.get_width()) for p in shades] == spans
    assert [c.get_xdata()[0] for c in axes.lines if c.get_transform() != axes.transData] == dashed


def test_a_stop_is_crossed_and_written():
    figure = draw(picture(STOPPED, n=150, per_epoch=10.0))
    (cross,) = [c for c in figure.axes[0].lines if c.get_marker() == "x"]
    assert (cross.get_xdata()[0], cross.get_ydata()[0]) == (100, 1e-5)
    assert [c.get_xdata()[0] for c in figure.axes[0].lines if c.get_marker() == "o"] == [0]
    assert words(figure)[-4:] == ["peak 1e-3", "step 0 (epoch 0)", "last 1e-5", "stops at step 101"]


def test_stops_of_a_comparison_have_the_colours_of_their_curves():
    figure = draw(picture(STOPPED, SIX[0], n=150))
    (cross,) = [c for c in figure.axes[0].lines if c.get_marker() == "x"]
    (note,) = [t for t in figure.texts if t.get_text() == "stops at step 101"]
    assert (cross.get_color(), note.get_color()) == (LIGHT.look(0).color, LIGHT.look(0).text)


def test_each_of_several_stops_is_written_beside_its_cross():
    stopping = [
        replace(STOPPED, label=str(n), x=STOPPED.x * n / 100, last=(n, 1e-5), stop=(n + 1, "past it"))
        for n in (400, 600, 800)
    ]
    figure = draw(picture(*stopping, n=1000))
    placed = dict(boxes(figure))
    for stopped in stopping:
        x, y = figure.axes[0].transData.transform(stopped.last)
        box = placed[f"stops at step {stopped.stop[0]}"]
        assert np.hypot(max(box.x0 - x, x - box.x1, 0), max(box.y0 - y, y - box.y1, 0)) <= 100


def test_peak_and_last_in_one_place_are_written_once():
    figure = draw(picture(line("x", lambda _: 1e-3, 1), n=1, per_epoch=None))
    assert words(figure)[3:] == ["peak = last 1e-3", "step 0"]


@pytest.mark.long
@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(COSINE.lines[0], id="cosine"),
        pytest.param(line("x", falling()), id="linear"),
        pytest.param(line("x", lambda t: 1e-3 * min(1, (N - 1 - t) / 1800)), id="a late fall"),
        pytest.param(line("x", lambda t: 1e-3 * (1 - t % 3000 / 3000)), id="restarts"),
        pytest.param(zigzag(), id="dense"),
        pytest.param(STOPPED, id="stopped"),
        pytest.param(line("x", lambda t: 1e-3 * t / N), id="rising"),
        pytest.param(line("x", lambda _: 0), id="zero"),
        pytest.param(line("x", lambda t: -1e-3 * t / N), id="negative"),
    ],
)
@pytest.mark.parametrize("log", [pytest.param(False, id="linear"), pytest.param(True, id="log")])
def test_a_note_stands_beside_its_point_within_the_axes(shown, log):
    figure = draw(picture(shown, log=log))
    area = figure.axes[0].get_window_extent()
    marks = {"peak": shown.peak, "last": shown.last}
    for (text, number), (detail, rest) in itertools.pairwise([*boxes(figure), ("", None)]):
        if text.split()[0] in marks:
            note = Bbox.union([number, rest]) if detail.startswith(("step ", "stops ")) else number
            x, y = figure.axes[0].transData.transform(marks[text.split()[0]])
            y = max(area.y0, y)  # what a logarithmic axis cannot show lies on its floor
            aside, above = max(note.x0 - x, x - note.x1, 0), max(note.y0 - y, y - note.y1, 0)
            assert np.hypot(aside, above) <= 100, text
            assert area.x0 <= note.x0, text
            assert note.x1 <= area.x1, text


def test_comparison_names_every_curve_beside_it():
    figure = draw(picture(*SIX, title="six"))
    named = {t.get_text(): t.get_color() for t in figure.texts if t.get_fontweight() == "bold"}
    for index, schedule in enumerate(SIX):
        assert named[schedule.label] == LIGHT.look(index).text
    upper, lower = figure.axes
    assert (upper.get_yscale(), lower.get_yscale()) == ("linear", "log")
    assert lower.get_ylabel() == "learning rate (log)"
    assert tick_labels(upper.xaxis) == [""] * 7
    assert tick_labels(lower.xaxis)[-1] == "11\u202f730"
    assert not figure.artists


@pytest.mark.parametrize("points", [pytest.param(k, id=f"points at {k}") for k in (1, 2, 3)])
def test_a_name_stands_beside_its_own_curve_wherever_points_are_named(points):
    levels = {f"level {k}": k * 1e-4 for k in (1, 2, 3)}
    lines = [line(label, lambda _, y=y: y, points=label == f"level {points}") for label, y in levels.items()]
    figure = draw(picture(*lines, title="levels"))
    upper = figure.axes[0]
    heights = {label: upper.transData.transform((0, y))[1] for label, y in levels.items()}
    for text in (text for text in figure.texts if text.get_text() in levels):
        height = text.get_position()[1] * figure.bbox.height
        assert min(heights, key=lambda label: abs(heights[label] - height)) == text.get_text()


def test_crowded_curves_share_a_legend_ordered_by_mean():
    lines = [line(f"poly {k}", power(k / 3)) for k in range(24, 0, -1)]
    figure = draw(picture(*lines))
    assert words(figure)[-24:] == [f"poly {k}" for k in range(1, 25)]
    assert len(figure.artists) == 24


def test_long_labels_lose_their_middle_in_the_legend():
    figure = draw(
        picture(*(line(f"torch.MultiStepLR:milestones={'9,' * 40}gamma={k}", power(k)) for k in range(1, 21)))
    )
    legend = words(figure)[-20:]
    assert all(label.startswith("torch.Multi") and "…" in label for label in legend)
    assert [label.rpartition("=")[2] for label in legend] == [str(k) for k in range(1, 21)]


@pytest.mark.long
@pytest.mark.parametrize(
    "label",
    [
        pytest.param(f"{'a' * 60}{{}}{'b' * 60}", id="in the middle"),
        pytest.param(f"{'a' * 90}{{}}{'b' * 40}:lr=1e-3", id="nearer to the end"),
        pytest.param(f"{{}}{'b' * 90}", id="at the start"),
        pytest.param(f"{'a' * 700}{{}}{'b' * 700}", id="longer than any line"),
    ],
)
def test_no_two_labels_of_a_legend_are_cut_alike(label):
    figure = draw(picture(*(line(label.format(k), power(k)) for k in range(1, 21))))
    legend = words(figure)[-20:]
    assert len(set(legend)) == 20
    assert all("…" in text for text in legend)


def test_identical_curves_are_drawn_once_with_both_names():
    figure = draw(picture(SIX[0], replace(SIX[0], label="twin"), SIX[1]))
    assert len(plotted(figure.axes[0])) == 2
    assert "cosine = twin" in words(figure)


def test_identical_curves_have_a_row_each_in_the_legend():
    lines = [line(f"{k}", power(k / 3)) for k in range(1, 25)]
    figure = draw(picture(*lines, replace(lines[0], label="twin")))
    assert words(figure)[-25:-22] == ["1", "= twin", "2"]
    assert len(figure.artists) == 24


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        pytest.param([str(k) for k in range(1, 61)], [str(k) for k in range(1, 61)], id="sixty"),
        pytest.param(
            [str(k) for k in range(1, 61 + 59)],
            [*(str(k) for k in range(1, 61 + 59, 2)), "and 59 more"],
            id="every second",
        ),
    ],
)
def test_a_legend_of_very_many_names_some_evenly(labels, rows):
    figure = draw(picture(*(line(label, power(int(label) / 3)) for label in labels)))
    assert words(figure)[-len(rows) :] == rows
    assert len(plotted(figure.axes[0])) == len(labels)


@pytest.mark.parametrize(
    ("members", "rows", "width"),
    [
        pytest.param(14, [*(f"{k}  3e-4" for k in range(14))], 2.0, id="few"),
        pytest.param(40, [*(f"{k}  3e-4" for k in range(0, 40, 3)), "and 26 more"], 0.8, id="every third"),
    ],
)
def test_a_family_alone_names_some_of_its_members_with_their_peaks(members, rows, width):
    lines = [line(f"{k}", power(1 + k / 3), family="one", peak=(W, 3e-4)) for k in range(members)]
    figure = draw(picture(*lines))
    assert words(figure)[-len(rows) :] == rows
    widths = [curve.get_linewidth() for curve in plotted(figure.axes[0])]
    assert widths == pytest.approx([width] * members)


def test_very_many_names_of_one_curve_have_one_handle():
    figure = draw(picture(*(replace(SIX[0], label=str(k)) for k in range(1000)), SIX[1]))
    assert words(figure)[-61:-58] == ["0", "= 17", "= 34"]
    assert words(figure)[-2:] == ["linear", "and 941 more"]
    assert len(figure.artists) == 2


@pytest.mark.parametrize(
    ("ends", "shades"),
    [
        pytest.param((W, W), 1, id="shared"),
        pytest.param((W, W + 1), 1, id="but for a step"),
        pytest.param((W, 2 * W), 0, id="different"),
    ],
)
def test_only_a_shared_warmup_is_shaded(ends, shades):
    lines = [
        replace(s, phases=(Span("warmup", 0.0, float(end), warmup=True),))
        for s, end in zip(SIX, ends, strict=False)
    ]
    figure = draw(picture(*lines))
    assert [len(axes.patches) for axes in figure.axes] == [shades, shades]
    assert words(figure).count("warmup") == shades


def test_a_legend_shows_every_dash_and_its_gap():
    figure = draw(picture(*(line(f"poly {k}", power(k / 3)) for k in range(24))))
    for handle in figure.artists:
        (left, right), _ = handle.get_transform().transform(handle.get_xydata()).T
        longest = max(map(sum, DASHES)) * LINE_WIDTH * DPI / 72
        assert right - left > longest


def test_pdf_holds_truetype_fonts():
    content = render(COSINE, "pdf")
    assert b"/Type3" not in content
    assert b"/CIDFontType2" in content
    assert b"/FontFile2" in content


def test_the_callers_settings_are_left_alone():
    with mpl.rc_context({"lines.linewidth": 7}):
        draw(COSINE)
        assert mpl.rcParams["lines.linewidth"] == 7
