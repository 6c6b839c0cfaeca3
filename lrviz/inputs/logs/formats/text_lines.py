"""Lines of any other loop that name a step and a learning rate: ``step 100 | loss 2.31 | lr 3.0e-04``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from lrviz.inputs.logs.delimited import has_rate, header_of
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
_STEP = rf"(?<![a-z])(?<!--){_COUNTED}{_BETWEEN}(\d+)(?![.\d])"
_EPOCH = rf"(?<![a-z])(?<!--)epochs?{_BETWEEN}(\d+(?:\.\d+)?)"
_NAME = r"(?:[\w/-]{0,40}[_/-])?(?:lrs?|learning[_ ]rates?)(?:[_/-]?\w{0,40})?"
_RATE = rf"(?<![a-z])(?<!--)({_NAME}){_BETWEEN}({_NUMBER})(?![\w%])"
_BATCH = rf"(?<![a-z])(?<!--)(?:{_COUNTED}|batch){_BETWEEN}(\d+)(?:\s*/\s*(\d+))?(?![.\d])"
_BATCH_OF = r"\]\s*\[\s*(\d+)\s*/\s*(\d+)\s*\]"
_UPDATES = rf"num_updates{_BETWEEN}(\d+)"
_OF_ALL = r"(?<![\w/.:-])(\d+)/\d+(?![\d/.])"
_PLACES: tuple[tuple[Unit, str], ...] = (
    *(("update", _UPDATES), ("update", _STEP)),
    *(("epoch", _EPOCH), ("update", _OF_ALL)),
)


def _place(text: str) -> tuple[Unit, re.Pattern[str]] | None:
    """What the lines with a learning rate are counted in."""
    rated = [line for line in text.splitlines() if re.search(_RATE, line, re.IGNORECASE)]
    for unit, place in _PLACES:
        if any(re.search(place, line, re.IGNORECASE) for line in rated):
            return unit, re.compile(place, re.IGNORECASE)
    return None


def _rows(text: str, place: re.Pattern[str]) -> list[tuple[str, dict[str, str]]]:
    """The place and the learning rates of every line that has both."""
    rate, rows = re.compile(_RATE, re.IGNORECASE), []
    for line in re.split(r"[\r\n]+", text):
        at = place.search(line)
        found = {name: value for name, value in rate.findall(line) if is_rate(name)} if at else {}
        if at and found:
            rows.append((at[1], found))
    return rows


def _by_batch(text: str) -> Recorded | None:
    """Rows that name an epoch and the batch in it, which begins anew with each; None of any others."""
    rate, epoch = re.compile(_RATE, re.IGNORECASE), re.compile(_EPOCH, re.IGNORECASE)
    batch = re.compile(_BATCH_OF if re.search(_BATCH_OF, text) else _BATCH, re.IGNORECASE)
    rows: list[dict[str, str]] = []
    lengths: set[str | None] = set()
    for line in re.split(r"[\r\n]+", text):
        found = {name: value for name, value in rate.findall(line) if is_rate(name)}
        in_epoch, at = epoch.search(line), batch.search(line)
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
    rate = re.compile(_RATE, re.IGNORECASE)
    rows = [
        (line, place.search(line), rate.findall(line)) for line in re.split(r"[\r\n]+", file.opening)[:-1]
    ]
    first = [(line, at, found) for line, at, found in rows if at and found]
    if not first or any(len(found) != 1 for _, _, found in first):
        return {}
    line, at, ((name, _),) = first[0]
    spot = rate.search(line, at.end())
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
    header = header_of(file)
    if not file.is_text or file.data is not None or head_of(file) or (header and has_rate(header)):
        return False
    place = _place(file.opening)
    return place is not None and len({at for at, _ in _rows(file.opening, place[1])}) > 1


def _read(file: LogFile) -> Recorded:
    unit, place = _place(file.opening) or ("update", re.compile(_STEP))
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
