"""What all programs of litgpt count: processes, micro-batches of an update, and its warmup.

Source: litgpt 0.5.13 ``args.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.fabric_world import joined

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings


def is_in_train(run: Settings, name: str) -> bool:
    """Whether ``train`` has a value of that name, in a file or a command."""
    return run.raw("train", name) is not None or run.raw(f"train.{name}") is not None


def warmup_steps(run: Settings, default: int) -> int:
    """``lr_warmup_steps``, where null is none."""
    tables = [source.data.get("train") for source in run.sources]
    is_null = "train.lr_warmup_steps" in run.source.data or any(
        isinstance(one, dict) and "lr_warmup_steps" in one for one in tables
    )
    return int(run.get("train.lr_warmup_steps", 0 if is_null else default) or 0)


def world_of(run: Settings, default: int | None, needs: list[str]) -> int:
    """``devices`` times ``num_nodes``; what else must be known is asked for with it."""
    count = run["devices"] if run.is_said("devices") else default
    world = joined(run, None if count is None else count * int(run["num_nodes"]))
    run.ask(*(["devices"] * (world is None)), *needs)
    return world or 1


def accumulation(run: Settings, default: int, micro: int, world: int) -> int:
    """Micro-batches of a process for one update."""
    size = run.get("train.global_batch_size", default)
    accum = size // world // micro
    if accum < 1:
        run.refuse(
            f"global_batch_size={size} is less than {world} processes of {micro}: it stops",
            at="train.global_batch_size",
            instead=world * micro,
        )
    return run.line("micro-batches of an update", f"floor(floor({size} / {world}) / {micro})", accum)


def positive(run: Settings, total: int) -> int:
    """The updates of the run, of which there must be one."""
    if total < 1:
        run.refuse("it makes no update", hint=run.longer("--given train.global_batch_size=1"))
    return total
