"""Python as data: what the names of a file are, read off its syntax; nothing is executed.

What a loop, an ``if`` that nobody can decide, a ``with``, a ``try`` or a call touches is unknown, and so is
what uses it.
"""

from __future__ import annotations

import ast
from collections import ChainMap, Counter
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.batched_maps import functions_of_each
from lrviz.inputs.foreign.python.call_syntax import name_of
from lrviz.inputs.foreign.python.command_functions import clicked_with, fired_with, is_fired
from lrviz.inputs.foreign.python.derived_arguments import with_defaults
from lrviz.inputs.foreign.python.located import Spoiled, Table
from lrviz.inputs.foreign.python.namespaces import Definitions
from lrviz.inputs.foreign.python.opened_files import is_opened
from lrviz.inputs.foreign.python.own_argv import own_argv, taken_numbers
from lrviz.inputs.foreign.python.parsed_defaults import defaults_of_parsed
from lrviz.inputs.foreign.python.python_changes import captured, changed_by_functions, changes, keys_set
from lrviz.inputs.foreign.python.python_fields import parsed_by_name
from lrviz.inputs.foreign.python.python_handed import Body, defaults_of, values_of
from lrviz.inputs.foreign.python.python_lengths import Lengths
from lrviz.inputs.foreign.python.python_options import options_of
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.python.python_turns import Turns
from lrviz.inputs.foreign.python.python_values import is_scalar, truth_of
from lrviz.inputs.foreign.python.trained_lines import Branches
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_CALLED_FIRST = frozenset(
    {"__init__", "__new__", "__post_init__", "__getattr__", "__getattribute__", "__setattr__"}
)
"""Methods that may give an object other values than its class has."""
_LAUNCHER = "notebook_launcher"  # of accelerate


