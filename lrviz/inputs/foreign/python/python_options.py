"""The options of a script's own argparse, ``parser.add_argument("--lr", default=1e-4)``, as one table."""

from __future__ import annotations

import ast
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.call_syntax import called, keyword, method_of, name_of, texts_of
from lrviz.inputs.foreign.python.located import Table
from lrviz.inputs.foreign.python.option_types import read_by_type
from lrviz.inputs.foreign.python.own_argv import own_argv, said_beside, said_in
from lrviz.inputs.foreign.python.python_values import is_scalar
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STRICT, _LENIENT = "parse_args", "parse_known_args"
_SWITCHES = {"store_true": False, "store_false": True}


@dataclass(frozen=True)
class Options:
    """What the options of a file are.

    ``givers`` are the functions that return what was parsed, and ``handed`` the arguments of functions, by
    name and place, that are given it. ``said`` are those that are not at their defaults, and ``added`` the
    lines that add them.
    """

    table: Table
    givers: frozenset[str] = frozenset()
    handed: frozenset[tuple[str, int]] = frozenset()
    said: frozenset[str] = frozenset()
    added: Mapping[str, ast.Call] = field(default_factory=dict)
    set_before: set[str] = field(default_factory=set)  # by set_defaults; a line that adds one may follow

    def are_given_by(self, call: ast.Call) -> bool:
        """Whether a call gives them: ``parser.parse_args()``, or a function that returns that."""
        return bool(self.table) and _gives(call, self.givers)

    def take_default(self, call: ast.Call, value: object) -> None:
        """Have a default that the file computes, ``default=int(os.getenv("N", 8))``, once it is known."""
        said = keyword(call, "default")
        dest = _dest(call) if said is not None and method_of(call) == "add_argument" else ""
        if said is not None and dest in self.set_before and self.added.get(dest) is call:
            self.table.put(dest, _default(call, dest), self.table.places[dest])
        if said is not None and self.table.get(dest) == _computed(said, dest) and is_scalar(value):
            self.table.put(dest, _read(call, value), self.table.places[dest])

    def set_default(self, dest: str, value: object, place: Place) -> None:
        """Have another default, ``parser.set_defaults(lr=1e-4)``, of what nobody says."""
        if dest not in self.said:
            call = self.added.get(dest)
            self.set_before.add(dest)
            self.table.put(dest, value if call is None else _read_default(call, value), place)


def options_of(module: ast.Module, file: str, said: Mapping[str, object]) -> Options:
    """The options that a file adds to its parsers: what is ``said`` of them, else their defaults.

    Raises:
        ConfigError: its parser stops at one that is said.

    """
    adding = [
        one for one in ast.walk(module) if isinstance(one, ast.Call) and method_of(one) == "add_argument"
    ]
    calls = [(dest, call) for call in adding if (dest := _dest(call))]
    words = own_argv(module)
    said = said_beside(module) | (dict(said) if words is None else said_in(words)) if calls else {}
    values = _values(calls, said, module, file)
    table = Table()
    for dest, call in calls:
        value = values[dest] if dest in values else _default(call, dest)
        if dest in table and _names_of(dest, calls, call).isdisjoint(_names(call)):
            continue  # of the options for one value, the first has its default
        same = dest not in table or table[dest] == value
        value = value if same else Unknown(f"--{dest}, which two parsers have", (dest,))
        table.put(dest, value, Place(file, call.lineno))
    functions = [one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)] if calls else []
    givers = frozenset(one.name for one in functions if _returns_parsed(one))
    handed = frozenset(_handed(module, givers)) if calls else frozenset()
    return Options(table, givers, handed, frozenset(values), dict(reversed(calls)))


def set_by_defaults(module: ast.Module, file: str) -> Table:
    """What ``parser.set_defaults(lr=1e-4)`` says of a file, where it is written out."""
    table = Table()
    for one in ast.walk(module):
        if isinstance(one, ast.Call) and method_of(one) == "set_defaults":
            for said in one.keywords:
                if said.arg:
                    table.put(said.arg, _literal(said.value, said.arg), Place(file, said.value.lineno))
    return table


def left_open(dest: str) -> Unknown:
    """An option without which the script stops."""
    return Unknown(f"--{dest}", (dest,))


def _values(
    calls: list[tuple[str, ast.Call]], said: Mapping[str, object], module: ast.Module, file: str
) -> dict[str, Any]:
    """What is said of the options, by the names that their values go by."""
    named = {name: (dest, call) for dest, call in calls for name in (dest, *_names(call))}
    found = {}
    for key, value in said.items():
        name = _full(key, {name: dest for name, (dest, _) in named.items()}, module, file)
        dest, call = named.get(name, (name, None))
        found[dest] = value if call is None else _read(call, value)
    return found


def _names_of(dest: str, calls: list[tuple[str, ast.Call]], but: ast.Call) -> set[str]:
    """How all other options of a value are written."""
    return {name for one, call in calls if one == dest and call is not but for name in _names(call)}


