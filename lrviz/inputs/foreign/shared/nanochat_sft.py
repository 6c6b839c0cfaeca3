"""nanochat's ``chat_sft``: the LR by the share of the data that is used, which counts micro-batches.

Source: nanochat 92d63d4 (2026-07), ``scripts/chat_sft.py``, and that of 2026-01-29 and 2026-02-01.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec

WITH_OPTIONS, OF_BATCHES = "2026-02-16", "2026-01-31"
"""Since when its shape is told by options, and since when it counts micro-batches."""
_ASKS = "how many micro-batches a process draws (without num_iterations the data ends the run)"


class Shape(NamedTuple):
    """A warmup and a warmdown as shares of the run, and what is left at the end."""

    warmup: float
    warmdown: float
    final: float


def supervised(run: Settings) -> Spec:
    """A warmup, the LR and a line down, over the micro-batches that are drawn: one ahead, all at once."""
    note_muon(run)
    if not run.since(OF_BATCHES):
        return _of_updates(run)
    shape = _shape(run)
    run.explain("num_iterations", _ASKS)
    total, accum = _length(run)
    steps = ceil_div(total - 1, accum)
    if steps < 1:
        run.refuse(
            f"num_iterations={total} makes no update", hint=f"<steps={accum + 1}>", at="num_iterations"
        )
    run.line(run.TOTAL_STEPS, f"ceil(({total} - 1) / {accum})", steps)
    run.warmup = max(ceil_div(round(shape.warmup * total) - 1, accum) - 1, 0)
    _warn(run, shape, total, accum, steps)
    lr = run["matrix_lr"] * run["init_lr_frac"]
    return run.curve("torch.LambdaLR", lr=lr, steps=steps, lr_lambda=_factor(shape, total, accum))


def note_muon(run: Settings) -> None:
    """Say whose LR it is."""
    run.note("lr-of-muon", "the LR is Muon's; embeddings and head have their own, by the width of the model")


def _of_updates(run: Settings) -> Spec:
    """A line down to 0, over ``num_iterations`` updates."""
    run.set_defaults(init_lr_frac=0.02)
    run.warmup, steps = 0, run.ask("num_iterations")
    run.line(run.TOTAL_STEPS, "num_iterations", steps)
    lr = run["matrix_lr"] * run["init_lr_frac"]
    return run.curve("transformers.linear", lr=lr, steps=steps, num_warmup_steps=0, num_training_steps=steps)


def _shape(run: Settings) -> Shape:
    if not run.since(WITH_OPTIONS):
        run.set_defaults(init_lr_frac=1.0)
        return Shape(0.0, 0.2, 0.0)
    run.set_defaults(init_lr_frac=0.8, warmup_ratio=0.0, warmdown_ratio=0.5, final_lr_frac=0.0)
    return Shape(run["warmup_ratio"], run["warmdown_ratio"], run["final_lr_frac"])


def _length(run: Settings) -> tuple[int, int]:
    """Micro-batches of a process in all, and those of an update."""
    sizes = ("total_batch_size", "device_batch_size", "max_seq_len")
    if not run.since(WITH_OPTIONS):
        run.set_defaults(total_batch_size=2**19)
    elif inherited := [name for name in sizes if not run.is_said(name)]:
        run.note("inherited", f"{', '.join(inherited)}: of the checkpoint, where the command does not say it")
    is_given = run["total_batch_size"] is not None
    total, world, *_ = run.ask("num_iterations", "world_size", *([] if is_given else ["total_batch_size"]))
    batch = run["total_batch_size"]
    tokens = tokens_of_all(run, batch, world)
    return total, run.line("micro-batches of an update", f"{batch} / {tokens}", batch // tokens)


def tokens_of_all(run: Settings, batch: int, world: int) -> int:
    """The tokens of one micro-batch of each process, of which ``batch`` must be a multiple.

    Raises:
        ConfigError: it is none.

    """
    tokens: int = run["device_batch_size"] * run["max_seq_len"] * world
    if batch % tokens:
        run.refuse(
            f"total_batch_size={batch} is no multiple of {tokens} tokens, the batches of {world} processes",
            at="total_batch_size",
            instead=ceil_div(batch, tokens) * tokens,
        )
    return tokens


def _warn(run: Settings, shape: Shape, total: int, accum: int, steps: int) -> None:
    if steps < total:
        text = f"num_iterations counts micro-batches, and one is drawn ahead: {total} make {steps} updates"
        run.warn("iterations-are-batches", text, at="num_iterations")
    last = (1 + accum * steps) / total
    if shape.warmdown and last > 1 and (share := 1 - (last - 1 + shape.warmdown) / shape.warmdown) < 0:
        least = share + (1 - share) * shape.final
        if least < 0:
            run.warn(
                "update-beyond-run", f"the last update is beyond the run: its LR is {least:.2%} of the peak"
            )


def _factor(shape: Shape, total: int, accum: int) -> str:
    """``get_lr_multiplier`` of the progress, once the next micro-batch is drawn."""
    done = f"(1 + {accum} * (epoch + 1)) / {total}"
    flat, down, final = 1.0 - shape.warmdown, shape.warmdown, shape.final
    rise = f"({done} + 1e-8) / {shape.warmup} if {done} < {shape.warmup} else " if shape.warmup else ""
    share = f"(({done} - {flat}) / {down})"
    line = f"(1 - {share}) * 1.0 + {share} * {final}" if down else "1.0"
    return f"{rise}1.0 if {done} <= {flat} else {line}"
