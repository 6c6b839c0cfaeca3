"""What a picture is told of its curves."""

from __future__ import annotations

import pytest

import lrviz
from lrviz.curves.picture import picture_of


def only_line(spec):
    """The line of a single schedule."""
    (line,) = picture_of(lrviz.evaluate(spec).rows, "lr").lines
    return line


@pytest.mark.parametrize(
    ("spec", "ends"),
    [
        pytest.param("torch.OneCycleLR:max_lr=0.1,total_steps=600,steps=1000", [180, 601], id="stops"),
        pytest.param("torch.OneCycleLR:max_lr=0.1,total_steps=600,steps=600", [180, 600], id="whole"),
        pytest.param("torch.OneCycleLR:max_lr=0.1,total_steps=600,steps=100", [100], id="short run"),
        pytest.param("cosine:warmup=10,lr=0.1,steps=100", [10, 100], id="warmup"),
    ],
)
def test_phases_end_where_the_schedule_does(spec, ends):
    assert [phase.end for phase in only_line(spec).phases] == pytest.approx(ends)
