"""The launcher's own file of ``accelerate launch --config_file``, which says how many processes run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.opening import open_beside
from lrviz.inputs.foreign.source import Source, Unknown
from lrviz.notation.origin import Given, Origin

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Launch


def with_launcher_config(source: Source) -> Source:
    """The same source, its processes as the launcher's file says where the command does not.

    ``num_processes`` is the total over all machines; ``distributed_type: NO`` is one process.

    Raises:
        ConfigError: the file may not be followed, or cannot be read.

    """
    launch = source.launch
    if not launch.config or isinstance(launch.world, Given):
        return source
    config = open_beside(source, launch.config)
    world = _world(launch, config)
    return replace(source, launch=launch._replace(world=world), files=(*source.files, config.name))


def _world(launch: Launch, config: Source) -> Given | Unknown:
    number = config.data.get("num_processes")
    if isinstance(number, int) and not isinstance(number, bool) and number > 0:
        return Given(number, Origin("file", "", config.place(("num_processes",))))
    if str(config.data.get("distributed_type")) == "NO":
        return Given(1, Origin("file", "", config.place(("distributed_type",))))
    return Unknown(f"{launch.config} without num_processes")
