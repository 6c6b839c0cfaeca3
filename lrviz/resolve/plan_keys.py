"""The keys of a run that say how long it is: those of its plan."""

from __future__ import annotations

from typing import Any

from lrviz.catalogue.roles import Role
from lrviz.plan.trainers import TRAINERS
from lrviz.resolve import readers
from lrviz.resolve.key import Key


def _plan(name: str, example: str, text: str, *rivals: str, **more: Any) -> Key:
    """A whole number of the plan."""
    takes = "a whole number above 0"
    return Key(name, readers.count, takes, example, "N", text, in_plan=True, rivals=rivals, **more)


PLAN: tuple[Key, ...] = (
    _plan("dataset_len", "1235", "Samples in the dataset.", "batches_per_epoch", "steps_per_epoch"),
    _plan("batch_size", "32", "Samples in a batch, per process.", "steps_per_epoch"),
    Key(
        "epochs",
        readers.decimal,
        "a number above 0",
        "50",
        "N",
        "Epochs; 2.5 is accepted.",
        in_plan=True,
        rivals=("steps",),
    ),
    _plan(
        "steps",
        "1000",
        "Optimizer steps outright: 1000, 350k, 1e6.",
        "epochs",
        "max_steps",
        roles=(Role.TOTAL,),
    ),
    _plan(
        "batches_per_epoch",
        "39",
        "Batches of a process in an epoch, len(train_loader).",
        "dataset_len",
        "steps_per_epoch",
    ),
    _plan(
        "steps_per_epoch",
        "39",
        "Optimizer steps in an epoch.",
        "dataset_len",
        "batch_size",
        "batches_per_epoch",
    ),
    _plan("max_steps", "1000", "Stop after so many steps.", "steps"),
    _plan("world_size", "8", "Processes that share the dataset."),
    _plan("grad_accum", "4", "Batches accumulated for one step."),
    Key(
        "drop_last",
        readers.switch,
        "true or false",
        "true",
        "",
        "Drop the last, smaller batch of an epoch.",
        in_plan=True,
    ),
    Key(
        "trainer",
        readers.word,
        f"one of {', '.join(TRAINERS)}",
        "transformers",
        "NAME",
        f"Whose arithmetic: {', '.join(TRAINERS)}.",
        in_plan=True,
        choices=tuple(TRAINERS),
    ),
)
