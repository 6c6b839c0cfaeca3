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
    """An error for each expectation that does not hold, a command for each finding, and the sum."""
    for one in report.outcomes:
        if not one.verdict.holds:
            yield _command("error", one.place, one.asked, f"{one.label}: {one.text}")
    yield from annotate_findings(report.findings, report.fails)
    yield summary(report)


def annotate_findings(
    findings: Iterable[Finding], fails: Callable[[Finding], bool] | None = None
) -> Iterator[str]:
    """A command for each finding, an error where it ``fails``."""
    for finding in findings:
        command = "error" if fails and fails(finding) else COMMANDS[finding.level]
        yield _command(command, finding.place, finding.id, _text(finding))


def _text(finding: Finding) -> str:
    said = finding.write_hint(WORDS)
    hint = [f"hint: {said.hint}"] if said.hint else []
    return "\n".join([": ".join(filter(None, [said.label, said.text])), *said.details, *hint])


def _command(command: str, place: Place | None, title: str, text: str) -> str:
    properties = {**where(place), "title": f"lrviz: {title}"}
    listed = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{command} {listed}::{text.translate(_DATA)}"
