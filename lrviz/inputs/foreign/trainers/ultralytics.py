"""ultralytics: the ``args.yaml`` of a run, ``yolo detect train k=v`` and ``YOLO(…).train(k=v)``.

Source: ultralytics 8.0.200, 8.3.200, 8.4.0, 8.4.60 and 8.4.190 ``engine/trainer.py``, ``cfg/default.yaml``,
``cfg/__init__.py`` and ``data/build.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.python.python_call import with_hidden
from lrviz.inputs.foreign.setting import Raw, Setting, epochs, literal, number, text
from lrviz.inputs.foreign.setting_values import is_since
from lrviz.inputs.foreign.shared.ultralytics_optimizer import (
    LONG,
    LR0,
    images_of,
    iterations_of,
    name_of_classes,
    optimizer_of,
)
from lrviz.inputs.foreign.shared.yolo_trainers import is_own, maker_of, with_overrides
from lrviz.inputs.foreign.shared.yolo_updates import Cadence, curve_of
from lrviz.inputs.foreign.shared.yolo_words import with_yolo_words
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.plan.arithmetic import ceil_div
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def _of_training(raw: Raw) -> int | float:
    """A share or number of images, or the first of ``[train, val, test]``.

    Raises:
        Unfit: it is something else, or none are left.

    """
    value = literal(raw)
    if isinstance(value, (list, tuple)):
        value = value[0] if value else 1.0
    if not (found := number(Raw(value, is_text=False))) > 0:
        raise Unfit
    return found


def _whole(raw: Raw) -> int:
    """A whole number, ``1e2`` too.

    Raises:
        Unfit: it is something else.

    """
    if isinstance(found := number(raw), float) and not found.is_integer():
        raise Unfit
    return int(found)


def _count(raw: Raw) -> int:
    """A whole number from 1 on.

    Raises:
        Unfit: it is something else.

    """
    if (found := _whole(raw)) < 1:
        raise Unfit
    return found


def _switch(raw: Raw) -> bool:
    """``True`` or ``False``: ``1`` and ``yes`` are no bool to it.

    Raises:
        Unfit: it is something else.

    """
    found = _BOOLS.get(str(raw.value).lower())
    if found is None:
        raise Unfit("which is True or False", "True")
    return found


_BOOLS = {"true": True, "false": False}
SETTINGS = (
    Setting("epochs", _count, 100, "epochs"),
    Setting("time", number),
    Setting("batch", number, 16, "batch_size"),
    Setting("nbs", _whole, 64),
    Setting("optimizer", text, "auto", "optimizer"),
    Setting("lr0", number, LR0, "lr"),
    Setting("lrf", number, 0.01),
    Setting("cos_lr", _switch, default=False),
    Setting("warmup_epochs", epochs, 3.0, "warmup"),
    Setting("warmup_bias_lr", number, 0.1),
    Setting("fraction", _of_training, 1.0),
    Setting("single_cls", _switch, default=False),
    Setting("compile", literal, default=False),
    Setting("device", literal),
    Setting("task", text, "detect"),
    Setting("param_group", text, "weight"),
)
TRAINING = {"lr0", "lrf", "nbs", "imgsz", "warmup_epochs"}
KEYS = KnownKeys(("ultralytics",), by_language(Fate.DOUBTED, command=Fate.STOPS, python=Fate.STOPS))
SWITCHES = ("cos_lr", "single_cls", "compile", "resume")
"""Settings that a word alone turns on."""
VALUED = {one.name for one in SETTINGS}.difference(SWITCHES)
HEAD, HEAD_SHARE = "head", 3
"""The groups of MuSGD for parts of the head, as they are called here, and their LR by that of others."""
_CALLBACKS = re.compile(r"\.callbacks\b")
_DEFAULT = re.compile(r"(?:\.overrides|\bDEFAULT_CFG(?:_DICT)?)(\['\w+'\]|\.\w+)$")
"""Where a setting stands that counts where ``train()`` does not say it."""
_TAKES_FLOATS, _LEAST_NBS = "8.4.172", "8.4.93"
"""The first whose ``check_cfg`` takes ``1e2`` for a whole number, and the first with a least ``nbs``."""
LEAST_WARMUP = 100
"""Batches of warmup up to 8.4.102."""


def claims(source: Source) -> bool:
    """``yolo``, ``task`` and ``mode`` beside settings of a training, or a ``.train()`` of the package."""
    if source.language == "command":
        return source.program == "yolo"
    if source.language == "python":
        return _imports_models(source) and bool(source.python.calls_of(("train",)))
    return {"task", "mode"} <= source.data.keys() and bool(TRAINING & source.data.keys())


def _imports_models(source: Source) -> bool:
    """Whether it imports more than helpers of the package, which YOLOv5's own train.py has of it too."""
    parts = [one for one in source.python.imports if one.startswith("ultralytics.")]
    is_named = "ultralytics" in source.python.imports and not parts
    return is_named or not all(one.startswith("ultralytics.utils") for one in parts)


