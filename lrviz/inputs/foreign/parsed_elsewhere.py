"""The settings of a script that reads a file, or a dict, in place of those of its command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.beside import OWN
from lrviz.inputs.foreign.opening import open_beside, script_of, started_by
from lrviz.inputs.foreign.python.call_syntax import method_of
from lrviz.inputs.foreign.python.own_argv import hidden_argv
from lrviz.inputs.foreign.python.parsed_files import (
    ARGUMENTS,
    DICT,
    handed_to,
    is_alone,
    read_alone,
    readings_of,
)
from lrviz.inputs.foreign.python.python_call import plain
from lrviz.inputs.foreign.source import Source
from lrviz.inputs.words import is_settings_file
from lrviz.notation.origin import Place
from lrviz.notation.shell import shell_word
from lrviz.notation.text import few

if TYPE_CHECKING:
    import ast
    from collections.abc import Container

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.python.python_script import PythonCall


def read_elsewhere(command: Source, settings: Container[str]) -> Source | None:
    """What a command's script reads in place of it; None where it reads the command, or a file behind it.

    Raises:
        ConfigError: it cannot be known what that is, or may not be followed.

    """
    script = script_of(command)
    if script:
        _check_words(*script)
    file = next(filter(is_settings_file, command.words[1:]), None)
    if script and file:
        _check_alone(command, *script, file, settings)
    readings = readings_of(script[1]) if script else []
    if script is None or not readings or file:
        return None
    name, module = script
    is_sure = len(readings) == 1 and is_alone(module) and not any(key in settings for key in command.data)
    found = _followed(readings[0], command) if is_sure else None
    if found is not None:
        return found
    last = readings[-1]
    raise ConfigError(
        f"{name}:{last.lineno}: what {method_of(last)} reads there is not followed, and its settings"
        " would be at their defaults",
        hint=f"name them as a file behind the script: -- python {shell_word(command.words[0])} FILE.yaml",
    )


def _check_words(name: str, module: ast.Module) -> None:
    """Refuse words that a script makes for its parser, and that no list in it tells.

    Raises:
        ConfigError: there are such.

    """
    call = hidden_argv(module)
    if call is not None:
        raise ConfigError(
            f"{name}:{call.lineno}: which words {method_of(call)} is handed there is not known",
            hint=f"have it read those of the command, {method_of(call)}(), and give them behind --",
        )


def _check_alone(command: Source, name: str, module: ast.Module, file: str, settings: Container[str]) -> None:
    """Refuse options beside a file that is all that a script has its parser read.

    Raises:
        ConfigError: there are such; they change nothing, or the script stops at the file.

    """
    options = [f"--{key}" for key in command.data if key in settings]
    reading = read_alone(module) if options else None
    if reading is not None:
        raise ConfigError(
            f"{name}:{reading.lineno}: {method_of(reading)} looks at no option: {few(options)} beside {file}"
            " change nothing, or stop it",
            hint=f"leave them out, or write them in {file}",
        )


def _followed(call: ast.Call, command: Source) -> Source | None:
    """The file or the dict that a call is given; None where it is another or cannot be known."""
    script = started_by(command)
    method = method_of(call)
    calls = script.python.calls if script else ()
    made = [one for one in calls if one.line == call.lineno and one.name.endswith(f".{method}")]
    if script is None or not made:
        return None
    value = handed_to(made[0])
    if method == DICT:
        return _dict_source(value, made[0], script.name) if isinstance(value, dict) else None
    if method not in ARGUMENTS or not isinstance(value, str) or not is_settings_file(value):
        return None
    folder = script.folder if value.startswith(OWN) else command.folder
    return open_beside(replace(command, folder=folder), value, Place(script.name, call.lineno))


def _dict_source(table: dict[Any, Any], made: PythonCall, name: str) -> Source | None:
    """A dict with its places; None where it has keys that are no texts."""
    if not all(isinstance(key, str) for key in table):
        return None
    places: dict[KeyPath, Place] = {(key,): Place(name, made.lines.get(key, made.line)) for key in table}
    return Source(name, "json", {key: plain(value) for key, value in table.items()}, places)
