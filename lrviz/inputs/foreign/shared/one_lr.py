"""Optimizers that estimate the LR for all groups at once, and stop where two of them have LRs of their own.

Source: prodigyopt 1.1.2, ``prodigy.py``; dadaptation 3.2, ``dadapt_adam.py``, ``dadapt_lion.py``,
``dadapt_sgd.py`` and ``experimental/dadapt_adam_preprint.py``; Adagrad and Adan of it have no such check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.notation.numbers import lr_text
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.inputs.foreign.settings import Settings

_WITH_ONE = {"prodigy", "dadaptation", "dadaptadampreprint", "dadaptadam", "dadaptlion", "dadaptsgd"}


def refuse_several_lrs(run: Settings, optimizer: str, lrs: Iterable[tuple[str, float]], at: str) -> None:
    """Refuse groups of which two have LRs that are neither 0 nor the same.

    Raises:
        ConfigError: there are such, and the optimizer is one of these.

    """
    apart = {lr: part for part, lr in lrs if lr}
    if optimizer.rpartition(".")[2].lower().replace("_", "") not in _WITH_ONE or len(apart) < 2:
        return
    said = listed([f"{part} {lr_text(lr)}" for lr, part in apart.items()])
    run.refuse(
        f"{optimizer} takes one LR for all parts, or 0: with {said} it stops at the first update in which"
        " they differ",
        hint="give all parts one LR",
        at=at,
    )
