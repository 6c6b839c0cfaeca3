"""The lengths of Megatron's scheduler where Megatron-Bridge sets it up, for itself and for NeMo-RL.

Source: megatron-bridge 0.3.1, 0.4.0 and 0.6.2, ``_calculate_scheduler_steps`` of ``training/config.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, whole
from lrviz.inputs.foreign.shared.megatron_scheduler import Lengths, lengths

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

MAX_STEPS = Setting("max_steps", whole)
"""The length of a longer run, of which this one is the beginning."""


def bridge_lengths(run: Settings, kind: str, batch: int, length: int) -> Lengths:
    """As Megatron's, but for ``max_steps``, a WSD without its decay, and a warmup that is too long."""
    longer = run["max_steps"]
    if longer is not None and kind == "samples":
        text = "max_steps beside train_samples: it is for train_iters"
        run.refuse(text, at="max_steps", instead="null")
    if longer is not None and longer < length:
        run.refuse(
            f"max_steps {longer} is below train_iters {length}", hint=f"<steps={longer}>", at="max_steps"
        )
    spans = lengths(run, kind, batch if kind == "iters" else 1, longer or length)
    if longer:
        spans = spans._replace(decay=longer * batch)
        if run["lr_warmup_fraction"] is not None:
            spans = spans._replace(warmup=run["lr_warmup_fraction"] * spans.decay)
    return _capped(run, _with_decay(run, kind, spans))


def _with_decay(run: Settings, kind: str, spans: Lengths) -> Lengths:
    """WSD without a decay of its own, in iterations, decays all the time."""
    if kind == "samples" or spans.wsd is not None or run["lr_decay_style"] != "WSD" or not run.since("0.4"):
        return spans
    run.warn(
        "no-stable-phase",
        f"WSD without lr_wsd_decay_iters decays over all {spans.decay} samples: nothing of it is stable",
        hint="--given lr_wsd_decay_iters=100",
        at="lr_decay_style",
    )
    return spans._replace(wsd=spans.decay)


def _capped(run: Settings, spans: Lengths) -> Lengths:
    """A warmup as long as the decay is cut to one sample less; 0.3 stops at it."""
    if not 0 < spans.decay <= spans.warmup or not run.since("0.4"):
        return spans
    run.warn(
        "warmup-longer-than-run",
        f"a warmup of {spans.warmup:g} samples is capped at {spans.decay - 1}, one below the decay, which"
        " is warmup from end to end",
        at="lr_warmup_iters",
    )
    return spans._replace(warmup=spans.decay - 1)
