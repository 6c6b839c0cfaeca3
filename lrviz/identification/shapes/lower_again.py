"""Falls that begin again, each lower than the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess, Ratio
from lrviz.identification.shapes.again import lengths_between, whole_between
from lrviz.identification.starting import powers, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

TIMES = (1.0, 2.0, 1.5)
MOST = 8
"""Lengths that are tried."""


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """Cosines by a factor, of Keras from the top, of fairseq after a rise; Keras' powers over more ticks."""
    del total  # they have no end
    if not seen.restarts:
        return
    factor = float(seen.values[seen.restarts[0]]) / seen.top
    warmup = warmup_of(seen)
    for times in TIMES:
        lengths = whole_between(*lengths_between(seen, warmup, times), MOST)
        if seen.rises:
            starts = [{"warmup": warmup, "lr_period_updates": one, "lr_shrink": factor} for one in lengths]
            for scaled in (("lr",), ("lr", "min_lr")):
                yield Guess("fairseq.cosine", starts, scaled, fixed=(("t_mult", times),))
            continue
        starts = [{"first_decay_steps": one, "m_mul": factor} for one in lengths]
        for scaled in (("lr",), ("lr", "alpha")):
            ratios = {"alpha": Ratio("lr")}
            yield Guess("keras.CosineDecayRestarts", starts, scaled, ratios, (("t_mul", times),))
    if not seen.rises:
        lengths = whole_between(*lengths_between(seen, 0, 1), MOST)
        starts = [{"decay_steps": one, "power": power} for power in (1.0, *powers()) for one in lengths]
        yield Guess("keras.PolynomialDecay", starts, ("lr", "end_learning_rate"), fixed=(("cycle", True),))
