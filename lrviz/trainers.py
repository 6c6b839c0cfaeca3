"""How the loops people use count batches, steps and warmup: one function per rule, one object per trainer."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from lrviz.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Line:
    """One number of a derivation: ``batches per epoch``, the formula ``ceil(6250 / 128)``, the value 49."""

    label: str
    formula: str
    value: int

    @property
    def text(self) -> str:
        """The formula and its value: ``ceil(6250 / 128) = 49``."""
        return f"{self.formula} = {self.value}"


@dataclass(frozen=True)
class Loader:
    """What decides the number of batches; ``batch_size`` is per process."""

    dataset_len: int
    batch_size: int
    world_size: int
    drop_last: bool


def dataloader_len(n: int, batch_size: int, *, drop_last: bool) -> int:
    """Batches, ``ceil(n / batch_size)``, with ``drop_last`` floor.

    ``torch.utils.data.DataLoader.__len__`` (torch 2.13).
    """
    return n // batch_size if drop_last else _ceil(n, batch_size)


def distributed_sampler_len(n: int, num_replicas: int, *, drop_last: bool) -> int:
    """Samples per process, ``ceil(n / num_replicas)``, with ``drop_last`` floor.

    ``torch.utils.data.DistributedSampler.__len__`` (torch 2.13): repeats samples, or drops the last.
    """
    return n // num_replicas if drop_last else _ceil(n, num_replicas)


def batch_sampler_shard_len(  # noqa: PLR0913 - the parameters are accelerate's
    n: int,
    batch_size: int,
    num_processes: int,
    *,
    drop_last: bool,
    split_batches: bool = False,
    even_batches: bool = True,
    process_index: int = 0,
) -> int:
    """Batches per process out of the ``L`` batches of the whole dataset.

    ``L`` if ``split_batches``, else ``floor(L / P)``, plus one if a remainder is left and not dropped;
    without ``even_batches`` only the first ``L % P`` processes get that one.
    ``accelerate.data_loader.BatchSamplerShard.__len__`` (accelerate 1.15).
    """
    batches = dataloader_len(n, batch_size, drop_last=drop_last)
    if split_batches:
        return batches
    share, rest = divmod(batches, num_processes)
    padded = rest > 0 if even_batches else process_index < rest
    return share + (padded and not drop_last)


def transformers_updates_per_epoch(batches: int, grad_accum: int) -> int:
    """``max(ceil(batches / grad_accum), 1)``: the last, smaller group of an epoch is an update of its own.

    ``Trainer.set_initial_training_values`` (transformers 5.23).
    """
    return max(_ceil(batches, grad_accum), 1)


def transformers_max_steps(updates_per_epoch: int, num_train_epochs: float) -> int:
    """``ceil(num_train_epochs * updates_per_epoch)`` in floats: 1.1 epochs of 50 updates are 56.

    ``Trainer.set_initial_training_values`` (transformers 5.23); a ``max_steps`` above 0 is used instead.
    """
    return math.ceil(num_train_epochs * updates_per_epoch)


def transformers_warmup_steps(warmup_steps: float, num_training_steps: int) -> int:
    """From 1 on ``int(warmup_steps)``, below 1 ``ceil(num_training_steps * warmup_steps)`` in floats.

    1.0 is one step, and 7 % of 100 are 8. ``TrainingArguments.get_warmup_steps`` (transformers 5.23).
    """
    return int(warmup_steps) if warmup_steps >= 1 else math.ceil(num_training_steps * warmup_steps)


def _ceil(a: int, b: int) -> int:
    return -(-a // b)


def _rounding(*, drop_last: bool) -> str:
    return "floor" if drop_last else "ceil"


def _distributed_batches(loader: Loader) -> list[Line]:
    """Samples dealt out by a DistributedSampler (which pads), then batched on each process."""
    samples, lines = loader.dataset_len, []
    if loader.world_size > 1:
        formula = f"ceil({samples} / {loader.world_size})"
        samples = distributed_sampler_len(samples, loader.world_size, drop_last=False)
        lines = [Line("samples per process", formula, samples)]
    batches = dataloader_len(samples, loader.batch_size, drop_last=loader.drop_last)
    formula = f"{_rounding(drop_last=loader.drop_last)}({samples} / {loader.batch_size})"
    return [*lines, Line("batches per epoch", formula, batches)]


def _sharded_batches(loader: Loader) -> list[Line]:
    """Batches of the whole dataset, then dealt out to the processes."""
    n, size, world, drop = loader.dataset_len, loader.batch_size, loader.world_size, loader.drop_last
    rounding, batches = _rounding(drop_last=drop), dataloader_len(n, size, drop_last=drop)
    whole = Line("batches per epoch", f"{rounding}({n} / {size})", batches)
    if world == 1:
        return [whole]
    shard = batch_sampler_shard_len(n, size, world, drop_last=drop)
    whole = replace(whole, label="batches of all processes")
    return [whole, Line("batches per epoch", f"{rounding}({batches} / {world})", shard)]


def _steps_per_epoch(batches: int, grad_accum: int) -> Line:
    return Line("steps per epoch", f"ceil({batches} / {grad_accum})", _ceil(batches, grad_accum))


def _transformers_steps_per_epoch(batches: int, grad_accum: int) -> Line:
    updates = transformers_updates_per_epoch(batches, grad_accum)
    return Line("steps per epoch", f"ceil({batches} / {grad_accum})", updates)


def _exact_total(steps_per_epoch: int, epochs: float) -> Line:
    """The product in integers and decimals, where 1.1 means 11/10; part of a step is a step."""
    product = f"{steps_per_epoch} * {epochs}"
    formula = product if isinstance(epochs, int) else f"ceil({product})"
    return Line("total steps", formula, math.ceil(steps_per_epoch * Fraction(str(epochs))))


def _transformers_total(steps_per_epoch: int, epochs: float) -> Line:
    total, exact = transformers_max_steps(steps_per_epoch, epochs), _exact_total(steps_per_epoch, epochs)
    if total == exact.value:
        return exact
    formula = f"ceil({steps_per_epoch} * {epochs} = {steps_per_epoch * epochs!r})"
    return Line("total steps", formula, total)


def _smaller(total: Line, max_steps: int) -> Line:
    return Line(total.label, f"min({total.formula}, {max_steps})", min(total.value, max_steps))


def _instead(total: Line, max_steps: int) -> Line:
    return Line(total.label, "max_steps", max_steps)


def _truncated(total: int, fraction: float) -> Line:
    return Line("steps", f"int({total} * {fraction!r})", int(total * fraction))


def _transformers_warmup(total: int, fraction: float) -> Line:
    # From 1 on transformers would read a number of steps; a percent stays a share of the run.
    steps = transformers_warmup_steps(fraction, total) if fraction < 1 else math.ceil(total * fraction)
    return Line("steps", f"ceil({total} * {fraction!r})", steps)


@dataclass(frozen=True)
class Trainer:
    """The rules of one trainer; a rule not given is the base rule.

    ``batches`` of a process per epoch, line by line; ``updates`` per epoch from batches and accumulation;
    ``total`` steps from steps per epoch and epochs; ``limit``, what ``max_steps`` does to that total;
    ``warmup`` and every other ``share`` of a run: steps from the total and a fraction.
    """

    name: str
    batches: Callable[[Loader], list[Line]] = _distributed_batches
    updates: Callable[[int, int], Line] = _steps_per_epoch
    total: Callable[[int, float], Line] = _exact_total
    limit: Callable[[Line, int], Line] = _smaller
    warmup: Callable[[int, float], Line] = _truncated
    share: Callable[[int, float], Line] = _truncated


TRAINERS = {
    trainer.name: trainer
    for trainer in (
        Trainer("none"),
        Trainer(
            "transformers",
            batches=_sharded_batches,
            updates=_transformers_steps_per_epoch,
            total=_transformers_total,
            limit=_instead,
            warmup=_transformers_warmup,
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
    near = difflib.get_close_matches(name, TRAINERS) or TRAINERS
    raise PlanError(f"trainer={name!r} is unknown", hint=f"type --trainer {' or '.join(near)}")
