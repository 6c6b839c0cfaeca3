"""What ``network_args`` say of the LR: the ratios of LoRA+, and weights of blocks.

Source: sd-scripts 0.9.1 ``networks/lora.py`` (``prepare_optimizer_params``), ``lora_fa.py``, ``dylora.py``;
its main of 2026-02 for other models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Raw, number
from lrviz.notation.numbers import lr_text
from lrviz.notation.text import change_nothing
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

RATIO = "loraplus_lr_ratio"
RATIOS = {"unet": "loraplus_unet_lr_ratio", "text_encoder": "loraplus_text_encoder_lr_ratio"}
"""What the LR of the second matrix is times the first's, by the part that is trained."""
WEIGHTS = ("down_lr_weight", "mid_lr_weight", "up_lr_weight")
THRESHOLD = "block_lr_zero_threshold"
"""Below which a weight is 0; without weights it changes nothing."""
_WITH_ENCODERS = {"lora_flux", "lora_sd3", "lora_lumina", "lora_anima", "lora_hunyuan_image"}
"""That have an LR for each text encoder; others have the first for all."""
_WITH_RATIOS = {"lora", "dylora", *_WITH_ENCODERS}
_WITH_WEIGHTS = {"lora", "lora_fa"}


def texts(raw: Raw) -> dict[str, str]:
    """``k=v`` words, each value as it stands.

    Raises:
        Unfit: one of them is none.

    """
    words = raw.value if isinstance(raw.value, (list, tuple)) else [raw.value]
    split = [str(word).split("=") for word in words]
    if any(len(parts) != 2 for parts in split):
        raise Unfit
    return dict(split)


def with_ratio(run: Settings, part: str, lr: float, kind: str) -> list[tuple[str, float]]:
    """A part and its LR; with LoRA+ also its second matrix, and the LR of that."""
    ratio = plus_ratio(run, kind)
    return [(part, lr), *([] if ratio is None else [(f"{part}_plus", lr * ratio)])]


def plus_ratio(run: Settings, kind: str) -> float | None:
    """The ratio of a kind of part; one of 0 gives way to that of all parts."""
    if _module(run) not in _WITH_RATIOS:
        return None
    return _ratio(run, RATIOS[kind]) or _ratio(run, RATIO)


def is_without_zeros(run: Settings) -> bool:
    """Whether a part of the network whose LR is 0 is not handed to the optimizer."""
    return _module(run) in _WITH_ENCODERS | {"lora"}


def own_encoders(run: Settings, lrs: tuple[float, ...]) -> tuple[float, ...]:
    """The LRs of text encoders, of which not every network has more than one."""
    module, first = _module(run), lrs[:1]
    if module in _WITH_ENCODERS or not module:
        return lrs
    if idle := [lr_text(lr) for lr in lrs if (lr,) != first]:
        run.note(
            "lr-ignored",
            f"{run['network_module']} gives each text encoder the first LR, {lr_text(lrs[0])}:"
            f" {change_nothing(idle)}",
            at="text_encoder_lr",
        )
    return first


def _ratio(run: Settings, name: str) -> float | None:
    said = (run["network_args"] or {}).get(name)
    try:
        return None if said is None else number(Raw(said))
    except Unfit:
        return run.refuse(
            f"{name}={said!r} is no number: the script stops", at="network_args", instead=f"{name}=16"
        )


def warn_of_blocks(run: Settings, *, has_unet: bool) -> None:
    """Say which of the arguments give parts of the network LRs that are not shown."""
    names = [name for name in run["network_args"] or {} if {"lr", "lrs"} & set(name.split("_"))]
    module = _module(run)
    weights = [name for name in names if name in WEIGHTS and module in _WITH_WEIGHTS]
    if weights and has_unet:
        text = f"{', '.join(weights)}: each block of the U-Net has an LR of its own, unet times its weight"
        run.warn("blocks-differ", f"{text}: not shown", at="network_args")
    read = {*weights, THRESHOLD, *((RATIO, *RATIOS.values()) if module in _WITH_RATIOS else ())}
    if others := [name for name in names if name not in read]:
        text = f"what {run['network_module'] or 'a network'} makes of {', '.join(others)} is not read"
        run.warn("network-lr-not-read", f"{text}: parts may have LRs of their own", at="network_args")


def _module(run: Settings) -> str:
    """The module of the scripts' own, without its package."""
    return (run["network_module"] or "").removeprefix("networks.")
