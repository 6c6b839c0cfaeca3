"""The ``train_*.py`` scripts of diffusers: five ways to build a scheduler that accelerate steps per process.

Source: ``examples`` of diffusers 2026-08, ``optimization.py`` of 0.42.1, accelerate 1.15.0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.setting import Setting, count, number, switch, text, whole
from lrviz.inputs.foreign.shared.accelerate_stepped import Stepped, batches_of, stepped
from lrviz.inputs.foreign.shared.image_commands import is_diffusers, script_of
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
NAMES = (
    *("linear", "cosine", "cosine_with_restarts", "polynomial", "constant", "constant_with_warmup"),
    "piecewise_constant",
)
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
    Setting("train_text_encoder", switch, default=False),
    Setting("text_encoder_lr", number),
)


class Script(NamedTuple):
    """A script, or several: what it multiplies warmup and total by, and its defaults.

    ``times`` is the processes, the accumulation, or nothing. ``counts`` is when the updates of an epoch are
    counted, which without ``max_train_steps`` are the total: after its batches are shared out, or before; or
    it is the batches that are counted.
    """

    times: str
    lr: float = 1e-4
    epochs: int = 1
    batch: int = 4
    counts: str = "after"
    lr_scheduler: str = "constant"
    max_steps: int | None = None


P, A, NOTHING = "processes", "accumulation", ""
BEFORE, BATCHES = "before", "batches"
SCRIPTS = {
    "train_text_to_image": Script(P, epochs=100, batch=16),
    "train_text_to_image_sdxl": Script(A, epochs=100, batch=16, counts=BEFORE),
    "train_text_to_image_lora_sdxl": Script(A, epochs=100, batch=16, counts=BEFORE),
    "train_text_to_image_prior": Script(A, epochs=100, batch=1, counts=BEFORE),
    "train_text_to_image_decoder": Script(A, epochs=100, batch=1, counts=BEFORE),
    "train_text_to_image_lora_prior": Script(A, epochs=100, batch=1, counts=BEFORE),
    "train_text_to_image_lora_decoder": Script(A, epochs=100, batch=1, counts=BEFORE),
    "train_instruct_pix2pix": Script(P, epochs=100, batch=16),
    "train_instruct_pix2pix_sdxl": Script(A, epochs=100, batch=16, counts=BEFORE),
    "textual_inversion": Script(P, epochs=100, batch=16, max_steps=5000),
    "train_dreambooth": Script(P, lr=5e-6),
    "train_dreambooth_flux": Script(P),
    "train_dreambooth_sd3": Script(P, counts=BEFORE),
    "train_dreambooth_lora": Script(P, lr=5e-4),
    "train_dreambooth_lora_": Script(P),
    "train_dreambooth_lora_hidream": Script(P, counts=BEFORE),
    "train_dreambooth_lora_krea2": Script(P, lr=3e-4, counts=BEFORE),
    "train_dreambooth_lora_lumina2": Script(P, counts=BEFORE),
    "train_dreambooth_lora_qwen": Script(P, counts=BEFORE),
    "train_dreambooth_lora_sana": Script(P, counts=BEFORE),
    "train_controlnet": Script(P, lr=5e-6),
    "train_controlnet_sd3": Script(P, lr=5e-6, counts=BEFORE),
    "train_control_": Script(P, lr=5e-6),
    "train_custom_diffusion": Script(P, lr=1e-5),
    "train_cogvideox": Script(P, counts=BEFORE),
    "train_amused": Script(P, lr=3e-4, epochs=0, batch=16),
    "train_lcm_distill_lora_sdxl": Script(P, epochs=100, batch=16),
    "train_lcm_distill_lora_sdxl_wds": Script(NOTHING, epochs=100, batch=16),
    "train_lcm_distill_lora_sd_wds": Script(NOTHING, epochs=100, batch=16),
    "train_lcm_distill_sd": Script(NOTHING, epochs=100, batch=16),
    "train_t2i_adapter": Script(NOTHING, lr=5e-6, counts=BEFORE),
    "train_vqgan": Script(NOTHING, epochs=100, batch=16, counts=BEFORE),
    "train_unconditional": Script(A, epochs=100, batch=16, counts=BATCHES, lr_scheduler="cosine"),
}
"""By the beginning of their names, of which the longest counts."""


def claims(source: Source) -> bool:
    """A command of one of the scripts, or with options that only these have."""
    return source.language == "command" and is_diffusers(source)


def read(run: Settings) -> Spec:
    """The scheduler that the script builds, and accelerate steps."""
    script = _script(run)
    name = run.get("lr_scheduler", script.lr_scheduler)
    if name not in NAMES:
        run.choose("lr_scheduler", NAMES)
    if name == "piecewise_constant":
        run.refuse(
            "piecewise_constant: the script passes no step_rules, and stops",
            hint="--given lr_scheduler=constant",
            at="lr_scheduler",
        )
    updates, total = _updates(run, script)
    warmup, times = run["lr_warmup_steps"], _times(run, script)
    if name == "constant" and run.is_said("lr_warmup_steps") and warmup:
        run.note(
            "warmup-ignored", "constant has no warmup: lr_warmup_steps changes nothing", at="lr_warmup_steps"
        )
    elif name != "constant" and times > 1:
        run.line("warmup of the scheduler", f"{warmup} * {times}", warmup * times)
    made = Stepped(name, updates, _world(run, script), warmup * times, total, warmup)
    values: dict[str, Value] = {
        "cosine_with_restarts": {"num_cycles": run["lr_num_cycles"]},
        "polynomial": {"power": run["lr_power"]},
    }.get(name, {})
    return stepped(run, "diffusers", _lr(run, script), made, **values, groups=_groups(run))


def _script(run: Settings) -> Script:
    """The script that is started, once all that it needs is known."""
    name = script_of(run.said.sources[0])
    known = [begin for begin in SCRIPTS if name.startswith(begin)]
    script = SCRIPTS[max(known, key=len)] if known else Script(P, epochs=0)
    asked = [] if known else ["learning_rate"]
    if not run.is_said("max_train_steps") and script.max_steps is None:
        asked += [] if script.epochs else ["num_train_epochs" if not known else "max_train_steps"]
        asked += [] if known else ["train_batch_size"]
        asked += [] if run.knows("batches_per_epoch") else [_rows(run)]
    run.ask(*([] if _is_flat(run, script) else ["world_size"]), *asked)
    if not known:
        run.note(
            "assumed-script",
            f"{name} is none of diffusers' examples: it is taken to multiply by the processes, as most do",
        )
    return script


def _is_flat(run: Settings, script: Script) -> bool:
    """Whether the LR stands still for a number of updates that is said: then the processes do not matter."""
    name = run.get("lr_scheduler", script.lr_scheduler)
    return name == "constant" and run.is_said("max_train_steps") and not run["scale_lr"]


def _world(run: Settings, script: Script) -> int:
    return 1 if _is_flat(run, script) else run.world_size


def _rows(run: Settings) -> str:
    return "max_train_samples" if run.is_said("max_train_samples") else "dataset_len"


def _times(run: Settings, script: Script) -> int:
    """What the script multiplies its warmup and ``max_train_steps`` by."""
    times = {P: _world(run, script), A: run["gradient_accumulation_steps"], NOTHING: 1}
    return int(times[script.times])


def _updates(run: Settings, script: Script) -> tuple[int, int]:
    """The updates of the run, and the steps that the scheduler is built for."""
    limit = run.get("max_train_steps", None if run.is_said("num_train_epochs") else script.max_steps)
    times, accum = _times(run, script), run["gradient_accumulation_steps"]
    if limit is not None and script.counts != BATCHES:
        run.line("total steps", "max_train_steps", limit)
        return limit, run.line("scheduler steps", f"{limit} * {times}", limit * times)
    epochs = run.get("num_train_epochs", script.epochs)
    before, share = batches_of(run, run.get("train_batch_size", script.batch), _rows(run))
    in_epoch = run.line("steps per epoch", f"ceil({share} / {accum})", ceil_div(share, accum))
    updates = run.line("total steps", f"{epochs} * {in_epoch}", epochs * in_epoch)
    if script.counts == BATCHES:
        return updates, run.line("scheduler steps", f"{before} * {epochs}", before * epochs)
    counted = ceil_div(before, accum) if script.counts == BEFORE else in_epoch
    formula = f"{epochs} * ceil({before if script.counts == BEFORE else share} / {accum}) * {times}"
    return updates, run.line("scheduler steps", formula, epochs * counted * times)


def _lr(run: Settings, script: Script) -> float:
    """The LR, with ``--scale_lr`` times the batch of an update."""
    lr: float = run.get("learning_rate", script.lr)
    if not run["scale_lr"]:
        return lr
    factors = (run["gradient_accumulation_steps"], run.get("train_batch_size", script.batch), run.world_size)
    scaled = lr * math.prod(factors)
    formula = " * ".join(map(str, factors))
    run.note("scaled-lr", f"scale_lr: {lr_text(lr)} * {formula} = {lr_text(scaled)}", at="scale_lr")
    return scaled


def _groups(run: Settings) -> tuple[Call, ...] | None:
    """The text encoder beside the denoiser, where it is trained with an LR of its own."""
    name = script_of(run.said.sources[0])
    default = TEXT_ENCODER_LR if any(sign in name for sign in HAS_TEXT_ENCODER_LR) else None
    lr = run.get("text_encoder_lr", default)
    if not run["train_text_encoder"] or lr is None:
        return None
    return (Call("denoiser", (("scale", 1.0),)), Call("text_encoder", (("lr", lr),)))


TRAINER = ForeignTrainer(
    "diffusers",
    "2026-08",
    SETTINGS,
    claims,
    read,
    known_by="--train_batch_size and --num_train_epochs, --dataset_name or --instance_data_dir",
)
