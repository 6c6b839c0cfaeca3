"""detectron2: the ``SOLVER`` of its YAML, over that of its ``_BASE_``.

Source: detectron2 0.6 (main 2026-06) ``solver/build.py``, ``solver/lr_scheduler.py``, ``config/defaults.py``.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.own_script import own_names
from lrviz.inputs.foreign.setting import Setting, number, numbers, off, switch, text, whole
from lrviz.inputs.foreign.shared.detectron2_schedulers import POLY, SCHEDULERS, Solver, curve_of
from lrviz.inputs.foreign.shared.detectron2_scripts import (
    BASE,
    makes_config,
    merged,
    own_parts,
)
from lrviz.inputs.foreign.shared.followed_scripts import NOT_HERE
from lrviz.inputs.foreign.shell.abbreviations import begins
from lrviz.inputs.foreign.shell.yacs_words import decoded, read_pairs
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.ways_out import SCHEDULE_ALONE
from lrviz.notation.numbers import lr_text
from lrviz.notation.rendering import shown

if TYPE_CHECKING:
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
_SOLVER = "SOLVER."
OWN_TABLES = {"MODEL", "INPUT", "DATASETS", "DATALOADER", "TEST"}
OTHERS = ("LR_POLICY", "MAX_EPOCH", "MAX_EPOCHS", "SCHED", "EPOCHS")
"""Keys that other projects have in a ``SOLVER`` of theirs."""
LAZY = {"lr_multiplier", "train"}
"""What its LazyConfig in Python always has, made there or imported, ``lr_multiplier_3x``."""
SET_LATE = ("trainer.max_iter", "trainer.start_iter", "trainer.optimizer", "trainer._trainer")
SWITCHES = ("resume", "eval_only")
OPTIONS = (
    "config-file",
    "resume",
    "eval-only",
    "num-gpus",
    "num-machines",
    "machine-rank",
    "dist-url",
    "help",
)
LAZY_SCRIPT = "lazyconfig_train_net.py"
SCRIPTS = ("train_net.py", "plain_train_net.py", LAZY_SCRIPT)


def claims(source: Source) -> bool:
    """``SOLVER`` in capitals, in the words of detectron2, a ``_BASE_`` below a ``MODEL``, or its script."""
    if source.language == "command":
        is_its_script = source.script in SCRIPTS and begins(source, "config_file")
        return is_its_script or any(word.text.startswith("SOLVER.") for word in source.argv)
    if source.language == "python":
        if makes_config(source):
            return True
        imported = {name.rpartition(".")[2] for name in source.python.imports}
        return {*source.data, *(LAZY & {re.sub(r"_\d+x$", "", name) for name in imported})} >= LAZY
    solver = source.data.get("SOLVER")
    if isinstance(solver, dict):
        return not any(key in solver for key in OTHERS)
    return "_BASE_" in source.data and bool(OWN_TABLES & source.data.keys())


def read(run: Settings) -> Spec:
    """The run of ``MAX_ITER`` updates: a warmup laid over a scheduler, which is a share of ``BASE_LR``."""
    _refuse_lazy(run)
    _look_at_script(run)
    _refuse_others(run)
    _check_nested(run)
    _check_types(run)
    _check_poly(run)
    solver = _scaled(run)
    run.line(run.TOTAL_STEPS, "MAX_ITER", solver.max_iter)
    return curve_of(run, solver)


def _refuse_others(run: Settings) -> None:
    """Stop at a schedule of another project, which stands in a base, or below a script of the same name."""
    found = next((key for key in OTHERS if run.raw("SOLVER", key) is not None), None)
    if found:
        run.refuse(
            f"SOLVER.{found} is no setting of detectron2: its schedule is of another project",
            hint="write its numbers as SOLVER: {BASE_LR: 0.02, MAX_ITER: 90000, STEPS: [60000, 80000]};"
            f" {SCHEDULE_ALONE}",
        )


def _refuse_lazy(run: Settings) -> None:
    """Its schedule is objects that are made when it runs, often of other files."""
    is_config = run.source.language == "python" and not makes_config(run.source)
    if is_config or run.source.script == LAZY_SCRIPT:
        run.refuse(
            "a LazyConfig is not read: its lr_multiplier is made of objects, here or in what it imports",
            hint="write its numbers in YAML, SOLVER: {BASE_LR: 0.02, MAX_ITER: 90000, STEPS: [60000, 80000],"
            " WARMUP_ITERS: 1000}, see lrviz info fvcore.CompositeParamScheduler",
        )


def _look_at_script(run: Settings) -> None:
    """Stop at a schedule of the script's own, and say where its optimizer may have other LRs."""
    for one in own_parts(run.source):
        is_schedule = one.what in ("build_lr_scheduler", "trainer.scheduler")
        if is_schedule and not run.is_said("build_lr_scheduler"):
            hint = "--given build_lr_scheduler=own where it calls detectron2's"
            run.refuse(f"{one.where} has its own {one.what}, which is not read", hint=hint)
        if one.what == NOT_HERE:
            run.warn("own-scheduler", f"{one.where}: the LR may be another than this")
        elif one.what == "build_optimizer":
            text = (
                f"{one.where} has its own {one.what}: groups of its own may have another LR than SOLVER says"
            )
            run.warn("own-optimizer", text)
        elif one.what in SET_LATE:
            run.warn(
                "own-length",
                f"{one.where} sets {one.what} of the trainer that is made: it may be another run",
            )


