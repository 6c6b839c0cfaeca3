"""What is asked of a resumed run: where it goes on, and what is new in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.spec import Value


class Resume(NamedTuple):
    """A run goes on from a checkpoint after ``at`` updates; one schedule alone goes on with ``changes``."""

    at: str
    changes: Mapping[str, Value] = {}
