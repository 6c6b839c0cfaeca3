"""Where axes, lines of text and notes go."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrviz.draw.placement import Box, Ink, name_phases
from lrviz.draw.scene import Span
from lrviz.draw.ticks import MOST_TICKS, SMALLEST, log_scale, round_step, separates, span_ticks, value_scale
from lrviz.draw.wrapping import TERMS, shorten, shorten_apart, wrap


@given(st.floats(1e-300, 1e300))
def test_round_step_is_the_next_round_number(least):
    step = round_step(least)
    assert least * (1 - 1e-9) <= step <= 2.5 * least * (1 + 1e-9)


@given(st.integers(0, 10**15), st.integers(1, 10**15), st.floats(0, 90))
def test_span_ticks_keep_both_ends_and_their_distance(first, length, width):
    stop = first + length
    ticks = span_ticks(first, stop, lambda _: width, 1100, least=1)
    assert (ticks[0], ticks[-1]) == (first, stop)
    assert 2 <= len(ticks) <= MOST_TICKS + 2
    assert all((b - a) / length * 1100 >= width for a, b in itertools.pairwise(ticks))


@pytest.mark.parametrize(
    ("pixels", "ticks"),
    [
        pytest.param(1100, [0, 1e5, 2e5, 3e5, 4e5, 450450], id="wide"),
        pytest.param(780, [0, 1e5, 2e5, 3e5, 450450], id="the last multiple gives way"),
        pytest.param(100, [0, 450450], id="no room"),
    ],
)
def test_a_tick_whose_label_would_touch_that_of_the_end_gives_way(pixels, ticks):
    assert span_ticks(0, 450450, lambda _: 77, pixels, least=1) == ticks


@pytest.mark.parametrize(
    ("stop", "ticks"),
    [
        pytest.param(90, [0, 15, 30, 45, 60, 75, 90], id="by threes"),
        pytest.param(300, [0, 50, 100, 150, 200, 250, 300], id="as round as can be"),
        pytest.param(101, [0, 20, 40, 60, 80, 101], id="no round part"),
    ],
)
def test_ticks_go_into_the_length_where_they_can(stop, ticks):
    assert span_ticks(0, stop, lambda _: 20, 1100, least=1) == ticks


# What is smaller and not 0 is refused: no axis can show it.
SHOWN = st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) >= SMALLEST)


@given(st.lists(SHOWN, min_size=1, max_size=9), st.floats(0.05, 0.4))
def test_value_scale_shows_all_values_below_the_headroom(values, headroom):
    scale = value_scale([np.array(values)], headroom)
    assert scale.low <= min(values)
    assert max(values) <= scale.top < scale.high
    assert all(scale.low - 1e-6 <= tick <= scale.high for tick in scale.ticks)
    assert len(scale.ticks) < 2 or scale.high - scale.ticks[-1] < scale.ticks[-1] - scale.ticks[-2] + 1e-6


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        pytest.param((1e-3, 1e-3), (1e-4, 2e-4, 5e-4, 1e-3), id="flat"),
        pytest.param((1e-7, 1e-3), (1e-7, 1e-6, 1e-5, 1e-4, 1e-3), id="decades"),
        pytest.param((1e-30, 1.0), (1e-8, 1e-6, 1e-4, 1e-2, 1.0), id="at most eight decades"),
        pytest.param((2e-4, 3e-4), (5e-5, 1e-4, 2e-4), id="less than a decade"),
    ],
)
def test_log_ticks(values, ticks):
    assert log_scale([np.array(values), np.zeros(2)], 0.2).ticks == ticks


@pytest.mark.parametrize(
    ("scale", "texts"),
    [
        pytest.param(
            value_scale([np.array([0, 1e-3])], 0.2), ["0", "2.5e-4", "5e-4", "7.5e-4", "1e-3"], id="powers"
        ),
        pytest.param(
            value_scale([np.array([0, 0.02])], 0.1), ["0", "0.005", "0.01", "0.015", "0.02"], id="plain"
        ),
        pytest.param(
            value_scale([np.array([-4e3, 0])], 0.1), ["-4e3", "-3e3", "-2e3", "-1e3", "0"], id="negative"
        ),
        pytest.param(
            log_scale([np.array([1e-4, 1.0])], 0.1), ["1e-4", "1e-3", "1e-2", "1e-1", "1e0"], id="log"
        ),
    ],
)
def test_the_ticks_of_an_axis_are_written_in_one_style(scale, texts):
    assert scale.texts == texts


@pytest.mark.parametrize(
    ("values", "shows"),
    [
        pytest.param((1e-3, 1e-5), True, id="decades"),
        pytest.param((0.8, 0.95), False, id="momentum"),
        pytest.param((1e-3, 1e-3), False, id="flat"),
        pytest.param((0.0, -1.0), False, id="nothing positive"),
    ],
)
def test_a_log_axis_is_drawn_where_it_separates(values, shows):
    assert separates([np.array(values)]) is shows


@pytest.mark.parametrize(
    "top",
    [
        pytest.param(top, id=f"{top:g}")
        for top in (0.2312, 0.05, 2.384e-3, 0.055, 0.1, 0.029, 12345, 1.2345e-19)
    ],
)
def test_a_value_axis_has_some_ticks_up_to_the_top_of_its_curves(top):
    ticks = value_scale([np.array([0, top])], 0.2).ticks
    assert 4 <= sum(tick <= top for tick in ticks) <= 7


def test_log_scale_without_positive_values():
    assert log_scale([np.array([0.0, -1.0, np.nan])], 0.2) is None


@settings(max_examples=50)
@given(st.text(max_size=60), st.integers(1, 20))
def test_wrap_fits_and_loses_only_spaces(text, width):
    lines = wrap(text, lambda part: len(part) <= width)
    assert all(len(part) <= width for part in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("a / b = c · warmup 100", 99, ["a / b = c · warmup 100"], id="fits"),
        pytest.param("a / b = c · warmup 100", 21, ["a / b = c", "warmup 100"], id="between terms"),
        pytest.param("aaa × bbb = ccc · d", 14, ["aaa × bbb", "= ccc · d"], id="before the result"),
        pytest.param("aaa / bbb × ccc", 9, ["aaa / bbb", "× ccc"], id="before a factor"),
        pytest.param("aaa bbb (example) · d", 12, ["aaa bbb", "(example)", "d"], id="before a remark"),
        pytest.param("aaa bbb ccc", 7, ["aaa bbb", "ccc"], id="words"),
        pytest.param("fvcore.StepWithGamma, b", 16, ["fvcore.StepWith", "Gamma, b"], id="within a name"),
        pytest.param("with_hard_restarts, b", 18, ["with_hard_", "restarts, b"], id="at its underscores"),
        pytest.param(
            "cosine:warmup=5,num_cycles=2, b",
            18,
            ["cosine:warmup=5,", "num_cycles=2, b"],
            id="behind its commas",
        ),
        pytest.param("abcdefgh1.5", 9, ["abcdefgh1", ".5"], id="anywhere at last"),
    ],
)
def test_a_derivation_is_broken_between_its_terms(text, width, lines):
    assert wrap(text, lambda part: len(part) <= width, TERMS) == lines


@given(st.text(max_size=40), st.integers(1, 30))
def test_shorten_keeps_both_ends(text, width):
    short = shorten(text, lambda part: len(part) <= width)
    assert len(short) == min(len(text), width)
    head, _, tail = short.partition("…") if len(text) > width else (text, "", "")
    assert text.startswith(head)
    assert text.endswith(tail)


@pytest.mark.parametrize(
    ("parts", "short"),
    [
        pytest.param(["X", "Y"], ["…Xbbb…bbb", "…Ybbb…bbb"], id="at one place"),
        pytest.param(
            [f"{x}{'a' * 9}{y}" for x in "XY" for y in "12"],
            [f"…{x}aa…{y}b…b" for x in "XY" for y in "12"],
            id="at two places",
        ),
        pytest.param(["", "c"], ["…bbbb…bbb", "…cbbb…bbb"], id="one has more"),
        pytest.param(["X", "X"], ["aaaa…bbbb", "aaaa…bbbb"], id="nowhere"),
    ],
)
def test_names_that_would_look_alike_are_shortened_to_what_tells_them_apart(parts, short):
    names = [f"{'a' * 20}{part}{'b' * 20}" for part in parts]
    assert shorten_apart(names, lambda part: len(part) <= 9) == short


@given(st.floats(0, 90), st.floats(0, 90), st.floats(1, 30), st.floats(1, 30), st.floats(0, 12))
def test_ink_finds_what_is_drawn(x, y, width, height, gap):
    ink = Ink.blank(100, 100).stroke(np.array([[50.0, 50.0]]))
    (hit,) = ink.touches([Box(x, y, x + width, y + height)], gap)
    near = x - gap <= 50 <= x + width + gap and y - gap <= 50 <= y + height + gap
    assert hit or not near


@pytest.mark.parametrize(
    ("spans", "placed"),
    [
        pytest.param(
            [Span("warmup", 0, 100, warmup=True), Span("decay", 100, 400)], [(0, 25), (1, 225)], id="all fit"
        ),
        pytest.param(
            [Span("first", 0, 9, warmup=True), Span("decay", 9, 400)],
            [(0, 17), (1, 179.5)],
            id="warmup beside its end",
        ),
        pytest.param(
            [Span("a", 0, 40), Span("b", 40, 80), Span("c", 80, 400)], [(2, 215)], id="only what fits"
        ),
        pytest.param(
            [Span("first", 0, 9, warmup=True), Span("b", 9, 60), Span("c", 60, 400)],
            [(2, 205)],
            id="no room before the next phase",
        ),
        pytest.param([Span("a", -300, 600)], [(0, 175)], id="centred in the view"),
    ],
)
def test_name_phases(spans, placed):
    assert name_phases(spans, [50] * len(spans), Box(0, 0, 400, 100)) == placed
