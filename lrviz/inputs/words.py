"""Which word of the command line is a file, which a launch line, and which a spec."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.catalogue.names import lookup, spelt_alike
from lrviz.errors import SpecError
from lrviz.inputs.own.own_word import own_word
from lrviz.notation.mending import ascii_dashes
from lrviz.notation.shell import quoting_hint, shell_line, shell_word
from lrviz.notation.spec import FILE_KEYS, NAME, parse
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

SUFFIXES = {".toml": "toml", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}
"""What a config may end in, and the language that means."""
LANGUAGES = frozenset(SUFFIXES.values())
"""What a config may be written in."""
SHELL = (".sh", ".bash", ".slurm", ".sbatch")
"""What a script with a launch line in it may end in."""
WINDOWS = {".bat": "cmd", ".cmd": "cmd", ".ps1": "PowerShell"}
"""What scripts of Windows end in, which are told apart and refused."""
SCRIPTS = (*SHELL, *WINDOWS)
NOTEBOOK = ".ipynb"
"""What a notebook of Jupyter ends in, whose code is Python."""
ENV = ".env"
"""What a file of assignments ends in."""
TABLE = ".csv"
"""What a table of values ends in."""
READABLE = (*SUFFIXES, ".py", NOTEBOOK, *SHELL, ENV)
"""What a file of schedules may end in."""
STDIN = "-"
"""The word that is what stands on stdin."""
STDIN_NAME = "stdin"
"""What that is called."""
GIT = "git:"
"""How a word begins that is a file at a revision."""
_COMMAND = "command:"


def is_command(word: str) -> bool:
    """Whether a word is a launch line as a whole."""
    return word.startswith(_COMMAND)


def command_word(line: str) -> str:
    """The word that is a launch line: ``command: torchrun sft.py --lr 1e-3``."""
    return f"{_COMMAND} {line}"


def command_of(word: str) -> str:
    """The launch line that a word is."""
    return word.removeprefix(_COMMAND).strip()


def is_at_revision(word: str) -> bool:
    """Whether a word is a file as it was at a revision: ``git:HEAD~1:run.toml``."""
    return word.startswith(GIT)


def seen_from(folder: Path, word: str) -> str:
    """A file that is named in one of that folder, as it is named from here; a revision stays in front."""
    at, colon, path = word.rpartition(":") if is_at_revision(word) else ("", "", word)
    return f"{at}{colon}{folder / path}"


def is_settings_file(word: str) -> bool:
    """Whether a word ends as the name of a file of settings does, there or missing: ``x.yaml``."""
    return Path(word).suffix.lower() in SUFFIXES


def is_config(word: str) -> bool:
    """Whether a word is a config, a trainer's file or one of values, there or missing; a folder is none.

    Nor is what a file of the user's own has in it.

    Without a config's suffix a schedule's name is the schedule, also beside a file called so: the shell makes
    one before ``lrviz values cosine > cosine`` begins.
    """
    if is_at_revision(word) or word == STDIN:
        return True
    if own_word(word):
        return False
    if Path(word).suffix.lower() in (*READABLE, *WINDOWS, TABLE):
        return "=" not in word or is_there(word)
    return _is_path(word) or (is_there(word) and lookup(word.partition(":")[0]) is None)


def file_and_label(word: str) -> tuple[str, str]:
    """A file and the label behind it, ``run.toml:label=new``; any other word is itself without one.

    Raises:
        SpecError: nothing that can be a label stands there.

    """
    file, colon, _ = word.partition(":label=")
    if not (colon and is_config(file_and_curve(file)[0])):
        return word, ""
    try:
        spec = parse(f"file{word[len(file) :]}")
    except SpecError:
        raise SpecError(f"{word}: no label behind label=", hint=shell_word(f"{file}:label=new")) from None
    return (file, str(spec.get("label"))) if spec.keys() == ("label",) else (word, "")


MOST_COLONS = 64
"""Behind so many there is no curve's name: a spec of many points has one in each."""


def file_and_curve(word: str) -> tuple[str, str]:
    """A file and one of its curves behind it, ``run.toml:base``, ``train.csv:lr``; else the word alone."""
    if is_command(word) or is_there(word):
        return word, ""
    own = 2 if is_at_revision(word) else 0  # colons that are no label's
    places = [at for at, letter in enumerate(word) if letter == ":"]
    for place in places[own : own + MOST_COLONS]:
        if word[place + 1 :] and is_config(word[:place]):
            return word[:place], word[place + 1 :]
    return word, ""


def check_stdin(words: Sequence[str], way: str) -> None:
    """Refuse to read stdin twice: the ``way`` out.

    Raises:
        SpecError: two words are it, or curves of it.

    """
    files = [file_and_curve(file_and_label(word)[0])[0] for word in words if word.startswith(STDIN)]
    if files.count(STDIN) > 1:
        raise SpecError(f"{STDIN} can be read once: it is stdin", hint=way)


def files_in(word: str) -> list[str]:
    """The files that a word names: itself, or those behind the keys of a spec."""
    file, _ = file_and_curve(file_and_label(word)[0])
    if is_command(word) or is_there(file):
        return [file]
    try:
        params = parse(word).params
    except SpecError:
        return []
    return [file_and_curve(str(value))[0] for key, value in params if key in FILE_KEYS]


def _is_path(word: str) -> bool:
    """Whether it can only be the way to a file; an expression has slashes too."""
    return word in (".", "..") or (bool(re.search(r"[/\\]|^~", word)) and not re.search(r"[=(]", word))


def is_there(word: str) -> bool:
    """Whether a word is the name of a file."""
    try:
        return bool(word) and Path(word).exists()
    except (OSError, ValueError):  # too long, or no name of a file at all
        return False


def check_keyless(word: str) -> None:
    """Refuse keys behind a file.

    Raises:
        SpecError: there are some.

    """
    name, colon, _ = word.partition(":")
    if colon and is_config(name):
        hint = f"write them into it, or type options: {shell_line(name, '--lr', '1e-3')}"
        raise SpecError(f"{word}: a file takes no key but label", hint=hint)


def way_out(word: str, before: str, after: Sequence[str]) -> str:
    """How to type a word that is no spec: cut by a shell, joined to another or spelt in another way."""
    name = word.partition(":")[0]
    if ascii_dashes(word) != word:
        return f"type hyphens: {ascii_dashes(word)}"
    if word.count("(") != word.count(")"):
        return "balance the brackets, or quote the whole from the shell"
    if re.match(r"[^:]*?([<>]|[=!~]=)", word):
        return f"what is expected stands behind its option: --expect {shell_word(word)}"
    return quoting_hint(word, before, after) or ("" if NAME.fullmatch(name) else _spelt(word))


def _spelt(word: str) -> str:
    """``cosine,linear``, ``cosine;warmup=10``, or ``inverse-sqrt``."""
    key, equals, value = word.partition("=")
    if equals and key in KEYS and KEYS[key].option:
        return f"as an option: <{key}={value}>"
    pieces = [piece for piece in re.split(r"[,;\s]+", word) if piece]
    if pieces and all(map(lookup, pieces)):
        return f"each schedule is a word of its own: {shell_line(*pieces)}"
    joined = re.fullmatch(r"(\w+)\W+(\w+=.*)", word)
    if joined and lookup(joined[1]):
        return f"parameters stand behind a colon: {shell_word(f'{joined[1]}:{joined[2]}')}"
    close = spelt_alike(word)
    return f"did you mean {' or '.join(close)}?" if close else ""
