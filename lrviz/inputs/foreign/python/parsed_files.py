"""What a script has its parser of dataclasses read in place of its command: a file, or a dict.

Source: transformers 4.36 to 5.23, ``hf_argparser.py``; TRL's parser is built on it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import called, dotted, keyword, method_of
from lrviz.inputs.foreign.python.python_fields import PARSERS, are_own, parser_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.python_script import PythonCall

DICT = "parse_dict"
ARGUMENTS = {"parse_json_file": "json_file", "parse_yaml_file": "yaml_file", DICT: "args"}
"""Methods that read nothing but the file, or the dict, of this argument."""
_WITH_ARGS = ("parse_args_into_dataclasses", "args_filename")
_OF_COMMAND = {"parse_args_into_dataclasses", "parse_args_and_config", "set_defaults"}
_ARGV = ("sys.argv", "argv")


def readings_of(module: ast.Module) -> list[ast.Call]:
    """The calls that read what its command does not name, in the order of their lines."""
    calls = [one for one in ast.walk(module) if isinstance(one, ast.Call)]
    named = [one for one in calls if read_by(one) is not None]
    if not named:
        return []
    parsers = parsers_of(module)
    found = [one for one in named if not are_own(_classes_of(one, parsers), module)]
    from_command = _names_of_argv(module) if found else set()
    return sorted(
        (one for one in found if not _is_of_argv(read_by(one), from_command)),
        key=lambda one: one.lineno,
    )


def read_alone(module: ast.Module) -> ast.Call | None:
    """The call that reads a file, and no option, for a trainer; None where another may read those."""
    calls = [one for one in ast.walk(module) if isinstance(one, ast.Call)]
    merges = any(method_of(one) == _WITH_ARGS[0] and (one.args or one.keywords) for one in calls)
    parsers = parsers_of(module)
    found = (
        one
        for one in calls
        if method_of(one) in ARGUMENTS and not dotted(one.func).startswith("self.")
        if not are_own(_classes_of(one, parsers), module)
    )
    return None if merges else next(found, None)


def is_alone(module: ast.Module) -> bool:
    """Whether no other line has such a parser read its command, or gives it other defaults."""
    methods = {one.attr for one in ast.walk(module) if isinstance(one, ast.Attribute)}
    return methods.isdisjoint(_OF_COMMAND)


def read_by(call: ast.Call) -> ast.expr | None:
    """What a call has read in place of a command; None where it reads that."""
    method = method_of(call)
    if method in ARGUMENTS:
        return keyword(call, ARGUMENTS[method]) or next(iter(call.args), None)
    if method == _WITH_ARGS[0]:
        return keyword(call, _WITH_ARGS[1])
    return None


def handed_to(made: PythonCall) -> Any:
    """What such a call is handed to read, as it is evaluated; None where that is nothing."""
    name = ARGUMENTS.get(made.called, "")
    return made.keywords.get(name, (*made.arguments, None)[0])


def parsers_of(module: ast.Module) -> dict[str, ast.Call]:
    """The parsers of dataclasses, by the names that they are given."""
    found: dict[str, ast.Call] = {}
    for one in ast.walk(module):
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call) and is_parser(one.value):
            found |= {dotted(target): one.value for target in one.targets}
    return found


def is_parser(node: ast.expr) -> bool:
    """Whether it makes a parser of dataclasses."""
    return isinstance(node, ast.Call) and called(node) in PARSERS


def _classes_of(call: ast.Call, parsers: dict[str, ast.Call]) -> list[str]:
    """The classes that the parser of a call is made of, where that is known."""
    on = call.func.value if isinstance(call.func, ast.Attribute) else call
    parser = on if isinstance(on, ast.Call) and is_parser(on) else parsers.get(dotted(on))
    return parser_classes(parser) if parser else []


def _names_of_argv(module: ast.Module) -> set[str]:
    """The names that are given a word of the command, also as the argument of a function."""
    found = set[str]()
    functions = {one.name: one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)}
    for _ in range(3):  # one name is made of another
        for node in ast.walk(module):
            found |= set(_given_argv(node, functions, found))
    return found


def _given_argv(node: ast.AST, functions: dict[str, ast.FunctionDef], known: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.For | ast.NamedExpr):
        value = node.iter if isinstance(node, ast.For) else node.value
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if _is_of_argv(value, known):
            names = (one for target in targets for one in ast.walk(target))
            yield from (one.id for one in names if isinstance(one, ast.Name))
    elif isinstance(node, ast.Call) and dotted(node.func) in functions:
        arguments = functions[dotted(node.func)].args.args
        pairs = [*zip(arguments, node.args, strict=False)]
        yield from (one.arg for one, value in pairs if _is_of_argv(value, known))


def _is_of_argv(value: ast.expr | None, known: set[str]) -> bool:
    """Whether it is made of the first word of the command, or of them all."""
    parts = [*ast.walk(value)] if value is not None else []
    later = {id(one.value) for one in parts if isinstance(one, ast.Subscript) and _is_later(one.slice)}
    return any(
        (isinstance(one, ast.Attribute) and dotted(one) in _ARGV and id(one) not in later)
        or (isinstance(one, ast.Name) and one.id in known)
        for one in parts
    )


def _is_later(index: ast.expr) -> bool:
    """Whether it is a word behind the first, which may be the value of an option."""
    return isinstance(index, ast.Constant) and isinstance(index.value, int) and index.value > 1
