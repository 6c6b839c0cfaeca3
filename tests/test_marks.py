"""Values that are written at steps of several curves."""

from __future__ import annotations

import numpy as np
from commands import run
from pictured import boxes
from test_view import view_of

from lrviz import evaluate
from lrviz.curves.picture import picture_of
from lrviz.draw.image import draw

FAMILY = "linear:warmup=100,lr=1,steps=1000,groups=" + ",".join(f"g{k}(scale={k / 5})" for k in range(1, 6))


def test_a_value_stands_nearest_to_its_own_point():
    said = view_of(mark="100", panels="linear", size="16x10in")
    figure = draw(picture_of(evaluate(FAMILY).rows, "lr", said))
    points = {f"{k / 5:g}": figure.axes[0].transData.transform((100, k / 5)) for k in range(1, 6)}
    places = {text: box for text, box in boxes(figure) if text in points and box.x0 > points["1"][0]}
    assert places.keys() == points.keys()
    for text, box in places.items():
        away = {
            other: np.hypot(max(box.x0 - x, 0, x - box.x1), max(box.y0 - y, 0, y - box.y1))
            for other, (x, y) in points.items()
        }
        assert min(away, key=away.get) == text


def test_values_that_could_be_taken_for_those_of_other_curves_are_refused(tmp_path):
    words = "plot linear --layer-decay 0.75 --layers 12 --lr 1 --steps 99 --warmup 9 --mark 9 --size 16x10in"
    done = run(tmp_path, *words.split())
    assert done.returncode == 2
    message, hint = done.stderr.splitlines()[-2:]
    assert message.startswith("error: no room for the value of ")
    assert hint == "hint: draw fewer curves"
