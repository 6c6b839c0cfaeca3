"""A launch line, or the one in a script that trains, as what it says."""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.argv import is_option, read_options
from lrviz.inputs.foreign.shell.invocation import UNSAID, Invocation
from lrviz.inputs.foreign.shell.launcher import unwrap
from lrviz.inputs.foreign.shell.parallel import one_of_parallel
from lrviz.inputs.foreign.shell.script import read_commands
from lrviz.inputs.foreign.shell.shell_script import ShellScript
from lrviz.inputs.foreign.shell.shell_values import ARGUMENTS
from lrviz.inputs.foreign.shell.sourced import ScriptText, Sourced
from lrviz.inputs.foreign.shell.started_scripts import DEEPEST, call_of, commands_of, folders_of, script_of
from lrviz.inputs.foreign.shell.training_command import is_script, training_of
from lrviz.inputs.foreign.shell.windows import check_shell
from lrviz.inputs.foreign.shell.wrappers import BUILTINS, PRINTERS
from lrviz.inputs.foreign.source import Source
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.inputs.foreign.written import written_at
from lrviz.inputs.words import SHELL
from lrviz.notation.origin import Place
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from lrviz.inputs.foreign.launch import Launch
    from lrviz.inputs.foreign.shell.shell_command import Command

_OVERRIDE = re.compile(r"\+{1,2}\w[\w.]*=|\w+(?:\.\w+)+=")


def read_command(
    text: str, name: str, given: Mapping[str, str] | None = None, call: Invocation = UNSAID
) -> Source:
    """The command of a script, or of a launch line, that trains.

    Raises:
        ConfigError: there is none, or more than one; a quote is never closed.

    """
    return training_of(read_script(text, name, given, call), name, given or {})


def read_script(
    text: str, name: str, given: Mapping[str, str] | None = None, call: Invocation = UNSAID
) -> tuple[Source, ...]:
    """Every command of a script.

    Raises:
        ConfigError: a quote is never closed, its variables stand for too much, a command is broken off, or it
            is a script of Windows.

    """
    check_shell(text, name)
    run = commands_of(ScriptText(text, name, folders=call.folders), given or {}, call)
    commands = run.commands
    if run.ended and all(one.words[0].text in BUILTINS | PRINTERS for one in commands):
        text = f"{name}: no command that trains is reached: it ends in line {run.ended}"
        way = "give words or values with which it goes on there, or the one that trains, behind --"
        raise ConfigError(text, hint=way)
    for command in commands:
        _refuse_rest(command.words[0], name)
    started = map(one_of_parallel, commands)
    found = (_sources(command, name, given or {}, call) for command in started)
    return tuple(source for sources in found for source in sources)


def _refuse_rest(first: Word, name: str) -> None:
    """A command that begins with an option, or with ``a.b=1``, further down is the rest of the one above.

    Raises:
        ConfigError: it does.

    """
    if first.line > 1 and (is_option(first) or _OVERRIDE.match(first.head)):
        raise ConfigError(
            f"{name}:{first.line}: {first.text} is no command: a comment or blank behind \\ ends one above",
            hint="take what stands between the two out",
        )


def called_script(line: str) -> tuple[str, Invocation] | None:
    """The script that a launch line starts, ``A=1 sbatch -N 2 x.sh a``, and how; else None."""
    try:
        (command,) = read_commands(line, "command")
    except (ConfigError, ValueError):
        return None  # what is wrong with it is said where it is read as a command
    launch, words, _ = unwrap(command.words, command.env)
    is_read = bool(words) and words[0].text in {"source", "."}
    words = words[is_read:]
    if not words or Path(words[0].text).suffix.lower() not in SHELL:
        return None
    folders = folders_of(command, _from_here(words[0].text))
    folders = folders._replace(started=".") if is_read else folders
    arguments = tuple(word._replace(line=0) for word in words[1:])
    return words[0].text, Invocation(launch, arguments, folders=folders)


def _from_here(script: str) -> str:
    """A path as it is seen from the current folder, which it names in any case: ``./x.sh``."""
    seen = os.path.relpath(script) if Path(script).is_absolute() else posixpath.normpath(script)
    return seen if "/" in seen else f"./{seen}"


