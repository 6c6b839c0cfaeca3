"""Megatron's ``OptimizerParamScheduler`` as those who train with it set it up.

Source: megatron-core 0.17.1 and 0.19.2, ``training/arguments.py`` and ``training/training.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.from_checkpoint import is_set
from lrviz.inputs.foreign.setting import Setting, number, numbers, switch, text, whole
from lrviz.inputs.foreign.shared.sample_clock import ramp, updates_until
from lrviz.inputs.foreign.shared.skipped_updates import note_fp16
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.pace import Pace
    from lrviz.notation.spec import Spec, Value

OPTIMIZER = (
    Setting("lr", number, None, "lr"),
    Setting("min_lr", number, 0.0, "min_lr"),
    Setting("weight_decay", number, 0.01),
    Setting("decoupled_lr", number),
    Setting("decoupled_min_lr", number),
)
"""Of megatron-core's ``OptimizerConfig``."""
SCHEDULER = (
    Setting("lr_decay_style", text, "linear"),
    Setting("lr_decay_iters", whole),
    Setting("lr_decay_samples", whole),
    Setting("lr_warmup_iters", whole, 0, "warmup"),
    Setting("lr_warmup_samples", whole, 0),
    Setting("lr_warmup_fraction", number),
    Setting("lr_warmup_init", number, 0.0),
    Setting("lr_wsd_decay_iters", whole),
    Setting("lr_wsd_decay_samples", whole),
    Setting("lr_wsd_decay_style", text, "exponential"),
    Setting("start_weight_decay", number),
    Setting("end_weight_decay", number),
    Setting("weight_decay_incr_style", text, "constant"),
    Setting("override_opt_param_scheduler", switch, default=False),
    Setting("use_checkpoint_opt_param_scheduler", switch, default=False),
)
"""Of its ``SchedulerConfig``."""
TRAINING = (
    Setting("train_iters", whole, None, "steps"),
    Setting("train_samples", whole),
    Setting("global_batch_size", whole),
    Setting("micro_batch_size", whole, None, "batch_size"),
    Setting("decrease_batch_size_if_needed", switch, default=False),
    Setting("rampup_batch_size", numbers),
    Setting("exit_interval", whole),
)
"""Of its ``TrainingConfig``."""
STYLES = ("constant", "linear", "cosine", "inverse-square-root", "WSD")
WSD_STYLES = ("exponential", "linear", "cosine", "minus_sqrt")


class Lengths(NamedTuple):
    """What the scheduler is told, in samples; ``wsd`` is the decay of WSD."""

    decay: int
    warmup: float
    wsd: int | None
    weight_decay: int


def kind_of(run: Settings) -> str:
    """Whether the run is told in ``iters`` or in ``samples``, of which Megatron wants one.

    Raises:
        PlanError: it is told in neither.
        ConfigError: in both, or its schedule in the other.

    """
    kind, other = ("iters", "samples") if not run["train_samples"] else ("samples", "iters")
    for name in (f"train_{other}", f"lr_decay_{other}", f"lr_warmup_{other}"):
        if run.is_said(name) and run[name]:
            run.refuse(
                f"{name} beside train_{kind}: Megatron takes both in {kind} and stops",
                hint=f"--given {f'train_{kind}' if name == f'train_{other}' else name}=0",
                at=name,
            )
    if run["lr_warmup_fraction"] is not None and run[f"lr_warmup_{kind}"]:
        run.refuse(
            f"lr_warmup_fraction and lr_warmup_{kind} are both given: Megatron stops",
            hint=f"--given lr_warmup_{kind}=0",
            at="lr_warmup_fraction",
        )
    return kind


def lengths(run: Settings, kind: str, unit: int, length: int) -> Lengths:
    """The lengths of the schedule of a run of ``length`` of ``kind``, each of ``unit`` samples."""
    decay = run.get(f"lr_decay_{kind}", length) * unit
    wsd, fraction = run[f"lr_wsd_decay_{kind}"], run["lr_warmup_fraction"]
    if fraction and decay != length * unit:
        run.note("fraction-of-the-decay", f"lr_warmup_fraction is one of lr_decay_{kind}, not of the run")
    warmup = run[f"lr_warmup_{kind}"] * unit if fraction is None else fraction * decay
    return Lengths(decay, warmup, None if wsd is None else wsd * unit, length * unit)


