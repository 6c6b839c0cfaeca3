"""From what a plan says to the length of its epoch and its run, in a trainer's arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import Lack, PlanError, marked
from lrviz.notation.text import listed
from lrviz.plan.budget_keys import EXAMPLE_PLAN, MAX_STEPS
from lrviz.plan.rules import BATCHES_PER_EPOCH, STEPS_PER_EPOCH, TOTAL_STEPS, Line, Loader

if TYPE_CHECKING:
    from lrviz.plan.budget_keys import PlanKeys
    from lrviz.plan.trainers import Trainer


class Epoch(NamedTuple):
    """How an epoch's length comes about.

    ``length`` in steps is no whole number where a trainer carries a group of batches over its end;
    ``batches`` is None where only the steps are known.
    """

    lines: tuple[Line, ...] = ()
    length: Fraction | None = None
    batches: int | None = None


def epoch_of(plan: PlanKeys, trainer: Trainer) -> Epoch:
    """Derive the steps of an epoch, as far as the keys tell them.

    Raises:
        PlanError: an epoch has no batch or no step, or another length than is given.

    """
    epoch, given = _loaded(plan, trainer), plan.steps_per_epoch
    if given is None:
        return epoch
    if epoch.lines and epoch.length != given:
        raise _contradiction("steps_per_epoch", given, epoch.lines[-1], epoch.length)
    if epoch.lines:
        return epoch
    return Epoch((Line(STEPS_PER_EPOCH, "steps_per_epoch", given),), Fraction(given))


def _loaded(plan: PlanKeys, trainer: Trainer) -> Epoch:
    """Count the batches, then the steps they make."""
    loaded = _batches(plan, trainer)
    if not loaded:
        return Epoch()
    *lines, last = loaded
    batches, accum = last.value, plan.grad_accum
    if accum == 1:
        return Epoch((*lines, last._replace(label=STEPS_PER_EPOCH)), Fraction(batches), batches)
    length = Fraction(batches, accum)
    if not trainer.carries:
        line = _accumulated(STEPS_PER_EPOCH, f"{batches}", batches, plan, trainer)
        return Epoch((*lines, last, line), Fraction(line.value), batches)
    if length.denominator != 1:
        return Epoch((*lines, last), length, batches)
    return Epoch((*lines, last, Line(STEPS_PER_EPOCH, f"{batches} / {accum}", int(length))), length, batches)


def _batches(plan: PlanKeys, trainer: Trainer) -> list[Line]:
    """The batches of a process in an epoch: the trainer's, or those given, which must agree with them."""
    given = plan.batches_per_epoch
    if plan.dataset_len is None or plan.batch_size is None:
        return [] if given is None else [Line(BATCHES_PER_EPOCH, "batches_per_epoch", given)]
    loader = Loader(plan.dataset_len, plan.batch_size, plan.world_size, plan.drop_last)
    lines = trainer.batches(loader)
    batches = lines[-1].value
    if batches == 0:
        raise _no_batch(plan, trainer)
    if given not in {None, batches}:
        raise _contradiction("batches_per_epoch", given, lines[-1])
    return lines


def _accumulated(label: str, text: str, batches: int, plan: PlanKeys, trainer: Trainer) -> Line:
    """The steps that batches make, at least one."""
    formula = f"{trainer.rounding}({text} / {plan.grad_accum})"
    steps = trainer.steps(batches, plan.grad_accum)
    if steps == 0:
        raise PlanError(
            f"{formula} = 0: {trainer.name} makes no step of so few batches",
            hint="give a smaller <grad_accum>",
        )
    return Line(label, formula, steps)


def even_epoch(plan: PlanKeys) -> Epoch:
    """Divide the steps stated outright by the epochs, where that comes out even."""
    if plan.steps is None or plan.epochs is None:
        return Epoch()
    length = plan.steps / Fraction(str(plan.epochs))
    if length.denominator != 1:
        return Epoch()
    return Epoch((Line(STEPS_PER_EPOCH, f"{plan.steps} / {plan.epochs}", int(length)),), length)


def total_of(plan: PlanKeys, trainer: Trainer, epoch: Epoch) -> Line:
    """Settle the total: what follows from the other keys, which ``steps`` must agree with.

    Raises:
        PlanError: it does not agree, it is too large, or nothing tells a total.

    """
    line = _computed(plan, trainer, epoch)
    if line is None:
        if plan.steps is None:
            raise _missing(plan, [] if epoch.lines else ["dataset_len", "batch_size"])
        return Line(TOTAL_STEPS, "steps", plan.steps)
    if plan.steps not in {None, line.value}:
        raise _contradiction("steps", plan.steps, line)
    if line.value > MAX_STEPS:
        raise PlanError(f"{line.text} steps are more than 2**53", hint="give fewer <epochs>")
    return line


def _computed(plan: PlanKeys, trainer: Trainer, epoch: Epoch) -> Line | None:
    total = None if epoch.length is None else _of_epochs(plan, trainer, epoch, epoch.length)
    if plan.max_steps is None:
        return total
    return trainer.limit(total, plan.max_steps) if total else Line(TOTAL_STEPS, "max_steps", plan.max_steps)


def _of_epochs(plan: PlanKeys, trainer: Trainer, epoch: Epoch, length: Fraction) -> Line | None:
    epochs = plan.epochs
    if epochs is None:
        return None
    if not (trainer.part_epochs or isinstance(epochs, int)):
        raise PlanError(
            f"{trainer.name} runs whole epochs, got epochs={epochs}",
            hint=f"<epochs={math.ceil(epochs)}>",
        )
    if trainer.carries and plan.grad_accum > 1 and epoch.batches is not None:
        product = f"{epoch.batches} * {epochs}"
        return _accumulated(TOTAL_STEPS, product, epoch.batches * int(epochs), plan, trainer)
    return trainer.total(int(length), epochs)


def _no_batch(plan: PlanKeys, trainer: Trainer) -> PlanError:
    """Whole batches alone, and not one."""
    drops, way = ("drop_last", "leave out <drop_last>, or ") if plan.drop_last else (trainer.name, "")
    return PlanError(
        f"{drops} leaves no batch of batch_size={plan.batch_size} in dataset_len={plan.dataset_len}"
        f" with world_size={plan.world_size}",
        hint=f"{way}give a smaller <batch_size>",
    )


def _contradiction(key: str, value: int | None, line: Line, length: Fraction | None = None) -> PlanError:
    there = line.value if length is None else length
    way = f", or give <{key}={there}>" if length is None or length.denominator == 1 else ""
    return PlanError(
        f"{key}={value!r} contradicts the {there} of {line.formula}", hint=f"leave out <{key}>{way}"
    )


def _missing(plan: PlanKeys, keys: list[str]) -> PlanError:
    absent = [key for key in (*keys, "epochs") if getattr(plan, key) is None]
    verb = "is" if len(absent) == 1 else "are"
    instead = marked({key: EXAMPLE_PLAN[key] for key in absent})
    return PlanError(
        f"the length of the run is unknown: {listed(absent)} {verb} missing",
        hint=f"give <steps=1000>, or {instead}",
        lacks=(Lack("the length of the run", "steps", "1000", instead),),
    )
