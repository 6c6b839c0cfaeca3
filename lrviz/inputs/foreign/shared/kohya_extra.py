"""The options of its script that kohya_ss has as one text, which it puts behind the script's command.

Source: kohya_ss 26.0.0, ``run_cmd_advanced_training`` of ``kohya_gui/common_gui.py``: it splits at blanks and
drops quotes; the script's parser then stops at what it does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.meant_keys import nearest_known
from lrviz.inputs.foreign.shell.argv import read_options
from lrviz.inputs.foreign.word import Word
from lrviz.notation.nearest import meant_text
from lrviz.notation.origin import Place
from lrviz.notation.text import few

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.argv import Arguments

EXTRA = "additional_parameters"
_KNOWN = KnownKeys(("kohya", "kohya_new"))


def options_in(text: object, at: Place) -> list[tuple[str, Any, Place]]:
    """The options of the script that a text has, which win over the fields."""
    return [
        (one.name.replace("-", "_"), one.value, Place(at.file, at.line, one.written))
        for one in _read(text).options
        if one.written.startswith("-")
    ]


def check_extra(run: Settings) -> None:
    """Refuse a text with words at which the script's parser stops.

    Raises:
        ConfigError: it has one.

    """
    found, known = _read(run.raw(EXTRA)), _KNOWN.names()
    stray = [one.written for one in found.options if not one.written.startswith("-")]
    stray += [word.text for word in found.words]
    names = {one.name: one.written for one in found.options if one.written not in stray}
    for name, written in names.items():
        if not any(one.startswith(name) for one in known):
            meant = meant_text(name, nearest_known(name, known))
            stops = f"{EXTRA} has {written}, at which the parser of its script stops{meant}"
            run.refuse(stops, at=EXTRA, hint=f"take {written} out of {EXTRA}, or mend it there")
    if stray:
        text = f"{EXTRA} has {few(stray)}, no option nor the value of one, at which the script's parser stops"
        run.refuse(text, at=EXTRA, hint="an option begins with --, and is split at blanks: --name=value")


def _read(text: object) -> Arguments:
    return read_options(
        [Word.of(word) for word in text.replace('"', "").split()] if isinstance(text, str) else []
    )
