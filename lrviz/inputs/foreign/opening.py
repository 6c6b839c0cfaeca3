"""The bytes of a trainer's file, or a launch line, as what they say."""

from __future__ import annotations

import shlex
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError, LrvizError
from lrviz.inputs.config.document import decode, read_text
from lrviz.inputs.foreign.beside import OWN, is_beside, is_here, read_here
from lrviz.inputs.foreign.environment import Start
from lrviz.inputs.foreign.interpolate import absolute
from lrviz.inputs.foreign.launch import COUNTED_IN
from lrviz.inputs.foreign.lookup import ONE_PROCESS
from lrviz.inputs.foreign.python.notebook import code_of
from lrviz.inputs.foreign.python.parsers_beside import parsers_beside
from lrviz.inputs.foreign.python.python_data import read_python
from lrviz.inputs.foreign.python.python_fields import added_fields, fields_of, own_classes
from lrviz.inputs.foreign.python.python_options import left_open, options_of, set_by_defaults
from lrviz.inputs.foreign.python.python_script import PythonScript
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.shell.command import read_command
from lrviz.inputs.foreign.shell.env_file import read_env
from lrviz.inputs.foreign.shell.invocation import UNSAID, Invocation
from lrviz.inputs.foreign.shell.quoted import quoted_files
from lrviz.inputs.foreign.shell.shell_script import ShellScript
from lrviz.inputs.foreign.source import DEFAULTS, Source, Spelling
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.written import seen_from, without_marks
from lrviz.inputs.words import ENV, NOTEBOOK, SCRIPTS, SUFFIXES
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

    from lrviz.inputs.config.document import Text
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.beside import Beside

PYTHON = ".py"
ARGS = ".args"
"""What is read before the command where it lies beside the script of one."""
_ADDING_NOTHING = {"", "torchrun", "accelerate launch", "srun"}
"""Launchers that hand a program its words and no others; deepspeed puts ``--local_rank`` before them."""


def open_source(raw: bytes, name: str, suffix: str, folder: Path, given: Mapping[str, str]) -> Source:
    """What a file says, by its suffix: a script, assignments, Python read as data, or a config's language.

    ``given`` are values of variables and names that it does not set, or that are to be others.

    Raises:
        ConfigError: it cannot be read.

    """
    return replace(_read(raw, name, suffix, folder, given), given=given)


def _read(raw: bytes, name: str, suffix: str, folder: Path, given: Mapping[str, str]) -> Source:
    if suffix in SCRIPTS:
        return open_script(raw, name, folder, given)
    if suffix == ENV:
        return read_env(decode(raw, name), name, folder)
    if suffix in {PYTHON, NOTEBOOK}:
        text = decode(raw, name)
        return read_python(code_of(text, name) if suffix == NOTEBOOK else text, name, folder, given)
    return data_source(raw, name, suffix, folder)


def open_script(
    raw: bytes, name: str, folder: Path, given: Mapping[str, str], call: Invocation = UNSAID
) -> Source:
    """The command of a script that trains, where it is started so.

    Raises:
        ConfigError: it cannot be read, or there is not just one.

    """
    text = decode(raw, name)
    command = read_command(text, name, given, call._replace(folder=folder))
    written = seen_from((Path(), folder), command.shell.written)
    script = replace(command.shell, written=written, quoted=quoted_files(text))
    return replace(command, folder=_run_from(command, folder), shell=script, given=given)


def _run_from(command: Source, folder: Path) -> Path:
    """The folder that a command names files from: the script's own, or that in which lrviz is run.

    Where the script has gone elsewhere, it is one within them, if the files are there.
    """
    words = [*command.words, *(word.text.rpartition("=")[2] for word in command.argv)]
    files = [one for one in words if one and Path(one).suffix.lower() in {*SUFFIXES, PYTHON}]
    files.append(command.launch.config)
    gone = command.folder
    places = (one for one in (folder / gone, gone, folder, Path()) for file in files if is_beside(one, file))
    return next(places, folder / gone)


def data_source(raw: bytes, name: str, suffix: str, folder: Path) -> Source:
    """What a file in TOML, JSON or YAML says.

    Raises:
        ConfigError: it cannot be read, or holds no table.

    """
    return source_of(read_text(raw, name, suffix, lenient=True), folder)


def source_of(text: Text, folder: Path) -> Source:
    """What a file says that is read already.

    Raises:
        ConfigError: it holds no table.

    """
    if not isinstance(text.data, dict):
        raise ConfigError(
            f"{text.name}: no keys in it", hint="a trainer's file has a key and a value in each line"
        )
    places = {path: Place(text.name, line) for path, line in text.lines.items()}
    odd = {path: said for path, (said, _) in text.odd.items()}
    data = absolute(text.data) if text.language == "yaml" else text.data
    spelling = Spelling(text.before, text.quoted, odd)
    return Source(text.name, text.language, data, places, spelling=spelling, folder=folder)


def quoted_name(file: str, source: Source) -> str:
    """What a file is called in messages that stands in another one's comments."""
    return f"{file}, as {source.name} quotes it"


