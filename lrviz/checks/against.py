"""Curves held against a baseline: each must be in it as it is now, and each in it must still be there."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.checks.same_as import judge_tracks
from lrviz.checks.verdict import Outcome, Verdict, no
from lrviz.compare.track import track_of, track_of_column
from lrviz.curves.labels import column_names
from lrviz.errors import ConfigError
from lrviz.inputs.curve_file import read_curve_file
from lrviz.inputs.words import STDIN, is_at_revision
from lrviz.notation.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.inputs.curve_file import CurveFile


_LOOKED_AT = 50
"""Files of a folder among which a baseline is looked for."""


def asked_of(path: str) -> str:
    """What a baseline asks of each curve."""
    return f"same as {path}"


def check_baseline(path: str) -> None:
    """Refuse what can be no baseline, to be read or to be written.

    Raises:
        ConfigError: it is a folder, or stdin.

    """
    if path in (STDIN, ""):
        raise ConfigError(
            f"{path or repr(path)}: a baseline is a file", hint="--baseline lr.json --update writes one"
        )
    if not is_at_revision(path) and Path(path).is_dir():
        raise ConfigError(f"{path}: a folder, not a baseline", hint=_baseline_in(Path(path)))


def _baseline_in(folder: Path) -> str:
    """The first baseline in a folder, or a new one beside what is there."""
    for file in sorted(folder.glob("*.json"))[:_LOOKED_AT]:
        try:
            read_curve_file(str(file))
        except ConfigError:
            continue
        return f"--baseline {shell_word(str(file))}"
    names = (folder / f"{name}.json" for name in chain(["lr", "baseline"], map(str, count(2))))
    return f"--baseline {shell_word(str(next(one for one in names if not one.exists())))} --update writes one"


def read_baseline(path: str) -> CurveFile:
    """The values that a baseline keeps.

    Raises:
        ConfigError: it cannot be read, or holds none; the hint names one that can be.

    """
    try:
        return read_curve_file(path)
    except ConfigError as error:
        if not is_at_revision(path):
            error.template = _baseline_in(Path(path).parent)
        raise


def outcomes_against(path: str, rows: Sequence[Series]) -> Iterator[Outcome]:
    """What comes of each curve, and of each that is kept and gone.

    Raises:
        ConfigError: the file cannot be read, or holds no values.

    """
    check_baseline(path)
    if not (is_at_revision(path) or Path(path).exists()):
        raise ConfigError(f"{path}: no such file", hint=f"--baseline {shell_word(path)} --update writes it")
    kept, asked = read_baseline(path), asked_of(path)
    labels = column_names([row.label for row in rows])
    if len(kept.columns) == len(rows) == 1:
        labels = list(kept.columns)
    for label, row in zip(labels, rows, strict=True):
        place = row.run.place if row.run else None
        yield Outcome(row.label, asked, _judge(kept, label, row), place)
    gone = [label for label in kept.columns if label not in labels]
    yield from (Outcome(label, asked, no("no curve is called so now")) for label in gone)


def _judge(kept: CurveFile, label: str, row: Series) -> Verdict:
    if label not in kept.columns:
        return no("it is not in there")
    here, run = track_of(row), kept.runs.get(label)
    verdict = judge_tracks(here, track_of_column(kept, label))
    if verdict.holds and run and run.ran != here.ran:
        return no(f"it has values up to step {here.ran - 1}, not {run.ran - 1}", min(run.ran, here.ran))
    return verdict
