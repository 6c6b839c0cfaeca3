"""How refusals and findings of a run name its place and its keys: as whoever gets them wrote them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.catalogue.names import find, spelt_alike
from lrviz.errors import LrvizError, Style, UnknownParameterError, UnknownScheduleError
from lrviz.notation.fact import FACTS
from lrviz.notation.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from lrviz.notation.origin import Place
    from lrviz.resolve.resolved import Resolved

LONGEST_SUBJECT = 60
GIVEN = Style(lambda key, value: f"--given {shell_word('='.join((key, value or 'VALUE')))}", " ")
"""How a hint beside a trainer's file writes a key whose option not every command has."""


@contextmanager
def about(subject: str, place: Place | None = None) -> Iterator[None]:
    """Say in a refusal where it stands, unless it knows better, and what it is about."""
    try:
        yield
    except LrvizError as error:
        where = error.place or place
        text = ": ".join(str(part) for part in (where, subject) if part)
        if text and not error.message.startswith(f"{text}:"):
            error.about(text)
        raise


@contextmanager
def hints_in(style: Style, *, but: Container[str]) -> Iterator[None]:
    """Write the keys in a hint as ``style`` has them, but those that were given another way."""
    try:
        yield
    except LrvizError as error:
        if isinstance(error, UnknownParameterError) and style is not GIVEN:
            error.template = style.render(_key_meant(error)) or error.template
        if isinstance(error, UnknownScheduleError):
            error.template = _schedule_meant(error) or error.template
        error.write_hint(style, but=but)
        raise


def _schedule_meant(error: UnknownScheduleError) -> str:
    """How to write here what a trainer calls so, or a fact."""
    from lrviz.inputs.foreign.synonyms import schedule_called

    if error.name in FACTS:
        return f"a fact stands behind its option, several with commas: --columns {error.name}"
    return "" if spelt_alike(error.name) else schedule_called(error.name)


def _key_meant(error: UnknownParameterError) -> str:
    """What lrviz calls a parameter that others have."""
    from lrviz.inputs.foreign.synonyms import key_meant

    return key_meant(find(error.schedule), error.name, error.value, error.beside, error.near)


def noted_in(style: Style, run: Resolved, *, but: Container[str]) -> Resolved:
    """The run with the hints of its findings as ``style`` writes them, but keys that came another way."""
    return replace(run, findings=tuple(one.write_hint(style, but=but) for one in run.findings))
