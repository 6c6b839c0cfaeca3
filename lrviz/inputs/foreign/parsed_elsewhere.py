"""The settings of a script that reads a file, or a dict, in place of those of its command."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.opening import open_beside, script_of
from lrviz.inputs.foreign.python.own_argv import assigned
from lrviz.inputs.foreign.python.parsed_files import DICT, FILES, is_alone, read_by, readings_of
from lrviz.inputs.foreign.python.python_changes import assigned_attributes, dotted
from lrviz.inputs.foreign.python.python_options import options_of, parsed_names
from lrviz.inputs.foreign.source import Source, Unknown
from lrviz.inputs.words import is_settings_file
from lrviz.notation.origin import Place
from lrviz.notation.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Container

    from lrviz.inputs.config.lines import KeyPath

_AS_IT_IS = {"os.path.abspath", "os.path.expanduser", "str", "Path", "pathlib.Path"}
"""What gives the same file as the path that it is given."""


def read_elsewhere(command: Source, settings: Container[str]) -> Source | None:
    """What a command's script reads in place of it; None where it reads the command, or a file behind it.

    Raises:
        ConfigError: it cannot be known what that is, or may not be followed.

    """
    script = script_of(command)
    readings = readings_of(script[1]) if script else []
    if script is None or not readings or any(map(is_settings_file, command.words[1:])):
        return None
    name, module = script
    is_sure = len(readings) == 1 and is_alone(module) and not any(key in settings for key in command.data)
    found = _followed(readings[0], command, name, module) if is_sure else None
    if found is not None:
        return found
    method = ast.unparse(readings[-1].func).rpartition(".")[2]
    raise ConfigError(
        f"{name}:{readings[-1].lineno}: what {method} reads there is not followed, and its settings"
        " would be at their defaults",
        hint=f"name them as a file behind the script: -- python {shell_word(command.words[0])} FILE.yaml",
    )


def _followed(call: ast.Call, command: Source, name: str, module: ast.Module) -> Source | None:
    """The file or the dict of a call; None where it is another or cannot be known."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    value = _value_of(read_by(call), module)
    if method == DICT:
        return _dict_source(value, name) if isinstance(value, ast.Dict) else None
    file = _path(value, command, name, module) if method in FILES else None
    if not isinstance(file, str) or not is_settings_file(file):
        return None
    return open_beside(command, file, Place(name, call.lineno))


def _value_of(node: ast.expr | None, module: ast.Module) -> ast.expr | None:
    """What stands there, or what a name is set to that is set once; in calls that give the same file."""
    if isinstance(node, ast.Call) and dotted(node.func) in _AS_IT_IS and len(node.args) == 1:
        return _value_of(node.args[0], module)
    if not isinstance(node, ast.Name):
        return node
    is_argument = any(isinstance(one, ast.arg) and one.arg == node.id for one in ast.walk(module))
    return None if is_argument else assigned(node.id, module)


def _path(node: ast.expr | None, command: Source, name: str, module: ast.Module) -> Any:
    """A path that is written out, or the value of an option of its own; None of another."""
    if isinstance(node, ast.Attribute) and dotted(node.value) in parsed_names(module):
        if node.attr in assigned_attributes(module):
            return None
        return options_of(module, name, command.data).table.get(node.attr)
    return node.value if isinstance(node, ast.Constant) else None


def _dict_source(node: ast.Dict, name: str) -> Source | None:
    """A dict with its places; None where another is put into it."""
    data: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        try:
            data[key.value] = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            data[key.value] = Unknown(f"what line {value.lineno} has", (key.value,))
        places[(key.value,)] = Place(name, value.lineno)
    return Source(name, "json", data, places)
