"""A file, stdin or a launch line → a config of lrviz, what a trainer reads, or values of curves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lrviz.catalogue.names import lookup
from lrviz.errors import ConfigError, LrvizError
from lrviz.inputs.config.check import faults
from lrviz.inputs.config.document import read_text
from lrviz.inputs.config.job import Job, loads
from lrviz.inputs.config.tables import LISTED, SWEEP, TABLES
from lrviz.inputs.curve_file import CurveFile, read_kept
from lrviz.inputs.file_bytes import ENDINGS, read_path, read_stdin_bytes
from lrviz.inputs.files import LARGE, LIMIT
from lrviz.inputs.foreign.first_line import suffix_of_text
from lrviz.inputs.foreign.foreign_run import TYPED, ForeignRun
from lrviz.inputs.foreign.opening import source_of
from lrviz.inputs.foreign.recognise import claimants
from lrviz.inputs.foreign.shell.command import called_script
from lrviz.inputs.logs.reading_logs import read_log
from lrviz.inputs.own.own_names import named_own
from lrviz.inputs.revision import Revision
from lrviz.inputs.words import (
    ENV,
    NOTEBOOK,
    READABLE,
    SCRIPTS,
    SHELL,
    STDIN,
    STDIN_NAME,
    command_of,
    is_at_revision,
    is_command,
)
from lrviz.notation.shell import shell_line
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.logs.log import Log

Opened: TypeAlias = "CurveFile | Job | ForeignRun | Log"
_NO_LOGS = (".toml", ".yaml", ".yml", ".py", NOTEBOOK, ENV, *SCRIPTS)
"""What a file ends in that is written for a run, not by it."""
_MAKEFILES = ("makefile", "gnumakefile")
_TARGET = re.compile(r"^([A-Za-z][\w-]*)\s*:(?!=)", re.MULTILINE)
_HEADS = ("plan", "defaults")
_LISTS = ("schedule", "phase")
_TABLES = {*TABLES, SWEEP, *LISTED, *_LISTS, *KEYS}


def open_word(word: str, column: str = "") -> Opened:
    """What a word asks for that is no spec: ``-`` is stdin; of a log maybe one ``column``.

    Raises:
        LrvizError: it cannot be read, or is a config with faults.

    """
    if is_command(word):
        line = command_of(word)
        return _script_run(line) or ForeignRun(line.encode(), TYPED, SHELL[0])
    raw, name, path = read_bytes(word)
    suffix = suffix_of_text(raw.decode("utf-8", "replace")) if path is None else ""
    return ForeignRun(raw, name, suffix) if suffix else _opened(raw, name, path, column)


def read_bytes(word: str) -> tuple[bytes, str, Path | None]:
    """What stands in a file, in one at a revision or in stdin, what it is called, and the path of a file.

    Raises:
        ConfigError: it cannot be read.

    """
    if is_at_revision(word):
        there = Revision.of(word)
        return there.read(), str(there), there.path
    if word == STDIN:
        return read_stdin_bytes(), STDIN_NAME, None
    if "://" in word:
        raise ConfigError(f"{word}: an address, not a file", hint=f"curl -sL {word} | lrviz show -")
    return _read_whole(Path(word)), str(Path(word)), Path(word)


def may_be_log(path: Path | None) -> bool:
    """Whether a file is not called as what is written for a run, and not by it."""
    return path is None or path.suffix.lower() not in _NO_LOGS


def _script_run(line: str) -> ForeignRun | None:
    """The script beside that a line starts, ``bash x.sh 1e-4``: the files it names are seen from here."""
    called = called_script(line)
    if called is None or not Path(called[0]).is_file():
        return None
    path = Path(called[0])
    return ForeignRun(read_path(path), str(path), path.suffix.lower(), call=called[1])


def open_path(path: Path, column: str = "") -> Opened:
    """What a file asks for.

    Raises:
        LrvizError: it cannot be read, or is a config with faults.

    """
    return _opened(_read_whole(path), str(path), path, column)


def _read_whole(path: Path) -> bytes:
    return read_path(path, LARGE if may_be_log(path) else LIMIT)


def _opened(raw: bytes, name: str, path: Path | None, column: str) -> Opened:
    suffix, folder = (path.suffix.lower(), path.parent) if path else ("", Path())
    log = read_log(raw, name, column) if may_be_log(path) else None
    if log is not None:
        return log
    kept = read_kept(raw, name, suffix)
    if kept is not None:
        return kept
    if suffix not in (*READABLE, *SCRIPTS):
        suffix = suffix_of_text(raw.decode("utf-8", "replace")) or suffix
    if suffix in (*SCRIPTS, ENV, ".py", NOTEBOOK):
        return ForeignRun(raw, name, suffix, folder)
    if source := _foreign_source(raw, name, suffix, folder):
        return ForeignRun(raw, name, suffix, folder, source=source)
    try:
        return loads(raw, name, path)
    except ConfigError as error:
        if path and path.name.lower() in _MAKEFILES:
            raise _of_make(raw.decode("utf-8", "replace"), name) from None
        if suffix not in ("", *READABLE):
            error.template += f"; lrviz reads {ENDINGS}"
        raise


def _of_make(text: str, name: str) -> ConfigError:
    """What is said of a makefile, whose variables and rules make alone knows."""
    target = _TARGET.search(text)
    words = shell_line("make", "-n", *([target[1]] if target else []), "-f", name)
    return ConfigError(f"{name}: a makefile, which is not read", hint=f"{words} | lrviz show -")


def _foreign_source(raw: bytes, name: str, suffix: str, folder: Path) -> Source | None:
    """What a file says that is no config of lrviz: a trainer claims it, or nothing in it is a config's."""
    try:
        text = read_text(raw, name, suffix, lenient=True)
    except (LrvizError, RecursionError):
        return None  # what is wrong with it is said where it is read as a config
    data = text.data
    if not isinstance(data, dict) or not data:
        return None
    if _is_config(data) and not any(faults(data)):
        return None  # an optimizer's config, too, has a name that may be a schedule's
    source = source_of(text, folder)
    is_foreign = bool(claimants(source)) or not (_is_config(data) or _begins_config(data))
    return source if is_foreign else None


def _is_config(data: Mapping[str, object]) -> bool:
    """Whether it names a schedule of the catalogue, or lists several."""
    name = data.get("name")
    named = isinstance(name, str) and (lookup(name) is not None or named_own(name) is not None)
    tables = any(isinstance(data.get(key), dict) for key in _HEADS)
    return named or tables or any(isinstance(data.get(key), list) for key in _LISTS)


def _begins_config(data: Mapping[str, object]) -> bool:
    """Whether it could have been meant as one: no table in it is of a kind that a config has not."""
    if any(isinstance(value, dict) and key not in _TABLES for key, value in data.items()):
        return False
    return any(key in data for key in ("name", *_HEADS, *_LISTS)) or data.keys() <= KEYS.keys()
