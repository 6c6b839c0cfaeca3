"""The run of MosaicML's platform as its ``mcli`` reads it: a command, and parameters as a file beside it.

Source: llm-foundry 0.22.0, ``mcli``: they are "injected as a YAML file: /mnt/config/parameters.yaml".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.key_paths import table_at
from lrviz.inputs.foreign.opening import open_script
from lrviz.notation.origin import Given, Origin

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

PARAMETERS, _FILE = "parameters", "/mnt/config/parameters.yaml"
_TRAINS = re.compile(r"\btrain/train\.py\b|\bllmfoundry train\b")


def is_run_file(source: Source) -> bool:
    """Whether a file has a command that trains, and parameters."""
    command, table = source.data.get("command"), source.data.get(PARAMETERS)
    is_run = source.language == "yaml" and isinstance(command, str) and isinstance(table, dict)
    return is_run and _TRAINS.search(str(command)) is not None


def parameters_of(source: Source) -> Source:
    """The parameters of such a file, whose command reads them alone; any other file as it is.

    Raises:
        ConfigError: its command reads another, or has options of its own.

    """
    if not is_run_file(source):
        return source
    command = open_script(source.data["command"].encode(), source.name, source.folder, source.given)
    if [word.text for word in command.argv] != [_FILE]:
        said = " ".join(word.text for word in command.argv)
        hint = "write its command in run.sh, and its parameters in the file that it names: lrviz plan run.sh"
        raise ConfigError(f"{source.place(('command',))}: its command trains by {said}", hint=hint)
    table = source.data[PARAMETERS]
    places = {way[1:]: at for way, at in source.places.items() if way[:1] == (PARAMETERS,) and way[1:]}
    launch = command.launch._replace(program="", world=_gpus(source) or command.launch.world)
    return replace(
        source, data=table, places=places, spelling=source.spelling.within(PARAMETERS), launch=launch
    )


def _gpus(source: Source) -> Given | None:
    """The processes that the platform starts, one on each of its GPUs."""
    for path in (("compute", "gpus"), ("gpu_num",)):
        gpus = table_at(source.data, *path[:-1]).get(path[-1])
        if isinstance(gpus, int):
            return Given(gpus, Origin("file", ".".join(path), source.place(path)))
    return None
