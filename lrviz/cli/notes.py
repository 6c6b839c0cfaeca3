"""What is said on stderr of schedules and curves: every finding, printed here and nowhere else."""

from __future__ import annotations

import re
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.cli.run_options import OPTIONS
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lrviz.notation.finding import Finding

MANY = 4
"""More labels than these are counted, not listed."""
_NUMBER = r"\d[\d.]*(?:e[-+]?\d+)?"


def say(findings: Iterable[Finding], *, quiet: bool) -> None:
    """Print each finding once, begun with all that it is true of; ``quiet`` leaves out the notes."""
    said: dict[Finding, list[str]] = {}
    for finding in (one.write_hint(OPTIONS) for one in findings):
        subject = _subject(finding)
        said.setdefault(finding._replace(label="", place=None), []).append(subject)
    for finding, subjects in sorted(_alike(said), key=lambda pair: pair[0].level != "note"):
        if not (quiet and finding.level == "note"):
            print(*_lines(finding, subjects), sep="\n", file=sys.stderr)


def _alike(said: Mapping[Finding, list[str]]) -> Iterator[tuple[Finding, list[str]]]:
    """Each finding with its subjects; many that differ in numbers alone, as those of a sweep, are one."""
    shapes: dict[tuple[str, ...], list[Finding]] = {}
    for one in said:
        shape = (one.id, one.level, *(re.sub(_NUMBER, "0", text) for text in (one.text, one.hint)))
        shapes.setdefault(shape, []).append(one)
    for alike in shapes.values():
        if len(alike) > MANY:
            first = alike[0]._replace(text=f"{alike[0].text} (the others alike, each with its own numbers)")
            yield first, [subject for one in alike for subject in said[one]]
        else:
            yield from ((one, said[one]) for one in alike)


def _subject(finding: Finding) -> str:
    """The place and the label of what it is about; a label that is the file's name says nothing more.

    Nor does a key that the text begins with.
    """
    place, label = finding.place, finding.label
    if place is None:
        return str(label)
    first, *_ = finding.text.replace(":", " ").partition(" ")
    if first == place.key.lstrip("-").replace("-", "_").rpartition(".")[2]:
        place = place._replace(key="")
    return str(place) if PurePath(place.file).name == label else f"{place}: {label}"


def _lines(finding: Finding, subjects: Iterable[str]) -> list[str]:
    about = few(dict.fromkeys(filter(None, subjects)), MANY)
    text = ": ".join(filter(None, (finding.level, about, finding.text)))
    return [text, *finding.details, *([f"hint: {finding.hint}"] if finding.hint else [])]
