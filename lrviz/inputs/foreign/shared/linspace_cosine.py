"""``cosine_scheduler``, which DINO, DINOv2, BEiT and ConvNeXt share: numpy's linspace, then half a cosine.

Source: ``utils.py`` of facebookresearch/dino 7c446df, of microsoft/unilm 768a3c8 ``beit`` and of
facebookresearch/ConvNeXt; ``dinov2/utils/utils.py`` b8931f7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec


class Span(NamedTuple):
    """Updates of an epoch, epochs, and updates of warmup."""

    per_epoch: int
    epochs: int
    warmup: int


def schedule_of(run: Settings, span: Span, lr: float, low: float, **keys: Any) -> Spec:
    """Its values over a run.

    Raises:
        ConfigError: no update, or a warmup that is longer than the run.

    """
    total = run.product(run.TOTAL_STEPS, span.epochs, span.per_epoch)
    if total < 1:
        run.refuse("it makes no update", hint=run.longer("<batch_size=1>"))
    if span.warmup > total:
        in_steps = "warmup_steps" in run.table and run["warmup_steps"] > 0
        run.refuse(
            f"{span.warmup} updates of warmup in a run of {total}: its schedule is longer than the run, and"
            " it stops",
            hint=f"--given warmup_steps={total // 10}" if in_steps else "<warmup=0>",
            at="warmup_steps" if in_steps else "warmup_epochs",
        )
    run.warmup = max(span.warmup - 1, 0)
    return run.curve(
        "dinov2.CosineScheduler",
        lr=lr,
        steps=total,
        final_value=low,
        total_iters=total,
        warmup_iters=span.warmup,
        **keys,
    )
