"""OneCycleLR's own ``epochs`` and ``steps_per_epoch``, which are not the run's keys of those names.

Source: torch 2.13.0 ``optim/lr_scheduler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings


def with_total_steps(run: Settings, params: Mapping[str, Any], at: str) -> dict[str, Any]:
    """The arguments of OneCycleLR with ``total_steps`` alone, which wins over the other two.

    Raises:
        ConfigError: neither is there, or one of the two is missing or no number above 0.

    """
    kept = {name: one for name, one in params.items() if name not in {"epochs", "steps_per_epoch"}}
    if kept.get("total_steps") is not None:
        return kept
    epochs, steps = params.get("epochs"), params.get("steps_per_epoch")
    if not (isinstance(epochs, int) and isinstance(steps, int) and epochs > 0 and steps > 0):
        run.refuse(
            "OneCycleLR takes total_steps, or epochs and steps_per_epoch above 0: it stops",
            hint=f"total_steps: 1000 in {at}",
            at=at,
        )
    return {**kept, "total_steps": run.product("total steps of OneCycleLR", epochs, steps)}
