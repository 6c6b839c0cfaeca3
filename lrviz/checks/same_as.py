"""``same as``: a curve against a schedule in the same run, or against values kept in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.checks.verdict import Verdict, no, yes
from lrviz.compare.difference import difference
from lrviz.compare.track import track_of, track_of_column
from lrviz.curves.read import read_word
from lrviz.curves.runs import run_beside, runs_of
from lrviz.curves.series import series_of
from lrviz.curves.wanted import is_kept, is_log
from lrviz.errors import WORDS, LrvizError, ScheduleError, SpecError
from lrviz.inputs.own.own_word import own_word
from lrviz.inputs.words import file_and_curve, is_config
from lrviz.notation.expectation import SameAs
from lrviz.notation.numbers import counted, distinct_texts
from lrviz.notation.rendering import render
from lrviz.notation.spec import parse
from lrviz.notation.text import few
from lrviz.resolve.missing import completed

if TYPE_CHECKING:
    from lrviz.compare.track import Track
    from lrviz.curves.series import Series
    from lrviz.resolve.resolved import Resolved

_OF_LOG = "lrviz diff SPEC LOG holds it against a schedule, at its offset and in its precision"


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
    """What a curve is to be: one of a file, or a schedule in the same run; of several groups its own.

    Raises:
        LrvizError: it cannot be read, has no such curve, or is refused.

    """
    if not own_word(word) and is_config(file_and_curve(word)[0]):
        return _of_file(word, row)
    if row.logged:
        raise ScheduleError("a log has no run of its own", hint=_OF_LOG)
    if row.run is None:
        raise ScheduleError("what was recorded has no run of its own", hint="compare it with a file")
    found = list(series_of([_beside(word, row.run)], "lr"))
    return track_of(found[min(row.index, len(found) - 1)])


def _of_file(word: str, row: Series) -> Track:
    """The curve of a file that a curve is to be: values, or a schedule in the run that it has there.

    Raises:
        LrvizError: it cannot be read, is refused, or several could be meant.

    """
    opened = read_word(word)
    if is_kept(opened):
        return track_of_column(opened, opened.column_of(row.label))
    if is_log(opened):
        raise ScheduleError(f"{word}: a log, and no schedule", hint=_OF_LOG)
    rows = series_of(runs_of([opened]), "lr")
    named = [one for one in rows if one.label == row.label]
    if not named and len({one.family for one in rows}) > 1:
        labels = [one.label for one in rows]
        way = str(SameAs(f"{word}:{labels[0]}"))
        raise SpecError(f"{word}: no curve is called {row.label!r}", hint=f"it has {few(labels)}: {way}")
    return track_of(named[0] if named else rows[min(row.index, len(rows) - 1)])


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
