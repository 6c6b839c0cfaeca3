"""The run of ``litgpt pretrain``, whose LR moves with each micro-batch.

Source: litgpt 0.5.13 ``pretrain.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared.litgpt_counts import (
    accumulation,
    is_in_train,
    positive,
    warmup_steps,
    world_of,
)
from lrviz.notation.numbers import lr_text
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec


def read_pretrain(run: Settings) -> Spec:
    """The cosine over micro-batches: an update uses the LR of the last one of its own."""
    _check_pretrain(run)
    iters, accum = _micro_batches(run)
    total = positive(run, run.floor(run.TOTAL_STEPS, iters, accum))
    warmup = _warmup_iters(run, accum, iters)
    run.warmup = ceil_div(warmup, accum)
    lr, lowest = run["optimizer.init_args.lr"], run.get("train.min_lr", 4e-5)
    if lowest > lr > 0:
        return _rising(run, lr, lowest, total, (accum, warmup, iters))
    return run.curve(
        "megatron.OptimizerParamScheduler",
        max_lr=lr,
        min_lr=lowest,
        lr_warmup_steps=warmup,
        lr_decay_steps=max(iters, warmup + 1),
        lr_decay_style="cosine",
        calls=accum,
        lead=accum - 1,
        steps=total,
    )


def _check_pretrain(run: Settings) -> None:
    """Refuse what pretrain stops at, and warn of what it does not read."""
    if is_in_train(run, "epochs"):
        run.refuse(
            "pretrain takes no train.epochs: it stops", hint="leave train.epochs out", at="train.epochs"
        )
    if run.is_said("train.lr_warmup_fraction") and warmup_steps(run, 2000):
        run.refuse(
            "lr_warmup_fraction beside lr_warmup_steps, which is 2000 unless it is null: it stops",
            hint="<warmup=0>",
            at="train.lr_warmup_fraction",
        )
    if run.is_said("train.max_steps"):
        run.warn(
            "max-steps-unused", "pretrain does not read max_steps: max_tokens ends it", at="train.max_steps"
        )


def _micro_batches(run: Settings) -> tuple[int, int]:
    """Those of a process in all, and in an update."""
    needs = ["train.max_seq_length"] + ["batches_per_epoch"] * run.is_said("train.lr_warmup_fraction")
    world = world_of(run, None, needs)
    micro = run.get("train.micro_batch_size", 4)
    accum = accumulation(run, 512, micro, world)
    tokens, block = run.get("train.max_tokens", 3_000_000_000_000), run["train.max_seq_length"]
    formula = f"floor(floor({tokens} / {world}) / ({micro} * {block}))"
    return run.line("micro-batches", formula, tokens // world // (micro * block)), accum


def _rising(run: Settings, lr: float, lowest: float, total: int, counts: tuple[int, int, int]) -> Spec:
    """The cosine to a ``min_lr`` above the LR, which Megatron's scheduler would refuse."""
    accum, warmup, iters = counts
    text = f"min_lr {lr_text(lowest)} is above the LR {lr_text(lr)}: the cosine rises to it"
    run.warn("rises-to-min-lr", text, hint="<min_lr=0>", at="train.min_lr")
    done = f"(epoch * {accum} + {accum - 1})"
    rise = f"{done} / {warmup} if {done} < {warmup} else " if warmup else ""
    wave = f"(1 + cos(pi * ({done} - {warmup}) / {max(iters - warmup, 1)})) / 2"
    factor = f"{rise}{lowest / lr} + {1 - lowest / lr} * {wave}"
    return run.curve("torch.LambdaLR", lr=lr, steps=total, lr_lambda=factor)


def _warmup_iters(run: Settings, accum: int, iters: int) -> int:
    """Micro-batches of warmup, at most all."""
    if fraction := run["train.lr_warmup_fraction"]:
        batches = run.ask("batches_per_epoch")
        return run.line("warmup", f"ceil({fraction} * {batches})", min(iters, math.ceil(fraction * batches)))
    steps = warmup_steps(run, 2000)
    if steps * accum >= iters:
        run.warn(
            "warmup-longer-than-run",
            f"warmup of {steps} updates in a run of {iters // accum}: the LR only rises",
            at="train.lr_warmup_steps",
        )
    return run.line("warmup", f"{steps} * {accum} micro-batches", min(iters, steps * accum))
