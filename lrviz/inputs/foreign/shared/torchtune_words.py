"""Words behind a recipe of torchtune: ``key=value``, where a component's own name stands for its class.

Source: torchtune 0.6.1, ``torchtune/config/_parse.py`` and ``_utils.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError

if TYPE_CHECKING:
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.origin import Place

COMPONENT = "_component_"
_OWN = {"--config", "--help", "-h"}


def with_components(layers: list[Source]) -> list[Source]:
    """The command, ``lr_scheduler=my.cosine`` in it as the class of what its file makes there.

    Raises:
        ConfigError: an option that no recipe takes, or ``~lr_scheduler`` of what is made by a class.

    """
    command, *files = layers
    if command.language != "command":
        return layers
    _refuse_options(command)
    made = {str(path[0]) for file in files for path in file.places if path[1:] == (COMPONENT,)}
    for name in made:
        if place := command.places.get((f"~{name}",)):
            text = f"{place._replace(key='')}: ~{name}: torchtune takes no component out: it stops"
            raise ConfigError(text, hint=f"take {name} out of its file instead")
    named = {f"{key}.{COMPONENT}" if key in made else key: value for key, value in command.data.items()}
    places: dict[KeyPath, Place] = {
        (f"{name}.{COMPONENT}",): command.places[(name,)] for name in made if (name,) in command.places
    }
    return [replace(command, data=named, places={**command.places, **places}), *files]


def _refuse_options(command: Source) -> None:
    """Refuse what begins with dashes: recipes have ``--config`` alone.

    Raises:
        ConfigError: there is one.

    """
    for path in command.data:
        place = command.places.get((path,))
        if place is not None and place.key.startswith("-") and place.key not in _OWN:
            text = f"{place._replace(key='')}: torchtune stops at {place.key}: its settings have no dashes"
            raise ConfigError(text, hint=f"{path}={command.data[path]}")
