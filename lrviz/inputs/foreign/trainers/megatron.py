"""Megatron-LM: the options of its pretraining scripts.

Source: megatron-core 0.17.1, 0.18.0 and 0.19.2 (the wheels with ``megatron/training``): ``arguments.py``,
``training.py``, ``config/training_config.py``, ``core/num_microbatches_calculator.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.from_checkpoint import begins_anew, is_set
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_TORCH_OR_STOP
from lrviz.inputs.foreign.setting import Setting, literal, numbers, off, text, whole
from lrviz.inputs.foreign.shared.megatron_batches import PARALLEL, check_batches, ended, share_of, stopped
from lrviz.inputs.foreign.shared.megatron_scheduler import (
    OPTIMIZER,
    SCHEDULER,
    TRAINING,
    check_lengths,
    check_weight_decay,
    curve_of,
    kind_of,
    lengths,
    note_decoupled,
    ramp_of,
)
from lrviz.inputs.foreign.shared.megatron_stops import ASSERTED, check_options
from lrviz.inputs.foreign.shared.sample_clock import constant, growing, steps_of, updates_until
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.pace import Pace

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    *OPTIMIZER,
    *SCHEDULER,
    *TRAINING,
    Setting("step_batch_size_schedule", text),
    Setting("iterations_to_skip", literal),
    Setting("phase_transition_iterations", numbers),
    *ASSERTED,
    Setting("seq_length", whole, None, "seq_len"),
    *(one._replace(aliases=(f"model_parallel.{one.name}",)) for one in PARALLEL),
)
OF_OTHERS = {"num_rollout", "output_dir", "num_train_epochs"}
"""Options of slime, and of the Trainer's scripts, which may have ``--train_samples`` of their own."""


def claims(source: Source) -> bool:
    """``--train-iters`` or ``--train-samples`` of a script that is not another trainer's, or of a YAML."""
    if source.language == "yaml":
        is_own = isinstance(source.data.get("model_parallel"), dict)
    else:
        is_script = source.language == "command" and source.program not in ("megatron", "swift")
        is_own = is_script and not OF_OTHERS & source.data.keys()
    return is_own and bool({"train_iters", "train_samples", "yaml_cfg"} & source.data.keys())


def read(run: Settings) -> Spec:
    """The run of ``train_iters`` updates, or of ``train_samples`` samples; its schedule counts samples."""
    kind = kind_of(run)
    _check_skipped(run)
    steps = _steps(run)
    _ask(run, kind, has_steps=bool(steps))
    batch = 1 if steps and kind == "samples" else _batch(run)
    sizes = steps or _ramp(run, kind, batch)
    clock = growing(sizes) if sizes else constant(batch)
    spans = lengths(run, kind, batch if kind == "iters" else 1, run[f"train_{kind}"])
    check_lengths(run, spans)
    check_batches(run, clock)
    check_weight_decay(run)
    total = _total(run, kind, clock)
    note_decoupled(run)
    _warn_of_new_schedule(run)
    return curve_of(run, total, spans, _shared_out(run, clock))


def _warn_of_new_schedule(run: Settings) -> None:
    """Say that a checkpoint's iterations go on without its schedule, which comes with its optimizer."""
    if is_set(run, "no_load_optim") and is_set(run, "load") and not is_set(run, "finetune"):
        run.warn("resumes", begins_anew("no_load_optim"), at="no_load_optim")


def _check_skipped(run: Settings) -> None:
    """Refuse ``--iterations-to-skip``, which makes no update and leaves the schedule where it is."""
    if skipped := run["iterations_to_skip"]:
        times = len(skipped) if isinstance(skipped, (list, tuple)) else 1
        text = (
            f"iterations_to_skip: {times} of {run['train_iters']} iterations make no update, nor move the LR"
        )
        hint = "--given iterations_to_skip=null draws the run without"
        run.refuse(text, hint=hint, at="iterations_to_skip")


def _ramp(run: Settings, kind: str, batch: int) -> list[tuple[int, int]]:
    """``--rampup-batch-size``, which 0.17 wants beside samples."""
    sizes = ramp_of(run, batch, until="0.18")
    if sizes and kind == "iters":
        text = f"{run.title} asserts that rampup_batch_size stands beside train_samples: it may stop"
        run.warn("rampup-by-iters", text, at="rampup_batch_size")
    return sizes


