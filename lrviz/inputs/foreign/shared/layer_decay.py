"""Layer-wise LR decay: a param group for the embedding, each block and the head, by the power of its depth.

Source: ``optim_factory.get_parameter_groups`` of BEiT and ConvNeXt, ``util/lr_decay.py`` of MAE,
``param_groups_layer_decay`` of timm 1.0.31.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, number, whole
from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call
from lrviz.resolve.groups import layer_groups

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Value

SETTINGS = (Setting("layer_decay", number, None, "layer_decay"), Setting("layers", whole, None, "layers"))
_BLOCKS = {"tiny": 12, "small": 12, "base": 12, "large": 24, "huge": 32, "giant": 40}
_SIZE = re.compile("|".join(_BLOCKS))


def blocks_of(model: str) -> int | None:
    """The blocks of a transformer that is called ``vit_base_patch16``; None of another name."""
    found = _SIZE.search(model)
    return _BLOCKS[found[0]] if found else None


def layer_keys(
    run: Settings, lr: float, blocks: int | None, *, decay: float | None, floor: float = 0.0
) -> dict[str, Value]:
    """The keys of a run with a group for each layer, where ``layers`` says how many there are.

    No scale is below ``floor``. Else the run is that of the head, whose LR is the whole one, and a note says
    what the others have.
    """
    layers = run["layers"]
    if not decay or decay == 1:
        return {}
    if layers and floor:
        groups = layer_groups(decay, layers)
        return {
            "groups": tuple(Call(one.label, (("lr_scale", max(one.scale or 0, floor)),)) for one in groups)
        }
    if layers:
        return {"layer_decay": decay, "layers": layers}
    lowest = f", down to {lr_text(lr * decay ** (blocks + 1))} of the embedding" if blocks else ""
    run.note(
        "layer-decay",
        f"this is the LR of the head; each layer below it has {decay:g} of that above,"
        f" {lr_text(lr * decay)} in the last block{lowest}",
        hint=f"--given layers={blocks or 12} shows every group",
    )
    return {}
