from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.errors import SpecError
from lrviz.notation.durations import Duration, decimal_text, parse_count, parse_duration

COUNTS = st.integers(0, 2**53)
A_DURATION = "type steps (100, 350k), a percent (6%) or epochs (2ep)"
WHOLE_STEPS = "type whole steps (100, 350k, 500st)"
A_COUNT = "type it as 1000, 10_000, 350k or 1e6"


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        pytest.param("100", 100, "ticks", id="a bare number counts ticks"),
        pytest.param("0", 0, "ticks", id="zero"),
        pytest.param("0.0", 0, "ticks", id="zero is the same in every unit"),
        pytest.param("350k", 350_000, "ticks", id="thousands"),
        pytest.param("1.5k", 1_500, "ticks", id="part of a thousand"),
        pytest.param("0.5k", 500, "ticks", id="half a thousand is no fraction"),
        pytest.param("2m", 2_000_000, "ticks", id="millions"),
        pytest.param("2M", 2_000_000, "ticks", id="capital millions"),
        pytest.param("1e6", 1_000_000, "ticks", id="exponent"),
        pytest.param("1.5e3", 1_500, "ticks", id="exponent after a point"),
        pytest.param("10_000", 10_000, "ticks", id="underscore"),
        pytest.param(" 100 ", 100, "ticks", id="spaces around"),
        pytest.param("500st", 500, "steps", id="steps"),
        pytest.param("1.0st", 1, "steps", id="a unit settles 1.0"),
        pytest.param("2kst", 2_000, "steps", id="thousands of steps"),
        pytest.param("2ep", 2, "epochs", id="epochs"),
        pytest.param("2.5ep", Fraction(5, 2), "epochs", id="part of an epoch"),
        pytest.param("6%", Fraction(6, 100), "fraction", id="percent"),
        pytest.param("1.0%", Fraction(1, 100), "fraction", id="a percent settles 1.0"),
        pytest.param("250%", Fraction(5, 2), "fraction", id="longer than the run"),
        pytest.param("0.06", Fraction(6, 100), "fraction", id="between 0 and 1"),
        pytest.param(".5", Fraction(1, 2), "fraction", id="no leading zero"),
        pytest.param("1e-2", Fraction(1, 100), "fraction", id="small by its exponent"),
        pytest.param(100, 100, "ticks", id="int"),
        pytest.param(1, 1, "ticks", id="int one is one tick"),
        pytest.param(0.29, Fraction(29, 100), "fraction", id="float means its decimal"),
        pytest.param(0.0, 0, "ticks", id="float zero"),
        pytest.param(2.0, 2, "ticks", id="whole float"),
        pytest.param(1e6, 1_000_000, "ticks", id="TOML reads 1e6 as a float"),
    ],
)
def test_parse_span(text, amount, unit):
    span = parse_duration(text, what="warmup")
    assert (span.amount, span.unit) == (amount, unit)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param(
            "1.0",
            "warmup='1.0' could be steps or a share of the run",
            "type 1 for one step, or 100% for the whole run",
            id="one or all",
        ),
        pytest.param(
            "1.9",
            "warmup='1.9' could be steps or a share of the run",
            "type 1 for one step, or 190% for 1.9 times the run",
            id="between steps",
        ),
        pytest.param(
            "100.0",
            "warmup='100.0' could be steps or a share of the run",
            "type 100 for 100 steps, or 10000% for 100 times the run",
            id="whole with a point",
        ),
        pytest.param(
            "1.",
            "warmup='1.' could be steps or a share of the run",
            "type 1 for one step, or 100% for the whole run",
            id="a point and nothing",
        ),
        pytest.param(
            1.0,
            "warmup=1.0 could be steps or a share of the run",
            "type 1 for one step, or 100% for the whole run",
            id="float one",
        ),
        pytest.param(
            2.5,
            "warmup=2.5 could be steps or a share of the run",
            "type 2 for 2 steps, or 250% for 2.5 times the run",
            id="float between steps",
        ),
        pytest.param(
            "0.5st", "warmup='0.5st' is not a whole number of steps", WHOLE_STEPS, id="part of a step"
        ),
        pytest.param(
            "1.0005k", "warmup='1.0005k' is not a whole number of steps", WHOLE_STEPS, id="part of a tick"
        ),
        pytest.param("-5", "warmup='-5' is negative", "type 0 or more", id="negative"),
        pytest.param("-6%", "warmup='-6%' is negative", "type 0 or more", id="negative percent"),
        pytest.param(-0.1, "warmup=-0.1 is negative", "type 0 or more", id="negative float"),
        pytest.param("abc", "warmup='abc' is not a duration", A_DURATION, id="a word"),
        pytest.param("", "warmup='' is not a duration", A_DURATION, id="nothing"),
        pytest.param("-", "warmup='-' is not a duration", A_DURATION, id="a sign alone"),
        pytest.param("5s", "warmup='5s' is not a duration", A_DURATION, id="unknown unit"),
        pytest.param("6k%", "warmup='6k%' is not a duration", A_DURATION, id="thousands of percent"),
        pytest.param("1__0", "warmup='1__0' is not a duration", A_DURATION, id="two underscores"),
        pytest.param("1,000", "warmup='1,000' is not a duration", A_DURATION, id="comma"),
        pytest.param("١٠", "warmup='١٠' is not a duration", A_DURATION, id="digits of another script"),
        pytest.param("1e999", "warmup='1e999' is not a duration", A_DURATION, id="endless"),
        pytest.param("9" * 51, f"warmup='{'9' * 51}' is not a duration", A_DURATION, id="too many digits"),
        pytest.param(math.nan, "warmup=nan is not a duration", A_DURATION, id="nan"),
        pytest.param("inf", "warmup='inf' is not a duration", A_DURATION, id="infinite"),
        pytest.param(math.inf, "warmup=inf is not a duration", A_DURATION, id="infinite float"),
        pytest.param(True, "warmup=True is not a duration", A_DURATION, id="boolean"),
    ],
)
def test_parse_span_refuses(text, message, hint):
    with pytest.raises(SpecError) as refusal:
        parse_duration(text, what="warmup")
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


