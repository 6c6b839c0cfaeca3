"""LLaMA-Factory's runs on Megatron: mcore_adapter's Trainer (``USE_MCA``), or Megatron-Bridge.

Both have Megatron's scheduler, which counts updates here, and processes that share one model out.

Source: llamafactory 0.9.5, ``hparams/parser.py``, ``train/mca``, and main of 2026-08,
``train/megatron_bridge``; mcore_adapter of 2026-08, ``trainer/trainer.py``, ``trainer/utils.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.setting import Setting, whole
from lrviz.inputs.foreign.shared.megatron_batches import PARALLEL, replicas_of
from lrviz.inputs.foreign.shared.megatron_scheduler import WSD_STYLES
from lrviz.inputs.foreign.shared.trainer_length import total_steps
from lrviz.inputs.foreign.shared.training_arguments import flag
from lrviz.inputs.foreign.shared.transformers_schedule import kind_of, warmup_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.word import Word
    from lrviz.notation.spec import Spec

    Rows = Callable[[Settings], tuple[int, int]]

MCA, BRIDGE = "USE_MCA", "USE_MEGATRON_BRIDGE"
SETTINGS = (
    *PARALLEL,
    Setting("expert_model_parallel_size", whole, 1),
    Setting("sequence_packing", flag, default=False),
)
_OF_BRIDGE = (
    *("use_packed_sequences", "megatron_pretrained_checkpoint", "export_hf_on_finish"),
    *("extra_config", "mixed_precision"),
)
"""Keys that stand only in files for Megatron-Bridge."""
_STAGES = ("pt", "sft", "dpo")
_STYLES = {
    "linear": "linear",
    "cosine": "cosine",
    "constant": "constant",
    "constant_with_warmup": "constant",
    "inverse_sqrt": "inverse-square-root",
    "cosine_with_min_lr": "cosine",
    "cosine_warmup_with_min_lr": "cosine",
    "warmup_stable_decay": "WSD",
}
"""Megatron's names of the Trainer's schedules; it has no other."""
_OF_THE_BRIDGE = ("linear", "cosine", "constant", "constant_with_warmup")


def is_on(env: Mapping[str, Word], name: str) -> bool:
    """Whether a variable of LLaMA-Factory is set to what it takes for yes."""
    return name in env and env[name].text.lower() in ("1", "true", "y")


def backend_of(run: Settings) -> str:
    """The variable that has it run on Megatron, as the command sets it or keys of the file need; or none."""
    said = [name for name in (MCA, BRIDGE) if is_on(run.source.launch.variables, name)]
    if said or run["stage"] not in _STAGES:
        return said[0] if said and run["stage"] in _STAGES else ""
    keys = [one.name for one in SETTINGS if run.is_said(one.name)]
    if not keys:
        return ""
    backend = BRIDGE if any(run.raw(name) is not None for name in _OF_BRIDGE) else MCA
    run.note("needs-megatron", f"{keys[0]} is for {backend}=1, with which it runs on Megatron", at=keys[0])
    return backend


def read_megatron(run: Settings, backend: str, rows: Rows) -> Spec:
    """The run on one of the two; ``rows`` counts those to train on, and processes."""
    return _of_bridge(run, rows) if backend == BRIDGE else _of_adapter(run, rows)


def _of_adapter(run: Settings, rows: Rows) -> Spec:
    """mcore_adapter's Trainer: whole batches, and whole groups of them."""
    total = total_steps(run, lambda run: _updates(run, rows))
    kwargs: dict[str, Any] = dict(run["lr_scheduler_kwargs"] or {})
    style, of_wsd = _style(run), {}
    if style == "WSD":
        of_wsd = {name: kwargs.get(name) for name in ("wsd_decay_steps", "lr_wsd_decay_style")}
        _check_wsd(run, of_wsd)
    return _curve(
        run,
        total,
        lr=kwargs.get("max_lr", run["learning_rate"]),
        min_lr=kwargs.get("min_lr", 0.0),
        init_lr=kwargs.get("init_lr", 0.0),
        lr_warmup_steps=warmup_steps(run, total),
        lr_decay_steps=kwargs.get("lr_decay_steps", total),
        lr_decay_style=style,
        **of_wsd,
    )


