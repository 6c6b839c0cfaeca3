"""MAE: the options of ``main_pretrain.py``, ``main_finetune.py``, ``main_linprobe.py`` or ``submitit_*.py``.

Source: facebookresearch/mae efb2a80: the scripts, ``engine_*.py``, ``util/lr_sched.py`` and
``util/lr_decay.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_OPTION
from lrviz.inputs.foreign.setting import Setting, count, number, off, text, whole_epochs
from lrviz.inputs.foreign.shared import layer_decay
from lrviz.inputs.foreign.shared.layer_decay import blocks_of, layer_keys
from lrviz.inputs.foreign.shared.whole_updates import whole_updates
from lrviz.inputs.foreign.shell.world import Own, product
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("lr", number, None, "lr"),
    Setting("blr", number, 1e-3),
    Setting("min_lr", number, 0.0, "min_lr"),
    Setting("warmup_epochs", whole_epochs, 40, "warmup"),
    Setting("epochs", count, 400, "epochs"),
    Setting("batch_size", count, 64, "batch_size"),
    Setting("accum_iter", count, 1, "grad_accum"),
    Setting("model", text, "vit_large_patch16"),
    *layer_decay.SETTINGS,
)
SCRIPTS: dict[str, dict[str, Any]] = {
    "pretrain": {},
    "finetune": {"epochs": 50, "warmup_epochs": 5, "min_lr": 1e-6, "layer_decay": 0.75},
    "linprobe": {"epochs": 90, "warmup_epochs": 10, "blr": 0.1, "batch_size": 512},
}
"""What its scripts do, and their defaults where they are not those of the pretraining."""


def _kind(source: Source) -> str:
    """What a script does, run here or by a job that is submitted."""
    starter, _, kind = source.script.removesuffix(".py").partition("_")
    return kind if starter in ("main", "submitit") else ""


def claims(source: Source) -> bool:
    """One of its scripts."""
    return _kind(source) in SCRIPTS


def _get(run: Settings, name: str) -> Any:
    return run.get(name, SCRIPTS.get(_kind(run.source), {}).get(name))


def read(run: Settings) -> Spec:
    """The LR of an update is that of its first micro-batch, by parts of an epoch."""
    run.need("lr", "epochs", "warmup_epochs", "accum_iter")
    batches, accum = _batches(run), run["accum_iter"]
    updates = whole_updates(run, batches, accum, "accum_iter")
    length, warmup = _get(run, "epochs"), _get(run, "warmup_epochs")
    total = run.product(run.TOTAL_STEPS, length, updates)
    run.warmup = warmup * updates
    lr = _peak(run)
    _say_traps(run, batches, warmup, length)
    decay = _get(run, "layer_decay")
    return run.curve(
        "mae.adjust_learning_rate",
        lr=lr,
        steps=total,
        epochs=length,
        warmup_epochs=warmup,
        min_lr=_get(run, "min_lr"),
        accum_iter=accum,
        data_loader_len=batches,
        **layer_keys(run, lr, blocks_of(run["model"]), decay=decay),
    )


def _batches(run: Settings) -> int:
    """``len(data_loader)``: the sampler pads, and the last batch is dropped where it is not full."""
    scales = [] if run.is_said("lr") else ["world_size"]
    if run.is_said("batches_per_epoch"):
        return run.given_batches(*scales)
    run.need("batch_size")
    n, world = run.ask("dataset_len", "world_size")
    return run.sampled_batches(n, world, _get(run, "batch_size"), drops=True)


def _peak(run: Settings) -> float:
    """``--lr``, else ``--blr`` by the batch of all processes, against 256."""
    if run.is_said("lr"):
        return float(run["lr"])
    base, batch = _get(run, "blr"), _get(run, "batch_size") * run["accum_iter"] * run.ask("world_size")
    lr = base * batch / 256
    run.note("scaled-lr", f"no lr is given: {lr_text(base)} * {batch} / 256 = {lr_text(lr)}", at="blr")
    return float(lr)


def _say_traps(run: Settings, batches: int, warmup: float, length: int) -> None:
    accum = run["accum_iter"]
    if rest := batches % accum:
        run.note(
            "batches-thrown-away",
            f"{rest} of the {batches} batches of each epoch make no update of {accum}, and are thrown away",
            at="accum_iter",
        )
    if warmup >= length:
        reached = (length - 1 + (batches // accum - 1) * accum / batches) / warmup
        run.warn_of_warmup(f"{warmup:g} epochs", length, reached, at="warmup_epochs")


_SUBMITTED = Own(lambda said: product(said, ("nodes", 2), ("ngpus", 8)), ("nodes", "ngpus"))
TRAINER = ForeignTrainer(
    "mae",
    "efb2a80",
    SETTINGS,
    claims,
    read,
    dash="_",
    launchers=dict.fromkeys(
        ("submitit_pretrain.py", "submitit_finetune.py", "submitit_linprobe.py"), _SUBMITTED
    ),
    keys=KnownKeys(("mae",), by_language(command=Fate.DOUBTED)),
    ranks=BY_OPTION,
    no_training=NoTraining(needs=off("eval")),
    known_by="main_pretrain.py, main_finetune.py or main_linprobe.py",
    takes_words=False,
)
