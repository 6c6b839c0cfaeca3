"""OLMo's first trainer: its YAML, and options of the same dotted names; each update uses the LR of the next.

Source: ai2-olmo 0.6.0 ``config.py``, ``train.py``, ``optim.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Setting, number, off, text, whole
from lrviz.inputs.foreign.shared.even_batches import check_even
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text, read_number
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    Setting("optimizer.learning_rate", number, 1e-4, "lr"),
    Setting("scheduler.name", text, "cosine_with_warmup"),
    Setting("scheduler.units", text, "steps"),
    Setting("scheduler.t_warmup", number, 100, "warmup"),
    Setting("scheduler.t_max", number),
    Setting("scheduler.alpha_f", number, 0.1),
    Setting("scheduler.warmup_min_lr", number, None, "warmup_start"),
    Setting("max_duration", text, "10000"),
    Setting("stop_at", whole),
    Setting("stop_after", whole),
    Setting("global_train_batch_size", whole, 512, "batch_size"),
    Setting("model.max_sequence_length", whole, 1024, "seq_len"),
)
FALLS = ("cosine_with_warmup", "linear_with_warmup", "cosine_linear_envelope", "max_scheduler")
SCHEDULES = ("constant", "constant_with_warmup", "inverse_sqrt_with_warmup", *FALLS)


class Length(NamedTuple):
    """Updates that ``max_duration`` makes, its tokens, and those of a batch."""

    steps: int
    tokens: int
    batch: int


def claims(source: Source) -> bool:
    """``max_duration`` beside an optimizer with a ``learning_rate``."""
    if source.language == "command":
        names = {"max_duration", "optimizer.learning_rate", "scheduler.t_warmup"} & source.data.keys()
        return source.program.endswith("scripts/train.py") and bool(names)
    optimizer = source.config.get("optimizer")
    return "max_duration" in source.config and isinstance(optimizer, dict) and "learning_rate" in optimizer


def read(run: Settings) -> Spec:
    """The run of ``max_duration``: the scheduler counts updates or tokens, those of the update included."""
    name = run.choose("scheduler.name", SCHEDULES)
    check_even(run)
    lr, length = run["optimizer.learning_rate"], _length(run)
    total = _total(run, length)
    if name == "constant":
        run.warmup = 0
        return run.curve("transformers.constant", lr=lr, steps=total)
    counts_tokens = run.choose("scheduler.units", ("steps", "tokens")) == "tokens"
    each, most = (length.batch, length.tokens) if counts_tokens else (1, length.steps)
    warmup = int(run["scheduler.t_warmup"])
    run.warmup = max(ceil_div(warmup, each) - 1, 0)
    _note_first(run, lr, warmup)
    return run.curve(
        f"olmo.{name}",
        lr=lr,
        steps=total,
        lead=each,
        pace=each if counts_tokens else None,
        t_warmup=warmup,
        warmup_min_lr=run["scheduler.warmup_min_lr"],
        **_fall(run, name, most),
    )


def _total(run: Settings, length: Length) -> int:
    """The updates of the run, which may stop before its schedule ends."""
    stops = [run[one] for one in ("stop_at", "stop_after") if run.is_said(one)]
    ends = (length.steps, *stops)
    return run.line(run.TOTAL_STEPS, f"min{ends}", min(ends)) if stops else length.steps


def _fall(run: Settings, name: str, most: int) -> dict[str, Value]:
    """Where the fall ends, and how low: ``t_max``, or the length of the run."""
    if name not in FALLS:
        return {}
    end = int(run.get("scheduler.t_max", most))
    if end > most:
        run.warn(
            "ends-above-floor",
            f"t_max={end} and the run has {most}: it ends before the LR is at its lowest",
            at="scheduler.t_max",
        )
    return {"t_max": end, "alpha_f": run["scheduler.alpha_f"]}


def _length(run: Settings) -> Length:
    """``max_duration``: updates, ``2e12T`` tokens, or ``2ep`` epochs."""
    said = run["max_duration"].strip()
    batch = run["global_train_batch_size"] * run["model.max_sequence_length"]
    unit = "ep" if said.endswith("ep") else "T" if said.endswith("T") else ""
    amount = read_number(said.removesuffix(unit).strip())
    if amount is None or not math.isfinite(amount):
        run.refuse(
            f"max_duration={said!r} is neither updates, tokens (2e12T) nor epochs (1ep)",
            at="max_duration",
            instead=1000,
        )
    if unit == "T":
        steps = run.ceil(run.TOTAL_STEPS, int(amount), batch)
        return Length(steps, int(amount), batch)
    if unit == "ep":
        batches = run.given_batches()
        run.note_epoch()
        steps = run.product(run.TOTAL_STEPS, int(amount), batches)
    else:
        steps = run.line(run.TOTAL_STEPS, "max_duration", int(amount))
    return Length(steps, steps * batch, batch)


def _note_first(run: Settings, lr: float, warmup: int) -> None:
    if warmup and not run.is_said("scheduler.warmup_min_lr"):
        run.note(
            "warmup-from-tenth",
            f"the warmup begins at {lr_text(lr * 0.1)}, a tenth of the LR, not at 0",
            at="scheduler.t_warmup",
        )


TRAINER = ForeignTrainer(
    "olmo",
    "0.6.0",
    SETTINGS,
    claims,
    read,
    program="ai2-olmo",
    takes_repeats=False,
    no_training=NoTraining(needs=off("dry_run")),
    keys=KnownKeys(fate=by_language(command=Fate.STOPS, yaml=Fate.STOPS)),
    known_by="max_duration beside optimizer.learning_rate",
)
