"""JSON: what it says, and the line of every key."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from lrviz.inputs.config.lines import number_error, syntax_error

if TYPE_CHECKING:
    from lrviz.inputs.config.lines import Lines

_HINT = 'JSON: "warmup": "6%", no comments, no comma before a closing bracket'
_TOKEN = re.compile(r'("(?:\\.|[^"\\])*")(\s*:)?|[{}\[\],]')


def read(text: str, name: str, found: Lines) -> Any:
    """Read JSON.

    Raises:
        ConfigError: it is none.

    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise syntax_error(f"{name}:{error.lineno}", error.colno, error.msg, _HINT) from None
    except ValueError:
        raise number_error(text, name) from None
    _lines(text, found)
    return data


def _lines(text: str, found: Lines) -> None:
    """Walk over text known to be JSON: ``place`` holds a key or a number for each bracket open."""
    place: list[Any] = []
    line, seen = 1, 0
    for token in _TOKEN.finditer(text):
        line, seen = line + text.count("\n", seen, token.start()), token.start()
        sign = token[0][0]
        if token[2]:
            place[-1] = json.loads(token[1])
            found.add(tuple(place), line)
        elif sign in "{[":
            if place and isinstance(place[-1], int):
                found.add(tuple(place), line)
            place.append(0 if sign == "[" else "")
        elif sign in "}]":
            place.pop()
        elif sign == "," and isinstance(place[-1], int):
            place[-1] += 1
