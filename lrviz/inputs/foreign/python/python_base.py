"""mmengine's ``_base_``: the configs a config is made of, merged by mmengine's rules (0.10.7).

A dict is merged key by key, whatever else replaces; ``_delete_=True`` replaces a dict too. Two bases have no
key in common, and a config sees the names of its bases only as ``_base_.name``; those that
``with read_base():`` imports are its own.
"""

from __future__ import annotations

import ast
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode, read_text
from lrviz.inputs.foreign.beside import Opener
from lrviz.inputs.foreign.environment import Start
from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.imported_names import ModuleBeside
from lrviz.inputs.foreign.python.located import MOST, Items, Spoiled, Table, too_many
from lrviz.inputs.foreign.python.opened_files import located
from lrviz.inputs.foreign.python.python_expressions import Expressions
from lrviz.inputs.foreign.python.python_reader import Reader
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.python.python_values import is_known
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lrviz.inputs.foreign.python.modules_beside import Module, Modules
    from lrviz.notation.origin import Place

_SUFFIXES = frozenset({".py", ".yaml", ".yml", ".json"})


@dataclass
class Family:
    """A config and its bases, while they are read."""

    given: Mapping[str, str]
    beside: Modules
    start: Start = field(default_factory=Start)
    spoiled: Spoiled = field(default_factory=Spoiled)
    opener: Opener = field(default_factory=Opener)
    merged: int = 0
    modules: dict[str, ModuleBeside] = field(default_factory=dict)

    def read(self, text: str, name: str, folder: Path, path: Path) -> tuple[Reader, Table]:
        """A Python config, and its names with those of its bases.

        Raises:
            ConfigError: it or a base is no config, or they do not fit together.

        """
        body = parse(text, name).body
        node = next((one for one in body if isinstance(one, ast.Assign) and _is_base(one)), None)
        if node is not None:
            _check_imports(body[: body.index(node)], name)
        base = None if node is None else self._bases(self._named(node, name), folder, path, name, node.lineno)
        names = Table()
        inherited = [one for one in body if isinstance(one, ast.With) and _is_read_base(one)]
        for one in inherited:
            names.take(self._inherited(one, folder, path, name))
        reader = Reader(name, self.spoiled, base, names, self.given)
        reader.folder, reader.start = folder, self.start
        reader.modules = lambda named: self._module(named, folder, reader)
        reader.environment.known.update(self.start.variables)
        table = reader.read(ast.Module([one for one in body if one not in inherited], []))
        return reader, table if base is None else self.merge(table, base)

    def merge(self, child: Table, base: Table) -> Table:
        """A table over that of its base."""
        result = base.copy()
        for key, value in child.items():
            place = child.places[key]
            result.put(key, self._over(key, self.spoiled.seen(value), base, place), place)
        return result

    def _over(self, key: object, value: object, base: Table, place: Place) -> Any:
        self.merged += 1
        if self.merged > MOST:
            raise too_many(place.file)
        if not isinstance(value, Table) or key not in base:
            return value
        new = value.copy()
        delete = new.pop("_delete_", False)
        if is_known(delete) and delete:
            return new
        below = self.spoiled.seen(base[key])
        if not (is_known(delete) and is_known(below)):
            return Unknown(f"{key}, which is unknown in its base", (str(key),))
        if not isinstance(below, Table):
            raise ConfigError(
                f"{place}: {key} is a dict here, and none in its base", hint=f"{key}=dict(_delete_=True, …)"
            )
        return self.merge(new, below)

    def _module(self, named: str, folder: Path, script: Reader) -> ModuleBeside:
        """A module that lies beside a script; an empty one where none does, or it cannot be read."""
        found = self.beside.open(named, folder)
        if found is None:
            return ModuleBeside()
        if found.file not in self.modules:
            self.modules[found.file] = ModuleBeside()  # of one that leads back to itself
            script.files.append(found.file)
            with suppress(ConfigError, RecursionError):
                self.modules[found.file] = self._read_module(found, script)
        return self.modules[found.file]

    def _read_module(self, found: Module, script: Reader) -> ModuleBeside:
        reader = Reader(found.file, self.spoiled, None, None, self.given)
        reader.folder, reader.start, reader.environment = found.folder, self.start, script.environment
        reader.modules = lambda named: self._module(named, found.folder, script)
        return ModuleBeside.of(reader.read(found.tree), found.tree)

    def _named(self, node: ast.Assign, name: str) -> list[str]:
        """What ``_base_`` names."""
        value = Expressions(name, self.spoiled).visit(node.value)
        named = list(value) if isinstance(value, Items) else [value]
        if not all(isinstance(one, str) for one in named):
            raise ConfigError(
                f"{name}:{node.lineno}: _base_ is no list of paths", hint="_base_ = ['../_base_/schedule.py']"
            )
        return named

    def _bases(self, named: list[str], folder: Path, path: Path, name: str, line: int) -> Table:
        """All bases as one table."""
        place = f"{name}:{line}: _base_" if line else f"{name}: _base_"
        self.opener.enter(path, place)
        result = Table()
        for one in named:
            table = self._base(one, folder, place)
            if both := sorted(str(key) for key in table.keys() & result.keys()):
                raise ConfigError(
                    f"{place}: {', '.join(both)}: in more than one base", hint="a key stands in one base only"
                )
            result.take(table)
        self.opener.leave()
        return result

    def _inherited(self, node: ast.With, folder: Path, path: Path, name: str) -> Table:
        """The names that ``with read_base():`` imports."""
        found = Table()
        for one in node.body:
            place = f"{name}:{one.lineno}: read_base"
            named = _path_of(one, place)
            self.opener.enter(path, place)
            table = self._base(named, folder, place)
            self.opener.leave()
            for alias in one.names if isinstance(one, ast.ImportFrom) else []:
                if alias.name == "*":
                    found.take(table)
                elif alias.name in table:
                    found.put(alias.asname or alias.name, table[alias.name], table.places[alias.name])
        return found

    def _base(self, named: str, folder: Path, place: str) -> Table:
        found = self.opener.read(named, folder, _SUFFIXES, place)
        inside = found.path.parent
        if found.path.suffix == ".py":
            table = self.read(decode(found.raw, found.name), found.name, inside, found.path)[1]
            _deepen(table, set())
            return table
        text = read_text(found.raw, found.name, found.path.suffix, lenient=True)
        table = located(text, text.data, ())
        if not isinstance(table, Table):
            raise ConfigError(f"{found.name}: no config", hint="a config has keys: train_cfg: …")
        below = table.pop("_base_", [])
        named_there = below if isinstance(below, list) else [below]
        return self.merge(table, self._bases(list(map(str, named_there)), inside, found.path, found.name, 0))


