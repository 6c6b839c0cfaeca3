"""A launch line, or the one in a script that trains, as what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.argv import read_options
from lrviz.inputs.foreign.shell.launcher import PRINTERS, unwrap
from lrviz.inputs.foreign.shell.script import Command, read_commands
from lrviz.inputs.foreign.source import Source, Word
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

_TRAINING = re.compile(
    r"(?:^|[._])(?:b?lr0?|learning_rate|epochs?|steps|iters|updates?|sched(?:uler)?|optim(?:izer)?)(?:$|[._])"
)


def read_command(text: str, name: str, given: Mapping[str, str] | None = None) -> Source:
    """The command of a script, or of a launch line, that trains.

    Raises:
        ConfigError: there is none, or more than one; a quote is never closed.

    """
    return choose(read_script(text, name, given), name)


def read_script(text: str, name: str, given: Mapping[str, str] | None = None) -> tuple[Source, ...]:
    """Every command of a script.

    Raises:
        ConfigError: a quote is never closed, or its variables stand for too much.

    """
    return tuple(_source(command, name) for command in read_commands(text, name, given))


def read_words(words: Sequence[str], name: str = "command") -> Source:
    """A command that a shell has split already."""
    return _source(Command(tuple(map(Word.of, words))), name)


def choose(sources: Sequence[Source], name: str) -> Source:
    """The one command that trains: by its options, else its launcher, else its script.

    Raises:
        ConfigError: there is none, or more than one.

    """
    signs = (list(filter(is_likely, sources)) for is_likely in _LIKELY)
    likely = next(filter(None, signs), sources if len(sources) == 1 else ())
    if len(likely) == 1:
        return likely[0]
    if not likely:
        raise ConfigError(f"{name}: no command that trains", hint="give the one that does, behind --")
    listed = ", ".join(f"{one.launch.program} in line {_line(one)}" for one in likely[:5])
    raise ConfigError(
        f"{name}: {len(likely)} commands may train: {listed}", hint="give one of them alone, behind --"
    )


def _has_options(source: Source) -> bool:
    return source.launch.program not in PRINTERS and any(
        _TRAINING.search(option.lower()) for option in source.data
    )


def _is_python(source: Source) -> bool:
    return source.launch.program.endswith(".py")


_LIKELY: tuple[Callable[[Source], bool], ...] = (
    _has_options,
    lambda source: source.launch.world is not None and _is_python(source),
    lambda source: source.launch.world is not None,
    _is_python,
)
"""From the surest sign of a training to the weakest."""


def _line(source: Source) -> int:
    return min(word.line for word in source.argv) if source.argv else 0


def _source(command: Command, name: str) -> Source:
    launch, words = unwrap(command.words, command.env, name)
    program = tuple(word.text for word in words[:1])
    return with_switches(Source(name, "command", {}, words=program, argv=words[1:], launch=launch), ())


def with_switches(source: Source, switches: Collection[str]) -> Source:
    """The same command, its options read by a trainer that knows which of them take no value."""
    found = read_options(source.argv, switches)
    return replace(
        source,
        data={one.name: one.value for one in found.options},
        places={(one.name,): Place(source.name, one.line, one.written) for one in found.options},
        words=(*source.words[:1], *(word.text for word in found.words)),
        hidden=found.hidden,
    )
