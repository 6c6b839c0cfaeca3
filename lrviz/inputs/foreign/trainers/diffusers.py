"""The ``train_*.py`` scripts of diffusers: five ways to build a scheduler that accelerate steps per process.

Source: ``examples`` of diffusers 2026-08, ``optimization.py`` of 0.42.1, accelerate 1.15.0.
"""

from __future__ import annotations

import math
from functools import partial
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
    across_epochs,
    batches_of,
    by_epochs,
    factors_beside,
    stepped,
    warmup_of,
)
from lrviz.inputs.foreign.shared.diffusers_scripts import (
    ALWAYS,
    BATCHES,
    BEFORE,
    NOTHING,
    SHARED,
    TO_END,
    WEB,
    WHOLE,
    A,
    P,
    Script,
    known_script,
)
from lrviz.inputs.foreign.shared.image_commands import is_diffusers
from lrviz.inputs.foreign.shared.transformers_schedule import COMMON
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call
from lrviz.plan.arithmetic import ceil_div

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
    if _is_own(run.source) and (missing := [*own_values(run, DIFFUSERS)]):
        raise run.question(dict.fromkeys(missing))
    script = _script(run)
    name = run.get("lr_scheduler", script.lr_scheduler)
    if name not in NAMES:
        run.choose("lr_scheduler", NAMES)
    if name == "piecewise_constant":
        run.refuse(
            "piecewise_constant: the script passes no step_rules, and stops",
            at="lr_scheduler",
            instead="constant",
        )
    _refuse_unknown_total(run, script, name)
    updates, total = _updates(run, script)
    found = factors_beside(run)
    has_own = bool(found and found.made and name not in WITHOUT_WARMUP)
    is_read = _is_own(run.source) and run.origin("lr_warmup_steps").source != "option"
    is_made, calls = has_own and not is_read, _world(run, script)
    own = None if name == "constant" else _computed(run, script, updates, total)
    warmup = warmup_of(run, found if is_made and not own else None, "lr_warmup_steps")
    times = 1 if is_made else _times(run, script)
    if name == "constant" and run.is_said("lr_warmup_steps") and warmup:
        run.note(
            "warmup-ignored", "constant has no warmup: lr_warmup_steps changes nothing", at="lr_warmup_steps"
        )
    elif name != "constant" and times > 1 and not own:
        run.product("warmup of the scheduler", warmup, times)
    passed, meant = own or (warmup * times, warmup / calls if is_made else warmup)
    made = Stepped(name, updates, calls, passed, total, meant)
    values: dict[str, Value] = {
        "cosine_with_restarts": {"num_cycles": run["lr_num_cycles"]},
        "polynomial": {"power": run["lr_power"]},
    }.get(name, {})
    lr, groups = _lr(run, script), _groups(run)
    if name == "polynomial" and (default := _default_lr(run)) not in (None, lr):
        note = f"lr is of its groups, not of its optimizer: the floor is 1e-7 / {default:g} of the peak"
        run.note("optimizer-default", note, at="lr_scheduler")
        lr, groups = default, (Call("denoiser", (("lr", lr),)), *(groups or ())[1:])
    return stepped(run, "diffusers", lr, made, **values, groups=groups)


def _default_lr(run: Settings) -> float | None:
    """The optimizer's own, where the script has another in its groups alone: Prodigy's or AdamW's."""
    if not run.source.script.startswith(LR_OF_GROUPS):
        return None
    return 1.0 if (run["optimizer"] or "").lower() == "prodigy" else 1e-3


def _computed(run: Settings, script: Script, updates: int, total: int) -> tuple[int | float, float] | None:
    """The warmup that a script of one's own computes; None where it has that of the options."""
    if not _is_own(run.source):
        return None
    size = run.get("train_batch_size", script.batch)
    accum = run["gradient_accumulation_steps"]
    lengths = Lengths(total, updates, lambda: batches_of(run, size, _rows(run, script)), accum)
    return computed_warmup(run, lengths, _world(run, script), DIFFUSERS)


def _is_own(command: Source) -> bool:
    """Whether its script is none of theirs."""
    return known_script(command.script.removesuffix(".py")) is None


def _with_own_names(layers: list[Source]) -> list[Source]:
    return with_own_names(layers, DIFFUSERS) if _is_own(layers[0]) else layers


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
        asked += [] if run.is_said("batches_per_epoch") else [_rows(run, script)]
    run.ask(*([] if _is_flat(run, script) else ["world_size"]), *asked)
    if not known and not is_read:
        run.note(
            "assumed-script",
            f"{name} is none of diffusers' examples: it is taken to multiply by the processes, as most do",
        )
    return script


def _as_written(run: Settings, script: Script) -> tuple[Script, bool]:
    """The script as it is here, and whether it is and tells what it multiplies both lengths by."""
    found = factors_beside(run)
    if found is None or not found.warmup == found.total == found.of_epochs:
        return script, False
    times = {frozenset({PROCESSES}): P, frozenset({ACCUMULATION}): A, frozenset[str](): NOTHING}
    written = times.get(found.warmup, script.times)
    is_older = written == A and script.times != A  # those count the epochs before batches are shared out
    counts = BEFORE if is_older or (_is_own(run.source) and not found.is_after) else script.counts
    loader = script.loader if found.is_shared else WHOLE
    return script._replace(times=written, counts=counts, loader=loader), True


