"""Which of two values counts where both speak of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.spec import Value


def merge_values(under: Mapping[str, Value], over: Mapping[str, Value]) -> dict[str, Value]:
    """The values of both; where they speak of the same, those of ``over``."""
    beaten = {rival for name, value in over.items() if value is not None for rival in KEYS[name].rivals}
    return {name: value for name, value in under.items() if name not in beaten} | dict(over)
