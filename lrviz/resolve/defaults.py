"""What nobody gave: the worked example for a run with nothing said, each value marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.notation.finding import Finding
from lrviz.notation.rendering import render_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.notation.origin import Given

EXAMPLE_LR = 1e-3
ASSUMED = {"example": ("example", "example-values"), "starter": ("assumed", "starter-values")}
"""What a value nobody gave is called, and the finding that tells of it, by the source of its origin."""


def assumed(origins: Mapping[str, Given]) -> dict[str, Given]:
    """The values nobody gave: those of the worked example, and of starters."""
    return {key: given for key, given in origins.items() if given.origin.source in ASSUMED}


def assumed_text(given: Given) -> str:
    """``390``, or ``20% = 390`` where a starter is of the run."""
    return " = ".join(filter(None, [given.origin.text, render_value(given.value)]))


def findings_of(origins: Mapping[str, Given]) -> Iterator[Finding]:
    """What was assumed: from the worked example, and by a starter."""
    for source, (word, kind) in ASSUMED.items():
        texts = [
            f"{key.rpartition('.')[2]}={assumed_text(given)}"  # without the phase it is of
            for key, given in origins.items()
            if given.origin.source == source
        ]
        if texts:
            yield Finding(kind, "note", f"{', '.join(dict.fromkeys(texts))} ({word})")
