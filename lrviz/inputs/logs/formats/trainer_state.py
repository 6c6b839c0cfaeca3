"""``trainer_state.json``: what the Trainer of transformers and its kin keep in a checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.logs.log import ANYBODY, Offset
from lrviz.inputs.logs.log_format import LogFormat, Recorded, columns_of
from lrviz.inputs.logs.precision import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.inputs.logs.log_file import LogFile

BEFORE = Offset(-1, "transformers from 4.51 on")
AFTER = Offset(0, "transformers up to 4.50 or with DeepSpeed")


def offsets_of(rates: Iterable[str]) -> tuple[Offset, ...]:
    """The conventions of who calls learning rates so in a tracker."""
    is_trainers = any(name.endswith("train/learning_rate") for name in rates)
    return (BEFORE, AFTER) if is_trainers else ANYBODY


def _claims(file: LogFile) -> bool:
    return isinstance(file.data, dict) and isinstance(file.data.get("log_history"), list)


def _read(file: LogFile) -> Recorded:
    data: Any = file.data
    rows = [row for row in data["log_history"] if isinstance(row, dict) and "step" in row]
    columns = columns_of([row["step"] for row in rows], rows, but=("step", "epoch"))
    total = data.get("max_steps")
    return Recorded(
        columns,
        offsets=_offsets(data, rows),
        precision=FLOAT64,
        total=total if isinstance(total, int) and total > 0 else None,
        steps_per_epoch=_per_epoch(data),
    )


def _offsets(data: dict[str, Any], rows: list[dict[str, Any]]) -> tuple[Offset, ...]:
    """The likelier convention first; ``best_global_step`` came with 4.50."""
    rates = [(row["step"], row["learning_rate"]) for row in rows if "learning_rate" in row]
    is_over = bool(rates) and rates[-1][0] == data.get("max_steps")
    if "best_global_step" not in data or ends_after(rates, is_over=is_over):
        return AFTER, BEFORE
    return BEFORE, AFTER


def ends_after(rates: Sequence[tuple[float, float]], *, is_over: bool) -> bool:
    """Whether it ends on the value behind the run, which is 0 for most schedules: no update uses it."""
    return is_over and len(rates) > 1 and rates[-1][1] == 0 != rates[-2][1]


def _per_epoch(data: dict[str, Any]) -> float | None:
    """Updates in an epoch, which only those of a whole number of epochs tell."""
    total, epochs = data.get("max_steps"), data.get("num_train_epochs")
    done, epoch = data.get("global_step"), data.get("epoch")
    if done and epoch and float(done / epoch).is_integer():
        return float(done / epoch)
    if total and epochs and total % epochs == 0:
        return float(total / epochs)
    return None


TRAINER_STATE = LogFormat(
    "trainer_state.json of transformers",
    known_by="log_history",
    row="x-1 from 4.51 on; x up to 4.50 and with DeepSpeed",
    claims=_claims,
    read=_read,
)
