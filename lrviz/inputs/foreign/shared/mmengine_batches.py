"""Batches in a pass over the data, as the dataloader of an mmengine config counts them.

Source: mmengine 0.10.7 ``Runner.build_dataloader``, ``DefaultSampler`` and ``InfiniteSampler``; mmdet 3.3.0
``AspectRatioBatchSampler``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, switch, whole
from lrviz.inputs.foreign.shared import mmengine_datasets

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

SETTINGS = (
    *mmengine_datasets.SETTINGS,
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


def needs(run: Settings, *, is_endless: bool) -> tuple[str, ...]:
    """What must be known for them."""
    if run.is_said("batches_per_epoch") or run.is_said("train_dataloader.num_batch_per_epoch"):
        return ()
    if sampler := mmengine_datasets.sampler_of_its_own(run):
        run.explain("batches_per_epoch", f"how many batches a process has, which {sampler} decides")
        return ("batches_per_epoch",)
    world = () if _takes_all(run, is_endless=is_endless) else ("world_size",)
    return (mmengine_datasets.rows_name(run), *world, "train_dataloader.batch_size")


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
    size = run.ask("train_dataloader.batch_size")
    own = mmengine_datasets.samples(run)
    world = 1 if _takes_all(run, is_endless=is_endless) else run.ask("world_size")
    own = run.ceil("samples per process", own, world) if world > 1 else own
    return run.divide(run.BATCHES_PER_EPOCH, own, size, down=run["train_dataloader.drop_last"])


def warn_of_endless(run: Settings) -> None:
    """Say of an ``InfiniteSampler`` under a loop of epochs that the first of them goes on for ever."""
    if _is_infinite(run) and not run.is_said("train_dataloader.num_batch_per_epoch"):
        text = "its sampler never ends an epoch: the loop of epochs stays in the first one"
        run.warn("endless-epoch", text, hint="train_dataloader = dict(sampler=dict(type='DefaultSampler'))")


def _takes_all(run: Settings, *, is_endless: bool) -> bool:
    """Whether the loader of each process counts the whole dataset."""
    return _sampler(run) == mmengine_datasets.WHOLE or (is_endless and _is_infinite(run))


def _is_infinite(run: Settings) -> bool:
    return _sampler(run) in mmengine_datasets.ENDLESS


def _sampler(run: Settings) -> str:
    return mmengine_datasets.short_name(run.raw("train_dataloader", "sampler", "type"))
