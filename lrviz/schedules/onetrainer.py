"""OneTrainer: those of its ``learning_rate_scheduler`` that no other framework has, 2026-08.

A LambdaLR over the optimizer update t. LINEAR is transformers.linear, COSINE and COSINE_WITH_RESTARTS are
transformers.cosine_with_min_lr with learning_rate_min_factor as min_lr_rate and num_cycles 0.5 or the cycles;
LINEAR with a min factor is transformers.polynomial.
"""

from __future__ import annotations

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import FloorRate, Number, Total, Warmup
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.schedules.shapes.cosine import cos01, half_waves
from lrviz.schedules.shapes.ramps import fall, rex, rise

FRAMEWORK = Framework("onetrainer", "2026-08")


@schedule(example={"scheduler_steps": 100, "warmup_steps": 10, "min_factor": 0.1})
def REX(
    group: Group, scheduler_steps: Total, warmup_steps: Warmup = 0, min_factor: FloorRate = 0.0
) -> Timeline:
    """A linear warmup from 0, then the reflected exponential.

    Formula: lr(t) = B t / W for t < W, then B (m + (1 - m) z / (0.1 + 0.9 z)), z = (T - t) / (T - W), and m B
    from T on; T = scheduler_steps, W = warmup_steps, m = min_factor.
    Edges: of a warmup between 0 and 1 its configs mean that share of the run: 1 is all of it.
    Source: onetrainer 2026-08 ``create_lr_scheduler``; Chen et al. 2021.
    """
    B, W, T = group.lr, warmup_steps, scheduler_steps
    return Timeline((*rise(0.0, B, W), *fall(B, B * min_factor, max(W, 0), T, rex)))


@schedule(example={"scheduler_steps": 100, "warmup_steps": 10, "num_cycles": 3, "min_factor": 0.2})
def COSINE_WITH_HARD_RESTARTS(
    group: Group,
    scheduler_steps: Total,
    warmup_steps: Warmup = 0,
    num_cycles: Number = 1,
    min_factor: FloorRate = 0.0,
) -> Timeline:
    """A linear warmup from 0, then ``num_cycles`` cosine decays, each from B towards the floor.

    Formula: lr(t) = B t / W for t < W, then B (m + (1 - m) (1 + cos(pi ((num_cycles p) mod 1))) / 2),
    p = (t - W) / (T - W); T = scheduler_steps, W = warmup_steps, m = min_factor.
    Edges: the floor is never reached inside a cycle. At T the next cycle begins, which no update sees. Of a
    warmup between 0 and 1 its configs mean that share of the run: 1 is all of it.
    Source: onetrainer 2026-08 ``create_lr_scheduler``.
    """
    B, W, T, m = group.lr, max(warmup_steps, 0), scheduler_steps, min_factor
    D = max(1.0, T - W)

    def rate(t: TickArray) -> Rates:
        return B * (m + (1.0 - m) * cos01((num_cycles * ((t - W) / D)) % 1.0))

    turns = Periodic(D / abs(num_cycles), start=W, jumps=True) if num_cycles else half_waves(0)
    return Timeline((*rise(0.0, B, W), Phase("cycle", W, rate, turns, label="cosine cycles")))