def read_words(source: Source) -> Source:
    """The settings of its words; those that are ``None`` say nothing."""
    source = with_yolo_words(source, SWITCHES, VALUED, KEYS.names())
    said = {key: value for key, value in source.data.items() if str(value).lower() not in ("none", "null")}
    return replace(source, data=said)


def with_layers(layers: list[Source]) -> list[Source]:
    """A trainer that is made by itself has its settings from there; ``**`` may hide the essential ones."""
    first, *others = with_overrides(layers)
    return [with_hidden(first, SETTINGS) if first.language == "python" else first, *others]


def read(run: Settings) -> Spec:
    """The run of its cadence, with the LR of the optimizer that is taken."""
    _ask(run)
    _check_whole(run)
    _warn_of_own_code(run)
    cadence = _cadence(run)
    optimizer, lr = optimizer_of(run)
    is_head = _is_head(run, optimizer, lr)
    return curve_of(
        run,
        cadence,
        lr * HEAD_SHARE if is_head else lr,
        0.0 if run["optimizer"].lower() == "auto" else run["warmup_bias_lr"],
        cosine=run["cos_lr"],
        warmup_epochs=run["warmup_epochs"],
        min_warmup=None if run.since("8.4.103") or not cadence.warmup else LEAST_WARMUP,
        optimizer=optimizer.lower(),
        **({"param_group": "weight"} if is_head else {}),
    )


def _check_whole(run: Settings) -> None:
    """Refuse what a version does: ``1e2`` before it took that, ``nbs=0`` since it has a least.

    Raises:
        ConfigError: there is such a value.

    """
    for name in ("epochs", "nbs"):
        said = None if run.is_answered(name) else literal(Raw(run.raw(name)))
        if isinstance(said, float) and not is_since(run.version, _TAKES_FLOATS):
            run.refuse(f"{name}={said} is no int to {run.title}: it stops", at=name, instead=int(said))
    if run["nbs"] < 1 and is_since(run.version, _LEAST_NBS):
        run.refuse(f"nbs={run['nbs']} is below 1: {run.title} stops", at="nbs", instead=64)


def _is_head(run: Settings, optimizer: str, lr: float) -> bool:
    """Whether the curve is that of MuSGD's groups for parts of the head; else these are told of."""
    is_asked = bool(run["param_group"] == HEAD)
    if optimizer.lower() != "musgd":
        if is_asked:
            text = f"only MuSGD has param groups of the head, the optimizer is {optimizer}"
            run.refuse(text, hint="--given param_group=weight", at="param_group")
    elif not is_asked and run["task"] != "classify":
        run.note(
            "head-is-faster",
            f"MuSGD trains the class branches of the head (cv3) at {HEAD_SHARE} x this LR:"
            f" their lr0 is {lr_text(lr * HEAD_SHARE)}",
            hint=f"--given param_group={HEAD} shows theirs",
            at="optimizer",
        )
    return is_asked


def _warn_of_own_code(run: Settings) -> None:
    """Say what a file hands over that may set the LR, or the batches, in its own way."""
    maker = maker_of(run.source)
    for call in run.source.python.calls:
        method = call.called
        is_handed = method == "train" and call.keywords.get("trainer") is not None
        if is_handed or (call is maker and is_own(call)):
            text = f"the trainer of its own in line {call.lines.get('trainer', call.line)} is not read"
            run.warn("own-trainer", f"{text}: it may make another optimizer, schedule or loader")
        elif method == "add_callback":
            text = f"add_callback in line {call.line}: what the callback does to the LR is not read"
            run.warn("own-callback", text)
    _warn_of_own_defaults(run)


def _warn_of_own_defaults(run: Settings) -> None:
    """Say what a file puts into a model or the package's defaults, where nothing else says that."""
    for written, line in run.source.python.written.items():
        if _CALLBACKS.search(written):
            text = f"{written} in line {line}: what the callback does to the LR is not read"
            run.warn("own-callback", text)
        name = (_DEFAULT.findall(written) or [""])[0].strip(".[]'")
        if name == "update" or (name in run.table and not run.is_said(name)):
            told = "" if name == "update" else f"--given {name}=VALUE where it is another than here"
            run.warn("own-default", f"{written} in line {line}: what it sets is not read", hint=told)


