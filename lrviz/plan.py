"""The step budget: how many optimizer updates a run makes, and how that number comes about."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from lrviz.errors import PlanError
from lrviz.notation import counted
from lrviz.spans import decimal_text
from lrviz.trainers import Line, Loader, Trainer, find_trainer

if TYPE_CHECKING:
    from lrviz.spans import Span

# Beyond this a float64 no longer holds every whole number, so a step would not be a definite tick.
MAX_STEPS: Final = 2**53


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long a run is: what was said about it, and what follows.

    By the base rule ``batches = ceil(ceil(dataset_len / world_size) / batch_size)``, or floor to drop the
    last; ``steps_per_epoch = ceil(batches / grad_accum)``; ``total_steps = ceil(steps_per_epoch * epochs)``,
    at most ``max_steps``. ``trainer`` selects the arithmetic of a real one. ``batch_size`` is per process, a
    step is one optimizer update. ``steps_per_epoch`` is filled in when it follows from the rest; ``steps``
    states the total outright.

    Raises:
        PlanError: a value is not positive or beyond 2**53, two values contradict each other, or the length of
            the run does not follow from what is given.

    """

    dataset_len: int | None = None
    batch_size: int | None = None
    epochs: int | float | None = None
    steps_per_epoch: int | None = None
    steps: int | None = None
    max_steps: int | None = None
    world_size: int = 1
    grad_accum: int = 1
    drop_last: bool = False
    trainer: str = "none"
    total_steps: int = field(init=False)
    _given: dict[str, Any] = field(init=False, repr=False, compare=False)
    _epoch: tuple[Line, ...] = field(init=False, repr=False, compare=False)
    _total: Line = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check each key, then derive the epoch and the total from what is given."""
        given = {key: _checked(key, getattr(self, key)) for key in PLAN_KEYS}
        self._fill(**given, _given=given)
        trainer = find_trainer(self.trainer)
        epoch = _epoch_lines(self, trainer)
        total = _total_line(self, trainer, epoch[-1].value if epoch else None)
        epoch = epoch or _even_epoch_lines(self)
        self._fill(_epoch=tuple(epoch), _total=total, total_steps=total.value)
        if epoch:
            self._fill(steps_per_epoch=epoch[-1].value)

    def _fill(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def epochs_run(self) -> float | None:
        """``total_steps / steps_per_epoch``, or ``None`` where an epoch has no known length."""
        return self.total_steps / self.steps_per_epoch if self.steps_per_epoch else None

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
        """Keys that were given and do not enter: an epoch's, where its length stays unknown."""
        if self.steps_per_epoch is not None:
            return ()
        defaults = {key.name: key.default for key in fields(self) if key.init}
        about_epochs = ("dataset_len", "batch_size", "epochs", "world_size", "grad_accum", "drop_last")
        return tuple(key for key in about_epochs if self._given[key] != defaults[key])

    def changed(self, **keys: Any) -> Plan:
        """Make the same plan with some keys changed.

        ``dataclasses.replace`` would hold on to a ``steps_per_epoch`` that followed from the old keys.
        """
        return Plan(**(self._given | keys))

    def explain(self) -> list[Line]:
        """Derive the total line by line; the last line is the total."""
        return [*self._epoch, self._total]

    def summary(self) -> str:
        """Tell the derivation in one line: ``391 steps/epoch × 30 epochs = 11730 steps``."""
        total = counted(self.total_steps, "step")
        if self._total.formula == "steps" or not self._epoch:
            return total
        parts = [f"{counted(self._epoch[-1].value, 'step')}/epoch"]
        if self.dataset_len and self.batch_size:
            parts.insert(0, self._loading())
        if self.epochs is not None and self._total.formula != "max_steps":
            parts[-1] += f" × {counted(self.epochs, 'epoch')}"
        if self.max_steps is not None:
            parts[-1] += f", max_steps {self.max_steps}"
        return " = ".join([*parts, total])

    def _loading(self) -> str:
        """Tell what an epoch is made of: ``50000 samples / batch 128 on 8 processes, accumulating 4``."""
        processes = f" on {self.world_size} processes" if self.world_size > 1 else ""
        extras = {
            f"accumulating {self.grad_accum}": self.grad_accum > 1,
            "drop_last": self.drop_last,
            f"trainer {self.trainer}": self.trainer != "none",
        }
        samples = f"{counted(self.dataset_len or 0, 'sample')} / batch {self.batch_size}{processes}"
        return ", ".join([samples, *(text for text, said in extras.items() if said)])

    def ticks(self, span: Span, *, warmup: bool = False) -> tuple[int, str]:
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

    def _convert(self, span: Span, *, warmup: bool) -> tuple[int, Line]:
        """Find what the span is a multiple of, and the steps it makes."""
        if span.unit == "fraction":
            trainer = find_trainer(self.trainer)
            rule = trainer.warmup if warmup else trainer.share
            return self.total_steps, rule(self.total_steps, float(span.amount))
        if span.unit == "epochs":
            length = self._epoch_length(span)
            steps = math.floor(length * span.amount)
            return length, Line("steps", f"floor({length} * {decimal_text(span.amount)})", steps)
        return 1, Line("steps", span.text, int(span.amount))

    def _epoch_length(self, span: Span) -> int:
        if self.steps_per_epoch is None:
            raise PlanError(
                f"{span.text!r} needs steps_per_epoch, which is unknown",
                hint="type --steps-per-epoch, or --dataset-len and --batch-size",
            )
        return self.steps_per_epoch


