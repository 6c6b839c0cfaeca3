"""SimpleTuner: JSON or TOML whose keys may begin with ``--``, or a ``config.env``.

Source: SimpleTuner 3.1.6 and 4.0.0, ``helpers/training/custom_schedule.py``, ``trainer.py``,
``helpers/configuration``, ``field_registry``; diffusers 0.42.1 and accelerate 1.15.0.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, count, number, switch, text, whole
from lrviz.inputs.foreign.shared.accelerate_stepped import Stepped, stepped
from lrviz.inputs.foreign.shared.image_commands import OF_SIMPLETUNER, is_diffusers, is_kohya
from lrviz.inputs.foreign.shared.renaming import renamed
from lrviz.inputs.foreign.shared.trainer_length import updates_of_epochs
from lrviz.inputs.foreign.shell.argv import read_options
from lrviz.inputs.foreign.synonyms import key_called
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.word import Word
from lrviz.notation.nearest import nearest
from lrviz.notation.numbers import lr_text
from lrviz.notation.origin import Place
from lrviz.resolve.keys import KEYS as KEYS_OF_RUN

if TYPE_CHECKING:
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("learning_rate", number, 4e-7, "lr"),
    Setting("lr_scheduler", text, "constant_with_warmup"),
    Setting("lr_warmup_steps", whole, 0, "warmup"),
    Setting("lr_end", number, 4e-7, "min_lr"),
    Setting("lr_power", number, 0.8),
    Setting("lr_scale", switch, default=False),
    Setting("lr_scale_sqrt", switch, default=False),
    Setting("num_train_epochs", number, 1, "epochs"),
    Setting("max_train_steps", whole, 0, "steps"),
    Setting("train_batch_size", count, 1, "batch_size"),
    Setting("gradient_accumulation_steps", count, 1, "grad_accum"),
    Setting("num_processes", count, None, "world_size"),
    Setting("batches_per_epoch_per_process", count),
    Setting("optimizer", text, "adamw_bf16"),
)
WAVES = {"cosine": "simpletuner.Cosine", "sine": "simpletuner.Sine"}
OF_DIFFUSERS = ("linear", "constant", "constant_with_warmup")
NAMES = (*WAVES, "cosine_with_restarts", "polynomial", *OF_DIFFUSERS)
VARIABLES = {
    "LEARNING_RATE": "learning_rate",
    "LR_SCHEDULE": "lr_scheduler",
    "LR_WARMUP_STEPS": "lr_warmup_steps",
    "LR_END": "lr_end",
    "NUM_EPOCHS": "num_train_epochs",
    "MAX_NUM_STEPS": "max_train_steps",
    "TRAIN_BATCH_SIZE": "train_batch_size",
    "GRADIENT_ACCUMULATION_STEPS": "gradient_accumulation_steps",
    "TRAINING_NUM_PROCESSES": "num_processes",
    "OPTIMIZER": "optimizer",
    "MODEL_FAMILY": "model_family",
}
"""What ``config.env`` calls them."""
EXTRA = "TRAINER_EXTRA_ARGS"
_GIVEN_ALONE = frozenset({"batches_per_epoch_per_process"})
KEYS = KnownKeys(("simpletuner",), by_language(Fate.STOPS, env=Fate.KEPT), lambda _: _GIVEN_ALONE)
_VARIABLES = frozenset(name for name in KEYS.names() if name.isupper())
_OPTIONS = KEYS.names() - _VARIABLES
_CUTOFF = 0.75


def claims(source: Source) -> bool:
    """A model's family, or keys that begin with ``--``; its variables in ``config.env``; its ``train.py``."""
    if source.language == "env":
        return len(source.data.keys() & {*VARIABLES, EXTRA}) > 1
    if source.language == "command":
        return _is_command(source)
    if source.language not in ("json", "toml"):
        return False
    data = _named(source).data
    has_dashes = any(str(key).startswith("--") for key in source.data)
    return "model_family" in data or (has_dashes and "learning_rate" in data)


def _is_command(source: Source) -> bool:
    """A command of ``train.py`` with options of its own, or with none that it does not have."""
    if source.script != "train.py" and source.module != "simpletuner.train":
        return False
    may_be = (is_kohya(source) or is_diffusers(source)) and source.data.keys() <= _OPTIONS
    return may_be or bool(source.data.keys() & OF_SIMPLETUNER)


