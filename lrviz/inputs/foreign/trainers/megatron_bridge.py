"""Megatron-Bridge: the YAML of a run, and words ``key=value`` laid over it.

Source: megatron-bridge 0.3.1, 0.5.0 and 0.6.2, ``training/config.py``, ``training/optim.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Setting, literal, number, off
from lrviz.inputs.foreign.shared.bridge_lengths import MAX_STEPS, bridge_lengths
from lrviz.inputs.foreign.shared.megatron_batches import PARALLEL, check_batches, stopped
from lrviz.inputs.foreign.shared.megatron_scheduler import (
    OPTIMIZER,
    SCHEDULER,
    TRAINING,
    check_lengths,
    curve_of,
    kind_of,
    note_decoupled,
    ramp_of,
)
from lrviz.inputs.foreign.shared.sample_clock import constant, growing
from lrviz.inputs.foreign.shared.trainer_length import updates_of_epochs
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def _of(section: str, *settings: Setting) -> tuple[Setting, ...]:
    """Megatron's settings where they stand in a section of the YAML."""
    return tuple(one._replace(aliases=(f"{section}.{one.name}",)) for one in settings)


SETTINGS = (
    *_of("optimizer", *OPTIMIZER),
    *_of("scheduler", *SCHEDULER, MAX_STEPS),
    *_of("train", *TRAINING, Setting("num_epochs", number, None, "epochs")),
    *_of("model", *PARALLEL),
)
OF_SCHEDULER = {one.name for one in SCHEDULER}


def claims(source: Source) -> bool:
    """``train`` beside a ``scheduler`` with Megatron's settings."""
    if source.language == "command":
        return any(name in source.data for one in SETTINGS for name in one.aliases if "iters" in name)
    if source.language != "yaml" or not isinstance(source.data.get("train"), dict):
        return False
    scheduler = source.data.get("scheduler")
    return isinstance(scheduler, dict) and bool(OF_SCHEDULER & scheduler.keys())


def read(run: Settings) -> Spec:
    """The run of ``train_iters`` updates, ``train_samples`` samples, or ``num_epochs`` of a data set."""
    kind = kind_of(run)
    _check_units(run, kind)
    length, batch = _length(run, kind), run["global_batch_size"]
    spans = bridge_lengths(run, kind, batch, length)
    check_lengths(run, spans)
    sizes = ramp_of(run, batch, until="0.5")
    clock = growing(sizes) if sizes else constant(batch)
    check_batches(run, clock)
    total = length if kind == "iters" else _of_samples(run, batch)
    note_decoupled(run)
    return curve_of(run, stopped(run, total), spans, clock)


def _check_units(run: Settings, kind: str) -> None:
    """Refuse two lengths of a run, one that its version does not have, and a schedule in both units.

    Raises:
        ConfigError: there is one.

    """
    for new in ("max_steps", "num_epochs"):
        if run[new] is not None and not run.since("0.6"):
            text = f"{new} is no setting of {run.title}: it stops"
            run.refuse(text, hint=f"--trainer megatron_bridge@{run.trainer.version}", at=new)
    other = f"lr_wsd_decay_{'samples' if kind == 'iters' else 'iters'}"
    own = [f"lr_{what}_{kind}" for what in ("decay", "warmup", "wsd_decay")]
    if run[other] is not None and any(run[name] for name in own):
        text = f"{other} beside {' or '.join(own)}: Megatron-Bridge stops"
        run.refuse(text, at=other, instead="null")
    if run["num_epochs"] is not None and run[f"train_{kind}"] is not None:
        text = f"num_epochs beside train_{kind}: Megatron-Bridge takes one length"
        run.refuse(text, at="num_epochs", instead="null")


def _length(run: Settings, kind: str) -> int:
    """The iterations of the run, or its samples.

    Raises:
        ConfigError: it makes no update.

    """
    by_epochs = run["num_epochs"] is not None
    run.ask("lr", "global_batch_size", "dataset_len" if by_epochs else f"train_{kind}")
    length = _of_epochs(run) if by_epochs else int(run[f"train_{kind}"])
    if length < 1 or run["global_batch_size"] < 1:
        run.refuse(
            f"train_{kind} {length} of global_batch_size {run['global_batch_size']}", hint="<steps=1000>"
        )
    return run.line(run.TOTAL_STEPS, "train_iters", length) if kind == "iters" and not by_epochs else length


def _of_epochs(run: Settings) -> int:
    """``ceil(num_epochs * ceil(rows / batch))``."""
    n, batch, epochs = run.ask("dataset_len"), run["global_batch_size"], run["num_epochs"]
    each = run.line(run.STEPS_PER_EPOCH, f"ceil({n} / {batch})", ceil_div(n, max(batch, 1)))
    return updates_of_epochs(run, epochs, each)


def _of_samples(run: Settings, batch: int) -> int:
    samples = int(run["train_samples"])
    if run["rampup_batch_size"] is not None or samples < batch:
        run.refuse("train_samples takes no rampup_batch_size, and at least one batch", hint="<steps=1000>")
    return run.floor(run.TOTAL_STEPS, samples, batch)


TRAINER = ForeignTrainer(
    "megatron_bridge",
    "0.6.2",
    SETTINGS,
    claims,
    read,
    program="megatron-bridge",
    files=("config_file",),
    aliases=("megatron-bridge",),
    takes_repeats=False,
    ends_early={Setting("train.exit_duration_in_mins", literal): ""},
    no_training=NoTraining(needs=off("validation.skip_train", "train.skip_train")),
    keys=KnownKeys(fate=by_language(command=Fate.UNADDED, yaml=Fate.PASSED)),
    known_by="train beside scheduler.lr_decay_style",
    oldest="0.3",
)
