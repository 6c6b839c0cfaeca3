"""What nobody gave: the worked example for a run with nothing said, each value marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.spec import Value

EXAMPLE_PLAN: Mapping[str, Value] = {"dataset_len": 1235, "batch_size": 32, "epochs": 50}
EXAMPLE_LR = 1e-3


@dataclass(frozen=True)
class Assumption:
    """A value nobody gave: ``origin`` is ``example`` (the worked example) or ``assumed`` (a starter)."""

    key: str
    value: str
    origin: str

    def __str__(self) -> str:
        return f"{self.key}={self.value} ({self.origin})"
