"""The files that a piece of Python within a script writes."""

from __future__ import annotations

import ast
from pathlib import PurePath

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.call_syntax import called, given_to, texts_of
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.written import COPIED

_WRITING = {
    "write",
    "write_text",
    "save",
    "dump",
    "safe_dump",
    "copy",
    "copyfile",
    "move",
    "rename",
    "replace",
}


def files_named(code: str) -> list[str]:
    """What code names beside files that it only reads, if it writes anything."""
    module = _parsed(code)
    return [one for one in _not_read(module) if is_config(one)] if writes_files(code) else []


def writes_files(code: str) -> bool:
    """Whether a piece of Python writes anything."""
    return any(map(_writes, _calls_of(_parsed(code))))


def configs_written(code: str) -> list[str] | None:
    """What a script of Python names beside files that it only reads; None where it writes no text.

    What ``model.save(X)`` writes is none.
    """
    module = _parsed(code)
    calls = [call for call in _calls_of(module) if _writes(call)]
    is_text = any(called(call) != "save" or "OmegaConf" in ast.unparse(call.func) for call in calls)
    return [one for one in _not_read(module) if is_config(one)] if is_text else None


def _not_read(module: ast.Module) -> list[str]:
    """The texts in a piece of Python but the names of files that it reads."""
    read = {id(one) for call in _calls_of(module) for one in _read_by(call)}
    return texts_of(node for node in ast.walk(module) if id(node) not in read)


def _parsed(code: str) -> ast.Module:
    """A piece of Python; an empty one where it is none."""
    try:
        return parse(code, "code")
    except ConfigError:
        return ast.Module([], [])


def _calls_of(module: ast.Module) -> list[ast.Call]:
    return [node for node in ast.walk(module) if isinstance(node, ast.Call)]


def _writes(call: ast.Call) -> bool:
    name = called(call)
    if name in _WRITING:
        return True
    modes = texts_of(given_to(call))
    return name == "open" and any(set(mode) <= set("rwaxbt+") and set(mode) & set("wax+") for mode in modes)


def _read_by(call: ast.Call) -> list[ast.expr]:
    """The files that a call opens and does not write: ``open(X)``, ``load(X)``, ``Path(X).read_text()``."""
    name = called(call)
    if name == "read_text" and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        return call.func.value.args
    return call.args[:1] if name in {"open", "load"} and not _writes(call) else []


def is_config(word: str) -> bool:
    """Whether a word may be a file that a trainer reads."""
    return PurePath(word).suffix.lower() in COPIED and "://" not in word
