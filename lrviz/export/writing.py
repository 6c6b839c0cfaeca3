"""Files written whole or not at all: what stood there stays until the new one takes its name.

Replacing makes a new file: it keeps the mode, but not another owner, a hard link or a setuid bit.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import OutputError
from lrviz.inputs.files import read_file, reason

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_folder(place: str) -> bool:
    """Whether files shall be written into this place, which may have to be made first."""
    try:
        return place.endswith("/") or Path(place).is_dir()
    except OSError:  # what is wrong with it is said by who writes there
        return False


def check_target(path: Path) -> None:
    """Refuse a place that cannot be written before any work is done.

    Raises:
        OutputError: the folder is missing or not writable, or the place is a folder.

    """
    with _refusing(path):
        folder, there = _status(path.parent), _status(path)
        if folder is None:
            raise _refusal(path, f"no folder {str(path.parent)!r}", f"mkdir -p {path.parent}")
        if there and stat.S_ISDIR(there.st_mode):
            raise _refusal(path, "it is a folder", f"-o {path}/ writes one file per schedule")
        if not os.access(path.parent, os.W_OK) or (there and not os.access(path, os.W_OK)):
            raise _refusal(path, _denied(path.parent))


def _denied(folder: Path) -> str:
    """Why nothing may be written there; Windows has no such flag."""
    flags = os.statvfs(folder).f_flag if hasattr(os, "statvfs") else 0
    return "read-only file system" if flags & getattr(os, "ST_RDONLY", 0) else "permission denied"


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """A folder, made where there is none; what was made goes again where nothing comes into it.

    Raises:
        OutputError: it cannot be made.

    """
    lacking = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        _make(folder)
        yield
    finally:
        with suppress(OSError):  # the first that holds something stays, and all above it
            for one in lacking:
                one.rmdir()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"cannot make the folder {str(folder)!r}: {reason(error)}"
        raise OutputError(text, hint="-o with another place") from None


def content_of(path: Path) -> bytes | None:
    """What stands in a file, nothing where there is none.

    Raises:
        OutputError: it cannot be read.

    """
    try:
        return read_file(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"cannot read {str(path)!r}: {reason(error)}", hint="name another file") from None


def write(path: Path, content: bytes) -> str:
    """Write through a temporary file and a rename; says ``wrote``, ``replaced`` or ``unchanged``.

    Raises:
        OutputError: the place cannot be written; what stood there stays.

    """
    with _refusing(path):
        there = _status(path)
        if there and _is_open(path, there):
            with path.open("ab") as file:
                file.write(content)
            return "wrote"
        if there and there.st_size == len(content) and path.read_bytes() == content:
            return "unchanged"
        _replace(path, content)
        return "replaced" if there else "wrote"


def append(path: Path, content: bytes) -> None:
    """Write behind what stands in a file.

    Raises:
        OutputError: the place cannot be written.

    """
    with _refusing(path), path.open("ab") as file:
        file.write(content)


def _status(path: Path) -> os.stat_result | None:
    """What stands there, at the end of all links."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_open(path: Path, there: os.stat_result) -> bool:
    """Whether others have it open: a device, a pipe, or what a shell has opened as ``/dev/fd/3``."""
    return not stat.S_ISREG(there.st_mode) or str(path).startswith("/dev/")


def _refusal(path: Path, why: str, hint: str = "name another place") -> OutputError:
    return OutputError(f"cannot write {str(path)!r}: {why}", hint=hint)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except NotADirectoryError:
        raise _refusal(path, f"{str(path.parent)!r} is no folder") from None
    except OSError as error:
        raise _refusal(path, reason(error)) from None
    except ValueError:
        raise _refusal(path, "no file has such a name") from None


def _replace(path: Path, content: bytes) -> None:
    target = path.resolve()  # a link keeps pointing at its file
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".lrviz-")  # shorter than the longest name
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
