"""The code of a Jupyter notebook as one Python file, its lines where they stand in the notebook."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = re.compile(r"(\s*)[%!?]")
_OF_PYTHON = re.compile(r"%%(?:time|timeit|capture|prun)\b")
"""Magic of a cell that is Python all the same."""


def code_of(text: str, name: str) -> str:
    """All cells of code, one behind the other; what is no Python in them, ``!pip install``, does nothing.

    Raises:
        ConfigError: it is no notebook.

    """
    try:
        cells = [one for one in json.loads(text)["cells"] if one["cell_type"] == "code"]
        sources = ["".join(one["source"]) for one in cells]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ConfigError(f"{name}: no notebook", hint="save it as Python, and give that") from None
    lines = [line for source in sources for line in _python_lines(source)]
    return "\n".join(_placed(lines, text))


def _python_lines(source: str) -> Iterator[tuple[str, str]]:
    """Each line as it is written, and as Python has it."""
    if source.startswith("%%") and not _OF_PYTHON.match(source):
        return
    goes_on = False
    for line in source.splitlines():
        found = _MAGIC.match(line)
        is_magic = goes_on or found is not None
        goes_on = is_magic and line.endswith("\\")
        yield line, f"{found[1]}pass" if found else "" if is_magic else line


def _placed(lines: list[tuple[str, str]], text: str) -> list[str]:
    """The lines with empty ones between, where a notebook has each of them in a line of its own."""
    placed: list[str] = []
    at = number = 0
    for written, line in lines:
        for quoted in _quoted(written):
            found = text.find(quoted, at)
            if found >= 0:
                number += text.count("\n", at, found)
                at = found
                break
        placed += [""] * (number - len(placed))
        placed.append(line)
    return placed


def _quoted(line: str) -> tuple[Any, Any]:
    """A line as JSON writes it, without the quotes: letters as they are, or all in ASCII."""
    return json.dumps(line, ensure_ascii=False)[1:-1], json.dumps(line)[1:-1]
