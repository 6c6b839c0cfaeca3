"""DINO and DINOv2: the options of ``main_dino.py``, and the YAML of DINOv2, with words ``optim.epochs=50``.

Source: facebookresearch/dino 7c446df ``main_dino.py``, facebookresearch/dinov2 b8931f7 ``train/train.py``,
``utils/param_groups.py``, ``run/submit.py`` and ``configs/ssl_default_config.yaml``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.launch import SLURM
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_SLURM_TOO, Ranks
from lrviz.inputs.foreign.setting import Setting, count, epochs, number, off, text, whole, whole_epochs
from lrviz.inputs.foreign.shared.layer_decay import blocks_of, layer_keys
from lrviz.inputs.foreign.shared.linspace_cosine import Span, schedule_of
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

V1_SETTINGS = (
    Setting("lr", number, 5e-4, "lr"),
    Setting("min_lr", number, 1e-6, "min_lr"),
    Setting("warmup_epochs", whole_epochs, 10, "warmup"),
    Setting("epochs", count, 100, "epochs"),
    Setting("batch_size_per_gpu", count, 64, "batch_size"),
)
V2_SETTINGS = (
    Setting("optim.base_lr", number, 0.004, "lr"),
    Setting("optim.min_lr", number, 1e-6, "min_lr"),
    Setting("optim.warmup_epochs", epochs, 10, "warmup"),
    Setting("optim.epochs", count, 100, "epochs"),
    Setting("optim.scaling_rule", text, "sqrt_wrt_1024"),
    Setting("optim.freeze_last_layer_epochs", whole, 1),
    Setting("optim.layerwise_decay", number, 0.9, "layer_decay"),
    Setting("optim.patch_embed_lr_mult", number, 0.2),
    Setting("train.batch_size_per_gpu", count, 64, "batch_size"),
    Setting("train.OFFICIAL_EPOCH_LENGTH", count, 1250, "steps_per_epoch"),
    Setting("student.arch", text, "vit_large"),
    Setting("nodes", count, 1, "", ("nnodes",)),
    Setting("ngpus", count, 8, "", ("gpus", "gpus_per_node")),
    Setting("layers", whole, None, "layers"),
)


def _claims_v1(source: Source) -> bool:
    """``main_dino.py``, or the job that runs it with an option of its own."""
    if source.script == "run_with_submitit.py":
        return "batch_size_per_gpu" in source.data or "arch" in source.data
    return source.script == "main_dino.py"


def _claims_v2(source: Source) -> bool:
    """Its ``OFFICIAL_EPOCH_LENGTH``, or ``batch_size_per_gpu`` beside ``base_lr`` or a student; a command."""
    if source.language == "command":
        return "dinov2" in source.program and "config_file" in source.data
    train, optim = source.data.get("train"), source.data.get("optim")
    if not isinstance(train, dict):
        return False
    is_own = (isinstance(optim, dict) and "base_lr" in optim) or isinstance(source.data.get("student"), dict)
    return "OFFICIAL_EPOCH_LENGTH" in train or (is_own and "batch_size_per_gpu" in train)


def _read_v1(run: Settings) -> Spec:
    """``lr`` by the batch of all processes, against 256."""
    run.need("epochs", "warmup_epochs")
    lr, size, per_epoch = run["lr"], run["batch_size_per_gpu"], _batches(run)
    world = run.ask("world_size")
    peak = lr * (size * world) / 256.0
    run.note("scaled-lr", f"{lr_text(lr)} * {size * world} / 256 = {lr_text(peak)}", at="lr")
    warmup = int(run["warmup_epochs"] * per_epoch)
    return schedule_of(run, Span(per_epoch, run["epochs"], warmup), peak, run["min_lr"])


def _batches(run: Settings) -> int:
    """Each is an update; a process drops the last one where it is not full."""
    if run.is_said("batches_per_epoch"):
        batches = run.given_batches("world_size")
    else:
        n, world = run.ask("dataset_len", "world_size")
        batches = run.sampled_batches(n, world, run["batch_size_per_gpu"], drops=True)
    run.note_epoch()
    return batches


def _read_v2(run: Settings) -> Spec:
    """An epoch is ``OFFICIAL_EPOCH_LENGTH`` updates, whatever the data."""
    run.need("optim.epochs", "optim.warmup_epochs", "train.batch_size_per_gpu")
    length, base = run["train.OFFICIAL_EPOCH_LENGTH"], run["optim.base_lr"]
    if run["optim.scaling_rule"] != "sqrt_wrt_1024":
        run.refuse(
            f"scaling_rule={run['optim.scaling_rule']!r}: it knows sqrt_wrt_1024 alone, and stops",
            at="optim.scaling_rule",
            instead="sqrt_wrt_1024",
        )
    batch = run["train.batch_size_per_gpu"] * _world(run)
    lr = base * math.sqrt(batch / 1024.0)
    run.note("scaled-lr", f"{lr_text(base)} * sqrt({batch} / 1024) = {lr_text(lr)}", at="optim.base_lr")
    run.line(run.STEPS_PER_EPOCH, "OFFICIAL_EPOCH_LENGTH", length)
    if frozen := run["optim.freeze_last_layer_epochs"]:
        run.note(
            "last-layer-frozen",
            f"the last layer of the heads has LR 0 in the first {frozen * length} updates, then this one",
            at="optim.freeze_last_layer_epochs",
        )
    span = Span(length, run["optim.epochs"], int(run["optim.warmup_epochs"] * length))
    return schedule_of(run, span, lr, run["optim.min_lr"], **_layers(run, lr))


def _layers(run: Settings, lr: float) -> dict[str, Value]:
    """A group for each layer of the backbone; its patch embedding has less again."""
    decay, share = run["optim.layerwise_decay"], run["optim.patch_embed_lr_mult"]
    if share != 1:
        run.note(
            "patch-embedding-slower",
            f"the patch embedding has {share:g} x the LR of its layer",
            at="optim.patch_embed_lr_mult",
        )
    return layer_keys(run, lr, blocks_of(run["student.arch"]), decay=decay)


def _world(run: Settings) -> int:
    """``--nodes`` times ``--ngpus`` of ``run/train/train.py``, which starts them itself."""
    if "run" in run.source.module.split(".") and not run.is_answered("world_size"):
        return int(run["nodes"] * run["ngpus"])
    return int(run.ask("world_size"))


DINO = ForeignTrainer(
    "dino",
    "7c446df",
    V1_SETTINGS,
    _claims_v1,
    _read_v1,
    dash="_",
    keys=KnownKeys(("dino",), by_language(command=Fate.DOUBTED)),
    ranks=Ranks("RANK", stops=frozenset({SLURM})),
    known_by="main_dino.py",
)
DINOV2 = ForeignTrainer(
    "dinov2",
    "b8931f7",
    V2_SETTINGS,
    _claims_v2,
    _read_v2,
    files=("config_file",),
    takes_repeats=False,
    ranks=BY_SLURM_TOO,
    no_training=NoTraining(needs=off("eval_only"), programs=r"dinov2.*[./]eval[./]"),
    known_by="OFFICIAL_EPOCH_LENGTH, or batch_size_per_gpu beside base_lr or student",
)
