"""The scripts that a command runs: in quotes, written before, handed over or beside."""

from __future__ import annotations

import posixpath
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.invocation import Invocation
from lrviz.inputs.foreign.shell.launcher import unwrap
from lrviz.inputs.foreign.shell.printed import UNTOLD, ScriptFolders
from lrviz.inputs.foreign.shell.script import run_script
from lrviz.inputs.foreign.shell.sourced import ScriptText, Sourced
from lrviz.inputs.foreign.shell.wrappers import SHELLS
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.inputs.foreign.written import word_of, written_at
from lrviz.inputs.words import SHELL, SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.launch import Launch
    from lrviz.inputs.foreign.shell.shell_command import Command
    from lrviz.inputs.foreign.shell.simple_commands import SimpleCommands
    from lrviz.inputs.foreign.written import Written

_TAKE_STDIN = {*SHELLS, "sbatch"}
DEEPEST = 5
"""Commands in quotes within each other; a variable may hold itself."""


def call_of(
    command: Command,
    launch: Launch,
    arguments: tuple[Word, ...] | None,
    outer: Invocation,
    script: ScriptText,
) -> Invocation:
    """How a command starts a script."""
    call = Invocation(launch, arguments, outer.folder, command.env, command.kept, command.to, command.written)
    return call._replace(unknown={**outer.unknown, **script.unknown}, is_within=True)


def commands_of(
    script: ScriptText, given: Mapping[str, str], call: Invocation, depth: int = 0
) -> SimpleCommands:
    """Its commands, and what they have written at its end, with what is written by those that they run."""
    within = partial(_written_within, name=script.name, given=given, outer=call, depth=depth + 1)
    return run_script(script, given, call, within)


def _written_within(
    command: Command, name: str, given: Mapping[str, str], outer: Invocation, depth: int
) -> Mapping[str, Written] | None:
    """What a script that a command runs has written at its end; None where it runs none."""
    texts = [word.text for word in command.words]
    if depth >= DEEPEST or not any(
        one in SHELLS or one.endswith(SHELL) or one in command.written for one in texts
    ):
        return None
    launch, words, line = unwrap(command.words, command.env, name, outer.launch)
    script, arguments = script_of(command, name, words, line, Sourced(outer.folder, command.to))
    if script is None:
        return None
    call = call_of(command, launch, arguments, outer, script)
    return commands_of(script, given, call, depth).written.files


def script_of(
    command: Command, name: str, words: tuple[Word, ...], line: Word | None, beside: Sourced
) -> tuple[ScriptText | None, tuple[Word, ...] | None]:
    """The script that a command runs, in quotes, written before, handed over or beside, and its arguments.

    A line in which something is unknown may have arguments of the script that it stands in.
    """
    own = written_at(command.written, command.to.folder, words[0].text) if words else None
    own_text = _text_of(own, beside) if own else None
    folders = UNTOLD
    if line is None and own_text and Path(words[0].text).suffix not in {*SUFFIXES, ".py"}:
        folders, line, words = folders_of(command, words[0].text), own_text, words[1:]
    elif line is None and not words and any(word.text in _TAKE_STDIN for word in command.words):
        line = command.stdin
    if line is not None:
        is_known = not isinstance(line.value, Unknown)
        return _with_variables(line, name)._replace(folders=folders), words if words or is_known else None
    is_shell = bool(words) and Path(words[0].text).suffix.lower() in SHELL
    found = beside.text(words[0]) if is_shell else None
    return found and found._replace(folders=folders_of(command, words[0].text)), words[1:]


def folders_of(command: Command, script: str) -> ScriptFolders:
    """The folder of a script as the command names it; nobody knows that of the copy that Slurm runs."""
    is_copied = any(word.text == "sbatch" for word in command.words)
    folder = "" if is_copied else posixpath.dirname(script)
    return ScriptFolders(folder, folder)


def _with_variables(line: Word, name: str) -> ScriptText:
    """A line with variables for what nobody knows, ``$(cat lr)``: no shell would find it in the text."""
    unknown = [one for one in dict.fromkeys(line.parts) if isinstance(one, Unknown) and not _is_plain(one)]
    names = {one: f"__{one.why.encode().hex()}" for one in unknown}
    text = "".join(
        f"${{{names[one]}}}" if one in names else str(getattr(one, "why", one)) for one in line.parts
    )
    variables = {name: Word((one,), line.line) for one, name in names.items()}
    return ScriptText(text, name, line.line, unknown=variables)


def _is_plain(unknown: Unknown) -> bool:
    """Whether it is one variable, or an argument, that goes by its name."""
    name = unknown.why.strip("${}")
    return name in unknown.names or name.isdigit()


def _text_of(script: Written, beside: Sourced) -> Word | None:
    """What stands in a script that is written, or made of another one, as far as that is known."""
    found = beside.text(Word.of(script.of)) if script.of else None
    text = script.read_off(found.text) if found else script.text
    return None if text is None else word_of(text, script.unknown)
