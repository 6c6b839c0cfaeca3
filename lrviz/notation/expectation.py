"""What people expect of a curve: ``peak <= 3e-4``, ``falls after warmup``; as text each reads back as itself.

A claim is one kind of expectation; what it claims of a curve is held against it in ``checks/judges.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from lrviz.notation.durations import Duration
    from lrviz.notation.fact import Fact, Rate
    from lrviz.notation.origin import Place
    from lrviz.notation.own_step import OwnStep

BARE = re.compile(r"""[^\s"'](?:[^\s"']*[^\s"':])?""")
"""A label or a word that needs no quotes."""


Amount: TypeAlias = "Duration | Rate | int"


@dataclass(frozen=True)
class Compared:
    """``total == 612``."""

    fact: Fact
    sign: str
    value: Amount

    def __str__(self) -> str:
        """As it is typed."""
        return f"{self.fact} {self.sign} {amount_text(self.value)}"


@dataclass(frozen=True)
class Between:
    """``warmup between 1% and 10%``, both ends included."""

    fact: Fact
    low: Amount
    high: Amount

    def __str__(self) -> str:
        """As it is typed."""
        return f"{self.fact} between {amount_text(self.low)} and {amount_text(self.high)}"


@dataclass(frozen=True)
class Reached:
    """``peak at 100``: the step at which it is reached first."""

    fact: Fact
    step: Duration | OwnStep

    def __str__(self) -> str:
        """As it is typed."""
        return f"{self.fact} at {self.step.text}"


@dataclass(frozen=True)
class Moves:
    """``falls after 10%``: no later step goes the other way."""

    way: str
    after: Duration | OwnStep

    def __str__(self) -> str:
        """As it is typed."""
        return f"{self.way} after {self.after.text}"


@dataclass(frozen=True)
class NoJump:
    """``no jump > 10%``: no step changes the LR by more, as a share of the peak."""

    limit: Rate

    def __str__(self) -> str:
        """As it is typed."""
        return f"no jump > {self.limit.text}"


@dataclass(frozen=True)
class Never:
    """``never below 1e-7``, ``never above 1e-3``."""

    side: str
    limit: Rate

    def __str__(self) -> str:
        """As it is typed."""
        return f"never {self.side} {self.limit.text}"


@dataclass(frozen=True)
class SameAs:
    """``same as torch.CosineAnnealingLR:T_max=90``: a spec, or a file of values."""

    reference: str

    def __str__(self) -> str:
        """As it is typed."""
        return f"same as {self.reference if BARE.fullmatch(self.reference) else quoted(self.reference)}"


Claim: TypeAlias = Compared | Between | Reached | Moves | NoJump | Never | SameAs


@dataclass(frozen=True)
class Expectation:
    """A claim about every curve, or about those of a ``label``; ``place`` is where a file says it."""

    claim: Claim
    label: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        """``mine: peak <= 3e-4``."""
        label = self.label if BARE.fullmatch(self.label) else quoted(self.label)
        return f"{label}: {self.claim}" if self.label else str(self.claim)


def amount_text(amount: Amount | OwnStep) -> str:
    """As it was typed."""
    return str(amount) if isinstance(amount, int) else amount.text


def quoted(text: str) -> str:
    """In the quotes that do not stand in it."""
    mark = "'" if '"' in text else '"'
    return f"{mark}{text}{mark}"
