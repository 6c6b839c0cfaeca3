"""Curves that are branches of others, made once these are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import SpecError
from lrviz.notation.nearest import nearest
from lrviz.resolve.keys import FROM, KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lrviz.notation.spec import Spec
    from lrviz.resolve.resolved import Resolved


class Branch(NamedTuple):
    """A branch that waits for its trunk: ``make`` makes it then."""

    spec: Spec
    make: Callable[[Resolved], Resolved]

    @property
    def label(self) -> str:
        """What another branch calls it."""
        return str(self.spec.get("label") or self.spec.name)

    @property
    def trunk(self) -> str:
        """The label of the curve that it leaves."""
        return str(KEYS[FROM].read(self.spec.get(FROM)).label)


def is_branch(spec: Spec) -> bool:
    """Whether it leaves another curve."""
    return spec.get(FROM) is not None


def grown(found: Sequence[Sequence[Resolved | Branch]]) -> list[list[Resolved]]:
    """The same, each branch made.

    Raises:
        LrvizError: no curve, or more than one, is called as a trunk is; branches lead in a circle, or are
            refused.

    """
    made = {id(one): one for own in found for one in own if not isinstance(one, Branch)}
    waiting = [one for own in found for one in own if isinstance(one, Branch)]
    while waiting:
        ready = [(one, trunk) for one in waiting if (trunk := _trunk(one, made.values(), waiting))]
        if not ready:
            around = " → ".join(f"{one.label} ({FROM}={one.trunk})" for one in waiting)
            raise SpecError(f"branches lead in a circle: {around}", hint="one of them leaves no other curve")
        made |= {id(one): one.make(trunk) for one, trunk in ready}
        done = {id(one) for one, _ in ready}
        waiting = [one for one in waiting if id(one) not in done]
    return [[made[id(one)] for one in own] for own in found]


def _trunk(one: Branch, made: Iterable[Resolved], waiting: Iterable[Branch]) -> Resolved | None:
    """The curve that a branch leaves; None where it is a branch that is not made.

    Raises:
        SpecError: none is called so, or several are.

    """
    made = list(made)
    named = [run for run in made if run.label == one.trunk]
    others = [other.label for other in waiting if other is not one]
    if len(named) + others.count(one.trunk) > 1:
        raise SpecError(
            f"{one.label}: several curves are called {one.trunk}", hint="give one a <label=trunk>"
        )
    if named:
        return named[0]
    if one.trunk not in (*others, one.label):
        labels = [run.label for run in made] + others
        text = f"{one.label}: no curve beside it is called {one.trunk}"
        raise SpecError(text, hint=_way(one, labels))
    return None


def _way(one: Branch, labels: Sequence[str]) -> str:
    """The label most like it, else all of them, or a curve to leave."""
    near = nearest(one.trunk, labels)
    step = str(one.spec.get(FROM)).rpartition("@")[2]
    ways = [near] if near else list(dict.fromkeys(labels))
    if not ways:
        return f"name the curve too: wsd:label={one.trunk}"
    return " or ".join(f"<{FROM}={way}@{step}>" for way in ways)
