"""Batches in a pass over the data, as the dataloader of an mmengine config counts them.

Source: mmengine 0.10.7 ``Runner.build_dataloader``, ``DefaultSampler``, ``InfiniteSampler`` and
``RepeatDataset``; mmdet 3.3.0 ``AspectRatioBatchSampler``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, switch, whole
from lrviz.inputs.foreign.source import Imported

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

SETTINGS = (
    Setting("train_dataloader.batch_size", whole, key="batch_size"),
    Setting("train_dataloader.num_batch_per_epoch", whole),
    Setting(
        "train_dataloader.drop_last",
        switch,
        default=False,
        key="drop_last",
        aliases=("train_dataloader.batch_sampler.drop_last",),
    ),
)
_REPEATING = "RepeatDataset"


def needs(run: Settings, *, is_endless: bool) -> tuple[str, ...]:
    """What must be known for them."""
    if run.is_said("batches_per_epoch") or run.is_said("train_dataloader.num_batch_per_epoch"):
        return ()
    world = () if is_endless and _is_infinite(run) else ("world_size",)
    return ("dataset_len", *world, "train_dataloader.batch_size")


def batches_per_epoch(run: Settings, *, is_endless: bool) -> int:
    """Batches of a process in an epoch: its sampler pads, and the loader may drop the last.

    ``is_endless``: an ``InfiniteSampler`` tells the loader the whole dataset, not a process's part of it.
    """
    if run.is_said("batches_per_epoch"):
        return int(run.ask("batches_per_epoch"))
    if run.is_said("train_dataloader.num_batch_per_epoch"):
        return run.line(
            run.BATCHES_PER_EPOCH, "num_batch_per_epoch", run["train_dataloader.num_batch_per_epoch"]
        )
    if is_endless and _is_infinite(run):
        n, size = run.ask("dataset_len", "train_dataloader.batch_size")
        own = _samples(run, n)
    else:
        n, world, size = run.ask("dataset_len", "world_size", "train_dataloader.batch_size")
        all_ = _samples(run, n)
        own = run.ceil("samples per process", all_, world) if world > 1 else all_
    return run.divide(run.BATCHES_PER_EPOCH, own, size, down=run["train_dataloader.drop_last"])


def warn_of_endless(run: Settings) -> None:
    """Say of an ``InfiniteSampler`` under a loop of epochs that the first of them goes on for ever."""
    if _is_infinite(run) and not run.is_said("train_dataloader.num_batch_per_epoch"):
        text = "an InfiniteSampler never ends an epoch: the loop of epochs stays in the first one"
        run.warn("endless-epoch", text, hint="train_dataloader = dict(sampler=dict(type='DefaultSampler'))")


def _is_infinite(run: Settings) -> bool:
    return name_of(run.raw("train_dataloader", "sampler", "type")).endswith("InfiniteSampler")


def _samples(run: Settings, n: int) -> int:
    """The samples with those that a ``RepeatDataset`` takes several times."""
    times, table = 1, run.raw("train_dataloader", "dataset")
    while isinstance(table, dict):
        repeats = table.get("times") if name_of(table.get("type")).endswith(_REPEATING) else 1
        times *= repeats if isinstance(repeats, int) else 1
        table = table.get("dataset")
    return run.product("samples", n, times) if times > 1 else n


def name_of(kind: object) -> str:
    """A class, which the file imports or names in a text."""
    return kind.name if isinstance(kind, Imported) else str(kind)
