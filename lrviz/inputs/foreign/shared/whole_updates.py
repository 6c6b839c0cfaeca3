"""Updates of an epoch whose last batches are thrown away where they are too few for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings


def whole_updates(run: Settings, batches: int, accum: int, at: str = "") -> int:
    """``floor(batches / accum)``; ``at`` is the setting of the accumulation.

    Raises:
        ConfigError: that is none.

    """
    if batches < accum:
        run.refuse(
            f"an epoch of {batches} batches makes no update of {accum}",
            hint=run.longer("<grad_accum=1>"),
            at=at,
        )
    return run.floor(run.STEPS_PER_EPOCH, batches, accum)
