"""How the loops people use count batches, steps and warmup, and when they call a scheduler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from lrviz.errors import PlanError
from lrviz.notation.nearest import nearest
from lrviz.plan import rules
from lrviz.plan.rules import DIVIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.plan.rules import Line, Loader, Rounding


class Trainer(NamedTuple):
    """The rules of one trainer; a rule not given is the base rule.

    ``batches`` of a process per epoch, line by line; ``rounding`` of batches over accumulation, in an epoch,
    or in the run where a trainer ``carries`` an unfinished group of batches over to the next epoch;
    ``total`` steps from steps per epoch and epochs; ``limit``, what ``max_steps`` does to that total;
    ``warmup`` steps from the total and a fraction. ``interval``: when it steps a scheduler, whatever that
    counts; ``per_process``: once for each process; ``per_batch``: also while gradients accumulate.
    """

    name: str
    version: str = ""
    batches: Callable[[Loader], list[Line]] = rules.distributed_batches
    rounding: Rounding = "ceil"
    carries: bool = False
    part_epochs: bool = False
    total: Callable[[int, float], Line] = rules.exact_total
    limit: Callable[[Line, int], Line] = rules.smaller
    warmup: Callable[[int, float], Line] = rules.truncated
    interval: Literal["epoch"] | None = None
    per_process: bool = False
    per_batch: bool = False

    def steps(self, batches: int, grad_accum: int) -> int:
        """Steps that so many batches make."""
        return DIVIDE[self.rounding](batches, grad_accum)


TRAINERS = {
    trainer.name: trainer
    for trainer in (
        Trainer("none", part_epochs=True),
        # `Trainer`: the last, smaller group of batches is a step of its own.
        Trainer(
            "transformers",
            "5.23.0",
            batches=rules.sharded_batches,
            part_epochs=True,
            total=rules.transformers_total,
            limit=rules.instead,
            warmup=rules.transformers_warmup,
        ),
        # `Accelerator.accumulate` in a loop of one's own, and `AcceleratedScheduler`.
        Trainer("accelerate", "1.15.0", batches=rules.sharded_batches, per_process=True),
        # `Trainer.estimated_stepping_batches`, and the default `interval` of `LRSchedulerConfig`.
        Trainer("lightning", "2.6.6", interval="epoch"),
        # `DeepSpeedEngine.is_gradient_accumulation_boundary` counts batches without looking at epochs.
        Trainer("deepspeed", "0.19.8", rounding="floor", carries=True),
        # `train.py`, whose loader is made by `create_loader(is_training=True)`.
        Trainer("timm", "1.0.31", batches=rules.whole_batches),
        # The recipes: what is left of an epoch is never stepped on.
        Trainer("torchtune", "0.6.1", batches=rules.whole_batches, rounding="floor"),
        # `OptimWrapper.should_update`: a step at the very end of the run, too.
        Trainer("mmengine", "0.10.7", carries=True, per_batch=True),
        # `Optimizer.gradient_accumulation_steps`: what is left at the end is never applied.
        Trainer(
            "keras", "3.15.1", batches=rules.global_batches, rounding="floor", carries=True, per_batch=True
        ),
    )
}


def find_trainer(name: str) -> Trainer:
    """The trainer of that name.

    Raises:
        PlanError: no such trainer; the hint has the nearest names.

    """
    if name in TRAINERS:
        return TRAINERS[name]
    near = nearest(name.lower(), TRAINERS) or "transformers"
    raise PlanError(f"trainer={name!r} is unknown", hint=f"<trainer={near}>")
