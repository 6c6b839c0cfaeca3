"""``all_results.json`` and ``train_results.json`` of transformers: the end of a run, and no learning rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_OWN = ("train_runtime", "eval_runtime", "train_samples_per_second", "eval_samples_per_second")


def _claims(file: LogFile) -> bool:
    return (
        isinstance(file.data, dict)
        and "log_history" not in file.data
        and any(key in file.data for key in _OWN)
    )


def _read(file: LogFile) -> Recorded:
    names = file.data if isinstance(file.data, dict) else {}
    columns = {str(name): RawColumn((), ()) for name in names}
    return Recorded(columns, elsewhere="trainer_state.json in the same folder, or in checkpoint-*/, has it")


ALL_RESULTS = LogFormat(
    "results of transformers",
    known_by="train_runtime, without log_history",
    row="none: trainer_state.json beside it has them",
    claims=_claims,
    read=_read,
)
