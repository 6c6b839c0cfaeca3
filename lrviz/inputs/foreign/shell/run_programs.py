"""The configs that a script hands to programs of its own, which may make or change them."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.made_files import makes_configs
from lrviz.inputs.foreign.shell.python_written import configs_written, is_config
from lrviz.inputs.foreign.written import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAKERS = re.compile(r"make|mk|gen|creat|writ|build|render|edit|patch|updat|modif|templat|conf|cfg|fill|yaml")
"""What a program is called that makes or changes files."""


_INTERPRETERS = re.compile(r"python[\d.]*|node|ruby|perl|julia|Rscript|ba?sh|zsh")


def program_of(words: Sequence[str]) -> str:
    """The program that is run by an interpreter, or from beside; empty where it is one of the system."""
    first = words[0] if words else ""
    if not _INTERPRETERS.fullmatch(PurePath(first).name):
        return first if "/" in first and not first.startswith(("/bin/", "/usr/bin/")) else ""
    named = next((word for word in words[1:] if not word.startswith("-")), "")
    within = {*words[1 : words.index(named)]} if named else {"-c"}
    is_script = bool(PurePath(named).suffix) and not within & {"-m", "-c", "-e"}
    return named if is_script or "-m" in within else ""


def files_handed(words: Sequence[str], code: str | None) -> Iterator[tuple[str, bool]]:
    """Those that may be made, and whether they are: its ``code`` tells, or else what it is called.

    ``EVERY`` where it is handed none, and called as what writes some.
    """
    program = program_of(words)
    if not program:
        return
    after = words[words.index(program) + 1 :]
    values = [word.partition("=")[2] if word.startswith("-") else word for word in after]
    handed = [word for word in values if is_config(word)]
    is_module = words[words.index(program) - 1] == "-m"
    called = program.rpartition(".")[2] if is_module else PurePath(program).stem
    if code is None:
        is_maker = bool(_MAKERS.search(called.lower()))
        yield from ((word, is_maker) for word in handed if is_maker or not is_module)
        if not handed and is_maker and makes_configs(called):
            yield EVERY, True
    elif (written := configs_written(code)) is not None:
        yield from ((word, True) for word in dict.fromkeys([*written, *handed]))
