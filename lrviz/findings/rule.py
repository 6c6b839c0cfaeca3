"""What a finding is known by: its id and level, what it looks at, what it means, an example that trips it."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from lrviz.notation.finding import Finding
from lrviz.notation.shell import shell_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lrviz.curves.series import Series
    from lrviz.findings.look import Look
    from lrviz.notation.finding import Level
    from lrviz.resolve.resolved import Resolved

Scope = Literal["run", "curve", "output"]
"""Looked at: a run before a value of it is computed, each curve, or all curves of one output together."""


class Said(NamedTuple):
    """One line about what is looked at; a ``level`` of its own where the rule's does not fit."""

    text: str
    level: Level | None = None
    hint: str = ""
    details: tuple[str, ...] = ()


class Rule(NamedTuple):
    """One finding.

    ``levels`` are those that it may have, the usual one first. Without ``any_quantity`` it speaks of LRs
    only; ``unless`` are ids that say it better.
    """

    id: str
    levels: tuple[Level, ...]
    scope: Scope
    looks: Callable[[Any], Iterable[Any]]
    example: str
    unless: tuple[str, ...]
    any_quantity: bool

    @property
    def level(self) -> Level:
        """The usual one."""
        return self.levels[0]

    @property
    def summary(self) -> str:
        """What it says, in one line."""
        return self._text.partition("\n")[0]

    @property
    def paragraph(self) -> str:
        """Why that matters, and what to do."""
        return " ".join(self._text.partition("\n")[2].split())

    @property
    def command(self) -> str:
        """The line to type that trips it."""
        import shlex

        return shell_line("lrviz", "show", *shlex.split(self.example))

    @property
    def _text(self) -> str:
        return inspect.cleandoc(self.looks.__doc__ or "")

    def finding(self, said: Said) -> Finding:
        """What it says, with its id and level."""
        return Finding(self.id, said.level or self.level, said.text, said.hint, details=said.details)


OfRun = TypeVar("OfRun", bound="Callable[[Resolved], Iterable[Said]]")
OfCurve = TypeVar("OfCurve", bound="Callable[[Look], Iterable[Said]]")
OfOutput = TypeVar("OfOutput", bound="Callable[[list[Look]], Iterable[tuple[Series, Said]]]")
_RULES: dict[str, Rule] = {}


def of_run(name: str, level: Level, *, example: str) -> Callable[[OfRun], OfRun]:
    """Make a rule of the function below: it looks at each run."""
    return _rule(name, (level,), "run", example)


def of_curve(
    name: str, *levels: Level, example: str, unless: tuple[str, ...] = (), any_quantity: bool = False
) -> Callable[[OfCurve], OfCurve]:
    """Make a rule of the function below: it looks at each curve."""
    return _rule(name, levels, "curve", example, unless, any_quantity=any_quantity)


def of_output(name: str, level: Level, *, example: str) -> Callable[[OfOutput], OfOutput]:
    """Make a rule of the function below: it looks at all curves together."""
    return _rule(name, (level,), "output", example)


def _rule(  # noqa: PLR0913  (the fields of a rule)
    name: str,
    levels: tuple[Level, ...],
    scope: Scope,
    example: str,
    unless: tuple[str, ...] = (),
    *,
    any_quantity: bool = False,
) -> Callable[[Any], Any]:
    """Put the function below among the rules, unchanged."""

    def store(function: Any) -> Any:
        _RULES[name] = Rule(name, levels, scope, function, example, unless, any_quantity)
        return function

    return store


@cache
def rules() -> tuple[Rule, ...]:
    """Every finding, by id."""
    from lrviz.findings import rules as folder
    from lrviz.notation.modules import modules_of

    modules_of(folder)
    return tuple(_RULES[name] for name in sorted(_RULES))
