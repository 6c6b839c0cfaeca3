"""Papers of a single decay: rex, poly, inverse_time."""

from __future__ import annotations

from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import BaseLR, Factor, Number, Total
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.schedules.paper.shared import done
from lrviz.schedules.shapes.checks import not_negative, positive


@schedule(example={"eta": 0.1, "total": 100})
def rex(eta: BaseLR, total: Total) -> Timeline:
    """Slow at first and fast at the end: the reflected exponential.

    Formula: lr(t) = eta (1 - u) / (1/2 + (1 - u) / 2), u = t / total.
    Edges: 0 is reached at t = total, after the last update, and stays.
    Source: Chen, Wolfe and Kyrillidis 2022, "REX: Revisiting Budgeted Training with an Improved Schedule".

    Raises:
        ScheduleError: ``total`` is not positive.

    """
    positive("rex", total=total)

    def rate(t: TickArray) -> Rates:
        left = 1.0 - done(t, 0.0, total)
        return eta * (left / (0.5 + 0.5 * left))

    return Timeline((Phase("decay", 0.0, rate),))


@schedule(example={"eta": 0.1, "total": 100})
def poly(eta: BaseLR, total: Total, power: Number = 0.9) -> Timeline:
    """A power of the part of the run that is left ("poly", DeepLab).

    Formula: lr(t) = eta (1 - t / total)^power.
    Edges: 0 is reached at t = total, after the last update, and stays; power 0 is constant.
    Source: Chen et al. 2018, "DeepLab: Semantic Image Segmentation with Deep Convolutional Nets, Atrous
    Convolution, and Fully Connected CRFs", section 4.1.

    Raises:
        ScheduleError: ``total`` is not positive, or ``power`` is negative.

    """
    positive("poly", total=total)
    not_negative("poly", power=power)
    return Timeline((Phase("decay", 0.0, lambda t: eta * (1.0 - done(t, 0.0, total)) ** float(power)),))


@schedule(example={"eta": 0.1, "decay": 0.5}, starter={"decay": "1"})
def inverse_time(eta: BaseLR, decay: Factor) -> Timeline:
    """One over the step, with a slow start (Bottou's schedule for convex SGD).

    Formula: lr(t) = eta / (1 + eta decay t), decay being the weight of the L2 term.
    Edges: the LR itself stands in the denominator: twice the LR also falls twice as fast.
    Source: Bottou 2012, "Stochastic Gradient Descent Tricks", section 5.2.

    Raises:
        ScheduleError: ``decay`` is negative.

    """
    not_negative("inverse_time", decay=decay)
    return Timeline((Phase("decay", 0.0, lambda t: eta / (1.0 + eta * decay * t)),))
