"""Names of a config that are code of the user's own: run, and found where the config lies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ScheduleError
from lrviz.inputs.own.own_word import own_word

if TYPE_CHECKING:
    from pathlib import Path

    from lrviz.inputs.config.document import Text
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.own.own_word import OwnWord
    from lrviz.notation.origin import Place


def with_own_names(text: Text, folder: Path) -> Text:
    """The text with every ``name`` that names a file and what in it as a word would from here; it is run.

    Raises:
        ScheduleError: one cannot be run, or is nothing of the kind.

    """

    def read(value: object, path: KeyPath) -> Any:
        if isinstance(value, dict):
            return {key: read(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [read(inner, (*path, i)) for i, inner in enumerate(value)]
        word = named_own(value) if path and path[-1] == "name" else None
        return value if word is None else _registered(word.seen_from(folder), text.place(path))

    return replace(text, data=read(text.data, ()))


def _registered(word: OwnWord, place: Place) -> str:
    """What the schedule of a word is called, whose code is run; what it raises is about that place."""
    from lrviz.inputs.own.own_entry import register_word

    try:
        register_word(word)
    except ScheduleError as error:
        error.about(str(place))
        raise
    return word.name


def named_own(name: object) -> OwnWord | None:
    """The code of the user's own that a config's name is; modules, which lie anywhere, only a word names."""
    word = own_word(name) if isinstance(name, str) else None
    return word if word is not None and word.is_file and not word.rest else None
