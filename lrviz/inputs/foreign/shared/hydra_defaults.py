"""The lines of a hydra config's ``defaults``: which file each names, and where the keys of that go.

Source: hydra-core 1.3.2 ``core/default_element.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "defaults"
SELF = "_self_"
_GLOBAL, _HERE, _GROUP = "_global_", "_here_", "_group_"


class Config(NamedTuple):
    """A file by its path within the configs, ``model/big``, and the package that its keys are put into.

    ``key`` is what it is overridden by, ``model`` or ``model@net``, nothing of one that is named whole.
    """

    group: str
    name: str
    package: str
    key: str = ""

    @property
    def path(self) -> str:
        """With its group."""
        return f"{self.group}/{self.name}".removeprefix("/")

    @property
    def keys(self) -> list[str]:
        """The keys of its package."""
        return self.package.split(".") if self.package else []


class Default(NamedTuple):
    """A line: ``group@package: option``, or a file that is named whole, whose ``group`` is its folder."""

    group: str
    option: Any
    package: str | None = None
    is_override: bool = False
    is_optional: bool = False
    is_whole: bool = False

    @property
    def is_self(self) -> bool:
        """Whether it stands for the file itself."""
        return self.is_whole and self.option == SELF

    def config(self, parent: Config, option: Any, header: str | None = None) -> Config:
        """The file that it names in the list of another one, with that option."""
        path = self.group.removeprefix("/")
        group = path if self.group.startswith("/") else f"{parent.group}/{path}".strip("/")
        default = group.replace("/", ".")
        said = None if self.package is None else self.package.replace(_GROUP, f"{_GLOBAL}.{default}")
        own = path.replace("/", ".")
        plain = _within(parent.package, own if said is None else said)
        key = group if plain == default else f"{group}@{plain or _GLOBAL}"
        package = _within(parent.package, own if header is None else header) if said is None else plain
        return Config(group, str(option), package, "" if self.is_whole else key)


ITSELF = Default("", SELF, is_whole=True)


def defaults_in(lines: object) -> Iterator[Default]:
    """The lines of a list, but for those of hydra's own groups, which say nothing of the run."""
    for line in lines if isinstance(lines, (list, tuple)) else ():
        for written, option in line.items() if isinstance(line, dict) else [("", line)]:
            *words, named = str(written or option).split(" ")
            path, at, package = named.partition("@")
            is_whole = not written
            group, _, name = path.rpartition("/") if is_whole else (path, "", option)
            if is_whole and path.startswith("/"):
                group = f"/{group.removeprefix('/')}"
            if not path.lstrip("/").startswith("hydra/"):
                within = ("" if package == _HERE else package) if at else None
                yield Default(group, name, within, "override" in words, "optional" in words, is_whole)


def header_package(header: str | None) -> str | None:
    """The package that a file says itself, ``# @package model``, which counts from the top."""
    if header is None or header == _GROUP:
        return None
    return header if header.startswith(_GLOBAL) else f"{_GLOBAL}.{header}"


def _within(parent: str, package: str) -> str:
    """A package in that of the file around it; what stands behind ``_global_`` counts from the top."""
    path = ".".join(filter(None, (parent, package)))
    return path.rpartition(_GLOBAL)[2].removeprefix(".")
