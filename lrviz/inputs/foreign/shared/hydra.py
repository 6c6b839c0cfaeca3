"""What hydra makes of a command: the file that its own options name, what it takes out, runs at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.beside import read_beside
from lrviz.inputs.foreign.key_paths import without
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.words import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.source import Source

FOLDERS = ("config_path", "cp", "config_dir", "cd")
"""Options that name the folder of the files."""
_NAMES = ("config_name", "cn")
_SWEEPS = ("m", "multirun")


def with_config_file(source: Source) -> Source:
    """The command, with the one file that ``--config-path`` (or ``-dir``) and ``--config-name`` name.

    Without a folder, the script alone knows where it is.
    """
    name = config_name(source)
    if not isinstance(name, str):
        return source
    folder = _first(source, FOLDERS)
    file = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
    named = str(PurePosixPath(folder, file)) if isinstance(folder, str) else file
    return replace(source, beneath=(named,))


def config_name(source: Source) -> object:
    """What ``--config-name`` says; None where it is not said."""
    return _first(source, _NAMES)


def with_own_config_file(source: Source, defaults: Sequence[str] = ()) -> Source:
    """The command of a program that has such files of its own, which need not be here.

    Nothing is said of one that is missing where it holds the program's ``defaults``; of any other nobody
    knows what it has in their place.

    Raises:
        ConfigError: that is missing.

    """
    given = source.given.get(_NAMES[0]) if config_name(source) else None
    if given:
        data = {key: value for key, value in source.data.items() if key not in (*_NAMES, *FOLDERS)}
        source = replace(source, data={**data, _NAMES[0]: given})
    read = with_config_file(source)
    try:
        for file in read.beneath if source.shell.quoted.keys().isdisjoint(read.beneath) else ():
            read_beside(file, source.folder, frozenset(SUFFIXES), source.name)
    except ConfigError as error:
        is_default = PurePosixPath(read.beneath[0]).name in defaults
        if defaults and not is_default:
            first = PurePosixPath(next(iter(defaults))).stem
            way = f"{error.hint}, or --given {_NAMES[0]}={first} where the defaults hold"
            raise ConfigError(error.message, hint=way) from None
        return replace(source, unread=() if is_default else (error,))
    return read


def with_sweep(source: Source) -> Source:
    """With ``--multirun``, ``lr=1e-3,1e-4`` is one of the two in each of the runs."""
    if not any(name in source.data for name in _SWEEPS):
        return source
    swept = {
        key: tuple(value.split(","))
        for key, value in source.data.items()
        if is_override(source, key) and isinstance(value, str) and "," in value and value[0] not in "[{("
    }
    unknown = {key: Unknown(f"{key}={','.join(values)}", (key,)) for key, values in swept.items()}
    return replace(source, data={**source.data, **unknown}, choices={**source.choices, **swept})


def without_deleted(layers: Sequence[Source]) -> list[Source]:
    """The files of a command without what ``~a.b`` takes out of them, or ``a.b=null``."""
    command, *files = layers
    if command.language != "command":
        return list(layers)
    nulls = {key for key, value in command.data.items() if value == "null" and is_override(command, key)}
    deleted = {key for key in command.data if key.startswith("~")}
    paths = [key.lstrip("~").split(".") for key in (*deleted, *nulls)]
    kept = {key: value for key, value in command.data.items() if key not in {*deleted, *nulls}}
    for path in paths:
        files = [replace(file, data=without(file.data, path)) for file in files]
    return [replace(command, data=kept), *files]


def is_override(source: Source, key: str) -> bool:
    """Whether it is written ``key=value``, without dashes."""
    place = source.places.get((key,))
    return place is not None and not place.key.startswith("-")


def _first(source: Source, names: tuple[str, ...]) -> object:
    return next((source.data[name] for name in names if name in source.data), None)