@given(n=COUNTS)
def test_every_way_to_write_a_count_reads_back(n):
    for text in (n, str(n), f"{n:_}", f"{n}e0", f"{decimal_text(Fraction(n, 1000))}k"):
        assert parse_duration(text, what="warmup").amount == n
        assert parse_count(text, what="steps") == n


@given(hundredths=st.integers(1, 99))
def test_percent_and_fraction_are_the_same_span(hundredths):
    percent = parse_duration(f"{hundredths}%", what="warmup")
    fraction = parse_duration(f"0.{hundredths:02}", what="warmup")
    assert percent == Duration(Fraction(hundredths, 100), "fraction", f"{hundredths}%")
    assert (fraction.amount, fraction.unit) == (percent.amount, percent.unit)


@given(
    text=st.text("0123456789._e+-kmstp% ", max_size=12) | st.text(max_size=8) | st.floats() | st.integers()
)
def test_any_text_is_a_span_or_a_refusal(text):
    try:
        span = parse_duration(text, what="warmup")
    except SpecError:
        return
    assert span.amount >= 0
    assert span.unit in {"fraction", "epochs"} or span.amount.denominator == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("1000", 1_000, id="plain"),
        pytest.param("10_000", 10_000, id="underscore"),
        pytest.param("350k", 350_000, id="thousands"),
        pytest.param("1.5k", 1_500, id="part of a thousand"),
        pytest.param("2m", 2_000_000, id="millions"),
        pytest.param("1e6", 1_000_000, id="exponent"),
        pytest.param("1.0", 1, id="a count of 1.0 is not ambiguous"),
        pytest.param("0", 0, id="zero"),
        pytest.param(32, 32, id="int"),
        pytest.param(1e6, 1_000_000, id="whole float"),
        pytest.param(1e22, 10**22, id="float that prints an exponent"),
    ],
)
def test_parse_count(text, count):
    assert parse_count(text, what="steps") == count


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param("1.5", "steps='1.5' is not a whole number", A_COUNT, id="part"),
        pytest.param(1.5, "steps=1.5 is not a whole number", A_COUNT, id="float part"),
        pytest.param("abc", "steps='abc' is not a whole number", A_COUNT, id="a word"),
        pytest.param("2ep", "steps='2ep' is not a whole number", A_COUNT, id="epochs"),
        pytest.param("6%", "steps='6%' is not a whole number", A_COUNT, id="percent"),
        pytest.param("100%", "steps='100%' is not a whole number", A_COUNT, id="a percent that is 1"),
        pytest.param("500st", "steps='500st' is not a whole number", A_COUNT, id="steps"),
        pytest.param("1e999", "steps='1e999' is not a whole number", A_COUNT, id="endless"),
        pytest.param(math.inf, "steps=inf is not a whole number", A_COUNT, id="infinite"),
        pytest.param(math.nan, "steps=nan is not a whole number", A_COUNT, id="nan"),
        pytest.param(True, "steps=True is not a whole number", A_COUNT, id="boolean"),
        pytest.param("-3", "steps='-3' is negative", "steps=1, or another number above 0", id="negative"),
        pytest.param(-3, "steps=-3 is negative", "steps=1, or another number above 0", id="negative int"),
    ],
)
def test_parse_count_refuses(text, message, hint):
    with pytest.raises(SpecError) as refusal:
        parse_count(text, what="steps")
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        pytest.param(Fraction(39, 2), "19.5", id="half"),
        pytest.param(Fraction(29), "29", id="whole"),
        pytest.param(Fraction(1_000_000), "1000000", id="no exponent above"),
        pytest.param(Fraction(1, 10**9), "0.000000001", id="no exponent below"),
    ],
)
def test_decimal_text(amount, text):
    assert decimal_text(amount) == text
