"""The names of a Python file that are known so far, and what is known of each."""

from __future__ import annotations

import ast
from collections import ChainMap
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.environment import Environment
from lrviz.inputs.foreign.left_open import LeftOpen
from lrviz.inputs.foreign.python.batched_maps import OfEach
from lrviz.inputs.foreign.python.imported_names import ModuleBeside
from lrviz.inputs.foreign.python.located import Items, Settled, Spoiled, Table
from lrviz.inputs.foreign.python.python_lengths import Lengths
from lrviz.inputs.foreign.python.python_paths import own_path
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lrviz.inputs.foreign.python.python_script import PythonCall


class Names(ast.NodeVisitor):
    """The names known so far, by scope, and the calls that were seen.

    While ``sure`` is False nobody knows whether a line runs: what it changes is unknown. A name that is
    ``given`` is that, whatever the file makes of it.
    """

    def __init__(self, file: str, spoiled: Spoiled, given: Mapping[str, str] | None = None) -> None:
        self.given = given or {}
        self.environment = Environment(self.given)
        self.lengths = Lengths()
        self.settled = Settled(file, spoiled)
        self.arguments = Settled(file, spoiled)
        self.spoiled = spoiled
        self.table = Table()
        self.folder = Path()
        self.files: list[str] = []  # that it reads
        self.scope: ChainMap[str, Any] = ChainMap(self.table, {"__file__": own_path(file)})
        self.modules: Callable[[str], ModuleBeside] = lambda _: ModuleBeside()  # beside it, by their names
        self.set_in_modules: dict[str, Any] = {}
        self.shared: dict[str, bool] = {}  # names that functions change
        self.renamed: dict[str, str] = {}
        self.imports: dict[str, None] = {}  # in their order
        self.calls: list[PythonCall] = []
        self.around: list[str] = []  # what runs never, once or often, from the outermost on
        self.of_each = OfEach()  # functions that make one row of each
        self.sure = True

    def place(self, line: int) -> Place:
        """A line of this file."""
        return Place(self.settled.file, line)

    def bind(self, name: str, value: object, line: int) -> None:
        """Give a name a value, in the innermost scope."""
        value = self._overridden(name, value)
        if isinstance(value, Unknown) and not value.names:
            value = replace(value, names=(name,), is_computed=False)
        table = self.scope.maps[0]
        if isinstance(table, Table):
            table.put(name, value, self.place(line))

    def spoil(self, value: object, why: Unknown) -> None:
        """A dict or a list may have been changed; what was parsed is handed everywhere, and only read."""
        if not (isinstance(value, Table) and value.is_parsed):
            self.spoiled.add(value, why)

    def _or_given(self, name: str, value: object) -> Any:
        """What is given for a name that a line reads."""
        if isinstance(self.given, LeftOpen) and not isinstance(value, (Table, Items)):
            self.given.taken.add(name)
        return self._overridden(name, value)

    def _overridden(self, name: str, value: object) -> Any:
        """What is given for a name, but in place of tables and lists, of which ``--given`` tells a part."""
        if name not in self.given or isinstance(value, (Table, Items)):
            return value
        return literal(Raw(self.given[name]))

    def generic_visit(self, node: ast.AST) -> Any:
        """What is not known here; the calls in it are seen all the same."""
        super().generic_visit(node)
        return Unknown(f"what line {getattr(node, 'lineno', 0)} computes")

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> list[Any]:
        """The values of several expressions."""
        return [self.visit(node) for node in nodes if node is not None]

    @contextmanager
    def unsure(self) -> Iterator[Table]:
        """Lines that run never, once or often, with names of their own, which are handed on."""
        outer, sure, own = self.scope, self.sure, Table()
        self.scope, self.sure = outer.new_child(own), False
        yield own
        self.scope, self.sure = outer, sure
