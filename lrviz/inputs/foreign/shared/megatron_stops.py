"""What of its options Megatron asserts before it trains, where no sample is counted yet.

Source: megatron-core 0.19, ``validate_args`` of ``training/arguments.py`` and of ``yaml_arguments.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.from_checkpoint import is_set
from lrviz.inputs.foreign.setting import Setting, literal, switch, text, whole
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.settings import Settings

_REPLACED = {
    "batch_size": "micro_batch_size",
    "warmup": "lr_warmup_fraction",
    "model_parallel_size": "tensor_model_parallel_size",
}
"""Options that its parser still takes, and what is to be said in their place."""
_SPLITS = ("train_data_path", "valid_data_path", "test_data_path")
_UNEVEN = (
    "decoder_first_pipeline_num_layers",
    "decoder_last_pipeline_num_layers",
    "account_for_embedding_in_pipeline_split",
    "account_for_loss_in_pipeline_split",
    "pipeline_model_parallel_layout",
    "num_layers_per_virtual_pipeline_stage",
    "num_virtual_stages_per_pipeline_rank",
    "hybrid_layer_pattern",
    "hybrid_override_pattern",
    "transformer_pipeline_model_parallel_size",
    "standalone_embedding_stage",
)
"""Options with which pipelines may have other layers each."""
ASSERTED = (
    *(Setting(name, literal) for name in (*_REPLACED, "data_path", *_SPLITS)),
    Setting("mock_data", switch, default=False),
    Setting("save", text),
    Setting("save_interval", whole),
    Setting("max_position_embeddings", whole),
)


def check_options(run: Settings) -> None:
    """Refuse what it asserts of single options, and of those that need others.

    Raises:
        ConfigError: it stops at one.

    """
    for name, new in _REPLACED.items() if run.source.language == "command" else ():
        if run.is_said(name):
            run.refuse(
                f"{name} is {new} now: Megatron stops", at=name, hint=f"write --{new.replace('_', '-')}"
            )
    if run["micro_batch_size"] < 1:
        run.refuse("a micro-batch has no sample: Megatron stops", at="micro_batch_size", instead=1)
    if run.is_said("save") and (not run.is_said("save_interval") or _whole(run, "save_interval") == 0):
        text = "save needs a save_interval: Megatron stops"
        run.refuse(text, at="save", hint="--given save_interval=1000")
    _check_lengths(run)
    _check_data(run)
    for name, why, given in (*_of_overlap(run), *_of_experts(run), *_of_layers(run)):
        run.refuse(f"{name} {why}: Megatron stops", hint=f"--given {given}", at=name)


def _of_overlap(run: Settings) -> Iterator[tuple[str, str, str]]:
    """Two precisions, and what is gathered while no gradient is shared out."""
    if is_set(run, "fp16") and is_set(run, "bf16"):
        yield "fp16", "is beside bf16", "fp16=false"
    if not is_set(run, "overlap_param_gather") or run.source.hidden:
        return
    is_shared = _is_on(run, "use_distributed_optimizer") or _is_on(run, "use_megatron_fsdp")
    if not is_shared and not _is_there(run, "optimizer"):
        yield "overlap_param_gather", "needs use_distributed_optimizer", "use_distributed_optimizer=true"
    if not _is_on(run, "overlap_grad_reduce"):
        yield "overlap_param_gather", "needs overlap_grad_reduce", "overlap_grad_reduce=true"


def _of_experts(run: Settings) -> Iterator[tuple[str, str, str]]:
    """Experts that processes share out."""
    parallel, experts = run.stated("expert_model_parallel_size"), run.stated("num_experts")
    if not isinstance(parallel, int) or parallel <= 1:
        return
    if not _is_there(run, "num_experts") and not run.source.hidden:
        yield "expert_model_parallel_size", "needs num_experts", f"num_experts={parallel}"
    elif isinstance(experts, int) and experts % parallel:
        more = -(-experts // parallel) * parallel
        yield f"num_experts={experts}", f"is no multiple of {parallel} shares", f"num_experts={more}"


def _of_layers(run: Settings) -> Iterator[tuple[str, str, str]]:
    """Layers that pipelines share out alike, and heads of a whole size."""
    layers, stages = run.stated("num_layers"), run.stated("pipeline_model_parallel_size")
    is_even = not any(_is_there(run, name) for name in _UNEVEN) and isinstance(stages, int)
    if is_even and stages > 0 and isinstance(layers, int) and layers % stages:
        text = f"is no multiple of pipeline_model_parallel_size={stages}"
        yield f"num_layers={layers}", text, f"num_layers={-(-layers // stages) * stages}"
    hidden, heads = run.stated("hidden_size"), run.stated("num_attention_heads")
    is_free = not _is_there(run, "kv_channels") and isinstance(hidden, int) and isinstance(heads, int)
    if is_free and heads > 0 and hidden % heads:
        text = f"is no multiple of num_attention_heads={heads}"
        yield f"hidden_size={hidden}", text, f"hidden_size={-(-hidden // heads) * heads}"


def _is_there(run: Settings, name: str) -> bool:
    """Whether an option stands there, known or not."""
    return run.raw(name) is not None or run.is_answered(name)


def _is_on(run: Settings, name: str) -> bool:
    """Whether a switch is on, or may be."""
    return is_set(run, name) or isinstance(run.raw(name), Unknown)


def _check_lengths(run: Settings) -> None:
    """Refuse a sequence that is longer than the model's positions, or that processes cannot share out."""
    length, most = _whole(run, "seq_length"), _whole(run, "max_position_embeddings")
    if length is None:
        return
    if most is not None and most < length:
        text = f"seq_length={length} is above max_position_embeddings={most}: Megatron stops"
        run.refuse(text, at="max_position_embeddings", instead=length)
    parts = _whole(run, "context_parallel_size") or 1
    if parts > 1 and length % (2 * parts):
        text = f"seq_length={length} is no multiple of 2 * context_parallel_size={parts}: Megatron stops"
        run.refuse(text, at="seq_length", instead=-(-length // (2 * parts)) * 2 * parts)


def _whole(run: Settings, name: str) -> int | None:
    """What a number is, if it is known: the curve needs none of these, and nobody is asked for them."""
    given = run.lookup.of(run.table[name])
    return int(given.value) if given and str(given.value).isdigit() else None


def _check_data(run: Settings) -> None:
    """Refuse two sources of data."""
    said = ["mock_data"] if run["mock_data"] else []
    said += [name for name in ("data_path", next(filter(run.is_said, _SPLITS), "")) if run.is_said(name)]
    if said[1:]:
        text = f"{' beside '.join(said)}: Megatron takes one source of data and stops"
        run.refuse(text, at=said[1], instead="null")
