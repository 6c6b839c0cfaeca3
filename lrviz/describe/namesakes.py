"""Schedules of other frameworks with the same name, and where their numbers part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.describe.example import FLAT, PEAK, STEPS
from lrviz.describe.listing import frameworks
from lrviz.errors import LrvizError
from lrviz.notation.spec import Spec, Value
from lrviz.resolve.keys import KEYS
from lrviz.resolve.resolve import resolve

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry
    from lrviz.engine.timeline import Rates

WARMUP = 10
EPOCH = 10
BEYOND = STEPS // 2
"""How far past the end of the run is looked: some hold, some rise again, some raise."""
TOLERANCE = {"float64": 1e-9, "float32": 1e-6}
"""Of the greatest value; two curves are the same numbers when nowhere farther apart."""

_WORD = re.compile(r"[A-Z]{2,}(?=LR(?![a-z]))|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_COMMON = frozenset(
    (
        "lr",
        "get",
        "with",
        "and",
        "on",
        "warm",
        "warmup",
        "decay",
        "annealing",
        "hard",
        "schedule",
        "scheduler",
    )
)
"""Words of names that say nothing of the shape."""


@dataclass(frozen=True)
class Namesake:
    """Another framework's schedule of the same name, on the same plan; a warmup only where both have one.

    ``step`` is the first at which the two differ, None where they never do; ``values`` are those of
    both there, None where the framework raises. ``refusal`` says why they cannot be compared.
    """

    entry: Entry
    step: int | None = None
    values: tuple[float | None, float | None] | None = None
    refusal: str = ""


def namesakes(entry: Entry) -> list[Namesake]:
    """The schedules of other frameworks that share a name, common words and endings apart."""
    stems = _stems(entry)
    every = (one.entry for group in frameworks().values() for one in group)
    others = (other for other in every if other.framework != entry.framework)
    return [_compared(entry, other) for other in others if stems & _stems(other)]


def _stems(entry: Entry) -> set[frozenset[str]]:
    """What is left of each name: ``cosine`` of CosineAnnealingLR and get_cosine_schedule_with_warmup."""
    return {_stem(name) for name in (entry.name, *entry.aliases)}


def _stem(name: str) -> frozenset[str]:
    words = frozenset(word.lower() for word in _WORD.findall(name))
    return words - _COMMON or words


def _compared(entry: Entry, other: Entry) -> Namesake:
    warmup = WARMUP if _has_warmup(entry) and _has_warmup(other) else 0
    try:
        here, there = _rates(entry, warmup), _rates(other, warmup)
    except LrvizError as error:
        return Namesake(other, refusal=error.message)
    single = "float32" in (entry.framework.dtype, other.framework.dtype)
    tolerance = TOLERANCE["float32" if single else "float64"]
    close = tolerance * max(np.nanmax(np.abs(here)), np.nanmax(np.abs(there)))
    apart = (np.abs(here - there) > close) | (np.isnan(here) != np.isnan(there))
    if not apart.any():
        return Namesake(other)
    step = int(apart.argmax())
    return Namesake(other, step, (_finite(here[step]), _finite(there[step])))


def _finite(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _has_warmup(entry: Entry) -> bool:
    return bool(entry.of_roles(KEYS["warmup"].roles))


def _rates(entry: Entry, warmup: int) -> Rates:
    """The LR at every step, with what the framework insists on assumed; nan once it raises."""
    plan: dict[str, Value] = {"steps": STEPS, "steps_per_epoch": EPOCH}
    run = plan | {"lr": PEAK, "warmup": warmup, "interval": "step"}
    line = resolve(Spec(entry.id), run, starters=True, metrics=FLAT + FLAT).schedule.groups[0]["lr"]
    rates = np.full(STEPS + BEYOND, np.nan)
    runs = int(min(line.end, len(rates)))
    rates[:runs] = line(np.arange(runs, dtype=float))
    return rates