def _cadence(run: Settings) -> Cadence:
    """The batches of the run and of its warmup, and those of an update."""
    batches, length = _batches(run), run["epochs"]
    total = run.product("batches", length, batches)
    if run["time"]:
        run.warn(
            "length-by-time",
            f"time={run['time']:g} hours decides the epochs while it runs: these are {length}",
            at="time",
        )
    return Cadence(length, batches, _warmup(run, batches), _accumulation(run, total))


def _ask(run: Settings) -> None:
    """All that the settings do not say: ``optimizer: auto`` goes by the images, and mostly by the classes."""
    run.need("epochs", "warmup_epochs")
    is_auto, knows_batch = run["optimizer"].lower() == "auto", run["batch"] >= 1
    if not knows_batch and (world := _world(run)) > 1:
        text = f"batch={run['batch']} is found out by trying, on one GPU alone: with {world} it stops"
        run.refuse(text, hint=f"<batch_size={8 * world}>", at="batch")
    needs = [] if knows_batch else ["batch_size"]
    if is_auto or not run.is_said("batches_per_epoch"):
        needs.append("dataset_len")
    if run["fraction"] != 1:
        run.explain("dataset_len", "how many images it has, before fraction takes some of them")
    classes = name_of_classes(run) if is_auto else ""
    knows_length = knows_batch and run.is_said("dataset_len")
    if is_auto and not run["single_cls"] and not (knows_length and iterations_of(run) > LONG):
        needs.append(classes)
        run.explain(classes, "how many classes its data has, by which optimizer=auto chooses the LR")
    run.ask(*needs)


def _batches(run: Settings) -> int:
    """Batches of a process in an epoch; ``batch`` is that of all processes."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    n, world = images_of(run), _world(run)
    if run["fraction"] != 1:
        run.line("images", f"fraction {run['fraction']:g} of {run.ask('dataset_len')}", n)
    size = min(max(int(run["batch"]) // world, 1), n)
    drops = bool(run["compile"]) and run["task"] in ("detect", "classify") and ceil_div(n, world) > size
    return run.sampled_batches(n, world, size, drops=drops)


def _world(run: Settings) -> int:
    """GPUs of ``device``: without one it is the first."""
    if run.is_answered("world_size"):
        return int(run.ask("world_size"))
    device = run["device"]
    if isinstance(device, str):
        device = [one for one in device.strip("[]()").split(",") if one.strip()]
    return max(len(device), 1) if isinstance(device, (list, tuple)) else 1


def _warmup(run: Settings, batches: int) -> int:
    """Batches of warmup, from 8.4.103 without the last epoch, before at least 100."""
    lasts, length = run["warmup_epochs"], run["epochs"]
    if lasts <= 0:
        return 0
    new, old = round(min(lasts, max(length - 1, 0)) * batches), max(round(lasts * batches), LEAST_WARMUP)
    said = "" if new == old else f"the warmup is {new} batches, up to 8.4.102 {old}"
    if run.since("8.4.103", said):
        return run.line("warmup batches", f"round(min({lasts:g}, {length} - 1) * {batches})", new)
    return run.line("warmup batches", f"max(round({lasts:g} * {batches}), {LEAST_WARMUP})", old)


def _accumulation(run: Settings, total: int) -> float:
    """Batches of an update after the warmup; before 8.4.103 it grows towards a number that is not rounded."""
    exact = run["nbs"] / run["batch"]
    full, formula = max(round(exact), 1), f"max(round({run['nbs']} / {run['batch']}), 1)"
    if not run.since("8.4.103"):
        run.line("accumulate", formula, full)
        return float(exact)
    if run["time"]:
        return run.line("accumulate", formula, full)
    return run.line("accumulate", f"min({formula}, {total})", min(full, total))


TRAINER = ForeignTrainer(
    "ultralytics",
    "8.4.190",
    SETTINGS,
    claims,
    read,
    aliases=("yolo",),
    files=("cfg",),
    calls=("train",),
    read_words=read_words,
    layers=with_layers,
    reads_text=False,
    keys=KEYS,
    interpolates=False,
    no_training=NoTraining(needs={Setting("mode", text, "train"): "train"}),
    resumes=("resume",),
    resumes_by="the args.yaml",
    ends_early={Setting("patience", literal, 100): "epochs"},
    known_by="task and mode beside lr0, or yolo",
    oldest="8.0",
)
