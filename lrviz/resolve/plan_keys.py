"""The keys of a run that say how long it is: those of its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.catalogue.roles import Role
from lrviz.errors import UnfitError
from lrviz.notation.nearest import nearest
from lrviz.notation.rendering import shown
from lrviz.plan.trainers import TRAINERS
from lrviz.resolve import readers
from lrviz.resolve.key import Key, Unfit

if TYPE_CHECKING:
    from lrviz.notation.spec import Value


def _plan(name: str, example: str, text: str, *rivals: str, **more: Any) -> Key:
    """A whole number of the plan."""
    takes = "a whole number above 0"
    return Key(name, readers.count, takes, example, "N", text, in_plan=True, rivals=rivals, **more)


def _trainer(key: Key, value: Value) -> str:
    """A trainer's arithmetic, of the version there is.

    Raises:
        UnfitError: a version is wanted, or the trainer is told by its own file only.

    """
    if value in key.choices:
        return str(value)
    name, at, _ = str(value).partition("@")
    if at and name in key.choices:
        text = f"trainer={value}: only the files and commands of a trainer have versions"
        raise UnfitError(text, hint=f"<trainer={name}>, or name such a file too")
    if nearest(name.lower(), key.choices, cutoff=0.7):
        raise Unfit
    raise UnfitError(
        f"{key.name} must be {key.takes}, got {shown(value)}",
        hint="name one of them, or the trainer's own file",
    )


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
        _trainer,
        f"one of {', '.join(TRAINERS)}",
        "transformers",
        "NAME",
        f"Whose arithmetic: {', '.join(TRAINERS)}.",
        in_plan=True,
        choices=tuple(TRAINERS),
    ),
)
