"""Files of settings as one source: a later one over an earlier one, key by key, or as a table of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.inputs.foreign.source import Source


def over(upper: Source, lower: Source) -> Source:
    """The upper one with what the lower alone says: a table within is merged, all else replaced."""
    return _joined(upper, upper, lower)


def covered(source: Source, by: Source) -> Source:
    """A source with what another one says over it."""
    return _joined(source, by, source)


def _joined(kept: Source, upper: Source, lower: Source) -> Source:
    other = lower if kept is upper else upper
    return replace(
        kept,
        data=laid_over(upper.data, lower.data),
        places={**lower.places, **upper.places},
        spelling=upper.spelling.over(lower.spelling, upper.places),
        files=tuple(dict.fromkeys((*kept.files, other.name, *other.files))),
        unread=(*lower.unread, *upper.unread),
    )


def under(path: Sequence[str], source: Source) -> Source:
    """A file with its keys in the table at a path."""
    data: Mapping[str, Any] = source.data
    for key in reversed(path):
        data = {key: data}
    places = {(*path, *way): place for way, place in source.places.items()}
    return replace(source, data=data, places=places, spelling=source.spelling.under(tuple(path)))


def lifted(source: Source, name: str) -> Source:
    """A file with the keys of one of its tables as its own."""
    return replace(
        source,
        data={**source.data, **source.data[name]},
        places={**source.places, **{way[1:]: at for way, at in source.places.items() if way[:1] == (name,)}},
    )


def laid_over(value: object, below: object) -> Any:
    """A table over another one, key by key; anything else replaces, ``null`` too."""
    if not (isinstance(value, dict) and isinstance(below, dict)):
        return value
    return {**below, **{key: laid_over(one, below.get(key)) for key, one in value.items()}}
