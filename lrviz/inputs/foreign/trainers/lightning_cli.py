"""Lightning's command line: ``fit --config``, a YAML with trainer, model, data and maybe an optimizer.

Its automatic ``configure_optimizers`` hands the bare scheduler over, which is then stepped once per epoch.

Source: lightning 2.6.6 ``pytorch/cli.py``, ``pytorch/loops/fit_loop.py``, ``training_epoch_loop.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.catalogue.names import find, lookup
from lrviz.catalogue.roles import Role
from lrviz.inputs.foreign.key_paths import table_at
from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, switch, text, whole
from lrviz.inputs.foreign.shared import lightning_strategy
from lrviz.inputs.foreign.shared.cycle_length import with_total_steps
from lrviz.inputs.foreign.shared.lightning_callbacks import check_callbacks
from lrviz.inputs.foreign.shared.lightning_configs import cli_of_script, fate, merged_configs, with_configs
from lrviz.inputs.foreign.shared.lightning_strategy import check_deepspeed, divided_batches, shares
from lrviz.inputs.foreign.shared.lightning_trainer import (
    check_printed,
    check_validation,
    limited,
    warn_of_time,
)
from lrviz.inputs.foreign.shared.lightning_words import KNOWN, NAMES, TABLES, trains
from lrviz.inputs.foreign.shared.torch_optimizers import check_arguments, default_lr
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import unknown_within
from lrviz.inputs.foreign.within import known_table, with_numbers
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value


def _tried(raw: Raw) -> int:
    """Batches of a ``fast_dev_run``: a number, one for true, 0 for none."""
    found = literal(raw)
    return int(found) if isinstance(found, int) else int(switch(raw))


LR = "optimizer.init_args.lr"
BATCH = "data.init_args.batch_size"
DROPS = "data.init_args.drop_last"
SETTINGS = (
    Setting(LR, number, None, "lr", ("optimizer.lr",)),
    Setting("optimizer.class_path", text, None, "", ("optimizer",)),
    Setting("lr_scheduler.class_path", text, None, "", ("lr_scheduler",)),
    Setting("lr_scheduler.init_args", literal),
    Setting("interval", text),
    *lightning_strategy.SETTINGS,
    Setting("trainer.val_check_interval", literal, 1.0),
    Setting("trainer.limit_val_batches", number, 1.0),
    Setting("trainer.overfit_batches", number, 0.0),
    Setting("trainer.fast_dev_run", _tried, 0),
    Setting(
        BATCH,
        whole,
        None,
        "batch_size",
        (
            "data.init_args.train_batch_size",
            "data.batch_size",
            "model.init_args.batch_size",
            "model.batch_size",
        ),
    ),
    Setting(DROPS, switch, key="drop_last", aliases=("data.drop_last",)),
)
_OF_TRAINER = frozenset(
    name.removeprefix("trainer.") for name in KNOWN.names() if name.startswith("trainer.")
)
LENGTHS = ("T_max", "total_steps", "total_iters", "T_0", "step_size", "milestones")
"""Parameters of schedulers that count its steps."""


class Length(NamedTuple):
    """Updates of the run, and its epochs; 0 where they do not matter."""

    total: int
    epochs: int


def claims(source: Source) -> bool:
    """A ``trainer`` beside an optimizer with a ``class_path``, or beside a model and a seed; or ``fit``."""
    if source.language == "command":
        has_own = any(name.partition(".")[0] in TABLES or name in NAMES for name in source.data)
        return trains(source) and has_own
    inner = source.config.get("fit")
    data = {**source.config, **inner} if isinstance(inner, dict) else source.config
    tables = {key: data.get(key) for key in ("trainer", "optimizer", "model")}
    has_class = isinstance(tables["optimizer"], dict) and "class_path" in tables["optimizer"]
    is_saved = isinstance(tables["model"], dict) and "seed_everything" in data
    return isinstance(tables["trainer"], dict) and (has_class or is_saved)


def read(run: Settings) -> Spec:
    """The run of ``fit``: the scheduler counts epochs, unless the script has it count steps."""
    if not run.is_said("optimizer.class_path"):
        run.refuse(
            "it names no optimizer: the model makes its own in configure_optimizers, maybe with a scheduler",
            hint="its schedule alone: lrviz show CosineAnnealingLR:T_max=10,interval=epoch --lr 1e-3"
            " --epochs 10 --steps-per-epoch 100",
        )
    interval = _interval(run)
    check_callbacks(run)
    check_deepspeed(run)
    lr, scheduler = _lr(run), run["lr_scheduler.class_path"]
    name, params = _scheduler(run, scheduler) if scheduler else ("transformers.constant", {})
    length = _length(run, counts_epochs=bool(scheduler) and interval == "epoch")
    if not scheduler:
        run.warmup = 0
        run.note(
            "constant", "no lr_scheduler: one LR, as a configure_optimizers of the model is not called then"
        )
    elif interval == "epoch":  # torch's have no word for a warmup: its curve tells
        _warn_of_epochs(run, params, length)
    base = find(name).by_role(Role.BASE_LR)
    return run.curve(
        name,
        params,
        lr=None if base is not None and base.name in params else lr,
        steps=length.total,
        interval=interval if scheduler else None,
    )


def _interval(run: Settings) -> str:
    """In what the scheduler steps: in epochs, or as the script's own command line says."""
    cli = cli_of_script(run.source)
    for what, place in cli.other if cli else ():
        run.warn("own-cli", f"{place}: {what}: the run may have other settings than these")
    if run.is_said("interval"):
        return run.choose("interval", ("epoch", "step"))
    if cli is None or cli.steps_at is None:
        return "epoch"
    if not cli.interval:
        run.refuse(
            f"{cli.steps_at} makes the optimizer and its scheduler in a way that is not read",
            hint="--given interval=step or --given interval=epoch where they are these",
        )
    run.note(
        "own-cli", f"{cli.steps_at}: its own configure_optimizers steps the scheduler each {cli.interval}"
    )
    return cli.interval


