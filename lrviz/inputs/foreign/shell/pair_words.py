"""Words ``key=value`` behind an option, ``--opt-kwargs layer_decay=0.7``, as the settings that they are."""

from __future__ import annotations

from typing import Any

from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.unknown import Unknown


def pairs_of(value: Any) -> dict[str, Any]:
    """What each word of an option says, as a literal; those that are no pairs are left out."""
    words = value if isinstance(value, tuple) else (value,)
    return {key: one for word in words for key, one in _pair(word)}


def _pair(word: Any) -> list[tuple[str, Any]]:
    is_known = not isinstance(word, Unknown)
    key, equals, text = (str(word) if is_known else word.why).partition("=")
    return [(key, literal(Raw(text)) if is_known else Unknown(text, word.names))] if equals else []