def _check_imports(body: list[ast.stmt], name: str) -> None:
    """Refuse an import of no module of Python's own before ``_base_``: mmengine takes it for a lazy config.

    Raises:
        ConfigError: there is one.

    """
    for node in body:
        named = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            named = ["" if node.level else node.module or ""]
        for module in named:
            package = module.partition(".")[0]
            if package != "mmengine" and package not in sys.stdlib_module_names:
                raise ConfigError(
                    f"{name}:{node.lineno}: mmengine takes a config with an import of {module or 'its own'}"
                    " before _base_ for a lazy one, and stops at _base_",
                    hint="write the _base_ line first",
                )


def _is_base(node: ast.Assign) -> bool:
    target = node.targets[0]
    return isinstance(target, ast.Name) and target.id == "_base_"


def _is_read_base(node: ast.With) -> bool:
    return dotted(node.items[0].context_expr) == "read_base()"


def _path_of(node: ast.stmt, place: str) -> str:
    """The file that ``from ..a.b import c`` names."""
    if not isinstance(node, ast.ImportFrom) or not node.module:
        raise ConfigError(f"{place}: no import of a config's names", hint="from .base import *")
    if not node.level:
        raise ConfigError(
            f"{place}: {node.module} is of a package, and no package is opened",
            hint=f"copy that config here: from .{node.module.rpartition('.')[2]} import *",
        )
    return "../" * (node.level - 1) + node.module.replace(".", "/") + ".py"


def _deepen(value: object, seen: set[int]) -> None:
    """Every dict of a base is one of mmengine's."""
    if isinstance(value, (Table, Items, tuple)) and id(value) not in seen:
        seen.add(id(value))
        if isinstance(value, Table):
            value.deep = True
        for one in value.values() if isinstance(value, Table) else value:
            _deepen(one, seen)