def _lr(run: Settings) -> float:
    """The optimizer's LR, or that of torch's class."""
    module, _, name = run["optimizer.class_path"].rpartition(".")
    known = default_lr(name) if not module or module.startswith("torch.optim") else None
    if known is None:
        return float(run.ask(LR))
    _check_arguments(run, name)
    return float(run.get(LR, known))


def _check_arguments(run: Settings, name: str) -> None:
    """Lightning's parser stops at a word that the class does not take."""
    words: dict[str, tuple[str, ...]] = {
        word: ("optimizer", "init_args", word) for word in table_at(run.raw("optimizer", "init_args"))
    }
    for option in run.source.data if run.source.language == "command" else ():
        first, _, word = option.removeprefix("optimizer.init_args.").rpartition(".")
        if first in ("", "optimizer") and option.startswith("optimizer.") and word != "class_path":
            words[word] = (option,)
    check_arguments(name, {word: run.lookup.place(path) for word, path in words.items()})


def _scheduler(run: Settings, path: str) -> tuple[str, dict[str, Value]]:
    """The scheduler of torch and what it is given.

    Raises:
        ConfigError: it is another's, or its arguments are no table.

    """
    _, _, name = path.rpartition(".")
    args = run["lr_scheduler.init_args"] or {}
    if any(unknown_within(args)):
        args = known_table(run, "lr_scheduler", "init_args")
    if lookup(f"torch.{name}") is None or not isinstance(args, dict):
        run.refuse(
            f"lr_scheduler {path} is not read: it is none of torch's with a table of arguments",
            hint="lr_scheduler.class_path: torch.optim.lr_scheduler.CosineAnnealingLR",
            at="lr_scheduler.class_path",
        )
    own = ("optimizer", "last_epoch", "verbose", "monitor")
    args = {**args, **_linked(run, args)}
    params = {key: with_numbers(one) for key, one in args.items() if key not in own}
    if name == "OneCycleLR":
        params = with_total_steps(run, params, "lr_scheduler.init_args")
    return f"torch.{name}", params


def _linked(run: Settings, args: Mapping[str, object]) -> dict[str, Any]:
    """Arguments that the script links to settings of the run, which an option of lrviz may give."""
    cli = cli_of_script(run.source)
    links = {one.target.rpartition(".")[2]: one.source for one in (cli.links if cli else ())}
    known = {key: links[key] for key in args if links.get(key) in run.table}
    return {key: run[source] for key, source in known.items() if run.is_said(source)}


