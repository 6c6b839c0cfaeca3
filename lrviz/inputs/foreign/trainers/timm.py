"""timm: options of ``train.py``, and the ``args.yaml`` that it saves or takes by ``--config``.

Source: timm ``train.py`` of August 2026 with the 1.0.31 wheel: ``scheduler/scheduler_factory.py``.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.ranks import BY_SLURM_TOO
from lrviz.inputs.foreign.setting import Setting, count, number, numbers, switch, text, whole, whole_epochs
from lrviz.inputs.foreign.shared import layer_decay, timm_resolutions
from lrviz.inputs.foreign.shared.layer_decay import layer_keys
from lrviz.inputs.foreign.shared.timm_length import CYCLIC, STABLE, accumulation, epochs_of, updates_per_epoch
from lrviz.inputs.foreign.shared.timm_resolutions import average_size
from lrviz.inputs.foreign.shell.pair_words import pairs_of
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import digits, lr_text
from lrviz.notation.origin import Given, Origin, Place
from lrviz.resumption.left_out import NO_OPTIMIZER
from lrviz.resumption.resume_rule import of_step

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value
    from lrviz.resumption.resume_rule import Rule

CLOCK = "updates_per_epoch"
"""What ``train.py`` counts itself and hands to the scheduler: no option."""
SETTINGS = (
    Setting(NO_OPTIMIZER, switch, default=False),
    Setting("batch_size", count, 128, "batch_size", ("b",)),
    Setting("grad_accum_steps", whole, 1, "grad_accum"),
    Setting("epochs", count, 300, "epochs"),
    Setting("lr", number, None, "lr"),
    Setting("lr_base", number, 0.1),
    Setting("lr_base_size", count, 256),
    Setting("lr_base_scale", text, ""),
    Setting("opt", text, "sgd"),
    Setting("sched", text, "cosine"),
    Setting("sched_on_updates", switch, default=False),
    Setting("warmup_epochs", whole_epochs, 5, "warmup"),
    Setting("warmup_lr", number, 1e-5),
    Setting("warmup_prefix", switch, default=False),
    Setting("cooldown_epochs", whole, 0),
    Setting("min_lr", number, 0.0, "min_lr"),
    Setting("decay_epochs", number),
    Setting("decay_milestones", numbers, (90, 180, 270)),
    Setting("decay_rate", number, 0.1, "", ("dr",)),
    Setting("patience_epochs", whole, 10),
    Setting("eval_metric", text, "top1"),
    Setting("lr_cycle_mul", number, 1.0),
    Setting("lr_cycle_decay", number, 0.5),
    Setting("lr_cycle_limit", whole, 1),
    Setting("lr_k_decay", number, 1.0),
    Setting("lr_noise", numbers),
    Setting("lr_noise_pct", number, 0.67),
    Setting("lr_noise_std", number, 1.0),
    Setting("seed", whole, 42),
    Setting("lr_decay_fn", text, None, "", ("decay_fn",)),
    Setting("lr_stable_timescale", number, None, "", ("stable_timescale",)),
    *layer_decay.SETTINGS,
    Setting("layer_decay_min_scale", number, 0.0),
    Setting("dataset", text, ""),
    Setting("workers", whole, 4, "", ("j",)),
    Setting("epoch_repeats", number, 0),
    Setting("aug_repeats", number, 0),
    *timm_resolutions.SETTINGS,
    Setting("naflex_loader", switch, default=False),
    Setting("start_epoch", whole, 0),
    Setting(CLOCK, count),
)
SCHEDULERS = (*CYCLIC, *STABLE, "step", "multistep", "constant", "plateau", "none")
OWN = {
    *("sched", "sched_on_updates", "lr_base", "lr_base_size", "lr_base_scale", "warmup_prefix"),
    *(
        "cooldown_epochs",
        "lr_cycle_limit",
        "lr_cycle_mul",
        "lr_cycle_decay",
        "lr_k_decay",
        "decay_milestones",
    ),
}
SCRIPT = "distributed_train.sh"


def claims(source: Source) -> bool:
    """``train.py`` with options of its own, its script for several processes, or its ``args.yaml``."""
    if source.language != "command":
        return {"sched", "warmup_lr"} <= source.data.keys() and bool(OWN & source.data.keys() - {"sched"})
    script = source.script
    if script == SCRIPT:
        return True
    names = source.data.keys()
    return script == "train.py" and (
        bool({*OWN, "data_dir"} & names) or ("arch" not in names and _has_folder(source))
    )


def _has_folder(source: Source) -> bool:
    """Whether it names a folder of data without an option, and what is trained or a file of settings."""
    named = [source.data[name] for name in ("model", "config", "c") if name in source.data]
    behind = [one for value in named if isinstance(value, tuple) for one in value[1:]]
    folders = [
        one for one in (*source.words[1:], *behind) if "/" in str(one) and not PurePath(str(one)).suffix
    ]
    return bool(named and folders)


def read_words(source: Source) -> Source:
    """``distributed_train.sh 8 …`` starts so many processes."""
    source = _with_optimizer(source)
    world = digits(source.words[1]) if len(source.words) > 1 and source.script == SCRIPT else None
    if world is not None:
        origin = Origin("file", f"{SCRIPT} {source.words[1]}", Place(source.name, source.argv[0].line))
        return replace(source, launch=source.launch._replace(world=Given(world, origin)))
    return source


def _with_optimizer(source: Source) -> Source:
    """``--opt-kwargs layer_decay=0.7``, which the optimizer's own option says too."""
    said = pairs_of(source.data.get("opt_kwargs", ()))
    own = {name: value for name, value in said.items() if name == "layer_decay"}
    return source.saying(own)


