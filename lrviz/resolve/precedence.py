"""Which of two values counts where both speak of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.spec import Value
    from lrviz.resolve.key import Key


def merge_values(
    under: Mapping[str, Value], over: Mapping[str, Value], keys: Mapping[str, Key] = KEYS
) -> dict[str, Value]:
    """The values of both; where they speak of the same, as ``keys`` tell, those of ``over``."""
    beaten = {rival for name, value in over.items() if value is not None for rival in keys[name].rivals}
    return {name: value for name, value in under.items() if name not in beaten} | dict(over)
