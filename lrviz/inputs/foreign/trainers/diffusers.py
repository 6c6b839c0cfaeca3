"""The ``train_*.py`` scripts of diffusers: five ways to build a scheduler that accelerate steps per process.

Source: ``examples`` of diffusers 2026-08, ``optimization.py`` of 0.42.1, accelerate 1.15.0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.python.own_loops import DIFFUSERS
from lrviz.inputs.foreign.python.scheduler_calls import ACCUMULATION, PROCESSES
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, count, number, switch, text, whole
from lrviz.inputs.foreign.shared.accelerate_loops import Lengths, computed_warmup, own_values, with_own_names
from lrviz.inputs.foreign.shared.accelerate_stepped import (
    WITHOUT_WARMUP,
    Stepped,
    batches_of,
    factors_beside,
    stepped,
    warmup_of,
)
from lrviz.inputs.foreign.shared.diffusers_scripts import (
    ALWAYS,
    BEFORE,
    BOTH,
    NOTHING,
    TO_END,
    WHOLE,
    A,
    P,
    Script,
    absent,
    known_script,
    lacks,
)
from lrviz.inputs.foreign.shared.diffusers_updates import (
    diffusers_updates,
    is_flat,
    rows_of,
    times_of,
    world_of,
)
from lrviz.inputs.foreign.shared.image_commands import is_diffusers
from lrviz.inputs.foreign.shared.transformers_schedule import COMMON
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

TEXT_ENCODER_LR = 5e-6
HAS_TEXT_ENCODER_LR = ("lora_sdxl", "flux", "sd3", "advanced")
LR_OF_GROUPS = (
    *("train_dreambooth_flux", "train_dreambooth_sd3", "train_dreambooth_lora_"),
    "train_cogvideox",
)
"""Scripts that give their optimizer no ``lr`` beside those of its groups, by the beginning of their names."""
_TIMES = {
    frozenset({PROCESSES}): P,
    frozenset({ACCUMULATION}): A,
    frozenset({PROCESSES, ACCUMULATION}): BOTH,
    frozenset[str](): NOTHING,
}
WITHOUT_TOTAL = ("constant", "constant_with_warmup")
NAMES = (*COMMON, "piecewise_constant")
SETTINGS = (
    Setting("learning_rate", number, None, "lr"),
    Setting("scale_lr", switch, default=False),
    Setting("lr_scheduler", text, "constant"),
    Setting("lr_warmup_steps", whole, 500, "warmup"),
    Setting("lr_num_cycles", whole, 1),
    Setting("lr_power", number, 1.0),
    Setting("num_train_epochs", count, None, "epochs", ("num_epochs",)),
    Setting("max_train_steps", count, None, "steps"),
    Setting("train_batch_size", count, None, "batch_size"),
    Setting("gradient_accumulation_steps", count, 1, "grad_accum"),
    Setting("max_train_samples", count),
    Setting("dataloader_num_workers", whole, 0),
    Setting("repeats", count, 1),
    Setting("with_prior_preservation", switch, default=False),
    Setting("num_class_images", count),
    Setting("use_aspect_ratio_buckets", switch, default=False),
    Setting("aspect_ratio_buckets", text),
    Setting("optimizer", text),
    Setting("train_text_encoder", switch, default=False),
    Setting("text_encoder_lr", number),
)


def claims(source: Source) -> bool:
    """A command of one of the scripts, or with options that only these have."""
    return source.language == "command" and is_diffusers(source)


def read(run: Settings) -> Spec:
    """The scheduler that the script builds, and accelerate steps."""
    if missing := [*own_values(run, DIFFUSERS)]:
        raise run.question(dict.fromkeys(missing))
    script = _script(run)
    name = _schedule(run, script)
    updates, total = diffusers_updates(run, script)
    passed, meant = _warmup(run, script, name, updates, total)
    made = Stepped(name, updates, world_of(run, script), passed, total, meant)
    values: dict[str, Value] = {
        "cosine_with_restarts": {"num_cycles": run["lr_num_cycles"]},
        "polynomial": {"power": run["lr_power"]},
    }.get(name, {})
    lr, groups = _lrs(run, script, name)
    return stepped(run, "diffusers", lr, made, **values, groups=groups)


def _schedule(run: Settings, script: Script) -> str:
    """The scheduler's name, of those that the script can build."""
    name: str = run.get("lr_scheduler", script.lr_scheduler)
    if name not in NAMES:
        run.choose("lr_scheduler", NAMES)
    if name == "piecewise_constant":
        run.refuse(
            "piecewise_constant: the script passes no step_rules, and stops",
            at="lr_scheduler",
            instead="constant",
        )
    _refuse_unknown_total(run, script, name)
    return name


def _warmup(
    run: Settings, script: Script, name: str, updates: int, total: int
) -> tuple[int | float, int | float]:
    """The warmup in steps of the scheduler, and meant, in updates."""
    found = factors_beside(run)
    has_own = bool(found and found.made and name not in WITHOUT_WARMUP)
    is_made = has_own and run.origin("lr_warmup_steps").source == "option"
    own = None if name == "constant" else _computed(run, script, updates, total)
    warmup = warmup_of(run, found if is_made and not own else None, "lr_warmup_steps")
    if own:
        return own
    times = 1 if is_made else times_of(run, script, script.warmed)
    if name != "constant" and times > 1:
        run.product("warmup of the scheduler", warmup, times)
    elif name == "constant" and run.is_said("lr_warmup_steps") and warmup:
        run.note(
            "warmup-ignored", "constant has no warmup: lr_warmup_steps changes nothing", at="lr_warmup_steps"
        )
    return warmup * times, warmup / world_of(run, script) if is_made else warmup