def read(run: Settings) -> Spec:
    """``create_scheduler_v2``, stepped once an epoch unless ``--sched-on-updates``."""
    if run.is_said(NO_OPTIMIZER):
        run.get(NO_OPTIMIZER)
    run.need("lr", "epochs", "warmup_epochs", "grad_accum_steps")
    kind = run.choose("sched", SCHEDULERS)
    updates = updates_per_epoch(run)
    clock = _clock(run, updates)
    lr = _peak(run)
    length = epochs_of(run, kind, updates)
    total = run.product(run.TOTAL_STEPS, length, updates)
    warmup = 0 if kind == "none" else run["warmup_epochs"]
    run.warmup = warmup * clock.get(CLOCK, updates)
    _say_traps(run, kind, lr, length)
    return run.curve(
        "timm.create_scheduler_v2",
        lr=lr,
        sched=kind,
        num_epochs=run["epochs"],
        steps=total,
        warmup_epochs=run["warmup_epochs"],
        warmup_lr=run["warmup_lr"],
        warmup_prefix=run["warmup_prefix"],
        min_lr=run["min_lr"],
        **_of_kind(run, kind),
        **_noise(run),
        **({} if kind == "none" else _layers(run, lr)),
        **clock,
    )


def _clock(run: Settings, updates: int) -> dict[str, Any]:
    """What the scheduler is stepped by."""
    if run["sched_on_updates"]:
        is_edited = not _lacks(run) and (run.raw(CLOCK) is not None or run.is_answered(CLOCK))
        return {"step_on_epochs": False, CLOCK: run[CLOCK] if is_edited else updates}
    return {"interval": "epoch"}


def _layers(run: Settings, lr: float) -> dict[str, Value]:
    return layer_keys(run, lr, None, decay=run["layer_decay"], floor=run["layer_decay_min_scale"])


def _of_kind(run: Settings, kind: str) -> dict[str, Value]:
    """What this scheduler alone takes; names are those of ``create_scheduler_v2``."""
    values: dict[str, Value] = {}
    if kind in CYCLIC:
        values = {key: run[f"lr_{key}"] for key in ("cycle_mul", "cycle_decay", "cycle_limit")}
    if kind in ("cosine", "poly"):
        values["k_decay"] = run["lr_k_decay"]
    if kind in (*CYCLIC, *STABLE):
        values["cooldown_epochs"] = run["cooldown_epochs"]
    if kind in ("step", *STABLE):
        values["decay_epochs"] = run["decay_epochs"]
    if kind in ("step", "multistep", "poly", "plateau"):
        values["decay_rate"] = run["decay_rate"]
    if kind == "multistep":
        values["decay_milestones"] = run["decay_milestones"]
    if kind in STABLE:
        values |= {"decay_fn": run["lr_decay_fn"], "stable_timescale": run["lr_stable_timescale"]}
    if kind == "plateau":
        mode = "min" if "loss" in run["eval_metric"] else "max"
        values |= {"patience_epochs": run["patience_epochs"], "plateau_mode": mode}
    return values


