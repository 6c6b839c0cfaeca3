"""The keys of a phase, one row each: where it ends, and how it goes on from the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.resolve import readers
from lrviz.resolve.key import Key
from lrviz.resolve.keys import RATE, SPAN

if TYPE_CHECKING:
    from collections.abc import Mapping

_FACTOR = readers.number(lambda x: 0 < x <= 1e6)

MOST_TIMES = 1000
"""That a phase comes."""

PHASE_KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("until", readers.duration, SPAN, "50%", "SPAN", "The step of the run at which a phase ends."),
        Key(
            "for",
            readers.length,
            f"{SPAN} or a percent of the rest ('50% of rest')",
            "10%",
            "SPAN",
            "How long a phase lasts.",
        ),
        Key(
            "start",
            readers.word,
            "last",
            "last",
            "last",
            "A phase goes on from the LR that it finds.",
            choices=("last",),
        ),
        Key("start_lr", RATE, "a number from 0 on", "1e-4", "LR", "The LR at which a phase begins."),
        Key(
            "times",
            readers.count_up_to(MOST_TIMES),
            f"a whole number from 1 to {MOST_TIMES}",
            "3",
            "N",
            "How often a phase comes.",
        ),
        Key(
            "length_factor",
            _FACTOR,
            "a number above 0",
            "2",
            "X",
            "How many times as long, each time it comes.",
        ),
        Key(
            "lr_factor", _FACTOR, "a number above 0", "0.5", "X", "How many times its LR, each time it comes."
        ),
    )
}