def _is_flat(run: Settings, script: Script) -> bool:
    """Whether the LR stands still for a number of updates that is said: then the processes do not matter."""
    name = run.get("lr_scheduler", script.lr_scheduler)
    return name == "constant" and run.is_said("max_train_steps") and not run["scale_lr"]


def _world(run: Settings, script: Script) -> int:
    return 1 if _is_flat(run, script) else run.ask("world_size")


def _rows(run: Settings, script: Script) -> str:
    """Who says how many rows there are; of images in several buckets nobody knows how many are dropped."""
    if script.drops and (run["use_aspect_ratio_buckets"] or run["aspect_ratio_buckets"]):
        return "batches_per_epoch"
    is_cut = run.is_said("max_train_samples") or (script.loader == WEB and not run.is_said("dataset_len"))
    return "max_train_samples" if is_cut else "dataset_len"


def _times(run: Settings, script: Script) -> int:
    """What the script multiplies its warmup and ``max_train_steps`` by."""
    times = {P: _world(run, script), A: run["gradient_accumulation_steps"], NOTHING: 1}
    return int(times[script.times])


def _updates(run: Settings, script: Script) -> tuple[int, int]:
    """The updates of the run, and the steps that the scheduler is built for."""
    _check_workers(run, script)
    limit, times = run.get("max_train_steps", script.max_steps), _times(run, script)
    if limit is not None and script.counts != BATCHES:
        if run.is_said("num_train_epochs"):
            run.note("steps-win", f"max_train_steps={limit} wins over num_train_epochs", at="max_train_steps")
        run.line(run.TOTAL_STEPS, "max_train_steps", limit)
        return limit, run.product("scheduler steps", limit, times)
    epochs, accum = run.get("num_train_epochs", script.epochs), run["gradient_accumulation_steps"]
    if script.loader != SHARED:
        return _of_own_batches(run, script, epochs, accum)
    size, taken = run.get("train_batch_size", script.batch), partial(_images, run, script)
    before, share = batches_of(run, size, _rows(run, script), taken, drops=script.drops)
    in_epoch = run.ceil(run.STEPS_PER_EPOCH, share, accum)
    updates = run.product(run.TOTAL_STEPS, epochs, in_epoch)
    if script.counts == BATCHES:
        return updates, run.product("scheduler steps", before, epochs)
    expected = before if _counts_before(run, script, before) else ceil_div(before, _world(run, script))
    return updates, by_epochs(run, epochs, expected, accum, times)


def _counts_before(run: Settings, script: Script, batches: int) -> bool:
    """Whether the scheduler's length is counted before the batches are shared out, as more did once."""
    is_open = script.mended and _world(run, script) > 1 and batches > 1
    what = f"the schedule ends with the run, before {script.mended} it was made for all processes' batches"
    return script.counts == BEFORE or bool(is_open and not run.since(script.mended, what))


def _images(run: Settings, script: Script, n: int) -> int:
    """Those of an epoch: each as often as it is repeated, and at least as many as there are of the class."""
    times = run["repeats"] if script.repeats else 1
    samples = run.product("images", n, times) if times > 1 else n
    if not run["with_prior_preservation"]:
        return samples
    of_class = run.get("num_class_images", script.class_images)
    return run.line("images with those of the class", f"max({samples}, {of_class})", max(samples, of_class))


def _check_workers(run: Settings, script: Script) -> None:
    """Refuse a web data set without workers, however the run is told to end."""
    if script.loader == WEB and (workers := run["dataloader_num_workers"]) < 1:
        run.refuse(
            f"dataloader_num_workers={workers}: the script divides the rows by it, and stops",
            at="dataloader_num_workers",
            instead=8,
        )


def _of_own_batches(run: Settings, script: Script, epochs: int, accum: int) -> tuple[int, int]:
    """Those of batches that accelerate does not share out, and whose accumulation runs on across epochs."""
    batches = _web_batches(run, script) if script.loader == WEB else _all_batches(run, script)
    run.note_epoch(of=accum)
    return across_epochs(run, epochs, batches, accum)


def _all_batches(run: Settings, script: Script) -> int:
    """Batches of all rows, which every process goes through."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    n, size = run.ask(_rows(run, script)), run.get("train_batch_size", script.batch)
    return run.ceil(run.BATCHES_PER_EPOCH, n, size)


def _web_batches(run: Settings, script: Script) -> int:
    """Batches of a process, as many for each of its workers."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    n, world = run.ask(_rows(run, script), "world_size")
    size, workers = run.get("train_batch_size", script.batch), run["dataloader_num_workers"]
    batches = ceil_div(n, size * world * workers) * workers
    return run.line(run.BATCHES_PER_EPOCH, f"ceil({n} / ({size} * {world} * {workers})) * {workers}", batches)


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
    keys=KnownKeys(("diffusers",), by_language(command=Fate.DOUBTED)),
    layers=_with_own_names,
    used_by=("Accelerator",),
    is_script=lambda command: not _is_own(command),
    ranks=BY_LOCAL_RANK,
    oldest="2024-10",
    resumes=("resume_from_checkpoint",),
    known_by="--train_batch_size and --num_train_epochs, --dataset_name or --instance_data_dir",
)
