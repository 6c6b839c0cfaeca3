"""Which lines of a script train more than once: in a loop, or in a function that it calls again.

Who runs the script does not run what stands in a function that none of its lines names: ``_mp_fn`` of a TPU.
"""

from __future__ import annotations

import ast
from typing import Any

from lrviz.inputs.foreign.python.call_syntax import called
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, ScriptSyntax
from lrviz.inputs.foreign.python.trained_lines import trainings
from lrviz.inputs.foreign.python.uncalled import uncalled
from lrviz.notation.text import listed

CHECKPOINT = "resume_from_checkpoint"
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.GeneratorExp)


def trained_again(module: ast.Module) -> dict[int, str]:
    """By its line, what has a training run again: ``the loop in line 3``."""
    trains = trainings(module)
    if not trains:
        return {}
    syntax = ScriptSyntax(module)
    idle = {id(part) for _, nodes in uncalled(module) for one in nodes for part in ast.walk(one)}
    calls = [one for one in syntax.calls if id(one) not in idle]
    found = {one.lineno: _repeats(one, syntax, calls, 0) for one in trains}
    return {line: what for line, what in found.items() if what}


def unless_by_option(resumed: dict[int, Any], module: ast.Module) -> dict[int, Any]:
    """The lines that train from a checkpoint which no option of that name says, by whatever names."""
    syntax = ScriptSyntax(module) if resumed else None
    said = [(one.lineno, key) for one in (syntax.calls if syntax else ()) for key in one.keywords]
    by_option = {
        line
        for line, key in said
        if key.arg == CHECKPOINT and syntax and syntax.mentions(key.value, CHECKPOINT)
    }
    return {line: one for line, one in resumed.items() if line not in by_option}


def _repeats(call: ast.AST, syntax: ScriptSyntax, run: list[ast.Call], depth: int) -> str:
    """The innermost loop around it, or the calls of the function that it stands in."""
    for one in syntax.above(call):
        if isinstance(one, _LOOPS):
            return f"the loop in line {one.lineno}"
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            calls = [other for other in run if called(other) == one.name]
            lines = sorted({other.lineno for other in calls})
            if lines[1:]:
                return f"the calls of {one.name} in lines {listed([*map(str, lines)])}"
            return _repeats(calls[0], syntax, run, depth + 1) if calls and depth < DEEPEST else ""
    return ""
