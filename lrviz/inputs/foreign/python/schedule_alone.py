"""The way to see a schedule alone, where the script of a command makes one and its loop is not read."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.python.call_syntax import called, keyword
from lrviz.inputs.foreign.python.schedule_calls import is_of_schedule, open_text
from lrviz.inputs.foreign.python.scheduler_calls import BY_NAME
from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax
from lrviz.inputs.foreign.ways_out import SCHEDULE_ALONE
from lrviz.notation.shell import shell_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.source import Source


def schedule_alone(command: Source) -> str:
    """The first schedule that its script calls; any where it is not here, or names none."""
    script = script_of(command) if command.language == "command" else None
    found = next(_calls(ScriptSyntax(script[1])), "") if script else ""
    return alone(found) if found else SCHEDULE_ALONE


def alone(call: str) -> str:
    """The way to see a scheduler by its call."""
    return f"its schedule alone: {shell_line('lrviz', 'show', call, '--lr', 'LR', '--steps', 'N')}"


def _calls(syntax: ScriptSyntax) -> Iterator[str]:
    for one in sorted(syntax.calls, key=lambda call: call.lineno):
        name = called(one)
        if name == BY_NAME and (text := _by_name(one)):
            yield text
        elif is_of_schedule(name) and lookup(name) is not None:
            yield open_text(one)


def _by_name(call: ast.Call) -> str:
    """``get_scheduler`` with the schedule that stands in it; nothing where that is an option's."""
    name = keyword(call, "name") or next(iter(call.args), None)
    if not isinstance(name, ast.Constant):
        return ""
    placed = call.args[1:] if name in call.args else call.args
    named = [one for one in call.keywords if one.value is not name]
    begun, _, rest = open_text(ast.Call(call.func, placed, named)).partition("(")
    return f"{begun}({name.value!r}, {rest}"
