"""BEiT and ConvNeXt: ``run_class_finetuning.py``, ``run_beit_pretraining.py`` and ``main.py``.

Source: microsoft/unilm 768a3c8 ``beit`` and facebookresearch/ConvNeXt 048efce: the scripts, ``utils.py``,
``engine*.py`` and ``optim_factory.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_OPTION
from lrviz.inputs.foreign.setting import Setting, count, number, off, text, whole, whole_epochs
from lrviz.inputs.foreign.shared import layer_decay
from lrviz.inputs.foreign.shared.layer_decay import blocks_of, layer_keys
from lrviz.inputs.foreign.shared.linspace_cosine import Span, schedule_of
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

FINETUNE = "run_class_finetuning.py"
PRETRAIN = ("run_beit_pretraining.py", "run_beitv2_pretraining.py")
DECAYING = ("convnext_small", "convnext_base", "convnext_large", "convnext_xlarge")


def _settings(lr: float, length: int, warmup: int, model: str) -> tuple[Setting, ...]:
    return (
        Setting("lr", number, lr, "lr"),
        Setting("min_lr", number, 1e-6, "min_lr"),
        Setting("warmup_lr", number, 1e-6),
        Setting("warmup_epochs", whole_epochs, warmup, "warmup"),
        Setting("warmup_steps", whole, -1),
        Setting("epochs", count, length, "epochs"),
        Setting("batch_size", count, 64, "batch_size"),
        Setting("update_freq", count, 1, "grad_accum"),
        Setting("model", text, model),
        *layer_decay.SETTINGS,
    )


def _claims_beit(source: Source) -> bool:
    """One of its scripts."""
    return source.script in (FINETUNE, *PRETRAIN)


def _claims_convnext(source: Source) -> bool:
    """``main.py``, or the job that runs it, with ``--update_freq`` or a ConvNeXt."""
    if source.script not in ("main.py", "run_with_submitit.py"):
        return False
    return "update_freq" in source.data or str(source.data.get("model", "")).startswith("convnext")


def _read_beit(run: Settings) -> Spec:
    """Finetuning, or pretraining without layers of their own LR."""
    lr, low = run["lr"], run["min_lr"]
    if run.is_said("warmup_lr"):
        run.warn(
            "warmup-lr-unused",
            f"--warmup_lr {lr_text(run['warmup_lr'])} is never used: the warmup starts at 0",
            at="warmup_lr",
        )
    if run.source.script != FINETUNE:
        span = _span(run, 300)
        _check_loader(run, span)
        return schedule_of(run, span, lr, run.get("min_lr", 1e-5))
    decay = run.get("layer_decay", 0.9)
    keys = layer_keys(run, lr, blocks_of(run["model"]), decay=min(1, decay))
    return schedule_of(run, _span(run, 30), lr, low, **keys)


def _check_loader(run: Settings, span: Span) -> None:
    """Pretraining takes every batch of its loader, whose sampler pads: the schedule must have as many."""
    if run.is_said("batches_per_epoch"):
        return
    n, world = run.ask("dataset_len", "world_size")
    if (batches := ceil_div(n, world) // run["batch_size"]) > span.per_epoch:
        run.refuse(
            f"its loader has {batches} batches of padded samples, its schedule {span.per_epoch} updates an"
            " epoch: it stops in the last one",
            hint=f"<dataset_len={max(n // world, 1) * world}>",
            at="batch_size",
        )


def _read_convnext(run: Settings) -> Spec:
    """Its layers are divided into 12 parts, whatever the model."""
    lr, decay, model = run["lr"], run.get("layer_decay", 1.0), run["model"]
    if decay != 1 and model not in DECAYING:
        run.refuse(f"--layer_decay {decay:g} is not for {model}: it stops", at="layer_decay", instead=1)
    keys = layer_keys(run, lr, 12, decay=decay)
    return schedule_of(run, _span(run, 300), lr, run["min_lr"], **keys)


def _span(run: Settings, length: int) -> Span:
    """Whole batches of all processes, and a warmup by epochs or by updates."""
    run.need("epochs", "warmup_epochs", "update_freq")
    per_epoch, lasts, steps = _updates_per_epoch(run), run["warmup_epochs"], run["warmup_steps"]
    if steps > 0 and not lasts:
        run.refuse(
            f"--warmup_steps {steps} with --warmup_epochs 0: its schedule is too short, and it stops",
            hint="<warmup=1ep>",
            at="warmup_steps",
        )
    if steps > 0:
        run.note(
            "steps-win", f"--warmup_steps {steps} wins over --warmup_epochs {lasts:g}", at="warmup_steps"
        )
    return Span(per_epoch, run.get("epochs", length), steps if steps > 0 else int(lasts * per_epoch))


def _updates_per_epoch(run: Settings) -> int:
    """``len(dataset) // (batch_size * update_freq * processes)``."""
    size, freq = run["batch_size"], run["update_freq"]
    if run.is_said("batches_per_epoch"):
        batches = run.ask("batches_per_epoch")
        return run.floor(run.STEPS_PER_EPOCH, batches, freq)
    n, world = run.ask("dataset_len", "world_size")
    return run.line(
        run.STEPS_PER_EPOCH, f"floor({n} / ({size} * {freq} * {world}))", n // (size * freq * world)
    )


BEIT = ForeignTrainer(
    "beit",
    "768a3c8",
    _settings(5e-4, 30, 5, "deit_base_patch16_224"),
    _claims_beit,
    _read_beit,
    dash="_",
    keys=KnownKeys(("beit",), by_language(command=Fate.DOUBTED)),
    ranks=BY_OPTION,
    no_training=NoTraining(needs=off("eval")),
    known_by=f"{FINETUNE} or {PRETRAIN[0]}",
    takes_words=False,
)
CONVNEXT = ForeignTrainer(
    "convnext",
    "048efce",
    _settings(4e-3, 300, 20, "convnext_tiny"),
    _claims_convnext,
    _read_convnext,
    dash="_",
    keys=KnownKeys(("convnext",), by_language(command=Fate.DOUBTED)),
    ranks=BY_OPTION,
    no_training=NoTraining(needs=off("eval")),
    known_by="main.py with --update_freq",
    takes_words=False,
)
