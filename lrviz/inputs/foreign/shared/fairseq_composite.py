"""fairseq's composite optimizer: param groups, each with an LR and a scheduler of its own.

Source: fairseq 0.12.2 ``optim/composite.py``; an LR among a group's optimizer settings is of later ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

GIVEN, DEFAULT = "group", "default"
LRS = (("lr_float",), ("lr",), ("optimizer", "lr"))
"""Where a group's LR may stand: the first that is said counts."""


def with_group(source: Source) -> Source:
    """A file as that of the one group that is meant: its scheduler and LR in the place of the run's."""
    groups, name = _groups(source.data), _meant(source)
    run = source.data.get("optimization", {})
    if name is None or not isinstance(run, dict):  # a text in its place is refused as any other
        return source
    within, (at, lr) = ("optimizer", "groups", name), _lr(groups[name])
    moved = {path: path[3:] for path in source.places if path[:4] == (*within, "lr_scheduler")}
    moved[*within, *at] = ("optimization", "lr")
    data = {
        "lr_scheduler": groups[name]["lr_scheduler"],
        "optimization": {**run, "lr": lr},
    }
    places = {moved[path]: source.places[path] for path in moved if path in source.places}
    return source.saying(data, places)


def note_group(run: Settings) -> None:
    """Say whose schedule it is.

    Raises:
        ConfigError: there are several, and none is chosen.

    """
    source = run.sources[-1]
    groups, name = _groups(source.data), _meant(source)
    if groups and name is None:
        text = (
            f"{len(groups)} param groups with schedules of their own, {few([*groups])}: one at a time is read"
        )
        run.refuse(text, hint=f"--given {GIVEN}={next(iter(groups))}")
    others = [one for one in groups if one != name]
    if others:
        run.note("one-group", f"this is the param group {name}; its optimizer has others: {few(others)}")


def _meant(source: Source) -> str | None:
    """The group that is chosen, the default one, or any where all are alike; None where it is open."""
    groups = _groups(source.data)
    chosen = source.given.get(GIVEN, DEFAULT)
    first = next(iter(groups), None)
    if chosen in groups or first is None:
        return chosen if chosen in groups else None
    kinds = [(one["lr_scheduler"], _lr(one)[1]) for one in groups.values()]
    return first if all(one == kinds[0] for one in kinds) else None


def _groups(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The groups of a composite optimizer that have a scheduler and an LR."""
    optimizer = data.get("optimizer")
    if not isinstance(optimizer, dict) or optimizer.get("_name") != "composite":
        return {}
    found = optimizer.get("groups")
    groups = found.items() if isinstance(found, dict) else ()
    tables = {str(name): one for name, one in groups if isinstance(one, dict)}
    return {
        name: one
        for name, one in tables.items()
        if isinstance(one.get("lr_scheduler"), dict) and _lr(one)[1] is not None
    }


def _lr(group: Mapping[str, Any]) -> tuple[KeyPath, Any]:
    """The LR of a group, and where in it."""
    for path in LRS:
        table: Any = group
        for key in path:
            table = table.get(key) if isinstance(table, dict) else None
        if table is not None:
            return path, table
    return LRS[0], None
