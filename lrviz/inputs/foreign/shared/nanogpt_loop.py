"""The training loop of nanoGPT's ``train.py``: what sets the LR, counts the updates and ends it.

These statements, with the conditions around them, are held against those of all its versions, in their order.

Source: karpathy/nanoGPT ``train.py``, all commits of 2022-12 to 2025-11.
"""

from __future__ import annotations

import ast
from itertools import chain, product
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.call_syntax import EXITS
from lrviz.inputs.foreign.shared.configurator import configured
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.source import Source

_LOOP = "while True"
_GROUPS = "for param_group in optimizer.param_groups"
_SETS = (
    ("lr = get_lr(iter_num) if decay_lr else learning_rate", f"{_GROUPS}: param_group['lr'] = lr"),
    (
        "if decay_lr: lr = get_lr(iter_num)",
        f"if decay_lr: {_GROUPS}: param_group['lr'] = lr",
        "else of decay_lr: lr = learning_rate",
    ),
)
_EVALUATED = ((), ("if iter_num == 0 and eval_only: break",))
_UPDATES = (
    ("scaler.step(optimizer)",),
    ("optimizer.step()",),
    ("if scaler: scaler.step(optimizer)", "else of scaler: optimizer.step()"),
    ("if dtype == 'float16': scaler.step(optimizer)", "else of dtype == 'float16': optimizer.step()"),
)
_COUNTED = (("iter_num += 1",),)
_EARLIER = "if iter_num >= max_iters: break"
_ENDS = (("if iter_num > max_iters: break",), (_EARLIER,))
_PARTS = (_SETS, _EVALUATED, _UPDATES, _COUNTED, _ENDS)
_KNOWN = frozenset(tuple(f"{_LOOP}: {one}" for one in chain(*parts)) for parts in product(*_PARTS))
_BEFORE = {"iter_num = 0", "iter_num = checkpoint['iter_num']"}
"""What numbers the first update, wherever it stands before the loop."""

_WATCHED = {"lr", "iter_num", "get_lr"}
_NO_LR = ("scaler.", "save", "hasattr", "isinstance", "zero_grad", "state_dict")
"""Part of what may be called with the optimizer and leaves its LR as it is."""


class _Statement(NamedTuple):
    """A watched statement, with the conditions and loops around it."""

    line: int
    text: str


def ends_earlier(command: Source, *, is_known: bool) -> bool:
    """Whether the script that is here ends with update ``max_iters``, as nanoGPT did in 2022, not one later.

    Raises:
        ConfigError: its loop is none of nanoGPT's, and nobody says that it does the same.

    """
    found = configured(command)
    if found is None:
        return False
    watched = [one for one in _statements(found.module.body) if one.text not in _BEFORE]
    other = None if is_known else _first_other(watched)
    if other is not None:
        what = f"its training loop is not nanoGPT's: {other.text.removeprefix(f'{_LOOP}: ')}"
        hint = "--given loop=nanogpt where it gives the same LR in as many updates"
        raise ConfigError(f"{Place(found.name, other.line)}: {what}", hint=hint)
    return f"{_LOOP}: {_EARLIER}" in {one.text for one in watched}


def _first_other(watched: list[_Statement]) -> _Statement | None:
    """The first that no version has; else the first out of its place; None where a version has them all."""
    texts = tuple(one.text for one in watched)
    if texts in _KNOWN:
        return None
    known = {text for version in _KNOWN for text in version}
    out_of_place = (
        one
        for at, one in enumerate(watched)
        if not any(version[: at + 1] == texts[: at + 1] for version in _KNOWN)
    )
    others = (one for one in watched if one.text not in known)
    return next(others, next(out_of_place, _Statement(0, "part of it is missing")))


def _statements(
    body: list[ast.stmt],
    around: tuple[str, ...] = (),
    *,
    is_inner: bool = False,
    loop: ast.stmt | None = None,
) -> Iterator[_Statement]:
    """The watched ones of a block, in order: ``around`` it are these headers, the ``loop`` the nearest."""
    for one in body:
        own = [
            part for part in ast.iter_child_nodes(one) if not isinstance(part, (ast.stmt, ast.ExceptHandler))
        ]
        if _is_watched(one, own, is_inner=is_inner, loop=loop):
            text = _header(one) or ast.unparse(one)
            yield _Statement(one.lineno, text if text in _BEFORE else ": ".join((*around, text)))
        nearest = one if isinstance(one, (ast.While, ast.For)) else loop
        inner = is_inner or isinstance(one, (ast.FunctionDef, ast.ClassDef))
        for header, block in _blocks(one):
            yield from _statements(block, (*around, *header), is_inner=inner, loop=nearest)


def _blocks(one: ast.stmt) -> Iterator[tuple[tuple[str, ...], list[ast.stmt]]]:
    """The blocks of a statement, each with what it puts around them."""
    header = _header(one)
    yield (header,) if header else (), getattr(one, "body", [])
    test = header.removeprefix("if ")
    yield (f"else of {test}",), getattr(one, "orelse", [])
    yield (), getattr(one, "finalbody", [])
    for handler in getattr(one, "handlers", []):
        yield ("except",), handler.body


def _header(one: ast.stmt) -> str:
    """The first line of a condition, loop or function; blocks of ``with`` and ``try`` run as they stand."""
    if isinstance(one, (ast.If, ast.While, ast.For, ast.FunctionDef)):
        return ast.unparse(one).lstrip("\n").split("\n", 1)[0].removesuffix(":")
    return ""


def _is_watched(one: ast.stmt, own: list[ast.AST], *, is_inner: bool, loop: ast.stmt | None) -> bool:
    """Whether a statement sets the LR, counts an update, makes one or ends the loop that counts them."""
    parts = [node for part in own for node in ast.walk(part)]
    if any(_is_rate(node) for node in parts) or (isinstance(one, ast.Global) and _WATCHED & {*one.names}):
        return True
    stored = {node.id for node in parts if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    if not is_inner and _WATCHED & stored:
        return True
    if loop is None or is_inner:
        return False
    is_end = isinstance(one, (ast.Break, ast.Continue)) and _counts(loop)
    return is_end or any(_is_update_or_exit(node) for node in parts)


def _is_rate(node: ast.AST) -> bool:
    """Whether it is the ``["lr"]`` of a group that is set, or ``update(lr=…)``."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return isinstance(node.slice, ast.Constant) and node.slice.value == "lr"
    is_update = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".update")
    return is_update and any(one in ast.unparse(node) for one in ("(lr=", ", lr=", "param_group"))


def _is_update_or_exit(node: ast.AST) -> bool:
    """Whether it is a call that steps, that may set what the optimizer has, or that ends the run."""
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    has_optimizer = any(ast.unparse(one).startswith("optimizer") for one in node.args)
    is_setter = has_optimizer and not any(one in called for one in _NO_LR)
    is_step = called.endswith(".step") and not called.startswith("prof")
    return is_step or is_setter or called in EXITS


def _counts(loop: ast.stmt) -> bool:
    """Whether a loop itself sets the number of its update."""
    names = (one for one in ast.walk(loop) if isinstance(one, ast.Name) and one.id == "iter_num")
    return any(isinstance(one.ctx, ast.Store) for one in names)