def _ask(run: Settings, kind: str, *, has_steps: bool) -> None:
    """Ask for what a run must have; it asserts a micro-batch, whatever its batch."""
    names = ["lr", f"train_{kind}", "micro_batch_size"]
    needs_world = not run.is_said("global_batch_size") and not (has_steps and kind == "samples")
    if needs_world or run["decrease_batch_size_if_needed"]:
        names += ["world_size"]
    run.ask(*names)
    check_options(run)
    if run[f"train_{kind}"] < 1:
        run.refuse(f"train_{kind}={run[f'train_{kind}']} makes no update", hint="<steps=1000>")


def _batch(run: Settings) -> int:
    """``global_batch_size``, or the micro-batch of every data-parallel process."""
    batch = int(run["global_batch_size"]) if run.is_said("global_batch_size") else share_of(run)
    if batch < 1:
        run.refuse(f"global_batch_size={batch} has no sample", hint="--given global_batch_size=256")
    return batch


def _shared_out(run: Settings, clock: Pace) -> Pace:
    """The clock without the samples that the processes cannot share, where those are left out.

    Raises:
        ConfigError: a batch has not one micro-batch for each.

    """
    if not run["decrease_batch_size_if_needed"]:
        return clock
    share = share_of(run)
    pieces = [piece._replace(ticks=piece.ticks // share * share) for piece in clock.pieces]
    if not all(piece.ticks for piece in pieces):
        run.refuse(
            f"a batch of {clock.pieces[0].ticks} is below the {share} samples of one micro-batch each:"
            " Megatron stops",
            hint=f"--given global_batch_size={share}",
        )
    return Pace(tuple(pieces))


def _steps(run: Settings) -> list[tuple[int, int]]:
    """``--step-batch-size-schedule``, from 0.18 on; its thresholds are tokens.

    Raises:
        ConfigError: before 0.18, beside a batch of its own, or no schedule.

    """
    name = "step_batch_size_schedule"
    given = run[name]
    if not given:
        return []
    if not run.since("0.18"):
        run.refuse(f"{run.title} has no {name}: it stops", hint="<trainer=megatron@0.18>", at=name)
    for other in ("global_batch_size", "decrease_batch_size_if_needed"):
        if run.is_said(other):
            run.refuse(f"{other} beside {name}: Megatron stops", at=name, instead="null")
    try:
        return steps_of(given, run["seq_length"])
    except (ValueError, OverflowError):
        run.refuse(
            f"{name} {given!r} is no list of THRESHOLD:BATCH that rises from 0",
            at=name,
            instead="'0:768 250B:1536'",
        )


def _total(run: Settings, kind: str, clock: Pace) -> int:
    """The updates of the run, up to the first iteration at which it ends."""
    total = int(run["train_iters"]) if kind == "iters" else _updates_of(run, clock)
    if kind == "iters":
        run.line(run.TOTAL_STEPS, "train_iters", total)
    name = "phase_transition_iterations"
    return stopped(run, ended(run, total, name, min(map(int, run[name] or ()), default=0)))


def _updates_of(run: Settings, clock: Pace) -> int:
    """The updates of ``train_samples``; a batch at the end that is not whole counts in a schedule only."""
    samples = int(run["train_samples"])
    *grows, last = clock.pieces
    if not grows:
        total = run.floor(run.TOTAL_STEPS, samples, last.ticks)
    elif run.is_said("step_batch_size_schedule"):
        total = run.line(run.TOTAL_STEPS, f"updates until {samples} samples", updates_until(clock, samples))
    else:
        ramped = updates_until(clock, min(int(run["rampup_batch_size"][2]), samples) + 1)
        rest = max(0, samples - clock.before(ramped))
        formula = f"{ramped} + floor({rest} / {last.ticks})"
        total = run.line(run.TOTAL_STEPS, formula, ramped + rest // last.ticks)
    if total < 1:
        run.refuse(f"train_samples={samples} makes no update", hint="--given train_samples=100000")
    return total


TRAINER = ForeignTrainer(
    "megatron",
    "0.19.2",
    SETTINGS,
    claims,
    read,
    program="megatron-core",
    files=("yaml_cfg",),
    reads_text=False,
    dash="-",
    takes_beginnings=False,
    keys=KnownKeys(("megatron",), by_language(command=Fate.DOUBTED)),
    ranks=BY_TORCH_OR_STOP,
    no_training=NoTraining(needs=off("skip_train")),
    ends_early={Setting("exit_duration_in_mins", literal): ""},
    known_by="--train-iters or --train-samples",
    oldest="0.17",
    takes_words=False,
)
