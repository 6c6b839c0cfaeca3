"""Megatron's batches: how processes share them out, and when a run ends before its length.

Source: megatron-core 0.17.1 and 0.19.2, ``training/arguments.py``, ``core/num_microbatches_calculator.py``;
megatron-bridge 0.6.2, ``training/config.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.lookup import ONE_PROCESS
from lrviz.inputs.foreign.setting import Setting, whole

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.pace import Pace

PARALLEL = (
    Setting("tensor_model_parallel_size", whole, 1),
    Setting("pipeline_model_parallel_size", whole, 1),
    Setting("context_parallel_size", whole, 1),
)
"""What shares one model out."""


def share_of(run: Settings) -> int:
    """The samples of one micro-batch on all data-parallel processes."""
    micro, replicas = int(run["micro_batch_size"]), replicas_of(run)
    return run.product("samples in a micro-batch of all", micro, replicas)


def replicas_of(run: Settings) -> int:
    """Data-parallel processes.

    Raises:
        ConfigError: there are too few processes for one.

    """
    world, model = run.ask("world_size"), _ranks(run)
    if model < 1 or world % model:
        run.refuse(
            f"{world} processes cannot be shared out by tensor, pipeline and context parallel size,"
            f" {model} together: Megatron stops",
            hint=f"<world_size={max(model, 1)}>",
        )
    return run.line("data-parallel size", f"{world} / {model}", world // model)


def check_batches(run: Settings, clock: Pace) -> None:
    """Refuse a batch that is no whole number of micro-batches, where all that makes those is known.

    A command without a launcher may stand in a job that starts it many times over.
    """
    is_known = run.is_said("world_size") and run.seen["world_size"] != ONE_PROCESS
    decreases = "decrease_batch_size_if_needed"
    if not is_known or (run.is_said(decreases) and run[decreases]):
        return
    replicas, batches = replicas_of(run), [piece.ticks for piece in clock.pieces]
    share = replicas * int(run.get("micro_batch_size", 1))
    uneven = next((batch for batch in batches if share > 0 and batch % share), None)
    if uneven is not None:
        even = f"--given global_batch_size={max(uneven // share, 1) * share}"
        run.refuse(
            f"a batch of {uneven} is no multiple of the {share} samples of one micro-batch each:"
            " Megatron stops",
            hint=even if len(batches) == 1 else f"--given micro_batch_size=1 <world_size={_ranks(run)}>",
            at="global_batch_size",
        )


def _ranks(run: Settings) -> int:
    """Processes that hold one model."""
    return math.prod(run[one.name] for one in PARALLEL)


def stopped(run: Settings, total: int) -> int:
    """The updates of a run of so many, which ``exit_interval`` may end."""
    return ended(run, total, "exit_interval", run["exit_interval"] or 0)


def ended(run: Settings, total: int, name: str, stop: int) -> int:
    """The updates of a run of so many, which a setting ends after ``stop``, if there are so many."""
    if not 0 < stop < total:
        return total
    run.note("exits-early", f"{name} {stop} ends the run of {total} updates", at=name)
    return run.line(run.TOTAL_STEPS, f"min({total}, {stop})", stop)
