"""The configs that a script hands to programs of its own, which may make or change them."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.made_files import configs_written, is_config

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAKERS = re.compile(r"make|mk|gen|creat|writ|build|render|edit|patch|updat|modif|templat|conf|cfg|fill|yaml")
"""What a program is called that makes or changes files."""


def program_of(words: Sequence[str]) -> str:
    """The program that is run: of Python, or one beside; empty where it is a command of the system."""
    first = words[0] if words else ""
    if PurePath(first).name.startswith("python"):
        named = next((word for word in words[1:] if not word.startswith("-")), "")
        return named if named.endswith(".py") and not {"-m", "-c"} & {*words[: words.index(named)]} else ""
    return first if "/" in first and not first.startswith(("/bin/", "/usr/bin/")) else ""


def files_handed(words: Sequence[str], code: str | None) -> Iterator[tuple[str, bool]]:
    """Those that may be made, and whether they are: its ``code`` tells, or else what it is called."""
    program = program_of(words)
    if not program:
        return
    behind = words[words.index(program) + 1 :]
    values = [word.partition("=")[2] if word.startswith("-") else word for word in behind]
    handed = [word for word in values if is_config(word)]
    if code is None:
        is_maker = bool(_MAKERS.search(PurePath(program).stem.lower()))
        yield from ((word, is_maker) for word in handed)
    elif (written := configs_written(code)) is not None:
        yield from ((word, True) for word in dict.fromkeys([*written, *handed]))
