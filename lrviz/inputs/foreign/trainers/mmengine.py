"""mmengine: the Python configs of mmdet, mmpretrain, mmseg and their kin, read as data, and their commands.

Source: mmengine 0.10.7, ``Runner``, ``ParamSchedulerHook``, ``OptimWrapper``, ``EpochBasedTrainLoop`` and
``IterBasedTrainLoop``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, switch, text, whole
from lrviz.inputs.foreign.shared import mmengine_batches, mmengine_launch
from lrviz.inputs.foreign.shared.followed_scripts import NOT_HERE
from lrviz.inputs.foreign.shared.mmengine_hooks import refuse_hooks
from lrviz.inputs.foreign.shared.mmengine_keys import check_keys
from lrviz.inputs.foreign.shared.mmengine_loop import (
    WRAPPERS,
    Loop,
    is_by_epoch,
    is_of_deepspeed,
    length_of,
    loop_of,
)
from lrviz.inputs.foreign.shared.mmengine_lr import groups_of, scaled_lr
from lrviz.inputs.foreign.shared.mmengine_optimizers import say_chosen
from lrviz.inputs.foreign.shared.mmengine_runners import runner_calls
from lrviz.inputs.foreign.shared.mmengine_schedulers import members
from lrviz.inputs.foreign.shared.mmengine_scripts import opens_config, own_parts
from lrviz.inputs.foreign.shared.mmengine_words import OPTIONS, check_words
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.ways_out import SCHEDULE_ALONE
from lrviz.notation.origin import Given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shared.mmengine_schedulers import Member
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def _enabled(raw: Raw) -> bool:
    """``auto_scale_lr``, as an option a switch, in a config a dict that may say nothing of ``enable``."""
    return bool(raw.value.get("enable")) if isinstance(raw.value, dict) else switch(raw)


SETTINGS = (
    Setting("train_cfg.type", literal),
    Setting("train_cfg.by_epoch", switch),
    Setting("train_cfg.max_epochs", whole, key="epochs"),
    Setting("train_cfg.max_iters", whole, key="steps"),
    Setting("train_cfg.val_interval", whole),
    Setting("train_cfg.dynamic_intervals", literal),
    *mmengine_batches.SETTINGS,
    Setting("optim_wrapper.optimizer.lr", number, key="lr"),
    Setting("optim_wrapper.accumulative_counts", whole, 1, "grad_accum"),
    Setting("strategy.gradient_accumulation_steps", whole, 1),
    Setting("strategy.config", literal),
    Setting("optim_wrapper.constructor", literal),
    Setting("auto_scale_lr.enable", _enabled, default=False, aliases=("auto_scale_lr", "auto-scale-lr")),
    Setting("auto_scale_lr.base_batch_size", whole),
    Setting("launcher", text, aliases=("l",)),
    Setting("layers", whole, None, "layers"),
)


def claims(source: Source) -> bool:
    """``param_scheduler``, ``optim_wrapper``, ``_base_``, MMCV 1's ``lr_config``, a Runner or a command."""
    if source.language == "command":
        return mmengine_launch.names_config(source)
    if opens_config(source) or runner_calls(source):
        return True
    names = {"param_scheduler", "optim_wrapper", "lr_config"} & source.data.keys()
    return source.language == "python" and (bool(names) or "_base_" in source.data or source.python.has_bases)


def read(run: Settings) -> Spec:
    """The run of a Runner: its schedulers step after every batch, also while gradients accumulate."""
    say_chosen(run)
    _refuse_old(run)
    check_words(run)
    _look_at_script(run)
    refuse_hooks(run)
    check_keys(run)
    _warn_of_launcher(run)
    found = members(run)
    _ask(run, found)
    loop = loop_of(run, found)
    _check_metric(run, found, loop)
    lr = scaled_lr(run)
    groups = groups_of(run, lr)
    _say_warmup(run, found, loop)
    if not found:
        if run.raw("param_scheduler") is None:
            run.note("no-scheduler", "no param_scheduler: one LR from end to end")
        return run.curve("torch.ConstantLR", lr=lr, **length_of(loop, found), factor=1.0, **groups)
    calls = tuple(one.call(loop.epochs, loop.iterations, loop.batches) for one in found)
    return run.curve("mmengine.list", lr=lr, **length_of(loop, found), param_scheduler=calls, **groups)


def _refuse_old(run: Settings) -> None:
    """Stop at a config of MMCV 1, whose hooks move the LR: mmengine looks at none of its keys."""
    if run.raw("lr_config") is None or run.raw("optim_wrapper") is not None:
        return
    run.refuse(
        "lr_config is of MMCV 1, whose configs are not read: mmengine looks at no such key",
        hint=f"write optim_wrapper, param_scheduler and train_cfg, as mmengine has them; {SCHEDULE_ALONE}",
    )


_SET_LATE = {
    f"trainer.{private}{name}"
    for name in (
        "param_schedulers",
        "max_epochs",
        "max_iters",
        "optim_wrapper",
        "train_loop",
        "train_dataloader",
    )
    for private in ("", "_")
}
"""What a script may set of a Runner that is made, and its run goes by."""


