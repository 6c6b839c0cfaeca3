"""What of its options Megatron asserts before it trains, where no sample is counted yet.

Source: megatron-core 0.19, ``validate_args`` of ``training/arguments.py`` and of ``yaml_arguments.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, literal, switch, text, whole

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_REPLACED = {
    "batch_size": "micro_batch_size",
    "warmup": "lr_warmup_fraction",
    "model_parallel_size": "tensor_model_parallel_size",
}
"""Options that its parser still takes, and what is to be said in their place."""
_SPLITS = ("train_data_path", "valid_data_path", "test_data_path")
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
