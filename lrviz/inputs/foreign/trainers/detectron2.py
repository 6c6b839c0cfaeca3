"""detectron2: the ``SOLVER`` of its YAML, over that of its ``_BASE_``.

Source: detectron2 0.6 (main 2026-06) ``solver/build.py``, ``solver/lr_scheduler.py``, ``config/defaults.py``.
"""

from __future__ import annotations

import bisect
import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.setting import Setting, number, numbers, switch, text, whole
from lrviz.inputs.foreign.shared.bases import with_bases
from lrviz.inputs.foreign.shell.yacs_words import read_pairs
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("SOLVER.LR_SCHEDULER_NAME", text, "WarmupMultiStepLR"),
    Setting("SOLVER.MAX_ITER", whole, 40000, "steps"),
    Setting("SOLVER.BASE_LR", number, 0.001, "lr"),
    Setting("SOLVER.BASE_LR_END", number, 0.0, "min_lr"),
    Setting("SOLVER.STEPS", numbers, (30000,)),
    Setting("SOLVER.GAMMA", number, 0.1),
    Setting("SOLVER.NUM_DECAYS", whole, 3),
    Setting("SOLVER.POLY_LR_POWER", number, 0.9),
    Setting("SOLVER.POLY_LR_CONSTANT_ENDING", number, 0.0),
    Setting("SOLVER.WARMUP_ITERS", whole, 1000, "warmup"),
    Setting("SOLVER.WARMUP_FACTOR", number, 0.001),
    Setting("SOLVER.WARMUP_METHOD", text, "linear"),
    Setting("SOLVER.RESCALE_INTERVAL", switch, default=False),
    Setting("SOLVER.IMS_PER_BATCH", whole, 16),
    Setting("SOLVER.BIAS_LR_FACTOR", number, 1.0),
    Setting("SOLVER.REFERENCE_WORLD_SIZE", whole, 0),
    Setting("num_gpus", whole, 1),
    Setting("num_machines", whole, 1),
)
SCHEDULERS = ("WarmupMultiStepLR", "WarmupCosineLR", "WarmupStepWithFixedGammaLR")
POLY = "WarmupPolyLR"
"""That of its project DeepLab, which others take over."""
OWN_TABLES = {"MODEL", "INPUT", "DATASETS", "DATALOADER", "TEST"}
OTHERS = ("LR_POLICY", "MAX_EPOCH", "MAX_EPOCHS", "SCHED", "EPOCHS")
"""Keys that other projects have in a ``SOLVER`` of theirs."""
LAZY = {"lr_multiplier", "train"}
"""What its LazyConfig in Python always has."""
EPSILON = 1e-6
SWITCHES = ("resume", "eval_only")
SCRIPTS = ("train_net.py", "plain_train_net.py")


class Solver(NamedTuple):
    """What its number of processes makes of a run."""

    lr: float
    max_iter: int
    warmup: int
    steps: tuple[int | float, ...]


class Scheduler(NamedTuple):
    """A scheduler of fvcore, and what it gives at a share of the run."""

    call: Call
    at: Callable[[float], float]


def claims(source: Source) -> bool:
    """``SOLVER`` in capitals, in the words of detectron2, a ``_BASE_`` below a ``MODEL``, or its script."""
    if source.language == "command":
        is_its_script = source.script in SCRIPTS and "config_file" in source.data
        return is_its_script or any(word.text.startswith("SOLVER.") for word in source.argv)
    if source.language == "python":
        return source.data.keys() >= LAZY
    solver = source.data.get("SOLVER")
    if isinstance(solver, dict):
        return not any(key in solver for key in OTHERS)
    return "_BASE_" in source.data and bool(OWN_TABLES & source.data.keys())


def read(run: Settings) -> Spec:
    """The run of ``MAX_ITER`` updates: a warmup laid over a scheduler, which is a share of ``BASE_LR``."""
    _refuse_lazy(run)
    _check_floats(run)
    solver = _scaled(run)
    run.line("total steps", "MAX_ITER", solver.max_iter)
    if run["SOLVER.LR_SCHEDULER_NAME"] == POLY:
        return run.curve("torch.LambdaLR", lr=solver.lr, steps=solver.max_iter, lr_lambda=_poly(run, solver))
    main = _scheduler(run, solver)
    share = min(solver.warmup / solver.max_iter, 1.0)
    rescales = run["SOLVER.RESCALE_INTERVAL"]
    end = main.at(0.0 if rescales else _within(run, share))
    run.warmup = min(solver.warmup, solver.max_iter)
    _warn_of_warmup(run, solver, end)
    bias = run["SOLVER.BIAS_LR_FACTOR"]
    groups = (Call("weights", (("scale", 1.0),)), Call("biases", (("scale", bias),)))
    return run.curve(
        "fvcore.CompositeParamScheduler",
        lr=solver.lr,
        steps=solver.max_iter,
        schedulers=(_warmup(run, main.at(0.0), end), main.call),
        lengths=(share, 1.0 - share),
        interval_scaling=("rescaled", "rescaled" if rescales else "fixed"),
        max_iter=solver.max_iter,
        groups=None if bias == 1.0 else groups,
    )


