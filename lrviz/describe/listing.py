"""The schedules by framework, searched, as tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.catalogue.own import own_entries
from lrviz.catalogue.registry import catalogue
from lrviz.describe.description import Description
from lrviz.errors import UnknownScheduleError
from lrviz.notation.nearest import nearest
from lrviz.plan.trainers import TRAINERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WORD_BEGINS = re.compile(r"(?<![a-zA-Z0-9])|(?![a-zA-Z0-9])|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def frameworks() -> dict[str, list[Description]]:
    """Every schedule, by framework and its version: ``torch 2.13.0``; in the order of names and modules."""
    found: dict[str, list[Description]] = {}
    # What was looked up before stands first in the catalogue.
    every = (*catalogue().values(), *own_entries().values())
    for entry in sorted(every, key=lambda one: (one.framework.name, one.function.__module__)):
        head = f"{entry.framework.name} {entry.framework.version}".strip()
        found.setdefault(head, []).append(Description(entry))
    return found


def search(words: Sequence[str], framework: str | None = None) -> dict[str, list[Description]]:
    """Those in whose names, summary or example a word begins with each of these, in whatever case.

    Raises:
        UnknownScheduleError: there is none.

    """
    found = {
        head: [one for one in group if all(_has(_searched(one), word.lower()) for word in words)]
        for head, group in frameworks().items()
        if framework in (None, head.partition(" ")[0])
    }
    if not any(found.values()):
        wanted = " and ".join(map(repr, words))
        raise UnknownScheduleError(
            f"no schedule of {framework or 'any framework'} has {wanted} in its names or summary",
            hint=_where_else(words) or "lrviz list shows all",
            name=" ".join(words),
        )
    return {head: group for head, group in found.items() if group}


def _where_else(words: Sequence[str]) -> str:
    trainer = next((word.lower() for word in words if word.lower() in TRAINERS), "")
    if trainer:
        return f"{trainer} is a trainer: lrviz show cosine --trainer {trainer}"
    known = {head.partition(" ")[0] for head in frameworks()}
    near = next(filter(None, (nearest(word.lower(), known, cutoff=0.7) for word in words)), "")
    return f"lrviz list --framework {near}" if near else ""


def _searched(one: Description) -> str:
    """Its names and summary, and the styles that its example is drawn in: Megatron's WSD is one of them."""
    styles = (value for value in one.entry.example.values() if isinstance(value, str))
    return " ".join((one.entry.id, *one.entry.aliases, one.summary, *styles))


def _has(text: str, word: str) -> bool:
    """Whether a word of the text begins so: ``own`` is none in ``known``, ``warm`` one in ``CosineWarm``."""
    return any(text[begun.start() :].lower().startswith(word) for begun in _WORD_BEGINS.finditer(text))


def markdown(found: Mapping[str, Sequence[Description]]) -> str:
    """A table of the frameworks with versions and counts, then a table of the schedules of each."""
    counts = [(*head.partition(" ")[::2], str(len(group))) for head, group in found.items()]
    tables = [_table(("framework", "version", "schedules"), counts)]
    for head, group in found.items():
        rows = [(f"`{one.name}`", f"`{one.entry.id}`", one.summary) for one in group]
        tables.append(f"## {head}\n\n" + _table(("name", "id", "summary"), rows))
    return "\n\n".join(tables)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
