"""The words and switches of a plan's own schedule: few, so that each other one is tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.names import find, find_inner
from lrviz.catalogue.roles import Role
from lrviz.compare.log.parameters import is_alone, line_of, replaced, said
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.catalogue.registry import Entry
    from lrviz.compare.log.parameters import Path
    from lrviz.engine.timeline import Timeline
    from lrviz.notation.spec import Params, Value
    from lrviz.resolve.resolved import Resolved

MOST = 8
"""Words of which each is tried."""


@dataclass(frozen=True, eq=False)
class Words:
    """What a param group's schedule says somewhere, and what else could stand there."""

    run: Resolved
    group: int
    name: str
    here: Value
    others: tuple[Value, ...]
    paths: tuple[Path, ...]
    made: dict[Value, Timeline | None] = field(default_factory=dict)

    def line(self, word: Value) -> Timeline | None:
        """The curve with another word, made once; None where that is refused."""
        if word not in self.made:
            params = said(self.run)
            for path in self.paths:
                params = replaced(params, path, word)
            self.made[word] = line_of(self.run, self.group, params)
        return self.made[word]


class _Word(NamedTuple):
    """One word, what else could stand there, and where that is."""

    key: str
    owner: str
    here: Value
    others: tuple[Value, ...]
    path: Path

    @property
    def name(self) -> str:
        return f"{self.key} of {self.owner}" if self.owner else self.key


def all_words(run: Resolved, group: int) -> list[Words]:
    """The words of a schedule and of all inside it; first what several of these say alike."""
    if not is_alone(run):
        return []
    alike: dict[tuple[str, Value], list[_Word]] = {}
    for one in _of_params(find(run.spec.name), said(run), (), ""):
        alike.setdefault((one.key, one.here), []).append(one)
    several = [found for found in alike.values() if len(found) > 1]
    together = [(found[0].key, found) for found in several]
    alone = [(one.name, [one]) for found in alike.values() for one in found]
    return [
        Words(run, group, name, found[0].here, found[0].others, tuple(one.path for one in found))
        for name, found in (*together, *alone)
    ]


def _of_params(entry: Entry, params: Params, path: Path, owner: str) -> Iterator[_Word]:
    written = dict(params)
    for name, param in entry.params.items():
        here = written.get(name, param.default)
        if param.role is Role.SCHEDULES and isinstance(here, tuple):
            inner = ((place, call) for place, call in enumerate(here) if isinstance(call, Call))
            for place, call in inner:
                yield from _of_params(
                    find_inner(entry, call.name), call.params, (*path, name, place), call.name
                )
        elif here in param.words and len(param.words) <= MOST:
            others = tuple(word for word in param.words if word != here)
            yield _Word(name, owner, here, others, (*path, name))