def _refuse_lazy(run: Settings) -> None:
    """Its schedule is objects that are made when it runs, often of other files."""
    if run.source.language == "python":
        run.refuse(
            "a LazyConfig is not read: its lr_multiplier is made of Python's objects",
            hint="write its numbers in YAML, SOLVER: {BASE_LR: 0.02, MAX_ITER: 90000, STEPS: [60000, 80000],"
            " WARMUP_ITERS: 1000}, see lrviz info fvcore.CompositeParamScheduler",
        )


def _check_floats(run: Settings) -> None:
    """Refuse a whole number where the default is a float, as yacs 0.1.8 does: ``BASE_LR: 1``."""
    for setting in SETTINGS:
        value, is_file = run[setting.name], run.origin(setting.name).source == "file"
        if is_file and isinstance(value, int) and isinstance(setting.default, float):
            run.refuse(
                f"{setting.name}={value} is no float: yacs stops",
                hint=f"--given {setting.name}={value}",
                at=setting.name,
            )


def _scaled(run: Settings) -> Solver:
    """``auto_scale_workers``: the numbers of another number of processes than ``REFERENCE_WORLD_SIZE``."""
    lr, warmup = run["SOLVER.BASE_LR"], run["SOLVER.WARMUP_ITERS"]
    max_iter, steps = run["SOLVER.MAX_ITER"], run["SOLVER.STEPS"]
    old, images = run["SOLVER.REFERENCE_WORLD_SIZE"], run["SOLVER.IMS_PER_BATCH"]
    if max_iter < 1:
        run.refuse(f"MAX_ITER={max_iter} makes no update", hint="<steps=40000>", at="SOLVER.MAX_ITER")
    world = _processes(run) if old else 0
    if world == old:
        return Solver(lr, max_iter, warmup, steps)
    if images % old:
        run.refuse(
            f"IMS_PER_BATCH={images} is no multiple of REFERENCE_WORLD_SIZE={old}: it stops",
            hint=f"--given SOLVER.IMS_PER_BATCH={max(images // old, 1) * old}",
            at="SOLVER.REFERENCE_WORLD_SIZE",
        )
    scale = world / old
    made = Solver(
        lr * scale, round(max_iter / scale), round(warmup / scale), tuple(round(one / scale) for one in steps)
    )
    run.note(
        "scaled-to-processes",
        f"{world} processes instead of {old}: batch {images} -> {round(images * scale)},"
        f" LR {lr_text(lr)} -> {lr_text(made.lr)}, MAX_ITER {max_iter} -> {made.max_iter},"
        f" WARMUP_ITERS {warmup} -> {made.warmup}",
        at="SOLVER.REFERENCE_WORLD_SIZE",
    )
    return made


def _processes(run: Settings) -> int:
    """``--num-gpus`` times ``--num-machines`` of a command, which is 1 of each where it says nothing."""
    if run.is_answered("world_size") or run.source.language != "command":
        return int(run.ask("world_size"))
    return int(run["num_gpus"] * run["num_machines"])


def _scheduler(run: Settings, solver: Solver) -> Scheduler:
    """The scheduler below the warmup, from 1 at its begin."""
    name = run.choose("SOLVER.LR_SCHEDULER_NAME", (*SCHEDULERS, POLY))
    if name == "WarmupCosineLR":
        return _cosine(_end(run, solver.lr))
    gamma = run["SOLVER.GAMMA"]
    if name == "WarmupMultiStepLR":
        return _multi_step(_steps(run, solver), gamma, solver.max_iter)
    run.note("stops-after-last", "WarmupStepWithFixedGammaLR raises IndexError after the last update")
    return _fixed_gamma(run["SOLVER.NUM_DECAYS"], gamma, solver.max_iter)


def _poly(run: Settings, solver: Solver) -> str:
    """A power of what is left of the run; the warmup is a factor on it."""
    warmup, power, least = solver.warmup, run["SOLVER.POLY_LR_POWER"], run["SOLVER.POLY_LR_CONSTANT_ENDING"]
    start = run["SOLVER.WARMUP_FACTOR"]
    run.warmup = min(warmup, solver.max_iter)
    _warn_of_warmup(run, solver, (1 - min(warmup / solver.max_iter, 1.0)) ** power)
    left = f"(1 - epoch / {solver.max_iter}) ** {power}"
    rises = run.choose("SOLVER.WARMUP_METHOD", ("linear", "constant")) == "linear"
    rise = f"({start} * (1 - epoch / {warmup}) + epoch / {warmup})" if rises else f"{start}"
    late = f"max({least}, {left})" if least > 0 else left
    return f"{rise} * {left} if epoch < {warmup} else {late}" if warmup else late


