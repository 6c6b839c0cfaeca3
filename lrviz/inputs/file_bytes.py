"""The bytes of files and of stdin as words name them; where they cannot be read, what may be meant."""

from __future__ import annotations

import re
from pathlib import Path

from lrviz.errors import ConfigError
from lrviz.inputs.files import LIMIT, PACKED, read_file, read_stdin, reason
from lrviz.inputs.words import GIT, READABLE, STDIN, STDIN_NAME
from lrviz.notation.nearest import nearest
from lrviz.notation.shell import shell_word

ENDINGS = f"{', '.join(READABLE[:-1])} and {READABLE[-1]}"
"""Of files that lrviz reads, as a sentence has them."""


def read_path(path: Path, limit: int = LIMIT) -> bytes:
    """The bytes of a file that is named where a config may stand.

    Raises:
        ConfigError: it cannot be read, or is compressed.

    """
    try:
        return _unpacked(read_file(path, limit), str(path))
    except FileNotFoundError:
        if path.is_symlink():
            text = f"{path}: a link to {path.readlink()}, which is no file"
            raise ConfigError(text, hint="name another file") from None
        raise ConfigError(f"{path}: no such file", hint=_near_file(path)) from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: a folder, not a config", hint=_file_in(path)) from None
    except OSError as error:
        raise ConfigError(f"{path}: {reason(error)}", hint="name another file") from None


def read_stdin_bytes() -> bytes:
    """The bytes of stdin.

    Raises:
        ConfigError: it cannot be read, or is compressed.

    """
    try:
        return _unpacked(read_stdin(), STDIN)
    except OSError as error:
        raise ConfigError(f"stdin is {reason(error)}", hint="lrviz show - < run.toml") from None


def _unpacked(raw: bytes, name: str) -> bytes:
    """The bytes, unless they are those of a compressed file.

    Raises:
        ConfigError: they are.

    """
    for magic, unpack in PACKED.items():
        if raw.startswith(magic):
            text = f"{STDIN_NAME if name == STDIN else name}: compressed, as {unpack.split()[0]} reads it"
            raise ConfigError(text, hint=f"{unpack} {shell_word(name)} | lrviz show -")
    return raw


def _near_file(path: Path) -> str:
    """The file in that folder with the name most like it, or the one at a revision."""
    if re.fullmatch(r"[^:\\/]{2,}:[^:]+", str(path)) and path.suffix.lower() in READABLE:
        return f"{GIT}{path} is that file at a revision"
    names = {Path(name).stem: name for name in _readable(path.parent, path.suffix)}
    close = nearest(path.stem, names)
    return (
        f"did you mean {path.with_name(names[close])}?"
        if close
        else "name it as seen from the folder you are in"
    )


def _file_in(folder: Path) -> str:
    files = _readable(folder)
    return f"name a file: {folder / files[0]}" if files else f"name a file: lrviz reads {ENDINGS}"


def _readable(folder: Path, *more: str) -> list[str]:
    """The files in a folder that end in what lrviz reads, or in one of ``more``."""
    try:
        return sorted(file.name for file in folder.iterdir() if file.suffix.lower() in (*READABLE, *more))
    except OSError:
        return []
