"""OpenCLIP: ``torchrun … -m open_clip_train.main`` and its options; ``training.main`` before 2.27.

Source: open_clip_torch 3.3.0, ``open_clip_train/params.py``, ``data.py``, ``main.py``, ``train.py`` and
``scheduler.py``.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.launch import MPI, NOBODY
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_SLURM_TOO
from lrviz.inputs.foreign.setting import Setting, count, number, switch, text, whole
from lrviz.inputs.foreign.settings import shorter_warmup
from lrviz.inputs.foreign.shared.open_clip_release import assume_release, is_new, lacks
from lrviz.inputs.foreign.shared.webdataset_shards import check_shards
from lrviz.inputs.foreign.shared.whole_updates import whole_updates
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("lr", number, 5e-4, "lr"),
    Setting("warmup", whole, 10000, "warmup"),
    Setting("lr_scheduler", text, "cosine"),
    Setting("epochs", count, 32, "epochs"),
    Setting("epochs_cooldown", whole),
    Setting("lr_cooldown_end", number, 0.0, "min_lr"),
    Setting("lr_cooldown_power", number, 1.0),
    Setting("skip_scheduler", switch, default=False),
    Setting("batch_size", count, 64, "batch_size"),
    Setting("accum_freq", count, 1, "grad_accum"),
    Setting("train_num_samples", whole, None, "dataset_len"),
    Setting("workers", whole, 4),
    Setting("dataset_type", text, "auto"),
    Setting("train_data", text, ""),
    Setting("opt", text, "adamw"),
    Setting("dataset_resampled", switch, default=False),
    Setting("text_layer_decay", number),
    Setting("image_layer_decay", number, None, "", ("visual_layer_decay",)),
    Setting("audio_layer_decay", number),
    Setting("use_naflex", switch, default=False),
    Setting("distill_model", text),
    Setting("distill_pretrained", text),
)
SCHEDULES = {
    "cosine": "open_clip.cosine_lr",
    "const": "open_clip.const_lr",
    "const-cooldown": "open_clip.const_lr_cooldown",
}
MODULES = ("open_clip_train.main", "training.main")
SCRIPTS = ("open_clip_train/main.py", "training/main.py")
CSV = (".csv", ".tsv")
TAR = (".tar",)


def claims(source: Source) -> bool:
    """Its module or script, by the name of the package it is in."""
    return source.program in MODULES or source.program.endswith(SCRIPTS)


def _check_data(run: Settings) -> None:
    """Refuse a run without data to train on, which only evaluates.

    Raises:
        ConfigError: it is one.

    """
    if not run["train_data"] and not run["dataset_type"].startswith("synthetic"):
        run.refuse("it trains nothing without --train-data", hint="--given train_data='{000..999}.tar'")


def read(run: Settings) -> Spec:
    """A warmup of (t + 1) / W, then the scheduler over what is left of all updates."""
    assume_release(run)
    run.need("lr", "epochs", "warmup", "accum_freq")
    _check_distilled(run)
    kind = run.choose("lr_scheduler", SCHEDULES)
    lr = _peak(run)
    updates = _updates_per_epoch(run)
    if is_new(run):
        _note_layers(run, lr)
    epochs = run["epochs"]
    total = run.product(run.TOTAL_STEPS, updates, epochs)
    cooldown = _cooldown(run, updates) if kind == "const-cooldown" else {}
    if run["skip_scheduler"]:
        run.warmup = 0
        run.note(
            "no-scheduler", f"--skip-scheduler: the LR is {lr_text(lr)} in all updates", at="skip_scheduler"
        )
        return run.curve("transformers.constant", lr=lr, steps=total)
    warmup = _warmup(run, total)
    return run.curve(
        SCHEDULES[kind],
        lr=lr,
        warmup_length=warmup,
        steps=total,
        **cooldown,
    )


def _check_distilled(run: Settings) -> None:
    """Refuse distillation of accumulated gradients.

    Raises:
        ConfigError: it is that.

    """
    names = ("distill_model", "distill_pretrained")
    if run["accum_freq"] > 1 and all(run.is_said(name) for name in names):
        run.refuse(f"{run.title} distills with --accum-freq 1 alone: it stops", hint="<grad_accum=1>")


def _peak(run: Settings) -> float:
    """``--lr``, which only its own AdamW has a default for."""
    if "timm" in run["opt"] and not run.is_said("lr"):
        run.refuse(f"--opt {run['opt']} has no default of --lr: it stops", hint="<lr=5e-4>", at="opt")
    return float(run["lr"])


def _note_layers(run: Settings, lr: float) -> None:
    """The towers whose layers have less than the head."""
    for name in ("text_layer_decay", "image_layer_decay", "audio_layer_decay"):
        decay, tower = run[name], name.partition("_")[0]
        if decay not in (None, 1):
            run.note(
                "layer-decay",
                f"this is the LR of the heads; a layer of the {tower} tower has {decay:g} of that above it,"
                f" from {lr_text(lr * decay)} on",
                at=name,
            )


def _warmup(run: Settings, total: int) -> int:
    warmup: int = run["warmup"]
    run.warmup = max(warmup - 1, 0)
    run.check_warmup(warmup, total, ahead=1, hint=shorter_warmup(total), at="warmup")
    return warmup


def _cooldown(run: Settings, updates: int) -> dict[str, float]:
    """The last epochs, which ``--epochs`` includes."""
    epochs = run["epochs_cooldown"]
    if epochs is None:
        run.refuse(
            "const-cooldown needs --epochs-cooldown: it stops",
            hint="--given epochs_cooldown=4",
            at="lr_scheduler",
        )
    steps = run.product("cooldown steps", updates, epochs)
    return {
        "cooldown_steps": steps,
        "cooldown_power": run["lr_cooldown_power"],
        "cooldown_end_lr": run["lr_cooldown_end"],
    }


def _updates_per_epoch(run: Settings) -> int:
    """``num_batches // accum_freq``: batches left over are not used."""
    if is_new(run) and run["use_naflex"] and not run.is_said("batches_per_epoch"):
        run.explain("batches_per_epoch", "batches of an epoch, which --use-naflex fills by tokens")
        run.ask("batches_per_epoch")
    return whole_updates(run, _batches(run), run["accum_freq"], "accum_freq")


