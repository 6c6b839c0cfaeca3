"""torchvision: options of ``train.py`` and ``train_quantization.py`` of its references.

They are of images, video, detection and segmentation.

Source: pytorch/vision main, which is 0.29 to be, ``references/*/train*.py``,
``references/detection/engine.py`` and ``references/classification/sampler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_WORLD_SIZE
from lrviz.inputs.foreign.setting import (
    Setting,
    count,
    number,
    numbers,
    off,
    switch,
    text,
    whole,
    whole_epochs,
)
from lrviz.inputs.foreign.shared.torchvision_schedules import METHODS, SCHEDULES, Length
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("lr", number, 0.1, "lr"),
    Setting("batch_size", count, 32, "batch_size", ("b",)),
    Setting("epochs", count, 90, "epochs"),
    Setting("lr_scheduler", text, "steplr"),
    Setting("lr_step_size", whole, 30),
    Setting("lr_steps", numbers, (16, 22)),
    Setting("lr_milestones", numbers, (20, 30, 40)),
    Setting("lr_gamma", number, 0.1),
    Setting("lr_min", number, 0.0, "min_lr"),
    Setting("lr_warmup_epochs", whole_epochs, 0, "warmup"),
    Setting("lr_warmup_method", text, "constant"),
    Setting("lr_warmup_decay", number, 0.01),
    Setting("ra_sampler", switch, default=False),
    Setting("aux_loss", switch, default=False),
    Setting("model", text, ""),
    Setting("opt", text, "sgd"),
    Setting("start_epoch", whole, 0),
    Setting("clips_per_video", whole, 5),
)
OWN = {"lr_warmup_epochs", "lr_warmup_method", "lr_warmup_decay", "lr_step_size", "lr_gamma"}
OWN |= {"aspect_ratio_group_factor", "trainable_backbone_layers", "weights_backbone"}
QUANTIZATION = "train_quantization.py"
OF_QUANTIZATION = KnownKeys(("torchvision_quantization",)).names()
OWN_QUANTIZATION = OF_QUANTIZATION - KnownKeys(("torchvision",)).names()
OF_TRAINERS = {"learning_rate", "num_train_epochs", "per_device_train_batch_size", "lr_scheduler_type"}
"""Options of the Trainer's scripts, which may be called so too and have a ``--data_path`` of their own."""
DETECTORS = ("rcnn", "retinanet", "ssd", "fcos")
SEGMENTERS = ("fcn_", "deeplab", "lraspp")
OF_VIDEO = ("lr_milestones", "clip_len", "clips_per_video", "frame_rate", "kinetics_version")
OPTIMIZERS = {"classification": ("sgd", "rmsprop", "adamw"), "detection": ("sgd", "adamw")}
"""Those that may be chosen; the others take SGD."""
SCHEDULERS = {
    "classification": ("steplr", "cosineannealinglr", "exponentiallr"),
    "detection": ("multisteplr", "cosineannealinglr"),
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "quantization": {"lr": 0.0001},
    "detection": {"epochs": 26, "batch_size": 2, "lr": 0.02, "lr_scheduler": "multisteplr"},
    "segmentation": {"epochs": 30, "batch_size": 8, "lr": 0.01, "lr_warmup_method": "linear"},
    "video": {
        "epochs": 45,
        "batch_size": 24,
        "lr": 0.01,
        "lr_warmup_epochs": 10,
        "lr_warmup_method": "linear",
        "lr_warmup_decay": 0.001,
    },
}


def claims(source: Source) -> bool:
    """One of its scripts with ``--data-path`` or another option of its own, and nothing of DeepSpeed."""
    if source.language != "command" or not source.words:
        return False
    own = OWN | OWN_QUANTIZATION | {"model"} if source.script == QUANTIZATION else OWN
    is_own = "data_path" in source.data or bool(own & source.data.keys())
    is_own &= not OF_TRAINERS & source.data.keys()
    return source.script in ("train.py", "run_with_submitit.py", QUANTIZATION) and is_own


