"""Papers that brought a warmup: noam, t5, constant_warmup, gradual_warmup, warmup_cosine."""

from __future__ import annotations

from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import BaseLR, Factor, Number, Ticks, Total, Warmup
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.schedules.paper.shared import done, drops, fits, ramp
from lrviz.schedules.shapes.checks import not_negative, positive
from lrviz.schedules.shapes.cosine import cos01


@schedule(example={"warmup_steps": 20})
def noam(model_size: Number = 512, warmup_steps: Warmup = 4000, factor: Factor = 1.0) -> Timeline:
    """A linear warmup, then the inverse square root of the step (the Transformer's schedule).

    Formula: lr(t) = factor model_size^-0.5 min(n^-0.5, n warmup_steps^-1.5), n = t + 1.
    Edges: the equation counts updates from 1, so the first one has 1 / warmup_steps of the peak and the
    peak stands at t = warmup_steps - 1. There is no peak LR to choose: it is factor / sqrt(model_size
    warmup_steps), and factor scales it (the paper has none). Without a warmup the equation's limit is taken.
    Source: Vaswani et al. 2017, "Attention Is All You Need", section 5.3, equation 3.

    Raises:
        ScheduleError: ``model_size`` is not positive, or ``warmup_steps`` is negative.

    """
    positive("noam", model_size=model_size)
    not_negative("noam", warmup_steps=warmup_steps)
    W, scale = warmup_steps, factor * model_size**-0.5
    decay = Phase("decay", max(0.0, W - 1.0), lambda t: scale * (t + 1.0) ** -0.5)
    if W <= 1:
        return Timeline((decay,))
    return Timeline((Phase("warmup", 0.0, lambda t: scale * ((t + 1.0) * float(W) ** -1.5)), decay))


@schedule(example={"warmup_steps": 20})
def t5(warmup_steps: Warmup = 10_000, factor: Factor = 1.0) -> Timeline:
    """Constant through the warmup, then the inverse square root of the step (T5's pre-training).

    Formula: lr(t) = factor / sqrt(max(t, warmup_steps)).
    Edges: the warmup is flat: 0.01 for 10,000 updates as in the paper. There is no peak LR to choose;
    factor scales it (the paper has none).
    Source: Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text
    Transformer", section 3.1.2.

    Raises:
        ScheduleError: ``warmup_steps`` is not positive, so that the first update divides by zero.

    """
    positive("t5", warmup_steps=warmup_steps)
    W = float(warmup_steps)
    decay = Phase("decay", W, lambda t: factor / t**0.5)
    return Timeline((constant(factor / W**0.5, kind="warmup"), decay))


@schedule(example={"eta": 0.1, "warmup": 10, "milestones": (50, 75)})
def constant_warmup(
    eta: BaseLR,
    warmup: Warmup = 400,
    factor: Factor = 0.1,
    milestones: tuple[Ticks, ...] = (32_000, 48_000),
    gamma: Factor = 0.1,
) -> Timeline:
    """A low constant LR to warm up, then the LR, divided at milestones (the 110-layer ResNet).

    Formula: lr(t) = eta factor for t < warmup, then eta gamma^n, n the number of milestones in 0 … t.
    Edges: the LR jumps at t = warmup. The paper warms up until the training error is below 80 %, which it
    says takes about 400 updates. Milestones inside the warmup count once it is over.
    Source: He et al. 2016, "Deep Residual Learning for Image Recognition", section 4.2.

    Raises:
        ScheduleError: ``warmup`` is negative.

    """
    not_negative("constant_warmup", warmup=warmup)
    low = (constant(eta * factor, kind="warmup"),) if warmup > 0 else ()
    return Timeline((*low, drops(eta, milestones, gamma, warmup)))


@schedule(
    example={"eta": 0.1, "k": 8, "warmup": 10, "milestones": (40, 70, 90)},
    starter={"k": "8", "warmup": "6%", "milestones": "33%,67%,89%"},
)
def gradual_warmup(
    eta: BaseLR, k: Number, warmup: Warmup, milestones: tuple[Ticks, ...], gamma: Factor = 0.1
) -> Timeline:
    """From the LR of one worker to that of k workers in equal steps, then divided at milestones.

    Formula: lr(t) = eta / k + (eta - eta / k) t / warmup for t < warmup, then eta gamma^n, n the number of
    milestones in 0 … t.
    Edges: eta is the scaled LR, k times the reference. The warmup starts at eta / k, not at 0, and reaches
    eta at t = warmup. In the paper it takes 5 of 90 epochs, and the milestones are epochs 30, 60 and 80.
    Source: Goyal et al. 2017, "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", sections 2.2
    and 5.1.

    Raises:
        ScheduleError: ``k`` is not positive, or ``warmup`` is negative.

    """
    positive("gradual_warmup", k=k)
    not_negative("gradual_warmup", warmup=warmup)
    low = eta / k
    rising = Phase("warmup", 0.0, lambda t: low + (eta - low) * (t / warmup))
    decay = drops(eta, milestones, gamma, warmup)
    return Timeline((rising, decay) if warmup > 0 else (decay,))


@schedule(example={"eta": 0.1, "total": 100, "warmup": 10})
def warmup_cosine(eta: BaseLR, total: Total, warmup: Warmup = 0) -> Timeline:
    """A linear warmup to the LR, then half a cosine to 0 (the "bag of tricks").

    Formula: lr(t) = eta (t + 1) / warmup for t < warmup, then eta (1 + cos(pi u)) / 2, u the fraction of the
    updates after the warmup that is done.
    Edges: the warmup counts batches from 1: its last update has eta, and so has the first of the cosine.
    0 is reached at t = total, after the last update, and stays.
    Source: He et al. 2019, "Bag of Tricks for Image Classification with Convolutional Neural Networks",
    sections 3.1 and 5.1.

    Raises:
        ScheduleError: the warmup is longer than the run.

    """
    positive("warmup_cosine", total=total)
    fits("warmup_cosine", total, warmup=warmup)
    decay = Phase(
        "decay", warmup, lambda t: eta * cos01(done(t, warmup, total - warmup)), label="cosine decay"
    )
    return Timeline((*ramp(eta, warmup, ahead=1.0), decay))
