"""NeMo: ``model.optim.sched`` of NeMo 1, and the modules of ``nemo.lightning`` of NeMo 2.

Source: nemo_toolkit 3.0.0, ``core/optim/lr_scheduler.py`` and ``core/classes/modelPT.py``; 2.5.0,
``lightning/pytorch/optim/lr_scheduler.py`` and ``lightning/pytorch/strategies/megatron_strategy.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Setting, literal, number, switch, whole
from lrviz.inputs.foreign.shared import lightning_strategy, nemo_scheduler
from lrviz.inputs.foreign.shared.hydra import with_own_config_file
from lrviz.inputs.foreign.shared.lightning_strategy import divided_batches, needed, shares
from lrviz.inputs.foreign.shared.lightning_trainer import limited, warn_of_time
from lrviz.inputs.foreign.shared.nemo_optimizer import check_handed_on
from lrviz.inputs.foreign.shared.nemo_scheduler import BY_EPOCH, SCHED, curve_of, curve_of_nemo_2
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

_COPIES = "MegatronStrategy"
BATCH = "model.train_ds.batch_size"
LAST_WITH_NEMO_2 = "2.5.0"
LR_OF_NEMO_2 = ("config.lr", "optim.config.lr", "optimizer_fn.lr", "optim.optimizer_fn.lr")
SETTINGS = (
    Setting("model.optim.lr", number, None, "lr", ("optim.lr", *LR_OF_NEMO_2)),
    *nemo_scheduler.SETTINGS,
    *lightning_strategy.SETTINGS,
    Setting(BATCH, whole, None, "batch_size", ("model.micro_batch_size",)),
    Setting("model.train_ds.drop_last", switch, default=False, key="drop_last"),
)


def claims(source: Source) -> bool:
    """``model.optim`` with a ``sched`` or beside ``exp_manager``, or a ``_target_`` of ``nemo.lightning``."""
    if source.language == "command":
        is_hydra = "config_name" in source.data
        return any(
            name.startswith("model.optim." if is_hydra else "model.optim.sched.") for name in source.data
        )
    if source.language != "yaml":
        return False
    optim = source.data.get("model")
    optim = optim.get("optim") if isinstance(optim, dict) else None
    is_managed = isinstance(source.data.get("exp_manager"), dict)
    return (isinstance(optim, dict) and ("sched" in optim or is_managed)) or _has_target(source.data)


def _has_target(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_has_target, value))
    if not isinstance(value, dict):
        return False
    return "nemo.lightning" in str(value.get("_target_")) or any(map(_has_target, value.values()))


def read(run: Settings) -> Spec:
    """The run of NeMo 1 or 2."""
    warn_of_time(run)
    target = run[f"{SCHED}._target_"] or ""
    if "nemo.lightning" in target or _is_nemo_2(run):
        return _of_nemo_2(run, target.rpartition(".")[2])
    return _of_nemo_1(run, run[f"{SCHED}.name"] or target.rpartition(".")[2].removesuffix("Params"))


def _is_nemo_2(run: Settings) -> bool:
    return any(one.language != "command" and _has_target(one.data) for one in run.sources)


def _of_nemo_2(run: Settings, name: str) -> Spec:
    """The Trainer's ``max_steps`` are copied to the scheduler, whose own count where it has none.

    Only ``MegatronStrategy`` does so; it is taken to be the strategy where none is said.
    """
    if not run.is_version_given:
        run.assume(LAST_WITH_NEMO_2)
    lr, total = run.ask("model.optim.lr"), run["trainer.max_steps"]
    strategy = str(run.raw("trainer", "strategy", "_target_") or "").rpartition(".")[2]
    copies = strategy in {"", _COPIES} and total >= 1
    own = total if copies else run.get(f"{SCHED}.max_steps", 10)
    if total < 1 and strategy == _COPIES:
        text = (
            f"{strategy} hands the Trainer's max_steps={total} to the scheduler, and its data have no length"
        )
        run.refuse(text, hint="<steps=1000>")
    if total < 1:
        _note_own_length(run, total := own)
    scheduled = own
    total = _ends_after(run, total)
    if total < 1:
        run.refuse(f"max_steps={total} makes no update", hint="<steps=1000>")
    if not name:
        run.warmup = 0
        return run.curve("transformers.constant", lr=lr, steps=total)
    if scheduled != total and strategy not in {"", _COPIES}:
        run.warn("scheduler-s-own-length", f"{strategy} leaves the scheduler its own max_steps={own}")
    return curve_of_nemo_2(run, name, scheduled, {"lr": lr, "steps": total})


def _ends_after(run: Settings, total: int) -> int:
    """The updates of the run: ``max_epochs`` may be over first, where the data have a length of their own."""
    epochs = run["trainer.max_epochs"]
    is_endless = epochs is None or epochs < 0
    if not is_endless and run.is_said("batches_per_epoch"):
        batches = limited(run, run.ask("batches_per_epoch"), run["trainer.limit_train_batches"])
        formula = f"min({total}, {epochs} * {batches})"
        return run.line(run.TOTAL_STEPS, formula, min(total, epochs * batches))
    if not is_endless:
        text = f"max_epochs={epochs} is taken to change nothing: NeMo's own data are as long as max_steps"
        run.warn("epochs-not-counted", text, hint="<batches_per_epoch=1000>", at="trainer.max_epochs")
    return run.line(run.TOTAL_STEPS, "max_steps", total)


def _note_own_length(run: Settings, total: int) -> None:
    if run.is_said(f"{SCHED}.max_steps"):
        run.note("scheduler-s-own-length", f"no trainer.max_steps: the scheduler's own {total} are the run")
    else:
        run.warn(
            "ten-steps",
            "neither the Trainer nor the scheduler says max_steps: the default is 10",
            hint="<steps=1000>",
        )


def _of_nemo_1(run: Settings, name: str) -> Spec:
    """The scheduler of a run; none where nobody names it, or its ``max_steps`` are -1."""
    own = run[f"{SCHED}.max_steps"]
    total = _length(run, own, needs_epoch=name in BY_EPOCH)
    if total < 1:
        hint = "<steps=1000>" if run["trainer.max_steps"] == 0 else run.longer("<batches_per_epoch=1000>")
        run.refuse(f"{total} updates: there is no run", hint=hint)
    is_alone = run.sources[-1].language == "command"  # what it lies on is not here
    lr = run.ask("model.optim.lr", *([] if name or not is_alone else [f"{SCHED}.name"]))
    keys = {"lr": lr, "steps": total}
    check_handed_on(run)
    if not name or (own == -1 and run["trainer.max_steps"] < 0):
        run.note("no-scheduler", "no scheduler is built: one LR from end to end")
        run.warmup = 0
        return run.curve("transformers.constant", **keys)
    limit = run["trainer.max_steps"]  # ModelPT hands the Trainer's on
    scheduled = limit if limit >= 0 else total if own is None else own
    return curve_of(run, name, scheduled, keys)


def _length(run: Settings, own: int | None, *, needs_epoch: bool) -> int:
    """The updates of the run: ``max_steps``, or the end of ``max_epochs`` where that comes first."""
    limit, epochs = run["trainer.max_steps"], run["trainer.max_epochs"]
    is_known = run.is_said("batches_per_epoch") or run.is_said("dataset_len")
    is_endless = epochs is None or epochs < 0
    if limit >= 0 and is_endless and not needs_epoch:
        return run.line(run.TOTAL_STEPS, "trainer.max_steps", limit)
    if own is not None and own > 0 and limit < 0 and not is_known and not needs_epoch:
        run.note("scheduler-s-own-length", f"sched.max_steps {own} are taken for the run's length")
        return run.line(run.TOTAL_STEPS, "sched.max_steps", own)
    if limit < 0 and epochs is not None and is_endless:
        text = f"max_epochs={epochs} without max_steps never ends"
        run.refuse(text, hint="<steps=1000>", at="trainer.max_epochs")
    per_epoch = _updates_per_epoch(run)
    if limit >= 0 and is_endless:
        return run.line(run.TOTAL_STEPS, "trainer.max_steps", limit)
    if limit >= 0:
        return run.line(
            run.TOTAL_STEPS, f"min({limit}, {epochs} * {per_epoch})", min(limit, epochs * per_epoch)
        )
    return run.product(run.TOTAL_STEPS, epochs, per_epoch)


def _updates_per_epoch(run: Settings) -> int:
    """``ceil(limited batches / accumulation)``: a whole limit is a number of batches, another a share."""
    is_counted = run.is_said("batches_per_epoch")
    parts = None if is_counted else shares(run)
    names = ["batches_per_epoch"] if is_counted else needed(run, BATCH, parts)
    run.ask(*names, *(["trainer.max_epochs"] if run["trainer.max_steps"] < 0 else []))
    batches = limited(run, _batches(run, parts), run["trainer.limit_train_batches"])
    return run.ceil(run.STEPS_PER_EPOCH, batches, max(run["trainer.accumulate_grad_batches"], 1))


def _batches(run: Settings, parts: int | None) -> int:
    """Batches of one process."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    return divided_batches(run, BATCH, parts, drops=run["model.train_ds.drop_last"])


TRAINER = ForeignTrainer(
    "nemo",
    "3.0.0",
    SETTINGS,
    claims,
    read,
    program="nemo_toolkit",
    read_words=with_own_config_file,
    takes_repeats=False,
    keys=KnownKeys(tables=nemo_scheduler.TABLES, of_files=True),
    no_training=NoTraining(needs={Setting("do_training", switch, default=True): True}),
    resumes=("exp_manager.resume_if_exists",),
    ends_early={Setting("exp_manager.create_early_stopping_callback", literal): ""},
    known_by="model.optim.sched, or a _target_ of nemo.lightning",
    oldest="2.5",
)
