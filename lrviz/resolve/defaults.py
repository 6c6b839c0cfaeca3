"""What nobody gave: the worked example for a run with nothing said, each value marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.notation.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrviz.notation.spec import Value

EXAMPLE_PLAN: Mapping[str, Value] = {"dataset_len": 1235, "batch_size": 32, "epochs": 50}
EXAMPLE_LR = 1e-3


class Assumption(NamedTuple):
    """A value nobody gave: ``origin`` is ``example`` (the worked example) or ``assumed`` (a starter)."""

    key: str
    value: str
    origin: str

    def __str__(self) -> str:
        return f"{self.key}={self.value} ({self.origin})"


def findings_of(assumptions: Sequence[Assumption]) -> Iterator[Finding]:
    """What was assumed: from the worked example, and by a starter."""
    for origin, kind in (("example", "example-values"), ("assumed", "starter-values")):
        texts = [f"{one.key}={one.value}" for one in assumptions if one.origin == origin]
        if texts:
            yield Finding(kind, "note", f"{', '.join(texts)} ({origin})")
