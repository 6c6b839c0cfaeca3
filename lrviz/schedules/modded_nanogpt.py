"""modded-nanogpt: ``get_lr`` of its train_gpt.py, 587b45fb (2025-02).

Later records change the batch and the LR in stages, which stand in their code.
"""

from __future__ import annotations

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Factor, Total
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.schedules.shapes.checks import positive

FRAMEWORK = Framework("modded_nanogpt", "587b45fb")


@schedule(example={"num_iterations": 120, "cooldown_frac": 0.45}, aliases=("modded_nanogpt",))
def get_lr(group: Group, num_iterations: Total, cooldown_frac: Factor = 0.4) -> Timeline:
    """B, then a straight line down to a tenth of it over the last part of the run.

    Formula: lr(t) = B for x < 1 - c, then B (w + (1 - w) / 10) with w = (1 - x) / c, x = t / num_iterations
    and c = cooldown_frac.
    Edges: the tenth would be reached at t = num_iterations, when training is over. Where c num_iterations is
    not whole the line starts between two updates.
    Source: modded_nanogpt 587b45fb ``get_lr``.

    Raises:
        ScheduleError: num_iterations not above 0.

    """
    B, N, c = group.lr, num_iterations, cooldown_frac
    positive("get_lr", num_iterations=N)

    def rate(t: TickArray) -> Rates:
        w = (1.0 - t / N) / c
        return B * (w + (1.0 - w) * 0.1)

    start = _first(N, 1.0 - c)
    phases = [constant(B, kind="stable")] if start > 0 else []
    phases += [Phase("decay", start, rate)] if start < N else []
    return Timeline(tuple(phases), N, f"training is over after {N} iterations", gives_out=True)


def _first(N: float, share: float) -> float:
    """The first update t with t / N >= share, in float64 as the trainer has it."""
    near = max(0, int(share * N) - 1)
    return float(next(t for t in range(near, near + 4) if t / N >= share))
