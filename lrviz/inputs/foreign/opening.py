"""The bytes of a trainer's file, or a launch line, as what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import read_text
from lrviz.inputs.config.job import read_path
from lrviz.inputs.foreign.source import Source
from lrviz.inputs.words import SHELL
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def open_source(raw: bytes, name: str, suffix: str, folder: Path, given: Mapping[str, str]) -> Source:  # noqa: ARG001  (scripts)
    """What a file says, by its suffix: a script, Python read as data, or a config's language.

    ``given`` are values of variables that the file does not set.

    Raises:
        ConfigError: it cannot be read.

    """
    if suffix in SHELL:
        raise ConfigError(f"{name}: scripts are not read yet", hint="name its config")
    if suffix == ".py":
        raise ConfigError(f"{name}: Python is not read yet", hint="name its config")
    return data_source(raw, name, suffix, folder)


def data_source(raw: bytes, name: str, suffix: str, folder: Path) -> Source:
    """What a file in TOML, JSON or YAML says.

    Raises:
        ConfigError: it cannot be read, or holds no table.

    """
    text = read_text(raw, name, suffix, lenient=True)
    if not isinstance(text.data, dict):
        raise ConfigError(
            f"{name}: no keys in it", hint="a trainer's file has a key and a value in each line"
        )
    places = {path: Place(name, line) for path, line in text.lines.items()}
    return Source(name, text.language, text.data, places, folder=folder)


def open_beside(source: Source, file: str) -> Source:
    """What a file says that is named in another one, or in a command.

    Raises:
        ConfigError: it may not be followed, or cannot be read.

    """
    path = source.folder / file
    return data_source(read_path(path), str(path), path.suffix.lower(), path.parent)


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{name}:{line}: not UTF-8 text", hint="save it as UTF-8") from None
