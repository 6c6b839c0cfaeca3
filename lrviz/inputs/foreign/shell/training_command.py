"""Which of the commands of a script is the one that trains."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.known_trainers import all_trainers
from lrviz.inputs.foreign.shell.evaluated import READERS
from lrviz.inputs.foreign.shell.wrappers import BUILTINS, PRINTERS
from lrviz.inputs.words import SHELL, SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from lrviz.inputs.foreign.source import Source

_TRAINING = re.compile(
    r"(?:^|[._])(?:b?lr0?|learning_rate|epochs?|steps|iters|updates?|sched(?:uler)?|optim(?:izer)?)(?:$|[._])"
)
_TRAINER = re.compile(r"train|tune|sft|dpo")
_ITSELF = "lrviz"
"""What shows schedules, by the options of trainers, and trains nothing."""
_LINE = "line"
"""What ``--given`` says of the one that is meant, where several may be."""


class SeveralCommandsError(ConfigError):
    """Of these ``commands`` each may be the one that trains."""

    commands: Sequence[Source] = ()


def training_of(sources: Sequence[Source], name: str, given: Mapping[str, str]) -> Source:
    """The one command that trains: by its options, else its launcher, else its script.

    Raises:
        ConfigError: there is none, or more than one and ``line`` is not given.

    """
    others = [one for one in sources if one.launch.program != _ITSELF]
    signs = (list(filter(is_likely, others)) for is_likely in _LIKELY)
    programs = [one for one in others if one.launch.program not in BUILTINS | READERS]
    alone = programs if len(programs) == 1 and not _is_unread(programs[0]) else ()
    likely = next(filter(None, signs), alone)
    likely = list(filter(_may_train, likely)) or likely
    if len(likely) == 1:
        return likely[0]
    if not likely:
        itself = next((f": {_ITSELF} in line {one.launch.line}" for one in sources if one not in others), "")
        raise ConfigError(f"{name}: no command that trains{itself}", hint=_unread_script(others))
    lines = _lines_of(likely)
    meant = [one for one, line in zip(likely, lines, strict=True) if str(line) == given.get(_LINE)]
    if len(meant) == 1:
        return meant[0]
    places = [
        f"{at}" if one.name == name else f"{at} of {one.name}" for one, at in zip(likely, lines, strict=True)
    ]
    listed = ", ".join(
        f"{one.launch.program} in line {at}" for one, at in zip(likely[:5], places, strict=False)
    )
    are_apart = len(set(lines)) == len(lines)
    hint = f"--given {_LINE}={lines[0]} takes the first" if are_apart else "give one of them alone, behind --"
    error = SeveralCommandsError(f"{name}: {len(likely)} commands may train: {listed}", hint=hint)
    error.commands = likely
    raise error


def _may_train(source: Source) -> bool:
    """Whether no trainer says of its subcommand that it trains nothing: ``axolotl preprocess x.yml``."""
    return not any(one.no_training.word_of(source) and one.claims(source) for one in all_trainers())


def _lines_of(sources: Sequence[Source]) -> list[int]:
    """Those that tell them apart: where each stands, or where the function is called that it stands in."""
    for at in (0, -1):
        lines = [one.shell.called_in[at] if one.shell.called_in else one.launch.line for one in sources]
        if len(set(lines)) == len(lines):
            return lines
    return [one.launch.line for one in sources]


def _unread_script(sources: Sequence[Source]) -> str:
    """What helps where no command trains: a script that is run and was not found, if there is one."""
    are_builtins = all(one.launch.program in BUILTINS | READERS for one in sources)
    read = [one for one in sources if one.launch.program in READERS and are_builtins]
    script = next(iter([*filter(is_script, sources), *read]), None)
    if script is None:
        return "give the one that does, behind --"
    is_read = script.launch.program in READERS and script.argv
    file = script.argv[0].text if is_read else script.launch.program
    way = script.ways_to_program or f"put {file} where it is called from"
    return f"{way}, or give the one that does, behind --"


def _is_unread(source: Source) -> bool:
    """Whether it runs a script that is not there, unless that launches a config: ``dist_train.sh x.py 8``."""
    return is_script(source) and not _has(source, (*SUFFIXES, ".py"))


def is_script(source: Source) -> bool:
    """Whether a command runs a script of a shell."""
    return Path(source.launch.program).suffix.lower() in SHELL


def _has_options(source: Source) -> bool:
    return source.launch.program not in PRINTERS and any(
        _TRAINING.search(option.lower()) for option in source.data
    )


def _names_settings(source: Source) -> bool:
    """Whether a launcher starts a training whose settings stand in a file: ``-m axolotl.cli.train x.yml``."""
    is_launched = source.launch.world is not None
    return is_launched and _has(source, SUFFIXES) and _TRAINER.search(" ".join(source.words)) is not None


def _has(source: Source, suffixes: Collection[str]) -> bool:
    """Whether it is given such a file."""
    return any(Path(word).suffix.lower() in suffixes for word in source.words[1:])


def _is_named_so(source: Source) -> bool:
    """Whether its script, or the module, ``scripts.base_train``, is called a training."""
    return _TRAINER.search(source.launch.program) is not None


def _is_python(source: Source) -> bool:
    return source.launch.program.endswith(".py")


_LIKELY: tuple[Callable[[Source], bool], ...] = (
    lambda source: _has_options(source) or _names_settings(source),
    lambda source: source.launch.world is not None and _is_python(source),
    lambda source: source.launch.world is not None and _is_named_so(source),
    lambda source: source.launch.world is not None,
    lambda source: _is_named_so(source) and (_is_python(source) or "." in source.launch.program),
    _is_python,
)
"""From the surest sign of a training to the weakest."""
