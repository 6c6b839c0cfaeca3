"""torchtitan: its TOML up to 0.2, and the options of the same dotted names from 0.3 on.

0.1 drops names it does not have, 0.2 stops at them.

Source: torchtitan 0.1.0, 0.2.2 and 0.3.0, ``components/lr_scheduler.py``, ``config/manager.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Raw, Setting, number, off, text, texts, whole
from lrviz.inputs.foreign.setting_values import version_parts
from lrviz.inputs.foreign.shared import torchtitan_processes
from lrviz.inputs.foreign.shared.torchtitan_configs import take_base
from lrviz.inputs.foreign.shared.torchtitan_processes import check_processes
from lrviz.inputs.foreign.shell.world import Own, product
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.resumption.resume_rule import Rule

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

DECAYS = ("linear", "sqrt", "cosine")
LAST_WITH_TOML = "0.2.2"
GROUP_LR = "optimizer.param_groups.0.optimizer_kwargs.lr"
"""What the options of 0.3 call the LR, whose optimizers have one for each group."""
SETTINGS = (
    Setting("training.steps", whole, 10000, "steps"),
    Setting("optimizer.lr", number, 8e-4, "lr", (GROUP_LR,)),
    Setting("lr_scheduler.warmup_steps", whole, 200, "warmup"),
    Setting("lr_scheduler.total_steps", whole),
    Setting("lr_scheduler.decay_ratio", number),
    Setting("lr_scheduler.decay_type", text, "linear"),
    Setting("lr_scheduler.min_lr_factor", number, 0.0),
    Setting("lr_scheduler.lr_min", number, 0.0),
    *torchtitan_processes.SETTINGS,
)


def claims(source: Source) -> bool:
    """``[training]`` of its TOML beside another table, ``run_train.sh``, or ``--training.steps``."""
    if source.language == "command":
        program = source.program
        return "training.steps" in source.data or "torchtitan" in program or program.endswith("run_train.sh")
    tables = {key: value for key, value in source.data.items() if isinstance(value, dict)}
    is_beside = bool(tables.keys() & {"optimizer", "lr_scheduler"}) and "steps" in tables.get("training", {})
    return source.language == "toml" and (is_beside or {"job", "training"} <= source.data.keys())


def read_words(source: Source) -> Source:
    """What ``run_train.sh`` makes of its environment: the file of ``CONFIG_FILE``, one step to try it."""
    file, tried = (source.launch.env.get(name) for name in ("CONFIG_FILE", "COMM_MODE"))
    if tried is not None and tried.value and source.program.endswith("run_train.sh"):
        source = replace(source, data={**source.data, "training.steps": 1})
    if file is None:
        return source
    return replace(source, data={"job.config_file": file.value, **source.data})


def read(run: Settings) -> Spec:
    """The run of ``training.steps`` updates, the schedule built for ``lr_scheduler.total_steps`` of them."""
    _assume_version(run)
    if not run.since("0.3"):
        check_processes(run)
    steps = run.line(run.TOTAL_STEPS, "training.steps", run["training.steps"])
    total = _schedule_steps(run, steps)
    _warn_of_decay(run, total)
    return run.curve(
        "torchtitan.LRSchedulersContainer",
        lr=run["optimizer.lr"],
        steps=steps,
        warmup_steps=_warmup(run, total),
        total_steps=total,
        decay_ratio=run["lr_scheduler.decay_ratio"],
        decay_type=run.choose("lr_scheduler.decay_type", DECAYS),
        min_lr_factor=run[_floor(run)],
    )


def _assume_version(run: Settings) -> None:
    """The newest version that reads TOML, or the last with ``lr_min``; for options, their base."""
    if run.sources[-1].language == "command" and run.since("0.3"):
        _check_lr(run)
        take_base(run)
    elif run.is_version_given:
        if run.sources[-1].language == "toml" and run.since("0.3"):
            run.refuse(f"{run.title} reads no TOML", hint=f"--trainer torchtitan@{LAST_WITH_TOML}")
    elif run.is_said("lr_scheduler.lr_min"):
        run.assume("0.1.0", "lr_scheduler.lr_min is min_lr_factor from 0.2 on")
    else:
        run.assume(LAST_WITH_TOML, "it is the last that reads TOML")


def _check_lr(run: Settings) -> None:
    """Warn of the LR by the name that it has up to 0.2, and in builds of the sources before 0.3.0."""
    if "optimizer.lr" in run.source.data and not run.is_answered("optimizer.lr"):
        option = GROUP_LR.replace("_", "-")
        run.warn(
            "older-option",
            f"optimizer.lr is no setting of {run.title}, which stops at it: its LR is --{option};"
            " this is read as by a build of the sources before that release",
            at="optimizer.lr",
        )


def _schedule_steps(run: Settings, steps: int) -> int:
    """The updates that the schedule is built for."""
    name = "lr_scheduler.total_steps"
    if run.is_said(name) and not run.since("0.2.2"):
        if run.since("0.2"):
            text = f"{name} is no setting of {run.title}: it stops"
            run.refuse(text, hint="--trainer torchtitan@0.2.2", at=name)
        _ignored(run, name)
        return steps
    return int(run.get(name, steps))


def _warmup(run: Settings, total: int) -> int:
    warmup = int(run["lr_scheduler.warmup_steps"])
    run.warmup = min(warmup, total)
    if warmup > total:
        run.warn(
            "warmup-longer-than-run",
            f"warmup of {warmup} updates is cut to the {total} of the run: nothing is left to decay",
            at="lr_scheduler.warmup_steps",
        )
    return warmup


def _warn_of_decay(run: Settings, total: int) -> None:
    """Say where warmup and decay do not both fit: the decay is cut."""
    warmup, share = min(int(run["lr_scheduler.warmup_steps"]), total), run["lr_scheduler.decay_ratio"]
    decay = round(total * share) if share is not None else 0
    if 0 < total - warmup < decay:
        run.warn(
            "decay-cut",
            f"warmup {warmup} and decay {decay} in {total} updates: the decay is cut to {total - warmup}",
            at="lr_scheduler.decay_ratio",
        )


def _floor(run: Settings) -> str:
    """The setting that this version has for the lowest LR; 0.1 drops the other one, 0.2 stops at it."""
    name, other = "lr_scheduler.min_lr_factor", "lr_scheduler.lr_min"
    if not run.since("0.2"):
        name, other = other, name
    if run.is_said(other) and name.endswith("lr_min"):
        _ignored(run, other)
    elif run.is_said(other):
        run.refuse(f"{other} is no setting of {run.title}: it stops", hint=f"{name}={run[other]}", at=other)
    return name


def _ignored(run: Settings, name: str) -> None:
    run.warn("setting-ignored", f"{run.title} has no {name}: it changes nothing", at=name)


def _fate(_first: Source, layer: Source, version: str) -> Fate:
    """Names in a file, which 0.1 drops."""
    is_dropped = layer.language == "toml" and version_parts(version) < (0, 2)
    return Fate.PASSED if is_dropped else Fate.DOUBTED


def _restores(run: Settings) -> Rule | str:
    """Before 0.3 all of the LambdaLR comes back, from then on the step alone; or nothing is loaded of it."""
    left_out = run.raw("checkpoint", "exclude_from_loading") or run.raw("checkpoint.exclude_from_loading")
    if left_out and "lr_scheduler" in texts(Raw(left_out)):
        return "checkpoint.exclude_from_loading has lr_scheduler"
    return "" if run.since("0.3") else Rule("LambdaLR stores base LRs and no function, torchtitan 0.2.2")


TRAINER = ForeignTrainer(
    "torchtitan",
    "0.3.0",
    SETTINGS,
    claims,
    read,
    files=("job.config_file",),
    read_words=read_words,
    keys=KnownKeys(("torchtitan",), _fate),
    no_training=NoTraining(needs=off("checkpoint.create_seed_checkpoint")),
    launchers={"run_train.sh": Own(lambda said: product(said, ("$NGPU", 8)))},
    resumes=("checkpoint.exclude_from_loading", "checkpoint.load_step"),
    restores=_restores,
    known_by="[job] and [training], training.steps beside [optimizer] or [lr_scheduler], or --training.steps",
    oldest="0.1",
)
