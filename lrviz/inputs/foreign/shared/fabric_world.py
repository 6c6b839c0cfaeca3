"""The processes of what starts its own: ``devices`` times ``num_nodes`` of Lightning and its Fabric.

Source: lightning 2.6.6 ``fabric/connector.py`` and ``pytorch/trainer/connectors/accelerator_connector.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.notation.origin import Given

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings


def devices(raw: Raw) -> int | None:
    """How many: a number, or the list of them; None for all that there are."""
    found = literal(raw)
    if isinstance(found, str) and found != "auto":
        found = [one for one in found.split(",") if one.strip()]
    count = len(found) if isinstance(found, (list, tuple)) else found
    return count if isinstance(count, int) and count > 0 else None


def launched_processes(run: Settings) -> int | None:
    """Those of an option or of a launcher; None where it starts its own, as behind plain ``python``."""
    started = run.lookup.world
    is_launched = isinstance(started, Given) and started.origin.source == "file"
    return int(run.ask("world_size")) if is_launched or run.is_answered("world_size") else None
