"""What words, files and jobs ask for, each schedule in its run."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.curves.borrowed import lent_by, lent_by_run
from lrviz.curves.branches import Branch, grown, is_branch
from lrviz.curves.labels import Named, told_apart
from lrviz.curves.read import read_spec
from lrviz.curves.refusals import GIVEN, LONGEST_SUBJECT, about, hints_in, noted_in
from lrviz.curves.wanted import is_job, is_kept, is_log, is_of_trainer
from lrviz.errors import WORDS, LrvizError, SpecError
from lrviz.inputs.points import open_curve, with_points
from lrviz.inputs.words import STDIN, STDIN_NAME
from lrviz.notation.finding import Finding
from lrviz.notation.origin import Given, Origin
from lrviz.notation.shell import shell_word
from lrviz.notation.spec import Spec
from lrviz.notation.text import cut
from lrviz.resolve.file_reading import refuse_given
from lrviz.resolve.keys import FILE, IN_EVERY_COMMAND, KEYS
from lrviz.resolve.precedence import merge_values
from lrviz.resolve.resolve import resolve
from lrviz.resolve.spec_keys import split_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lrviz.curves.wanted import Wanted
    from lrviz.errors import Lack
    from lrviz.inputs.config.job import Job, JobEntry
    from lrviz.inputs.curve_file import CurveFile
    from lrviz.inputs.foreign.foreign_run import ForeignRun
    from lrviz.inputs.logs.log import Log
    from lrviz.notation.spec import Value
    from lrviz.resolve.resolved import Resolved


class Flags(NamedTuple):
    """What is laid over all that is wanted, who says it, and what a trainer's file leaves open."""

    values: Mapping[str, Value]
    origins: Mapping[str, Origin]
    given: Mapping[str, str] = {}


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
    trainer's file leaves open, by the trainer's names for them; beside a file a spec runs as long as it.

    Raises:
        LrvizError: a schedule is refused; of several the message says which.

    """
    refuse_values(wanted)
    runs = runs_by_word(wanted, Flags(flags, origins, given or {}), examples=examples)
    return [run for own in runs for run in own]


def refuse_values(wanted: Iterable[Wanted]) -> None:
    """Refuse files that hold numbers where a schedule is asked for.

    Raises:
        SpecError: one of them does.

    """
    for item in wanted:
        if is_kept(item) or is_log(item):
            what = "a log" if is_log(item) else "values of curves"
            word = STDIN if item.name == STDIN_NAME else shell_word(item.name)
            hint = f"lrviz identify {word}" if is_log(item) else f"lrviz diff {word} SPEC compares them"
            raise SpecError(f"{item.name}: {what}, and no schedule", hint=hint)


def runs_by_word(wanted: Sequence[Wanted], laid: Flags, *, examples: bool) -> list[list[Resolved]]:
    """The same for each word; of values kept in a file none.

    Raises:
        LrvizError: a schedule is refused.

    """
    flags, origins, given = laid
    found: dict[int, Sequence[Resolved | Branch]] = {
        place: [_run_of_trainer(item, flags, origins, given)]
        for place, item in enumerate(wanted)
        if is_of_trainer(item)
    }
    if given and not found:
        refuse_given(given)
    found |= {place: _runs_of_job(item, flags, origins) for place, item in enumerate(wanted) if is_job(item)}
    measured = [item for item in wanted if is_kept(item) or is_log(item)] + _curves_of(wanted)
    whole = [run for own in found.values() for run in own if not isinstance(run, Branch)]
    lent = lent_by(whole, measured, flags)
    beside = Flags(*lent.under(flags, origins)) if lent else laid
    subjects = _subjects(wanted)
    incomplete: list[tuple[str, Spec, dict[str, Lack]]] = []
    for place, item in enumerate(wanted):
        if isinstance(item, Spec):
            subject = cut(subjects.get(place, ""), LONGEST_SUBJECT)
            if is_branch(item):
                make = partial(_run_of_spec, item, beside, subject, examples=examples)
                found[place] = [Branch(item, make)]
                continue
            try:
                one = _run_of_spec(item, beside, subject, examples=examples)
            except LrvizError as error:
                if not (subject and error.lacks):
                    raise
                incomplete.append((subject, item, {lack.key: lack for lack in error.lacks}))
                continue
            found[place] = [lent.noted(one) if lent else one]
    if incomplete:
        from lrviz.resolve.missing import Incomplete, MissingError

        raise MissingError([Incomplete(*one) for one in incomplete])
    made = grown(
        [found.get(place, []) for place in range(len(wanted))],
        [_combinations(item, len(found.get(place, []))) for place, item in enumerate(wanted)],
    )
    return [own[: len(item.entries)] if is_job(item) else own for item, own in zip(wanted, made, strict=True)]


def _combinations(item: Wanted, count: int) -> list[int]:
    """Which combination of a config's sweep each of its schedules runs with."""
    return [entry.combination for entry in item.schedules] if is_job(item) else [0] * count


def _curves_of(wanted: Iterable[Wanted]) -> list[CurveFile | Log]:
    """The files whose points specs go through."""
    places = [item.get(FILE) for item in wanted if isinstance(item, Spec)]
    return [open_curve(str(place)) for place in places if place is not None]


