"""torch.optim: Adagrad, RMSprop, Adadelta, Adam, AdamW."""

from __future__ import annotations

from typing import Any

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Number
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.adaptive.run import State, counted, over, quantities, root, towards
from lrviz.schedules.adaptive.stream import Gradients
from lrviz.schedules.shapes.checks import not_negative

HOW = ("foreach", "fused", "capturable", "differentiable")  # how it is computed, not what


@schedule(example={"gradient": "0.98**t", "noise": 0.02}, ignores=HOW)
def adagrad(
    group: Group,
    gradients: Gradients,
    lr_decay: Factor = 0.0,
    weight_decay: Factor = 0.0,
    initial_accumulator_value: Number = 0.0,
    eps: Number = 1e-10,
) -> dict[str, Timeline]:
    """What Adagrad multiplies the current gradient with: it only falls.

    Formula: lr(t) = B / (1 + t lr_decay) / (sqrt(v) + eps), v = initial_accumulator_value + g(0)² + … +
    g(t)²; update(t) = lr(t) g(t). g(t) = gradient(t) + noise z(t) + weight_decay theta, theta the parameter,
    which starts at ``start``.
    Edges: gradient is an expression of t, a list, or ``recorded``: the numbers of --metrics, one for each
    update. z are normals of numpy's default_rng([seed, t // 16384]). With a constant gradient g the rate is
    B / (g sqrt(t + 1)). lr_decay stops at t = 2^24, where torch's float32 count stays.
    Source: torch 2.13.0 ``Adagrad``; Duchi, Hazan and Singer 2011.

    Raises:
        ScheduleError: a negative parameter, or no gradients.

    """
    not_negative(
        "adagrad",
        lr_decay=lr_decay,
        weight_decay=weight_decay,
        initial_accumulator_value=initial_accumulator_value,
        eps=eps,
    )
    lr = group.lr

    def update(state: State, g: float) -> State:
        _, _, theta, steps, v = state
        g = g + weight_decay * theta if weight_decay else g
        steps = counted(steps)
        now = lr / (1.0 + (steps - 1.0) * lr_decay)
        v += g * g
        below = root(v) + eps
        change = over(now * g, below)
        return over(now, below), change, theta - change, steps, v

    return quantities(update, (gradients.start, 0.0, initial_accumulator_value), gradients.stream(group))


@schedule(example={"gradient": "0.98**t", "noise": 0.02, "alpha": 0.9}, ignores=HOW)
def rmsprop(
    group: Group,
    gradients: Gradients,
    alpha: Factor = 0.99,
    eps: Number = 1e-8,
    weight_decay: Factor = 0.0,
    momentum: Factor = 0.0,
    centered: bool = False,
) -> dict[str, Timeline]:
    """What RMSprop multiplies the current gradient with: the LR over a running size of the gradients.

    Formula: lr(t) = B / (sqrt(v) + eps), v <- alpha v + (1 - alpha) g², less the square of the running mean
    of g where centered; update(t) = lr(t) g(t), or with momentum B b, b <- momentum b + g / (sqrt(v) + eps).
    g(t) = gradient(t) + noise z(t) + weight_decay theta, theta the parameter, which starts at ``start``.
    Edges: gradient is an expression of t, a list, or ``recorded``: the numbers of --metrics, one for each
    update. z are normals of numpy's default_rng([seed, t // 16384]). v starts at 0 and nothing corrects for
    it: the first rate is B / (|g| sqrt(1 - alpha)), ten times B / |g| by default. With centered and a
    constant gradient v falls to rounding noise, and below 0 the rate is no number, in torch too.
    Source: torch 2.13.0 ``RMSprop``; Tieleman and Hinton 2012.

    Raises:
        ScheduleError: a negative parameter, or no gradients.

    """
    not_negative("rmsprop", alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum)
    lr = group.lr

    def update(state: State, g: float) -> State:
        _, _, theta, v, mean, buffer = state
        g = g + weight_decay * theta if weight_decay else g
        v = v * alpha + (1.0 - alpha) * g * g
        mean = towards(mean, g, 1.0 - alpha) if centered else 0.0
        below = root(v - mean * mean) + eps
        if momentum:
            buffer = buffer * momentum + over(g, below)
        change = lr * buffer if momentum else over(lr * g, below)
        return over(lr, below), change, theta - change, v, mean, buffer

    return quantities(update, (gradients.start, 0.0, 0.0, 0.0), gradients.stream(group))