def started_by(command: Source) -> Source | None:
    """The script that a command starts, as data, with its options; None where it is not here."""
    found = _script_of(command)
    if found is None:
        return None
    text = decode(found.raw, found.name)
    world = command.launch.world or ONE_PROCESS
    processes = world if isinstance(world, Unknown) else str(world.value)
    env = {name: one.value for name, one in command.launch.env.items()}
    counted = dict.fromkeys(COUNTED_IN.get(command.launch.tells, ()), processes)
    has_more = bool(command.hidden) or is_here(command, f"{command.program.removesuffix(PYTHON)}{ARGS}")
    start = Start(
        command.data,
        {**env, **counted},
        command.words[1:],
        not has_more,
        partial(_settings_in, command, found.path.parent),
        _known_argv(command),
    )
    source = read_python(text, found.name, found.path.parent, command.given, start)
    launch = command.launch._replace(program="", world=world, config="", options={}, line=0, unknown=None)
    files = tuple(dict.fromkeys((*source.files, *command.files)))
    return replace(source, launch=launch, hidden=command.hidden, given=command.given, files=files)


def _known_argv(command: Source) -> tuple[str, ...]:
    """The words of a program up to the first that nobody knows; none where a launcher may add its own."""
    known = takewhile(lambda one: isinstance(one.value, str), command.argv)
    return tuple(one.text for one in known) if command.launch.launcher in _ADDING_NOTHING else ()


def _settings_in(command: Source, script: Path, file: str) -> Mapping[str, Any]:
    """The settings of a file that a script reads; none where it cannot be read, which others tell."""
    with suppress(LrvizError):
        folder = script if file.startswith(OWN) else command.folder
        return open_beside(replace(command, folder=folder), file).data
    return {}


def as_command(script: Source) -> Source:
    """A script that makes its options of dataclasses as the command that starts it with its own words."""
    file = Path(script.name).name
    line = shlex.join(["python", file, *(word.text for word in script.argv)])
    command = open_script(line.encode(), script.name, script.folder, script.given)
    launch = command.launch._replace(world=Unknown("as it is started", ("world_size",)))
    return replace(command, launch=launch, assumed=(*command.assumed, *script.assumed))


def script_beside(command: Source) -> Source | None:
    """The script that a command starts; None where it is not here, or its parser stops, which others tell."""
    try:
        return started_by(command)
    except LrvizError:
        return None


def defaults_of(command: Source, *, of_command: bool = True) -> Source | None:
    """What the script that a command starts takes its own options to be; None where it is not here.

    Those of its classes alone, where its settings are not ``of_command``.
    """
    found = script_of(command)
    if found is None:
        return None
    name, module = found
    table = fields_of(module, name)
    if of_command:
        for file, functions in parsers_of(command):
            table.take(options_of(functions, file, {}).table)
        table.take(options_of(module, name, {}).table)
        table.take(set_by_defaults(module, name))
    data = {dest: value for dest, value in table.items() if value not in (None, left_open(dest))}
    places: dict[KeyPath, Place] = {(dest,): table.places[dest]._replace(key=f"--{dest}") for dest in data}
    if not data:
        return None
    script = PythonScript(own_classes=own_classes(module), own_fields=added_fields(module))
    return Source(name, DEFAULTS, data, places, python=script)


def with_defaults(command: Source) -> Source:
    """A command that also says what its script takes its own options to be."""
    defaults = defaults_of(command)
    return replace(command, data={**defaults.data, **command.data}) if defaults else command


def script_of(command: Source) -> tuple[str, ast.Module] | None:
    """The name of the Python file that a command starts, and what it says; None where it is not here."""
    found = _script_of(command)
    return None if found is None else (found.name, parse(decode(found.raw, found.name), found.name))


def parsers_of(command: Source) -> list[tuple[str, ast.Module]]:
    """The modules beside the script of a command that add options to its parser, as far as they do."""
    found = _script_of(command)
    if found is None:
        return []
    script = command.words[0]
    dots = 0 if script.endswith(PYTHON) else script.count(".")  # ``-m`` imports from where it is started
    return [*parsers_beside(parse(decode(found.raw, found.name), found.name), found.path.parents[dots])]


def script_name(command: Source) -> str:
    """The Python file that a command starts, as it is found; nothing where it is not here."""
    script = command.words[0] if command.words else ""
    if "." in script and "/" not in script and Path(script).suffix != PYTHON:
        script = f"{script.replace('.', '/')}{PYTHON}"  # -m scripts.train
    return script if Path(script).suffix == PYTHON and is_here(command, script) else ""


def script_text(command: Source) -> str:
    """The text of the Python file that a command starts; nothing where it is not here."""
    found = _script_of(command)
    return "" if found is None else decode(found.raw, found.name)


def _script_of(command: Source) -> Beside | None:
    """The Python file that a command starts, of that name or as a module of it; None where it is not here."""
    script = script_name(command)
    return read_here(command, script, {PYTHON}) if script else None


def open_beside(source: Source, file: str, place: Place | None = None) -> Source:
    """What a file says that is named in another one, or in a command, or is quoted there.

    Raises:
        ConfigError: it may not be followed, or cannot be read.

    """
    suffix = Path(file).suffix.lower()
    if file in source.shell.quoted and not is_here(source, file):
        quoted = source.shell.quoted[file].encode()
        return open_source(quoted, quoted_name(file, source), suffix, source.folder, source.given)
    found = read_here(source, file, {*SUFFIXES, PYTHON}, str(place or source.name))
    made = found.written
    name = made.place.file if made and not made.of else found.name
    if suffix == PYTHON:
        start = Start(variables={name: one.value for name, one in source.launch.env.items()})
        opened = read_python(decode(found.raw, name), name, found.path.parent, source.given, start)
        opened = replace(opened, given=source.given)
    else:
        opened = open_source(found.raw, name, suffix, found.path.parent, source.given)
    opened = replace(opened, shell=ShellScript(written=source.shell.written))
    if made is None:
        return opened
    return replace(opened, data=without_marks(opened.data, made.unknown), files=(found.name,))
