"""Updates that overflow under fp16: they are skipped, and the scheduler is not stepped either.

Source: torch 2.13.0 ``amp/grad_scaler.py``; transformers 5.23.0 ``trainer.py``, accelerate 1.15.0
``scheduler.py``, Megatron-LM ``training/training.py`` and DeepSpeed 0.19.8 ``runtime/engine.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_FP16, _PRECISION = "fp16", "mixed_precision"


def note_fp16(run: Settings) -> None:
    """Say of a run in fp16, by its own settings or its launcher's, that its LR may lag."""
    launched = run.source.launch.options.get(_PRECISION)
    precision = run.raw(_PRECISION) or (launched.text if launched else "")
    said = run.raw(_FP16)
    is_on = said is True or str(said).lower() == "true" or precision == _FP16
    if is_on or (isinstance(said, dict) and said.get("enabled") is True):
        run.note("fp16-skips", "fp16: an update that overflows is skipped, and the schedule stands still")
