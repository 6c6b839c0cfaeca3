"""A config that a script opens and changes: what is known of it, by whatever name a line has it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.config.lines import path_text
from lrviz.inputs.foreign.python.python_values import is_scalar
from lrviz.inputs.foreign.unknown import Imported, Unknown
from lrviz.notation.numbers import digits

if TYPE_CHECKING:
    import ast
    from collections import ChainMap

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.python.modules_beside import Module
    from lrviz.notation.origin import Place

    Keys = tuple[str, ...]

NOWHERE = "?"
"""In the place of a key or an index that nobody knows."""


@dataclass(frozen=True)
class Part(Unknown):
    """A config, or the part of it at ``path``; ``number`` is that of the config."""

    number: int = 0
    path: Keys = ()

    def at(self, key: object) -> Part:
        """A part of this part."""
        name = str(key) if isinstance(key, (str, int)) else NOWHERE
        return replace(self, path=(*self.path, name))


@dataclass(frozen=True, eq=False)
class Defined(Unknown):
    """A function or class of a file that is read, with the names that it sees."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None = None
    scope: ChainMap[str, Any] | None = None
    module: Module | None = None
    owner: Any = None  # what a method is called on


@dataclass(frozen=True, eq=False)
class Instance(Unknown):
    """An object of a class that is read, and its attributes."""

    made_by: Defined | None = None
    fields: dict[str, Any] = field(default_factory=dict)


class Change(NamedTuple):
    """A key that is set; an Unknown value may be anything, and so may all that is beneath it."""

    path: Keys
    value: Any
    place: Place


class Merge(NamedTuple):
    """A call that lays a file, or a list of pairs, over the config; ``written`` is how that is named."""

    method: str
    value: Any
    written: str
    place: Place
    is_sure: bool


class Training(NamedTuple):
    """A call that a config is handed to be trained by, as it stood then."""

    line: int
    file: str
    by: str
    config: Config
    names: tuple[str, ...] = ()  # of its class and those that it is built on
    lineage: tuple[Any, ...] = ()  # these classes, and imported ones


@dataclass
class Config:
    """A config; ``data`` is what is known of it, and ``log`` what is done to it, in order."""

    number: int
    line: int
    name: Any = None  # of the file that it is opened from
    data: Any = field(default_factory=dict)
    places: dict[KeyPath, Place] = field(default_factory=dict)
    log: list[Change | Merge] = field(default_factory=list)
    is_laid: bool = False  # whether the options of the command lie over it

    def copied(self, number: int) -> Config:
        """Another one that is as this one is now."""
        return replace(self, number=number, places=dict(self.places), log=list(self.log))

    def value(self, path: Keys) -> Any:
        """What is known at a path; Unknown where nothing is."""
        found = self.data
        for key in path:
            if isinstance(found, dict) and key in found:
                found = found[key]
            elif isinstance(found, (list, tuple)) and (at := digits(key)) is not None and at < len(found):
                found = found[at]
            else:
                return found if isinstance(found, Unknown) else Unknown(f"{path_text(path)} of its config")
        return found

    def change(self, path: Keys, value: Any, place: Place) -> None:
        """Set a key; what is at a path that nobody knows may be all that is around it."""
        if NOWHERE in path:
            path, value = path[: path.index(NOWHERE)], Unknown(f"what line {place.line} may set")
        value = named(value, path)
        self.log.append(Change(path, value, place))
        self.data = laid_in(self.data, path, value)
        way = tuple(key if (at := digits(key)) is None else at for key in path)
        beneath = [one for one in self.places if one[: len(way)] == way]
        for one in beneath:
            del self.places[one]
        self.places[way] = place._replace(key=path_text(way))

    def merge(self, one: Merge) -> None:
        """Note what is laid over it, by which nothing that was known stays so."""
        self.log.append(one)
        self.data = {}


def laid_in(data: Any, path: Keys, value: Any, around: Keys = ()) -> Any:
    """A copy with a value at a path; an unknown one makes all beneath it unknown."""
    if not path:
        return unknown_in(data, value, around) if isinstance(value, Unknown) else value
    key, rest, inside = path[0], path[1:], (*around, path[0])
    if isinstance(data, list) and (at := digits(key)) is not None and at < len(data):
        return [laid_in(one, rest, value, inside) if i == at else one for i, one in enumerate(data)]
    if isinstance(data, Unknown):
        return data
    below = data.get(key, {}) if isinstance(data, dict) else {}
    return {**(data if isinstance(data, dict) else {}), key: laid_in(below, rest, value, inside)}


def unknown_in(data: Any, why: Unknown, path: Keys) -> Any:
    """Data of which each value is unknown, by its own name."""
    if isinstance(data, dict) and (data or not path):
        return {key: unknown_in(one, why, (*path, str(key))) for key, one in data.items()}
    return Unknown(why.why, (path_text(path),))


def named(value: Any, path: Keys) -> Any:
    """A value whose unknown parts say for which key they stand."""
    if isinstance(value, dict):
        return {key: named(one, (*path, str(key))) for key, one in value.items()}
    if isinstance(value, list):
        return [named(one, (*path, str(at))) for at, one in enumerate(value)]
    if isinstance(value, Unknown) and not isinstance(value, Imported):
        return Unknown(value.why, (path_text(path),))
    return value


def is_plain(value: object) -> bool:
    """Whether it is a number, a text, or a list of such."""
    return is_scalar(value) or (isinstance(value, (list, tuple)) and all(map(is_scalar, value)))
