"""The schedules of torchvision's references, each of which steps its own in its own manner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec

FIRST_EPOCH = 1000
"""Batches of the warmup in the first epoch of a detection, at most."""
METHODS = {"linear": ("LinearLR", "start_factor"), "constant": ("ConstantLR", "factor")}
"""What a method of warmup makes, and what that calls its share of the LR."""


class Length(NamedTuple):
    """How long a run is."""

    epochs: int
    batches: int

    @property
    def total(self) -> int:
        """Updates, each of a batch."""
        return self.epochs * self.batches


def _classification(run: Settings, length: Length) -> Spec:
    """A warmup and a scheduler, both stepped once an epoch."""
    lr, warmup = run["lr"], run["lr_warmup_epochs"]
    kind = run["lr_scheduler"].lower()
    mains = {
        "steplr": Call("StepLR", (("step_size", run["lr_step_size"]), ("gamma", run["lr_gamma"]))),
        "cosineannealinglr": Call(
            "CosineAnnealingLR", (("T_max", max(length.epochs - warmup, 1)), ("eta_min", run["lr_min"]))
        ),
        "exponentiallr": Call("ExponentialLR", (("gamma", run["lr_gamma"]),)),
    }
    run.warmup = warmup * length.batches
    _say_warmup(run, warmup, length, lr)
    return _behind_warmup(run, mains[kind], warmup, length, lr, interval="epoch")


def _quantization(run: Settings, length: Length) -> Spec:
    """``StepLR``, stepped once an epoch: it has no other, and no warmup."""
    run.warmup = 0
    step = {"step_size": run["lr_step_size"], "gamma": run["lr_gamma"]}
    return run.curve("torch.StepLR", step, lr=run["lr"], steps=length.total, interval="epoch")


def _segmentation(run: Settings, length: Length) -> Spec:
    """``PolynomialLR`` with the power 0.9, stepped after each batch."""
    lr, warmup = run["lr"], run["lr_warmup_epochs"] * length.batches
    main = Call("PolynomialLR", (("total_iters", max(length.total - warmup, 1)), ("power", 0.9)))
    run.warmup = warmup
    if length.total <= warmup:
        _say_too_long(run, length, lr, divides=True)
    groups = (Call("model", (("scale", 1.0),)), Call("aux_classifier", (("scale", 10.0),)))
    return _behind_warmup(run, main, warmup, length, lr, groups=groups if run["aux_loss"] else None)


def _detection(run: Settings, length: Length) -> Spec:
    """A warmup over the batches of the first epoch, then a scheduler that is stepped once an epoch."""
    lr, warmup = run["lr"], min(FIRST_EPOCH, length.batches - 1)
    gamma, kind = run["lr_gamma"], run["lr_scheduler"].lower()
    epoch = f"floor(epoch / {length.batches})"
    mains = {
        "multisteplr": " * ".join(f"{gamma} ** ({epoch} >= {one})" for one in run["lr_steps"]) or "1",
        "cosineannealinglr": f"(1 + cos(pi * {epoch} / {length.epochs})) / 2",
    }
    run.warmup = warmup
    run.note("first-epoch-warmup", f"the first {warmup} updates rise from {lr_text(lr / FIRST_EPOCH)}")
    rise = f"(0.001 + 0.999 * epoch / {warmup} if epoch < {warmup} else 1)" if warmup else "0.001"
    return run.curve("torch.LambdaLR", lr=lr, steps=length.total, lr_lambda=f"{rise} * {mains[kind]}")


def _video(run: Settings, length: Length) -> Spec:
    """``MultiStepLR`` behind the warmup, both stepped after each batch; the LR is that of one process."""
    base, lasts = run["lr"], run["lr_warmup_epochs"]
    world = _processes_of_lr(run, run.ask("world_size"))
    lr, warmup = base * world, lasts * length.batches
    if world > 1:
        run.note("scaled-lr", f"{lr_text(base)} * {world} processes = {lr_text(lr)}", at="lr")
    run.warmup = warmup
    if length.total <= warmup:
        _say_too_long(run, length, lr, divides=False)
    milestones = tuple(length.batches * (one - lasts) for one in run["lr_milestones"])
    main = Call("MultiStepLR", (("milestones", milestones), ("gamma", run["lr_gamma"])))
    return _behind_warmup(run, main, warmup, length, lr)


def _processes_of_lr(run: Settings, world: int) -> int:
    """The number that multiplies the LR: without a launcher ``--world-size`` stays as it is typed."""
    typed = str(run.source.data.get("world_size", ""))
    return int(typed) if typed.isdigit() and not run.source.launch.launcher and world == 1 else world


def _behind_warmup(run: Settings, main: Call, warmup: int, length: Length, lr: float, **more: Any) -> Spec:
    """The run of a scheduler behind a warmup of so many of its steps, where there is one."""
    keys = {"lr": lr, "steps": length.total, **more}
    if not warmup:
        return run.curve(f"torch.{main.name}", **keys, **dict(main.params))
    name, key = METHODS[run["lr_warmup_method"].lower()]
    rise = Call(name, ((key, run["lr_warmup_decay"]), ("total_iters", warmup)))
    return run.curve("torch.SequentialLR", **keys, schedulers=(rise, main), milestones=(warmup,))


def _say_warmup(run: Settings, warmup: int, length: Length, lr: float) -> None:
    if not warmup:
        return
    first = lr * run["lr_warmup_decay"]
    if warmup >= length.epochs:
        _say_too_long(run, length, lr, divides=run["lr_scheduler"].lower() == "cosineannealinglr")
    elif run["lr_warmup_method"].lower() == "constant":
        run.note(
            "warmup-is-constant",
            f"--lr-warmup-method constant: {warmup} epochs at {lr_text(first)}, then a jump to {lr_text(lr)}",
            hint="--given lr_warmup_method=linear",
            at="lr_warmup_method",
        )
    else:
        run.note(
            "first-epoch",
            f"the LR moves once an epoch: the first is at {lr_text(first)}",
            at="lr_warmup_decay",
        )


def _say_too_long(run: Settings, length: Length, lr: float, *, divides: bool) -> None:
    """A warmup that lasts the run, behind which a scheduler may divide by what is left of it."""
    warmup = run["lr_warmup_epochs"]
    crash = ""
    if divides and warmup == length.epochs:
        crash = ", and it stops behind the last update, before that epoch is saved: nothing is left to decay"
    run.warn(
        "warmup-longer-than-run",
        f"{warmup} epochs of warmup in a run of {length.epochs}: the LR never reaches {lr_text(lr)}{crash}",
        at="lr_warmup_epochs",
    )


SCHEDULES: Mapping[str, Callable[[Settings, Length], Spec]] = {
    "classification": _classification,
    "quantization": _quantization,
    "segmentation": _segmentation,
    "detection": _detection,
    "video": _video,
}
"""What each reference has, by its kind."""
