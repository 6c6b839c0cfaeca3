"""Cycles that a page in a browser has no line for: as fine as what was asked for, and said."""

from __future__ import annotations

import pytest
from paged import PHONE, corners, points, said, texts

pytestmark = pytest.mark.long


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("steps", ["1e4", "1e6", "1e12"])
def test_cycles_that_no_line_shows_are_a_band(opened, steps, scripts):
    """From the least to the greatest value everywhere: no pattern that the curve does not have."""
    tab = opened("cyclic:step_size_up=7,base_lr=0.1,max_lr=1", "--steps", steps, scripts=scripts)
    heights = corners(tab.run("document.querySelector('.panel .band').getAttribute('d')"))
    assert max(heights) - min(heights) > 500
    edges = [[at for at in heights if abs(at - end) < 1] for end in (min(heights), max(heights))]
    assert (len(heights) - sum(map(len, edges))) <= 2  # the last column may end within a cycle
    assert tab.run("document.querySelector('.panel .band').getBoundingClientRect().width") > 900
    assert "no finer" in said(tab)[-1]
    assert "cycles" in texts(tab, "phase")[0]


def test_a_band_becomes_cycles_where_the_page_has_them(opened):
    words = ("cyclic:step_size_up=2000,base_lr=0.1,max_lr=1", "--steps", "1000000")
    tab = opened(*words, **PHONE)
    bands = "document.querySelectorAll('.panel .band').length"
    assert (tab.run(bands), "too narrow" in said(tab)[-1]) == (1, True)
    assert len({round(at) for at in corners(tab.run("bandPath(curves[0], charts[0])"))}) == 2
    tab = opened(*words, **PHONE, fragment="#view=100000,200000")
    assert (tab.run(bands), "too narrow" in said(tab)[-1]) == (0, False)
    assert opened(*words).run(bands) == 0
    tab = opened("cyclic:step_size_up=10", "--steps", "1e6", "--lr", "0.1", "--from", "1000", "--to", "1400")
    assert (tab.run(bands), "band" in said(tab)[-1]) == (0, False)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("stop", "ends", "remark"),
    [
        pytest.param(3000, 100, "", id="each cycle"),
        pytest.param(9000, 1, " of up to 29 steps; this page has no finer ones", id="narrow cycles"),
    ],
)
def test_a_part_that_was_asked_for_is_drawn_as_finely_as_the_page_can(opened, stop, ends, remark, scripts):
    """Every peak and low of its line, or a band, which has one corner."""
    words = ("cyclic:step_size_up=10", "--steps", "1e6", "--lr", "0.1", "--from", "1000", "--to", str(stop))
    tab = opened(*words, scripts=scripts)
    caption = said(tab)[-1]
    assert caption.endswith(remark or " by optimizer step")
    path = tab.run("document.querySelector('.panel .curve:not(.band)').getAttribute('d')")
    heights = [y for x, y in points(path) if 0 <= x < 2000]
    for end in (min(heights), max(heights)):
        assert sum(abs(y - end) < 1 for y in heights) == ends


def test_beside_the_part_that_was_asked_for_a_page_is_as_fine_as_the_run(opened):
    words = ("cyclic:step_size_up=10", "--steps", "1e6", "--lr", "0.1", "--from", "1000", "--to", "9000")
    for view in ("0,1000000", "8000,9500", "900,2000", "20000,30000"):
        caption = said(opened(*words, fragment=f"#view={view}"))[-1]
        assert caption.endswith(" of up to 3\u202f572 steps")
