"""YOLOv5 and YOLOv7: a ``hyp.yaml``, and the options of ``train.py``, which names one.

Source: YOLOv5 7.0.14 and its main of August 2026, YOLOv7's main of November 2023, ``train.py`` and
``data/hyp*.yaml``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.beside import is_elsewhere, is_here
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, count, epochs, literal, number, switch, text, whole
from lrviz.inputs.foreign.shared.renaming import renamed
from lrviz.inputs.foreign.shared.yolo_updates import Cadence, curve_of
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.origin import Place
    from lrviz.notation.spec import Spec

HYP = ("lr0", "lrf", "warmup_epochs")
NOMINAL = 64
"""The batch size of an update, ``nbs``."""
CLASSIFIER: dict[str, Any] = {"lr0": 0.001, "epochs": 10, "batch_size": 64}
"""The defaults of ``classify/train.py``, whose last LR is always a hundredth."""
V5_HYPS = {
    "hyp.scratch-low.yaml": (0.01, 0.01, 3.0, 0.1),
    "hyp.scratch-med.yaml": (0.01, 0.1, 3.0, 0.1),
    "hyp.scratch-high.yaml": (0.01, 0.1, 3.0, 0.1),
    "hyp.no-augmentation.yaml": (0.01, 0.1, 3.0, 0.1),
    "hyp.Objects365.yaml": (0.00258, 0.17, 1.33, 0.0711),
    "hyp.VOC.yaml": (0.00334, 0.15135, 3.3835, 0.18657),
}
V7_HYPS = {
    "hyp.scratch.p5.yaml": (0.01, 0.1, 3.0, 0.1),
    "hyp.scratch.p6.yaml": (0.01, 0.2, 3.0, 0.1),
    "hyp.scratch.tiny.yaml": (0.01, 0.01, 3.0, 0.1),
    "hyp.scratch.custom.yaml": (0.01, 0.1, 3.0, 0.1),
}
"""Files of the repositories: ``lr0``, ``lrf``, ``warmup_epochs``, ``warmup_bias_lr``."""


class Rules(NamedTuple):
    """What the two, and their versions, do in their own ways."""

    least_warmup: int
    is_cosine: bool
    reaches_lrf: bool
    by_multiples: bool


def _settings(lrf: float, length: int) -> tuple[Setting, ...]:
    return (
        Setting("lr0", number, 0.01, "lr"),
        Setting("lrf", number, lrf),
        Setting("warmup_epochs", epochs, 3.0, "warmup"),
        Setting("warmup_bias_lr", number, 0.1),
        Setting("epochs", count, length, "epochs"),
        Setting("batch_size", whole, 16, "batch_size", ("batch", "total_batch_size")),
        Setting("cos_lr", switch, default=False, aliases=("cos",)),
        Setting("linear_lr", switch, default=False),
        Setting("hyp", text, ""),
        Setting("param_group", text, "weight"),
        Setting("evolve", literal),
    )


def _is_v7(source: Source) -> bool:
    """Whether a hyp or command that may be of both is YOLOv7's."""
    if source.language != "command":
        return "loss_ota" in _hyp_in(source)
    named = [str(source.data.get(key, "")) for key in ("weights", "cfg", "hyp", "name")]
    is_named = any("yolov7" in one or PurePath(one).name in V7_HYPS for one in named)
    is_script = source.script == "train_aux.py"
    return is_named or is_script or ("linear_lr" in source.data and "cos_lr" not in source.data)


def _claims(source: Source, *, v7: bool) -> bool:
    """``lr0`` and ``warmup_bias_lr`` with nothing of ultralytics, or ``train.py`` with what it trains."""
    if source.language == "command":
        if _is_classifier(source):
            return not v7
        is_script = source.script in ("train.py", "train_aux.py")
        is_one = is_script and ("hyp" in source.data or _names_weights(source))
    else:
        is_one = {"lr0", "lrf", "warmup_bias_lr"} <= _hyp_in(source).keys() and "task" not in source.data
    return is_one and _is_v7(source) == v7