def _check_nested(run: Settings) -> None:
    """Refuse ``SOLVER.BASE_LR: 0.1`` in a file, where its keys are tables."""
    for one in run.sources:
        for key in one.data if one.language == "yaml" else ():
            if key.startswith(_SOLVER):
                text = f"{one.place((key,))}: there is no key {key} in a config of yacs: it stops"
                raise ConfigError(text, hint=f"write SOLVER: {{{key.removeprefix(_SOLVER)}: …}}")


def _check_poly(run: Settings) -> None:
    """Refuse the scheduler of projects/DeepLab in a script that is here and has nothing of that."""
    found = script_of(run.source) if run.source.language == "command" else None
    if run["SOLVER.LR_SCHEDULER_NAME"] == POLY and found and "deeplab" not in ast.dump(found[1]).lower():
        text = f"{POLY} is a scheduler of projects/DeepLab, which {found[0]} does not use: it stops"
        run.refuse(text, at="SOLVER.LR_SCHEDULER_NAME", instead="WarmupCosineLR")


def _check_types(run: Settings) -> None:
    """Refuse a value of another type than the default's, as yacs 0.1.8 does: ``BASE_LR: 1``, ``STEPS: 1``."""
    for setting in SETTINGS:
        value, found = run[setting.name], run.lookup.of(setting)
        place = found.origin.place if found else None
        is_merged = place is not None and not place.file.endswith((".py", ".ipynb"))
        if not found or not is_merged or not setting.name.startswith(_SOLVER):
            continue
        said, kinds = decoded(found.value), (type(setting.default), None.__class__)
        is_one = isinstance(said, (Unknown, *kinds)) and (
            said is None or type(said) is not bool or bool in kinds
        )
        if not is_one and not (tuple in kinds and isinstance(said, list)):
            meant = ",".join(map(shown, value)) if isinstance(value, tuple) else shown(kinds[0](value))
            text = f"{setting.name}={found.value} is no {kinds[0].__name__}: yacs stops"
            run.refuse(text, hint=f"--given {setting.name}={meant}", at=setting.name)


def _scaled(run: Settings) -> Solver:
    """``auto_scale_workers``: the numbers of another number of processes than ``REFERENCE_WORLD_SIZE``."""
    said = Solver(*(run[f"SOLVER.{name}"] for name in ("BASE_LR", "MAX_ITER", "WARMUP_ITERS", "STEPS")))
    old = run["SOLVER.REFERENCE_WORLD_SIZE"]
    if said.max_iter < 1:
        run.refuse(f"MAX_ITER={said.max_iter} makes no update", hint="<steps=40000>", at="SOLVER.MAX_ITER")
    is_known = run.source.language == "command" or run.is_answered("world_size")
    world = _processes(run) if old or is_known else 0
    if not old or world == old:
        _check_batch(run, max(world, 1))
        return said
    images = run["SOLVER.IMS_PER_BATCH"]
    if images % old:
        run.refuse(
            f"IMS_PER_BATCH={images} is no multiple of REFERENCE_WORLD_SIZE={old}: it stops",
            hint=f"--given SOLVER.IMS_PER_BATCH={max(images // old, 1) * old}",
            at="SOLVER.REFERENCE_WORLD_SIZE",
        )
    made = said.scaled(world / old)
    run.note(
        "scaled-to-processes",
        f"{world} processes instead of {old}: batch {images} -> {round(images * world / old)},"
        f" LR {lr_text(said.lr)} -> {lr_text(made.lr)}, MAX_ITER {said.max_iter} -> {made.max_iter},"
        f" WARMUP_ITERS {said.warmup} -> {made.warmup}",
        at="SOLVER.REFERENCE_WORLD_SIZE",
    )
    return made


def _check_batch(run: Settings, world: int) -> None:
    """Refuse a batch that its loader does not share out evenly."""
    images = run["SOLVER.IMS_PER_BATCH"]
    if images < 1 or images % world:
        run.refuse(
            f"IMS_PER_BATCH={images} is no multiple of the {world} processes: it stops",
            hint=f"--given SOLVER.IMS_PER_BATCH={max(images // world, 1) * world}",
            at="SOLVER.IMS_PER_BATCH",
        )


def _processes(run: Settings) -> int:
    """``--num-gpus`` times ``--num-machines`` of a command, which is 1 of each where it says nothing."""
    if run.is_answered("world_size") or run.source.language != "command":
        return int(run.ask("world_size"))
    return int(run["num_gpus"] * run["num_machines"])


def _read_words(source: Source) -> Source:
    """The command with its pairs, whose keys are in capitals; a parser of one's own may take others."""
    known = {one for one in KnownKeys(("detectron2",)).names() if one.isupper()}
    return read_pairs(source, SWITCHES, set() if own_names(source) else known)


TRAINER = ForeignTrainer(
    "detectron2",
    "0.6",
    SETTINGS,
    claims,
    read,
    files=("config_file",),
    options=OPTIONS,
    base_key=BASE,
    layers=merged,
    read_words=_read_words,
    schedules=dict.fromkeys(SCHEDULERS, "fvcore.CompositeParamScheduler"),
    keys=KnownKeys(("detectron2",), by_language(command=Fate.DOUBTED, yaml=Fate.DOUBTED)),
    interpolates=False,
    no_training=NoTraining(needs=off("eval_only")),
    resumes=("resume",),
    known_by="SOLVER in capitals, SOLVER.BASE_LR, or train_net.py with --config-file",
    reads_names=True,
)