@schedule(example={"gradient": "0.98**t", "noise": 0.02}, ignores=HOW)
def adadelta(
    group: Group,
    gradients: Gradients,
    rho: Factor = 0.9,
    eps: Number = 1e-6,
    weight_decay: Factor = 0.0,
) -> dict[str, Timeline]:
    """What Adadelta multiplies the current gradient with: it starts tiny and finds its own size.

    Formula: lr(t) = B sqrt(d + eps) / sqrt(v + eps), v <- rho v + (1 - rho) g² before and d <- rho d +
    (1 - rho) (update / B)² after it; update(t) = lr(t) g(t). g(t) = gradient(t) + noise z(t) + weight_decay
    theta, theta the parameter, which starts at ``start``.
    Edges: gradient is an expression of t, a list, or ``recorded``: the numbers of --metrics, one for each
    update. z are normals of numpy's default_rng([seed, t // 16384]). The first rate is about
    B sqrt(eps / (1 - rho)) / |g|: eps decides how fast it starts. torch's own LR here is 1.0.
    Source: torch 2.13.0 ``Adadelta``; Zeiler 2012.

    Raises:
        ScheduleError: a negative parameter, ``rho`` above 1, or no gradients.

    """
    not_negative("adadelta", rho=rho, eps=eps, weight_decay=weight_decay)
    if rho > 1:
        raise ScheduleError(f"adadelta: rho must be between 0 and 1, got {rho!r}", hint="<rho=0.9>")
    lr = group.lr

    def update(state: State, g: float) -> State:
        _, _, theta, v, d = state
        g = g + weight_decay * theta if weight_decay else g
        v = v * rho + (1.0 - rho) * g * g
        rate = over(root(d + eps), root(v + eps))
        delta = rate * g
        d = d * rho + (1.0 - rho) * delta * delta
        return lr * rate, lr * delta, theta - lr * delta, v, d

    return quantities(update, (gradients.start, 0.0, 0.0), gradients.stream(group))


@schedule(example={"gradient": "0.98**t", "noise": 0.02, "betas": (0.9, 0.99)}, ignores=HOW)
def adam(
    group: Group,
    gradients: Gradients,
    betas: tuple[Factor, ...] = (0.9, 0.999),
    eps: Number = 1e-8,
    weight_decay: Factor = 0.0,
    amsgrad: bool = False,
    decoupled_weight_decay: bool = False,
) -> dict[str, Timeline]:
    """What Adam multiplies the bias-corrected mean of the gradients with.

    Formula: lr(t) = B / (sqrt(v / (1 - beta2^n)) + eps), v <- beta2 v + (1 - beta2) g², its maximum so far
    with amsgrad, n = t + 1; update(t) = lr(t) m / (1 - beta1^n), m <- beta1 m + (1 - beta1) g. g(t) =
    gradient(t) + noise z(t) + weight_decay theta, theta the parameter, which starts at ``start``.
    Edges: the update is no multiple of the current gradient, so the rate is that of the mean; with a constant
    gradient g both are the same and the rate is B / (|g| + eps) from the first update on: the corrections
    leave no warmup. decoupled_weight_decay shrinks theta beside the update instead of adding to g. gradient
    is an expression of t, a list, or ``recorded``: the numbers of --metrics, one for each update. z are
    normals of numpy's default_rng([seed, t // 16384]). n stays at 2^24, where torch's float32 count does.
    Source: torch 2.13.0 ``Adam``; Kingma and Ba 2015.

    Raises:
        ScheduleError: a negative parameter, betas that are not two floats from 0 to below 1, or no gradients.

    """
    beta1, beta2 = _betas(betas)
    not_negative("adam", eps=eps, weight_decay=weight_decay)
    lr = group.lr

    def update(state: State, g: float) -> State:
        _, _, theta, steps, m, v, most = state
        steps = counted(steps)
        if weight_decay and decoupled_weight_decay:
            theta *= 1.0 - lr * weight_decay
        elif weight_decay:
            g = g + weight_decay * theta
        m = towards(m, g, 1.0 - beta1)
        v = v * beta2 + (1.0 - beta2) * g * g
        most = most if amsgrad and most > v else v
        below = root(most) / (1.0 - beta2**steps) ** 0.5 + eps
        change = over(lr / (1.0 - beta1**steps) * m, below)
        return over(lr, below), change, theta - change, steps, m, v, most

    return quantities(update, (gradients.start, 0.0, 0.0, 0.0, 0.0), gradients.stream(group))


@schedule(example={"gradient": "0.98**t", "noise": 0.02, "betas": (0.9, 0.99)}, ignores=HOW)
def adamw(
    group: Group,
    gradients: Gradients,
    betas: tuple[Factor, ...] = (0.9, 0.999),
    eps: Number = 1e-8,
    weight_decay: Factor = 1e-2,
    amsgrad: bool = False,
) -> dict[str, Timeline]:
    """As adam, with a weight decay that does not go through the gradient.

    Formula: as adaptive.adam with decoupled_weight_decay: theta <- theta (1 - B weight_decay) before each
    update.
    Edges: g does not depend on theta then, so weight_decay and start change neither rate nor update.
    Source: torch 2.13.0 ``AdamW``; Loshchilov and Hutter 2019.

    Raises:
        ScheduleError: as adaptive.adam.

    """
    return adam(group, gradients, betas, eps, weight_decay, amsgrad, decoupled_weight_decay=True)


def _betas(betas: tuple[Any, ...]) -> tuple[float, float]:
    """The two factors; torch refuses whole numbers, 0 included."""
    if len(betas) != 2 or not all(isinstance(beta, float) and 0 <= beta < 1 for beta in betas):
        raise ScheduleError(
            f"adam: betas must be two floats from 0 to below 1, got {betas!r}", hint="<betas=0.9,0.999>"
        )
    return betas[0], betas[1]
