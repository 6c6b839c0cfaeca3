"""Keys that earlier versions of a trainer have and its later ones stop at."""

from __future__ import annotations

from functools import cache

from lrviz.inputs.foreign.known_keys import lines_of
from lrviz.inputs.foreign.setting_values import is_since


def gone(trainer: str, version: str) -> frozenset[str]:
    """Those whose last version is older than ``version``."""
    return frozenset(name for name, last in _last_versions(trainer) if not is_since(last, version))


@cache
def _last_versions(trainer: str) -> tuple[tuple[str, str], ...]:
    rows = (line.split() for line in lines_of(f"{trainer}_gone"))
    return tuple((name, last) for name, last in rows)
