"""Text → ``Fact``, and the amounts it is held against: ``lr(50%)``, ``steps at 0``; ``3e-4``, ``10%``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lrviz.errors import SpecError
from lrviz.notation.durations import Duration, parse_count, parse_duration
from lrviz.notation.fact import COMPARED, ELSEWHERE, FACTS, Fact, Rate
from lrviz.notation.nearest import nearest
from lrviz.notation.numbers import LARGEST_WHOLE, is_number, read_number
from lrviz.notation.own_step import OwnStep, parse_place
from lrviz.notation.scanner import Scanner
from lrviz.notation.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Collection

    from lrviz.notation.expectation import Amount
    from lrviz.notation.fact import Unit


_SAMPLES = {"lr": "lr(50%)", "below": "below(1e-5)"}


def parse_fact(text: str, more: Collection[str] = ()) -> Fact:
    """Read one fact: ``peak``, ``lr(50%)``, ``steps at 0``; or one of ``more``.

    Raises:
        SpecError: there is no such fact; the hint has the nearest, or where all are.

    """
    known = f"as in peak, last or lr(50%); lrviz {'compare' if more else 'show'} --help has all of them"
    scanner = Scanner(text)
    start = scanner.skip_spaces()
    name = scanner.word("a fact", known)
    if "," in name:
        hint = f"several are columns: --columns {shell_word(name)} --format csv"
        raise scanner.refusal(f"{name!r} is not one fact", hint, start)
    if name not in (*FACTS, *more):
        near = fact_meant(name, (*FACTS, *more))
        if name in COMPARED:
            hint = f"it is of two curves: lrviz compare cosine linear --get {name}"
            raise scanner.refusal(f"{name!r} is no fact of one curve", hint, start)
        hint = f"did you mean {near}?" if near else known
        raise scanner.refusal(f"there is no fact {name!r}", hint, start)
    fact = read_fact(scanner, name)
    scanner.end()
    return fact


def fact_meant(word: str, known: Collection[str]) -> str:
    """What is meant by a word that is none of ``known``: what others call so, or the nearest; or nothing."""
    return ELSEWHERE.get(word.lower()) or nearest(word.lower(), known)


def parse_facts(text: str, more: Collection[str] = ()) -> list[Fact]:
    """Read a list of facts, each once.

    Raises:
        SpecError: one of them is none.

    """
    return list(dict.fromkeys(parse_fact(piece, more) for piece in text.split(",")))


def read_fact(scanner: Scanner, name: str) -> Fact:
    """Read what stands behind the name of a fact."""
    if name == "steps":
        scanner.expect("at", "steps at 0")
        return Fact(name, read_rate(scanner, "steps at"))
    if name not in _SAMPLES:
        return Fact(name)
    scanner.expect("(", _SAMPLES[name])
    argument = read_place(scanner, name) if name == "lr" else read_rate(scanner, name)
    scanner.expect(")", _SAMPLES[name])
    return Fact(name, argument)


def parse_rate(text: str) -> Rate:
    """Read an LR, or a share of the peak, that stands alone.

    Raises:
        SpecError: it is none.

    """
    return _read_rate(text.strip(), "")


def read_amount(scanner: Scanner, unit: Unit, what: str) -> Amount:
    """Read what a fact counted in ``unit`` is held against."""
    if unit == "count":
        return scanner.read(partial(_read_count, what=what), "a whole number")
    if unit == "number":
        return scanner.read(partial(_read_number, what=what), "a number")
    return read_step(scanner, what) if unit == "steps" else read_rate(scanner, what)


def read_step(scanner: Scanner, what: str) -> Duration:
    """Read a step of the run."""
    return scanner.read(partial(parse_duration, what=what), "a step or a duration")


def read_place(scanner: Scanner, what: str) -> Duration | OwnStep:
    """Read a step of the run, or one that is each curve's own."""
    return scanner.read(partial(parse_place, what=what), "a step or a duration")


def read_rate(scanner: Scanner, what: str) -> Rate:
    """Read an LR, or a share of the peak."""
    return scanner.read(partial(_read_rate, what=what), "an LR")


def _read_count(word: str, what: str) -> int:
    count = parse_count(word, what=what)
    if count > LARGEST_WHOLE:
        raise SpecError(f"{what}={word!r} is more than 2**53", hint="type a smaller number")
    return count


def _read_rate(word: str, what: str) -> Rate:
    amount, of_peak = read_number(word.removesuffix("%")), word.endswith("%")
    if not is_number(amount):
        raise SpecError(
            f"{what} {word!r} is no LR".lstrip(), hint="type it as 3e-4, or as a share of the peak: 10%"
        )
    return Rate(amount / 100 if of_peak else float(amount), of_peak, word)


def _read_number(word: str, what: str) -> Rate:
    amount = read_number(word)
    if not is_number(amount):
        raise SpecError(f"{what} {word!r} is no number", hint="type it as 2.5 or 3e-4")
    return Rate(float(amount), of_peak=False, text=word)


def read_share(word: str) -> Rate:
    """A share of the peak above 0.

    Raises:
        SpecError: it is none.

    """
    share = read_number(word.removesuffix("%")) if word.endswith("%") else None
    if not is_number(share) or share <= 0:
        raise SpecError(f"{word!r} is no share of the peak", hint='as in "no jump > 10%"')
    return Rate(share / 100, of_peak=True, text=word)