def _look_at_script(run: Settings) -> None:
    """Stop at a schedule of the Runner's own, and say what else it may have of its own."""
    for one in own_parts(run.source):
        if one.what == "build_param_scheduler" and not run.is_said("build_param_scheduler"):
            hint = "--given build_param_scheduler=own where it calls mmengine's"
            run.refuse(f"{one.where} has its own {one.what}, which is not read", hint=hint)
        if one.what == NOT_HERE:
            run.warn("own-scheduler", f"{one.where}: the LR may be another than this")
        elif one.what in _SET_LATE:
            run.warn("own-runner", f"{one.where} sets {one.what}: the run may be another than this")
        elif one.what != "build_param_scheduler" and not one.what.startswith("trainer."):
            run.warn("own-runner", f"{one.where} has its own {one.what}: the run may be another than this")


def _ask(run: Settings, found: Sequence[Member]) -> None:
    """All that the config does not say, at once."""
    by_epoch, scales = is_by_epoch(run), run["auto_scale_lr.enable"]
    if scales and not run["auto_scale_lr.base_batch_size"]:
        run.refuse(
            "auto_scale_lr is on, and base_batch_size is lacking: mmengine stops",
            hint="--given auto_scale_lr.base_batch_size=16",
            at="auto_scale_lr.enable",
        )
    names = ["optim_wrapper.optimizer.lr", "train_cfg.max_epochs" if by_epoch else "train_cfg.max_iters"]
    if by_epoch or any(one.is_converted for one in found):
        names += mmengine_batches.needs(run, is_endless=not by_epoch)
    names += ["world_size", "train_dataloader.batch_size"] if scales else []
    run.ask(*dict.fromkeys(names))


def _warn_of_launcher(run: Settings) -> None:
    world = run.lookup.world
    if isinstance(world, Given) and mmengine_launch.APART in world.origin.text:
        text = f"without --launcher pytorch {world.origin.text}"
        run.warn("no-launcher", text, hint="--launcher pytorch behind the config")
    kind, started = str(run.source.data.get("launcher")), run.source.launch
    if started.launcher and started.tells not in mmengine_launch.ASKS.get(kind, {started.tells}):
        text = f"--launcher {kind} looks for variables that {started.launcher} does not set: it stops"
        run.warn("other-launcher", text, hint=mmengine_launch.way(started.tells))


def _check_metric(run: Settings, found: Sequence[Member], loop: Loop) -> None:
    """Refuse validations that do not come once in every epoch, where a scheduler acts on them."""
    if not any(one.needs_metric for one in found):
        return
    if not loop.by_epoch:
        run.refuse(
            "ReduceOnPlateauLR counts epochs, and the loop of max_iters is one",
            hint="train_cfg = dict(by_epoch=True, max_epochs=12)",
            at="train_cfg.max_iters",
        )
    if run.get("train_cfg.val_interval", 1) != 1 or run["train_cfg.dynamic_intervals"]:
        run.refuse(
            "ReduceOnPlateauLR acts only after the epochs that are validated, and lrviz after each",
            hint="--given train_cfg.val_interval=1 --given train_cfg.dynamic_intervals=null",
            at="train_cfg.val_interval",
        )


def _say_warmup(run: Settings, found: Sequence[Member], loop: Loop) -> None:
    """The warmup in updates, which are fewer than its iterations while gradients accumulate."""
    first = next((one for one in found if one.rises), None)
    iterations = _end(first, loop) if first else 0
    if first or not any(one.name == "OneCycleLR" for one in found):  # whose curve tells
        run.warmup = min(iterations // loop.accum, loop.updates)
    if loop.accum > 1:
        few = f": {iterations} iterations of warmup are {iterations // loop.accum} updates"
        run.warn(
            "counts-batches",
            f"schedulers count batches, also while {loop.accum} of them accumulate for one update"
            f"{few if iterations else ''}",
            at="strategy.gradient_accumulation_steps" if is_of_deepspeed(run) else WRAPPERS,
        )
    if iterations > loop.iterations:
        run.warn_of_warmup(f"{iterations} iterations", loop.iterations)


def _end(first: Member, loop: Loop) -> int:
    """The iteration at which a warmup ends; what steps by epochs in a single one never does."""
    if first.is_stepped_by_epoch and not loop.by_epoch:
        return 0
    end = first.params.get("end", loop.epochs if first.in_epochs else loop.iterations)
    return int(end * (loop.batches if first.in_epochs else 1)) if isinstance(end, (int, float)) else 0


TRAINER = ForeignTrainer(
    "mmengine",
    "0.10.7",
    SETTINGS,
    claims,
    read,
    options=OPTIONS,
    read_words=mmengine_launch.read_words,
    layers=mmengine_launch.merged,
    no_training=NoTraining(words=("test",), programs=r"(^|/)((dist_|slurm_)?test)\.(py|sh)$"),
    resumes=(
        "resume",
        "resume_from",
    ),
    ends_early={Setting("custom_hooks", literal): "", Setting("default_hooks", literal): ""},
    known_by="param_scheduler, optim_wrapper or _base_ in Python, --cfg-options, dist_train.sh or mim train",
    reads_names=True,
)
