"""What words, files and jobs ask for, each schedule in its run."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeGuard

from lrviz.catalogue.names import find, spelt_alike
from lrviz.curves.labels import Named, told_apart
from lrviz.errors import WORDS, LrvizError, SpecError, Style, UnknownParameterError, UnknownScheduleError
from lrviz.inputs.metrics import read_metrics
from lrviz.inputs.words import (
    STDIN,
    check_keyless,
    file_and_label,
    is_at_revision,
    is_command,
    is_config,
    is_there,
    way_out,
)
from lrviz.notation.braces import expand
from lrviz.notation.finding import Finding
from lrviz.notation.origin import Origin
from lrviz.notation.shell import shell_word
from lrviz.notation.spec import Spec, Value, parse
from lrviz.notation.text import cut
from lrviz.resolve.file_reading import refuse_given
from lrviz.resolve.keys import IN_EVERY_COMMAND, KEYS
from lrviz.resolve.precedence import merge_values
from lrviz.resolve.resolve import resolve
from lrviz.resolve.spec_keys import split_keys

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from lrviz.inputs.config.job import Job, JobEntry
    from lrviz.inputs.curve_file import CurveFile
    from lrviz.inputs.foreign.foreign_run import ForeignRun
    from lrviz.notation.expectation import Expectation
    from lrviz.notation.origin import Place
    from lrviz.resolve.resolved import Resolved


Wanted: TypeAlias = "CurveFile | ForeignRun | Job | Spec"

LONGEST_SUBJECT = 60
GIVEN = Style(lambda key, value: f"--given {key}={value or 'VALUE'}", " ")
"""How a hint beside a trainer's file writes a key whose option not every command has."""


def read_words(words: Sequence[str]) -> list[Wanted]:
    """What each word asks for: a config (``-`` is stdin), a spec, or with braces several.

    Raises:
        LrvizError: no word, or one that cannot be read.

    """
    if not words:
        raise SpecError("no schedule named", hint="lrviz plot cosine --warmup 100")
    if words.count("-") > 1:
        raise SpecError("- can be read once: it is stdin", hint="leave out the second -")
    found: list[Wanted] = []
    words = [one for word in words for one in _swept(word)]
    for place, word in enumerate(words):
        subject = cut(word, LONGEST_SUBJECT) if len(words) > 1 else ""
        before = words[place - 1] if place and isinstance(found[-1], Spec) else ""
        try:
            with _about(subject):
                found.append(read_word(word))
        except LrvizError as error:
            if not (is_command(word) or is_config(file_and_label(word)[0])):
                error.template = way_out(word, before, words[place + 1 :]) or error.template
            raise
    return found


def _swept(word: str) -> list[str]:
    """The words that braces in one stand for; in a command, pasted code or a file's name they are text."""
    whole = is_command(word) or _is_call(word) or is_there(word) or is_at_revision(word)
    return [word] if whole else expand(word)


def read_word(word: str) -> Wanted:
    """What one word asks for."""
    file, label = file_and_label(word)
    if not (word == "-" or is_command(word) or is_config(file)):
        check_keyless(word)
        return _read_spec(word)
    from lrviz.curves.renamed import renamed
    from lrviz.inputs.opened import open_word

    opened = open_word(file)
    return renamed(opened, label) if label else opened


def _read_spec(word: str) -> Spec:
    """A spec as it is written, or as a call pasted from code."""
    if not _is_call(word):
        return parse(word)
    from lrviz.inputs.pasted import is_pasted, read_call

    return read_call(word) if is_pasted(word) else parse(word)


def _is_call(word: str) -> bool:
    return "(" in word.partition(":")[0]


def runs_of(
    wanted: Sequence[Wanted],
    flags: Mapping[str, Value],
    origins: Mapping[str, Origin],
    *,
    examples: bool,
    given: Mapping[str, str] | None = None,
) -> list[Resolved]:
    """Every schedule asked for, ``flags`` said by ``origins``.

    With ``examples`` a spec may assume what is missing, a config never does. ``given`` are values that a
    trainer's file leaves open, by the trainer's names for them; beside such a file a spec runs as long as it.

    Raises:
        LrvizError: a schedule is refused; of several the message says which.

    """
    kept = next((item for item in wanted if is_kept(item)), None)
    if kept is not None:
        raise SpecError(
            f"{kept.name}: values of curves, and no schedule",
            hint=f"lrviz diff {'-' if kept.name == STDIN else shell_word(kept.name)} SPEC compares them",
        )
    runs = runs_by_word(wanted, Flags(flags, origins, given or {}), examples=examples)
    return [run for own in runs for run in own]


