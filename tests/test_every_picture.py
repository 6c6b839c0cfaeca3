"""Every schedule as a picture: nothing lies over anything, and names stand by their curves."""

from __future__ import annotations

import pytest
from laid_out import LaidOut

from lrviz.catalogue.registry import catalogue
from lrviz.curves.picture import picture_of
from lrviz.curves.read import read_words
from lrviz.curves.runs import Flags
from lrviz.curves.words_as_series import series_of_words
from lrviz.describe.example import PEAK, STEPS, example
from lrviz.draw.image import draw
from lrviz.view.size import size_of
from lrviz.view.view import View

pytestmark = pytest.mark.long

ENTRIES = sorted({entry.id: entry for entry in catalogue().values()}.items())
APART = 36  # schedules from the first of one group to that of the next, at least


def rows_of(entry):
    """The curves of its example."""
    shown = example(entry)
    laid = {"steps": STEPS, "lr": PEAK} | ({"metric": "constant"} if shown.flat else {})
    return series_of_words(read_words([shown.spec]), Flags(laid, {}), "lr", examples=True)


@pytest.fixture(scope="module")
def examples():
    """The curves of every schedule, in the order of their names."""
    return {name: rows_of(entry) for name, entry in ENTRIES}


def faults(rows, size):
    picture = picture_of(rows, "lr", View(size=size_of(size)))
    return [*LaidOut(draw(picture)).faults(picture)]


@pytest.mark.parametrize("size", [pytest.param(size, id=size or "usual") for size in ("", "slide", "column")])
def test_each_schedule_alone_is_laid_out(examples, size):
    found = {name: faults(rows, size) for name, rows in examples.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "size", [pytest.param(size, id=size or "usual") for size in ("", "16x9in", "6.5x9in")]
)
@pytest.mark.parametrize("count", [pytest.param(count, id=f"groups of {count}") for count in (2, 6, 12, 30)])
def test_schedules_together_are_laid_out(examples, count, size):
    names = [*examples]
    groups = [names[start : start + count] for start in range(0, len(names), max(count, APART))]
    found = {group[0]: faults([examples[name][0] for name in group], size) for group in groups}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
