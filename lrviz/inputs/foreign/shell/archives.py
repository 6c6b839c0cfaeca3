"""The files that come out of an archive: ``unzip``, ``tar x``, ``7z x``, ``gunzip``."""

from __future__ import annotations

from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.beside import is_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SINGLE = {"gunzip", "unxz", "bunzip2", "unzstd", "unlz4", "gzip", "xz", "bzip2", "zstd", "lz4"}
"""Programs that make one file of each, called as that without its ending."""
_TARS = {"tar", "bsdtar", "gtar"}
_VALUED = {
    "unzip": {"-d", "-x", "-P"},
    "tar": {"-f", "--file", "-C", "--directory", "--exclude", "-I", "--use-compress-program", "-T", "-X"},
    "7z": set[str](),
}
_ROOM = {"-d", "-C", "--directory"}


def files_unpacked(name: str, words: Sequence[str]) -> Iterator[str]:
    """Those that are named, by the words of a program."""
    if name in _SINGLE:
        if name.startswith("un") or name == "gunzip" or letters_of(words) & {"d"} or "--decompress" in words:
            packed = [word for word in words if not word.startswith("-")]
            yield from (str(PurePath(word.removesuffix(PurePath(word).suffix))) for word in packed)
    elif kind := _kind(name, words):
        room, members = _taken_apart(kind, words)
        yield from (str(PurePath(room, one)) for one in members)


def may_unpack_all(name: str, words: Sequence[str]) -> bool:
    """Whether nothing says what comes out, and that not into a folder elsewhere, where data are put."""
    kind = _kind(name, words)
    room, members = _taken_apart(kind, words) if kind else ("", [])
    return bool(kind) and not may_lead_elsewhere(room) and not any(PurePath(one).suffix for one in members)


def may_lead_elsewhere(folder: str) -> bool:
    """Whether a folder is none beside the script; a variable mostly names one of data."""
    return folder.startswith("$") or is_elsewhere(folder)


def _kind(name: str, words: Sequence[str]) -> str:
    """How it is called, if it takes files out; empty where it only lists them or packs."""
    if name == "unzip":
        return name if not letters_of(words) & {*"lptvzZ"} else ""
    if name in {"7z", "7za", "7zz"}:
        return "7z" if words[:1] in (["x"], ["e"]) else ""
    takes_out = "x" in letters_of(_dashed(words)) or not {"--extract", "--get"}.isdisjoint(words)
    return "tar" if name in _TARS and takes_out else ""


def _dashed(words: Sequence[str]) -> list[str]:
    """The words of tar, whose first needs no dash: the archive is the next then, wherever ``f`` stands."""
    first, *others = words or [""]
    if not first or first.startswith("-"):
        return [*words]
    is_named = "f" in first
    return [f"-{first.replace('f', '')}{'f' * is_named}", *others]


def letters_of(words: Sequence[str]) -> set[str]:
    """The options of one letter that words say."""
    return {letter for word in words if word[:1] == "-" != word[1:2] for letter in word[1:]}


def _taken_apart(kind: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """The folder that it unpacks into, and what it is told to take out."""
    room, named = "", []
    for before, word in pairwise(["", *(_dashed(words) if kind == "tar" else words)]):
        option, equals, value = word.partition("=")
        last = f"-{before[-1]}" if kind == "tar" and before[:1] == "-" != before[1:2] else before
        if equals and option in _ROOM:
            room = value
        elif last in _VALUED[kind]:
            room = word if last in _ROOM else room
        elif kind == "7z" and word.startswith("-o"):
            room = word[2:]
        elif not word.startswith("-"):
            named.append(word)
    is_behind = kind == "tar"  # its archive is the value of an option
    return room, named if is_behind else named[1 + (kind == "7z") :]
