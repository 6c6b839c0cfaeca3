"""Classes by their names in a script and in the modules beside it, followed through imports and bases."""

from __future__ import annotations

import ast
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import OWN, one_of_folders
from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.imported_names import path_of_module
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TypeAlias

    _Lineage: TypeAlias = "dict[tuple[str, str, Origin | None], Found]"

_SUFFIX = ".py"
_DEEPEST = 20
_MOST = 50


class Origin(NamedTuple):
    """Where an import has a name from: a module, by its dots, and what in it; nothing of a module itself."""

    module: str
    what: str = ""

    @property
    def library(self) -> str:
        """The first part of the module's name, which is empty of a relative one."""
        return self.module.partition(".")[0]


@dataclass(frozen=True)
class Module:
    """A file of Python: its names, and the folder that its relative imports are seen from."""

    tree: ast.Module
    folder: Path
    file: str = ""  # nothing of the script itself
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    origins: dict[str, list[Origin]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, tree: ast.Module, folder: Path, file: str = "") -> Module:
        """A file whose imports are noted."""
        made = cls(tree, folder, file)
        for one in ast.walk(tree):
            if isinstance(one, ast.ClassDef):
                made.classes.setdefault(one.name, one)
            elif isinstance(one, ast.Import):
                for name in one.names:
                    first = name.asname or name.name.partition(".")[0]
                    made._note(first, Origin(name.name if name.asname else first))
            elif isinstance(one, ast.ImportFrom):
                made._note_from(one)
        return made

    def _note_from(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for name in node.names:
            if name.name == "*":
                self.stars.append(module)
            else:
                self._note(name.asname or name.name, Origin(module, name.name))

    def _note(self, name: str, origin: Origin) -> None:
        self.origins.setdefault(name, []).append(origin)


class Found(NamedTuple):
    """A class, and the file that it stands in; None where its name leads to what is not read: ``origin``."""

    name: str
    node: ast.ClassDef | None
    module: Module
    origin: Origin | None = None

    @property
    def is_placed(self) -> bool:
        """Whether it is there, or a module is known that has it."""
        return self.node is not None or self.origin is not None


class Modules:
    """The modules beside a script, each read once."""

    def __init__(self, folder: Path) -> None:
        self.files: list[str] = []
        self._folder = folder
        self._read: dict[str, Module | None] = {}

    def lineage(self, name: str, module: Module) -> list[Found]:
        """The class of a name, and those that it is built on."""
        found: _Lineage = {}
        self._add(name, module, found)
        return list(found.values())

    def imported(self, module: Module) -> Iterator[Module]:
        """The modules beside it that a file imports."""
        origins = [one for several in module.origins.values() for one in several]
        named = [(one.module, one.what) for one in origins] + [(star, "") for star in module.stars]
        for name, what in named:
            opened = self.open(name, module.folder) or (
                self.open(_joined(name, what), module.folder) if what else None
            )
            if opened:
                yield opened

    def _add(self, name: str, module: Module, found: _Lineage) -> None:
        for one in self._named(name, module, 0):
            key = (one.module.file, one.name, one.origin)
            if key not in found:
                found[key] = one
                for base in one.node.bases if one.node else ():
                    self._add(dotted(base), one.module, found)

    def _named(self, name: str, module: Module, depth: int) -> Iterator[Found]:
        """What a dotted name is in a module: a class of its own, or of those that it imports."""
        first, _, rest = name.partition(".")
        if depth > _DEEPEST:
            return
        if name in module.classes:
            yield Found(name, module.classes[name], module)
        elif first in module.origins:
            for origin in module.origins[first]:
                yield from self._from(origin, rest, module, depth + 1)
        else:
            yield from self._of_stars(name, module, depth)

    def _of_stars(self, name: str, module: Module, depth: int) -> Iterator[Found]:
        """What ``from module import *`` brings, or a name that nothing does."""
        opened = [one for star in module.stars if (one := self.open(star, module.folder))]
        found = [one for inner in opened for one in self._named(name, inner, depth + 1) if one.is_placed]
        others = [Origin(star, name) for star in module.stars if not self.open(star, module.folder)]
        yield from found or [Found(name, None, module, next(iter(others), None))]

    def _from(self, origin: Origin, rest: str, module: Module, depth: int) -> Iterator[Found]:
        """What ``from module import what`` is, or ``import module`` and ``module.rest``."""
        opened, name = self.open(origin.module, module.folder), ".".join(filter(None, (origin.what, rest)))
        is_itself = opened is not None and opened.file == module.file  # from . import part
        found = list(self._named(name, opened, depth)) if opened and name and not is_itself else []
        found = [one for one in found if one.is_placed]
        inner, _, behind = name.partition(".")
        if not found and behind:
            found = list(self._from(Origin(_joined(origin.module, inner)), behind, module, depth + 1))
        yield from found or [Found(name, None, module, origin)]

    def open(self, named: str, seen_from: Path) -> Module | None:
        """A module by its dots, in a file of a folder; None where it is not beside, or is no Python."""
        is_relative = named.startswith(".")
        folder, path = seen_from if is_relative else self._folder, path_of_module(named)
        key = f"{folder}/{path}"
        if key not in self._read:
            self._read[key] = None  # a module that leads back to itself is not read again
            is_folder = not path or path.endswith("/")
            files = (
                [f"{path}__init__{_SUFFIX}"]
                if is_folder
                else [f"{path}/__init__{_SUFFIX}", f"{path}{_SUFFIX}"]
            )
            for file in [f"{OWN}/{one}" for one in files] if is_relative else files:
                self._read[key] = self._read[key] or self._parsed(file, folder)
        return self._read[key]

    def _parsed(self, path: str, folder: Path) -> Module | None:
        with suppress(ConfigError, RecursionError):
            found = one_of_folders(path, folder, frozenset({_SUFFIX}), path)
            if not isinstance(found, Unknown) and len(self.files) < _MOST:
                self.files.append(found.name)
                tree = parse(decode(found.raw, found.name), found.name)
                return Module.of(tree, found.path.parent, found.name)
        return None


def _joined(module: str, what: str) -> str:
    return f"{module}{what}" if module.endswith(".") else f"{module}.{what}"
