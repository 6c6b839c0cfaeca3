"""The ``run_*_no_trainer.py`` scripts of transformers: accelerate steps their scheduler for each process.

What each passes to its scheduler stands in one table of scripts; one that is here is read, and of any other
nobody knows. Those that DeepSpeed's examples made of them, DeepSpeed-Chat too, hand it to DeepSpeed's engine
instead.

Source: transformers 4.6 to 5.6 ``examples/pytorch``, accelerate 1.15.0; DeepSpeedExamples, and the
``runtime/engine.py`` of DeepSpeed 0.19.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, lacking
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.own_script import is_of_engine, own_names
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Raw, Setting, count, number, text, whole
from lrviz.inputs.foreign.shared.accelerate_loops import (
    Lengths,
    computed_total,
    computed_warmup,
    is_own_loop,
    number_of,
    own_values,
    with_own_names,
)
from lrviz.inputs.foreign.shared.accelerate_stepped import (
    Stepped,
    across_epochs,
    batches_by,
    factors_beside,
    factors_of_script,
    multiplied,
    stepped,
    updates_of,
)
from lrviz.inputs.foreign.shared.no_trainer_scripts import (
    OF_FEATURES,
    OTHER_SCHEDULES,
    PLAIN,
    generation,
    known_name,
)
from lrviz.inputs.foreign.shared.torch_loops import read_torch, torch_call_of
from lrviz.inputs.foreign.shared.transformers_schedule import COMMON
from lrviz.inputs.foreign.shell.abbreviations import refuse_other_dashes, with_full_names
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.ways_out import SCHEDULE_ALONE

if TYPE_CHECKING:
    from lrviz.inputs.foreign.python.scheduler_factors import Factors
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def _steps_of_warmup(raw: Raw) -> int | float:
    """Whole, but of a loop's own option of type ``float``, which its scheduler is given as it is.

    Raises:
        Unfit: it is something else.

    """
    is_float = isinstance(raw.value, float) and not raw.value.is_integer()
    return number(raw) if is_float else whole(raw)


SETTINGS = (
    Setting("learning_rate", number, 5e-5, "lr"),
    Setting("lr_scheduler_type", text, "linear"),
    Setting("num_warmup_steps", _steps_of_warmup, 0, "warmup"),
    Setting("num_train_epochs", count, 3, "epochs"),
    Setting("max_train_steps", count, None, "steps"),
    Setting("per_device_train_batch_size", count, 8, "batch_size"),
    Setting("gradient_accumulation_steps", count, 1, "grad_accum"),
    Setting("max_train_samples", count),
)


def claims(source: Source) -> bool:
    """A script of that name, the two options that only these have, or a loop of accelerate that is here."""
    if source.language != "command":
        return False
    has_options = {"num_warmup_steps", "per_device_train_batch_size"} <= source.data.keys()
    return has_options or _names_script(source) or is_own_loop(source)


def _names_script(source: Source) -> bool:
    return source.program.removesuffix(".py").endswith("_no_trainer")


def read(run: Settings) -> Spec:
    """The scheduler built over the updates of the script, and stepped by who runs it."""
    known = known_name(run.source.script)
    return _of_engine(run, known) if is_of_engine(run.source) else _of_accelerate(run, known)


def _of_engine(run: Settings, known: str) -> Spec:
    """That of DeepSpeed's engine, which steps it once in an update."""
    found = factors_of_script(run)
    _ask_for_options(run, found)
    name = _schedule(run, found, known)
    updates, total = _updates_of_engine(run)
    batches, accum = (lambda: (_batches_of_sampler(run),) * 2), run["gradient_accumulation_steps"]
    own = computed_warmup(run, Lengths(total, updates, batches, accum), 1)
    warmup = own[0] if own else run["num_warmup_steps"]
    made = Stepped(name, updates, 1, warmup, total, warmup)
    return stepped(run, "transformers", run["learning_rate"], made)


def _of_accelerate(run: Settings, known: str) -> Spec:
    """That of accelerate, which steps what it has prepared once for each process."""
    if call := torch_call_of(run.source):
        _ask_for_options(run, None)
        return read_torch(run, call, number_of)
    found = factors_beside(run)
    _ask_for_options(run, found)
    name = _schedule(run, found, known)
    found = found or _by_name(run, known)
    calls = run.ask("world_size") if found.is_prepared else 1
    is_told = bool(found.made) and run.origin("num_warmup_steps").source == "option"
    times = 1 if is_told else multiplied(run, found.warmup)
    rows = _rows(run, known)
    updates, total = computed_total(run, found, rows) or updates_of(run, found, rows)
    batches, accum = (lambda: batches_by(run, found, rows)), run["gradient_accumulation_steps"]
    lengths = Lengths(total, updates, batches, accum)
    passed, meant = computed_warmup(run, lengths, calls) or _said_warmup(run, times, calls if is_told else 1)
    made = Stepped(name, updates, calls, passed, total, meant)
    return stepped(run, "transformers", run["learning_rate"], made)


def _said_warmup(run: Settings, times: int, calls: int) -> tuple[int | float, float]:
    """The warmup of the options in steps of the scheduler, so many times what is said, and in updates."""
    warmup = run["num_warmup_steps"]
    passed = run.product("warmup of the scheduler", warmup, times) if times > 1 else warmup
    return passed, warmup / calls if calls > 1 else warmup


