"""The LR of an mmengine config: scaled by its batch, and of each param group.

Source: mmengine 0.10.7 ``Runner.scale_lr`` and ``DefaultOptimWrapperConstructor``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.setting import number
from lrviz.inputs.foreign.shared.layer_decay import layer_keys
from lrviz.inputs.foreign.shared.mmengine_datasets import name_of, short_name
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.within import read_value
from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Value

_LAYER_WISE = ("LayerDecay", "LearningRateDecay")
"""What constructors with a group for each layer are called."""
_ALIKE = ("DefaultOptimWrapperConstructor", "YOLOv5OptimizerConstructor", "YOLOv7OptimWrapperConstructor")
"""Those of mmengine, and of mmyolo, whose groups have one LR."""


def scaled_lr(run: Settings) -> float:
    """``lr``, times processes x batch over ``base_batch_size`` where ``auto_scale_lr`` is on."""
    lr = float(run.ask("optim_wrapper.optimizer.lr"))
    base = run["auto_scale_lr.base_batch_size"]
    if not run["auto_scale_lr.enable"] or not base:
        _note_unscaled(run, lr, base)
        return lr
    world, size = run.ask("world_size", "train_dataloader.batch_size")
    scaled = float(lr * (world * size / base))
    run.note(
        "scaled-lr",
        f"auto_scale_lr: {lr_text(lr)} * {world} * {size} / {base} = {lr_text(scaled)};"
        " accumulation does not count",
        at="auto_scale_lr.enable",
    )
    return scaled


def _note_unscaled(run: Settings, lr: float, base: int | None) -> None:
    """Say that the LR is meant for another batch, where that of this run is known."""
    if not base or not run.is_said("world_size") or not run.is_said("train_dataloader.batch_size"):
        return
    world, size = run.ask("world_size", "train_dataloader.batch_size")
    if world * size != base:
        run.note(
            "unscaled-lr",
            f"{lr_text(lr)} is meant for a batch of {base}, and here it is {world} * {size}:"
            f" auto_scale_lr, which is off, would make it {lr_text(lr * world * size / base)}",
            at="auto_scale_lr.base_batch_size",
        )


def groups_of(run: Settings, lr: float) -> dict[str, Value]:
    """The groups of ``paramwise_cfg``: each of ``custom_keys`` with an LR of its own, and biases."""
    found = run.raw("optim_wrapper", "paramwise_cfg")
    table = found if isinstance(found, dict) else {}
    if isinstance(found, Unknown) or isinstance(table.get("custom_keys"), Unknown):
        run.note("unknown-groups", "paramwise_cfg is made by code that is not run: its groups are left out")
    if any(word in name_of(run["optim_wrapper.constructor"]) for word in _LAYER_WISE):
        return _by_layer(run, lr, table)
    _warn_of_constructor(run)
    keys = table.get("custom_keys")
    own = keys.items() if isinstance(keys, dict) else ()
    scales = {str(name): key.get("lr_mult", 1) for name, key in own if isinstance(key, dict)}
    scales |= {"bias": table.get("bias_lr_mult", 1), "dcn offset": table.get("dcn_offset_lr_mult", 1)}
    known = {name: _scale(run, f"{name}.lr_mult", scale) for name, scale in scales.items()}
    groups = {name: scale for name, scale in known.items() if scale not in (None, 1)}
    if not groups:
        return {}
    return {"groups": tuple(Call(name, (("scale", one),)) for name, one in {"other": 1.0, **groups}.items())}


def _warn_of_constructor(run: Settings) -> None:
    said = run["optim_wrapper.constructor"]
    if said is not None and short_name(said) not in _ALIKE:
        text = f"the constructor {name_of(said)} is not read: it may give its groups LRs of their own"
        run.warn("own-constructor", text, at="optim_wrapper.constructor")


def _by_layer(run: Settings, lr: float, table: dict[str, Any]) -> dict[str, Value]:
    """A group for each layer, where the constructor makes some."""
    decay, layers = table.get("layer_decay_rate", table.get("decay_rate")), table.get("num_layers")
    blocks = layers if isinstance(layers, int) and table.get("decay_type") != "stage_wise" else None
    return layer_keys(run, lr, blocks, decay=_scale(run, "layer_decay_rate", decay))


def _scale(run: Settings, name: str, value: object) -> float | None:
    """A factor of ``paramwise_cfg``; None where there is none, or nobody knows it.

    Raises:
        ConfigError: it is no number.

    """
    if isinstance(value, Unknown):
        run.note("unknown-groups", f"{name} is made by code that is not run: its group is left out")
        return None
    path = f"optim_wrapper.paramwise_cfg.{name}"
    found: float | None = None if value is None else read_value(run, path, value, number, like=0.1)
    return found
