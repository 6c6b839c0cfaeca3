"""Whether a claim is true of a curve, and what is: one judge for each kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.checks.measures import EQUAL, amount_of, measure, rate_of, step_at, value_at
from lrviz.checks.same_as import judge_same
from lrviz.checks.verdict import Verdict, no, yes
from lrviz.checks.wording import change_text, fact_text, number_text
from lrviz.engine.changes import first_jump, first_rise
from lrviz.engine.compose import scale
from lrviz.engine.sampling import first_tick
from lrviz.notation.expectation import Between, Compared, Moves, Never, NoJump, Reached, SameAs
from lrviz.notation.fact import Fact
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.curves.series import Series
    from lrviz.notation.expectation import Claim

ABOUT = 0.01
"""How near ``~=`` is, relative."""
STILL = 1e-12
"""What moves by less, as a share of the peak, stays."""
OTHER: Mapping[str, str] = {"falls": "rises", "rises": "falls"}


def judge(claim: Claim, row: Series) -> Verdict:
    """Whether a claim is true of a curve.

    Raises:
        LrvizError: it cannot be told, or what is named in it cannot be read.

    """
    odd = row.facts.not_finite
    if odd is not None and isinstance(claim, (Moves, NoJump, Never)):
        return no(f"{lr_text(value_at(row, odd))} at step {odd}", odd)
    return JUDGES[type(claim)](claim, row)


def _equal(one: float, other: float) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    return math.isclose(one, other, rel_tol=EQUAL)


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "==": _equal,
    "!=": lambda one, other: not (_equal(one, other) or math.isnan(one)),
    "<": lambda one, other: one < other and not _equal(one, other),
    "<=": lambda one, other: one < other or _equal(one, other),
    ">": lambda one, other: one > other and not _equal(one, other),
    ">=": lambda one, other: one > other or _equal(one, other),
    "~=": lambda one, other: math.isclose(one, other, rel_tol=ABOUT),
}


def _compared(claim: Compared, row: Series) -> Verdict:
    found, wanted = measure(row, claim.fact), amount_of(row, claim.fact, claim.value)
    holds = found.value is not None and COMPARISONS[claim.sign](found.value, wanted)
    return Verdict(holds, fact_text(claim.fact, found, {claim.value: wanted}), found.step)


def _between(claim: Between, row: Series) -> Verdict:
    found = measure(row, claim.fact)
    low, high = (amount_of(row, claim.fact, end) for end in (claim.low, claim.high))
    value = found.value
    holds = value is not None and COMPARISONS[">="](value, low) and COMPARISONS["<="](value, high)
    return Verdict(holds, fact_text(claim.fact, found, {claim.low: low, claim.high: high}), found.step)


def _reached(claim: Reached, row: Series) -> Verdict:
    found, step = measure(row, claim.fact), step_at(row, claim.step)
    return Verdict(found.step == step, fact_text(claim.fact, found, {claim.step: step}), found.step)


def _moves(claim: Moves, row: Series) -> Verdict:
    start = step_at(row, claim.after)
    stop, still = row.ran, STILL * abs(row.facts.peak)
    if start >= stop:
        return no(f"no update comes after step {start}", start)
    falling = row.timeline if claim.way == "falls" else scale(row.timeline, -1.0)
    turn = first_rise(falling, start, stop, still)
    if turn is not None:
        return no(f"{OTHER[claim.way]} at step {turn}, {change_text(row, turn - 1, turn)}", turn)
    if abs(value_at(row, start) - value_at(row, stop - 1)) <= still:
        return no(f"stays at {lr_text(value_at(row, start))} from step {start} on", start)
    return yes(f"{change_text(row, start, stop - 1)}, steps {start} to {stop - 1}")


def _no_jump(claim: NoJump, row: Series) -> Verdict:
    jump = first_jump(row.timeline, 0, row.ran, abs(rate_of(row, claim.limit)))
    if jump is None:
        return yes("no step changes it by more")
    share = abs(value_at(row, jump) - value_at(row, jump - 1)) / abs(row.facts.peak)
    change = f"{change_text(row, jump - 1, jump)}, {100 * share:.3g}% of the peak"
    return no(f"step {jump} changes it {change}", jump)


def _never(claim: Never, row: Series) -> Verdict:
    limit = rate_of(row, claim.limit)
    sign = 1.0 if claim.side == "below" else -1.0
    # Above a limit is below it, seen from the other side.
    line, seen = scale(row.timeline, sign), row.seen[0] if sign > 0 else row.seen[0].negated()
    least = sign * limit - EQUAL * abs(limit)
    at = first_tick(line, seen, 0, row.ran, lambda found: found.low < least)
    fact = Fact("low" if claim.side == "below" else "peak")
    farthest = measure(row, fact)
    said = fact_text(fact, farthest, {claim.limit: limit})
    if at is None:
        return yes(said)
    first = "" if at == farthest.step else f"{number_text(value_at(row, at), limit)} at step {at}, "
    return no(f"{first}{said}", at)


JUDGES: Mapping[type, Callable[[Any, Series], Verdict]] = {
    Compared: _compared,
    Between: _between,
    Reached: _reached,
    Moves: _moves,
    NoJump: _no_jump,
    Never: _never,
    SameAs: judge_same,
}
