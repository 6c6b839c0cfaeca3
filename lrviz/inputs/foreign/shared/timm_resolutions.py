"""timm's batches of several image sizes, ``--train-img-sizes``: how large they are, and how many.

Source: timm ``train.py`` aa4b5850 of August 2026, ``data/scheduled_sampler.py`` and ``data/loader.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, count, numbers, text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

SETTINGS = (
    Setting("train_img_sizes", numbers),
    Setting("train_batch_sizes", numbers),
    Setting("train_size_probs", numbers),
    Setting("train_size_schedule", text, "constant"),
    Setting("train_batches_per_epoch", count, None, "", ("train_steps_per_epoch",)),
)


def are_scheduled(run: Settings) -> bool:
    """Whether each batch has a size of its own."""
    return bool(run["train_img_sizes"])


def sizes_of(run: Settings) -> tuple[float, ...]:
    """The sizes of batches, which are one where no list of them is said."""
    if not are_scheduled(run) or not run["train_batch_sizes"]:
        return (run["batch_size"],)
    sizes, images = tuple(run["train_batch_sizes"]), run["train_img_sizes"]
    if len(sizes) != len(images):
        run.refuse(
            f"{len(sizes)} of --train-batch-sizes and {len(images)} of --train-img-sizes: it stops",
            hint="give a batch size for each image size",
            at="train_batch_sizes",
        )
    return sizes


def average_size(run: Settings) -> float:
    """What a batch has on average, by which the LR is scaled."""
    sizes = sizes_of(run)
    if len(set(sizes)) == 1:
        return sizes[0]
    if run["train_size_probs"] or run["train_size_schedule"] != "constant":
        run.refuse(
            "no lr is given, and the average of batches of sizes that are not drawn alike is not computed",
            hint="<lr=0.1>",
            at="train_batch_sizes",
        )
    return sum(sizes) / len(sizes)


def fixed_batches(run: Settings, *needs: str) -> int | None:
    """The batches of an epoch, where they are said, or drawn in several sizes, which nobody knows; else None.

    What else a run needs is asked for with those.
    """
    if not are_scheduled(run):
        return None
    if run["train_batches_per_epoch"]:
        return run.line(run.BATCHES_PER_EPOCH, "train_batches_per_epoch", run["train_batches_per_epoch"])
    if len(set(sizes_of(run))) == 1:
        return None
    return run.given_batches(*needs)
