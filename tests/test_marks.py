"""Values that are written at steps of several curves."""

from __future__ import annotations

import numpy as np
import pytest
from commands import run
from pictured import boxes, view_of

from lrviz import Plan, evaluate
from lrviz.curves.picture import picture_of
from lrviz.draw.image import draw
from lrviz.notation.numbers import lr_text

PLAN = Plan(steps=100)
FAMILY = "linear:warmup=100,lr=1,steps=1000,groups=" + ",".join(f"g{k}(scale={k / 5})" for k in range(1, 6))


def test_a_value_stands_nearest_to_its_own_point():
    said = view_of(mark="100", panels="linear", size="16x10in")
    figure = draw(picture_of(evaluate(FAMILY).rows, "lr", said))
    points = {f"{k / 5:g}": figure.axes[0].transData.transform((100, k / 5)) for k in range(1, 6)}
    places = {text: box for text, box in boxes(figure) if text in points and box.x0 > points["1"][0]}
    assert places.keys() == points.keys()
    for text, box in places.items():
        assert min(points, key=lambda other: away(box, points[other])) == text


def test_where_a_value_is_nearer_to_another_point_a_line_leads_to_it_over_no_other_text():
    specs = ("cosine:warmup=6,lr=1", "linear:warmup=6,lr=1", "wsd:warmup=6,lr=1,num_decay_steps=20")
    rows = [row for spec in specs for row in evaluate(spec, PLAN).rows]
    picture = picture_of(rows, "lr", view_of(mark="10,50%"))
    figure = draw(picture)
    marks = [mark for line in picture.lines for mark in line.marked]
    points = {mark: figure.axes[0].transData.transform(mark) for mark in marks}
    leaders = [line.get_transform().transform(line.get_xydata()) for line in figure.artists]
    assert leaders
    for text, box in boxes(figure):
        led = [start for start, end in leaders if box.padded(1).contains(*end)]
        passed = [point for ends in leaders for point in np.linspace(*ends, 200)]
        assert not any(box.padded(-1).contains(*point) for point in passed)
        for mark, at in points.items():
            rivals = [away(box, other) for other in points.values() if np.hypot(*(other - at)) > 10]
            if text == lr_text(mark[1]) and not led and away(box, at) < 100:
                assert away(box, at) <= min(rivals)


def away(box, point):
    """How far a point is from a box."""
    x, y = point
    return np.hypot(max(box.x0 - x, 0, x - box.x1), max(box.y0 - y, 0, y - box.y1))


def test_values_that_could_be_taken_for_those_of_other_curves_are_refused(tmp_path):
    words = "plot linear --layer-decay 0.75 --layers 12 --lr 1 --steps 99 --warmup 9 --mark 9 --size 16x10in"
    done = run(tmp_path, *words.split())
    assert done.returncode == 2
    message, hint = done.stderr.splitlines()[-2:]
    assert message.startswith("error: no room for the value of ")
    assert hint == "hint: draw fewer curves"


@pytest.mark.parametrize(
    ("specs", "options", "ends"),
    [
        pytest.param(["cosine:num_training_steps=30", "linear"], {}, {30.0: 0.0}, id="one of two"),
        pytest.param(
            ["cosine:num_training_steps=30", "cosine:num_training_steps=60"],
            {},
            {30.0: 0.0, 60.0: 0.0},
            id="both",
        ),
        pytest.param(
            ["cosine:num_training_steps=30", "linear"], {"x": "percent"}, {30.0: 0.0}, id="in percents"
        ),
        pytest.param(["cosine:num_training_steps=30", "linear"], {"from": "50%"}, {}, id="out of view"),
        pytest.param(["cosine:num_training_steps=30", "linear"], {"log": True}, {}, id="not on the axis"),
        pytest.param(["cosine", "linear"], {}, {}, id="as long as the run"),
        pytest.param(["cosine:num_training_steps=30"], {}, {}, id="alone, as its phase says it"),
    ],
)
def test_where_a_curve_of_several_goes_on_past_its_planned_end(specs, options, ends):
    curves = [
        evaluate(f"{spec},warmup=0,lr=1" if ":" in spec else f"{spec}:warmup=0,lr=1", PLAN) for spec in specs
    ]
    figure = draw(picture_of([row for one in curves for row in one.rows], "lr", view_of(**options)))
    marked = [line for line in figure.axes[0].lines if line.get_marker() == "|"]
    assert {line.get_xdata()[0]: round(line.get_ydata()[0], 12) for line in marked} == ends


@pytest.mark.parametrize(
    ("spec", "size", "fact"),
    [
        pytest.param("speechbrain.NoamScheduler:n_warmup_steps=5", None, "peak", id="beside a rival"),
        pytest.param("cosine:warmup=10", "column", "last", id="far"),
    ],
)
def test_a_line_leads_to_a_value_that_does_not_stand_by_its_point(spec, size, fact):
    (row,) = evaluate(f"{spec},lr=1", PLAN).rows
    figure = draw(picture_of([row], "lr", view_of(size=size)))
    value, step = getattr(row.facts, fact), row.facts.peak_at if fact == "peak" else 99
    (box,) = (box for text, box in boxes(figure) if text == f"{fact} {lr_text(value)}")
    (line,) = figure.artists
    start, end = line.get_transform().transform(line.get_xydata())
    assert np.hypot(*(start - figure.axes[0].transData.transform((step, value)))) < 12
    assert box.padded(4).contains(*end)


def test_where_a_curve_stops_is_not_said_nearer_to_the_end_of_another():
    specs = [f"torch.OneCycleLR:max_lr=1,total_steps={end},steps=100" for end in (60, 80, 40)]
    picture = picture_of([row for spec in specs for row in evaluate(spec).rows], "lr", view_of())
    figure = draw(picture)
    ends = {
        line.stop[0]: figure.axes[0].transData.transform((line.x[-1], line.y[-1])) for line in picture.lines
    }
    led = [
        line.get_transform().transform(line.get_xydata())[1]
        for line in figure.artists
        if len(line.get_xdata()) == 2
    ]
    said = {int(text.split()[-1]): box for text, box in boxes(figure) if text.startswith("stops at step")}
    assert said.keys() == ends.keys()
    for step, box in said.items():
        nearest = min(ends, key=lambda other: away(box, ends[other]))
        assert nearest == step or any(box.padded(4).contains(*end) for end in led)
