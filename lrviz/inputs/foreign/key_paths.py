"""What stands in tables within tables, by its path: ``optimizer.lr``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def value_at(data: Any, path: Sequence[str | int]) -> Any:
    """What stands at a path through tables and lists; None where nothing does."""
    for key in path:
        is_item = isinstance(data, (list, tuple)) and isinstance(key, int) and -len(data) <= key < len(data)
        if not is_item and not (isinstance(data, dict) and key in data):
            return None
        data = data[key]
    return data


def table_at(data: Any, *path: str) -> dict[str, Any]:
    """A table, or one within tables; empty where there is none."""
    found = value_at(data, path)
    return dict(found) if isinstance(found, dict) else {}


def without(data: object, path: Sequence[str]) -> Any:
    """A table in which nothing is said at a path any more."""
    key, *rest = path
    if not isinstance(data, dict) or key not in data:
        return data
    if rest:
        return {**data, key: without(data[key], rest)}
    return {name: value for name, value in data.items() if name != key}


def leaves(data: object, path: str = "") -> Iterator[str]:
    """The paths of all values, ``optimizer.lr``; a list counts as one."""
    for key, value in data.items() if isinstance(data, dict) else ():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict) and value:
            yield from leaves(value, name)
        else:
            yield name
