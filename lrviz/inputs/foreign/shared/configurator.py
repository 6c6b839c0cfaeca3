"""The names of a script over which ``exec(open('configurator.py').read())`` lays configs and options.

What stands before that line are its settings, as the script that is here has them. A setting that it gives
another value behind that line is what nobody said: it is asked for.

Source: nanoGPT 3adf61e1 (2025-11) ``train.py`` and ``configurator.py``.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.opening import script_of, script_text
from lrviz.inputs.foreign.python.python_data import read_python
from lrviz.inputs.foreign.source import DEFAULTS, Source
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_FILE = "configurator.py"
_PER_PROCESS = "gradient_accumulation_steps"
"""Divided by the number of processes, which makes no other curve."""


class _Configured(NamedTuple):
    """A script, and the line that executes the configurator."""

    name: str
    module: ast.Module
    line: int


def script_names(command: Source) -> Source | None:
    """What the script that a command starts has before that line; None where it is not here, or has none."""
    found = configured(command)
    if found is None:
        return None
    before = "\n".join(script_text(command).splitlines()[: found.line - 1])
    return replace(read_python(before, found.name, command.folder, command.given), language=DEFAULTS)


def set_again(command: Source, settings: Collection[str]) -> dict[str, Unknown]:
    """The settings that it gives another value behind that line, where nobody answers for them."""
    found = configured(command)
    if found is None:
        return {}
    asked = {*settings} - {_PER_PROCESS} - {*command.given}
    lines = {one: at for one, at in _assigned(found.module) if at > found.line and one in asked}
    return {one: Unknown(f"line {at} of {found.name} sets it again", (one,)) for one, at in lines.items()}


def lr_formulas(command: Source, function: str) -> tuple[Place, frozenset[str]] | None:
    """Where a function of it begins, and all that this assigns or returns; None as for its names."""
    found = configured(command)
    if found is None:
        return None
    defined = [one for one in found.module.body if isinstance(one, ast.FunctionDef) and one.name == function]
    lines = [line for one in defined for line in ast.walk(one) if isinstance(line, (ast.Assign, ast.Return))]
    formulas = frozenset(ast.unparse(line.value) for line in lines if line.value)
    return Place(found.name, defined[0].lineno if defined else 0), formulas


def as_started(script: Source) -> Source:
    """The command that starts a script, for what is asked of one here."""
    return replace(script, language="command", words=(Path(script.name).name,))


def before_configurator(script: Source, settings: Collection[str]) -> Source:
    """A script with such a line as what stands before it; another file as it is."""
    command = as_started(script)
    read = script_names(command) if script.language == "python" else None
    if read is None:
        return script
    return replace(script, data={**read.data, **set_again(command, settings)}, places=read.places)


def configured(command: Source) -> _Configured | None:
    """The script that a command starts, where it is here and has such a line."""
    found = script_of(command)
    for one in found[1].body if found else ():
        text = ast.unparse(one) if isinstance(one, ast.Expr) else ""
        if found and text.startswith("exec(open(") and _FILE in text:
            return _Configured(*found, one.lineno)
    return None


def _assigned(module: ast.Module) -> Iterator[tuple[str, int]]:
    """The names of the module that its lines set, or that its functions may, and where."""
    inner = [one for one in ast.walk(module) if isinstance(one, (ast.FunctionDef, ast.ClassDef, ast.Lambda))]
    local = {id(one) for outer in inner for one in ast.walk(outer)}
    for one in ast.walk(module):
        if isinstance(one, ast.Global):
            yield from ((name, one.lineno) for name in one.names)
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and id(one) not in local:
            yield one.id, one.lineno
