"""Lines of any other loop that name a step and a learning rate: ``step 100 | loss 2.31 | lr 3.0e-04``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from lrviz.inputs.logs.delimited import column_names
from lrviz.inputs.logs.formats.json_rows import head_of
from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded, columns_of
from lrviz.inputs.logs.names_of_columns import is_rate
from lrviz.inputs.logs.placing import EPOCH, placed_in_epochs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.logs.log import Unit
    from lrviz.inputs.logs.log_file import LogFile

_BETWEEN = r"[\"']?\s*[:=#]?\s*[\"'\[(]?\s*"
_NUMBER = r"[-+]?(?:\d{1,20}\.?\d{0,40}|\.\d{1,40})(?:[eE][-+]?\d{1,4})?|nan|-?inf"
_COUNTED = r"(?:(?:global|training|train)[_ ]?)?(?:steps?|iter(?:ation)?s?|num_updates|updates?)"
_STEP = re.compile(rf"(?<![a-z])(?<!--){_COUNTED}{_BETWEEN}(\d+)(?![.\d])", re.IGNORECASE)
_EPOCH = re.compile(rf"(?<![a-z])(?<!--)epochs?{_BETWEEN}(\d+(?:\.\d+)?)", re.IGNORECASE)
_NAME = r"(?:[\w/-]{0,40}[_/-])?(?:lrs?|learning[_ ]rates?)(?:[_/-]?\w{0,40})?"
_RATE = re.compile(rf"(?<![a-z])(?<!--)({_NAME}){_BETWEEN}({_NUMBER})(?![\w%])", re.IGNORECASE)
_BATCH = re.compile(
    rf"(?<![a-z])(?<!--)(?:{_COUNTED}|batch){_BETWEEN}(\d+)(?:\s*/\s*(\d+))?(?![.\d])", re.IGNORECASE
)
_BATCH_OF = re.compile(r"\]\s*\[\s*(\d+)\s*/\s*(\d+)\s*\]")
_UPDATES = re.compile(rf"num_updates{_BETWEEN}(\d+)", re.IGNORECASE)
_OF_ALL = re.compile(r"(?<![\w/.:-])(\d+)/\d+(?![\d/.])")
_ENDS = re.compile(r"[\r\n]+")
_PLACES: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    *(("update", _UPDATES), ("update", _STEP)),
    *(("epoch", _EPOCH), ("update", _OF_ALL)),
)


def _place(text: str) -> tuple[Unit, re.Pattern[str]] | None:
    """What the lines with a learning rate are counted in."""
    rated = [line for line in text.splitlines() if _RATE.search(line)]
    return next((one for one in _PLACES if any(map(one[1].search, rated))), None)


def _rates(line: str) -> dict[str, str]:
    """The learning rates of a line, by name."""
    return {name: value for name, value in _RATE.findall(line) if is_rate(name)}


def _rows(text: str, place: re.Pattern[str]) -> list[tuple[str, dict[str, str]]]:
    """The place and the learning rates of every line that has both."""
    rows = []
    for line in _ENDS.split(text):
        at = place.search(line)
        found = _rates(line) if at else {}
        if at and found:
            rows.append((at[1], found))
    return rows


def _by_batch(text: str) -> Recorded | None:
    """Rows that name an epoch and the batch in it, which begins anew with each; None of any others."""
    batch = _BATCH_OF if _BATCH_OF.search(text) else _BATCH
    rows: list[dict[str, str]] = []
    lengths: set[str | None] = set()
    for line in _ENDS.split(text):
        in_epoch, at = _EPOCH.search(line), batch.search(line)
        found = _rates(line) if in_epoch and at else {}
        if found and in_epoch and at:
            rows.append({**found, EPOCH: in_epoch[1], "batch": at[1]})
            lengths.add(at[2])
    if not rows:
        return None
    columns = columns_of((), rows)
    length = lengths.pop() if len(lengths) == 1 else None
    return placed_in_epochs({name: raw.cells for name, raw in columns.items()}, "batch", length)


def _alike(file: LogFile, place: re.Pattern[str]) -> dict[str, RawColumn]:
    """The one learning rate of lines that are all written alike, many times faster; nothing of others."""
    rows = [(line, place.search(line), _RATE.findall(line)) for line in _ENDS.split(file.opening)[:-1]]
    first = [(line, at, found) for line, at, found in rows if at and found]
    if not first or any(len(found) != 1 for _, _, found in first):
        return {}
    line, at, ((name, _),) = first[0]
    spot = _RATE.search(line, at.end())
    if spot is None or at.start() == at.start(1):  # no word would tell the number of the place
        return {}
    before, between = (_spaced(one[0][: one.start(of) - one.start()]) for one, of in ((at, 1), (spot, 2)))
    found = re.findall(rf"{before}([\d.]+)[^\n\r]*?{between}([^\s,;|'\"\])}}]+)", file.text)
    if len(found) < len(first):
        return {}
    return {name: RawColumn([step for step, _ in found], [value for _, value in found])}


def _spaced(text: str) -> str:
    """A pattern of a text, with any blanks where it has one."""
    return r"\s+".join(map(re.escape, text.split(" "))).replace(r"\s+\s+", r"\s+")


def _claims(file: LogFile) -> bool:
    if not file.is_text or file.data is not None or head_of(file) or any(map(is_rate, column_names(file))):
        return False
    place = _place(file.opening)
    return place is not None and len({at for at, _ in _rows(file.opening, place[1])}) > 1


def _read(file: LogFile) -> Recorded:
    unit, place = _place(file.opening) or ("update", _STEP)
    columns = _alike(file, place)
    if not columns:
        rows = _rows(file.text, place)
        columns = columns_of([step for step, _ in rows], [row for _, row in rows])
    by_batch = None if _ascends(columns) else _by_batch(file.text)
    return by_batch or Recorded(columns, unit=unit)


def _ascends(columns: Mapping[str, RawColumn]) -> bool:
    """Whether each row stands behind the one before."""
    x = next(iter(columns.values())).x if columns else ()
    return bool((np.diff(np.array(x, dtype=np.float64)) > 0).all())


TEXT_LINES = LogFormat(
    "lines of text",
    known_by="lines with a step and an LR, `step 100 lr 3e-4`",
    row="the loop's own: x, x-1 or x+1",
    claims=_claims,
    read=_read,
    is_base=True,
)
