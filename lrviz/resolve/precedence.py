"""Which of two values counts where both speak of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.spec import Value


EXCLUSIVE: Mapping[str, tuple[str, ...]] = {
    "steps": ("epochs", "max_steps"),
    "epochs": ("steps",),
    "max_steps": ("steps",),
    "steps_per_epoch": ("dataset_len", "batch_size"),
    "dataset_len": ("steps_per_epoch",),
    "batch_size": ("steps_per_epoch",),
    "metric": ("metrics",),
    "metrics": ("metric",),
    "groups": ("layer_decay", "layers"),
    "layer_decay": ("groups",),
    "layers": ("groups",),
    "warmup": ("warmup_fraction",),
    "warmup_fraction": ("warmup",),
}
"""Keys that say the same in another way: one that wins takes its rivals with it."""


def merge_values(under: Mapping[str, Value], over: Mapping[str, Value]) -> dict[str, Value]:
    """The values of both; where they speak of the same, those of ``over``."""
    beaten = {rival for key, value in over.items() if value is not None for rival in EXCLUSIVE.get(key, ())}
    return {key: value for key, value in under.items() if key not in beaten} | dict(over)