def read(run: Settings) -> Spec:
    """The scheduler, which accelerate steps once for each process at every update."""
    kind = _kind(run)
    _check_variables(run)
    updates, world = _updates(run)
    lr, warmup = _lr(run, world), run["lr_warmup_steps"]
    optimizer = run["optimizer"]
    if "schedulefree" in optimizer:
        run.note(
            "schedule-free", f"{optimizer} has no scheduler: lr_scheduler changes nothing", at="optimizer"
        )
        return stepped(run, "diffusers", lr, Stepped("constant", updates, world, 0, 0, 0))
    if kind in WAVES:
        return _wave(run, kind, lr, updates, world)
    if kind == "cosine_with_restarts":
        return _standing(run, lr, updates)
    made = Stepped(kind, updates, world, warmup * world, updates * world, warmup)
    if kind == "polynomial":
        return stepped(run, "transformers", lr, made, lr_end=run["lr_end"], power=run["lr_power"])
    return stepped(run, "diffusers", lr, made)


def _kind(run: Settings) -> str:
    """The scheduler; from 4.0.0 on a warmup makes another of ``constant``, and ``cosine`` has two names."""
    if run["lr_scheduler"].lower() == "cosine_with_warmup" and run.since("4"):
        return "cosine"
    kind = run.choose("lr_scheduler", NAMES)
    if kind != "constant" or run["lr_warmup_steps"] <= 0:
        return kind
    what = "constant has no warmup before 4.0.0; from there on lr_warmup_steps makes it constant_with_warmup"
    return "constant_with_warmup" if run.since("4", what) else kind


def _check_variables(run: Settings) -> None:
    """Say which variables of ``config.env`` it does not have, and stop at an option that it has not.

    Raises:
        ConfigError: there is such an option among its further arguments.

    """
    if run.source.language != "env":
        return
    for name in (str(path[0]) for path in run.source.places):
        written = run.source.place((name,)).key
        if written.startswith("--"):
            _check_option(run, name)
        elif written not in _VARIABLES and (meant := _meant(written.upper())):
            text = f"{written} is no variable of {run.title}, which passes over it: did you mean {meant}?"
            run.warn("misspelt-key", text)


def _check_option(run: Settings, name: str) -> None:
    if name in _OPTIONS or any(one.endswith("*") and name.startswith(one[:-1]) for one in _OPTIONS):
        return
    near = nearest(name, _OPTIONS, cutoff=_CUTOFF)
    place = run.source.place((name,))
    text = f"{place._replace(key='')}: {place.key} is no option of {run.title}, which stops at it"
    raise ConfigError(text, hint=f"write --{near}" if near else f"take {place.key} out of {EXTRA}")


def _meant(name: str) -> str:
    """The variable, or the option that has none, which is meant by another; nothing where none is."""
    word, by_option = name.lower(), {option: one for one, option in VARIABLES.items()}
    if word in by_option or word in (one.name for one in SETTINGS):
        return by_option.get(word, f"--{word} in {EXTRA}")
    key = word if word in KEYS_OF_RUN else key_called(word)
    called = (by_option[one.name] for one in SETTINGS if one.key == key != "" and one.name in by_option)
    return nearest(name, by_option.values(), cutoff=_CUTOFF) or next(called, "")


def _updates(run: Settings) -> tuple[int, int]:
    """Updates of the run, ``ceil(epochs * ceil(batches / accumulation))`` where it has no limit; processes.

    Raises:
        ConfigError: both or neither are said.

    """
    limit, epochs = run["max_train_steps"], run["num_train_epochs"]
    if limit > 0 and epochs > 0:
        run.refuse(
            "max_train_steps beside num_train_epochs, which is 1 unless it is 0: SimpleTuner stops",
            hint="--given num_train_epochs=0",
            at="max_train_steps",
        )
    if limit <= 0 and epochs <= 0:
        run.refuse(
            "max_train_steps or num_train_epochs must be above 0", hint="<epochs=1>", at="num_train_epochs"
        )
    per_process = "batches_per_epoch_per_process"
    batches = per_process if run.is_said(per_process) else "batches_per_epoch"
    processes = "num_processes" if run.is_said("num_processes") else "world_size"
    if limit > 0:
        return run.line(run.TOTAL_STEPS, "max_train_steps", limit), run.ask(processes)
    n, world = run.ask(batches, processes)
    accum = run["gradient_accumulation_steps"]
    in_epoch = run.ceil(run.STEPS_PER_EPOCH, n, accum)
    return updates_of_epochs(run, epochs, in_epoch), world


