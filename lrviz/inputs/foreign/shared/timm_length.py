"""How long timm's ``train.py`` runs: its epochs, and the updates of each.

Source: timm ``train.py`` of August 2026 with the 1.0.31 wheel: ``scheduler/scheduler_factory.py``,
``data/loader.py``, ``data/distributed_sampler.py`` and ``data/readers``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.timm_resolutions import fixed_batches, sizes_of
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

CYCLIC = ("cosine", "tanh", "poly")
STABLE = ("wsd", "rsqrt")
_STREAMED = ("tfds/", "wds/", "hfids/")
_ROUND = 256
"""What the samples are rounded to where each is taken several times."""


def epochs_of(run: Settings, kind: str, updates: int) -> int:
    """Epochs of the run: the cycles and the cooldown of some schedulers, and a warmup before them."""
    usual = run["epochs"]
    warmup = run["warmup_epochs"] if run["warmup_prefix"] else 0
    if warmup and not run.since("1.0.12", "warmup_prefix prolongs the run, before 1.0.12 it did not"):
        run.settled.add("length-differs")
        warmup = 0
    cooldown = run["cooldown_epochs"] if kind in (*CYCLIC, *STABLE) else 0
    count, mul = (max(1, run["lr_cycle_limit"]), run["lr_cycle_mul"]) if kind in CYCLIC else (1, 1)
    per = updates if run["sched_on_updates"] else 1
    ticks = usual * per * (count if mul == 1 else (float(mul) ** count - 1) / (mul - 1))
    found = int((math.floor(ticks) + (warmup + cooldown) * per) // per)
    cycles = "" if count == 1 else f" in {count} cycles"
    more = "".join(
        f" + {value} of {name}" for name, value in (("warmup", warmup), ("cooldown", cooldown)) if value
    )
    if cooldown != run["cooldown_epochs"]:
        run.warn("no-cooldown", f"--sched {kind} has no cooldown: none is run", at="cooldown_epochs")
    if count > 1:
        run.warn(
            "cycles-lengthen",
            f"--lr-cycle-limit {count}: {found} epochs run although --epochs is {usual}",
            at="lr_cycle_limit",
        )
    return run.line("epochs", f"{usual}{cycles}{more}", found)


def updates_per_epoch(run: Settings) -> int:
    """``ceil(batches / accumulation)``; a process drops its last batch where it is not full."""
    accum = accumulation(run)
    scales = [] if run.is_said("lr") else ["world_size"]
    fixed = fixed_batches(run, *scales)
    if fixed is not None:
        batches = fixed
    elif run.is_said("batches_per_epoch") or run["naflex_loader"]:
        batches = run.given_batches(*scales)
    else:
        run.need("batch_size")
        batches = _batches(run, *run.ask("dataset_len", "world_size"))
    if batches < 1:
        at = "train_batch_sizes" if run["train_batch_sizes"] else "batch_size"
        way = "<batch_size=1>" if at == "batch_size" else "say smaller sizes, or as many rows as train"
        run.refuse("an epoch has no full batch: it trains on nothing", hint=way, at=at)
    return run.ceil(run.STEPS_PER_EPOCH, batches, accum)


def accumulation(run: Settings) -> int:
    """Batches of an update: at least one, whatever is said."""
    return max(1, int(run["grad_accum_steps"]))


def _batches(run: Settings, n: int, world: int) -> int:
    size, repeats = int(sizes_of(run)[0]), max(1, run["epoch_repeats"])
    _check_aug_repeats(run, world)
    if run["dataset"].startswith(_STREAMED):
        workers = max(1, run["workers"])
        if run["dataset"].startswith("wds/"):
            repeats = 1
        each = ceil_div(math.ceil(repeats * n / (world * workers)), size)
        formula = f"ceil(ceil({repeats:g} * {n} / ({world} * {workers} workers)) / {size}) * {workers}"
        return run.line(run.BATCHES_PER_EPOCH, formula, each * workers)
    if repeats > 1:
        run.warn("repeats-unused", "--epoch-repeats is for tfds and hfids alone: ignored", at="epoch_repeats")
    repeated = run["aug_repeats"] and n >= _ROUND
    return run.sampled_batches(n, world, size, drops=True, repeated=repeated)


def _check_aug_repeats(run: Settings, world: int) -> None:
    """Its loader stops where no sampler of several processes repeats what it takes."""
    if run["aug_repeats"] and (world == 1 or run["dataset"].startswith(_STREAMED)):
        where = "in one process" if world == 1 else "of a dataset that is streamed"
        run.refuse(f"aug_repeats {where}: timm's loader stops", instead=0, at="aug_repeats")
