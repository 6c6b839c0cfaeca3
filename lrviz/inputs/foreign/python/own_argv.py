"""The words that a script hands its own parser: ``parser.parse_args(["--epochs", "7"])``."""

from __future__ import annotations

import ast
import re
import shlex
from contextlib import suppress
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import dotted, text_of
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PARSING = ("parse_args", "parse_known_args", "parse_args_into_dataclasses", "parse_args_and_config")

_ARGV = "argv"
ARGV = "sys.argv"
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def own_argv(module: ast.Module) -> list[str] | None:
    """The words of the last parsing; None where those of the command are read."""
    calls = [*_parsings(module)]
    argv = _argv(calls[-1]) if calls else None
    if argv is None:
        replaced = _replaced(module) if calls else None
        return None if replaced is None else replaced[1:]
    return _words(_meant(argv, module), module)


def taken_numbers(module: ast.Module, words: Sequence[str]) -> dict[str, str]:
    """The numbers among the words of a command, by how a script takes them: ``sys.argv[1]``.

    None where it does anything else with its words than to take and to count them.
    """
    uses = [one for one in ast.walk(module) if isinstance(one, ast.Attribute) and dotted(one) == ARGV]
    read = [on for one in ast.walk(module) for on in _only_read(one) if dotted(on) == ARGV]
    numbered = {f"{ARGV}[{at}]": word for at, word in enumerate(words, 1) if _NUMBER.fullmatch(word)}
    return numbered if len(uses) == len(read) else {}


def _only_read(node: ast.AST) -> Sequence[ast.expr]:
    """What a line takes one word of, or counts the words of."""
    match node:
        case ast.Subscript(value=on, ctx=ast.Load()):
            return (on,)
        case ast.Call(func=ast.Name(id="len"), args=args):
            return args
    return ()


def hidden_argv(module: ast.Module) -> ast.Call | None:
    """The last parsing where its words are made of others than the command's, and nobody knows which."""
    calls = [*_parsings(module)][-1:]
    argv = _argv(calls[0]) if calls else None
    meant = _set_once(argv.id, module) or argv if isinstance(argv, ast.Name) else argv
    if meant is None or own_argv(module) is not None or _is_of_command(meant, module):
        return None
    return calls[0] if isinstance(meant, (ast.Call, ast.List, ast.Tuple, ast.BinOp)) else None


def _is_of_command(node: ast.expr, module: ast.Module) -> bool:
    """Whether a call makes it of the command's words: of ``sys.argv``, also in a function of the script."""
    if not isinstance(node, ast.Call):
        return False
    called = [one for one in module.body if getattr(one, "name", "") == ast.unparse(node.func)]
    return any(_ARGV in ast.unparse(one) for one in (node, *called))


def _set_once(name: str, module: ast.Module) -> ast.expr | None:
    """What the one line that sets a name, wherever it stands, sets it to."""
    sets = [one for one in ast.walk(module) if isinstance(one, ast.Name) and one.id == name]
    stores = [one for one in sets if isinstance(one.ctx, ast.Store)]
    lines = [one for one in ast.walk(module) if isinstance(one, ast.Assign) and one.targets == stores]
    return lines[0].value if len(lines) == 1 else None


def _replaced(module: ast.Module) -> list[str] | None:
    """What ``sys.argv`` is set to, where that is once and outside of all functions."""
    lines = [one for one in module.body if isinstance(one, ast.Assign)]
    found = [one.value for one in lines if ast.unparse(one.targets[0]) == ARGV]
    return _words(found[0], module) if len(found) == 1 else None


def _meant(node: ast.expr, module: ast.Module) -> ast.expr:
    """What a name is set to; anything else as it is."""
    return (assigned(node.id, module) if isinstance(node, ast.Name) else None) or node


def said_in(words: Iterable[str]) -> dict[str, object]:
    """The options among words, each with the value behind it, or True."""
    found: dict[str, object] = {}
    last = ""
    for word in words:
        if word.startswith("-") and not word[1:2].isdigit():
            option, is_joined, value = word.partition("=")
            name = option.lstrip("-").replace("-", "_")
            found[name] = value if is_joined else True
            last = "" if is_joined else name
        elif last:
            old = found[last]
            before = () if old is True else old if isinstance(old, tuple) else (old,)
            found[last] = (*before, word) if before else word
    return found


def said_beside(module: ast.Module) -> dict[str, object]:
    """What ``namespace=Namespace(lr=1e-4)`` of the last parsing has, which no default replaces."""
    for call in [*_parsings(module)][-1:]:
        named = [one.value for one in call.keywords if one.arg == "namespace"]
        given = (*named, *call.args[1:2], None)[0]
        if isinstance(given, ast.Call):
            return {one.arg: _value(one.value, one.arg) for one in given.keywords if one.arg}
    return {}


def _parsings(module: ast.Module) -> Iterator[ast.Call]:
    found = (one for one in ast.walk(module) if isinstance(one, ast.Call))
    named = (one for one in found if isinstance(one.func, ast.Attribute) and one.func.attr in PARSING)
    yield from sorted(named, key=lambda one: one.lineno)


def _argv(call: ast.Call) -> ast.expr | None:
    said = [one.value for one in call.keywords if one.arg == "args"]
    return (*call.args, *said, None)[0]


def assigned(name: str, module: ast.Module) -> ast.expr | None:
    """What a name is set to, where that is once and outside of all functions."""
    found = [one for one in ast.walk(module) if isinstance(one, ast.Name) and one.id == name]
    sets = [one for one in found if isinstance(one.ctx, ast.Store)]
    lines = [one for one in module.body if isinstance(one, ast.Assign) and sets[:1] == one.targets]
    return lines[0].value if len(sets) == len(lines) == 1 else None


def _words(argv: ast.expr, module: ast.Module) -> list[str] | None:
    """A list of texts, or a text that is split: ``line.split()``, ``shlex.split(line)``."""
    if isinstance(argv, ast.Call) and isinstance(argv.func, ast.Attribute) and argv.func.attr == "split":
        is_shell = ast.unparse(argv.func.value) == "shlex"
        line = argv.args[0] if is_shell and argv.args else argv.func.value
        text = text_of(_meant(line, module))
        if text is None or (argv.args and not is_shell):
            return None
        return shlex.split(text) if is_shell else text.split()
    with suppress(ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        words = ast.literal_eval(argv)
        if isinstance(words, (list, tuple)) and all(isinstance(one, str) for one in words):
            return list(words)
    return None


def _value(node: ast.expr, name: str) -> object:
    with suppress(ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return ast.literal_eval(node)
    return Unknown(f"the namespace in line {node.lineno}", (name,))
