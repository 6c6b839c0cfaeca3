"""A batch of all processes that is shared out to them: where it is no multiple of them, its trainer stops.

Source: llm-foundry 0.22.0 ``utils/config_utils.py``; OLMo 0.6.0 ``data/iterable_dataset.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings


_BATCH = "global_train_batch_size"


def check_even(run: Settings) -> None:
    """Refuse a batch that the processes do not share evenly, where somebody says how many there are.

    Raises:
        ConfigError: they do not.

    """
    if not (run.is_said(_BATCH) and run.is_said("world_size")):
        return
    batch, world = run[_BATCH], run.ask("world_size")
    if batch % world:
        text = f"{_BATCH}={batch} is no multiple of the {world} processes: {run.title} stops"
        run.refuse(text, at=_BATCH, instead=max(batch // world, 1) * world)
