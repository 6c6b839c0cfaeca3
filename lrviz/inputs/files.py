"""Files and stdin as bytes: what is no file, or larger than a config or a log is, is refused unread."""

from __future__ import annotations

import errno
import stat
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 16 << 20
LARGE = 256 << 20
"""The limit for a table of numbers."""
PACKED = {
    b"\x1f\x8b\x08": "gzip -dc",
    b"BZh": "bzip2 -dc",
    b"\xfd7zXZ\0": "xz -dc",
    b"\x28\xb5\x2f\xfd": "zstd -dc",
    b"PK\x03\x04": "unzip -p",
}
"""How a compressed file begins, and what writes what is in it to stdout."""
_OPENED = ("/dev/stdin", "/dev/fd/")
"""What the shell has opened for us, as in ``<(…)``: read to the limit, as stdin is."""


_READ: list[list[Path]] = []
"""The files that were read, for whoever asked to remember them."""


def read_file(path: Path, limit: int = LIMIT) -> bytes:
    """All bytes of a file.

    Raises:
        OSError: it cannot be read, is too large, or no file: a device might never end, a pipe never begin.

    """
    try:
        status = path.stat()
    except ValueError:
        raise OSError(errno.EINVAL, "no file has such a name") from None
    if not str(path).startswith(_OPENED):
        _check(status, limit)
    with path.open("rb") as file:
        note_read(path)
        return _read_to(limit, file)


@contextmanager
def remembered() -> Iterator[None]:
    """Remember meanwhile which files are read."""
    _READ.append([])
    try:
        yield
    finally:
        _READ.pop()


def note_read(path: Path) -> None:
    """Remember that a file is read, or will be, if anybody wants to know."""
    if _READ:
        _READ[-1].append(path)


def was_read(path: Path) -> bool:
    """Whether it is one of the files that were read meanwhile, whatever it was called then."""
    return path.exists() and any(one.exists() and path.samefile(one) for one in _READ[-1] if _READ)


def read_stdin() -> bytes:
    """All that stdin gives.

    Raises:
        OSError: it is closed, cannot be read, or gives too much.

    """
    if sys.stdin is None:
        raise OSError(errno.EBADF, "closed")
    return _read_to(LIMIT, sys.stdin.buffer)


def reason(error: OSError) -> str:
    """Why a file cannot be used, as part of a sentence."""
    said = error.strerror or str(error)
    return said[:1].lower() + said[1:]


def _check(status: os.stat_result, limit: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "a folder")
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "a device or a pipe, not a file")
    if status.st_size > limit:
        raise _too_large(limit)


def _read_to(limit: int, file: BinaryIO) -> bytes:
    content = file.read(limit + 1)
    if len(content) > limit:
        raise _too_large(limit)
    return content


def _too_large(limit: int) -> OSError:
    return OSError(errno.EFBIG, f"larger than {limit >> 20} MB")
