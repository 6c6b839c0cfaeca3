"""A check as GitHub's workflow commands: what fails is shown beside the line that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import WORDS
from lrviz.export.check_lines import summary, where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lrviz.checks.verdict import Report
    from lrviz.notation.finding import Finding
    from lrviz.notation.origin import Place

COMMANDS = {"note": "notice", "warning": "warning", "error": "error"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def annotate(report: Report) -> Iterator[str]:
    """An error for each line that asks what does not hold, a command for each finding, and the sum."""
    failing = [one for one in report.outcomes if not one.verdict.holds]
    yield from _commands((("error", one.place, one.asked), f"{one.label}: {one.text}") for one in failing)
    yield from annotate_findings(report.findings, report.fails)
    yield summary(report)


def annotate_findings(
    findings: Iterable[Finding], fails: Callable[[Finding], bool] | None = None
) -> Iterator[str]:
    """A command for each finding, an error where it ``fails``; those of one line that are alike are one."""
    levels = ((one, "error" if fails and fails(one) else COMMANDS[one.level]) for one in findings)
    return _commands(((level, one.place, one.id), _text(one)) for one, level in levels)


def _text(finding: Finding) -> str:
    said = finding.write_hint(WORDS)
    hint = [f"hint: {said.hint}"] if said.hint else []
    return "\n".join([": ".join(filter(None, [said.label, said.text])), *said.details, *hint])


def _commands(said: Iterable[tuple[tuple[str, Place | None, str], str]]) -> Iterator[str]:
    """One command for each level, place and title, its texts in lines: GitHub shows few of a job."""
    together: dict[tuple[str, Place | None, str], list[str]] = {}
    for head, text in said:
        together.setdefault(head, []).append(text)
    return (_command(*head, "\n".join(texts)) for head, texts in together.items())


def _command(command: str, place: Place | None, title: str, text: str) -> str:
    properties = {**where(place), "title": f"lrviz: {title}"}
    listed = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{command} {listed}::{text.translate(_DATA)}"
