from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.notation.numbers import (
    distinct_texts,
    epoch_text,
    exact_text,
    grouped,
    grouped_in,
    lr_text,
    read_number,
)

NORMAL = st.floats(min_value=1e-300, max_value=1e300) | st.floats(min_value=-1e300, max_value=-1e-300)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        pytest.param(3e-4, "3e-4", id="the LR of every paper"),
        pytest.param(1e-3, "1e-3", id="below the plain range"),
        pytest.param(0.01, "0.01", id="lower edge is plain"),
        pytest.param(0.0099996, "0.01", id="rounds up into the plain range"),
        pytest.param(0.00999, "9.99e-3", id="just below the plain range"),
        pytest.param(0.1, "0.1", id="tenth"),
        pytest.param(2.5e-5, "2.5e-5", id="no zero padding"),
        pytest.param(1e-10, "1e-10", id="two-digit exponent"),
        pytest.param(1 / 3, "0.3333", id="four digits"),
        pytest.param(345.678, "345.7", id="hundreds"),
        pytest.param(300.0, "300", id="zeros before the point stay"),
        pytest.param(999.96, "1e3", id="rounds up out of the plain range"),
        pytest.param(1000, "1e3", id="upper edge is not plain"),
        pytest.param(123456, "1.235e5", id="large"),
        pytest.param(-3e-4, "-3e-4", id="negative"),
        pytest.param(0, "0", id="zero"),
        pytest.param(-0.0, "0", id="negative zero"),
        pytest.param(math.nan, "nan", id="nan"),
        pytest.param(math.inf, "inf", id="inf"),
        pytest.param(-math.inf, "-inf", id="minus inf"),
    ],
)
def test_lr_text(x, text):
    assert lr_text(x) == text


@given(NORMAL)
def test_lr_text_can_be_pasted_and_is_close(x):
    assert float(lr_text(x)) == pytest.approx(x, rel=5.001e-4, abs=0)
    assert len(lr_text(x)) <= len("-1.234e-300")


@given(st.floats(allow_nan=False))
def test_exact_text_loses_nothing(x):
    assert float(exact_text(x)) == x


@pytest.mark.parametrize(
    ("x", "text"),
    [
        pytest.param(3e-4, "3e-4", id="shortest"),
        pytest.param(0.1 + 0.2, "0.30000000000000004", id="seventeen digits"),
        pytest.param(999.96, "999.96", id="plain range"),
        pytest.param(123456.0, "1.23456e5", id="large"),
        pytest.param(math.nan, "nan", id="nan"),
    ],
)
def test_exact_text(x, text):
    assert exact_text(x) == text


@pytest.mark.parametrize(
    ("write", "x", "text"),
    [
        pytest.param(grouped, 11730, "11\u202f730", id="grouped"),
        pytest.param(grouped, 999, "999", id="grouped small"),
        pytest.param(
            grouped_in,
            "slime 2026-08 · 9 * 1300 = 11700",
            "slime 2026-08 · 9 * 1\u202f300 = 11\u202f700",
            id="a date",
        ),
        pytest.param(grouped, 10**9, "1\u202f000\u202f000\u202f000", id="grouped large"),
        pytest.param(epoch_text, 50, "50", id="whole epochs"),
        pytest.param(epoch_text, 1949 / 39, "49.97", id="part of an epoch"),
        pytest.param(epoch_text, 2.5, "2.5", id="half"),
        pytest.param(epoch_text, 0.00256, "0.0026", id="small part"),
        pytest.param(epoch_text, 1234.567, "1234.57", id="many epochs"),
        pytest.param(epoch_text, 0, "0", id="no epoch"),
        pytest.param(epoch_text, math.nan, "nan", id="no such epoch"),
    ],
)
def test_other_numbers(write, x, text):
    assert write(x) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("30", 30, id="int"),
        pytest.param("10_000", 10000, id="underscore"),
        pytest.param("-1", -1, id="negative"),
        pytest.param("+2", 2, id="plus"),
        pytest.param("3e-4", 3e-4, id="float"),
        pytest.param("1e6", 1e6, id="exponent makes a float"),
        pytest.param(".5", 0.5, id="no leading zero"),
        pytest.param(" 7 ", 7, id="spaces"),
        pytest.param("inf", math.inf, id="inf"),
        pytest.param("-INF", -math.inf, id="minus inf"),
        pytest.param("infinity", None, id="infinity is a word"),
        pytest.param("1e999", None, id="beyond float64"),
        pytest.param("9" * 5000, None, id="more digits than Python reads"),
        pytest.param("6%", None, id="percent"),
        pytest.param("2ep", None, id="duration"),
        pytest.param("0x10", None, id="hexadecimal"),
        pytest.param("1__0", None, id="two underscores"),
        pytest.param("\u0661", None, id="digit of another script"),
        pytest.param("", None, id="empty"),
    ],
)
def test_read_number(text, number):
    found = read_number(text)
    assert (found, type(found)) == (number, type(number))


def test_read_number_knows_nan():
    found = read_number("nan")
    assert found is not None
    assert math.isnan(found)


@pytest.mark.parametrize(
    ("a", "b", "texts"),
    [
        pytest.param(0.1, 0.09, ("0.1", "0.09"), id="plainly"),
        pytest.param(0.099000001, 0.099001, ("0.099", "0.099001"), id="in a later digit"),
        pytest.param(0.1, 0.1, ("0.1", "0.1"), id="equal"),
    ],
)
def test_told_apart(a, b, texts):
    assert distinct_texts(a, b) == texts
