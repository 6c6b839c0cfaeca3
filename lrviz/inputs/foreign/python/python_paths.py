"""Paths that a Python file makes: ``os.path.join(os.path.dirname(__file__), "ds.json")``, ``Path(…) / …``."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.beside import OWN

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_PARENTS = 8
_SAME = (
    "os.path.abspath",
    "os.path.realpath",
    "os.path.normpath",
    "os.path.expanduser",
    "os.fspath",
)
_PATHS = ("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath")
_SAME_METHODS = ("resolve", "absolute", "as_posix", "__str__")
_CURRENT = ("os.getcwd", "pathlib.Path.cwd")


class PathText(str):
    """A path of pathlib: text with a parent, and ``/``."""

    __slots__ = ()

    def __truediv__(self, other: object) -> PathText:
        """A path below it."""
        return PathText(posixpath.join(self, str(other)))

    @property
    def parents(self) -> tuple[PathText, ...]:
        """The folders above it, the closest first."""
        found, text = [], str(self)
        for _ in range(_MOST_PARENTS):
            text = parent(text)
            found.append(PathText(text))
        return tuple(found)


def own_path(file: str) -> str:
    """What ``__file__`` is in a file of that name."""
    return f"{OWN}/{posixpath.basename(file)}"


def parent(path: str) -> str:
    """The folder that a path lies in."""
    is_folder = posixpath.basename(path) in (".", "..")
    return posixpath.join(path, "..") if is_folder else posixpath.dirname(path)


def path_made(function: str, arguments: Sequence[object]) -> str | None:
    """What a function of os or pathlib makes of paths that are known; None where it is another."""
    texts = [one for one in arguments if isinstance(one, str)]
    if len(texts) < len(arguments) or (not texts and function not in _CURRENT):
        return None
    if function == "os.path.join":
        return posixpath.join(*texts)
    if function == "os.path.dirname" and len(texts) == 1:
        return parent(texts[0])
    if function in _PATHS:
        return PathText(posixpath.join(*texts))
    if function in _CURRENT and not texts:
        return PathText(".") if function.startswith("pathlib") else "."
    return texts[0] if function in _SAME and len(texts) == 1 else None


def path_of(path: object, method: str, arguments: Sequence[object]) -> PathText | None:
    """What a method of a path gives, where that is a path."""
    if not isinstance(path, PathText) or not all(isinstance(one, str) for one in arguments):
        return None
    if method == "joinpath" and arguments:
        return PathText(posixpath.join(path, *map(str, arguments)))
    return path if method in _SAME_METHODS and not arguments else None
