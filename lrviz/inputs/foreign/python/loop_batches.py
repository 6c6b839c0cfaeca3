"""The loops that a scheduler is stepped in: epochs, and in each all batches of one loader, once.

Source: accelerate 1.15.0 ``accelerator.py``, ``data_loader.py``, ``optimizer.py`` and ``scheduler.py``: what
is not prepared is not shared out, accumulates across epochs, and is stepped whenever it is told to.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeGuard

from lrviz.inputs.foreign.python.call_syntax import called, given_to
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax

LOADER, SKIPS = "DataLoader", "skip_first_batches"
_PREPARE = ("prepare", "prepare_model", "prepare_optimizer", "prepare_scheduler", "prepare_data_loader")
_SHOWN = ("enumerate", "tqdm", "track")
"""What counts or shows the turns of a loop, and has them all."""
_PLACES = (
    *("dataset", "batch_size", "shuffle", "sampler", "batch_sampler", "num_workers", "collate_fn"),
    *("pin_memory", "drop_last"),
)
_LOOPS = (ast.For, ast.While)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def turns_of(loop: ast.For) -> ast.expr:
    """What a loop goes through, beneath what counts or shows it."""
    found = loop.iter
    while isinstance(found, ast.Call) and called(found) in _SHOWN and found.args:
        found = found.args[0]
    return found


def loops_around(syntax: ScriptSyntax, node: ast.AST) -> list[ast.For | ast.While]:
    """The loops that a node stands in, the innermost first."""
    return [one for one in syntax.above(node) if isinstance(one, _LOOPS)]


def loader_of(syntax: ScriptSyntax, loop: ast.For | ast.While) -> str:
    """The loader whose batches a loop goes through, by the first name that it has; nothing of other turns."""
    return _named(syntax, turns_of(loop), loop) if isinstance(loop, ast.For) else ""


def _named(syntax: ScriptSyntax, node: ast.expr, loop: ast.AST, depth: int = 0) -> str:
    """The first name of a loader, which others stand for, or it without its first batches."""
    node = node.args[0] if _is_skipped(node) else node
    if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) or depth > DEEPEST:
        return ""
    name = ast.unparse(node)
    if (handed := _handed(syntax, name, loop)) is not None:
        return _named(syntax, *handed, depth + 1)
    made = [one for one in syntax.values.get(name, []) if not (_is_skipped(one) and _begins(one, name))]
    others = {
        _named(syntax, one, loop, depth + 1) for one in made if isinstance(one, ast.Name) or _is_skipped(one)
    }
    is_another = len(others) == 1 and all(isinstance(one, ast.Name) or _is_skipped(one) for one in made)
    return others.pop() if is_another else name


def _begins(call: ast.expr, name: str) -> bool:
    """Whether a call is given that name first."""
    return isinstance(call, ast.Call) and bool(call.args) and ast.unparse(call.args[0]) == name


def _is_skipped(node: ast.expr) -> TypeGuard[ast.Call]:
    """Whether it is a loader without its first batches, as in an epoch that a checkpoint was written in."""
    return isinstance(node, ast.Call) and called(node) == SKIPS and bool(node.args)


def _handed(syntax: ScriptSyntax, name: str, within: ast.AST) -> tuple[ast.expr, ast.Call] | None:
    """What the function around is given for a parameter of that name, and by which call; None of others."""
    function = next((one for one in syntax.above(within) if isinstance(one, _FUNCTIONS)), None)
    places = [one.arg for one in function.args.args if one.arg not in ("self", "cls")] if function else []
    if function is None or name not in places or name in syntax.values:
        return None
    calls = [one for one in syntax.calls if called(one) == function.name]
    if len(calls) != 1 or any(isinstance(one, ast.Starred) for one in calls[0].args):
        return None
    words = dict(zip(places, calls[0].args, strict=False))
    words |= {word.arg: word.value for word in calls[0].keywords if word.arg}
    return (words[name], calls[0]) if name in words else None


def origin_of(syntax: ScriptSyntax, node: ast.expr, within: ast.AST) -> str:
    """The name that something has where it is made, also where a function is given it."""
    return _named(syntax, node, within) or ast.unparse(node)


def prepared(syntax: ScriptSyntax) -> Iterator[ast.Call]:
    """The calls of ``accelerator.prepare``, also of one kind alone: ``prepare_scheduler``."""
    for one in syntax.calls:
        if isinstance(one.func, ast.Attribute) and one.func.attr in _PREPARE:
            yield one


def is_unpacked(syntax: ScriptSyntax) -> bool:
    """Whether a call prepares what a list has, ``prepare(*parts)``."""
    return any(isinstance(word, ast.Starred) for one in prepared(syntax) for word in one.args)


def is_never_prepared(syntax: ScriptSyntax, name: str) -> bool:
    """Whether no call prepares what is made in the script by that name."""
    words = [word for one in prepared(syntax) for word in given_to(one)]
    is_made = any(isinstance(one, ast.Call) and called(one) == LOADER for one in syntax.values.get(name, []))
    return is_made and not is_unpacked(syntax) and all(ast.unparse(one) != name for one in words)


def loader_words(syntax: ScriptSyntax, call: ast.Call) -> dict[str, ast.expr]:
    """What a loader is given, by name, also in a dict that is written out; ``**`` of any other."""
    found = {**dict(zip(_PLACES, call.args, strict=False))}
    for word in call.keywords:
        table = syntax.only(word.value)
        if word.arg:
            found[word.arg] = word.value
        elif isinstance(table, ast.Dict) and all(table.keys):
            found |= items(table)
        else:
            found["**"] = word.value
    return found


def is_on(words: dict[str, ast.expr], name: str) -> bool:
    """Whether a switch of a call is there, and not off."""
    said = words.get(name)
    return said is not None and not (isinstance(said, ast.Constant) and not said.value)


def shared_out(syntax: ScriptSyntax) -> dict[str, int]:
    """By what accelerate prepares, the first line from which on it has its share of the batches alone."""
    calls = [*prepared(syntax)]
    made = [one for one in syntax.nodes if isinstance(one, ast.Assign) and one.value in calls]
    made.sort(key=lambda one: one.lineno, reverse=True)
    return {ast.unparse(target): one.lineno for one in made for target in _targets(one)}


def _targets(made: ast.Assign) -> Iterator[ast.expr]:
    for target in made.targets:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


def is_of_evaluation(name: str) -> bool:
    """Whether a loader, or what is made of its length, is one by its name: ``eval_dataloader``."""
    return any(part in name for part in ("eval", "val_", "valid", "test"))
