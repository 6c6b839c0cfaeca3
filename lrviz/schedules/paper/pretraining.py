"""Papers on the pre-training of language models: wsd, multi_step, power, infinite."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import LR, BaseLR, Factor, Floor, Number, Ticks, Total, Warmup
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant, value_at_tick
from lrviz.errors import ScheduleError
from lrviz.schedules.paper.shared import done, fits, ramp, share, staircase
from lrviz.schedules.shapes.checks import not_negative, positive
from lrviz.schedules.shapes.cosine import cos01


@schedule(
    example={"eta": 0.1, "total": 100, "decay": 20, "warmup": 10},
    starter={"decay": "20%"},
    aliases=("minicpm",),
)
def wsd(
    eta: BaseLR,
    total: Total,
    decay: Ticks,
    warmup: Warmup = 0,
    shape: Literal["1-sqrt", "linear", "exponential"] = "1-sqrt",
    half_life: Ticks | None = None,
) -> Timeline:
    """Warmup, stable, decay, with the cooldown 1 - sqrt.

    Formula: lr(t) = eta t / warmup, then eta, then eta f over the last ``decay`` updates, u the part of them
    done: f = 1 - sqrt(u), 1 - u, or 0.5^(s / half_life) after s of them (exponential).
    Edges: 1 - sqrt and linear reach 0 at t = total, after the last update, and stay there; exponential goes
    on falling and jumps nowhere. MiniCPM's half_life is 5000 updates.
    Source: Hu et al. 2024, "MiniCPM: Unveiling the Potential of Small Language Models with Scalable Training
    Strategies", section 4 (exponential); Hägele et al. 2024, "Scaling Laws and Compute-Optimal Training
    Beyond Fixed Training Durations", section 3 (1-sqrt, linear).

    Raises:
        ScheduleError: warmup and decay are longer than the run, or exponential has no half_life.

    """
    fits("wsd", total, warmup=warmup, decay=decay)
    if (shape == "exponential") != (half_life is not None):
        raise ScheduleError(
            "wsd: shape exponential and half_life go together", hint="shape=exponential,half_life=5000"
        )
    positive("wsd", half_life=1 if half_life is None else half_life)
    start = total - decay

    def fall(t: TickArray) -> Rates:
        if half_life is not None:
            return 0.5 ** ((t - start) / half_life)
        u = done(t, start, decay)
        return 1.0 - (u if shape == "linear" else np.sqrt(u))

    stable = constant(eta, kind="stable", start=warmup)
    falling = (Phase("decay", start, lambda t: eta * fall(t)),) if decay else ()
    return Timeline((*ramp(eta, warmup), stable, *falling))


@schedule(example={"eta": 0.1, "total": 100, "warmup": 10})
def multi_step(
    eta: BaseLR,
    total: Total,
    warmup: Warmup = 2000,
    fractions: tuple[Factor, ...] = (0.8, 0.9),
    factors: tuple[Factor, ...] = (0.316, 0.1),
) -> Timeline:
    """A linear warmup, then the LR, lowered late in the run in two steps (DeepSeek LLM).

    Formula: lr(t) = eta t / warmup, then eta until a fraction of the run is done, from where on eta times the
    factor beside it.
    Edges: each factor is of eta, not of the step before; 0.316 is about the root of 0.1. Fractions that fall
    into the warmup count once it is over.
    Source: Bi et al. 2024, "DeepSeek LLM: Scaling Open-Source Language Models with Longtermism",
    section 2.3.

    Raises:
        ScheduleError: fractions that do not ascend or are not as many as factors, or a negative warmup.

    """
    if len(fractions) != len(factors) or list(fractions) != sorted(fractions):
        raise ScheduleError(
            f"multi_step: fractions {fractions} must ascend and be as many as factors {factors}",
            hint="fractions=0.8,0.9,factors=0.316,0.1",
        )
    not_negative("multi_step", warmup=warmup)
    places = [share(total, fraction) for fraction in fractions]
    return Timeline((*ramp(eta, warmup), staircase(eta, places, factors, warmup)))


@schedule(
    example={"eta_max": 0.02, "beta": 128, "batch_tokens": 524_288, "warmup": 10, "total": 100, "decay": 20},
    starter={"beta": "128", "batch_tokens": "524288"},
)
def power(
    eta_max: BaseLR,
    beta: Number,
    batch_tokens: Number,
    warmup: Warmup = 0,
    total: Total | None = None,
    decay: Ticks = 0,
    end: Factor = 0.1,
    a: Factor = 4.6,
    b: Number = -0.51,
) -> Timeline:
    """A power of the tokens seen, whatever the run's length, with a highest LR (the Power scheduler).

    Formula: p(t) = min(eta_max, beta a n^b), n = t batch_tokens; lr(t) = p(warmup) t / warmup for t < warmup,
    then p(t), then over the last ``decay`` updates p(total - decay) end^u, u the part of them done.
    Edges: beta is the batch size in sequences, batch_tokens the tokens of one update. eta_max is a limit: the
    peak is below it where the power law already is at the end of the warmup. The decay is a phase of its own:
    exponential, to ``end`` of where it began, and stays there.
    Source: Shen et al. 2024, "Power Scheduler: A Batch Size and Token Number Agnostic Learning Rate
    Scheduler".

    Raises:
        ScheduleError: a decay without a total, or warmup and decay longer than the run.

    """
    positive("power", beta=beta, batch_tokens=batch_tokens, a=a, end=end)
    if decay and total is None:
        raise ScheduleError(
            "power: a decay needs to know the total", hint="give <steps=1000>, or <total=1000>"
        )
    fits("power", math.inf if total is None else total, warmup=warmup, decay=decay)

    def law(t: TickArray) -> Rates:
        return np.minimum(eta_max, beta * a * (t * batch_tokens) ** float(b))

    start = (total or 0.0) - decay
    top, last = (value_at_tick(law, tick) for tick in (warmup, start))
    phases = [*ramp(top, warmup), Phase("decay", warmup, law, label="power law")]
    if decay:
        phases.append(Phase("decay", start, lambda t: last * float(end) ** done(t, start, decay)))
    return Timeline(tuple(phases))


@schedule(
    example={
        "eta_max": 0.1,
        "eta_const": 0.05,
        "eta_min": 0.001,
        "total": 100,
        "cooldown": 30,
        "annealing": 15,
        "warmup": 5,
    },
    starter={"eta_const": "lr/2", "eta_min": "lr/10", "cooldown": "20%", "annealing": "10%"},
)
def infinite(
    eta_max: BaseLR,
    eta_const: LR,
    eta_min: Floor,
    total: Total,
    cooldown: Ticks,
    annealing: Ticks,
    warmup: Warmup = 0,
    shape: Literal["cosine", "inverse_sqrt"] = "cosine",
    alpha: Number = 10.0,
) -> Timeline:
    """Warmup, cooldown to a constant LR that can go on for ever, and an annealing where the run ends.

    Formula: lr(t) = eta_max t / warmup; then u the part of the cooldown done, eta_const + (eta_max -
    eta_const) (1 + cos(pi u)) / 2, or eta_max + (eta_const - eta_max) h(u) / h(1) with
    h(u) = 1 / sqrt(1 + alpha u) - 1 (inverse_sqrt); then eta_const; then, v the part of the annealing done,
    eta_const (eta_min / eta_const)^v.
    Edges: cooldown and annealing are lengths; the constant phase is what is left, for ever with annealing 0.
    eta_min is reached at t = total, after the last update, and stays.
    Source: Ibrahim et al. 2024, "Simple and Scalable Strategies to Continually Pre-train Large Language
    Models" (infinite learning rate schedules).

    Raises:
        ScheduleError: the phases are longer than the run, or an LR to anneal from or to is not positive.

    """
    fits("infinite", total, warmup=warmup, cooldown=cooldown, annealing=annealing)
    positive("infinite", eta_const=eta_const, alpha=alpha, eta_min=eta_min)
    end, start = warmup + cooldown, total - annealing

    def cooling(t: TickArray) -> Rates:
        u = done(t, warmup, cooldown)
        if shape == "cosine":
            return eta_const + (eta_max - eta_const) * cos01(u)
        return eta_max + (eta_const - eta_max) * (_falling(u, alpha) / _falling(np.ones(1), alpha))

    annealed = Phase(
        "decay",
        start,
        lambda t: eta_const * (eta_min / eta_const) ** done(t, start, annealing),
        label="annealing",
    )
    phases = [
        *ramp(eta_max, warmup),
        Phase("decay", warmup, cooling, label="cooldown"),
        constant(eta_const, start=end),
    ]
    return Timeline((*phases, *([annealed] if annealing else [])))


def _falling(u: TickArray, alpha: float) -> Rates:
    return 1.0 / np.sqrt(1.0 + alpha * u) - 1.0
