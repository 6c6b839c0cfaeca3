"""The file of settings that an example script of transformers takes in place of its options.

Source: transformers 4.57.3 ``examples/pytorch``: ``parse_json_file`` where ``sys.argv`` is the script and one
word that ends in ``.json``, else ``parse_args_into_dataclasses``; ``run_xnli.py`` looks at options alone.
DeepSpeed 0.18.9 ``launcher/launch.py`` and torch 2.13 ``distributed/run.py``: each process has a word more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.shared.do_train import is_example
from lrviz.inputs.words import is_settings_file
from lrviz.notation.shell import shell_word
from lrviz.notation.text import few

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

_CONFIG = "config"
_OPTIONS_ALONE = "run_xnli.py"
_WITH_LOCAL_RANK = {
    "deepspeed": ("no_local_rank",),
    "torch.distributed.launch": ("use_env",),
}
"""Launchers that hand the script ``--local_rank``, and the options without which they do."""


class _Named(NamedTuple):
    """A file of settings, and how a command names it."""

    file: str
    how: str


def is_example_elsewhere(source: Source) -> bool:
    """Whether a command starts one of the examples, which is not here."""
    return is_example(source) and script_of(source) is None


def check_example_words(command: Source) -> None:
    """Refuse a file of settings that an example does not read as its command names it.

    Raises:
        ConfigError: its parser of options stops at it.

    """
    named = _named_file(command) if is_example_elsewhere(command) else None
    why = _unread(command, named) if named else ""
    if named and why:
        here = f"have {command.script} here, where yours reads it"
        raise ConfigError(
            f"{command.name}: {command.script} of transformers {why}",
            hint=f"{_way(command, named)}; or {here}",
        )


def _named_file(command: Source) -> _Named | None:
    behind = (one for value in command.data.values() if isinstance(value, tuple) for one in value[1:])
    words = (one for one in (*command.words[1:], *behind) if isinstance(one, str) and is_settings_file(one))
    option = command.data.get(_CONFIG)
    if isinstance(option, str) and is_settings_file(option):
        return _Named(option, f"--{_CONFIG} {option}")
    return next((_Named(one, one) for one in words), None)


def _unread(command: Source, named: _Named) -> str:
    """Why it does not read a file; nothing where it does."""
    if command.script == _OPTIONS_ALONE:
        return f"reads no file of settings: its parser stops at {named.how}"
    if named.how != named.file:
        return f"has no --{_CONFIG}: its parser stops at {named.how}"
    if not named.file.endswith(".json"):
        return f"reads JSON alone: its parser stops at {named.file}"
    others = [f"--{key}" for key in command.data]
    others += [repr(one) for one in command.words[1:] if one != named.file]
    if others:
        return f"reads {named.file} only as its one word: beside {few(others)} its parser stops at it"
    launcher = _handing(command)
    rank = f"{launcher} hands it --local_rank beside {named.file}, which it reads only as its one word"
    return f"stops: {rank}" if launcher else ""


def _handing(command: Source) -> str:
    """The launcher that hands its script a word of its own; nothing where none does."""
    launch = command.launch
    without = _WITH_LOCAL_RANK.get(launch.launcher, (*launch.options,))
    is_off = launch.launcher not in _WITH_LOCAL_RANK or any(one in launch.options for one in without)
    return "" if is_off else launch.launcher


def _way(command: Source, named: _Named) -> str:
    if command.script == _OPTIONS_ALONE:
        return "write its settings as options"
    launcher = _handing(command)
    file = named.file if named.file.endswith(".json") else f"{named.file.rpartition('.')[0]}.json"
    if launcher:
        return f"put {launcher} --{_WITH_LOCAL_RANK[launcher][0]} before it"
    line = f"-- python {command.script} {shell_word(file)}"
    return f"write all settings in {file}, and it alone behind the script: {line}"
