"""Which schedule a name means: an id, a short name or an alias."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.catalogue.own import called, own_entries, registered
from lrviz.catalogue.registry import catalogue, entries_of, packages
from lrviz.catalogue.roles import Role
from lrviz.errors import UnknownScheduleError
from lrviz.notation.nearest import alike

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry, Framework

HOMES = ("transformers", "torch")
"""Whose names need no framework in front, the first first, though others have schedules of that name."""
SHORTEST = 3
"""Letters of a name that others may be like, or begin with."""


@cache
def _short_names() -> dict[str, Entry]:
    """Bare names: aliases first, then names that belong to one of HOMES or to one framework only."""
    names: dict[str, Entry] = {}
    for entry in catalogue().values():
        for alias in entry.aliases:
            names[alias] = entry
    by_name: dict[str, dict[str, Entry]] = {}
    for entry in catalogue().values():
        by_name.setdefault(entry.name, {})[entry.framework.name] = entry
    for name, owners in by_name.items():
        home = next((home for home in HOMES if home in owners), None)
        if home or len(owners) == 1:
            names.setdefault(name, owners[home or next(iter(owners))])
    return names


def lookup(name: str) -> Entry | None:
    """The schedule called ``name``: an id, a short name or an alias; None where there is none."""
    found = registered(name) or _quickly_found(name) or catalogue().get(name) or _short_names().get(name)
    return found or called(name)


def find(name: str) -> Entry:
    """The schedule called ``name``: an id, a short name or an alias.

    Raises:
        ScheduleError: no such schedule; the hint has the nearest names.

    """
    entry = lookup(name)
    if entry is not None:
        return entry
    bare = name.partition(":")[0]
    close = [bare] if lookup(bare) else spelt_alike(name) or _namesakes(name) or _near(name)
    hint = f"did you mean {' or '.join(close)}?" if close else _where_to_look(name)
    raise UnknownScheduleError(f"unknown schedule {name!r}", hint=hint, name=name)


def _near(name: str) -> list[str]:
    """Those most like it: of the framework it names, else of all; what only may be like it, where none is."""
    framework, _, bare = name.partition(".")
    if framework in packages():
        return [f"{framework}.{one}" for one in alike(bare, _names_of(framework), most=3, cutoff=0.6)]
    known = [*catalogue(), *own_entries(), *_short_names()]
    close = alike(name, known, most=3, cutoff=0.8) or _begun(name)
    is_short = "." in name or len(name) < SHORTEST
    return close or ([] if is_short else alike(name, known, most=3, cutoff=0.6))


def _names_of(framework: str) -> list[str]:
    return [entry.name for entry in entries_of(framework)]


def _begun(name: str) -> list[str]:
    """The short names that begin so, the shortest first."""
    begun = [one for one in _short_names() if one.startswith(name) and len(name) >= SHORTEST]
    return sorted(begun, key=len)[:3]


def spelt_alike(name: str) -> list[str]:
    """The schedules that differ from it in case, hyphens and spaces only: a short name, else ids."""
    short, ids = (
        [one for one in known if _letters(one) == _letters(name)] for known in (_short_names(), catalogue())
    )
    return short[:1] or ids


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _where_to_look(name: str) -> str:
    framework, dot, _ = name.partition(".")
    if framework in packages():
        return f"lrviz list {framework} shows those of {framework}"
    if Path(name).is_file():
        return f"name what in it is meant: {name}:get_lr"
    if dot:
        return "no file of that name is there, and lrviz list shows the schedules"
    return "lrviz list shows them all"


def _namesakes(name: str) -> list[str]:
    """Those of that name in any framework; for ``torch.swa`` those of the framework it names, aliases too."""
    framework, dot, _ = name.partition(".")
    bare = name.rpartition(".")[2]
    is_framework = framework in packages()
    return [
        key
        for key, entry in catalogue().items()
        if (
            entry.framework.name == framework and bare in (entry.name, *entry.aliases)
            if dot and is_framework
            else entry.name == bare
        )
    ]


def _quickly_found(name: str) -> Entry | None:
    """An id, or a short name of one of HOMES, without importing the other frameworks."""
    for package in (name.partition(".")[0],) if "." in name else HOMES:
        own = entries_of(package) if package in packages() else ()
        found = next((entry for entry in own if name in {entry.id, entry.name, *entry.aliases}), None)
        if found:
            return found
    return None


def find_inner(owner: Entry, name: str) -> Entry:
    """The schedule called ``name`` inside another: of the same framework or one it holds; phases are of any.

    Raises:
        ScheduleError: there is none of that name.

    """
    return find(name if owner.by_role(Role.PHASES) else id_within(owner.framework, name))


def id_within(framework: Framework, name: str) -> str:
    """The id of ``name`` inside a schedule of ``framework``: one of that, or of one that it holds."""
    if name.partition(".")[0] in framework.holds:
        return name
    return f"{framework.name}.{name.rpartition('.')[2]}"


def name_within(owner: Entry, inner: Entry) -> str:
    """How ``inner`` is called inside ``owner``."""
    return inner.name if inner.framework.name == owner.framework.name else inner.id
