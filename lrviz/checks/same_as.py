"""``same as``: a curve against a schedule in the same run, or against values kept in a file."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.checks.verdict import Verdict, no, yes
from lrviz.compare.difference import difference
from lrviz.compare.track import track_of, track_of_column
from lrviz.curves.runs import run_beside
from lrviz.curves.series import series_of
from lrviz.errors import WORDS, LrvizError, ScheduleError, SpecError
from lrviz.inputs.curve_file import read_curve_file
from lrviz.inputs.words import TABLE, file_and_curve, is_at_revision, is_config, is_there
from lrviz.notation.expectation import SameAs
from lrviz.notation.numbers import counted, distinct_texts
from lrviz.notation.rendering import render
from lrviz.notation.shell import shell_line
from lrviz.notation.spec import parse
from lrviz.resolve.missing import completed

if TYPE_CHECKING:
    from lrviz.compare.track import Track
    from lrviz.curves.series import Series
    from lrviz.resolve.resolved import Resolved


def judge_same(claim: SameAs, row: Series) -> Verdict:
    """Whether a curve has the values of what is named, at every step that has one there.

    Raises:
        LrvizError: that cannot be read, or makes no curve in this run.

    """
    return judge_tracks(track_of(row), _reference(claim.reference, row))


def judge_tracks(here: Track, there: Track) -> Verdict:
    """Whether two curves have as many steps, and the same values at all that both have.

    Raises:
        LrvizError: it cannot be told.

    """
    if there.steps not in {None, here.steps}:
        return no(f"{counted(here.steps or 0, 'step')}, not {there.steps}")
    found = difference(here, there)
    first = next(found.ranges(1), None)
    if first is not None:
        mine, other = distinct_texts(here.at(first.first), there.at(first.first))
        return no(f"{mine} at step {first.first}, not {other}", first.first)
    if found.equal:
        return yes(f"no value of {found.compared} differs")
    stop = min(here.bound, there.bound)
    return no(f"{'it' if here.bound == stop else 'the other'} stops at step {stop}", int(stop))


def _reference(word: str, row: Series) -> Track:
    """What a curve is to be: a column of a file, or a schedule in the same run, in its own param group.

    Raises:
        LrvizError: it cannot be read, has no such column, or is refused.

    """
    if is_config(file_and_curve(word)[0]):
        _refuse_schedules(word)
        kept = read_curve_file(word)
        return track_of_column(kept, kept.column_of(row.label))
    if row.logged:
        hint = "lrviz diff SPEC LOG holds it against a schedule, at its offset and in its precision"
        raise ScheduleError("a log has no run of its own", hint=hint)
    if row.run is None:
        raise ScheduleError(
            "what was recorded has no run of its own", hint="compare it with a file of values"
        )
    found = list(series_of([_beside(word, row.run)], "lr"))
    return track_of(found[min(row.index, len(found) - 1)])


def _refuse_schedules(word: str) -> None:
    """Refuse a file of schedules, or one of them: how to keep their values.

    Raises:
        SpecError: it is there, and holds no values.

    """
    file, curve = file_and_curve(word)
    is_known = is_at_revision(file) or is_there(file)
    if is_known and (curve or PurePath(file).suffix.lower() not in (TABLE, ".json")):
        way = f"{shell_line('lrviz', 'values', word, '-o', 'lr.json')} keeps them, for same as lr.json"
        raise SpecError(f"{word}: schedules, and no values", hint=way)


def _beside(word: str, run: Resolved) -> Resolved:
    """The schedule in that run; what it lacks it must say itself: options are the other's.

    Raises:
        LrvizError: it is refused.

    """
    try:
        return run_beside(word, run)
    except LrvizError as error:
        if error.lacks:
            error.template = str(SameAs(render(completed(parse(word), error.lacks))))
        error.write_hint(WORDS)
        raise
