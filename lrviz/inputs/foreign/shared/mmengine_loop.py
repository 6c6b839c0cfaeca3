"""The loop that ``train_cfg`` of mmengine builds: its iterations, and when schedulers step in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shared import mmengine_batches, mmengine_datasets
from lrviz.inputs.foreign.unknown import Imported
from lrviz.notation.text import listed
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shared.mmengine_schedulers import Member
    from lrviz.notation.spec import Value

WRAPPERS = "optim_wrapper.accumulative_counts"
_XTUNERS = "xtuner.engine.runner.TrainLoop"
"""A loop of iterations, as many as its epochs have."""


class Loop(NamedTuple):
    """The run of a train loop; ``batches`` are those in a pass over the data, 0 where they do not matter."""

    epochs: int
    iterations: int
    batches: int
    accum: int
    by_epoch: bool

    @property
    def updates(self) -> int:
        """One for each ``accum`` iterations, and one at the very end."""
        return ceil_div(self.iterations, self.accum)


def loop_of(run: Settings, found: Sequence[Member]) -> Loop:
    """The loop that ``train_cfg`` builds, with as much of the data as matters to it."""
    accum = _accum(run)
    if is_by_epoch(run):
        epochs = run.ask("train_cfg.max_epochs")
        batches = mmengine_batches.batches_per_epoch(run, is_endless=False)
        mmengine_batches.warn_of_endless(run)
        total = run.product("batches", batches, epochs)
        loop = Loop(epochs, total, batches, accum, by_epoch=True)
    else:
        total = run.line("batches", "max_iters", run.ask("train_cfg.max_iters"))
        needs_epochs = any(one.is_converted for one in found)
        batches = mmengine_batches.batches_per_epoch(run, is_endless=True) if needs_epochs else 0
        loop = Loop(1, total, batches, accum, by_epoch=False)
        _warn_of_epochs(run, found, loop)
    if rest := total % accum if is_of_deepspeed(run) else 0:
        text = f"DeepSpeed makes no update of what is left over: of {rest} at the end, which here are one"
        run.warn("no-last-update", text, at="strategy.gradient_accumulation_steps")
    formula = f"ceil({total} / {accum})" if accum > 1 else "batches"
    run.line(run.TOTAL_STEPS, formula, loop.updates)
    return loop


def is_by_epoch(run: Settings) -> bool:
    """Whether ``train_cfg`` means the loop of epochs: by type, by ``by_epoch``, else by what it has."""
    name, says = _loop_name(run), run["train_cfg.by_epoch"]
    if name and says is not None:
        run.refuse(
            "train_cfg has both type and by_epoch, and mmengine takes only one of them",
            hint="leave by_epoch out, or add _delete_=True to the train_cfg above a base",
            at="train_cfg.type",
        )
    if "EpochBased" in name or "IterBased" in name:
        return "EpochBased" in name
    if name and name != _XTUNERS:
        text = f"{name.rpartition('.')[2]} is no loop of mmengine: its epochs, or iterations, are taken to be"
        run.note("own-loop", f"{text} the run", at="train_cfg.type")
    elif says is not None:
        return bool(says)
    return run.is_said("train_cfg.max_epochs") or not run.is_said("train_cfg.max_iters")


def _loop_name(run: Settings) -> str:
    """The class of the loop, by its full name where the config imports it."""
    said = run.lookup.of(run.table["train_cfg.type"])
    if said is not None and isinstance(said.value, Imported):
        return said.value.name
    return str(run["train_cfg.type"] or "")


def _accum(run: Settings) -> int:
    """Batches for one update: of the wrapper, or of DeepSpeed's engine where that is the strategy."""
    name = "strategy.gradient_accumulation_steps" if is_of_deepspeed(run) else WRAPPERS
    if name != WRAPPERS and run.is_said("strategy.config"):
        text = "a strategy with a config of DeepSpeed: how many batches it accumulates is not read"
        hint = "--given strategy.config=null --given strategy.gradient_accumulation_steps=1"
        run.refuse(text, hint=hint, at="strategy.config")
    accum = int(run[name])
    if accum < 1:
        key = name.rpartition(".")[2]
        run.refuse(f"{key}={accum}: mmengine stops, it must be 1 or more", hint="<grad_accum=1>", at=name)
    return accum


def is_of_deepspeed(run: Settings) -> bool:
    """Whether DeepSpeed's engine accumulates, and no wrapper."""
    return mmengine_datasets.name_of(run.raw("strategy", "type")).endswith("DeepSpeedStrategy")


def _warn_of_epochs(run: Settings, found: Sequence[Member], loop: Loop) -> None:
    lost = [one.name for one in found if one.is_stepped_by_epoch and not one.needs_metric]
    if lost:
        run.warn(
            "one-epoch",
            f"the loop of max_iters is one epoch of {loop.iterations} iterations: by epochs,"
            f" as here, {listed(lost)} never gets beyond the first step",
            hint="by_epoch=False counts iterations",
            at="train_cfg.max_iters",
        )


def length_of(loop: Loop, found: Sequence[Member]) -> dict[str, Value]:
    """The keys of the run that say how long it is, and when its schedulers step."""
    return _by_epoch(loop) if loop.by_epoch else _by_iteration(loop, found)


def _by_epoch(loop: Loop) -> dict[str, Value]:
    return {
        "trainer": "mmengine",
        "batches_per_epoch": loop.batches,
        "epochs": loop.epochs,
        "grad_accum": loop.accum,
    }


def _by_iteration(loop: Loop, found: Sequence[Member]) -> dict[str, Value]:
    """The whole run is one epoch: what steps by epochs stays where it begins."""
    length: dict[str, Value] = {"steps": loop.updates}
    if found and all(one.is_stepped_by_epoch for one in found):
        return length | {"steps_per_epoch": loop.updates}
    if any(one.is_stepped_by_epoch for one in found):
        length["epoch_length"] = loop.iterations
    if loop.accum > 1:
        rest = loop.iterations - (loop.updates - 1) * loop.accum  # those of the last update
        full = (f"{loop.updates - 2}x{loop.accum}",) if loop.updates > 2 else ()
        length |= {"pace": (*full, rest), "lead": min(loop.accum, loop.iterations) - 1}
    elif loop.batches:
        length["steps_per_epoch"] = loop.batches
    return length
