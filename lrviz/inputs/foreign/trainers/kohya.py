"""kohya-ss sd-scripts: TOML whose sections do not matter, and the options of its scripts over it.

accelerate steps the scheduler once for each process: the total and a share of it are multiplied by them, a
whole number of warmup steps is not.

Source: sd-scripts 0.9.1 and 0.10.1, ``library/train_util.py`` (``get_scheduler_fix``), and transformers
4.44.0 and 4.54.1, which they pin.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, count, number, numbers, switch, text, whole
from lrviz.inputs.foreign.shared import kohya_parts, kohya_start
from lrviz.inputs.foreign.shared.image_commands import is_kohya
from lrviz.inputs.foreign.shared.kohya_data import batches_of, data_set
from lrviz.inputs.foreign.shared.kohya_network import texts
from lrviz.inputs.foreign.shared.kohya_options import NEW, OLD, absent, assume_release, fate, lacks
from lrviz.inputs.foreign.shared.kohya_parts import trained_parts
from lrviz.inputs.foreign.shared.kohya_scheduler import Steps, pairs, scheduler, steps_or_times
from lrviz.inputs.foreign.shared.kohya_start import updates_made
from lrviz.inputs.foreign.shared.one_lr import refuse_several_lrs
from lrviz.inputs.foreign.shared.renaming import without_sections
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    Setting("learning_rate", number, 2e-6, "lr"),
    Setting("unet_lr", number),
    Setting("text_encoder_lr", numbers),
    *kohya_parts.SETTINGS,
    *kohya_start.SETTINGS,
    Setting("network_train_unet_only", switch, default=False),
    Setting("network_train_text_encoder_only", switch, default=False),
    Setting("lr_scheduler", text, "constant"),
    Setting("lr_scheduler_type", text),
    Setting("lr_scheduler_args", pairs),
    Setting("lr_warmup_steps", steps_or_times, 0, "warmup"),
    Setting("lr_decay_steps", steps_or_times, 0),
    Setting("lr_scheduler_num_cycles", whole, 1),
    Setting("lr_scheduler_power", number, 1.0),
    Setting("lr_scheduler_timescale", whole),
    Setting("lr_scheduler_min_lr_ratio", number),
    Setting("optimizer_type", text),
    Setting("use_8bit_adam", switch, default=False),
    Setting("use_lion_optimizer", switch, default=False),
    Setting("optimizer_args", pairs),
    Setting("max_train_steps", count, 1600, "steps"),
    Setting("max_train_epochs", count, None, "epochs"),
    Setting("dataset_config", text),
    Setting("train_batch_size", count, 1, "batch_size"),
    Setting("gradient_accumulation_steps", count, 1, "grad_accum"),
    Setting("network_module", text),
    Setting("network_args", texts),
    Setting("transformers", text, "4.44.0"),
)
FLOORS = ("transformers.polynomial", "transformers.cosine_with_min_lr")
_HEADS = {"pretrained_model_name_or_path", "network_module"}
_SIGNS = {
    *("network_module", "dataset_config", "train_data_dir", "max_train_epochs", "output_name", "network_dim"),
    *("optimizer_type", "lr_scheduler_args", "train_batch_size", "unet_lr"),
}


def claims(source: Source) -> bool:
    """One of its commands, or TOML with the model or the network and a key of its own, in sections or not."""
    if source.language == "command":
        return is_kohya(source)
    keys = without_sections(source).data.keys()
    is_simpletuner = "model_family" in keys
    return (
        source.language == "toml"
        and bool(keys & _HEADS)
        and len(keys & (_SIGNS | _HEADS)) > 1
        and not is_simpletuner
    )


def read(run: Settings, length: Callable[[Settings], int] | None = None) -> Spec:
    """The scheduler over all its steps, of which each update makes one for each process.

    ``length`` counts the updates, where that is not the scripts' way.
    """
    if run.trainer is TRAINER:
        assume_release(run)
    steps, world = (length or updates)(run), _world(run)
    made = updates_made(run, steps, _batches) if kohya_parts.trains_network(run) else steps
    total = run.product("scheduler steps", steps, world)
    name, values = scheduler(run, Steps(steps, world, total))
    lr, groups = (None, None) if _has_own_lr(run, values) else _lrs(run, name)
    return run.curve(name, values, lr=lr, steps=made, calls=world if world > 1 else None, groups=groups)


def _has_own_lr(run: Settings, values: Mapping[str, Value]) -> bool:
    """Whether ``max_lr`` of a class of torch stands in for the LR of every group."""
    if "max_lr" not in values:
        return False
    run.note(
        "lr-ignored",
        "max_lr is the peak of every group: their own LR changes nothing",
        at="lr_scheduler_args",
    )
    return True


def updates(run: Settings) -> int:
    """``max_train_steps``, unless there are ``max_train_epochs``: divided in floats, rounded up once."""
    epochs = run["max_train_epochs"]
    if epochs is None:
        return run.line(run.TOTAL_STEPS, "max_train_steps", run["max_train_steps"])
    if run.is_said("max_train_steps"):
        run.note("epochs-win", "max_train_epochs wins over max_train_steps", at="max_train_epochs")
    batches, accum = _batches(run), run["gradient_accumulation_steps"]
    world = run.ask("world_size")
    in_epoch = run.line(
        run.STEPS_PER_EPOCH, f"ceil({batches} / {world} / {accum})", math.ceil(batches / world / accum)
    )
    return run.product(run.TOTAL_STEPS, epochs, in_epoch)


def is_flat(run: Settings) -> bool:
    """Whether the LR stands still for a number of updates that does not depend on the processes."""
    is_constant = run["lr_scheduler"] == "constant" and not run["lr_scheduler_type"]
    return is_constant and run["max_train_epochs"] is None


def _world(run: Settings) -> int:
    return 1 if is_flat(run) else run.ask("world_size")


def _batches(run: Settings) -> int:
    """Batches of the data set, which the processes share."""
    run.explain(
        "batches_per_epoch", "how many batches the data set has in an epoch, before the processes share them"
    )
    data = data_set(run) if run.is_said("dataset_len") and not run.is_said("batches_per_epoch") else None
    if data is not None:
        return batches_of(run, data)
    batches, world = run.ask("batches_per_epoch", "world_size")
    if world > 1:
        run.note(
            "batches-of-all",
            f"batches_per_epoch={batches} are those of the data set: {world} processes share them",
        )
    return int(batches)


def _lrs(run: Settings, name: str) -> tuple[float, tuple[Call, ...] | None]:
    """The LR of the first part that is trained, and the others beside it where theirs are others.

    A floor is a share of the optimizer's own LR, which is ``learning_rate`` whatever the first part's is.
    """
    lr: float = run["learning_rate"]
    for older in ("use_8bit_adam", "use_lion_optimizer"):
        if run["optimizer_type"] and run.is_said(older) and run[older]:
            run.refuse(f"{older} beside optimizer_type: the script stops", at=older, instead="false")
    first, *others = parts = trained_parts(run)
    refuse_several_lrs(run, run["optimizer_type"] or "", parts, "optimizer_type")
    if name in FLOORS and first[1] != lr:
        return lr, tuple(Call(part, (("lr", one),)) for part, one in parts)
    if not others:
        return first[1], None
    return first[1], (
        Call(first[0], (("scale", 1.0),)),
        *(Call(part, (("lr", one),)) for part, one in others),
    )


def _with_suffix(source: Source) -> Source:
    """``--config_file lora`` is ``lora.toml``."""
    file = source.data.get("config_file")
    if not isinstance(file, str) or file.endswith(".toml"):
        return source
    return source.saying({"config_file": f"{file}.toml"})


TRAINER = ForeignTrainer(
    "kohya",
    OLD,
    SETTINGS,
    claims,
    read,
    program="sd-scripts",
    aliases=("sd_scripts", "kohya_ss"),
    files=("config_file",),
    read_words=_with_suffix,
    read_file=without_sections,
    reads_text=False,
    dash="_",
    keys=KnownKeys(("kohya",), fate, lacks, absent=absent),
    ranks=BY_LOCAL_RANK,
    newest=NEW,
    resumes=("resume",),
    known_by="--network_module, --dataset_config or --max_train_epochs, or these in TOML",
    takes_words=False,
)
