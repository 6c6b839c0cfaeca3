"""Which lines of a script train more than once: in a loop, or in a function that it calls again."""

from __future__ import annotations

import ast

from lrviz.inputs.foreign.python.call_syntax import called
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, ScriptSyntax
from lrviz.inputs.foreign.python.trained_lines import trainings
from lrviz.notation.text import listed

_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.GeneratorExp)


def trained_again(module: ast.Module) -> dict[int, str]:
    """By its line, what has a training run again: ``the loop in line 3``."""
    trains = trainings(module)
    syntax = ScriptSyntax(module) if trains else None
    found = {one.lineno: _repeats(one, syntax, 0) for one in trains if syntax}
    return {line: what for line, what in found.items() if what}


def _repeats(call: ast.AST, syntax: ScriptSyntax, depth: int) -> str:
    """The innermost loop around it, or the calls of the function that it stands in."""
    for one in syntax.above(call):
        if isinstance(one, _LOOPS):
            return f"the loop in line {one.lineno}"
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            calls = [other for other in syntax.calls if called(other) == one.name]
            lines = sorted({other.lineno for other in calls})
            if lines[1:]:
                return f"the calls of {one.name} in lines {listed([*map(str, lines)])}"
            return _repeats(calls[0], syntax, depth + 1) if calls and depth < DEEPEST else ""
    return ""
