"""Files: which word is a config, and writing whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from lrviz.errors import OutputError


def check_target(path: Path) -> None:
    """Refuse a place that cannot be written before any work is done.

    Raises:
        OutputError: the folder is missing or not writable, or the place is a folder.

    """
    folder = path.parent
    if folder.exists() and not folder.is_dir():
        raise OutputError(
            f"cannot write {str(path)!r}: {str(folder)!r} is no folder", hint="-o with another place"
        )
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
        if path.exists() and not path.is_file():  # a device or a pipe has no old content to keep
            path.write_bytes(content)
            return "wrote"
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
