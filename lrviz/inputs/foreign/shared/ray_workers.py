"""How many processes ray starts: as many as the settings say, whatever started the command.

Source: llamafactory 0.9.5 ``hparams/training_args.py``, axolotl 0.19.0 ``cli/train.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, count
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Given, Origin

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

WORKERS = Setting("ray_num_workers", count, 1)


def ray_workers(layers: list[Source], whose: str) -> list[Source]:
    """The layers with as many processes as they say, or one; ``whose`` default that is."""
    first, *others = layers
    source = next((one for one in layers if WORKERS.name in one.data), None)
    value = source.data[WORKERS.name] if source else WORKERS.default
    origin = Origin("trainer", whose)
    if source:
        origin = Origin("file", WORKERS.name, source.place((WORKERS.name,)))
    if isinstance(value, Unknown) or not str(value).isdecimal():
        return layers
    launch = first.launch._replace(world=Given(int(value), origin))
    return [replace(first, launch=launch), *others]
