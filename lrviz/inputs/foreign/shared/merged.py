"""Files of settings of which a later one lies over an earlier one, key by key, as one source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.source import Source


def over(upper: Source, lower: Source) -> Source:
    """The upper one with what the lower alone says: a table within is merged, all else replaced."""
    odd = {path: said for path, said in lower.odd.items() if path not in upper.places}
    return replace(
        upper,
        data=merged_tables(upper.data, lower.data),
        places={**lower.places, **upper.places},
        odd={**odd, **upper.odd},
        before={**lower.before, **upper.before},
        files=tuple(dict.fromkeys((*upper.files, lower.name, *lower.files))),
        unread=(*lower.unread, *upper.unread),
    )


def merged_tables(upper: Mapping[str, Any], lower: Mapping[str, Any]) -> dict[str, Any]:
    """Both tables, where what the upper says wins, ``null`` too."""
    merged = {**lower, **upper}
    for key in upper.keys() & lower.keys():
        if isinstance(upper[key], dict) and isinstance(lower[key], dict):
            merged[key] = merged_tables(upper[key], lower[key])
    return merged
