"""Files that stand for a table (``deepspeed: ds.json``), which may decide all of it: read, or asked for."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.beside import folders_of, is_here, one_of, read_here
from lrviz.inputs.foreign.opening import data_source, open_beside
from lrviz.inputs.foreign.python.opened_files import dumped_to, writing_of
from lrviz.inputs.foreign.python.python_call import plain
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.shared.merged import covered, under
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.words import SUFFIXES

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer

_NONE = ("null", "none")
_BROUGHT: dict[str, Any] = {"zero_optimization": {}}
"""What is known of a table that a trainer brings."""


def with_tables(source: Source, trainer: ForeignTrainer) -> Source:
    """A source with the tables that its files stand for in their places; one that cannot be read is Unknown.

    Text that begins with a brace is the table itself, in JSON. What ``--given`` says wins.
    """
    for name in trainer.tables:
        if name in source.given:
            source = _with_given(source, name, source.given[name])
        elif name in source.data:
            source = _with_said(source, name, _said(source, name), trainer)
    return source


def _said(source: Source, name: str) -> Any:
    """What stands there; what a call gives of its keywords is none of them."""
    value = (
        source.python.calls[0].keywords.get(name)
        if source.language == "python" and source.python.calls
        else None
    )
    if isinstance(value, PythonCall) and name not in source.python.calls[0].changed:
        return Unknown(f"{value.name}() in line {value.line}")
    return source.data[name]


def _with_given(source: Source, name: str, text: str) -> Source:
    if text.lower() in _NONE:
        return _with_value(source, name, None)
    here = replace(source, folder=Path())
    return _inline(source, name, text) if text.startswith("{") else _opened(source, here, name, text)


def _with_said(source: Source, name: str, value: Any, trainer: ForeignTrainer) -> Source:
    if not isinstance(value, str):
        return _with_value(source, name, value)
    if value.startswith("{"):
        return _inline(source, name, value)
    dumped = dumped_to(source.python.calls, value)
    if dumped is not None:
        return _with_value(source, name, plain(dumped))
    found = _holder(source, value)
    if not isinstance(found, Unknown):
        return _opened(source, found, name, value)
    if any(fnmatch(value.removeprefix("./"), pattern) for pattern in trainer.plain_tables):
        text = f"{value} is not here: it is taken as {trainer.name} brings it, without a scheduler"
        source = replace(source, assumed=(*source.assumed, text))
        return _with_value(source, name, dict(_BROUGHT))
    return _with_value(source, name, found)


def _holder(source: Source, file: str) -> Source | Unknown:
    """The source seen from the folder that has the file; Unknown where none has, or others another one."""
    if writes := writing_of(source.python.calls, file):
        return Unknown(f"{file}, which line {writes.line} writes")
    seen = [replace(source, folder=folder) for folder in folders_of(file, source.folder)]
    seen = [one for one in seen if file in source.given or is_here(one, file)]
    suffixes = {*SUFFIXES, Path(file).suffix.lower()}
    found = one_of([read_here(one, file, suffixes) for one in seen], file)
    return found if isinstance(found, Unknown) else seen[0]


def _opened(source: Source, seen: Source, name: str, file: str) -> Source:
    return covered(source, under([name], open_beside(seen, file, source.place((name,)))))


def _inline(source: Source, name: str, text: str) -> Source:
    inline = data_source(text.encode(), str(source.place((name,))), ".json", source.folder)
    return _with_value(source, name, inline.data)


def _with_value(source: Source, name: str, value: Any) -> Source:
    return source.saying({name: value})
