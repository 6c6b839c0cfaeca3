"""The launcher's own file of ``accelerate launch --config_file``, which says how many processes run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.beside import is_beside
from lrviz.inputs.foreign.opening import open_beside
from lrviz.inputs.foreign.setting import Raw, count
from lrviz.inputs.foreign.source import Source, Unknown
from lrviz.notation.origin import Given, Origin
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Launch


SHARED = {f"parallelism_config_{name}_size": f"{name}_size" for name in ("tp", "cp", "sp")}


def with_launcher_config(source: Source) -> Source:
    """The same source, with what the launcher's file says where the command does not.

    ``num_processes`` is the total over all machines; ``distributed_type: NO`` is one process, whatever number
    stands beside it. The file may name DeepSpeed's own, and say how many processes share their rows.

    Raises:
        ConfigError: the file may not be followed, or cannot be read.

    """
    launch = source.launch
    is_known = isinstance(launch.world, Given)
    if not launch.config or (is_known and not is_beside(source.folder, launch.config)):
        return source
    config = open_beside(source, launch.config)
    return replace(
        source,
        launch=launch if is_known else launch._replace(world=_world(launch, config)),
        data={**_handed_on(config), **source.data},
        files=(*source.files, config.name),
    )


def _handed_on(config: Source) -> dict[str, Any]:
    """What the launcher hands on to the program, by the names that it has there."""
    deepspeed, shared = config.data.get("deepspeed_config"), config.data.get("parallelism_config")
    file = deepspeed.get("deepspeed_config_file") if isinstance(deepspeed, dict) else None
    sizes = shared if isinstance(shared, dict) else {}
    found = {name: sizes[key] for key, name in SHARED.items() if sizes.get(key) is not None}
    return {**found, **({"deepspeed": file} if isinstance(file, str) else {})}


def _world(launch: Launch, config: Source) -> Given | Unknown:
    if config.data.get("distributed_type") in ("NO", False):
        return Given(1, Origin("file", "", config.place(("distributed_type",))))
    with suppress(Unfit):
        number = count(Raw(config.data.get("num_processes")))
        return Given(number, Origin("file", "", config.place(("num_processes",))))
    return Unknown(f"{launch.config} without num_processes")
