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
_DEEPEST = 9


class _Brought(NamedTuple):
    """What a line brings in: a file, and whether its path begins where the script is."""

    line: int
    text: str
    file: str
    is_beside_script: bool


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
    for node in module.body:
        text = ast.unparse(node)
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and node.module:
            if node.module.partition(".")[0] not in sys.stdlib_module_names:
                yield _Brought(node.lineno, text, f"{node.module.replace('.', '/')}.py", not node.level)
        elif isinstance(node, ast.Expr) and text.startswith("exec("):
            executed = _EXECUTED.fullmatch(text)
            yield _Brought(node.lineno, text, executed["file"] if executed else "", is_beside_script=False)


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
    names = {*settings} - later - {*config.given}
    why = f"line {one.line} of {config.name} brings in what is not read: {one.text}"
    return replace(config, data={**config.data, **{name: Unknown(why, (name,)) for name in names}})
