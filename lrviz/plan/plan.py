"""The step budget: how many optimizer updates a run makes, and how that number comes about."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lrviz.errors import PlanError
from lrviz.notation.durations import decimal_text
from lrviz.notation.numbers import counted
from lrviz.notation.text import change_nothing
from lrviz.plan.budget_keys import BATCH_KEYS, DEFAULTS, MAX_STEPS, PLAN_KEYS, PlanKeys
from lrviz.plan.derivation import Epoch, epoch_of, even_epoch, total_of
from lrviz.plan.rules import BATCHES_PER_EPOCH, STEPS_PER_EPOCH, Line, truncated
from lrviz.plan.trainers import Trainer, find_trainer

if TYPE_CHECKING:
    from collections.abc import Container

    from lrviz.notation.durations import Duration


@dataclass(frozen=True, kw_only=True, repr=False)
class Plan(PlanKeys):
    """How long a run is: what was said about it, and what follows.

    By the base rule ``batches = ceil(ceil(dataset_len / world_size) / batch_size)``, or floor to drop the
    last; ``steps_per_epoch = ceil(batches / grad_accum)``; ``total_steps = ceil(steps_per_epoch * epochs)``,
    at most ``max_steps``. ``trainer`` selects the arithmetic of a real one. ``batch_size`` is per process, a
    step is one optimizer update. ``batches_per_epoch`` (of one process) and ``steps_per_epoch`` are filled in
    when they follow from the rest as whole numbers; ``steps`` states the total outright.

    Raises:
        PlanError: a value is not positive or beyond 2**53, two values contradict each other, or the length of
            the run does not follow from what is given.

    """

    total_steps: int = field(init=False)
    _given: dict[str, Any] = field(init=False, repr=False, compare=False)
    _epoch: Epoch = field(init=False, repr=False, compare=False)
    _total: Line = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check each key, then derive the epoch and the total from what is given."""
        super().__post_init__()
        self._fill(_given={key: getattr(self, key) for key in PLAN_KEYS})
        epoch = epoch_of(self, self.rules)
        total = total_of(self, self.rules, epoch)
        epoch = epoch if epoch.lines else even_epoch(self)
        self._fill(_epoch=epoch, _total=total, total_steps=total.value, batches_per_epoch=epoch.batches)
        if epoch.length is not None and epoch.length.denominator == 1:
            self._fill(steps_per_epoch=int(epoch.length))

    def __repr__(self) -> str:
        """How to make it again, and what follows."""
        given = (f"{key}={value!r}" for key, value in self.given.items() if value != DEFAULTS[key])
        return f"Plan({', '.join(given)})\n# {self.summary()}"

    def _fill(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @cached_property
    def rules(self) -> Trainer:
        """The arithmetic of the trainer.

        Raises:
            PlanError: no such trainer.

        """
        return find_trainer(self.trainer)

    @property
    def epoch(self) -> Fraction | None:
        """Steps in an epoch; no whole number where the trainer carries a group of batches over its end."""
        return self._epoch.length

    @property
    def epochs_run(self) -> float | None:
        """Epochs up to the last batch, or ``None`` where an epoch has no known length."""
        return float(self.length / self.epoch) if self.epoch else None

    @property
    def length(self) -> Fraction:
        """The total in steps, to the last batch, where a carrying trainer leaves some over or steps early."""
        trainer, exact = self.rules, Fraction(self.total_steps)
        if trainer.carries and self.epoch is not None and isinstance(self.epochs, int):
            whole = self.epoch * self.epochs
            if trainer.steps(int(whole * self.grad_accum), self.grad_accum) == self.total_steps:
                return whole
        return exact

    @property
    def samples_per_step(self) -> int | None:
        """``batch_size * grad_accum * world_size``, or ``None`` where the batch size is unknown."""
        return self.batch_size * self.grad_accum * self.world_size if self.batch_size else None

    @property
    def given(self) -> dict[str, Any]:
        """The keys that were given, or have a default."""
        return {key: value for key, value in self._given.items() if value is not None}

    @property
    def idle(self) -> tuple[str, ...]:
        """Keys that were given and do not enter: those of batches, and of epochs of unknown length."""
        if self.dataset_len is not None and self.batch_size is not None and self.epoch is not None:
            return ()
        accumulates = self.rules.per_batch or self.batches_per_epoch is not None
        counted_anyway = {"world_size": self.rules.per_process, "grad_accum": accumulates}
        about = ("dataset_len", *BATCH_KEYS, "drop_last", *(["epochs"] if self.epoch is None else []))
        return tuple(
            key for key in about if self._given[key] != DEFAULTS[key] and not counted_anyway.get(key)
        )

    def idle_note(self, *, spared: Container[str] = ()) -> str:
        """What of it changes nothing, and why; nothing where all of it counts, ``spared`` keys elsewhere."""
        keys = [key for key in self.idle if key not in spared]
        epoch = STEPS_PER_EPOCH if self.batches_per_epoch is None else BATCHES_PER_EPOCH
        outright = "steps" if self.epoch is None or self._given["steps"] else epoch
        return f"{change_nothing(keys)}: the {outright} are given outright" if keys else ""

    def changed(self, **keys: Any) -> Plan:
        """Make the same plan with some keys changed.

        ``dataclasses.replace`` would hold on to a ``steps_per_epoch`` that followed from the old keys.
        """
        return Plan(**(self._given | keys))

    def explain(self) -> list[Line]:
        """Derive the total line by line; the last line is the total."""
        return [*self._epoch.lines, self._total]

    def summary(self) -> str:
        """Tell the derivation in one line: ``391 steps/epoch × 30 epochs = 11730 steps``."""
        total = counted(self.total_steps, "step")
        if self._total.formula == "steps" or not self._epoch.lines:
            return total
        parts = [self._epoch_text()]
        if self.batches_per_epoch is not None:
            parts.insert(0, self._loading())
        if self.epochs is not None and self._total.formula != "max_steps":
            parts[-1] += f" × {counted(self.epochs, 'epoch')}"
        if self.max_steps is not None:
            parts[-1] += f", max_steps {self.max_steps}"
        return " = ".join([*parts, total])

    def _epoch_text(self) -> str:
        if self.steps_per_epoch is None and self.batches_per_epoch is not None:
            return f"{self.batches_per_epoch}/{self.grad_accum} steps/epoch"
        return f"{counted(self._epoch.lines[-1].value, 'step')}/epoch"

    def _loading(self) -> str:
        """Tell what an epoch is made of: ``50000 samples / batch 128 on 8 processes, accumulating 4``.

        Where only its batches are known, ``49 batches/epoch, accumulating 4``.
        """
        processes = f" on {self.world_size} processes" if self.world_size > 1 else ""
        is_derived = self.dataset_len is not None and self.batch_size is not None
        extras = {
            f"accumulating {self.grad_accum}": self.grad_accum > 1,
            "drop_last": self.drop_last and is_derived,
            f"trainer {self.trainer}": self.trainer != "none",
        }
        samples = f"{counted(self.dataset_len or 0, 'sample')} / batch {self.batch_size}{processes}"
        loaded = samples if is_derived else f"{counted(self.batches_per_epoch or 0, 'batch')}/epoch"
        return ", ".join([loaded, *(text for text, said in extras.items() if said)])

    def ticks(self, span: Duration, *, warmup: bool = False) -> tuple[int, str]:
        """Convert a duration to steps, with a note where that rounds, else ``""``.

        A fraction is ``int(total_steps * fraction)`` in floats, with ``warmup`` what the trainer makes of it;
        epochs are ``floor(steps_per_epoch * epochs)``, exactly. A tick is taken to be a step.

        Raises:
            PlanError: epochs without a known number of steps per epoch, or more than 2**53 steps.

        """
        whole, line = self._convert(span, warmup=warmup)
        exact = whole * span.amount
        if line.value > MAX_STEPS:
            raise PlanError(f"{span.text!r} is more than 2**53 steps", hint="type a shorter duration")
        if line.value == exact:
            return line.value, ""
        rounding = f"{line.formula}, the exact product is {decimal_text(exact)}"
        return line.value, f"{span.text} of {whole} is {line.value}: {rounding}"

    def _convert(self, span: Duration, *, warmup: bool) -> tuple[int | Fraction, Line]:
        """Find what the span is a multiple of, and the steps it makes."""
        if span.unit == "fraction":
            rule = self.rules.warmup if warmup else truncated
            return self.total_steps, rule(self.total_steps, float(span.amount))
        if span.unit == "epochs":
            length = self._epoch_length(span)
            steps = math.floor(length * span.amount)
            return length, Line("steps", f"floor({length} * {decimal_text(span.amount)})", steps)
        return 1, Line("steps", span.text, int(span.amount))

    def _epoch_length(self, span: Duration) -> Fraction:
        if self.epoch is None:
            raise PlanError(
                f"{span.text!r} needs steps_per_epoch, which is unknown",
                hint="give <steps_per_epoch=39>, or <dataset_len=1235> <batch_size=32>",
            )
        return self.epoch