def _style(run: Settings) -> str:
    """Megatron's name of the schedule.

    Raises:
        ConfigError: it has none such.

    """
    if (kind := kind_of(run)) not in _STYLES:
        text = f"mcore_adapter has no {kind}: it stops"
        run.refuse(text, at="lr_scheduler_type", instead="cosine")
    return _STYLES[kind]


def _check_wsd(run: Settings, given: Mapping[str, Any]) -> None:
    """Refuse a WSD without its decay, or with one that Megatron does not know."""
    if given["wsd_decay_steps"] and given["lr_wsd_decay_style"] in WSD_STYLES:
        return
    own = '{"wsd_decay_steps": 100, "lr_wsd_decay_style": "linear"}'
    run.refuse(
        "mcore_adapter's WSD needs wsd_decay_steps and lr_wsd_decay_style: it stops",
        hint=f"--given lr_scheduler_kwargs='{own}'",
        at="lr_scheduler_type",
    )


def _updates(run: Settings, rows: Rows) -> int:
    """Updates of an epoch: a batch that is not full is dropped, and so are those that fill no update."""
    size, accum = run["per_device_train_batch_size"], max(run["gradient_accumulation_steps"], 1)
    if run.is_said("batches_per_epoch"):
        batches = run.given_batches()
    else:
        n, _ = rows(run)
        replicas = replicas_of(run)
        batches = run.floor("batches", n, max(size, 1))
        batches = run.floor("batches per process", batches, replicas) if replicas > 1 else batches
    if not batches:
        run.refuse("no whole batch is left", hint="<dataset_len=1000>")
    return run.line(run.STEPS_PER_EPOCH, f"max(floor({batches} / {accum}), 1)", max(batches // accum, 1))


def _of_bridge(run: Settings, rows: Rows) -> Spec:
    """Megatron-Bridge: samples of all epochs by the batch, and a decay that is longer than the warmup."""
    run.note("behind-0.9.5", "Megatron-Bridge came behind llamafactory 0.9.5: as main of 2026-08 has it")
    if run.raw("extra_config") is not None:
        run.warn("extra-config", "extra_config may change all of this: it is not read", at="extra_config")
    total = (
        run.line(run.TOTAL_STEPS, "max_steps", run["max_steps"]) if run["max_steps"] > 0 else _all(run, rows)
    )
    share = run["warmup_ratio"] or 0.0
    warmup = run["warmup_steps"] or min(int(total * share), total)
    kind, lr = kind_of(run), run["learning_rate"]
    if kind not in _OF_THE_BRIDGE:
        run.warn("other-schedule", f"Megatron-Bridge has no {kind}: it is cosine", at="lr_scheduler_type")
    is_frozen = str(run.raw("finetuning_type")) == "freeze"
    return _curve(
        run,
        total,
        lr=lr,
        min_lr=lr * 0.1 if is_frozen else 0.0,
        lr_warmup_steps=warmup,
        lr_decay_steps=max(total, warmup + 1) if warmup else total,
        lr_decay_style=_STYLES[kind] if kind in _OF_THE_BRIDGE else "cosine",
    )


def _all(run: Settings, rows: Rows) -> int:
    """``ceil(rows / batch * epochs)``, of a batch of all processes but those that share one model."""
    (n, world), micro = rows(run), run["per_device_train_batch_size"]
    shared = math.prod(run[one.name] for one in SETTINGS[:4])
    parts = (micro, run["gradient_accumulation_steps"], world)
    batch = max(math.prod(parts) // max(shared, 1), micro)
    run.line("batch", f"max(floor({' * '.join(map(str, parts))} / {shared}), {micro})", batch)
    epochs = run["num_train_epochs"]
    return run.line(
        run.TOTAL_STEPS, f"max(ceil({n} / {batch} * {epochs:g}), 1)", max(1, math.ceil(n / batch * epochs))
    )


def _curve(run: Settings, total: int, **values: Any) -> Spec:
    """Megatron's scheduler over so many updates.

    Raises:
        ConfigError: a warmup as long as its decay.

    """
    warmup, decay = values["lr_warmup_steps"], values["lr_decay_steps"]
    if warmup >= decay:
        run.refuse(
            f"a warmup of {warmup} updates is not below the {decay} of the decay: Megatron stops",
            hint="<warmup=0>" if decay > 0 else "<steps=1000>",
            at="warmup_steps",
        )
    run.warmup = warmup
    run.check_warmup(warmup, total, at="warmup_steps")
    return run.curve("megatron.OptimizerParamScheduler", steps=total, increment=1, **values)