def _sources(
    command: Command, name: str, given: Mapping[str, str], outer: Invocation, depth: int = 0
) -> Iterator[Source]:
    """What a command says, or what those say of a script that it runs: ``bash -c 'cd x; torchrun …'``."""
    launch, words, line = unwrap(command.words, command.env, name, outer.launch)
    beside = Sourced(outer.folder, command.to)
    script, arguments = script_of(command, name, words, line, beside)
    itself = _source(launch, tuple(_seen(word, beside) for word in words), command, name)
    if script is None or depth == DEEPEST:
        yield itself
        return
    call = call_of(command, launch, arguments, outer, script)
    files = command.files if script.name == name else (*command.files, name)
    within: list[Source] = []
    for inner in commands_of(script, given, call, depth).commands:
        defaults = {**command.defaults, **inner.defaults}
        notes = (*command.notes, *([script.note] if script.note else []), *inner.notes)
        merged = inner._replace(
            defaults=defaults,
            notes=notes,
            files=tuple(dict.fromkeys((*files, *inner.files))),
            conditions=command.conditions,
        )
        within += _sources(merged, script.name, given, call, depth + 1)
    runs_itself = is_script(itself) and itself.launch.program in {one.launch.program for one in within}
    yield from (itself,) if runs_itself else within


def _source(launch: Launch, words: tuple[Word, ...], command: Command, name: str) -> Source:
    at = 0 if words and is_option(words[0]) else 1  # options alone have no program
    program = tuple(word.text for word in words[:at])
    unknown = next((one.value for one in words[:at] if isinstance(one.value, Unknown)), None)
    launch = launch._replace(program="".join(program), line=command.words[0].line, unknown=unknown)
    assumed = (*command.notes, *_assumed(command.defaults, command.unread))
    argv = tuple(_named(word, command) for word in words[at:])
    script = ShellScript(
        written=command.written,
        called_in=command.calls,
        conditions=command.conditions,
        passed_over=command.unread,
    )
    source = Source(
        name,
        "command",
        {},
        words=program,
        argv=argv,
        launch=launch,
        shell=script,
        folder=Path(command.to.folder),
        files=command.files,
        assumed=assumed,
        choices=command.choices,
    )
    return with_switches(source, ())


def _seen(word: Word, beside: Sourced) -> Word:
    """A word that names a file by the folder of its script, as that is seen from where it is run."""
    option, equals, file = word.text.rpartition("=")
    is_known = isinstance(word.value, str) and (not equals or word.text.startswith("-"))
    seen = beside.seen(file) if is_known else file
    return word if seen == file else Word((f"{option}{equals}{seen}",), word.line)


def _named(word: Word, command: Command) -> Word:
    """A word that names a file which the script writes, as it is written there: ``ds.$SLURM_JOB_ID.json``."""
    file = word.text.rpartition("=")[2] if word.head.startswith("-") else word.text
    is_known = not isinstance(word.value, Unknown) or not file
    return (
        word
        if is_known or not written_at(command.written, command.to.folder, file)
        else Word((word.text,), word.line)
    )


def _assumed(defaults: Mapping[str, str], unread: str) -> tuple[str, ...]:
    """What is said of a script's own defaults, which an argument or a file that is not read may change."""
    named = {name: value for name, value in defaults.items() if not (name.isdigit() or name == ARGUMENTS)}
    arguments = [f"${name}={value}" for name, value in defaults.items() if name.isdigit() and value]
    others = [f"{name}={value}" for name, value in named.items()]
    by_default = f": {few(arguments)} by default" if arguments else ""
    is_called = len(named) == len(defaults)
    least = f" behind ${defaults[ARGUMENTS]}" if defaults.get(ARGUMENTS) else ""
    notes = [] if is_called else [f"the script is taken to be given nothing{least}{by_default}"]
    empty = [f"${name}" for name, value in named.items() if not value]
    notes += [f"nothing sets {few(empty)}: taken to be empty"] if empty else []
    return (*notes, *([f"{unread} is not read: {few(others)} by default"] if others and unread else []))


def with_switches(source: Source, switches: Collection[str]) -> Source:
    """A command with its options read by a trainer that knows which of them take no value."""
    found = read_options(source.argv, switches)
    return replace(
        source,
        data={one.name: one.value for one in found.options},
        places={(one.name,): Place(source.name, one.line, one.written) for one in found.options},
        words=(*source.words[:1], *(word.text for word in found.words)),
        hidden=found.hidden,
    )