class Reader(Turns, ast.NodeVisitor):
    """One file, statement by statement.

    ``base`` is what its ``_base_`` stands for, ``names`` are those it has before its first line, ``start`` is
    how a command starts it.
    """

    def __init__(
        self,
        file: str,
        spoiled: Spoiled,
        base: Table | None = None,
        names: Table | None = None,
        given: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(file, spoiled, base, given)
        self.table.take(names or Table())
        self._hidden = set[str]()  # names that are no values of the file
        self._later: list[Body] = []
        self.branches = Branches()
        self._module = ast.Module([], [])
        self._times: Counter[str] = Counter()
        self._mentioned: Counter[str] = Counter()
        self._around: ChainMap[str, Any] | None = None  # a class, whose names its functions do not see
        if base is not None:
            self.bind("_base_", base, 0)

    def read(self, module: ast.Module) -> Table:
        """All names of the file; then the calls inside its functions."""
        self._module, self.shared = module, changed_by_functions(module)
        loaded = (one for one in ast.walk(module) if isinstance(one, ast.Name))
        self._mentioned = Counter(one.id for one in loaded if isinstance(one.ctx, ast.Load))
        self.argv, self.taken = own_argv(module), taken_numbers(module, self.start.argv)
        self.definitions = Definitions.of(module)
        self.parsed_names = frozenset(parsed_by_name(module))
        self.parsed_defaults = defaults_of_parsed(module, self.settled.file) if self.start.is_whole else {}
        self.lengths, self.of_each = Lengths.of(module), functions_of_each(module)
        self.options = options_of(module, self.settled.file, self.start.options)
        self.visit_all(module.body)
        found = self.table.copy()
        for name in [name for name in found if name in self._hidden or name.startswith("__")]:
            del found[name]
        found.pop("_base_", None)
        self._functions()
        self.drop_replaced()
        return found

    def bind(self, name: str, value: object, line: int) -> None:
        """Give a name a value; one that a function changes too is unknown."""
        if self.scope.maps[0] is self.table:
            self._times[name] += 1
            is_fixed = is_scalar(value) or isinstance(value, Imported)
            if name in self.shared and (self.shared[name] or not is_fixed):
                why = f"{name}, which a function changes"
                self.spoil(value, Unknown(why))
                value = Unknown(why, (name,))
            self._hidden.discard(name)
            self.renamed.pop(name, None)
        super().bind(name, value, line)

    def visit_Call(self, node: ast.Call) -> Any:
        """What a call gives; the lines of a function may be read where it is called."""
        made = super().visit_Call(node)
        self.read_called(node, made)
        self._note_launched(node, made)
        return made

    def _note_launched(self, node: ast.Call, made: Any) -> None:
        """``notebook_launcher(train, (3e-4,))`` calls the function that it is given, in each process."""
        if isinstance(made, PythonCall) and made.called == _LAUNCHER and node.args:
            given = made.keywords.get("args", (*made.arguments, (), ())[1])
            if isinstance(given, (tuple, list)):
                self.calls.append(PythonCall(name_of(node.args[0]), tuple(given), {}, node.lineno))

    def visit_Import(self, node: ast.Import) -> None:
        for one in node.names:
            self._note_module(one.name)
            name = one.asname or one.name.partition(".")[0]
            self._import(name, one.name if one.asname else name, node.lineno)
            if one.asname:
                self.renamed[name] = one.name

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        if not node.level:
            self._note_module(module)
        for one in node.names:
            name = one.asname or one.name
            full = f"{module}{'' if module.endswith('.') else '.'}{one.name}"
            self.imports.setdefault(full)
            known = self.modules(module).constant(
                one.name, Imported(f"an import in line {node.lineno}", name=full)
            )
            self._hide(name, known, node.lineno)
            if one.asname:
                self.renamed[name] = one.name

    def _note_module(self, module: str) -> None:
        self.imports |= dict.fromkeys((module, module.partition(".")[0]))

    def _import(self, name: str, full: str, line: int) -> None:
        self._hide(name, Imported(f"an import in line {line}", name=full), line)

    def _hide(self, name: str, value: Unknown, line: int) -> None:
        """Give a name to what is no value of a config."""
        self.bind(name, value, line)
        if self.scope.maps[0] is self.table:
            self._hidden.add(name)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """The constants of a class are a table."""
        self.visit_all([*node.decorator_list, *node.bases])
        outer, around, table = self.scope, self._around, Table()
        self.scope, self._around = outer.new_child(table), outer if around is None else around
        self.visit_all(node.body)
        self.scope, self._around = outer, around
        functions = [one for one in node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
        for one in functions:
            table.pop(one.name, None)
        self.note_class(node, table)
        bases = [self.scope.get(name_of(one)) for one in node.bases]
        is_plain = _CALLED_FIRST.isdisjoint(one.name for one in functions) and not node.keywords
        is_plain = is_plain and all(isinstance(one, Table) and one.is_class for one in bases)
        if is_plain:
            table = with_defaults([*reversed(bases), table])
        table.is_class = is_plain
        self.bind(node.name, table, node.lineno)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.visit_all([*node.decorator_list, *node.args.defaults, *node.args.kw_defaults])
        self._hide(node.name, Unknown(f"the function in line {node.lineno}"), node.lineno)
        body = Body(node, self.scope if self._around is None else self._around)
        if not self.followed:
            self._later.append(body)
        if self._around is None:
            self.bodies[node.name] = body

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def _functions(self) -> None:
        """The bodies of functions, with the names that mean one thing whenever they are called."""
        self.sure = False
        for name in [name for name, times in self._times.items() if times > 1 and name in self.table]:
            self.table[name] = Unknown(f"{name}, which is assigned more than once", (name,))
        while self._later:
            body = self._later.pop(self.next_of([one.node.name for one in self._later]))
            if body.node.name not in self.read_bodies:
                self._function(*body)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: ChainMap[str, Any]) -> None:
        self.scope, self._around = scope.new_child(Table()), None
        for one in ast.walk(node.args):
            if isinstance(one, ast.arg):
                self.bind(one.arg, Unknown(f"an argument of {node.name}", (one.arg,)), node.lineno)
        for name, value in (self._given_once(node) or self._by_command(node)).items():
            self.bind(name, value, node.lineno)
        for at, one in enumerate(node.args.args):
            if (node.name, at) in self.options.handed:
                self.bind(one.arg, self.options.table.as_parsed(), node.lineno)
        for name, table in self.as_called.get(node.name, {}).items():
            self.bind(name, table.as_parsed(), node.lineno)
        self.visit_all(node.body)

    def _given_once(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Any]:
        """What a function is given that one line alone names, which calls it; only plain values are known."""
        calls = [one for one in self.calls if one.name == node.name]
        known = self.bodies.get(node.name)
        is_it = known is not None and known.node is node and not node.decorator_list
        if not is_it or len(calls) != 1 or self._mentioned[node.name] != 1:
            return {}
        found = {**defaults_of(node), **values_of(node, calls[0])}
        return {name: value for name, value in found.items() if is_scalar(value)}

    def _by_command(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Any]:
        """What the words of the command give to a function that they call."""
        fired = not self.start.words and "fire" in self.imports and is_fired(node, self._module)
        said = self.start.options, self.settled.file
        found = fired_with(node, defaults_of(node), *said) if fired else {}
        found = found if fired or self.start.words else clicked_with(node, *said)
        self.reads_options = self.reads_options or bool(found)
        return found

    def visit_If(self, node: ast.If) -> None:
        truth = truth_of(self.visit(node.test), node.lineno)
        self.branches.note(node, truth)
        if isinstance(truth, bool):
            self.visit_all(node.body if truth else node.orelse)
        else:
            what = "a start" if ast.unparse(node.test) == "__name__ == '__main__'" else "an if"
            self._block(node, what, [node.body, node.orelse])

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        over = self.visit(node.iter)
        if self.takes_turns(node, over):
            return
        names = [one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)]
        self.spoil_turns(node, node.iter, names)
        self._block(node, "a loop", [node.body, node.orelse], node.target)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        self.visit_For(node)

    def visit_While(self, node: ast.While) -> None:
        self._block(node, "a loop", [[node.test], node.body, node.orelse])

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        entered = self.visit_all(item.context_expr for item in node.items)
        if all(map(is_opened, entered)):  # which runs once, whatever happens
            for item, file in zip(node.items, entered, strict=True):
                if item.optional_vars is not None:
                    self.store(item.optional_vars, file)
            self.visit_all(node.body)
            return
        targets = [item.optional_vars for item in node.items if item.optional_vars is not None]
        self._block(node, "a with", [node.body], *targets)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> None:
        self.visit_With(node)

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        handlers = [one.body for one in node.handlers]
        self._block(node, "a try", [node.body, *handlers, node.orelse, node.finalbody])

    def visit_TryStar(self, node: ast.TryStar) -> None:
        self.visit_Try(node)

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        self._block(node, "a match", [one.body for one in node.cases])

    def _block(
        self, node: ast.stmt, what: str, bodies: Iterable[Sequence[ast.AST]], *targets: ast.expr
    ) -> None:
        """What runs never, once or often: its calls count, and what it sets is unknown afterwards."""
        why = f"{what} in line {node.lineno}"
        with self.unsure() as touched:
            for target in targets:
                self.store(target, Unknown(why))
            for name in sorted(captured(node)):
                self.bind(name, Unknown(why, (name,)), node.lineno)
            if what == "a loop":
                self._make_unknown(node, why)
            self.around.append(why)
            for body in bodies:
                self.visit_all(body)
            self.around.pop()
        for name, value in touched.items():
            for perhaps in (value, self.scope.get(name)):  # the name is another one of what it may stand for
                self.spoil(perhaps, Unknown(why))
            is_parsed = what in ("an if", "a start") and self.is_parsed(value)
            perhaps = self.one_of_parsed(value, self.scope.get(name))  # from a file, or else from the command
            self.bind(name, perhaps if is_parsed else Unknown(why, (name,)), node.lineno)

    def _make_unknown(self, node: ast.stmt, why: str) -> None:
        """A loop's own names are unknown from its beginning: this may be its second turn."""
        names, parts = changes(node)
        for name in sorted(names):
            self.bind(name, Unknown(why, (name,)), node.lineno)
        for name in sorted(parts - names):
            value, keys = self.scope.get(name), keys_set(node, name)
            if not isinstance(value, Table) or value.is_parsed or keys is None:
                self.spoil(value, Unknown(why, (name,)))
                continue
            for key in sorted(keys):
                value.put(key, Unknown(why, (key,)), self.place(node.lineno))
