"""``run-….wandb``, the transaction log of Weights & Biases: blocks of 32 KiB with pieces of records."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any
from zlib import crc32

from lrviz.inputs.logs.formats.trainer_state import offsets_of
from lrviz.inputs.logs.log_format import RECORD_TORN, LogFormat, Recorded, columns_of
from lrviz.inputs.logs.names_of_columns import is_rate, place_column
from lrviz.inputs.logs.precision import FLOAT64
from lrviz.inputs.logs.wire import fields, text_of
from lrviz.notation.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.logs.log_file import LogFile

_MAGIC, _HEADER = b":W&B", 7
_BLOCK, _PIECE = 1 << 15, 7
_WHOLE, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_HISTORY, _ITEM, _STEP = 2, 1, 2
_KEY, _NESTED, _JSON = 1, 2, 16


def _claims(file: LogFile) -> bool:
    return file.raw.startswith(_MAGIC)


def _read(file: LogFile) -> Recorded:
    rows, torn = [], tuple[Finding, ...]()
    try:
        for record in _records(file.raw):
            rows += [_row(value) for number, value in fields(record) if number == _HISTORY]
    except ValueError:
        torn = (RECORD_TORN,)
    names = list(dict.fromkeys(name for row in rows for name in row))
    rates = [name for name in names if is_rate(name)]
    with_rate = [name for name in names if any(name in row and rate in row for row in rows for rate in rates)]
    place, unit = place_column(with_rate) or ("_step", "update")
    x = [row.get(place) for row in rows]
    return Recorded(
        columns_of(x, rows, but=(place,)),
        unit=unit,
        offsets=offsets_of(rates),
        precision=FLOAT64,
        findings=torn,
    )


def _records(raw: bytes) -> Iterator[bytes]:
    """The records, put together from their pieces.

    Raises:
        ValueError: one is cut short, or its checksum is another.

    """
    at, parts = _HEADER, b""
    while at + _PIECE <= len(raw):
        left = _BLOCK - at % _BLOCK
        if left < _PIECE:
            at += left
            continue
        checksum, size, kind = struct.unpack_from("<IHB", raw, at)
        piece = raw[at + _PIECE : at + _PIECE + size]
        if kind == 0 and not (checksum or size):  # what a block is filled up with
            at += left
            continue
        if len(piece) < size or crc32(bytes([kind]) + piece) != checksum:
            raise ValueError("it ends within a record")
        at += _PIECE + size
        parts = piece if kind in (_WHOLE, _FIRST) else parts + piece
        if kind in (_WHOLE, _LAST):
            yield parts


def _row(message: int | bytes) -> dict[str, Any]:
    """What one call logged, by name; names within names are joined by points."""
    row: dict[str, Any] = {}
    for number, value in fields(message) if isinstance(message, bytes) else ():
        if number == _ITEM and isinstance(value, bytes):
            parts = list(fields(value))
            name = ".".join(text_of(one) for key, one in parts if key in (_KEY, _NESTED) and one)
            row[name] = next((_loaded(text_of(one)) for key, one in parts if key == _JSON), None)
        elif number == _STEP and isinstance(value, bytes):
            row["_step"] = next((one for key, one in fields(value) if key == 1), 0)
    return row


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


WANDB_RUN = LogFormat(
    "a run of Weights & Biases",
    known_by="its first bytes, :W&B",
    row="the loop's own; x-1 of train/learning_rate",
    claims=_claims,
    read=_read,
)