class Flags(NamedTuple):
    """What is laid over all that is wanted, who says it, and what a trainer's file leaves open."""

    values: Mapping[str, Value]
    origins: Mapping[str, Origin]
    given: Mapping[str, str] = {}


def runs_by_word(
    wanted: Sequence[Wanted], laid: Flags, *, examples: bool, lending: bool = False
) -> list[list[Resolved]]:
    """The same for each word; of values kept in a file none. With ``lending`` a config lends its run as well.

    Raises:
        LrvizError: a schedule is refused.

    """
    flags, origins, given = laid
    found: dict[int, list[Resolved]] = {
        place: [_run_of_trainer(item, flags, origins, given)]
        for place, item in enumerate(wanted)
        if _is_of_trainer(item)
    }
    if given and not found:
        refuse_given(given)
    lenders = [run for own in found.values() for run in own]
    for place, item in enumerate(wanted):
        if _is_job(item):
            found[place] = _runs_of_job(item, flags, origins)
            lenders += found[place] if lending else []
    lent = (flags, origins) if not lenders else _in_run_of(lenders[0], flags, origins)
    subjects = _subjects(wanted)
    for place, item in enumerate(wanted):
        if isinstance(item, Spec):
            subject = cut(subjects.get(place, ""), LONGEST_SUBJECT)
            one = _run_of_spec(item, *lent, subject, examples=examples)
            found[place] = [_noted_as_borrowed(one, lenders[0]) if lenders else one]
    return [found.get(place, []) for place in range(len(wanted))]


def _subjects(wanted: Sequence[Wanted]) -> dict[int, str]:
    """What each spec is called where it is refused among others."""
    specs = {place: item for place, item in enumerate(wanted) if isinstance(item, Spec)}
    names = told_apart([Named.of_spec(spec) for spec in specs.values()])
    return dict(zip(specs, names, strict=True)) if len(wanted) > 1 else {}


def _run_of_spec(
    spec: Spec, flags: Mapping[str, Value], origins: Mapping[str, Origin], subject: str, *, examples: bool
) -> Resolved:
    others = _others(spec)
    beside = {key: origin for key, origin in origins.items() if key in others}
    with _about(subject), _hints_in(WORDS, but=others):
        run = _with_metrics(spec, flags, beside, examples=examples)
    unknown = [
        Finding(
            "value-unknown", "warning", f"{key}={written} is no value: {key} is not known", f"<{key}=0.1>"
        )
        for key, written in spec.unknown
        if key not in flags
    ]
    return _noted_in(WORDS, replace(run, findings=(*unknown, *run.findings)), but=others)


def _runs_of_job(job: Job, flags: Mapping[str, Value], origins: Mapping[str, Origin]) -> list[Resolved]:
    """Every schedule of a config.

    Raises:
        LrvizError: that of the one schedule that is refused.
        ConfigError: several are, and each has its line.

    """
    found: list[Resolved] = []
    refused: list[tuple[JobEntry, LrvizError]] = []
    for entry in job.entries:
        try:
            found.append(_run_of_entry(entry, flags, origins))
        except LrvizError as error:
            refused.append((entry, error))
    if len(refused) > 1:
        from lrviz.inputs.config.fault import all_of

        name = job.entries[0].place.file
        raise all_of(name, [(entry.place.line, one.message, one.template) for entry, one in refused])
    if refused:
        raise refused[0][1]
    return found


def _run_of_entry(entry: JobEntry, flags: Mapping[str, Value], origins: Mapping[str, Origin]) -> Resolved:
    name = str(entry.spec.get("label") or entry.spec.name)
    with _about(name, place=entry.place), _hints_in(entry.style, but=flags):
        run = _with_metrics(*entry.under(flags, origins), examples=False)
    return replace(_noted_in(entry.style, run, but=flags), place=entry.place)


def _noted_as_borrowed(one: Resolved, run: Resolved) -> Resolved:
    """Say what a spec has of the run beside it."""
    keys = [key for key, given in one.origins.items() if given.origin.text == _of_run(run)]
    if not keys:
        return one
    text = f"{', '.join(keys)} as in {_of_run(run)}"
    summary = run.summary if "steps" in keys else ""
    return replace(one, summary=summary, findings=(*one.findings, Finding("borrowed-run", "note", text)))


def _of_run(run: Resolved) -> str:
    return f"the run of {run.label}"


