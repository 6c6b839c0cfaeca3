"""Writing files whole or not at all, and asking the terminal what it can show."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lrviz.errors import OutputError


@dataclass(frozen=True)
class Terminal:
    """What stdout can show."""

    width: int
    unicode: bool
    rich: bool  # a terminal that takes escapes, so rich may be loaded

    @classmethod
    def of_stdout(cls) -> Terminal:
        """Look at stdout and the environment."""
        from lrviz.draw.table import use_unicode

        is_tty = sys.stdout.isatty()
        plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        unicode = use_unicode(sys.stdout.encoding)
        return cls(shutil.get_terminal_size().columns, unicode, is_tty and not plain and unicode)


def check_target(path: Path) -> None:
    """Refuse a place that cannot be written before any work is done.

    Raises:
        OutputError: the folder is missing or not writable, or the place is a folder.

    """
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(f"cannot write {str(path)!r}: no folder {str(folder)!r}", hint=f"mkdir -p {folder}")
    if path.is_dir():
        raise OutputError(
            f"cannot write {str(path)!r}: it is a folder", hint=f"-o {path}/ writes one file per schedule"
        )
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OutputError(f"cannot write {str(path)!r}: permission denied", hint="-o with another place")


def write(path: Path, content: bytes) -> str:
    """Write through a temporary file and a rename; says ``wrote``, ``replaced`` or ``unchanged``.

    Raises:
        OutputError: the place cannot be written; what stood there stays.

    """
    try:
        if path.exists() and path.read_bytes() == content:
            return "unchanged"
        done = "replaced" if path.exists() else "wrote"
        _replace(path, content)
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r}: {error.strerror or error}", hint="-o with another place"
        ) from None
    return done


def _replace(path: Path, content: bytes) -> None:
    target = path.resolve()  # a link keeps pointing at its file
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_stdout(content: bytes, what: str) -> None:
    """Bytes to stdout.

    Raises:
        OutputError: stdout is a terminal.

    """
    if sys.stdout.isatty():
        raise OutputError(f"{what} is not for a terminal", hint="redirect it: lrviz plot … -o - > lr.png")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def size_text(content: bytes) -> str:
    """``38 KB``."""
    return f"{max(1, round(len(content) / 1000))} KB"