def _noise(run: Settings) -> dict[str, Value]:
    noise = run["lr_noise"]
    if not noise:
        return {}
    own = {"noise_pct": run["lr_noise_pct"], "noise_std": run["lr_noise_std"], "noise_seed": run["seed"]}
    return {"noise": noise, **own}


def _peak(run: Settings) -> float:
    """``--lr`` unless it is 0, else ``--lr-base`` scaled by the batch of all processes."""
    if run["lr"]:
        return float(run["lr"])
    base, size = run["lr_base"], run["lr_base_size"]
    batch = average_size(run) * run.ask("world_size") * accumulation(run)
    rule = run["lr_base_scale"]
    if not rule:
        rule = "sqrt" if any(part in run["opt"].lower() for part in ("ada", "lamb")) else "linear"
    ratio = batch / size
    lr = base * (ratio**0.5 if rule == "sqrt" else ratio)
    power = " ** 0.5" if rule == "sqrt" else ""
    run.note(
        "scaled-lr",
        f"no lr is given: {lr_text(base)} * ({batch:.12g} / {size}){power} = {lr_text(lr)} ({run['opt']})",
        at="lr_base",
    )
    return float(lr)


def _say_traps(run: Settings, kind: str, lr: float, length: int) -> None:
    """Name what few expect of where a run begins, and of its warmup."""
    if run["start_epoch"]:
        text = f"--start-epoch {run['start_epoch']}: updates count from epoch 0"
        run.note("resumes", text, at="start_epoch")
    if run["warmup_epochs"] and kind != "none":
        _say_warmup(run, kind, lr, length)


def _say_warmup(run: Settings, kind: str, lr: float, length: int) -> None:
    """Say where the warmup begins, and where it does not reach the LR."""
    warmup, start = run["warmup_epochs"], run["warmup_lr"]
    first = "update" if run["sched_on_updates"] else "epoch"
    text = f"the first {first} trains at --warmup-lr {lr_text(start)}"
    run.note("first-at-warmup-lr", text, at="warmup_lr")
    if warmup > length:
        reached = (start + (length - 1) * (lr - start) / warmup) / lr
        run.warn_of_warmup(f"{warmup} epochs", length, reached, at="warmup_epochs")
    elif kind == "cosine" and not run["warmup_prefix"] and run["lr_k_decay"] == 1 and warmup < run["epochs"]:
        low = run["min_lr"]
        after = low + 0.5 * (lr - low) * (1 + math.cos(math.pi * warmup / run["epochs"]))
        run.note(
            "warmup-inside-cosine",
            f"the warmup lies on the cosine, which is at {lr_text(after)} when it ends:"
            f" {lr_text(lr)} is never used",
            hint="--given warmup_prefix=true",
            at="warmup_epochs",
        )


def _lacks(run: Settings) -> frozenset[str]:
    """What a command says as an option, and is none."""
    is_option = run.source.place((CLOCK,)).key.startswith("--")
    return frozenset({CLOCK} if is_option else ())


def _restores(run: Settings) -> Rule | str:
    """Without the optimizer's state the LR that is said here is each group's initial one."""
    if not run[NO_OPTIMIZER]:
        return ""
    return of_step("no_resume_opt loads no optimizer", place="epoch")


TRAINER = ForeignTrainer(
    "timm",
    "1.0.31",
    SETTINGS,
    claims,
    read,
    files=("config", "c"),
    read_words=read_words,
    dash="-",
    keys=KnownKeys(
        ("timm",),
        by_language(command=Fate.DOUBTED, yaml=Fate.PASSED),
        _lacks,
    ),
    interpolates=False,
    ranks=BY_SLURM_TOO,
    resumes=("resume",),
    restores=_restores,
    script_has=("create_scheduler", "create_scheduler_v2", "create_optimizer", "create_optimizer_v2"),
    known_by="train.py with --sched or --lr-base, or sched and warmup_lr in its args.yaml",
)
