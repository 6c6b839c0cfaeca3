"""A command's ``a.b=1`` and ``a={b: 1}`` over a file, merged table by table as OmegaConf does.

Source: omegaconf 2.3.1, ``OmegaConf.from_cli`` and ``OmegaConf.merge``; its YAML reads ``1e-6`` as a number.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import read_text
from lrviz.inputs.foreign.key_paths import without
from lrviz.inputs.foreign.shared.merged import laid_over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.origin import Place

_FLOAT = re.compile(r"[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)[eE][-+]?\d+")
_FILES = (".yaml", ".yml", ".json")
_NULLS = ("null", "Null", "NULL", "~", "")
"""Words that take back what a file says."""


def merged(layers: list[Source]) -> list[Source]:
    """The layers with the numbers of their texts, and each table of the first one over those beneath.

    Raises:
        ConfigError: an option with dashes stands behind a file.

    """
    if layers[0].language == "command":
        _refuse_dashes(layers[0])
    layers = [replace(one, data=_with_numbers(one.data, one)) for one in layers]
    command, *files = layers
    if command.language != "command":
        return layers
    data: dict[str, Any] = {}
    for name, value in command.data.items():
        if value in _NULLS:
            files = [replace(file, data=without(file.data, name.split("."))) for file in files]
        else:
            data = _laid(data, name.split("."), _parsed(value))
    for file in files:
        data = {key: laid_over(value, file.data.get(key)) for key, value in data.items()}
    places: dict[KeyPath, Place] = {
        tuple(str(path[0]).split(".")): place for path, place in command.places.items()
    }
    return [replace(command, data=data, places={**command.places, **places}), *files]


def _refuse_dashes(command: Source) -> None:
    """Behind a file ``--lr 1`` is a key ``--lr`` of nothing, and another key ``1``."""
    has_file = any(word.endswith(_FILES) for word in command.words[1:])
    for path, place in command.places.items() if has_file else ():
        if place.key.startswith("-"):
            text = f"{place.key} behind a file is a key of that name to OmegaConf, at which it stops"
            values = command.data.get(str(path[0]))
            value = values if isinstance(values, str) else "VALUE"
            raise ConfigError(f"{place._replace(key='')}: {text}", hint=f"write {path[0]}={value}")


def _with_numbers(value: object, source: Source | None = None, path: KeyPath = ()) -> Any:
    """Texts that OmegaConf reads as numbers are numbers, at any depth, but for those in quotes."""
    if isinstance(value, dict):
        return {key: _with_numbers(one, source, (*path, key)) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_numbers(one, source, (*path, n)) for n, one in enumerate(value)]
    if not isinstance(value, str) or not _FLOAT.fullmatch(value) or (source and _is_quoted(source, path)):
        return value
    return float(value)


def _is_quoted(source: Source, path: KeyPath) -> bool:
    return source.language in ("json", "python") or path in source.spelling.in_quotes


def _parsed(value: object) -> Any:
    """A word of the command, a table where it is written as one."""
    if isinstance(value, str) and value.startswith("{"):
        with suppress(ConfigError):
            return _with_numbers(read_text(f"value: {value}".encode(), "command", ".yaml").data["value"])
    return value


def _laid(data: dict[str, Any], path: Sequence[str], value: object) -> dict[str, Any]:
    key, *rest = path
    if not rest:
        return {**data, key: laid_over(value, data.get(key))}
    below = data.get(key)
    return {**data, key: _laid(below if isinstance(below, dict) else {}, rest, value)}
