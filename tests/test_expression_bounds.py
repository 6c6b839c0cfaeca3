"""Bounds of expressions over intervals, and random ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from formulas import parse, python, refusal
from hypothesis import given
from hypothesis import strategies as st

from lrviz.errors import ScheduleError


def bounds(text, low, high):
    least, most = parse(text).bounds(np.array([float(low)]), np.array([float(high)]))
    return [least[0], most[0]]


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        pytest.param("2*epoch - 1", 3, 9, [5, 17], id="line"),
        pytest.param("1 - epoch/100", 0, 100, [0, 1], id="falling"),
        pytest.param("epoch % 7", 0, 10**9, [0, 6], id="whole-modulo"),
        pytest.param("epoch % 7", 15, 19, [1, 5], id="within-one-turn"),
        pytest.param("epoch % -7", 0, 100, [-6, 0], id="negative-modulus"),
        pytest.param("epoch*0.5 % 7", 0, 100, [0, 7], id="float-modulo"),
        pytest.param("epoch // 30", 30, 59, [1, 1], id="one-stair"),
        pytest.param("1 if epoch < 10 else 0.1", 0, 9, [1, 1], id="decided"),
        pytest.param("1 if epoch < 10 else 0.1", 9, 10, [0.1, 1], id="undecided"),
        pytest.param("1/epoch if epoch > 0 else 1", 4, 8, [0.125, 0.25], id="beyond-the-pole"),
        pytest.param("1/epoch", 0, 8, [-math.inf, math.inf], id="pole"),
        pytest.param("min(1, (epoch+1)/100)", 0, 10**6, [0.01, 1], id="min"),
        pytest.param("abs(epoch - 5)", 2, 7, [0, 3], id="absolute"),
        pytest.param("cos(epoch)", 0, 7, [-1, 1], id="whole-wave"),
        pytest.param("sin(inf*epoch)", 1, 2, [-1, 1], id="wave-of-anything"),
        pytest.param("tan(epoch)", 1, 2, [-math.inf, math.inf], id="pole-of-the-tangent"),
        pytest.param(
            "tan(epoch/2)",
            3_003_583_577_089_341,
            3_003_583_577_089_342,
            [-math.inf, math.inf],
            id="pole-that-rounding-moves",
        ),
        pytest.param("epoch and 0.5", 1, 9, [0.5, 0.5], id="and"),
        pytest.param("epoch and 0.5", 0, 9, [0, 0.5], id="and-undecided"),
        pytest.param("epoch or 20", 0, 9, [0, 20], id="or-undecided"),
        pytest.param("5", 0, 9, [5, 5], id="number"),
        pytest.param("1 if not epoch == 0.5 else inf//1e-9", 1, 9, [1, 1], id="nan-in-a-branch-not-taken"),
        pytest.param("0**(inf%epoch) < 1e308**inf", 1, 9, [0, 1], id="nan-is-less-than-nothing"),
        pytest.param("inf%epoch <= inf", 1, 9, [0, 1], id="nan-is-not-even-at-most-anything"),
        pytest.param("min(inf % epoch, 1) <= inf", 1, 9, [0, 1], id="nan-goes-through"),
        pytest.param("(-1)**-inf", 0, 9, [1, 1], id="infinite-exponent"),
    ],
)  # fmt: skip
def test_bounds(text, low, high, expected):
    assert bounds(text, low, high) == expected


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        pytest.param("0.95**epoch", 0, 100, [0.95**100, 1], id="power"),
        pytest.param("(epoch - 9)**2", 0, 10, [0, 81], id="even-power"),
        pytest.param("(epoch - 9)**3", 0, 8, [-729, -1], id="odd-power"),
        pytest.param("(-2)**epoch", 0, 3, [-8, 8], id="alternating"),
        pytest.param("epoch**-0.5", 4, 16, [0.25, 0.5], id="root"),
        pytest.param("cos(epoch/10)", 1, 20, [math.cos(2), math.cos(0.1)], id="falling-cosine"),
        pytest.param("sin(epoch/10)", 1, 20, [math.sin(0.1), 1], id="over-the-top"),
        pytest.param("exp(-epoch)", 0, 3, [math.exp(-3), 1], id="exponential"),
        pytest.param("log(epoch)", 1, 8, [0, math.log(8)], id="logarithm"),
    ],
)
def test_bounds_of_functions_are_a_few_units_wider(text, low, high, expected):
    least, most = bounds(text, low, high)
    assert least <= expected[0]
    assert most >= expected[1]
    assert [least, most] == pytest.approx(expected, rel=1e-14, abs=1e-14)


def test_bounds_narrow_to_the_value():
    ticks = np.arange(1.0, 500.0)
    expression = parse("epoch/100*exp(1 - epoch/100)*(1 + 0.1*cos(epoch/5)) + 0.5*0.9**(epoch//30)")
    least, most = expression.bounds(ticks, ticks)
    np.testing.assert_allclose(least, expression(ticks), rtol=1e-13)
    np.testing.assert_allclose(most, expression(ticks), rtol=1e-13)


OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or"]
UNARY = ["cos", "sin", "tan", "exp", "log", "log2", "log10", "sqrt", "floor", "ceil", "tanh", "fabs"]
UNARY += ["abs", "int", "float", "round", "-", "not "]
BINARY = ["min", "max", "pow", "math.pow"]
LEAVES = [
    "epoch",
    "(1+epoch)",
    "(epoch/100)",
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "100",
    "0.1",
    "0.5",
    "1.0",
    "1e-3",
]


def grow(part):
    return st.one_of(
        st.builds("({} {} {})".format, part, st.sampled_from(OPERATORS), part),
        st.builds("({}({}))".format, st.sampled_from(UNARY), part),
        st.builds("{}({}, {})".format, st.sampled_from(BINARY), part, part),
        st.builds("({} if {} else {})".format, part, part, part),
    )


leaves = st.one_of(st.just("epoch"), st.sampled_from([*LEAVES, "1e17", "pi", "inf", "1e308"]))
texts = st.recursive(leaves, grow, max_leaves=8)
ticks_in = st.one_of(st.integers(0, 40), st.integers(0, 5000), st.integers(0, 10**12))


def value(expression, tick):
    try:
        return expression.at(tick)
    except ScheduleError as error:
        return error


@given(texts, ticks_in)
def test_any_expression_is_pythons(text, tick):
    ours = value(parse(text), tick)
    if isinstance(ours, ScheduleError) and str(ours).endswith(("too large", "complex")):
        return  # Python might compute for hours, or go on with a complex number
    if isinstance(ours, ScheduleError):
        with pytest.raises((ArithmeticError, ValueError)):
            python(text, tick)
    else:
        assert ours == pytest.approx(python(text, tick), rel=0, abs=0, nan_ok=True)


@given(texts, st.lists(ticks_in, min_size=1, max_size=12))
def test_any_array_is_its_values(text, ticks):
    expression = parse(text)
    values = {tick: value(expression, tick) for tick in ticks}
    refused = [tick for tick in ticks if isinstance(values[tick], ScheduleError)]
    if refused:
        assert refusal(expression, np.array(ticks, dtype=float)).step == min(refused)
    else:
        expected = [values[tick] for tick in ticks]
        np.testing.assert_allclose(
            expression(np.array(ticks, dtype=float)), expected, rtol=1e-14, atol=1e-312
        )


@given(texts, ticks_in, st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_any_value_is_within_its_bounds(text, low, offsets):
    expression = parse(text)
    least, most = bounds(text, low, low + max(offsets))
    for offset in offsets:
        found = value(expression, low + offset)
        if isinstance(found, ScheduleError):
            continue
        if math.isnan(found):
            assert (least, most) == (-math.inf, math.inf)
        else:
            assert least <= found <= most