def _subjects(wanted: Sequence[Wanted]) -> dict[int, str]:
    """What each spec is called where it is refused among others."""
    specs = {place: item for place, item in enumerate(wanted) if isinstance(item, Spec)}
    names = told_apart([Named.of_spec(spec) for spec in specs.values()])
    return dict(zip(specs, names, strict=True)) if len(wanted) > 1 else {}


def _run_of_spec(
    spec: Spec, laid: Flags, subject: str, trunk: Resolved | None = None, *, examples: bool
) -> Resolved:
    others = _others(spec)
    beside = {key: origin for key, origin in laid.origins.items() if key in others}
    with about(subject), hints_in(WORDS, but=others):
        run = _with_files(spec, laid.values, beside, trunk, examples=examples)
    unknown = [
        Finding(
            "value-unknown", "warning", f"{key}={written} is no value: {key} is not known", f"<{key}=0.1>"
        )
        for key, written in spec.unknown
        if key not in laid.values
    ]
    return noted_in(WORDS, replace(run, findings=(*unknown, *run.findings)), but=others)


def _runs_of_job(
    job: Job, flags: Mapping[str, Value], origins: Mapping[str, Origin]
) -> list[Resolved | Branch]:
    """Every schedule of a config, trunks that are not asked for last; branches wait for their trunks.

    Raises:
        LrvizError: that of the one schedule that is refused.
        ConfigError: several are, and each has its line.

    """
    found: list[Resolved | Branch] = []
    refused: list[tuple[JobEntry, LrvizError]] = []
    for entry in job.schedules:
        if is_branch(entry.spec):
            make = partial(_run_of_entry, entry, flags, origins)
            found.append(Branch(entry.spec, make, entry.place, entry.style))
            continue
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


def _run_of_entry(
    entry: JobEntry,
    flags: Mapping[str, Value],
    origins: Mapping[str, Origin],
    trunk: Resolved | None = None,
) -> Resolved:
    name = str(entry.spec.get("label") or entry.spec.name)
    with about(name, place=entry.place), hints_in(entry.style, but=flags):
        run = _with_files(*entry.under(flags, origins), trunk, examples=False)
    return replace(noted_in(entry.style, run, but=flags), place=entry.place)


def run_beside(word: str, run: Resolved) -> Resolved:
    """A spec in the run of another schedule: as long, and with its LRs where it says none.

    Raises:
        LrvizError: it cannot be read, or is refused.

    """
    return _run_of_spec(read_spec(word), Flags(*lent_by_run(run).under({}, {})), "", examples=False)


def idle_keys(wanted: Iterable[Wanted], flags: Mapping[str, Value]) -> list[str]:
    """The flags that every spec overrules; a config overrules none."""
    heard: set[str] = set()
    for item in wanted:
        _, own = split_keys(find(item.name), item, flags) if isinstance(item, Spec) else ({}, {})
        heard |= merge_values(flags, own).keys() - own.keys()
    return [key for key in flags if key not in heard]


def _run_of_trainer(
    item: ForeignRun, flags: Mapping[str, Value], origins: Mapping[str, Origin], given: Mapping[str, str]
) -> Resolved:
    """The run that a trainer's file or launch line makes."""
    with hints_in(GIVEN, but=IN_EVERY_COMMAND):
        reading, entry, left = item.read(flags, origins, given)
        beside = {key: origin for key, origin in origins.items() if key in left}
        with about("", place=entry.place):
            run = _with_files(*entry.under(left, beside), examples=False)
    said = {*reading.settled, *(finding.id for finding in reading.findings)}
    findings = (*reading.findings, *(one for one in run.findings if one.id not in said))
    summary = reading.summary(run.plan.total_steps)
    run = replace(run, reading=reading, summary=summary, findings=findings, place=entry.place)
    return noted_in(GIVEN, run, but=IN_EVERY_COMMAND)


def _others(spec: Spec) -> set[str]:
    """The keys that do not stand in the spec."""
    return KEYS.keys() - spec.keys()


def _with_files(
    spec: Spec,
    values: Mapping[str, Value],
    origins: Mapping[str, Origin],
    trunk: Resolved | None = None,
    *,
    examples: bool,
) -> Resolved:
    through = with_points(spec)
    if trunk is not None:
        from lrviz.resolve.branch import branched

        run = branched(through, values, origins, trunk, examples=examples)
    else:
        metrics = _metrics(spec.get("metrics", values.get("metrics")))
        run = resolve(through, values, origins, examples=examples, metrics=metrics)
    return run if through == spec else _as_written(run, spec, origins)


def _metrics(place: object) -> Sequence[float] | None:
    """Those of the file that is named, where one is."""
    if place is None:
        return None
    from lrviz.inputs.metrics import read_metrics

    return read_metrics(str(place))


def _as_written(run: Resolved, spec: Spec, origins: Mapping[str, Origin]) -> Resolved:
    """The run of a spec that names files, with the names in place of the points in them."""
    param = find(spec.name).by_role(Role.POINTS)
    named = {param.name: Given(spec.get(FILE), origins.get(FILE, Origin("spec")))} if param else {}
    return replace(run, spec=spec, origins={**run.origins, **named})
