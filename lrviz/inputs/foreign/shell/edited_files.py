"""The programs that change files where they lie: ``sed -i``, ``perl -pi``, and what runs them for others."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.options import take_options
from lrviz.inputs.foreign.shell.placed_files import COPIERS, REMOVERS
from lrviz.inputs.foreign.shell.sbatch import SWITCHES
from lrviz.inputs.foreign.shell.wrappers import WRAPPERS, Wrapper
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.inputs.words import is_settings_file

if TYPE_CHECKING:
    from collections.abc import Sequence

SEDS = frozenset(("sed", "gsed"))
_TOOLS = frozenset(("yq", "crudini", "dasel", "toml", "tomlq", "xq"))
_ALWAYS = frozenset(("ed", "ex", "sd", "sponge", "truncate", "vi", "vim", "nvim"))
"""Those that change each file that they are given."""
_SWITCHES = {
    **dict.fromkeys(SEDS, re.compile(r"-[nrEszu]*i.*|--in-place.*", re.DOTALL)),
    **dict.fromkeys(("perl", "ruby"), re.compile(r"-[0-9nplaws]*i.*", re.DOTALL)),
    **dict.fromkeys(_TOOLS, re.compile(r"-[a-zA-Z]*i|--in-?place|-yi|--set|set|put")),
}
_STARTERS = ("sudo", "command", "env", "nice", "ionice", "nohup", "time", "timeout", "stdbuf", "srun")
_PATTERNS = {"-name", "-iname", "-path", "-wholename"}
_OF_SLURM = Wrapper(f"{SWITCHES} l label u unbuffered overlap pty")
_OF_XARGS = "0 r t null no_run_if_empty verbose"


def edits_in_place(name: str, words: Sequence[str]) -> bool:
    """Whether a program changes the files that its words name."""
    if name in {"awk", "gawk"}:
        return ("-i", "inplace") in pairwise(words)
    switch = _SWITCHES.get(name)
    return name in _ALWAYS or (switch is not None and any(map(switch.fullmatch, words)))


def bare(words: Sequence[Word]) -> Sequence[Word]:
    """A command that changes files without what starts it: ``sudo sed``, ``xargs sed``."""
    left = tuple(words)
    while left and (behind := _behind(left)):
        left = behind
    name = left[0].text.rpartition("/")[2] if left else ""
    is_known = name in {*SEDS, *_SWITCHES, *_ALWAYS, *COPIERS, *REMOVERS, "tee", "awk", "gawk"}
    return left if is_known else words


def _behind(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """What a command starts, with what it fills in; nothing where it starts none."""
    name = words[0].text.rpartition("/")[2]
    if name == "find":
        return _of_find(words)
    if name == "xargs":
        joined = next((word for word in words if word.text.startswith("-I") and word.text[2:]), None)
        options, behind = take_options(tuple(word for word in words[1:] if word is not joined), _OF_XARGS)
        mark = joined.text[2:] if joined else options["I"].text if "I" in options else "{}"
        is_edit = bool(behind) and edits_in_place(behind[0].text, [word.text for word in behind[1:]])
        return _with_file(behind, mark, _any_of("xargs")) if is_edit else ()
    if name not in _STARTERS:
        return ()
    known = WRAPPERS.get(name, _OF_SLURM)
    _, behind = take_options(words[1:], known.switches)
    while behind and "=" in behind[0].head and name in {"env", "sudo"}:
        behind = behind[1:]
    return behind[known.words :]


def _of_find(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """``find . -name '*.yaml' -exec sed -i s/a/b/ {} +``; of files that are no settings nothing."""
    texts = [word.text for word in words]
    at = next((n for n, text in enumerate(texts) if text in {"-exec", "-execdir"}), None)
    patterns = [value for word, value in pairwise(texts) if word in _PATTERNS]
    may_be_settings = not patterns or any(is_settings_file(one) or one.endswith("*") for one in patterns)
    if at is None or not may_be_settings:
        return ()
    end = next((n for n, text in enumerate(texts) if n > at and text in {";", "+"}), len(texts))
    return _with_file(words[at + 1 : end], "{}", _any_of("find"))


def _any_of(name: str) -> Word:
    return Word((Unknown(f"what {name} finds"),))


def _with_file(words: tuple[Word, ...], mark: str, file: Word) -> tuple[Word, ...]:
    """A command with a file in the place of a mark, or behind it where that has none."""
    made = tuple(file if word.text == mark else word for word in words)
    return made if made != words else (*words, file)