def check_lengths(run: Settings, spans: Lengths) -> None:
    """Refuse what ``OptimizerParamScheduler`` asserts.

    Raises:
        ConfigError: no decay, a warmup as long as that, or WSD without its own.

    """
    if spans.decay < 1:
        run.refuse("a decay of 0 samples: Megatron stops", hint="<steps=1000>")
    if spans.warmup >= spans.decay:
        run.refuse(
            f"a warmup of {spans.warmup:g} samples is not below the {spans.decay} of the decay:"
            " Megatron stops",
            hint=_no_warmup(run),
        )
    if run["lr_warmup_init"] > run["lr"]:
        run.refuse(
            f"lr_warmup_init={lr_text(run['lr_warmup_init'])} is above lr={lr_text(run['lr'])}:"
            " Megatron stops",
            at="lr_warmup_init",
            instead=0,
        )
    _check_resumption(run)
    if spans.wsd is None and run["lr_decay_style"] == "WSD":
        run.refuse(
            "WSD needs lr_wsd_decay_iters or lr_wsd_decay_samples: Megatron stops",
            hint=f"--given lr_wsd_decay_{'samples' if _is_set(run, 'train_samples') else 'iters'}=100",
            at="lr_decay_style",
        )


def _no_warmup(run: Settings) -> str:
    """How to say that there is none, by the setting that says it here."""
    said = [name for name in ("lr_warmup_fraction", "lr_warmup_samples") if _is_set(run, name)]
    return f"--given {said[0]}=0" if said else "<warmup=0>"


def _is_set(run: Settings, name: str) -> bool:
    return name in run.table and bool(run[name])


def _check_resumption(run: Settings) -> None:
    """Refuse both ways to go on at once, and say of one that the schedule is the checkpoint's."""
    resumed = ("override_opt_param_scheduler", "use_checkpoint_opt_param_scheduler")
    are_set = [run.is_said(name) and run[name] for name in resumed]  # each is looked at, whatever one says
    if all(are_set):
        run.refuse(
            f"{' and '.join(resumed)} are both set: Megatron stops",
            hint=f"--given {resumed[0]}=false",
            at=resumed[0],
        )
    if are_set[1] and not is_set(run, "finetune"):
        text = "where a checkpoint is loaded, its LR, minimum, warmup, decay and style are taken"
        run.warn("resumes", f"{text}, and those here change nothing", at=resumed[1])


def check_weight_decay(run: Settings) -> None:
    """Refuse a weight decay that grows between no ends, or has ends and does not grow.

    Raises:
        ConfigError: it does.

    """
    name, ends = "weight_decay_incr_style", ("start_weight_decay", "end_weight_decay")
    given = [run[end] is not None for end in ends]
    if run[name] == "constant" and any(given):
        text = f"{' and '.join(ends)} beside a constant weight decay: it stops"
        run.refuse(text, at=name, instead="linear")
    if run[name] != "constant" and not all(given):
        hint = "--given start_weight_decay=0.01 --given end_weight_decay=0.1"
        run.refuse(f"{name}={run[name]} without {' and '.join(ends)}: it stops", hint=hint, at=name)


def curve_of(run: Settings, total: int, spans: Lengths, clock: Pace, *, updates: int = 1) -> Spec:
    """The schedule over ``total`` steps, which count the samples that ``clock`` tells.

    Each is of so many ``updates``.
    """
    note_fp16(run)
    style = run.choose("lr_decay_style", STYLES)
    if style == "linear" and not run.is_said("lr_decay_style"):
        run.note("linear-by-default", f"no lr_decay_style: linear to {lr_text(run['min_lr'])} is the default")
    run.warmup = _warmup(run, spans, clock) * updates
    if style != "constant":
        _compare(run, total, spans, clock, updates)
    return run.curve(
        "megatron.OptimizerParamScheduler",
        lr=run["lr"],
        min_lr=run["min_lr"],
        steps=total * updates,
        interval=updates if updates > 1 else None,
        init_lr=run["lr_warmup_init"],
        lr_warmup_steps=spans.warmup,
        lr_decay_steps=spans.decay,
        lr_decay_style=style,
        wsd_decay_steps=spans.wsd if style == "WSD" else None,
        lr_wsd_decay_style=run.choose("lr_wsd_decay_style", WSD_STYLES) if style == "WSD" else None,
        **_weight_decay(run, spans),
        **_counted(clock),
    )


