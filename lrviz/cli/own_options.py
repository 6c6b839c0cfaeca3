"""Numbers behind options that one command alone has, read as the keys of a run are."""

from __future__ import annotations

from typing import Any

from lrviz.errors import LrvizError, Style
from lrviz.notation.spec import parse_typed
from lrviz.resolve import readers
from lrviz.resolve.key import Key, option_of
from lrviz.resolve.keys import KEYS

_TYPED = Style(lambda key, value: f"{option_of(key)} {value}", " ")
_TOLERANCE = readers.number(lambda x: x >= 0)
_OWN = {
    key.name: key
    for key in (
        Key("top", readers.count, "a whole number from 1 on", "5", "N", "Rows of the ranking."),
        Key("rtol", _TOLERANCE, "a number from 0 on", "1e-6", "SHARE", "Of the peak."),
        Key("atol", _TOLERANCE, "a number from 0 on", "1e-9", "LR", "Of the values."),
    )
}


def number_of(name: str, text: str) -> Any:
    """What an option says.

    Raises:
        LrvizError: its key does not take it.

    """
    try:
        return (_OWN.get(name) or KEYS[name]).read(parse_typed(name, text))
    except LrvizError as error:
        error.write_hint(_TYPED)
        raise