def _hyp_in(source: Source) -> Mapping[str, Any]:
    """The hyp, which stands as a table in the ``opt.yaml`` of a run."""
    table = source.data.get("hyp")
    return table if isinstance(table, dict) else source.data


def _with_hyp(source: Source) -> Source:
    """The file with the keys of its hyp beside its own."""
    hyp = _hyp_in(source)
    if hyp is source.data:
        return source
    own: dict[KeyPath, str] = {(key,): key for key in source.data if key != "hyp"}
    inner: dict[KeyPath, str] = {("hyp", key): key for key in hyp}
    return renamed(source, {**own, **inner})


def _is_classifier(source: Source) -> bool:
    """Whether a command trains one of YOLOv5's classifiers."""
    if source.script != "train.py" or "hyp" in source.data:
        return False
    return source.program.endswith("classify/train.py") or "-cls" in str(source.data.get("model", ""))


def _names_weights(source: Source) -> bool:
    named = [str(source.data.get(key, "")) for key in ("weights", "cfg")]
    if any(one in name for one in ("yolov5", "yolov7") for name in named):
        return True
    return "data" in source.data and any("yolo" in one or one.endswith(".pt") for one in named)


def _read_words(source: Source, hyps: Mapping[str, tuple[float, ...]]) -> Source:
    """A hyp that is not beside the command: that of the repository, or values nobody knows."""
    named = source.data.get("hyp")
    if not isinstance(named, str) or is_elsewhere(named) or is_here(source, named):
        return source
    values: dict[str, Any] = {name: Unknown(f"{named} is not there", (name,)) for name in HYP}
    if known := hyps.get(Path(named).name):
        values = dict(zip((*HYP, "warmup_bias_lr"), known, strict=True))
    rest = {key: value for key, value in source.data.items() if key != "hyp"}
    places: dict[KeyPath, Place] = {(key,): source.place(("hyp",)) for key in values}
    return replace(source, data={**values, **rest}, places={**places, **source.places})


def _rules(run: Settings) -> Rules:
    """YOLOv7's, or those of a version of YOLOv5, which was much the same up to 6.0."""
    if run.trainer.name == "yolov7":
        return Rules(1000, not run["linear_lr"], run["linear_lr"], by_multiples=True)
    least = 100 if run.since("6.2") else 1000
    if run.since("6.1"):
        return Rules(least, run["cos_lr"], reaches_lrf=False, by_multiples=False)
    return Rules(least, not run["linear_lr"], run["linear_lr"], by_multiples=False)


def read(run: Settings) -> Spec:
    """The run of its cadence, or that of a classifier."""
    if _is_classifier(run.source):
        return _classifier(run)
    rules = _rules(run)
    if run["evolve"]:
        text = "--evolve trains again and again with a hyp that it mutates: this is the LR of the one given"
        run.warn("evolved-hyp", text, at="evolve")
    run.need("epochs", "batch_size", *HYP)
    _refuse_part(run)
    cadence = _cadence(run, rules, _batches(run))
    return curve_of(
        run,
        cadence,
        run["lr0"],
        run["warmup_bias_lr"],
        cosine=rules.is_cosine,
        reach_lrf=rules.reaches_lrf or None,
        warmup_epochs=run["warmup_epochs"] or rules.least_warmup / cadence.each,
        min_warmup=rules.least_warmup,
    )


def _refuse_part(run: Settings) -> None:
    """Stop at a hyp without one of its keys: there are no defaults behind it."""
    named = (*HYP, "warmup_bias_lr")
    hyps = [one for one in run.sources if one.language == "yaml" and not one.data.keys().isdisjoint(named)]
    lacking = [name for name in named if hyps and not run.is_said(name)]
    if lacking:
        run.refuse(
            f"the hyp has no {lacking[0]}, and there is no default: {run.trainer.name} stops",
            hint=f"add {lacking[0]}: {run[lacking[0]]} to it",
        )


