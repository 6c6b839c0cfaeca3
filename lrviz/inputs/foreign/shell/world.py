"""What a launcher is, and how its options and the environment make a number of processes."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.launch import TORCH
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Given, Origin, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lrviz.inputs.foreign.word import Word

Count = Given | Unknown | None
DEVICES = "CUDA_VISIBLE_DEVICES"
WHOLE = re.compile(r"\d{1,9}")


class Said(NamedTuple):
    """A launcher with its options, their dashes underscores, and the variables it sees.

    ``places`` are those of options that stand in a file of the launcher's own.
    """

    launcher: str
    options: Mapping[str, Word]
    env: Mapping[str, Word]
    file: str
    places: Mapping[str, Place] = {}

    def find(self, names: str) -> tuple[str, Word] | None:
        """The first of these options, or of these variables, which have a ``$``."""
        for name in names.split():
            if name.startswith("$"):
                if name[1:] in self.env:
                    return name[1:], self.env[name[1:]]
            elif name in self.options:
                return f"{'--' if name[1:] else '-'}{name}", self.options[name]
        return None

    def given(self, number: int, *found: tuple[str, Word]) -> Given:
        """A number of processes, by the options that say it: by none, it is the launcher's default."""
        if not found:
            return Given(number, Origin("trainer", self.launcher))
        (written, word), *_ = found
        if place := self.places.get(written.lstrip("-")):
            return Given(number, Origin("file", "", place))
        text = " ".join([self.launcher, *(f"{written} {word.text}" for written, word in found)])
        return Given(number, Origin("file", text, Place(self.file, word.line)))

    def unknown(self, lacking: str) -> Unknown:
        """What is to be known of the machine."""
        return Unknown(f"{self.launcher} without {lacking}")


class Launcher(NamedTuple):
    """The options without a value, and those with two; every other takes one."""

    processes: Callable[[Said], Count]
    switches: str = ""
    pairs: str = ""
    config: str = ""  # the options that name a file of the launcher's own
    tells: str = TORCH  # whose variables its processes find their ranks in
    sets: str = ""  # the options that set variables for the program


class Own(NamedTuple):
    """A program that starts its own processes; those of its options that are the launcher's."""

    processes: Callable[[Said], Count]
    options: Sequence[str] = ()
    config: str = ""


def product(said: Said, *factors: tuple[str, int | None]) -> Count:
    """The product of options, each with its default; None where one without a default is absent."""
    found = [said.find(names) for names, _ in factors]
    numbers = [
        default if one is None else _number(said, *one)
        for one, (_, default) in zip(found, factors, strict=True)
    ]
    if None in numbers:
        return None
    unknown = [number for number in numbers if isinstance(number, Unknown)]
    if unknown:
        names = dict.fromkeys(name for one in unknown for name in one.names)
        return Unknown(", ".join(one.why for one in unknown), tuple(names))
    total = math.prod(number for number in numbers if isinstance(number, int))
    return said.given(total, *(one for one in found if one))


def _number(said: Said, written: str, word: Word) -> int | Unknown:
    value = word.value
    if isinstance(value, Unknown):
        return Unknown(f"{written} {value.why}", value.names)
    least, _, most = value.partition(":")
    if WHOLE.fullmatch(least) and most in {"", least} and int(least):
        return int(least)
    if value in {"gpu", "auto"} and (devices := visible_devices(said.env)):
        return devices
    return Unknown(f"{written} {value}")


def visible_devices(env: Mapping[str, Word]) -> int | None:
    """How many GPUs are made visible, None where nothing is said."""
    return count_devices(env[DEVICES].value) if DEVICES in env else None


def count_devices(value: object) -> int | None:
    """How many GPUs ``0,1`` makes visible, None where it is nothing or unknown."""
    if not isinstance(value, str) or not value.strip(", "):
        return None
    return len([one for one in value.split(",") if one.strip()])
