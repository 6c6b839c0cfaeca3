"""Random cases of fairseq's schedulers, and the runs of the real ones in the order of its trainer."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import unpacked
from live_case import Case, Draw, Run, step_through, stop_of

if TYPE_CHECKING:
    from types import ModuleType

Params = dict[str, Any]
FOLDER = "fairseq/optim/lr_scheduler"
FILES = {
    "cosine": "cosine_lr_scheduler",
    "tri_stage": "tri_stage_lr_scheduler",
    "fixed": "fixed_schedule",
    "inverse_sqrt": "inverse_square_root_schedule",
    "polynomial_decay": "polynomial_decay_schedule",
    "step": "step_lr_scheduler",
}
NAMES = tuple(FILES)
REGISTERED: dict[str, Any] = {}


class Optimizer:
    """One LR, as fairseq's optimizers take it."""

    lr = 0.0

    def set_lr(self, lr: float) -> None:
        self.lr = lr

    def get_lr(self) -> float:
        return self.lr


def register(name: str, dataclass: type) -> Any:
    """What fairseq's decorator remembers: the scheduler and the class of its options."""
    return lambda scheduler: REGISTERED.setdefault(name, (scheduler, dataclass))[0]


def _loaded(file: str, base: type | None = None) -> ModuleType:
    stubs = {
        "omegaconf": {"II": lambda _: None},
        "fairseq.dataclass": {"FairseqDataclass": object, "__path__": []},
        "fairseq.dataclass.utils": {"gen_parser_from_dataclass": None},
        "fairseq.optim": {
            "FairseqOptimizer": Optimizer,
            "__path__": [str(unpacked.folder() / "fairseq/fairseq/optim")],
        },
        "fairseq.optim.lr_scheduler": {
            "FairseqLRScheduler": base,
            "register_lr_scheduler": register,
            "__path__": [str(unpacked.folder() / "fairseq" / FOLDER)],
        },
    }
    return unpacked.module("fairseq", f"{FOLDER}/{file}.py", stubs)


BASE = _loaded("fairseq_lr_scheduler").FairseqLRScheduler
for FILE in FILES.values():
    _loaded(FILE, BASE)


def cosine(draw: Draw) -> Params:
    return {
        **warmed(draw),
        "min_lr": draw.some(draw.rate() / 100, 0, 0.0, 0.2, often=0.4),
        "t_mult": draw.some(1.0, 2, 3, 1.5, 0.5, 0, -1.0, often=0.6),
        "lr_period_updates": draw.some(draw.span(), -1, 1, 2.5, 0, often=0.4),
        "lr_shrink": draw.some(draw.share(), 1, 0, 1.5, -0.5),
        "max_update": draw.some(draw.steps, 0, None, 5),
    }


def warmed(draw: Draw) -> Params:
    return {
        "warmup_updates": draw.some(draw.randint(0, draw.steps // 2), 0, 1, draw.steps),
        "warmup_init_lr": draw.some(draw.rate() / 100, -1, 0, 0.5),
    }


def tri_stage(draw: Draw) -> Params:
    ratios = [[0.1, 0.4, 0.5], [0.5, 0.25, 0.25], [0.25, 0.75, 0.0], [0.3, 0.6, 0.1], [0.0, 0.0, 1.0]]
    return {
        "warmup_steps": draw.some(draw.span() // 2, 0, 1),
        "hold_steps": draw.some(draw.span() // 2, 0, 1),
        "decay_steps": draw.some(draw.span() // 2, 0, 1),
        "phase_ratio": draw.choice([None, None, *ratios]),
        "max_update": draw.some(draw.steps, 0, 7, often=0.1),
        "init_lr_scale": draw.some(draw.share(), 0, 1, 2),
        "final_lr_scale": draw.some(draw.share(), 1, 2, 0, often=0.15),
    }


def fixed(draw: Draw) -> Params:
    return {
        "lr_by_epoch": draw.some(None, [draw.rate()], [draw.rate() for _ in range(4)], [], often=0.6),
        "warmup_updates": warmed(draw)["warmup_updates"],
        "force_anneal": draw.some(None, 1, 2, 3, 0, -2, often=0.5),
        "lr_shrink": draw.some(draw.share(), 0, 1, 1.5),
        "steps_per_epoch": draw.randint(1, draw.steps),
    }


def inverse_sqrt(draw: Draw) -> Params:
    return warmed(draw)


def polynomial_decay(draw: Draw) -> Params:
    return {
        "warmup_updates": warmed(draw)["warmup_updates"],
        "total_num_update": draw.some(draw.span(), 0, 1, draw.steps, 20.5),
        "end_learning_rate": draw.some(draw.rate() / 100, 0, 0.0, 0.5),
        "power": draw.some(draw.uniform(0.2, 3), 0, 1, 2, -1, often=0.5),
    }


def step(draw: Draw) -> Params:
    return {
        **warmed(draw),
        "min_lr": draw.some(draw.rate() / 100, 0, -0.1, 0.5, often=0.3),
        "lr_deacy_period": draw.some(draw.span(), 0, 1, 5),
        "lr_decay": draw.some(draw.share(), 0, 1, 1.5, -0.5),
    }


def draw(name: str, draw: Draw) -> Case:
    """Random arguments; several LRs only where epochs take turns with them."""
    needed = ("total_num_update", "steps_per_epoch")
    return Case(
        f"fairseq.{name}", draw.subset(globals()[name](draw), always=needed), draw.steps, lr=draw.rate()
    )


def record(case: Case) -> Run:
    """Every epoch is begun, and every update asks before it is made."""
    scheduler, options = REGISTERED[case.id.removeprefix("fairseq.")]
    params = {"lr_by_epoch": None, **case.params}
    epoch = params.pop("steps_per_epoch", case.steps)
    lrs = params.pop("lr_by_epoch")
    usual = {field.name: field.default for field in dataclasses.fields(options)}
    optimizer = Optimizer()
    try:
        made = scheduler(
            SimpleNamespace(**{**usual, **params, "lr": case.lrs if lrs is None else lrs}), optimizer
        )
        made.step_begin_epoch(1)
        made.step_update(0)
    except Exception as error:
        return Run({}, "init", stop_of(error))

    def step(t: int) -> None:
        made.step_update(t + 1)
        if (t + 1) % epoch == 0:
            made.step_begin_epoch((t + 1) // epoch + 1)
            made.step_update(t + 1)

    return step_through(lambda: {"lr": [optimizer.get_lr()]}, step, case.steps)
