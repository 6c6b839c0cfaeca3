"""What a schedule and its run must be told and are not: asked for at once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import WORDS, Lack, LrvizError, PlanError, Style, marked
from lrviz.notation.rendering import render
from lrviz.notation.shell import shell_word
from lrviz.notation.spec import parse_value
from lrviz.notation.text import few, listed
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from lrviz.notation.spec import Spec

MANY = 4
"""More schedules than these are counted, not listed."""


class Incomplete(NamedTuple):
    """A schedule, what it is called among others, and what it lacks, by key."""

    subject: str
    spec: Spec
    lacks: Mapping[str, Lack]

    @property
    def word(self) -> str:
        """The spec with those parameters that no key of a run fills; nothing where it lacks none."""
        own = {key: lack for key, lack in self.lacks.items() if key not in KEYS}
        return shell_word(render(completed(self.spec, own.values()))) if own else ""


class MissingError(PlanError):
    """Several things are missing, or one in several schedules."""

    def __init__(self, found: Sequence[Incomplete]) -> None:
        lacks = {key: lack for one in found for key, lack in one.lacks.items()}
        super().__init__(_message(found), hint="", lacks=tuple(lacks.values()))
        self.template = _hint([lack for lack in self.lacks if lack.key in KEYS], [one.word for one in found])

    def write_hint(self, style: Style, *, but: Container[str] = ()) -> None:
        """A spec has its parameters behind its name, a config as keys of their own."""
        if style is not WORDS:
            self.template = _hint(self.lacks, [])
        super().write_hint(style, but=but)


def all_missing(error: LrvizError, spec: Spec, resolve: Callable[[Spec], object]) -> LrvizError:
    """The refusal of all that is missing, found by trying the spec with a value for what is."""
    found: dict[str, Lack] = {}
    more: tuple[Lack, ...] = error.lacks
    while any(lack.key not in found for lack in more):
        found |= {lack.key: lack for lack in more}
        more = _lacks(partial(resolve, completed(spec, found.values())))
    return error if len(found) == len(error.lacks) else MissingError([Incomplete("", spec, found)])


def _lacks(resolve: Callable[[], object]) -> tuple[Lack, ...]:
    """What is missing still, if that is why it is refused."""
    try:
        resolve()
    except LrvizError as error:
        return error.lacks
    return ()


def completed(spec: Spec, lacks: Iterable[Lack]) -> Spec:
    """A spec with a value for all that it lacks."""
    samples = {lack.key: parse_value(lack.value) for lack in lacks}
    return replace(spec, params=tuple((dict(spec.params) | samples).items()))


def _message(found: Sequence[Incomplete]) -> str:
    """What is missing, behind all that lack it."""
    lacking: dict[str, list[str]] = {}
    for one in found:
        for lack in one.lacks.values():
            lacking.setdefault(lack.what, []).append(one.subject)
    together: dict[str, list[str]] = {}
    for what, subjects in lacking.items():
        together.setdefault(few(filter(None, dict.fromkeys(subjects)), MANY), []).append(what)
    parts = (f"{listed(whats)} {'is' if len(whats) == 1 else 'are'} missing" for whats in together.values())
    return "; ".join(": ".join(filter(None, pair)) for pair in zip(together, parts, strict=True))


def _hint(lacks: Sequence[Lack], words: Sequence[str]) -> str:
    """A line that gives all: the keys of the run, and schedules with parameters of their own."""
    keys = marked({lack.key: lack.value for lack in lacks})
    others = [f", or {lack.instead} in place of <{lack.key}>" for lack in lacks if lack.instead]
    typed = " ".join(filter(None, dict.fromkeys(words)))
    given = " and ".join(filter(None, [typed, keys]))
    return f"give {given}{''.join(others)}"
