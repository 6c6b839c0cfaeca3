"""The configs that a config of nanoGPT brings in by itself, as its configurator executes it in ``train.py``.

``from config.base import *`` looks beside that script, ``exec(open("config/base.py").read())`` where it is
started. What is not read, or stands behind a setting, may set every setting that no later line does.

Source: nanoGPT 3adf61e1 (2025-11) ``configurator.py``.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import LrvizError
from lrviz.inputs.foreign.opening import open_beside, script_of
from lrviz.inputs.foreign.shared.merged import over
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lrviz.inputs.foreign.source import Source

_EXECUTED = re.compile(r"exec\(open\((['\"])(?P<file>[^'\"]+\.py)\1\)\.read\(\)\)")
_SETTING = {"exec", "globals().update", "vars().update", "locals().update", "globals().setdefault"}
"""Calls that may set any name of a config."""
_DEEPEST = 9


class _Brought(NamedTuple):
    """What a line brings in: a file, whether that is seen from the script, and which names it may set."""

    line: int
    text: str
    file: str = ""
    is_beside_script: bool = False
    names: frozenset[str] | None = None


def with_executed(config: Source, command: Source, settings: Collection[str], depth: int = 0) -> Source:
    """A config with what it brings in; a setting of that which cannot be known is Unknown."""
    found = script_of(replace(config, language="command", words=(Path(config.name).name,)))
    brought = [*_brought(found[1])] if found else []
    for one in reversed(brought):
        first = min((line for name, line in _lines(config).items() if name in settings), default=0)
        base = _opened(one, config, command) if depth < _DEEPEST else None
        if base is None or 0 < first < one.line:
            config = _unknown(config, one, settings)
        else:
            config = over(config, with_executed(base, command, settings, depth + 1))
    return config


def _brought(module: ast.Module) -> Iterator[_Brought]:
    """All names of a file that a line at the top brings in; of others what they may set."""
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and _is_whole(node):
            file = f"{str(node.module).replace('.', '/')}.py"
            yield _Brought(node.lineno, ast.unparse(node), file, not node.level)
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and ast.unparse(inner.func) in _SETTING:
                text = ast.unparse(inner)
                executed = _EXECUTED.fullmatch(text) if isinstance(node, ast.Expr) else None
                yield _Brought(inner.lineno, text, executed["file"] if executed else "")
            elif isinstance(inner, ast.ImportFrom) and not _is_of_library(inner):
                names = frozenset(one.asname or one.name for one in inner.names)
                yield _Brought(inner.lineno, ast.unparse(inner), names=None if "*" in names else names)


def _is_whole(node: ast.ImportFrom) -> bool:
    return node.names[0].name == "*" and bool(node.module) and not _is_of_library(node)


def _is_of_library(node: ast.ImportFrom) -> bool:
    return (node.module or "").partition(".")[0] in sys.stdlib_module_names


def _opened(one: _Brought, config: Source, command: Source) -> Source | None:
    """The file, seen from the script; where no command tells that, from above the folder of the config."""
    is_command = command.language == "command"
    folder = Path(command.words[0]).parent if is_command and one.is_beside_script else Path()
    path = folder / one.file if is_command else Path("..") / one.file
    try:
        return open_beside(command if is_command else config, str(path)) if one.file else None
    except LrvizError:
        return None


def _lines(config: Source) -> dict[str, int]:
    """The lines of its own that set a name."""
    return {str(path[0]): at.line for path, at in config.places.items() if at.file == config.name}


def _unknown(config: Source, one: _Brought, settings: Collection[str]) -> Source:
    """The config with every setting unknown that no line behind this one sets."""
    later = {name for name, line in _lines(config).items() if line > one.line}
    names = {*settings} & (one.names or {*settings}) - later - {*config.given}
    why = f"line {one.line} of {config.name} brings in what is not read: {one.text}"
    return replace(config, data={**config.data, **{name: Unknown(why, (name,)) for name in names}})
