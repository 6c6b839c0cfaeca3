"""The keys of a file under other names: brought up from its sections."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.key_paths import value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source


def renamed(source: Source, names: Mapping[KeyPath, str]) -> Source:
    """A file with what stands at each path under a name of its own."""
    return replace(
        source,
        data={name: value_at(source.data, path) for path, name in names.items()},
        places={(name,): source.place(path) for path, name in names.items()},
    )


def without_sections(source: Source) -> Source:
    """The keys of its tables beside those that stand in none; the last of two with one name counts."""
    paths: dict[KeyPath, str] = {}
    for key, value in source.data.items():
        inner = [(key, name) for name in value] if isinstance(value, dict) else [(key,)]
        paths |= {path: str(path[-1]) for path in inner}
    return renamed(source, paths)
