"""The points of a curve, read from a file of values or a log: each row is one."""

from __future__ import annotations

import stat
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.errors import SpecError
from lrviz.inputs.words import file_and_curve
from lrviz.notation.nearest import nearest
from lrviz.notation.spec import Call, Spec
from lrviz.notation.text import few
from lrviz.resolve.keys import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lrviz.inputs.curve_file import CurveFile
    from lrviz.inputs.logs.log import Log
    from lrviz.notation.finding import Finding
    from lrviz.notation.spec import Value


def with_points(spec: Spec) -> Spec:
    """The spec, and those inside it, with the points of the file that it names.

    Raises:
        LrvizError: it goes through no points or says them too, or the file has none.

    """
    params = {key: _inside(value) for key, value in spec.params}
    place = params.pop(FILE, None)
    if place is not None:
        entry = find(spec.name)
        param = entry.by_role(Role.POINTS)
        if param is None:
            raise SpecError(f"{entry.id} goes through no points of a file", hint=f"points:{FILE}={place}")
        if params.get(param.name) is not None:
            raise SpecError(f"{FILE} and {param.name} both say the points", hint="leave one of them out")
        params[param.name] = _points(str(place))
    return Spec(spec.name, tuple(params.items()), spec.unknown)


def findings_of(spec: Spec) -> Iterator[Finding]:
    """What is worth saying of the logs that the spec, and those inside it, have their points of."""
    for key, value in spec.params:
        curve = open_curve(str(value)) if key == FILE else None
        for finding in getattr(curve, "findings", ()):
            yield finding._replace(text=f"{value}: {finding.text}")
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Call):
                yield from findings_of(Spec(one.name, one.params))


def _inside(value: Value) -> Value:
    """A value whose schedules have their points."""
    if isinstance(value, tuple):
        return tuple(map(_inside, value))
    if isinstance(value, Call):
        inner = with_points(Spec(value.name, value.params))
        return Call(inner.name, inner.params)
    return value


def open_curve(place: str) -> CurveFile | Log:
    """The file of values or the log that ``FILE`` or ``FILE:COLUMN`` names.

    Raises:
        LrvizError: it cannot be read, or is another kind of file.

    """
    return _opened(place, _state(Path(file_and_curve(place)[0])))


def _state(path: Path) -> tuple[object, ...]:
    """What is another where a file is another, or was written again; a pipe stays what it is."""
    try:
        found = path.stat()
    except OSError:
        return ()
    written = (found.st_mtime_ns, found.st_size) if stat.S_ISREG(found.st_mode) else ()
    return (found.st_dev, found.st_ino, *written)


@lru_cache(maxsize=64)  # one file may serve several schedules, and a pipe can be read only once
def _opened(place: str, _: tuple[object, ...]) -> CurveFile | Log:
    from lrviz.inputs.curve_file import CurveFile
    from lrviz.inputs.logs.log import Log
    from lrviz.inputs.opened import open_path

    file, column = file_and_curve(place)
    found = open_path(Path(file), column)
    if not isinstance(found, (CurveFile, Log)):
        raise SpecError(f"{file}: neither values of a curve nor a log", hint=f"<{FILE}=lr.csv>")
    return found


def _points(place: str) -> tuple[str, ...]:
    """``step:LR`` for each row that has one, as they are typed.

    Raises:
        SpecError: there are several columns, and none is named, or it has no value, or one that is no number.

    """
    curve = open_curve(place)
    named = file_and_curve(place)[1]
    columns = _columns(curve)
    if named not in columns and (named or len(columns) > 1):
        which = f"and no {named}" if named else "which of them?"
        meant = nearest(named, columns) or next(iter(columns))
        text = f"{curve.name} has the curves {few(columns)}{' ' if named else ': '}{which}"
        raise SpecError(text, hint=f"<{FILE}={curve.name}:{meant}>")
    at, values, unit = columns.get(named) or next(iter(columns.values()))
    odd = np.flatnonzero(~np.isfinite(values))
    if odd.size:
        text = f"{place}: the LR at {at[odd[0]]:g}{unit} is {values[odd[0]]:g}"
        raise SpecError(text, hint="take out that row: points have numbers")
    points = tuple(f"{x!r}{unit}:{y!r}" for x, y in zip(at.tolist(), values.tolist(), strict=True) if x >= 0)
    if not points:
        raise SpecError(f"{place}: no learning rate in it", hint="name another file")
    return points


def _columns(curve: CurveFile | Log) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64], str]]:
    """The places, the values and the unit of each column; a log's at the updates that its rows are of.

    Raises:
        SpecError: one begins before 0.

    """
    if isinstance(curve.columns, dict):
        return {name: (curve.steps.astype(float), values, "") for name, values in curve.columns.items()}
    for one in curve.columns:
        if one.x[0] < 0:
            raise SpecError(f"{curve.name}: {one.name} stands at {one.x[0]:g}", hint="steps count from 0 on")
    return {
        one.name: (one.x + one.offset, one.values, "")
        if one.unit == "update"
        else (one.x + one.offset * one.offsets[0].in_epochs, one.values, "ep")
        for one in curve.columns
    }