PLAN_KEYS: Final = tuple(key.name for key in fields(Plan) if key.init)
_TYPES: Final = {key.name: str(key.type) for key in fields(Plan)}


def _checked(key: str, value: Any) -> Any:
    """Make a value one of the key's type, or refuse it."""
    kind = _TYPES[key]
    if value is None and kind.endswith("None"):
        return None
    if kind == "str":
        return str(value)
    if kind == "bool":
        return _switch(key, value)
    number = _number(key, value, whole="float" not in kind)
    if number <= 0:
        raise PlanError(f"{key}={value!r} is not positive", hint=f"type {_flag(key)} and a number above 0")
    if number > MAX_STEPS:
        raise PlanError(f"{key}={value!r} is more than 2**53", hint=f"type {_flag(key)} {MAX_STEPS} or less")
    return number


def _switch(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise PlanError(
            f"{key}={value!r} is neither true nor false", hint=f"type {_flag(key)} or leave it out"
        )
    return value


def _number(key: str, value: Any, *, whole: bool) -> int | float:
    # By __index__, not by type: the integers of numpy are welcome.
    if hasattr(value, "__index__") and not isinstance(value, bool):
        return operator.index(value)
    if isinstance(value, float) and math.isfinite(value) and not whole:
        return int(value) if value.is_integer() else float(value)
    expected = "a whole number" if whole else "a number"
    raise PlanError(f"{key}={value!r} is not {expected}", hint=f"type {_flag(key)} and {expected}")


def _epoch_lines(plan: Plan, trainer: Trainer) -> list[Line]:
    """Derive the steps of an epoch, as far as the keys tell them."""
    lines, given = _loader_lines(plan, trainer), plan.steps_per_epoch
    if given is None:
        return lines
    if lines and lines[-1].value != given:
        raise _contradiction("steps_per_epoch", given, lines[-1])
    return lines or [Line("steps per epoch", "steps_per_epoch", given)]


def _loader_lines(plan: Plan, trainer: Trainer) -> list[Line]:
    if plan.dataset_len is None or plan.batch_size is None:
        return []
    lines = trainer.batches(Loader(plan.dataset_len, plan.batch_size, plan.world_size, plan.drop_last))
    if lines[-1].value == 0:
        raise PlanError(
            f"drop_last leaves no batch of batch_size={plan.batch_size} in dataset_len={plan.dataset_len}"
            f" with world_size={plan.world_size}",
            hint="leave out --drop-last, or type a smaller --batch-size",
        )
    if plan.grad_accum == 1:
        return [*lines[:-1], replace(lines[-1], label="steps per epoch")]
    return [*lines, trainer.updates(lines[-1].value, plan.grad_accum)]


def _even_epoch_lines(plan: Plan) -> list[Line]:
    """Divide the steps stated outright by the epochs, where that comes out even."""
    if plan.steps is None or plan.epochs is None:
        return []
    length = plan.steps / Fraction(str(plan.epochs))
    if length.denominator != 1:
        return []
    return [Line("steps per epoch", f"{plan.steps} / {plan.epochs}", int(length))]


def _total_line(plan: Plan, trainer: Trainer, steps_per_epoch: int | None) -> Line:
    """Settle the total: what follows from the other keys, which ``steps`` must agree with."""
    line = _computed_total(plan, trainer, steps_per_epoch)
    if line is None:
        if plan.steps is None:
            raise _missing(plan, [] if steps_per_epoch else ["dataset_len", "batch_size"])
        return Line("total steps", "steps", plan.steps)
    if plan.steps not in {None, line.value}:
        raise _contradiction("steps", plan.steps, line)
    if line.value > MAX_STEPS:
        raise PlanError(f"{line.text} steps are more than 2**53", hint="type fewer --epochs")
    return line


def _computed_total(plan: Plan, trainer: Trainer, steps_per_epoch: int | None) -> Line | None:
    total = None
    if steps_per_epoch is not None and plan.epochs is not None:
        total = trainer.total(steps_per_epoch, plan.epochs)
    if plan.max_steps is None:
        return total
    return trainer.limit(total, plan.max_steps) if total else Line("total steps", "max_steps", plan.max_steps)


def _contradiction(key: str, value: int | None, line: Line) -> PlanError:
    return PlanError(
        f"{key}={value!r} contradicts the {line.value} of {line.formula}",
        hint=f"leave out {_flag(key)}, or type {_flag(key)} {line.value}",
    )


def _missing(plan: Plan, keys: list[str]) -> PlanError:
    absent = [key for key in (*keys, "epochs") if getattr(plan, key) is None]
    verb = "is" if len(absent) == 1 else "are"
    return PlanError(
        f"the length of the run is unknown: {_joined(absent)} {verb} missing",
        hint=f"type --steps 1000, or {_joined([_flag(key) for key in absent])}",
    )


def _joined(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _flag(key: str) -> str:
    return "--" + key.replace("_", "-")