def _lr(run: Settings, world: int) -> float:
    """The LR, with ``lr_scale`` times the batch of an update, or its square root."""
    lr: float = run["learning_rate"]
    if not run["lr_scale"]:
        return lr
    factors = (run["gradient_accumulation_steps"], run["train_batch_size"], world)
    formula = " * ".join(map(str, factors))
    is_root = run["lr_scale_sqrt"]
    scaled = lr * (math.sqrt(math.prod(factors)) if is_root else math.prod(factors))
    formula = f"sqrt({formula})" if is_root else formula
    run.note("scaled-lr", f"lr_scale: {lr_text(lr)} * {formula} = {lr_text(scaled)}", at="lr_scale")
    return scaled


def _wave(run: Settings, kind: str, lr: float, updates: int, world: int) -> Spec:
    """A wave without an end, of which ``lr_warmup_steps`` are half a period."""
    half = run["lr_warmup_steps"]
    if half <= 0 and kind == "sine":
        run.refuse(
            "sine needs lr_warmup_steps, half its period: SimpleTuner stops",
            at="lr_warmup_steps",
            instead=100,
        )
    period = half if half > 0 else 1000 / world
    run.warmup = half
    ends = "falls first" if kind == "cosine" else "begins in the middle"
    run.warn(
        "warmup-is-a-period",
        f"{kind} has no warmup: lr_warmup_steps={half} makes a wave for ever between {lr_text(lr)} and"
        f" {lr_text(run['lr_end'])} that {ends} and turns every {period:g} updates",
        at="lr_warmup_steps",
    )
    calls = world if world > 1 else None
    return run.curve(WAVES[kind], lr=lr, steps=updates, calls=calls, T_0=half * world, eta_min=run["lr_end"])


def _standing(run: Settings, lr: float, updates: int) -> Spec:
    """``cosine_with_restarts``, whose step takes no ``epoch``: it never moves."""
    if run["lr_warmup_steps"] <= 0:
        run.refuse(
            "cosine_with_restarts needs lr_warmup_steps, its first cycle: SimpleTuner stops",
            at="lr_warmup_steps",
            instead=100,
        )
    run.warmup = 0
    run.warn(
        "schedule-never-moves",
        "cosine_with_restarts never restarts in SimpleTuner: the LR stays where it is",
        at="lr_scheduler",
    )
    return run.curve("diffusers.constant", lr=math.floor(lr * 1e9) / 1e9, steps=updates)


# --- names -----------------------------------------------------------------------------------------------


def _named(source: Source) -> Source:
    """A file with its keys without dashes and its variables by the names of their options."""
    if source.language == "env":
        return _of_env(source)
    inner = source.data.get("config")
    paths: dict[KeyPath, str] = {(key,): _in_full(str(key)) for key in source.data}
    if isinstance(inner, dict):
        paths |= {("config", key): _in_full(str(key)) for key in inner}
    return renamed(source, paths)


def _in_full(key: str) -> str:
    """The option that a key is, or that alone begins so: argparse reads each."""
    name = key.lstrip("-").replace("-", "_")
    begun = [one for one in _OPTIONS if one.startswith(name)] if name and name not in _OPTIONS else []
    return begun[0] if len(begun) == 1 else name


def _of_env(source: Source) -> Source:
    """The variables that SimpleTuner knows, and the options among its further arguments, which win.

    What it passes over has a place alone.
    """
    read = {key: value for key, value in source.data.items() if key in VARIABLES or not _is_option(key)}
    known = renamed(replace(source, data=read), {(key,): VARIABLES.get(key, key) for key in read})
    passed: dict[KeyPath, Place] = {(key,): source.place((key,)) for key in source.data if key not in read}
    extra = source.data.get(EXTRA)
    words = [Word.of(word) for word in extra.split()] if isinstance(extra, str) else []
    place = source.place((EXTRA,))
    options = read_options(words).options
    said: dict[KeyPath, Place] = {
        (_in_full(one.name),): Place(place.file, place.line, one.written) for one in options
    }
    data = {**known.data, **{_in_full(one.name): one.value for one in options}}
    return replace(known, data=data, places={**known.places, **passed, **said})


def _is_option(key: str) -> bool:
    """Whether what is no variable is called as an option is: LR_SCHEDULER, learning_rate."""
    return key not in _VARIABLES and key.lower() in _OPTIONS


TRAINER = ForeignTrainer(
    "simpletuner",
    "3.1.6",
    SETTINGS,
    claims,
    read,
    program="SimpleTuner",
    read_file=_named,
    schedules={"sine": WAVES["sine"]},
    keys=KEYS,
    interpolates=False,
    ranks=BY_LOCAL_RANK,
    known_by="model_family, keys that begin with --, or LR_SCHEDULE and LEARNING_RATE in config.env",
    oldest="3.1",
    newest="4.8",
)