def _length(run: Settings, *, counts_epochs: bool) -> Length:
    """Epochs of ``ceil(batches / accumulation)`` updates, at most ``max_steps``."""
    limit, epochs = _bounds(run)
    if limit != -1 and epochs in (None, -1) and not counts_epochs:
        return Length(run.line(run.TOTAL_STEPS, "max_steps", limit), 0)
    if epochs is None and limit == -1:
        if run["trainer.max_time"]:
            run.refuse(
                "max_time alone ends it, after nobody knows how many updates",
                hint="<steps=1000>",
                at="trainer.max_time",
            )
        epochs = 1000
        run.note("default-epochs", "neither max_epochs nor max_steps: it trains for 1000 epochs")
    if epochs == 0:
        run.refuse("max_epochs=0 makes no update", hint="<epochs=1>", at="trainer.max_epochs")
    few = run["trainer.overfit_batches"] or run["trainer.fast_dev_run"]
    batches = limited(run, _batches(run), few or run["trainer.limit_train_batches"])
    check_validation(run, batches)
    updates = run.ceil(run.STEPS_PER_EPOCH, batches, run["trainer.accumulate_grad_batches"])
    if updates < 1:
        run.refuse("an epoch without a batch", hint=run.longer("<batches_per_epoch=1000>"))
    total = _total(run, limit, epochs, updates)
    return Length(total, ceil_div(total, updates))


def _total(run: Settings, limit: int, epochs: int | None, updates: int) -> int:
    """The end that comes first, of which -1 is none."""
    if epochs not in (None, -1) and limit != -1:
        return run.line(run.TOTAL_STEPS, f"min({limit}, {epochs} * {updates})", min(limit, epochs * updates))
    if limit != -1:
        return run.line(run.TOTAL_STEPS, "max_steps", limit)
    if epochs in (None, -1):
        run.refuse("max_epochs=-1 without max_steps never ends", hint="<epochs=10>", at="trainer.max_epochs")
    return run.product(run.TOTAL_STEPS, epochs, updates)


def _bounds(run: Settings) -> tuple[int, int | None]:
    """``max_steps`` and ``max_epochs``; of a ``fast_dev_run`` its batches, within one epoch."""
    tried = run["trainer.fast_dev_run"]
    warn_of_time(run)
    if not tried:
        return run["trainer.max_steps"], run["trainer.max_epochs"]
    run.warn(
        "fast-dev-run",
        f"fast_dev_run={tried}: at most {tried} batches of one epoch; max_epochs and max_steps do not count",
        at="trainer.fast_dev_run",
    )
    return tried, 1


def _batches(run: Settings) -> int:
    """``len(train_dataloader)`` of a process."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    parts = shares(run)
    batches = divided_batches(run, BATCH, parts, drops=bool(run[DROPS]))
    part, size = ceil_div(run.ask("dataset_len"), parts or 1), max(run[BATCH], 1)
    if run[DROPS] is None and part % size:
        text = f"the data module is taken to keep its last batch, of fewer than {size}: its code decides"
        run.note("keeps-last-batch", text, hint="--drop-last where it drops that")
    return batches


def _warn_of_epochs(run: Settings, params: dict[str, Value], length: Length) -> None:
    """A scheduler that was meant to count updates."""
    for name in LENGTHS:
        value = params.get(name)
        counts = value if isinstance(value, tuple) else (value,)
        most = max((one for one in counts if isinstance(one, (int, float))), default=0)
        if most > length.epochs:
            run.settled.add("length-differs")  # the same, of a scheduler that might count updates
            run.warn(
                "counts-epochs",
                f"{name}={most}: Lightning steps the scheduler once per epoch, {length.epochs} times in all",
                at="lr_scheduler.init_args",
            )


TRAINER = ForeignTrainer(
    "lightning_cli",
    "2.6.6",
    SETTINGS,
    claims,
    read,
    program="lightning",
    aliases=("lightning",),
    files=("config",),
    read_words=with_configs,
    layers=merged_configs,
    dash="_",
    takes_beginnings=False,
    no_training=NoTraining(("validate", "test", "predict"), trains="fit", check=check_printed),
    resumes=(
        "ckpt_path",
        "fit.ckpt_path",
    ),
    keys=KnownKeys(KNOWN.lists, fate, tables={"trainer": _OF_TRAINER}),
    known_by="a trainer beside optimizer.class_path, or fit",
)