def _cosine(end: float) -> Scheduler:
    call = Call("CosineParamScheduler", (("start_value", 1.0), ("end_value", end)))
    return Scheduler(call, lambda where: end + 0.5 * (1.0 - end) * (1 + math.cos(math.pi * where)))


def _multi_step(steps: tuple[int | float, ...], gamma: float, max_iter: int) -> Scheduler:
    values = tuple(float(gamma**k) for k in range(len(steps) + 1))
    given = (("values", values), ("milestones", steps), ("num_updates", max_iter))
    return Scheduler(
        Call("MultiStepParamScheduler", given),
        lambda where: values[bisect.bisect_right(steps, int((where + EPSILON) * max_iter))],
    )


def _fixed_gamma(decays: int, gamma: float, max_iter: int) -> Scheduler:
    given = (("base_value", 1.0), ("num_decays", decays), ("gamma", gamma), ("num_updates", max_iter))
    return Scheduler(
        Call("StepWithFixedGammaParamScheduler", given),
        lambda where: float(gamma ** min(int((where + EPSILON) * (decays + 1)), decays)),
    )


def _steps(run: Settings, solver: Solver) -> tuple[int | float, ...]:
    """The ``STEPS`` up to ``MAX_ITER``."""
    kept = tuple(one for one in solver.steps if one <= solver.max_iter)
    if late := [one for one in solver.steps if one > solver.max_iter]:
        run.warn(
            "steps-dropped",
            f"{listed([str(one) for one in late])} beyond MAX_ITER={solver.max_iter}: the LR stays as it is",
            at="SOLVER.STEPS",
        )
    if solver.max_iter in kept:
        before = ",".join(str(one) for one in kept if one < solver.max_iter)
        run.refuse(
            f"one of STEPS is MAX_ITER={solver.max_iter}: fvcore stops, all must lie before the end",
            hint=f"--given SOLVER.STEPS={before or '[]'}",
            at="SOLVER.STEPS",
        )
    return kept


def _end(run: Settings, lr: float) -> float:
    """``BASE_LR_END`` as a share of the LR."""
    end = run["SOLVER.BASE_LR_END"]
    if not lr or not 0 <= end / lr <= 1:
        run.refuse(
            f"BASE_LR_END={lr_text(end)} is not between 0 and BASE_LR={lr_text(lr)}: it stops",
            hint="<min_lr=0>",
            at="SOLVER.BASE_LR_END",
        )
    return float(end / lr)


def _within(run: Settings, share: float) -> float:
    """Where the warmup ends, at which the scheduler of fixed gammas may have no value."""
    if run["SOLVER.LR_SCHEDULER_NAME"] == SCHEDULERS[2] and share + EPSILON >= 1:
        run.refuse(
            f"{SCHEDULERS[2]} has no value where a warmup of MAX_ITER ends: IndexError, it stops",
            hint="--given SOLVER.RESCALE_INTERVAL=true, or a shorter <warmup=100>",
            at="SOLVER.WARMUP_ITERS",
        )
    return share


def _warmup(run: Settings, first: float, end: float) -> Call:
    start = run["SOLVER.WARMUP_FACTOR"] * first
    if run.choose("SOLVER.WARMUP_METHOD", ("linear", "constant")) == "constant":
        return Call("ConstantParamScheduler", (("value", start),))
    return Call("LinearParamScheduler", (("start_value", start), ("end_value", end)))


def _warn_of_warmup(run: Settings, solver: Solver, end: float) -> None:
    if solver.warmup >= solver.max_iter:
        run.warn(
            "warmup-longer-than-run",
            f"WARMUP_ITERS={solver.warmup} and MAX_ITER={solver.max_iter}: the warmup is the whole run",
            at="SOLVER.WARMUP_ITERS",
        )
    elif end < 1 and solver.warmup:
        run.note(
            "warmup-below-base",
            f"the warmup aims at {lr_text(solver.lr * end)}, where its scheduler is by then:"
            " BASE_LR is never used",
            at="SOLVER.WARMUP_ITERS",
        )


TRAINER = ForeignTrainer(
    "detectron2",
    "0.6",
    SETTINGS,
    claims,
    read,
    files=("config_file",),
    layers=partial(with_bases, key="_BASE_"),
    read_words=partial(read_pairs, switches=SWITCHES),
    schedules=dict.fromkeys(SCHEDULERS, "fvcore.CompositeParamScheduler"),
    keys=KnownKeys(("detectron2",), by_language(command=Fate.DOUBTED, yaml=Fate.DOUBTED)),
    known_by="SOLVER in capitals, SOLVER.BASE_LR, or train_net.py with --config-file",
)