def _lrs(run: Settings, script: Script, name: str) -> tuple[float, tuple[Call, ...] | None]:
    """The optimizer's LR, and its groups."""
    lr, groups = _lr(run, script), _groups(run)
    default = _default_lr(run) if name == "polynomial" else None
    if default is None or default == lr:
        return lr, groups
    note = f"lr is of its groups, not of its optimizer: the floor is 1e-7 / {default:g} of the peak"
    run.note("optimizer-default", note, at="lr_scheduler")
    return default, (Call("denoiser", (("lr", lr),)), *(groups or ())[1:])


def _default_lr(run: Settings) -> float | None:
    """The optimizer's own, where the script has another in its groups alone: Prodigy's or AdamW's."""
    if not run.source.script.startswith(LR_OF_GROUPS):
        return None
    return 1.0 if (run["optimizer"] or "").lower() == "prodigy" else 1e-3


def _computed(run: Settings, script: Script, updates: int, total: int) -> tuple[int | float, float] | None:
    """The warmup that a script which is here computes; None where it has that of the options."""
    size = run.get("train_batch_size", script.batch)
    accum = run["gradient_accumulation_steps"]
    lengths = Lengths(total, updates, lambda: batches_of(run, size, rows_of(run, script)), accum)
    return computed_warmup(run, lengths, world_of(run, script), DIFFUSERS)


def _is_own(command: Source) -> bool:
    """Whether its script is none of theirs."""
    return known_script(command.script.removesuffix(".py")) is None


def _refuse_unknown_total(run: Settings, script: Script, name: str) -> None:
    """What computes with ``max_train_steps`` before the epochs tell it."""
    needs_it = script.needs_steps == ALWAYS or (script.needs_steps == TO_END and name not in WITHOUT_TOTAL)
    if not needs_it or run.is_said("max_train_steps"):
        return
    which = run.source.script.removesuffix(".py")
    run.refuse(
        f"{which} builds its scheduler before the epochs tell max_train_steps, and stops",
        hint="<steps=1000>",
        at="lr_scheduler",
    )


def _script(run: Settings) -> Script:
    """The script that is started, once all that it needs is known."""
    name = run.source.script.removesuffix(".py")
    known = known_script(name)
    script, is_read = _as_written(run, known or Script(P, epochs=0, repeats=True))
    asked = [] if known else ["learning_rate"]
    if not run.is_said("max_train_steps") and script.max_steps is None and script.needs_steps != ALWAYS:
        asked += [] if known else ["num_train_epochs", "train_batch_size"]
        asked += [] if run.is_said("batches_per_epoch") else [rows_of(run, script)]
    run.ask(*([] if is_flat(run, script) else ["world_size"]), *asked)
    if not known and not is_read:
        run.note(
            "assumed-script",
            f"{name} is none of diffusers' examples: it is taken to multiply by the processes, as most do",
        )
    return script


def _as_written(run: Settings, script: Script) -> tuple[Script, bool]:
    """The script as it is here, and whether it is and tells what it multiplies both lengths by."""
    found = factors_beside(run)
    if found is None or found.total != found.of_epochs:
        return script, False
    warmed, written = (_TIMES[frozenset(one)] for one in (found.warmup, found.total))
    is_older = written == A and script.times != A  # those count the epochs before batches are shared out
    counts = BEFORE if is_older or (_is_own(run.source) and not found.is_after) else script.counts
    loader = script.loader if found.is_shared else WHOLE
    return script._replace(times=written, counts=counts, loader=loader, warmed=warmed), True


def _lr(run: Settings, script: Script) -> float:
    """The LR, with ``--scale_lr`` times the batch of an update."""
    lr: float = run.get("learning_rate", script.lr)
    if not run["scale_lr"]:
        return lr
    if not script.scales:
        run.note("scale-ignored", "the script does not look at scale_lr: it changes nothing", at="scale_lr")
        return lr
    accum, world = run["gradient_accumulation_steps"], run.ask("world_size")
    factors = (accum, run.get("train_batch_size", script.batch), world)
    scaled: float = lr * math.prod(factors)
    formula = " * ".join(map(str, factors))
    run.note("scaled-lr", f"scale_lr: {lr_text(lr)} * {formula} = {lr_text(scaled)}", at="scale_lr")
    return scaled


def _groups(run: Settings) -> tuple[Call, ...] | None:
    """The text encoder beside the denoiser, where it is trained with an LR of its own."""
    name = run.source.script.removesuffix(".py")
    default = TEXT_ENCODER_LR if any(sign in name for sign in HAS_TEXT_ENCODER_LR) else None
    lr = run.get("text_encoder_lr", default)
    if not run["train_text_encoder"] or lr is None:
        return None
    if (run["optimizer"] or "").lower() == "prodigy":
        run.note(
            "lr-ignored",
            "prodigy: the text encoder has learning_rate, whatever text_encoder_lr says",
            at="optimizer",
        )
        return None
    return (Call("denoiser", (("scale", 1.0),)), Call("text_encoder", (("lr", lr),)))


TRAINER = ForeignTrainer(
    "diffusers",
    "2026-08",
    SETTINGS,
    claims,
    read,
    dash="_",
    keys=KnownKeys(("diffusers",), by_language(command=Fate.DOUBTED), lacks, stops=absent),
    layers=lambda layers: with_own_names(layers, DIFFUSERS, SETTINGS),
    used_by=("Accelerator",),
    reads_loops=True,
    ranks=BY_LOCAL_RANK,
    oldest="2024-10",
    resumes=("resume_from_checkpoint",),
    known_by="--train_batch_size and --num_train_epochs, --dataset_name or --instance_data_dir",
    takes_words=False,
)