def _cadence(run: Settings, rules: Rules, batches: int) -> Cadence:
    """The batches of the run and of its warmup, and those of an update."""
    length, lasts, least = run["epochs"], run["warmup_epochs"], rules.least_warmup
    run.product("batches", length, batches)
    warmup = max(round(lasts * batches), least)
    run.line("warmup batches", f"max(round({lasts:g} * {batches}), {least})", warmup)
    if warmup == least:
        run.note(
            "least-warmup",
            f"the warmup is at least {least} batches, {least / batches:.3g} epochs instead of {lasts:g}",
            at="warmup_epochs",
        )
    return Cadence(length, batches, warmup, NOMINAL / run["batch_size"], rules.by_multiples)


def _classifier(run: Settings) -> Spec:
    """A line by epochs, and an update in every batch."""
    run.set_defaults(**CLASSIFIER)
    run.need("epochs", "batch_size")
    batches, length = _batches(run), run["epochs"]
    run.note_epoch()
    total = run.product(run.TOTAL_STEPS, length, batches)
    run.warmup = 0
    return run.curve(
        "torch.LambdaLR",
        lr=run["lr0"],
        steps=total,
        interval="epoch",
        lr_lambda=f"(1 - epoch / {length}) * (1.0 - 0.01) + 0.01",
    )


def _batches(run: Settings) -> int:
    """Batches of a process in an epoch; ``--batch-size`` is that of all processes."""
    is_command = run.source.language == "command"
    needs = [] if is_command else ["epochs"]
    if run.is_said("batches_per_epoch"):
        return run.given_batches("batch_size", *needs)
    run.ask("dataset_len", *needs, *([] if is_command else ["batch_size"]))
    n, size = run.ask("dataset_len"), run["batch_size"]
    world = run.ask("world_size") if is_command or run.is_said("world_size") else 1
    if size < 1:
        run.refuse(f"--batch-size {size} is found out by trying", hint="<batch_size=16>", at="batch_size")
    if size % world:
        run.refuse(
            f"--batch-size {size} is no multiple of {world} processes: it stops",
            hint=f"<batch_size={max(size // world, 1) * world}>",
            at="batch_size",
        )
    return run.sampled_batches(n, world, min(size // world, n), drops=False)


YOLOV5 = ForeignTrainer(
    "yolov5",
    "7.0",
    _settings(0.01, 100),
    partial(_claims, v7=False),
    read,
    files=("hyp",),
    read_words=partial(_read_words, hyps=V5_HYPS),
    reads_text=False,
    dash="-",
    keys=KnownKeys(("yolov5",), by_language(command=Fate.DOUBTED)),
    interpolates=False,
    ranks=BY_LOCAL_RANK,
    resumes=("resume",),
    resumes_by="the opt.yaml",
    read_file=_with_hyp,
    ends_early={Setting("patience", literal, 100): "epochs"},
    script_has=("one_cycle", "ComputeLoss", "smartCrossEntropyLoss"),
    known_by="lr0, lrf and warmup_bias_lr, or train.py with --hyp",
    oldest="6.0",
)
YOLOV7 = ForeignTrainer(
    "yolov7",
    "0.1",
    _settings(0.1, 300),
    partial(_claims, v7=True),
    read,
    files=("hyp",),
    read_words=partial(_read_words, hyps=V7_HYPS),
    reads_text=False,
    dash="-",
    keys=KnownKeys(("yolov7",), by_language(command=Fate.DOUBTED)),
    interpolates=False,
    ranks=BY_LOCAL_RANK,
    resumes=("resume",),
    resumes_by="the opt.yaml",
    read_file=_with_hyp,
    script_has=("one_cycle", "ComputeLoss"),
    known_by="a hyp with loss_ota, or train.py with yolov7's weights",
)
