"""Files of settings that name another one beneath them: ``_BASE_``, ``base_config``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.beside import Opener
from lrviz.inputs.foreign.opening import open_beside

if TYPE_CHECKING:
    from collections.abc import Collection

    from lrviz.inputs.foreign.source import Source


def with_bases(layers: list[Source], key: str, own: Collection[str] = ()) -> list[Source]:
    """The layers, and beneath them what the last one names by ``key``, and what that names in turn.

    One that cannot be read is left out; nothing is said of that where it is the program's ``own``, which
    holds its defaults.

    Raises:
        ConfigError: a file leads back to itself.

    """
    *above, last = layers
    opener = Opener()
    while isinstance(base := last.data.get(key), str) and base:
        opener.enter(Path(last.name), str(last.place((key,))))
        try:
            below = open_beside(last, base)
        except ConfigError as error:
            return [*above, last if Path(base).name in own else replace(last, unread=(error,))]
        above, last = [*above, last], below
    return [*above, last]
