"""Python files of strangers as data: constants, names, ``dict()``, arithmetic, bases and calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.environment import Start
from lrviz.inputs.foreign.python.imported_classes import imported_overrides
from lrviz.inputs.foreign.python.imported_groups import group_makers
from lrviz.inputs.foreign.python.located import Settled
from lrviz.inputs.foreign.python.modules_beside import Modules
from lrviz.inputs.foreign.python.own_optimizers import grouped_at, regrouped_at
from lrviz.inputs.foreign.python.python_arguments import are_arguments
from lrviz.inputs.foreign.python.python_base import Family
from lrviz.inputs.foreign.python.python_changes import assigned_attributes, written_places
from lrviz.inputs.foreign.python.python_fields import added_fields, parsed_classes
from lrviz.inputs.foreign.python.python_overrides import overrides_of
from lrviz.inputs.foreign.python.python_script import PythonCall, PythonScript
from lrviz.inputs.foreign.python.python_syntax import parse, too_deep
from lrviz.inputs.foreign.python.trained_again import trained_again, unless_by_option
from lrviz.inputs.foreign.python.trained_lines import untrained
from lrviz.inputs.foreign.source import Source
from lrviz.inputs.foreign.word import Word

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Mapping

    from lrviz.inputs.foreign.python.python_reader import Reader

_DEFAULTS = "its options are taken at their defaults: -- python, its name and options say others"


def read_python(
    text: str,
    name: str,
    folder: Path,
    given: Mapping[str, str] | None = None,
    start: Start | None = None,
) -> Source:
    """What the names of a Python file are, and what it calls; those that are ``given`` are that.

    ``start`` is how a command starts it, where there is one.

    Raises:
        ConfigError: it is no Python, or a base it names cannot be read or does not fit.

    """
    family = Family(given or {}, Modules(folder), start or Start())
    try:
        module = parse(text, name)
        reader, table = family.read(text, name, folder, folder / Path(name).name)
        settled = Settled(name, family.spoiled)
        data = settled.data(table)
        script = _script(module, reader, family, folder)
    except RecursionError:
        raise too_deep(name) from None
    return Source(
        name,
        "python",
        data,
        settled.places,
        python=script,
        argv=tuple(map(Word.of, reader.argv or ())),
        folder=folder,
        files=_files(family, reader, script),
        assumed=_assumed(reader, script, is_started=start is not None),
    )


def _files(family: Family, reader: Reader, script: PythonScript) -> tuple[str, ...]:
    """What was read beside a file: its bases, what it opens, and modules whose classes it trains with."""
    classes = {one.file for one in script.overrides}
    overriding = [one for one in family.beside.files if one in classes]
    return tuple(dict.fromkeys((*family.opener.files, *reader.files, *overriding)))


def _assumed(reader: Reader, script: PythonScript, *, is_started: bool) -> tuple[str, ...]:
    """What is taken for granted of it; also its options, where no command starts it."""
    reads_options = reader.reads_options or (bool(script.parsed) and reader.argv is None)
    by_default = (_DEFAULTS,) if reads_options and not is_started else ()
    return (*by_default, *reader.environment.notes, *reader.lengths.notes, *reader.notes)


def _script(module: ast.Module, reader: Reader, family: Family, folder: Path) -> PythonScript:
    """What a file does, by what is read of it and by its syntax."""
    imported = imported_overrides(module, folder, family.beside, _handed(reader.calls))
    return PythonScript(
        calls=tuple(reader.calls),
        imports=tuple(reader.imports),
        overrides=(*overrides_of(module), *imported),
        grouped_at=grouped_at(module),
        group_makers=group_makers(module, folder, family.beside),
        regrouped_at=regrouped_at(module),
        trainings=tuple(reader.trainings.values()),
        resumed=unless_by_option(reader.resumed, module),
        untrained=untrained(module, reader.branches),
        repeated=trained_again(module),
        parsed=parsed_classes(module),
        changed=reader.parsed.changed,
        attributes=assigned_attributes(module),
        written=written_places(module),
        own_fields=added_fields(module),
        has_bases=bool(family.opener.files),
        start=family.start,
    )


def _handed(calls: Iterable[PythonCall]) -> frozenset[tuple[int, str]]:
    """The calls, by line and name, that are given the arguments of a Trainer."""
    given = (((one.line, one.name), (*one.arguments, *one.keywords.values())) for one in calls)
    return frozenset(which for which, values in given if any(map(are_arguments, values)))
