"""Files of settings that name others beneath them: ``_BASE_``, ``base_config``, ``defaults``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.beside import Opener
from lrviz.inputs.foreign.key_paths import without
from lrviz.inputs.foreign.opening import open_beside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from lrviz.inputs.foreign.source import Source

_INSTEAD = "_override_"
"""NeMo-RL's word in a table that does not lie over the one beneath, and replaces it."""


def with_bases(layers: list[Source], key: str, own: Collection[str] = ()) -> list[Source]:
    """The layers, and beneath them what the last one names by ``key``, and what that names in turn.

    One that cannot be read is left out; nothing is said of that where it is the program's ``own``, which
    holds its defaults.

    Raises:
        ConfigError: a file leads back to itself.

    """
    *above, last = layers
    return [*above, *_over_bases(last, key, own, Opener())]


def _over_bases(source: Source, key: str, own: Collection[str], opener: Opener) -> list[Source]:
    """A file, above those that it names: the last of them wins, with what that names."""
    below: list[Source] = []
    opener.enter(Path(source.name), str(source.place((key,))))
    for name in dict.fromkeys(reversed(_named(source, key))):  # of one that is named again the last counts
        try:
            base = open_beside(source, name)
        except ConfigError as error:
            if Path(name).name not in own:
                source = replace(source, unread=(*source.unread, error))
            continue
        below += _over_bases(base, key, own, opener)
    opener.leave()
    for path in _taken_back(source.data):
        below = [replace(base, data=without(base.data, path)) for base in below]
    return [source, *below]


def _taken_back(data: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """What it sets to ``null``, and the tables it has instead of those beneath, ``_override_: true``."""
    for key, value in data.items():
        if value is None or (isinstance(value, dict) and value.get(_INSTEAD) is True):
            yield [*path, key]
        elif isinstance(value, dict):
            yield from _taken_back(value, (*path, key))


def _named(source: Source, key: str) -> list[str]:
    """The files that it names by ``key``: one, or a list of them."""
    found = source.data.get(key)
    names = found if isinstance(found, (list, tuple)) else [found]
    return [name for name in names if isinstance(name, str) and name]