def _warmup(run: Settings, spans: Lengths, clock: Pace) -> int:
    """The updates of the warmup; how they come about is noted where it is told otherwise."""
    warmup = updates_until(clock, spans.warmup)
    if warmup in {0, run["lr_warmup_iters"]}:
        return warmup
    is_even = len(clock.pieces) == 1
    samples = f"{spans.warmup:.12g}"
    formula = f"ceil({samples} / {clock.pieces[0].ticks})" if is_even else f"updates until {samples} samples"
    return run.line("warmup", formula, warmup)


def _counted(clock: Pace) -> dict[str, Value]:
    """The samples of every update, or those of each where they differ."""
    if len(clock.pieces) == 1:
        return {"increment": clock.pieces[0].ticks}
    return {"pace": tuple(piece.ticks if piece.steps is None else str(piece) for piece in clock.pieces)}


def _weight_decay(run: Settings, spans: Lengths) -> dict[str, Value]:
    """The weight decay, which grows where its ends are given."""
    style = run.choose("weight_decay_incr_style", ("constant", "linear", "cosine"))
    is_of_run = style == "constant" and not run.is_said("exit_interval")
    return {
        "start_wd": run.get("start_weight_decay", run["weight_decay"]),
        "end_wd": run.get("end_weight_decay", run["weight_decay"]),
        "wd_incr_style": style,
        "wd_incr_steps": None if is_of_run else spans.weight_decay,
    }


def note_decoupled(run: Settings) -> None:
    """Name the LR of the embedding and the output layer, where it is another."""
    lr = run["decoupled_lr"]
    if lr is not None:
        least = run.get("decoupled_min_lr", run["min_lr"])
        run.note(
            "decoupled-lr",
            "embedding and output layer run the same curve"
            f" with lr {lr_text(lr)} and min_lr {lr_text(least)}",
            at="decoupled_lr",
        )


def _compare(run: Settings, total: int, spans: Lengths, clock: Pace, updates: int) -> None:
    """Say where the decay ends before the run does, or the run before the decay."""
    ends, seen = updates_until(clock, spans.decay), clock.before(total)
    if ends + 1 < total:
        run.note(
            "length-differs",
            f"the decay ends at update {ends * updates} of {total * updates}:"
            f" the rest, {1 - ends / total:.0%}, runs at min_lr {lr_text(run['min_lr'])}",
        )
    elif ends > total + 1:
        run.note(
            "length-differs",
            f"the run sees {seen} of the {spans.decay} samples that the decay takes"
            f" ({seen / spans.decay:.0%}): min_lr {lr_text(run['min_lr'])} is not reached",
        )


def ramp_of(run: Settings, batch: int, *, until: str) -> list[tuple[int, int]]:
    """``rampup_batch_size``: start, increment, samples; from a version on it changes nothing.

    Raises:
        ConfigError: it does not lead to ``batch``.

    """
    given = run["rampup_batch_size"]
    if given is None:
        return []
    if run.since(until, f"from {until} on rampup_batch_size changes nothing, before the batch grows"):
        run.warn(
            "rampup-ignored", f"{run.title} takes rampup_batch_size and ignores it", at="rampup_batch_size"
        )
        return []
    try:
        start, increment, samples = map(int, given)
        return ramp(start, increment, samples, batch)
    except (ValueError, OverflowError):
        run.refuse(
            f"rampup_batch_size {' '.join(map(str, given))} does not lead to a batch of {batch}",
            at="rampup_batch_size",
            instead="64,64,100000",
        )
