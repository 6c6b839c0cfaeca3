"""Curves that are branches of others, made once these are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.names import lookup
from lrviz.curves.refusals import about, hints_in
from lrviz.errors import WORDS, SpecError
from lrviz.notation.nearest import nearest
from lrviz.resolve.keys import FROM, KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lrviz.errors import Style
    from lrviz.notation.origin import Place
    from lrviz.notation.spec import Spec
    from lrviz.resolve.resolved import Resolved


class Branch(NamedTuple):
    """A branch that waits for its trunk: ``make`` makes it then; where it stands, and in what language."""

    spec: Spec
    make: Callable[[Resolved], Resolved]
    place: Place | None = None
    style: Style = WORDS

    @property
    def label(self) -> str:
        """What another branch calls it."""
        return label_of(self.spec)

    @property
    def trunk(self) -> str:
        """The label of the curve that it leaves."""
        return trunk_of(self.spec)


class Standing(NamedTuple):
    """A curve or branch, the word it is asked for in, and which combination of a config it is."""

    one: Resolved | Branch
    word: int
    combination: int


def is_branch(spec: Spec) -> bool:
    """Whether it leaves another curve."""
    return spec.get(FROM) is not None


def label_of(spec: Spec) -> str:
    """What a branch calls a schedule."""
    return str(spec.get("label") or spec.name)


def trunk_of(spec: Spec) -> str:
    """The label of the curve that a branch leaves."""
    return str(KEYS[FROM].read(spec.get(FROM)).label)


def grown(
    found: Sequence[Sequence[Resolved | Branch]], combinations: Sequence[Sequence[int]]
) -> list[list[Resolved]]:
    """The runs of each word, its branches made; ``combinations`` are those of a sweep that each runs with.

    Raises:
        LrvizError: no curve, or more than one, is called as a trunk is; branches lead in a circle, or are
            refused.

    """
    standing = [
        Standing(one, word, combination)
        for word, (own, numbers) in enumerate(zip(found, combinations, strict=True))
        for one, combination in zip(own, numbers, strict=True)
    ]
    made = {id(each.one): each.one for each in standing if not isinstance(each.one, Branch)}
    waiting: list[tuple[Branch, Resolved | Branch]] = []
    for each in standing:
        if isinstance(each.one, Branch):
            with about(each.one.label, each.one.place), hints_in(each.one.style, but=()):
                waiting.append((each.one, _trunk(each, each.one.trunk, standing)))
    while waiting:
        ready = [(one, made[id(trunk)]) for one, trunk in waiting if id(trunk) in made]
        if not ready:
            around = " → ".join(f"{one.label} ({FROM}={one.trunk})" for one, _ in waiting)
            raise SpecError(f"branches lead in a circle: {around}", hint="one of them leaves no other curve")
        made |= {id(one): one.make(trunk) for one, trunk in ready}
        waiting = [(one, trunk) for one, trunk in waiting if id(one) not in made]
    return [[made[id(one)] for one in own] for own in found]


def _trunk(branch: Standing, name: str, standing: Sequence[Standing]) -> Resolved | Branch:
    """What a branch leaves: of its own combination, else of its own file, else of any word; itself at worst.

    Raises:
        SpecError: none is called so, or several are.

    """
    others = [each for each in standing if each is not branch]
    beside = [each for each in others if each.word == branch.word]
    alike = [each for each in beside if each.combination == branch.combination]
    for near in (alike, beside, others):
        named = [each.one for each in near if each.one.label == name]
        if len(named) > 1:
            text = f"several curves are called {name}"
            raise SpecError(text, hint=f"give each a label of its own: <label={name} 2>")
        if named:
            return named[0]
    if branch.one.label == name:
        return branch.one
    text = f"no curve beside it is called {name}"
    raise SpecError(text, hint=_way(branch.one, name, [each.one.label for each in others]))


def _way(one: Resolved | Branch, name: str, labels: Sequence[str]) -> str:
    """The label most like it, else all of them, or a curve to leave."""
    near = nearest(name, labels)
    step = str(one.spec.get(FROM)).rpartition("@")[2]
    ways = [near] if near else list(dict.fromkeys(labels))
    if not ways and Path(name).is_file():
        return f"branches leave schedules, and points are one: points:file={name},label={name}"
    if not ways:
        return f"name the curve too: {name if lookup(name) else f'wsd:label={name}'}"
    return " or ".join(f"<{FROM}={way}@{step}>" for way in ways)
