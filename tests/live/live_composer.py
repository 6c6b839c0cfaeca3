"""Random cases of composer's schedulers, and the runs of the real ones on its real timestamps."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import unpacked
from live_case import Case, Draw, Run, step_through, stop_of
from live_torch import lrs, real_optimizer, spoiled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Params = dict[str, Any]

PACKAGE = "mosaicml"  # as which composer is published
strings = unpacked.module(PACKAGE, "composer/utils/string_enum.py")
time = unpacked.module(
    PACKAGE, "composer/core/time.py", {"composer.utils": {"StringEnum": strings.StringEnum}}
)
scheduler = unpacked.module(
    PACKAGE,
    "composer/optim/scheduler.py",
    {"composer.core": {"State": object, "Time": time.Time, "TimeUnit": time.TimeUnit}},
)

SURROUNDINGS = (
    "max_duration", "batches_per_epoch", "scale_schedule_ratio", "samples_per_batch", "tokens_per_batch",
)  # fmt: skip
ODD = (
    "0ba", "1ba", "-3ba", "0.005dur", "1.5dur", "0dur", "-0.5dur", "20sec", "1h30m", "15s", "", "ba", "10",
    "2.5ep", "1e1BA", "10 ba", "ten", "infdur",
)  # fmt: skip
SIZES = {"sp": 4, "tok": 700}  # of a batch


def duration(draw: Draw, share: float = 1.0, *, odd: float = 0.08) -> str:
    """A text for a part of the run: mostly in batches."""
    batches = max(1, round(draw.span() * share))
    usual = draw.choice(
        [f"{batches}ba"] * 4
        + [f"{draw.share()}dur"] * 3
        + [f"{draw.randint(1, 3)}ep", f"{batches * 3}sp", f"{batches * 1000}tok"]
    )
    return draw.some(usual, *ODD, often=odd)


def whole(draw: Draw) -> str:
    """A t_max, which with a warmup must not lie before the end."""
    return draw.some("1dur", duration(draw, 3), often=0.5)


def gamma(draw: Draw) -> float:
    return draw.some(draw.share(), 0.5, 0, 1, 1.2, -0.5)


def factor(draw: Draw) -> float:
    return draw.some(draw.share(), 0, 1, 1.5, -0.1)


def power(draw: Draw) -> float:
    return draw.some(round(draw.uniform(0.1, 4), 2), 0, 1, 2, -1)


def milestones(draw: Draw) -> list[str]:
    return [duration(draw, odd=0.03) for _ in range(draw.randint(0, 4))]


def warmup(draw: Draw) -> Params:
    return {
        "t_warmup": draw.some(duration(draw, 0.3), "0ba", "500ba", often=0.2),
        **draw.subset({"scale_warmup": draw.random() < 0.5}, 0.5),
    }


GENERATORS: Mapping[str, Callable[[Draw], Params]] = {
    "StepScheduler": lambda draw: {"step_size": duration(draw, 0.3), "gamma": gamma(draw)},
    "MultiStepScheduler": lambda draw: {"milestones": milestones(draw), "gamma": gamma(draw)},
    "ConstantScheduler": lambda draw: {"alpha": factor(draw), "t_max": duration(draw)},
    "LinearScheduler": lambda draw: {
        "alpha_i": factor(draw), "alpha_f": factor(draw), "t_max": duration(draw),
    },
    "ExponentialScheduler": lambda draw: {"gamma": gamma(draw), "decay_period": duration(draw, 0.3)},
    "CosineAnnealingScheduler": lambda draw: {"t_max": duration(draw), "alpha_f": factor(draw)},
    "PolynomialScheduler": lambda draw: {
        "power": power(draw), "t_max": duration(draw), "alpha_f": factor(draw),
    },
    "CosineAnnealingWarmRestartsScheduler": lambda draw: {
        "t_0": duration(draw, 0.3).removeprefix("-"),
        "t_mult": draw.some(round(draw.uniform(0.5, 3), 2), 0, 1, 2, 1.0, 0.9, 1.05, often=0.5),
        "alpha_f": factor(draw),
    },
    "MultiStepWithWarmupScheduler": lambda draw: {
        **warmup(draw), "milestones": milestones(draw), "gamma": gamma(draw),
    },
    "ConstantWithWarmupScheduler": lambda draw: {
        **warmup(draw), "alpha": factor(draw), "t_max": whole(draw),
    },
    "LinearWithWarmupScheduler": lambda draw: {
        **warmup(draw), "alpha_i": factor(draw), "alpha_f": factor(draw), "t_max": whole(draw),
    },
    "CosineAnnealingWithWarmupScheduler": lambda draw: {
        **warmup(draw), "t_max": whole(draw), "alpha_f": factor(draw),
    },
    "PolynomialWithWarmupScheduler": lambda draw: {
        **warmup(draw), "power": power(draw), "t_max": whole(draw), "alpha_f": factor(draw),
    },
}  # fmt: skip
NAMES = tuple(GENERATORS)


def surroundings(draw: Draw) -> Params:
    """What the trainer tells: max_duration in every unit but seconds, of which nobody knows the batches."""
    epoch = draw.some(draw.randint(1, 30), 1, None, often=0.1)
    length = draw.some(draw.steps, draw.span(), often=0.3)
    usual = draw.choice(
        [f"{length}ba"] * 3
        + [f"{-(-length // (epoch or 10))}ep"] * 3
        + [f"{length * 5}sp", f"{length * 700}tok"]
    )
    return {
        "max_duration": draw.some(usual, "1e2ba", "many", "3.5ep", often=0.06),
        "batches_per_epoch": epoch,
        **draw.subset({"scale_schedule_ratio": draw.some(1.0, 0.5, 2, 0.333, 1.7, 0.01, 0, often=0.5)}, 0.6),
        "samples_per_batch": draw.randint(1, 9),
        "tokens_per_batch": draw.some(draw.randint(100, 3000), 1),
    }


def draw(name: str, draw: Draw) -> Case:
    """Random arguments; t_0 and t_mult are not negative, which composer's loop may never end."""
    own, told = draw.subset(GENERATORS[name](draw), 0.85), surroundings(draw)
    if "t_warmup" in own and draw.random() < 0.7:  # in the unit of 1dur, or most are refused
        unit, size = next(
            ((unit, size) for unit, size in SIZES.items() if str(told["max_duration"]).endswith(unit)),
            ("ba", 1),
        )
        own["t_warmup"] = f"{draw.randint(0, draw.steps // 2) * size}{unit}"
    return Case(f"composer.{name}", {**spoiled(draw, own), **told}, draw.steps, lr=lrs(draw))


