"""Text → ``Expectation``, by a grammar of a few forms.

::

    expectation = [label ":"] claim
    claim = fact ("==" | "!=" | "<" | "<=" | ">" | ">=" | "~=") amount
          | fact "between" amount "and" amount
          | ("peak" | "low") "at" step
          | ("falls" | "rises") "after" ("warmup" | step)
          | "no" "jump" ">" share
          | "never" ("below" | "above") rate
          | "same" "as" (spec | file)
    fact  = name | "lr" "(" step ")" | "steps" "at" rate

A step is a duration (``100``, ``6%``, ``2ep``), a rate a number or a share of the peak (``10%``). Quotes keep
spaces in a label, a spec or a file.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from lrviz.errors import SpecError
from lrviz.notation.durations import Duration, parse_count, parse_duration
from lrviz.notation.expectation import (
    FACTS,
    REACHED,
    Between,
    Claim,
    Compared,
    Expectation,
    Fact,
    Moves,
    Never,
    NoJump,
    Rate,
    Reached,
    SameAs,
)
from lrviz.notation.nearest import nearest
from lrviz.notation.numbers import LARGEST_WHOLE, is_number, read_number
from lrviz.notation.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.notation.expectation import Amount, Unit

SIGNS = ("==", "!=", "<=", ">=", "~=", "<", ">")
_LABEL = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([^\s"']+?)):\s""")
_QUOTED = re.compile(r""""([^"]+)"|'([^']+)'""")
_SAMPLES: dict[Unit, str] = {"steps": "== 612", "rate": "<= 3e-4", "count": "== 3"}


def parse_expectation(text: str) -> Expectation:
    """Read one expectation.

    Raises:
        SpecError: it is none; the message says at which column.

    """
    label = _LABEL.match(text)
    scanner = Scanner(text, label.end() if label else 0)
    claim = _claim(scanner)
    scanner.end()
    return Expectation(claim, next(filter(None, label.groups())) if label else "")


def _claim(scanner: Scanner) -> Claim:
    start = scanner.skip_spaces()
    word = scanner.word("a fact or a form", 'as in "total == 612" or "falls after warmup"')
    if word in _FORMS:
        return _FORMS[word](scanner, word)
    if word not in FACTS:
        known = [*FACTS, *_FORMS]
        near = nearest(word, known)
        hint = f"did you mean {near}?" if near else f"it begins with one of {', '.join(known)}"
        raise scanner.refusal(f"{word!r} begins no expectation", hint, start)
    return _about(scanner, _fact(scanner, word))


def _fact(scanner: Scanner, name: str) -> Fact:
    if name == "steps":
        scanner.expect("at", "steps at 0 == 1")
        return Fact(name, _rate(scanner, "steps at"))
    if name != "lr":
        return Fact(name)
    scanner.expect("(", "lr(50%) < 2e-4")
    step = _step(scanner, "lr")
    scanner.expect(")", "lr(50%) < 2e-4")
    return Fact(name, step)


def _about(scanner: Scanner, fact: Fact) -> Claim:
    """What is said of a fact."""
    unit = FACTS[fact.name]
    if scanner.takes("between"):
        low = _amount(scanner, unit, fact.name)
        scanner.expect("and", "warmup between 1% and 10%")
        return Between(fact, low, _amount(scanner, unit, fact.name))
    if fact.name in REACHED and scanner.takes("at"):
        return Reached(fact, _step(scanner, f"{fact.name} at"))
    return Compared(fact, _sign(scanner, f"{fact} {_SAMPLES[unit]}"), _amount(scanner, unit, fact.name))


def _sign(scanner: Scanner, example: str) -> str:
    start = scanner.skip_spaces()
    sign = scanner.sign()
    if sign in SIGNS:
        return sign
    way = f'quote the whole, so that no shell takes < or > for itself: "{example}"'
    wrong = sign or scanner.rest()
    said = f"{wrong!r} is no comparison" if wrong else "nothing is said of it"
    raise scanner.refusal(said, f"one of {' '.join(SIGNS)}; {way}" if wrong else way, start)


# --- claims that begin with a word of their own ----------------------------------------------------------


def _moves(scanner: Scanner, way: str) -> Moves:
    scanner.expect("after", f"{way} after warmup")
    return Moves(way, None if scanner.takes("warmup") else _step(scanner, f"{way} after"))


def _no_jump(scanner: Scanner, _no: str) -> NoJump:
    scanner.expect("jump", "no jump > 10%")
    scanner.expect(">", "no jump > 10%")
    return NoJump(scanner.read(_read_share, "a share of the peak"))


def _never(scanner: Scanner, _never: str) -> Never:
    for side in ("below", "above"):
        if scanner.takes(side):
            return Never(side, _rate(scanner, f"never {side}"))
    raise scanner.refusal("expected below or above", 'as in "never below 1e-7"')


def _same_as(scanner: Scanner, _same: str) -> SameAs:
    scanner.expect("as", "same as baseline.json")
    start = scanner.skip_spaces()
    if found := _QUOTED.match(scanner.text, start):
        scanner.at = found.end()
        return SameAs(found[1] or found[2])
    rest = scanner.rest()
    if not rest or ("'" in rest and '"' in rest):
        way = 'as in "same as torch.CosineAnnealingLR:T_max=90" or "same as baseline.json"'
        raise scanner.refusal("expected a spec or a file", way, start)
    return SameAs(rest)


_FORMS: dict[str, Callable[[Scanner, str], Claim]] = {
    "falls": _moves,
    "rises": _moves,
    "no": _no_jump,
    "never": _never,
    "same": _same_as,
}


# --- amounts ---------------------------------------------------------------------------------------------


def _amount(scanner: Scanner, unit: Unit, what: str) -> Amount:
    if unit == "count":
        return scanner.read(partial(_read_count, what=what), "a whole number")
    return _step(scanner, what) if unit == "steps" else _rate(scanner, what)


def _step(scanner: Scanner, what: str) -> Duration:
    return scanner.read(partial(parse_duration, what=what), "a step or a duration")


def _rate(scanner: Scanner, what: str) -> Rate:
    return scanner.read(partial(_read_rate, what=what), "an LR")


def _read_count(word: str, what: str) -> int:
    count = parse_count(word, what=what)
    if count > LARGEST_WHOLE:
        raise SpecError(f"{what}={word!r} is more than 2**53", hint="type a smaller number")
    return count


def _read_rate(word: str, what: str) -> Rate:
    amount, of_peak = read_number(word.removesuffix("%")), word.endswith("%")
    if not is_number(amount):
        raise SpecError(f"{what} {word!r} is no LR", hint="type it as 3e-4, or as a share of the peak: 10%")
    return Rate(amount / 100 if of_peak else float(amount), of_peak, word)


def _read_share(word: str) -> Rate:
    share = _read_rate(word, "no jump >")
    if not share.of_peak or share.amount <= 0:
        raise SpecError(f"{word!r} is no share of the peak", hint='as in "no jump > 10%"')
    return share
