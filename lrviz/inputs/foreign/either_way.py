"""A condition of a script that nobody can tell, followed both ways: asked for where the run depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ConfigError, LrvizError
from lrviz.inputs.foreign.question import Asked, QuestionError, asked_next, question
from lrviz.inputs.foreign.shell.answered_conditions import ANSWERS, CONDITION
from lrviz.notation.finding import Finding
from lrviz.notation.origin import Place
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.inputs.config.job import JobEntry
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Value
    from lrviz.resolve.file_reading import Reading

    Read = tuple[Reading, JobEntry, dict[str, Value]]

MOST = 4
"""Conditions that are followed both ways, each beside all that come before it; further ones are asked for."""


def open_condition(
    source: Source, given: Mapping[str, str], open_with: Callable[[Mapping[str, str]], Source]
) -> str:
    """The name of the first condition that words of a command depend on which nobody knows; else empty."""
    is_left = source.launch.unknown or any(word.may_be_several and not word.head for word in source.argv)
    told = [name for name in given if name.startswith(CONDITION) and given[name] in ANSWERS]
    left = [name for name in source.shell.conditions if name not in told]
    for name in left if is_left else ():
        no, yes = (_words(open_with, {**given, name: answer}) for answer in ANSWERS)
        if no != yes:
            return name
    return ""


def either_way(
    source: Source,
    name: str,
    given: Mapping[str, str],
    read: Callable[[Mapping[str, str]], Read],
    unfollowed: Callable[[], Read],
) -> Read:
    """The run, where it has the same schedule whether a condition holds or not; else as it is ``unfollowed``.

    Raises:
        LrvizError: it has not, or cannot be read, be it so or so.

    """
    no, yes = (_tried(read, {**given, name: answer}) for answer in ANSWERS)
    if isinstance(no, LrvizError) and isinstance(yes, LrvizError) and _asks(no) == _asks(yes):
        raise _with_next(no, given, read)
    if isinstance(no, LrvizError) or isinstance(yes, LrvizError) or _schedule(no[0]) != _schedule(yes[0]):
        if _names_left(source) <= _names_asked(no) | _names_asked(yes):
            return unfollowed()
        asked = (asked_of(source, name),)
        raise question(source.name, {}, (*asked, *asked_next(asked, given, read)))
    is_plainer = len(yes[0].findings) < len(no[0].findings)
    reading, entry, flags = yes if is_plainer else no
    taken, other = ("to", "no") if is_plainer else ("not to", "yes")
    condition = f"whether {source.shell.conditions[name]}"
    text = f"{condition} is not known: it is taken {taken}; the schedule is the same either way"
    place = Place(source.name, int(name.removeprefix(CONDITION)))
    found = Finding("open-condition", "note", text, f"--given {name}={other} has it otherwise", place=place)
    return reading._replace(findings=(found, *reading.findings)), entry, flags


def asked_of(source: Source, name: str) -> Asked:
    """What is asked of a condition by its name."""
    condition, line = source.shell.conditions[name], name.removeprefix(CONDITION)
    asks = f"whether {condition} in line {line}, yes or no, on which the run depends"
    return Asked(name, "", None, asks, tuple(ANSWERS))


def _names_left(source: Source) -> set[str]:
    """What would tell the words that nobody knows."""
    unknown = (*source.hidden, *([source.launch.unknown] if source.launch.unknown else []))
    return {name for one in unknown for name in one.names}


def _names_asked(found: Read | LrvizError) -> set[str]:
    asked = found.asked if isinstance(found, QuestionError) else ()
    return {name for one in asked if one.unknown for name in one.unknown.names}


def _words(open_with: Callable[[Mapping[str, str]], Source], given: Mapping[str, str]) -> object:
    """What is started then, or why nobody knows."""
    try:
        source = open_with(given)
    except ConfigError as error:
        return str(error)
    return source.words, source.argv, source.launch


def _tried(read: Callable[[Mapping[str, str]], Read], given: Mapping[str, str]) -> Read | LrvizError:
    try:
        return read(given)
    except LrvizError as error:
        return error


def _with_next(
    error: LrvizError, given: Mapping[str, str], read: Callable[[Mapping[str, str]], Read]
) -> LrvizError:
    """A question with what else is asked for once that is known."""
    more = asked_next(error.asked, given, read) if isinstance(error, QuestionError) else ()
    if not (more and isinstance(error, QuestionError)):
        return error
    text = listed([one.text for one in more])
    return QuestionError(f"{error.message}; nor does it say {text}", (*error.asked, *more))


def _asks(error: LrvizError) -> object:
    return error.asked if isinstance(error, QuestionError) else str(error)


def _schedule(reading: Reading) -> object:
    """All of a run that its schedule is drawn of."""
    return reading.spec, reading.trainer, reading.warmup, [(one.key, one.value) for one in reading.lines]
