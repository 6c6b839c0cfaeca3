"""Dicts and lists that know where each of their values was written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.config.lines import path_text
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.notation.origin import Place

MOST = 100_000
"""Values that the names of a file may stand for: a few lines can mean 10^9."""
_DEEPEST = 60


class Table(dict[Any, Any]):
    """A dict, and the place of every key.

    ``deep``: a config of mmengine, of which ``update`` changes the dicts within too. ``is_class``: the names
    of a class without functions, which a call of it leaves as they are. ``is_parsed``: what a script's own
    parser gives, which is handed everywhere, and mostly read.
    """

    deep = False
    is_class = False
    is_parsed = False

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[Any, Place] = {}

    def put(self, key: object, value: object, place: Place) -> None:
        """Set a value that is written at a place."""
        self[key] = value
        self.places[key] = place

    def take(self, other: Table) -> None:
        """Set all that another one has."""
        self.update(other)
        self.places.update(other.places)

    def copy(self) -> Table:
        """One that can be changed without this one; the values are the same."""
        new = Table()
        new.deep = self.deep
        new.take(self)
        return new

    def as_parsed(self) -> Table:
        """What a parser gives that has these values."""
        new = self.copy()
        new.is_parsed = True
        return new


class Items(list[Any]):
    """A list, and the place of every item."""

    def __init__(self, values: Iterable[object], places: Iterable[Place]) -> None:
        super().__init__(values)
        self.places = list(places)

    def joined(self, other: Items) -> Items:
        """``self + other``."""
        return Items([*self, *other], [*self.places, *other.places])

    def repeated(self, times: int) -> Items:
        """``self * times``."""
        return Items(list(self) * times, self.places * times)

    def cut(self, part: slice) -> Items:
        """``self[1:]``."""
        return Items(self[part], self.places[part])


class Spoiled:
    """The dicts and lists that something unknown may have changed."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[Any, Unknown]] = {}  # by id: each is kept, so that no other gets its id

    def add(self, value: object, why: Unknown) -> None:
        """From now on a dict or a list is unknown, by whatever name, and what is in it."""
        left, passed = [value], set()
        while left:
            one = left.pop()
            if id(one) in passed or id(one) in self._found or not isinstance(one, (Table, Items, tuple)):
                continue
            passed.add(id(one))
            if not isinstance(one, tuple):
                self._found[id(one)] = (one, why)
            left += one.values() if isinstance(one, Table) else one

    def seen(self, value: object) -> Any:
        """A value, or why it is unknown."""
        return self._found.get(id(value), (None, value))[1]


@dataclass
class Settled:
    """Values as they stand at last: plain dicts and lists, and the place of every key path."""

    file: str
    spoiled: Spoiled
    places: dict[KeyPath, Place] = field(default_factory=dict)
    count: int = 0

    def settle(self, value: object, path: KeyPath = ()) -> Any:
        """A value as plain data; what is in it that is unknown says for which key.

        Raises:
            ConfigError: names lead back to themselves, or a few of them stand for too many values.

        """
        self._count(path)
        value = self.spoiled.seen(value)
        if isinstance(value, Table):
            return {key: self._inside(value.places[key], one, path, key) for key, one in value.items()}
        if isinstance(value, Items):
            pairs = zip(value.places, value, strict=True)
            return [self._inside(place, one, path, i) for i, (place, one) in enumerate(pairs)]
        if isinstance(value, tuple):
            return tuple(self.settle(one, path) for one in value)
        return value

    def data(self, value: object) -> Any:
        """A value of the file's names: what a call gives is unknown there."""
        return _uncalled(self.settle(value), ())

    def _inside(self, place: Place, value: object, path: KeyPath, key: object) -> Any:
        if not isinstance(key, (str, int)):
            return self.settle(value, path)
        way = (*path, key)
        self.places[way] = place._replace(key=path_text(way))
        return self.settle(value, way)

    def _count(self, path: KeyPath) -> None:
        self.count += 1
        if self.count > MOST or len(path) > _DEEPEST:
            raise too_many(self.file)


def too_many(file: str) -> ConfigError:
    """Names within names within names."""
    return ConfigError(
        f"{file}: its names stand for over {MOST} values, or for themselves",
        hint="keep the lines that say how it trains",
    )


def _uncalled(value: object, path: KeyPath) -> Any:
    """Plain data without calls; the keys that would tell an unknown value are named."""
    if isinstance(value, dict):
        return {key: _uncalled(one, (*path, str(key))) for key, one in value.items()}
    if isinstance(value, list):
        return [_uncalled(one, (*path, i)) for i, one in enumerate(value)]
    if isinstance(value, tuple):
        return tuple(_uncalled(one, path) for one in value)
    if isinstance(value, PythonCall):
        return Unknown(f"a call in line {value.line}", (path_text(path),))
    if isinstance(value, Unknown) and not value.names:
        return replace(value, names=(path_text(path),), is_computed=False)
    return value