def _in_run_of(
    run: Resolved, flags: Mapping[str, Value], origins: Mapping[str, Origin]
) -> tuple[dict[str, Value], dict[str, Origin]]:
    """What specs run in beside a trainer's file: its length and LR, whose options are spent on it."""
    spent = {key for key in flags if KEYS[key].in_plan}
    borrowed: dict[str, Value] = {"steps": run.plan.total_steps}
    if run.plan.steps_per_epoch:
        borrowed["steps_per_epoch"] = run.plan.steps_per_epoch
    if "lr" not in flags:
        borrowed["lr"] = run.lrs if len(run.lrs) > 1 else run.lrs[0]
    origin = Origin("derived", _of_run(run))
    kept = {key: value for key, value in flags.items() if key not in spent}
    said = {key: one for key, one in origins.items() if key in kept}
    return {**borrowed, **kept}, {**dict.fromkeys(borrowed, origin), **said}


def run_beside(word: str, run: Resolved) -> Resolved:
    """A spec in the run of another schedule: as long, and with its LRs where it says none.

    Raises:
        LrvizError: it cannot be read, or is refused.

    """
    borrowed, origins = _in_run_of(run, {}, {})
    return _run_of_spec(_read_spec(word), borrowed, origins, "", examples=False)


def expectations_of(wanted: Iterable[Wanted]) -> list[Expectation]:
    """What configs expect of their own curves; only they do."""
    return [one for item in wanted for one in getattr(item, "expectations", ())]


def idle_keys(wanted: Iterable[Wanted], flags: Mapping[str, Value]) -> list[str]:
    """The flags that every spec overrules; a config overrules none."""
    heard: set[str] = set()
    for item in wanted:
        _, own = split_keys(find(item.name), item, flags) if isinstance(item, Spec) else ({}, {})
        heard |= merge_values(flags, own).keys() - own.keys()
    return [key for key in flags if key not in heard]


def _is_of_trainer(item: Wanted) -> TypeGuard[ForeignRun]:
    """Whether it is a trainer's; to ask for the class would load what reads such files."""
    return hasattr(item, "raw")


def _is_job(item: Wanted) -> TypeGuard[Job]:
    return hasattr(item, "entries")


def is_kept(item: Wanted) -> TypeGuard[CurveFile]:
    """Whether it is values kept in a file."""
    return hasattr(item, "columns")


def _run_of_trainer(
    item: ForeignRun, flags: Mapping[str, Value], origins: Mapping[str, Origin], given: Mapping[str, str]
) -> Resolved:
    """The run that a trainer's file or launch line makes."""
    with _hints_in(GIVEN, but=IN_EVERY_COMMAND):
        reading, entry, left = item.read(flags, origins, given)
        beside = {key: origin for key, origin in origins.items() if key in left}
        with _about("", place=entry.place):
            run = _with_metrics(*entry.under(left, beside), examples=False)
    said = {*reading.settled, *(finding.id for finding in reading.findings)}
    findings = (*reading.findings, *(one for one in run.findings if one.id not in said))
    summary = reading.summary(run.plan.total_steps)
    run = replace(run, reading=reading, summary=summary, findings=findings, place=entry.place)
    return _noted_in(GIVEN, run, but=IN_EVERY_COMMAND)


@contextmanager
def _about(subject: str, place: Place | None = None) -> Iterator[None]:
    """Say in a refusal where it stands, unless it knows better, and what it is about."""
    try:
        yield
    except LrvizError as error:
        where = error.place or place
        if where or subject:
            error.about(": ".join(str(part) for part in (where, subject) if part))
        raise


@contextmanager
def _hints_in(style: Style, *, but: Container[str]) -> Iterator[None]:
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
    """How to write here what a trainer calls so."""
    from lrviz.inputs.foreign.synonyms import schedule_called

    return "" if spelt_alike(error.name) else schedule_called(error.name)


def _key_meant(error: UnknownParameterError) -> str:
    """What lrviz calls a parameter that others have."""
    from lrviz.inputs.foreign.synonyms import key_meant

    return key_meant(find(error.schedule), error.name, error.value)


def _noted_in(style: Style, run: Resolved, *, but: Container[str]) -> Resolved:
    """The same for the hints in what is worth saying."""
    return replace(run, findings=tuple(one.write_hint(style, but=but) for one in run.findings))


def _others(spec: Spec) -> set[str]:
    """The keys that do not stand in the spec."""
    return KEYS.keys() - spec.keys()


def _with_metrics(
    spec: Spec, values: Mapping[str, Value], origins: Mapping[str, Origin], *, examples: bool
) -> Resolved:
    place = spec.get("metrics", values.get("metrics"))
    metrics = None if place is None else read_metrics(str(place))
    return resolve(spec, values, origins, examples=examples, metrics=metrics)
