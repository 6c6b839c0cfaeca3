"""Text → ``Expectation``, by a grammar of a few forms.

::

    expectation = [label ":"] claim
    claim = fact ("==" | "!=" | "<" | "<=" | ">" | ">=" | "~=") amount
          | fact "between" amount "and" amount
          | ("peak" | "low") "at" step
          | ("falls" | "rises") "after" step
          | "no" "jump" ">" share
          | "never" ("below" | "above") rate
          | "same" "as" (spec | file)
    fact  = name | "lr" "(" step ")" | "steps" "at" rate

A step is a duration (``100``, ``6%``, ``2ep``) or has a name (``warmup``, ``peak``), a rate is a number or a
share of the peak (``10%``). A label ends where a colon stands before a claim; quotes keep what may be read
otherwise in a label, a spec or a file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.notation.expectation import (
    Between,
    Claim,
    Compared,
    Expectation,
    Moves,
    Never,
    NoJump,
    Reached,
    SameAs,
    amount_text,
)
from lrviz.notation.fact import FACTS, REACHED, Fact, Rate
from lrviz.notation.fact_parser import fact_meant, read_amount, read_fact, read_place, read_rate, read_share
from lrviz.notation.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.notation.expectation import Amount
    from lrviz.notation.fact import Unit

SIGNS = ("==", "!=", "<=", ">=", "~=", "<", ">")
OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_FORM = 'as in "total == 612" or "falls after warmup"; lrviz check --help has all of them'
_QUOTED = re.compile(r""""([^"]+)"|'([^']+)'""")
_SAMPLES: dict[Unit, str] = {
    "steps": "== 612",
    "rate": "<= 3e-4",
    "count": "== 3",
    "number": "<= 2.5",
}


def parse_expectation(text: str) -> Expectation:
    """Read one expectation.

    Raises:
        SpecError: it is none; the message says at which column.

    """
    label = _LABELLED.match(text) or _LABEL.match(text)
    scanner = Scanner(text, label.end() if label else 0)
    claim = _claim(scanner)
    scanner.end()
    return Expectation(claim, next(filter(None, label.groups())) if label else "")


def _claim(scanner: Scanner) -> Claim:
    start = scanner.skip_spaces()
    word = scanner.word("a fact or a form", _FORM)
    if word == "not":
        raise scanner.refusal("'not' begins no expectation", _opposite(scanner), start)
    if word in _FORMS:
        return _FORMS[word](scanner, word)
    if word not in FACTS:
        near = fact_meant(word, [*FACTS, *_FORMS])
        hint = f"did you mean {near}?" if near else _FORM
        raise scanner.refusal(f"{word!r} begins no expectation", hint, start)
    return _about(scanner, read_fact(scanner, word))


def _opposite(scanner: Scanner) -> str:
    """How to say ``not peak == 1``, where there is a way."""
    while scanner.takes("not"):
        pass
    claim = _claim(scanner)
    if isinstance(claim, Compared) and claim.sign in OPPOSITES:
        return f'did you mean "{replace(claim, sign=OPPOSITES[claim.sign])}"?'
    return 'only a comparison has an opposite, as in "peak != 1e-3"'


def _about(scanner: Scanner, fact: Fact) -> Claim:
    """What is said of a fact."""
    unit = FACTS[fact.name].unit
    if scanner.takes("between"):
        return _between(scanner, fact)
    if fact.name in REACHED and scanner.takes("at"):
        return Reached(fact, read_place(scanner, f"{fact.name} at"))
    return Compared(fact, _sign(scanner, f"{fact} {_SAMPLES[unit]}"), read_amount(scanner, unit, fact.name))


def _between(scanner: Scanner, fact: Fact) -> Between:
    """Both ends, the lower one first; 100 and 5% are in order or not as the run is long."""
    unit, start = FACTS[fact.name].unit, scanner.skip_spaces()
    low = read_amount(scanner, unit, fact.name)
    scanner.expect("and", "warmup between 1% and 10%")
    high = read_amount(scanner, unit, fact.name)
    (counted, first), (counted_too, second) = _size(low), _size(high)
    if counted == counted_too and first > second:
        way = f"{fact} between {amount_text(high)} and {amount_text(low)}"
        raise scanner.refusal(f"nothing is between {amount_text(low)} and {amount_text(high)}", way, start)
    return Between(fact, low, high)


def _size(amount: Amount) -> tuple[object, float]:
    """What an amount counts, and how many."""
    if isinstance(amount, int):
        return None, amount
    return amount.of_peak if isinstance(amount, Rate) else amount.unit, float(amount.amount)


def _sign(scanner: Scanner, example: str) -> str:
    start = scanner.skip_spaces()
    sign = scanner.sign()
    if sign in SIGNS:
        return sign
    way = f'as in "{example}"'
    wrong = sign or scanner.rest()
    said = f"{wrong!r} is no comparison" if wrong else "nothing is said of it"
    raise scanner.refusal(said, f"one of {' '.join(SIGNS)}, {way}" if wrong else way, start)


# --- claims that begin with a word of their own ----------------------------------------------------------


def _moves(scanner: Scanner, way: str) -> Moves:
    scanner.expect("after", f"{way} after warmup")
    return Moves(way, read_place(scanner, f"{way} after"))


def _no_jump(scanner: Scanner, _no: str) -> NoJump:
    scanner.expect("jump", "no jump > 10%")
    scanner.expect(">", "no jump > 10%")
    return NoJump(scanner.read(read_share, "a share of the peak"))


def _never(scanner: Scanner, _never: str) -> Never:
    for side in ("below", "above"):
        if scanner.takes(side):
            return Never(side, read_rate(scanner, f"never {side}"))
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
_QUOTED_LABEL = r"""\s*(?:"([^"]+)"|'([^']+)'|"""
_LABEL = re.compile(rf"""{_QUOTED_LABEL}([^\s"']+?)):\s""")
_LABELLED = re.compile(rf"""{_QUOTED_LABEL}([^"']+?)):\s+(?=(?:{"|".join([*FACTS, *_FORMS])})\b)""")
"""A label of several words, before what begins a claim."""