def read(run: Settings) -> Spec:
    """The scheduler of the reference that the script, or its model, is of."""
    kind = _kind(run)
    run.need("lr", "epochs", *["lr_warmup_epochs"] * (kind != "quantization"))
    run.set_defaults(**DEFAULTS.get(kind, {}))
    _check_words(run, kind)
    return SCHEDULES[kind](run, _length(run, kind))


def _kind(run: Settings) -> str:
    if run.source.script == QUANTIZATION:
        return "quantization"
    script, model = run.source.program, run["model"].lower()
    if "video" in script or any(name in run.source.data for name in OF_VIDEO):
        return "video"
    if "detection" in script or any(part in model for part in DETECTORS):
        return "detection"
    if "segmentation" in script or any(model.startswith(part) for part in SEGMENTERS):
        return "segmentation"
    return "classification"


def _check_words(run: Settings, kind: str) -> None:
    """The names of an optimizer, of schedulers and of a warmup, which cannot be asked for."""
    if kind == "quantization":
        return
    name, known = run["opt"].lower(), OPTIMIZERS.get(kind)
    if known and name not in known and not name.startswith("sgd"):
        run.choose("opt", known)
    if kind in SCHEDULERS and run["lr_scheduler"].lower() not in SCHEDULERS[kind]:
        run.choose("lr_scheduler", SCHEDULERS[kind])
    method = run["lr_warmup_method"]
    if run["lr_warmup_epochs"] and (method if kind == "classification" else method.lower()) not in METHODS:
        run.choose("lr_warmup_method", METHODS)


def _length(run: Settings, kind: str) -> Length:
    """Every batch is an update; detection and segmentation drop the last one where it is not full."""
    length = Length(run["epochs"], _batches(run, kind, run["batch_size"]))
    if length.total < 1:
        run.refuse("it makes no update", hint=run.longer("<batch_size=1>"), at="batch_size")
    run.note_epoch()
    run.product(run.TOTAL_STEPS, length.epochs, length.batches)
    if run["start_epoch"]:
        run.note(
            "resumes", f"--start-epoch {run['start_epoch']}: updates count from epoch 0", at="start_epoch"
        )
    return length


def _batches(run: Settings, kind: str, size: int) -> int:
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    if kind == "video":
        _say_clips(run)
    n, world = run.ask("dataset_len", "world_size")
    drops = kind in ("detection", "segmentation")
    repeated = kind != "quantization" and run["ra_sampler"] and world > 1
    return run.sampled_batches(n, world, size, drops=drops, repeated=repeated)


def _say_clips(run: Settings) -> None:
    """``RandomClipSampler`` takes so many clips of each video, or as many as it has."""
    most = run["clips_per_video"]
    text = f"clips that the sampler draws, up to {most} of each video (clips_per_video)"
    run.explain("dataset_len", text)
    if run.is_said("dataset_len"):
        run.note("counts-clips", f"dataset_len is taken to be {text}: not videos", at="clips_per_video")


def _lacks(run: Settings) -> frozenset[str]:
    return _absent(run.source)


def _absent(source: Source) -> frozenset[str]:
    """The options that another of its scripts has, and this one does not."""
    if source.script != QUANTIZATION:
        return OWN_QUANTIZATION
    names = frozenset(name for one in SETTINGS for name in one.names)
    return (names | KnownKeys(("torchvision",)).names()) - OF_QUANTIZATION


def _fate(first: Source, _layer: Source, _version: str) -> Fate:
    """``train.py`` may be anybody's, the other name is its own."""
    if first.language != "command":
        return Fate.KEPT
    return Fate.STOPS if first.script == QUANTIZATION else Fate.DOUBTED


TRAINER = ForeignTrainer(
    "torchvision",
    "0.29",
    SETTINGS,
    claims,
    read,
    dash="-",
    is_base=True,
    keys=KnownKeys(("torchvision", "torchvision_quantization"), _fate, _lacks, absent=_absent),
    ranks=BY_WORLD_SIZE,
    no_training=NoTraining(needs=off("test_only", "post_training_quantize")),
    resumes=("resume",),
    script_has=("presets", "coco_utils"),
    known_by="train.py or train_quantization.py with --data-path",
    takes_words=False,
)
