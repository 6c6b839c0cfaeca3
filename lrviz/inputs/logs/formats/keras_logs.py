"""Keras: the file of a CSVLogger, and ``History.history`` as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.logs.delimited import Header, header_of, table_of
from lrviz.inputs.logs.log import Offset
from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded
from lrviz.inputs.logs.names_of_columns import place_column
from lrviz.inputs.logs.precision import FLOAT64

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

EPOCHS = (Offset(0, "Keras"), Offset(1, "a callback that reads it at the end of an epoch", in_epochs=True))
_SHORT = 10
"""Characters of a loss that was rounded; Keras writes all of its digits."""
_CALLBACK = "Keras logs it with a LearningRateScheduler or ReduceLROnPlateau alone, before the CSVLogger"


def _is_keras(header: Header) -> bool:
    """``epoch`` first, then the sorted logs, then those of the validation."""
    first, *rest = header.names
    own = [name for name in rest if not name.startswith("val_")]
    place = place_column(header.names)
    return first == "epoch" and own == sorted(own) and "loss" in own and place == ("epoch", "epoch")


def _claims_csv(file: LogFile) -> bool:
    header = header_of(file)
    return header is not None and _is_keras(header) and not _is_rounded(file, header)


def _is_rounded(file: LogFile, header: Header) -> bool:
    """Whether the losses were printed by a loop of one's own, which may have the names of Keras."""
    at = header.names.index("loss")
    rows = (line.split(header.between) for line in file.opening.splitlines()[header.line + 1 :])
    losses = [row[at] for row in rows if len(row) > at]
    return bool(losses) and max(map(len, losses)) < _SHORT


def _read_csv(file: LogFile) -> Recorded:
    return table_of(file, offsets=EPOCHS, precision=FLOAT64, elsewhere=_CALLBACK)


def _claims_history(file: LogFile) -> bool:
    data = file.data
    if not isinstance(data, dict) or not data or not all(map(_is_numbers, data.values())):
        return False
    lengths = {len(one) for one in data.values()}
    return (
        len(lengths) == 1 and lengths != {0} and ("loss" in data or "lr" in data or "learning_rate" in data)
    )


def _is_numbers(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(one, (int, float)) for one in values)


def _read_history(file: LogFile) -> Recorded:
    data: Any = file.data
    epochs = range(len(next(iter(data.values()))))
    columns = {name: RawColumn(epochs, values) for name, values in data.items()}
    return Recorded(columns, unit="epoch", offsets=EPOCHS, precision=FLOAT64, elsewhere=_CALLBACK)


CSV_LOGGER = LogFormat(
    "a CSVLogger's file of Keras",
    known_by="`epoch` first, then sorted columns with loss",
    row="epoch x",
    claims=_claims_csv,
    read=_read_csv,
)
HISTORY = LogFormat(
    "History.history of Keras",
    known_by="lists of numbers of one length, with loss or an LR",
    row="epoch x",
    claims=_claims_history,
    read=_read_history,
)
