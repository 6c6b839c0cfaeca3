"""What a trainer's file does not say, asked for at once, each by the option that gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import PlanError
from lrviz.notation.rendering import shown
from lrviz.notation.text import few, listed
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lrviz.inputs.foreign.source import Unknown
    from lrviz.notation.origin import Given

OPTIONS = {"seq_len": "--seq-len"}
"""What has an option though it is no key of a run."""
KNOWN = 6
"""Values that a question repeats as known."""
_MEANINGS = {
    "dataset_len": "how many rows it trains on",
    "world_size": "how many processes run",
    "batches_per_epoch": "how many batches a process has in an epoch",
    "batch_size": "the batch size",
    "epochs": "the epochs",
    "seq_len": "how many tokens a sample has",
}


class Asked(NamedTuple):
    """A value that must be known: its name, lrviz's key for it, what stands there instead, what it is.

    ``choices`` are the values that it has in one run after the other.
    """

    name: str
    key: str
    unknown: Unknown | None
    asks: str = ""
    choices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What it means, and why nobody can know it."""
        meaning = self.asks or _MEANINGS.get(self.name, self.name)
        is_told = self.unknown is None or self.unknown.why == self.name
        if self.choices and self.unknown is not None:
            return f"{meaning} ({self.unknown.why}: one of {few(self.choices)})"
        return meaning if is_told or self.unknown is None else f"{meaning} ({self.unknown.why})"

    @property
    def way(self) -> str:
        """The option that gives it, one that every command has: lrviz's own, or ``--given``."""
        if self.unknown and self.unknown.names and self.name != "world_size":
            value = self.choices[0] if self.choices else "VALUE"
            return " ".join(f"--given {name}={value}" for name in self.unknown.names)
        if self.key in KEYS and KEYS[self.key].option and KEYS[self.key].in_plan:
            return f"<{self.key}={KEYS[self.key].metavar or 'true'}>"
        return f"{OPTIONS[self.key]} N" if self.key in OPTIONS else f"--given {self.name}=VALUE"


def question(
    whose: str, seen: Mapping[str, Given], asked: Iterable[Asked], unread: Iterable[str] = ()
) -> PlanError:
    """Ask for values, with what is known already, and why a file that may say them is ``unread``."""
    asked = list(dict.fromkeys(asked))
    said = {name: one.value for name, one in seen.items() if one.origin.source != "trainer"}
    known = ", ".join([f"{name}={shown(value)}" for name, value in said.items()][:KNOWN])
    text = f"{whose} does not say {listed([one.text for one in asked])}{known and f'; it says {known}'}"
    text += "".join(f"; {one}" for one in unread)
    return PlanError(text, hint=f"give {' '.join(dict.fromkeys(one.way for one in asked))}")