def _schedule(run: Settings, found: Factors | None, known: str) -> str:
    """The schedule that stands in the script, where it is not given, the one that is said, or its default."""
    if found and found.name in COMMON and run.origin("lr_scheduler_type").source != "option":
        return found.name
    said = run.get("lr_scheduler_type", OTHER_SCHEDULES.get(known))
    return str(said) if said in COMMON else run.choose("lr_scheduler_type", COMMON)


def _ask_for_options(run: Settings, found: Factors | None) -> None:
    """Ask for what a script that is here does not call as these do, or makes of something else.

    Raises:
        ConfigError: its loop is not as theirs.
        PlanError: there is such.

    """
    missing = [*own_values(run)]
    if own_names(run.source):
        needed = ["learning_rate", "per_device_train_batch_size", "num_train_epochs"]
        needed = needed[:1] if run.is_said("max_train_steps") else needed
        needed += ["lr_scheduler_type"] if found and not found.name else []
        missing += [name for name in needed if not run.is_said(name)]
    if missing:
        raise run.question(dict.fromkeys(missing))


def _by_name(run: Settings, known: str) -> Factors:
    """What a script that is not here does, by its name.

    Raises:
        ConfigError: it is none of theirs, and does not train in one process without accumulation.

    """
    if known:
        does, since = generation(known, run.version)
        run.since(since, f"{run.source.script} is as it was since {since}")
        return does
    name = run.source.script or run.source.name
    if run.source.language != "command":
        run.refuse(
            "a script is read with the command that starts it",
            hint=f"-- accelerate launch {name} in its place",
        )
    where = "its scheduler not read" if own_names(run.source) else "not here"
    text = f"{name} is none of transformers' own, and {where}"
    if max(run.ask("world_size"), run["gradient_accumulation_steps"]) > 1:
        run.refuse(
            f"{text}: what it multiplies its warmup and total by is not known",
            hint=f"put the script beside: it is read then; {SCHEDULE_ALONE}",
        )
    run.note("assumed-script", f"{text}: it is taken to pass its warmup and total as they are")
    return PLAIN._replace(is_from_first=False)


def _rows(run: Settings, known: str) -> str:
    """Who says how many rows there are: they are cut to a number that is said."""
    is_cut = run.is_said("max_train_samples") and known not in OF_FEATURES
    return "max_train_samples" if is_cut else "dataset_len"


def _is_of_transformers(command: Source) -> bool:
    return bool(known_name(command.script)) and script_of(command) is None


def _in_full(command: Source) -> Source:
    """The command of one of transformers' own scripts with each option in full.

    Raises:
        ConfigError: one has dashes, or may be several.

    """
    if not _is_of_transformers(command):
        return command
    refuse_other_dashes(command, TRAINER.setting_names, "_", command.script)
    return with_full_names(command, KEYS.names() - _absent(command), {})


def _absent(command: Source) -> frozenset[str]:
    """Options that another of them has, and that of a command in no version; none of one that is here."""
    names = lacking("no_trainer_lacks").get(known_name(command.script), frozenset[str]())
    return names if _is_of_transformers(command) else frozenset()


def _fate(command: Source, layer: Source, _version: str) -> Fate:
    """What becomes of an option that none of them has: their parser stops; another script may have it."""
    is_known = _is_of_transformers(command)
    of_engine = any(name.startswith("deepspeed") for name in command.data)
    is_theirs = is_known and not of_engine and layer.language == "command"
    return Fate.STOPS if is_theirs else Fate.KEPT


def _updates_of_engine(run: Settings) -> tuple[int, int]:
    """The updates of the run, whose engine accumulates across epochs, and those the scheduler is made for."""
    limit = run["max_train_steps"]
    if limit is not None:
        run.line(run.TOTAL_STEPS, "max_train_steps", limit)
        return limit, limit
    epochs, accum = run["num_train_epochs"], run["gradient_accumulation_steps"]
    batches = _batches_of_sampler(run)
    updates, total = across_epochs(run, epochs, batches, accum)
    if updates < 1:
        run.refuse(f"{epochs * batches} batches make no update", hint=run.longer("<grad_accum=1>"))
    return updates, total


def _batches_of_sampler(run: Settings) -> int:
    """Batches of a process in an epoch, whose ``DistributedSampler`` pads."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches("num_train_epochs")
    n, world = run.ask("dataset_len", "world_size")
    return run.sampled_batches(n, world, run["per_device_train_batch_size"], drops=False)


KEYS = KnownKeys(("no_trainer",), _fate, lambda run: _absent(run.source), stops=_absent)
TRAINER = ForeignTrainer(
    "accelerate_no_trainer",
    "5.6",
    SETTINGS,
    claims,
    read,
    aliases=("no_trainer",),
    layers=lambda layers: with_own_names(layers, settings=SETTINGS),
    takes_beginnings=False,  # but for those of transformers' own
    read_words=_in_full,
    keys=KEYS,
    names_script=_names_script,
    used_by=("Accelerator", "deepspeed"),
    reads_loops=True,
    ranks=BY_LOCAL_RANK,
    resumes=("resume_from_checkpoint",),
    known_by="a script run_*_no_trainer.py, --num_warmup_steps and --per_device_train_batch_size, or a script"
    " that is here, with an `Accelerator` or DeepSpeed's engine in its loop",
    oldest="4.6",
    takes_words=False,
)
