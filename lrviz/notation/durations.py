"""Durations and counts as people type them: ``100``, ``500st``, ``2.5ep``, ``6%``, ``0.06``, ``350k``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, NoReturn

from lrviz.errors import SpecError

Unit = Literal["ticks", "steps", "fraction", "epochs"]

_UNITS: dict[str, Unit] = {"": "ticks", "st": "steps", "%": "fraction", "ep": "epochs"}
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
# Fifty characters and two digits of exponent are more than any run needs; `1e999999999` would never end.
_NUMBER = re.compile(
    r"""(?=.{1,50}\Z)
    (?P<number> (?: \d+(?:_\d+)*(?:\.\d*)? | \.\d+ ) (?P<exponent> e[+-]?\d{1,2} )? )
    (?: (?P<scale> [km] )? (?P<steps> st )? | (?P<other> ep | % ) )""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True)
class Duration:
    """A duration, whose length in steps may depend on the run.

    ``amount`` is exact and counts ``unit``: ``ticks`` (of the schedule it is given to), ``steps``,
    ``epochs``, or a ``fraction`` of the whole run (``6%`` is 3/50). ``text`` is what was typed.
    """

    amount: Fraction
    unit: Unit
    text: str


class Leaving(NamedTuple):
    """Where a curve leaves another, of that ``label``, after so many steps of it."""

    label: str
    at: Duration


class OfRest(Duration):
    """A share of what is left of the run where it begins, ``50% of rest``."""


def parse_of_rest(text: str, *, what: str) -> OfRest | None:
    """Read ``50% of rest``; None where the text does not speak of the rest.

    Raises:
        SpecError: it is no share of it.

    """
    head, of, tail = text.strip().lower().partition(" of ")
    if not of or tail.split() not in (["rest"], ["the", "rest"]):
        return None
    found = parse_duration(head, what=what)
    if found.unit != "fraction" or not 0 < found.amount <= 1:
        _refuse(text, what, "a share of the rest", "type a percent up to 100: 50% of rest")
    return OfRest(found.amount, "fraction", text.strip())


def parse_duration(text: str | float, *, what: str, expected: str = "a duration") -> Duration:
    """Read a duration; ``what`` names it in errors, which say what is ``expected``.

    A bare number counts ticks; between 0 and 1 it is a fraction of the run. ``1.0`` and ``1.9`` could be
    either and are refused. So the run's own keys are read; in a framework's parameter a bare number means
    what it means there, and never comes here. Whole Python floats from 2 on are ticks: TOML and YAML read
    ``1e3`` as ``1000.0``.

    Raises:
        SpecError: not a duration, negative, ambiguous, or not whole where it must be.

    """
    typed = str(int(text) if isinstance(text, float) and text >= 2 and text.is_integer() else text).strip()
    match = _match(typed)
    if match is None:
        _refuse(text, what, expected, "type steps (100, 350k), a percent (6%) or epochs (2ep)")
    amount, unit = _amount(match), _UNITS[match["steps"] or match["other"] or ""]
    if unit == "ticks" and not match["scale"]:
        if 0 < amount < 1:
            unit = "fraction"
        elif _is_ambiguous(amount, match):
            raise SpecError(f"{what}={text!r} could be steps or a share of the run", hint=_readings(amount))
    if unit in {"ticks", "steps"} and amount.denominator != 1:
        _refuse(text, what, "a whole number of steps", "type whole steps (100, 350k, 500st)")
    return Duration(amount, unit, typed)


def parse_count(text: str | float, *, what: str) -> int:
    """Read a whole number: ``1000``, ``10_000``, ``350k``, ``2m``, ``1e6``; ``what`` names it in errors.

    Raises:
        SpecError: not a number, negative, or not whole.

    """
    match = _match(str(text))
    if match is None or match["steps"] or match["other"] or _amount(match).denominator != 1:
        negative = f"<{what}=1>, or another number above 0"
        _refuse(text, what, "a whole number", "type it as 1000, 10_000, 350k or 1e6", negative=negative)
    return int(_amount(match))


def decimal_text(amount: Fraction) -> str:
    """An exact decimal as people write it, never with an exponent: 39/2 → ``19.5``."""
    return format(Decimal(amount.numerator) / Decimal(amount.denominator), "f")


def _match(text: str) -> re.Match[str] | None:
    return _NUMBER.fullmatch(text.strip().lower())


def _amount(match: re.Match[str]) -> Fraction:
    amount = Fraction(match["number"]) * _SCALES[match["scale"] or ""]
    return amount / 100 if match["other"] == "%" else amount


def _is_ambiguous(amount: Fraction, match: re.Match[str]) -> bool:
    plain = "." in match["number"] and not match["exponent"]
    return amount.denominator != 1 or (plain and amount >= 1)


def _readings(amount: Fraction) -> str:
    """Say how to type each of the two things the number could mean."""
    whole = int(amount)
    steps = "one step" if whole == 1 else f"{whole} steps"
    run = "the whole run" if amount == 1 else f"{decimal_text(amount)} times the run"
    return f"type {whole} for {steps}, or {decimal_text(amount * 100)}% for {run}"


def _refuse(
    value: object, what: str, expected: str, hint: str, *, negative: str = "type 0 or more"
) -> NoReturn:
    typed = str(value).strip()
    if re.fullmatch(r"[\d%.]+;[\d%.;]+|\([\d%., ]+\)", typed):
        hint = f"a list has commas and no round brackets: {','.join(re.findall(r'[0-9.%]+', typed))}"
    if typed.startswith("-") and _match(typed[1:]):
        raise SpecError(f"{what}={value!r} is negative", hint=negative)
    raise SpecError(f"{what}={value!r} is not {expected}", hint=hint)