def record(case: Case) -> Run:
    """As composer's trainer does it: after each batch time goes on, then the scheduler looks at it."""
    optimizer = real_optimizer(case)
    told = {name: case.params.get(name) for name in SURROUNDINGS}
    own = {name: value for name, value in case.params.items() if name not in SURROUNDINGS}
    epoch, ratio = told["batches_per_epoch"], told["scale_schedule_ratio"]
    try:
        state = SimpleNamespace(
            max_duration=time.ensure_time(told["max_duration"], "ep"),
            dataloader_len=None if epoch is None else time.Time(epoch, "ba"),
            timestamp=time.Timestamp(),
            optimizers=[optimizer],
        )
        made = getattr(scheduler, case.id.removeprefix("composer."))(**own)
        compiled = scheduler.compile_composer_scheduler(made, state, 1.0 if ratio is None else ratio)
    except Exception as error:
        return Run({}, "init", stop_of(error))

    def values() -> dict[str, list[float]]:
        return {"lr": [group["lr"] for group in optimizer.param_groups]}

    def step(t: int) -> None:
        optimizer.step()
        state.timestamp = state.timestamp.to_next_batch(
            told["samples_per_batch"] or 0, told["tokens_per_batch"] or 0
        )
        compiled.step()
        if epoch is not None and (t + 1) % epoch == 0:
            state.timestamp = state.timestamp.to_next_epoch()
        if any(isinstance(lr, complex) for lr in values()["lr"]):
            raise TypeError("no optimizer takes a complex LR")

    return step_through(values, step, case.steps)
