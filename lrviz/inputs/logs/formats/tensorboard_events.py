"""Event files of TensorBoard: records of a length, its checksum, an ``Event`` and its checksum."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from lrviz.inputs.logs.formats.trainer_state import offsets_of
from lrviz.inputs.logs.log_format import RECORD_TORN, LogFormat, RawColumn, Recorded
from lrviz.inputs.logs.names_of_columns import is_rate
from lrviz.inputs.logs.precision import FLOAT64
from lrviz.inputs.logs.wire import fields, float_of, signed, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.logs.log_file import LogFile
    from lrviz.notation.finding import Finding

_BEFORE, _BEHIND = 12, 4
"""Bytes of the length and its checksum, and of the checksum of what it is the length of."""
_VERSION = b"brain.Event:"
_STEP, _SUMMARY = 2, 5
_VALUE = 1
_TAG, _SIMPLE, _TENSOR = 1, 2, 8
_CONTENT, _FLOAT, _DOUBLE = 4, 5, 6


def _claims(file: LogFile) -> bool:
    return file.raw[_BEFORE : _BEFORE + 64].find(_VERSION) >= 0


def _read(file: LogFile) -> Recorded:
    steps: dict[str, list[int]] = {}
    values: dict[str, list[float]] = {}
    torn: tuple[Finding, ...] = ()
    try:
        for step, tag, value in _scalars(file.raw):
            steps.setdefault(tag, []).append(step)
            values.setdefault(tag, []).append(value)
    except ValueError:
        torn = (RECORD_TORN,)
    columns = {tag: RawColumn(steps[tag], values[tag]) for tag in steps}
    rates = tuple(filter(is_rate, columns))
    return Recorded(
        columns,
        rates=rates,
        offsets=offsets_of(rates),
        precision=FLOAT64,
        findings=torn,
    )


def _scalars(raw: bytes) -> Iterator[tuple[int, str, float]]:
    """Step, tag and value of every scalar.

    Raises:
        ValueError: a record is cut short.

    """
    for event in _records(raw):
        found = dict[int, int | bytes]()
        values: list[bytes] = []
        for number, value in fields(event):
            found[number] = value
            if number == _SUMMARY and isinstance(value, bytes):
                values += [one for key, one in fields(value) if key == _VALUE and isinstance(one, bytes)]
        step = found.get(_STEP, 0)
        for own in map(_scalar, values):
            if own is not None:
                yield signed(step) if isinstance(step, int) else 0, *own


def _records(raw: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(raw):
        if at + _BEFORE > len(raw):
            raise ValueError("it ends within a length")
        (size,) = struct.unpack_from("<Q", raw, at)
        at += _BEFORE
        if at + size + _BEHIND > len(raw):
            raise ValueError("it ends within a record")
        yield raw[at : at + size]
        at += size + _BEHIND


def _scalar(message: bytes) -> tuple[str, float] | None:
    """The tag and the one number of a summary's value."""
    tag, number = "", None
    for key, value in fields(message):
        if key == _TAG:
            tag = text_of(value)
        elif key == _SIMPLE:
            number = float_of(value)
        elif key == _TENSOR and isinstance(value, bytes):
            numbers = [float_of(one) for kind, one in fields(value) if kind in (_CONTENT, _FLOAT, _DOUBLE)]
            number = numbers[0] if len(numbers) == 1 else None
    return (tag, number) if tag and number is not None else None


TENSORBOARD_EVENTS = LogFormat(
    "events of TensorBoard",
    known_by="its first record names brain.Event",
    row="the loop's own; x-1 of train/learning_rate",
    claims=_claims,
    read=_read,
)
