"""Settings that LLaMA-Factory takes one by one, and stops at together.

Source: llamafactory 0.9.5, ``hparams/parser.py``, ``hparams/finetuning_args.py``, ``hparams/data_args.py``,
``train/trainer_utils.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.from_checkpoint import is_set
from lrviz.inputs.foreign.shared.factory_launch import is_distributed
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.settings import Settings

_LOW_RANK = ("use_galore", "use_apollo", "use_badam")
_BY_LAYER = {"use_galore": "galore_layerwise", "use_apollo": "apollo_layerwise"}
_OF_LORA = ("loraplus_lr_ratio", "use_rslora", "use_dora", "pissa_init")
_OF_SFT = ("predict_with_generate", "neat_packing", "train_on_prompt", "mask_history")
_LORA, _LEAST = "lora", 1e-6


def check_stops(run: Settings) -> None:
    """Refuse what it refuses before it trains.

    Raises:
        ConfigError: it stops.

    """
    for rule in (_of_method, _of_quantization, _of_layers, _of_stage, _of_rows, _of_evaluation):
        for name, why in rule(run):
            run.refuse(f"{name} {why}: it stops", hint=f"leave {name} out", at=name)


def _of_method(run: Settings) -> Iterator[tuple[str, str]]:
    """What is of LoRA alone, or of no LoRA."""
    kind = run.stated("finetuning_type", _LORA)
    methods = [name for name in _LOW_RANK if is_set(run, name)]
    if kind == _LORA:
        yield from ((name, "is for finetuning_type=full or freeze, and not for lora") for name in methods)
    elif kind in ("full", "freeze", "oft"):
        named = [name for name in _OF_LORA if is_set(run, name)]
        yield from ((name, f"is for finetuning_type=lora, and not for {kind}") for name in named)
        if run.stated("adapter_name_or_path") is not None:
            yield "adapter_name_or_path", f"is for finetuning_type=lora, and not for {kind}"
    if len(methods) > 1:
        yield methods[-1], f"is beside {listed(methods[:-1])}, of which it takes one"


def _of_quantization(run: Settings) -> Iterator[tuple[str, str]]:
    kind, is_quantized = run.stated("finetuning_type", _LORA), run.stated("quantization_bit") is not None
    if is_quantized and kind in ("full", "freeze"):
        yield "quantization_bit", f"is for LoRA and OFT, and not for finetuning_type={kind}"
    if is_quantized and is_set(run, "pissa_init"):
        yield "pissa_init", "is not for a model with quantization_bit"


def _of_layers(run: Settings) -> Iterator[tuple[str, str]]:
    """Updates of each layer as its gradient comes, which nothing may add up or share."""
    accum = run["gradient_accumulation_steps"]
    for method, layers in _BY_LAYER.items():
        if is_set(run, method) and is_set(run, layers):
            if accum != 1:
                yield layers, f"is beside gradient_accumulation_steps={accum}, and takes 1 alone"
            if is_distributed(run):
                yield layers, "is for one process alone, without torchrun"
        if is_set(run, method) and run.stated("deepspeed") is not None:
            yield method, "is beside deepspeed"
    if is_set(run, "use_badam") and run.stated("badam_mode") == "ratio" and is_distributed(run):
        yield "badam_mode", "is ratio, which is for one process alone, without torchrun"


def _of_stage(run: Settings) -> Iterator[tuple[str, str]]:
    stage, loss = run["stage"], run.stated("pref_loss", "sigmoid")
    if stage != "sft":
        yield from ((name, f"is for stage=sft, and not for {stage}") for name in _OF_SFT if is_set(run, name))
    if stage in ("rm", "ppo") and is_set(run, "load_best_model_at_end"):
        yield "load_best_model_at_end", f"is not for stage={stage}"
    is_with_reference = stage == "dpo" and loss not in ("orpo", "simpo")
    if is_set(run, "pissa_init") and (stage in ("ppo", "kto") or is_with_reference):
        yield "pissa_init", f"is not for stage={stage}"
    if stage == "dpo" and loss != "sigmoid" and _number(run, "dpo_label_smoothing") > _LEAST:
        yield "dpo_label_smoothing", f"is for pref_loss=sigmoid, and not for {loss}"


def _of_rows(run: Settings) -> Iterator[tuple[str, str]]:
    if is_set(run, "mask_history") and is_set(run, "train_on_prompt"):
        yield "mask_history", "is beside train_on_prompt"
    probs, sets = run["interleave_probs"] or (), run["dataset"] or ()
    if probs and sets and len(probs) != len(sets):
        yield "interleave_probs", f"has {len(probs)} numbers for {len(sets)} data sets"
    if not is_set(run, "streaming"):
        return
    if _LEAST < run["val_size"] < 1:
        yield "val_size", "is a share of rows that are streamed, and takes a whole number alone"
    if run["max_samples"] is not None:
        yield "max_samples", "is beside streaming"
    if run["max_steps"] == -1:
        yield "streaming", "needs max_steps"


def _of_evaluation(run: Settings) -> Iterator[tuple[str, str]]:
    """Rows that it evaluates, which some key must bring."""
    named = [name for name in ("eval_strategy", "do_eval", "do_predict") if _is_on(run, name)]
    if named and run.stated("eval_dataset") is None and run["val_size"] < _LEAST:
        yield named[0], "needs eval_dataset or val_size"


def _is_on(run: Settings, name: str) -> bool:
    return run.stated(name, "no") != "no" and is_set(run, name)


def _number(run: Settings, name: str) -> float:
    found = run.stated(name, 0)
    return found if isinstance(found, (int, float)) else 0