def _batches(run: Settings) -> int:
    """Batches of a process in an epoch: webdataset rounds up to whole ones of each worker, others drop."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    kind = _dataset_type(run)
    run.need("batch_size", "workers")
    n, world = run.ask("dataset_len" if kind == "csv" else "train_num_samples", "world_size")
    size, workers = run["batch_size"], max(run["workers"], 1)
    if kind != "webdataset":
        return run.sampled_batches(n, world, size, drops=True)
    if not run["dataset_resampled"]:
        check_shards(run, run["train_data"], run["workers"], world)
    each = ceil_div(ceil_div(n, size * world), workers)
    formula = f"ceil(ceil({n} / ({size} * {world})) / {workers} workers) * {workers}"
    return run.line(run.BATCHES_PER_EPOCH, formula, each * workers)


def _dataset_type(run: Settings) -> str:
    """``auto`` goes by the suffix of the data."""
    kind = run.choose("dataset_type", ("webdataset", "csv", "synthetic", "auto"))
    if kind == "auto":
        suffix = PurePath(run["train_data"]).suffix
        kind = "csv" if suffix in CSV else "webdataset" if suffix in TAR else ""
        if not kind:
            run.refuse(
                f"--dataset-type auto does not know data that ends in {suffix!r}: it stops",
                hint="--given dataset_type=webdataset",
                at="train_data",
            )
    if kind == "csv" and run.raw("train_num_samples") is not None:
        run.warn("samples-unused", "csv data has as many samples as rows: --train-num-samples is not read")
    return kind


TRAINER = ForeignTrainer(
    "open_clip",
    "3.3.0",
    SETTINGS,
    claims,
    read,
    aliases=("openclip",),
    dash="-",
    schedules=SCHEDULES,
    keys=KnownKeys(("open_clip",), by_language(Fate.STOPS), lacks),
    ranks=BY_SLURM_TOO._replace(options={NOBODY: "horovod", MPI: "horovod"}),
    no_training=NoTraining(check=_check_data),
    known_by="-m open_clip_train.main",
    takes_words=False,
)