def _full(key: str, named: Mapping[str, str], module: ast.Module, file: str) -> str:
    """The option that is meant, which may be cut short."""
    begun = {dest: name for name, dest in named.items() if name.startswith(key)}
    if key in named or len(begun) == 1:
        return key if key in named else begun.popitem()[1]
    if begun:
        listed = " or ".join(f"--{one}" for one in sorted(begun)[:4])
        text = f"{file}: --{key} is cut short, and may be {listed}: argparse stops"
        raise ConfigError(text, hint=f"write --{min(begun)}")
    if not _takes_others(module):
        hint = f"take it out: it has {', '.join(f'--{one}' for one in sorted(set(named.values()))[:6])}"
        raise ConfigError(f"{file} has no option --{key}, and stops at it", hint=hint)
    return key


def _takes_others(module: ast.Module) -> bool:
    """Whether it passes over others, or another module adds some: ``add_config_arguments(parser)``."""
    calls = [one for one in ast.walk(module) if isinstance(one, ast.Call)]
    parsers = {
        name_of(one.func.value)
        for one in calls
        if isinstance(one.func, ast.Attribute) and method_of(one) == "add_argument"
    }
    own = {one.name for one in ast.walk(module) if isinstance(one, ast.FunctionDef)}
    made_by_others = any(name in parsers and _is_of_another(call, own) for name, call in _made(module))
    handing = (one for one in calls if {name_of(value) for value in one.args} & (parsers - {""}))
    is_lenient = made_by_others or any(method_of(one) == _LENIENT for one in calls)
    return is_lenient or any(name_of(one.func) not in own for one in handing)


def _made(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """The names that are given what a call makes."""
    for one in ast.walk(module):
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call):
            yield from ((name_of(target), one.value) for target in one.targets)


def _is_of_another(call: ast.Call, own: set[str]) -> bool:
    """Whether another module makes the parser, with options of its own: ``default_argument_parser()``."""
    name = called(call)
    return name not in own and not name.endswith("Parser") and not name.startswith("add_")


def _names(call: ast.Call) -> list[str]:
    """How an option is written, without its dashes; nothing where the file computes that."""
    found = texts_of(call.args)
    found.sort(key=lambda one: not one.startswith("--"))
    return [one.lstrip("-").replace("-", "_") for one in found] if len(found) == len(call.args) else []


def _dest(call: ast.Call) -> str:
    """The name that its value goes by."""
    said = keyword(call, "dest")
    return str(said.value) if isinstance(said, ast.Constant) else next(iter(_names(call)), "")


def _default(call: ast.Call, dest: str) -> Any:
    """What an option is where nobody says it."""
    said = keyword(call, "default")
    if said is None and (keyword(call, "required") is not None or _is_positional(call)):
        return left_open(dest)
    if said is None:
        return _SWITCHES.get(_action(call))
    value = _literal(said, dest)
    return _read_default(call, value)


def _literal(said: ast.expr, dest: str) -> Any:
    with suppress(ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        value = ast.literal_eval(said)
        if isinstance(value, (bool, int, float, str, type(None))):
            return value
    return _computed(said, dest)


def _read_default(call: ast.Call, value: object) -> Any:
    """A default as it is given, but for a text, which the option's ``type`` reads."""
    return _read(call, value) if isinstance(value, str) else value


def _computed(default: ast.expr, dest: str) -> Unknown:
    return Unknown(f"the default in line {default.lineno}", (dest,))


def _read(call: ast.Call, value: object) -> Any:
    """A value as the option's ``type`` reads it; a switch that is there is on, or its ``const``."""
    if value is True:
        const = keyword(call, "const")
        return const.value if isinstance(const, ast.Constant) else _action(call) != "store_false"
    if not isinstance(value, str):
        return value
    return read_by_type(keyword(call, "type"), value, _dest(call))


def _returns_parsed(function: ast.FunctionDef) -> bool:
    """Whether a function returns what it has parsed."""
    names = _parsed(function, frozenset())
    returned = (one.value for one in ast.walk(function) if isinstance(one, ast.Return))
    return any(_is_parsed(one, names) for one in returned)


def _handed(module: ast.Module, givers: frozenset[str]) -> Iterator[tuple[str, int]]:
    """The functions that are called with what was parsed, and which of their arguments that is."""
    names = _parsed(module, givers)
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            for at, one in enumerate(call.args):
                if _is_parsed(one, names, givers):
                    yield call.func.id, at


def _parsed(node: ast.AST, givers: frozenset[str]) -> set[str]:
    """The names that are given what was parsed."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call) and _gives(one.value, givers):
            first = one.targets[0]
            found.add(name_of(first.elts[0] if isinstance(first, ast.Tuple) and first.elts else first))
    return found - {""}


def _is_parsed(node: ast.AST | None, names: set[str], givers: frozenset[str] = frozenset()) -> bool:
    return name_of(node) in names or (isinstance(node, ast.Call) and _gives(node, givers))


def _gives(call: ast.Call, givers: frozenset[str]) -> bool:
    return method_of(call) in (_STRICT, _LENIENT) or name_of(call.func) in givers


def _action(call: ast.Call) -> str:
    said = keyword(call, "action")
    return str(said.value) if isinstance(said, ast.Constant) else ""


def _is_positional(call: ast.Call) -> bool:
    first = call.args[0]
    return isinstance(first, ast.Constant) and not str(first.value).startswith("-")
