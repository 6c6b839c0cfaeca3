"""Options that several commands share, each written once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated, Any, get_type_hints

import typer

from lrviz.errors import SpecError
from lrviz.notation.spec import Value, parse_value
from lrviz.plan.keys import PLAN_KEYS
from lrviz.plan.trainers import TRAINERS
from lrviz.resolve.keys import CHOICES

RUN = "The run"
SCHEDULE = "The schedule"
WORDS = "Schedules: NAME or NAME:key=value,…; config files; - is a config on stdin."


def _option(name: str, metavar: str, text: str, panel: str = RUN) -> Any:
    return typer.Option(f"--{name}", metavar=metavar, help=text, rich_help_panel=panel, show_default=False)


@dataclass(frozen=True)
class PlanOptions:
    """How long the run is; every key of a Plan."""

    dataset_len: Annotated[str | None, _option("dataset-len", "N", "Samples in the dataset.")] = None
    batch_size: Annotated[str | None, _option("batch-size", "N", "Samples in a batch, per process.")] = None
    epochs: Annotated[str | None, _option("epochs", "N", "Epochs; 2.5 is accepted.")] = None
    steps: Annotated[str | None, _option("steps", "N", "Optimizer steps outright: 1000, 350k, 1e6.")] = None
    steps_per_epoch: Annotated[
        str | None, _option("steps-per-epoch", "N", "Optimizer steps in an epoch.")
    ] = None
    max_steps: Annotated[str | None, _option("max-steps", "N", "Stop after so many steps.")] = None
    world_size: Annotated[str | None, _option("world-size", "N", "Processes that share the dataset.")] = None
    grad_accum: Annotated[str | None, _option("grad-accum", "N", "Batches accumulated for one step.")] = None
    drop_last: Annotated[
        bool,
        typer.Option("--drop-last", help="Drop the last, smaller batch of an epoch.", rich_help_panel=RUN),
    ] = False
    trainer: Annotated[
        str | None, _option("trainer", "NAME", f"Whose arithmetic: {', '.join(TRAINERS)}.")
    ] = None
    warmup: Annotated[
        str | None,
        _option("warmup", "SPAN", "Warmup: 100 (steps), 6% or 0.06 (of the run), 2ep (epochs).", SCHEDULE),
    ] = None

    warmup_fraction: Annotated[
        str | None, _option("warmup-fraction", "X", "Warmup as a share of the run, 0.06.", SCHEDULE)
    ] = None

    def values(self) -> dict[str, Value]:
        """What was given, by key."""
        texts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: _value(name, text)
            for name, text in texts.items()
            if text not in (None, False) and name != "quiet"
        }


@dataclass(frozen=True)
class RunOptions(PlanOptions):
    """The run and the schedule; a key in a spec wins over the option."""

    lr: Annotated[
        str | None, _option("lr", "LR", "Peak learning rate; 1e-3,1e-4 are two param groups.", SCHEDULE)
    ] = None
    scale_lr: Annotated[
        str | None,
        _option(
            "scale-lr",
            "|".join(CHOICES["scale_lr"]),
            "Scale the LR by batch × accumulation × world over --base-batch-size.",
            SCHEDULE,
        ),
    ] = None
    base_batch_size: Annotated[
        str | None, _option("base-batch-size", "N", "Batch size that the LR was chosen for.", SCHEDULE)
    ] = None
    layer_decay: Annotated[
        str | None,
        _option("layer-decay", "X", "Layer-wise LRs: each layer X times that above it.", SCHEDULE),
    ] = None
    layers: Annotated[
        str | None, _option("layers", "N", "Blocks between embedding and head, for --layer-decay.", SCHEDULE)
    ] = None
    min_lr: Annotated[
        str | None, _option("min-lr", "LR", "Lowest learning rate, where the schedule has one.", SCHEDULE)
    ] = None
    warmup_mode: Annotated[
        str | None,
        _option(
            "warmup-mode",
            "|".join(CHOICES["warmup_mode"]),
            "Before a schedule without warmup, or laid over it.",
            SCHEDULE,
        ),
    ] = None
    warmup_shape: Annotated[
        str | None,
        _option("warmup-shape", "|".join(CHOICES["warmup_shape"]), "Shape of such a warmup.", SCHEDULE),
    ] = None
    warmup_start: Annotated[
        str | None, _option("warmup-start", "LR", "Where such a warmup starts.", SCHEDULE)
    ] = None
    interval: Annotated[
        str | None,
        _option(
            "interval",
            "|".join(CHOICES["interval"]),
            "What the scheduler counts: when it is stepped.",
            SCHEDULE,
        ),
    ] = None
    calls: Annotated[str | None, _option("calls", "N", "scheduler.step() calls in each step.", SCHEDULE)] = (
        None
    )
    optimizer: Annotated[
        str | None,
        _option("optimizer", "NAME", "sgd, adam, adagrad …, where the schedule looks at it.", SCHEDULE),
    ] = None
    metrics: Annotated[
        str | None,
        _option("metrics", "FILE:COLUMN", "A CSV column with the metric at each call.", SCHEDULE),
    ] = None
    metric: Annotated[
        str | None,
        _option("metric", "|".join(CHOICES["metric"]), "A metric made up; noisy(seed=3).", SCHEDULE),
    ] = None
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes on stderr; errors stay.")] = False


TEXTS = (*PLAN_KEYS, "warmup", "metrics")
"""Options whose text is read later, by those who know what it counts."""


def _value(name: str, text: str | bool) -> Value:
    """Options mean what the same key means in a spec."""
    return text if isinstance(text, bool) or name in TEXTS else parse_value(text)


def takes(options: type[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command all options of a dataclass; it receives them as its argument ``run``."""

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(command, include_extras=True)
        own = [
            parameter.replace(annotation=hints[name])
            for name, parameter in inspect.signature(command).parameters.items()
            if name != "run"
        ]
        shared_hints = get_type_hints(options, include_extras=True)
        shared = [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=field.default,
                annotation=shared_hints[field.name],
            )
            for field in fields(options)
        ]

        def command_with_options(**given: Any) -> None:
            chosen = options(**{field.name: given.pop(field.name) for field in fields(options)})
            command(run=chosen, **given)

        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + shared
        command_with_options.__name__ = command.__name__
        command_with_options.__doc__ = command.__doc__
        command_with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # how Typer reads it
        command_with_options.__annotations__ = {p.name: p.annotation for p in parameters}
        return command_with_options

    return with_options


def check_choice(option: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a word that is none of the choices.

    Raises:
        SpecError: with the choices in the hint.

    """
    if value not in choices:
        raise SpecError(f"{option} has no {value!r}", hint=f"one of {', '.join(choices)}")
