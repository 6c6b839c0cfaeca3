"""What a trainer's file does not say, asked for at once, each by the option that gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import LrvizError, PlanError
from lrviz.inputs.foreign.unknown import unknown_within
from lrviz.notation.rendering import shown
from lrviz.notation.shell import shell_word
from lrviz.notation.text import few, listed
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lrviz.inputs.foreign.unknown import Unknown
    from lrviz.notation.origin import Given

OPTIONS = {"seq_len": "--seq-len"}
"""What has an option though it is no key of a run."""
_LONG = ("dataset_len", "batches_per_epoch", "steps", "max_steps")
"""What a run has many of."""
_MOST_KNOWN = 6
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

    ``choices`` are the values that it has in one run after the other, or one that shows how it is told.
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
        if self._is_left_out:
            return f"{meaning} (no line sets it: nothing, unless its environment does)"
        is_named_alone = self.unknown is None or self.unknown.why == self.name
        if self.choices and self.unknown is not None:
            by = f" by {self.unknown.names[0]}" if self.unknown.is_computed else ""
            return f"{meaning} ({self.unknown.why}{by}: one of {few(self.choices)})"
        return meaning if is_named_alone or self.unknown is None else f"{meaning} ({self.unknown.why})"

    @property
    def way(self) -> str:
        """The option that gives it, one that every command has: lrviz's own, or ``--given``."""
        if self.unknown and self.unknown.names and self.name != "world_size":
            value = self.choices[0] if self.choices else "" if self._is_left_out else "VALUE"
            return " ".join(f"--given {shell_word(f'{name}={value}')}" for name in self.unknown.names)
        if self.unknown and self.unknown.why == self.name:
            return f"the words of {self.name} in its place"
        if self.key in KEYS and KEYS[self.key].option and KEYS[self.key].in_plan:
            return f"<{self.key}={KEYS[self.key].metavar or 'true'}>"
        value = self.choices[0] if self.choices else "VALUE"
        return f"{OPTIONS[self.key]} N" if self.key in OPTIONS else f"--given {self.name}={value}"

    @property
    def _is_left_out(self) -> bool:
        """Whether it is words of a command that a shell leaves out, as they are set by no line."""
        return self.unknown is not None and self.unknown.why == self.name and self.unknown.is_unset

    @property
    def stand_ins(self) -> dict[str, str]:
        """Values under the names that ``--given`` takes, to see what else is asked for then."""
        usual = "" if self._is_left_out else "100000" if self.key in _LONG else "1"
        value = self.choices[0] if self.choices else usual
        names = self.unknown.names if self.unknown and self.name != "world_size" else ()
        return dict.fromkeys(names or (self.name,), value)


class QuestionError(PlanError):
    """What must be known is not."""

    def __init__(self, message: str, asked: tuple[Asked, ...]) -> None:
        super().__init__(message, hint=f"give {' '.join(dict.fromkeys(one.way for one in asked))}")
        self.asked = asked


def asked_next(
    asked: Iterable[Asked], given: Mapping[str, str], read: Callable[[Mapping[str, str]], object]
) -> tuple[Asked, ...]:
    """What stands there and cannot be known either, and is asked for once these are given."""
    stand_ins = {name: value for one in asked for name, value in one.stand_ins.items() if name not in given}
    if not stand_ins:
        return ()
    try:
        read({**given, **stand_ins})
    except QuestionError as later:
        return later.asked
    except LrvizError:
        return ()
    return ()


def question(
    whose: str, seen: Mapping[str, Given], asked: Iterable[Asked], unread: Iterable[str] = ()
) -> QuestionError:
    """Ask for values, with what is known already, and why a file that may say them is ``unread``."""
    asked = tuple(dict.fromkeys(asked))
    said = {
        name: one.value
        for name, one in seen.items()
        if one.origin.source != "trainer" and not any(unknown_within(one.value))
    }
    known = ", ".join([f"{name}={shown(value)}" for name, value in said.items()][:_MOST_KNOWN])
    texts = [*dict.fromkeys(one.text for one in asked)]
    text = f"{whose} does not say {listed(texts)}{known and f'; it says {known}'}"
    text += "".join(f"; {one}" for one in unread)
    return QuestionError(text, asked)
