"""A trainer's launch line behind ``--``, told from words of lrviz's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.cli.argv_words import entry_of, is_config_word
from lrviz.notation.shell import shell_line
from lrviz.notation.spec import KEY

if TYPE_CHECKING:
    from collections.abc import Sequence


def with_launch_line(args: Sequence[str]) -> list[str]:
    """What stands behind ``--`` as one launch line, where it is none of lrviz's own words.

    A word alone is that line, in quotes as a whole.
    """
    place = list(args).index("--") if "--" in args else len(args)
    before, line = list(args[:place]), args[place + 1 :]
    if not line or _are_specs(line) or _are_files(line):
        return list(args)
    return [*before, "--args", line[0] if len(line) == 1 else shell_line(*line)]


def _are_specs(line: Sequence[str]) -> bool:
    """Whether a line begins with a schedule: ``yolo detect train`` has a program that is called like one."""
    second = line[1] if len(line) > 1 else ""
    is_spec = not second or "=" in second or ":" in second or bool(entry_of(second)) or is_config_word(second)
    return bool(entry_of(line[0])) and is_spec and not (KEY.match(second) and _is_trainer(line[0]))


def _is_trainer(word: str) -> bool:
    from lrviz.inputs.foreign.known_trainers import trainers_by_name

    return word in trainers_by_name()


def _are_files(line: Sequence[str]) -> bool:
    """Whether a line begins with a file to be read: ``dist_train.sh x.py 8`` has a word that is none."""
    if not is_config_word(line[0]) or _has_options(line):
        return False
    return not line[0].endswith(".sh") or all(is_config_word(word) or entry_of(word) for word in line)


def _has_options(line: Sequence[str]) -> bool:
    return any(word.startswith("-") or "=" in word for word in line[1:])
