"""The functions of a script that are gone through where they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assignments import assignment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_statement import Block, Statement

_CALLERS = {"trap", "export", "declare", "typeset", "unset", "alias", "eval", "command"}


def functions_of(statements: Sequence[Statement]) -> dict[str, list[Statement]]:
    """The functions that are defined once and called as a command, and by nothing else that calls them."""
    found: dict[str, dict[Block, list[Statement]]] = {}
    for one in statements:
        for block in {inside.block for inside in one.path if inside.block.function}:
            found.setdefault(block.function, {}).setdefault(block, []).append(one)
    called = {one.words[0].plain for one in statements if one.words[0].plain not in one.functions}
    hidden = {word.plain for one in statements if _may_call(one.words) for word in one.words[1:]}
    return {
        name: next(iter(blocks.values()))
        for name, blocks in found.items()
        if len(blocks) == 1 and name in called - hidden
    }


def _may_call(words: tuple[RawWord, ...]) -> bool:
    """Whether a command may have a function called that one of its further words names."""
    return words[0].plain in _CALLERS or assignment(words[0]) is not None
