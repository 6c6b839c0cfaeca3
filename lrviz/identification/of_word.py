"""What the log that a word names is identified as."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.catalogue.names import lookup
from lrviz.errors import ConfigError, SpecError
from lrviz.identification.identified import identify
from lrviz.inputs.curve_file import read_kept
from lrviz.inputs.logs.columns import LATER
from lrviz.inputs.logs.reading_logs import read_log
from lrviz.inputs.opened import may_be_log, read_bytes
from lrviz.inputs.own.own_word import own_word
from lrviz.inputs.words import file_and_curve, file_and_label, is_command, is_config, is_there
from lrviz.notation.finding import Finding
from lrviz.notation.shell import shell_word
from lrviz.notation.text import few

if TYPE_CHECKING:
    from lrviz.identification.identified import Identified
    from lrviz.inputs.logs.log import Log

_LOOKED_AT = 50
"""Files of a folder among which a log is looked for."""


def identify_word(word: str, total: int | None = None, steps_per_epoch: int | None = None) -> Identified:
    """What has every row of its first learning rate, in updates where the length of an epoch is known.

    Raises:
        LrvizError: it is no log, or one that cannot be read.

    """
    log = _log_of(word)
    column, *others = log.columns
    if others:
        way = f"lrviz identify {shell_word(f'{word}:{others[0].name}')}"
        text = f"{column.name} alone is looked at, not {few([one.name for one in others])}"
        log = replace(log, findings=(*log.findings, Finding("log-columns", "note", text, hint=way)))
    known = steps_per_epoch or (None if column.is_whole else log.steps_per_epoch)
    column = column.in_updates(known)
    last = float(log.steps_of(column).max(initial=0.0))
    if total is not None and last > total:
        text = f"{log.name} goes on to {column.unit} {last:g}, past the {total} that are said to be all"
        log = replace(log, findings=(*log.findings, Finding("log-beyond", "warning", text)))
    return identify(log, column, total)


def _log_of(word: str) -> Log:
    """The log that a word names.

    Raises:
        LrvizError: it names none, or one that cannot be read.

    """
    file, column = file_and_curve(file_and_label(word)[0])
    if is_command(file) or _is_spec(file):
        raise SpecError(f"{word}: no log of a run", hint=f"lrviz show {shell_word(word)} draws it")
    if Path(file).is_dir():
        raise ConfigError(f"{file}: a folder, not a log", hint=_log_in(Path(file)))
    raw, name, path = read_bytes(file)
    if not raw.strip():
        raise ConfigError(f"{name}: empty, nothing is logged yet", hint=LATER)
    log = read_log(raw, name, column) if may_be_log(path) else None
    if log is None:
        raise ConfigError(f"{name}: no log of a run", hint=_way(raw, name, path))
    return log


def _is_spec(word: str) -> bool:
    """Whether a word is a schedule, and not the name of a file that is not there."""
    is_file = is_config(word) or is_there(word)
    return not is_file and (bool(own_word(word)) or lookup(re.split("[:(]", word)[0]) is not None)


def _way(raw: bytes, name: str, path: Path | None) -> str:
    """What helps where a file is no log."""
    if path and read_kept(raw, name, path.suffix.lower()):
        return f"it has the values that lrviz wrote: lrviz show {shell_word(str(path))}"
    return "a log has steps and learning rates: a table below step,lr or lines as step 100 lr 3e-4"


def _log_in(folder: Path) -> str:
    """The first log in a folder."""
    files = (one for one in sorted(folder.iterdir()) if one.is_file() and may_be_log(one))
    for file in islice(files, _LOOKED_AT):
        try:
            if read_log(read_bytes(str(file))[0], str(file)):
                return f"lrviz identify {shell_word(str(file))}"
        except ConfigError:
            continue
    return f"{LATER}, and name the file that it writes"
