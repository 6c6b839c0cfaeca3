"""The rules a trainer is made of, each telling the formula it computes."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from lrviz.errors import PlanError
from lrviz.plan.arithmetic import (
    batch_sampler_shard_len,
    ceil_div,
    dataloader_len,
    distributed_sampler_len,
    transformers_max_steps,
    transformers_warmup_steps,
)

TOTAL_STEPS: Final = "total steps"
STEPS_PER_EPOCH: Final = "steps per epoch"
BATCHES_PER_EPOCH: Final = "batches per epoch"
Rounding = Literal["ceil", "floor"]
DIVIDE: Final = {"ceil": ceil_div, "floor": int.__floordiv__}


class Line(NamedTuple):
    """One number of a derivation: ``batches per epoch``, the formula ``ceil(6250 / 128)``, the value 49."""

    label: str
    formula: str
    value: int

    @property
    def text(self) -> str:
        """The formula and its value: ``ceil(6250 / 128) = 49``."""
        return f"{self.formula} = {self.value}"

    @property
    def key(self) -> str:
        """What its value is called in data: ``batches_per_epoch``."""
        return self.label.replace(" ", "_")


class Loader(NamedTuple):
    """What decides the number of batches; ``batch_size`` is per process."""

    dataset_len: int
    batch_size: int
    world_size: int
    drop_last: bool


# --- batches of an epoch ---------------------------------------------------------------------------------


def distributed_batches(loader: Loader) -> list[Line]:
    """Samples dealt out by a DistributedSampler (which pads), then batched on each process."""
    samples, lines = loader.dataset_len, []
    if loader.world_size > 1:
        formula = f"ceil({samples} / {loader.world_size})"
        samples = distributed_sampler_len(samples, loader.world_size, drop_last=False)
        lines = [Line("samples per process", formula, samples)]
    batches = dataloader_len(samples, loader.batch_size, drop_last=loader.drop_last)
    return [*lines, Line(BATCHES_PER_EPOCH, f"{_of(loader)}({samples} / {loader.batch_size})", batches)]


def whole_batches(loader: Loader) -> list[Line]:
    """As ``distributed_batches``, and the last, smaller batch is always dropped."""
    return distributed_batches(loader._replace(drop_last=True))


def sharded_batches(loader: Loader) -> list[Line]:
    """Batches of the whole dataset, then dealt out to the processes."""
    n, size, world, drop = loader.dataset_len, loader.batch_size, loader.world_size, loader.drop_last
    batches = dataloader_len(n, size, drop_last=drop)
    whole = Line(BATCHES_PER_EPOCH, f"{_of(loader)}({n} / {size})", batches)
    if world == 1:
        return [whole]
    shard = batch_sampler_shard_len(n, size, world, drop_last=drop)
    whole = whole._replace(label="batches of all processes")
    return [whole, Line(BATCHES_PER_EPOCH, f"{_of(loader)}({batches} / {world})", shard)]


def global_batches(loader: Loader) -> list[Line]:
    """One batch for all processes.

    Raises:
        PlanError: several processes, for ``batch_size`` is that of one.

    """
    if loader.world_size > 1:
        size = loader.batch_size * loader.world_size
        raise PlanError(
            "keras splits one batch over all devices, and batch_size is that of a process",
            hint=f"leave out <world_size>, and give <batch_size={size}>",
        )
    return distributed_batches(loader)


def _of(loader: Loader) -> Rounding:
    return "floor" if loader.drop_last else "ceil"


# --- steps of a run --------------------------------------------------------------------------------------


def exact_total(steps_per_epoch: int, epochs: float) -> Line:
    """The product in integers and decimals, where 1.1 means 11/10; part of a step is a step."""
    product = f"{steps_per_epoch} * {epochs}"
    formula = product if isinstance(epochs, int) else f"ceil({product})"
    return Line(TOTAL_STEPS, formula, math.ceil(steps_per_epoch * Fraction(str(epochs))))


def transformers_total(steps_per_epoch: int, epochs: float) -> Line:
    """The product in floats."""
    total, exact = transformers_max_steps(steps_per_epoch, epochs), exact_total(steps_per_epoch, epochs)
    if total == exact.value:
        return exact
    formula = f"ceil({steps_per_epoch} * {epochs} = {steps_per_epoch * epochs!r})"
    return Line(TOTAL_STEPS, formula, total)


def smaller(total: Line, max_steps: int) -> Line:
    """``max_steps`` ends the run before its epochs do."""
    return Line(total.label, f"min({total.formula}, {max_steps})", min(total.value, max_steps))


def instead(total: Line, max_steps: int) -> Line:
    """``max_steps`` counts, and the epochs do not."""
    return Line(total.label, "max_steps", max_steps)


# --- a share of a run ------------------------------------------------------------------------------------


def truncated(total: int, fraction: float) -> Line:
    """``int`` of the product in floats."""
    return Line("steps", f"int({total} * {fraction!r})", int(total * fraction))


def transformers_warmup(total: int, fraction: float) -> Line:
    """``ceil`` of the product in floats."""
    # From 1 on transformers would read a number of steps; a percent stays a share of the run.
    steps = transformers_warmup_steps(fraction, total) if fraction < 1 else math.ceil(total * fraction)
    return Line("steps", f"ceil({total} * {fraction!r})", steps)
