"""What words, files and jobs ask for, each schedule in its run."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.names import find
from lrviz.curves.borrowed import lent_by, lent_by_run
from lrviz.curves.branches import Branch, grown, is_branch
from lrviz.curves.job_runs import runs_of_job
from lrviz.curves.labels import Named, told_apart
from lrviz.curves.read import read_spec
from lrviz.curves.refusals import GIVEN, LONGEST_SUBJECT, about, hints_in, noted_in
from lrviz.curves.spec_in_run import spec_in_run
from lrviz.curves.wanted import is_job, is_kept, is_log, is_of_trainer
from lrviz.errors import WORDS, LrvizError, SpecError
from lrviz.inputs.points import open_curve
from lrviz.inputs.words import STDIN, STDIN_NAME
from lrviz.notation.finding import Finding
from lrviz.notation.origin import Origin
from lrviz.notation.shell import shell_word
from lrviz.notation.spec import Spec, parse_typed
from lrviz.notation.text import cut
from lrviz.resolve.keys import FILE, IN_EVERY_COMMAND, KEYS
from lrviz.resolve.precedence import merge_values
from lrviz.resolve.spec_keys import split_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lrviz.curves.borrowed import Lent
    from lrviz.curves.wanted import Wanted
    from lrviz.inputs.curve_file import CurveFile
    from lrviz.inputs.foreign.foreign_run import ForeignRun
    from lrviz.inputs.logs.log import Log
    from lrviz.notation.spec import Value
    from lrviz.resolve.resolved import Resolved


class Flags(NamedTuple):
    """What is laid over all that is wanted, who says it, and what a file of a trainer leaves open."""

    values: Mapping[str, Value]
    origins: Mapping[str, Origin]
    given: Mapping[str, str] = {}


NOTHING_LAID = Flags({}, {})


def runs_of(
    wanted: Sequence[Wanted], laid: Flags = NOTHING_LAID, *, examples: bool = False
) -> list[Resolved]:
    """Every schedule asked for.

    With ``examples`` a spec may assume what is missing, a config never does; beside a file a spec runs as
    long as it.

    Raises:
        LrvizError: a schedule is refused; of several the message says which.

    """
    refuse_values(wanted)
    return [run for own in runs_by_word(wanted, laid, examples=examples) for run in own]


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
    """The runs of each word; of values kept in a file none.

    Raises:
        LrvizError: a schedule is refused.

    """
    found = _runs_of_files(wanted, laid)
    measured = [item for item in wanted if is_kept(item) or is_log(item)] + _curves_of(wanted)
    whole = [run for own in found.values() for run in own if not isinstance(run, Branch)]
    found |= _runs_of_specs(wanted, laid, lent_by(whole, measured, laid.values), examples=examples)
    made = grown(
        [found.get(place, []) for place in range(len(wanted))],
        [_combinations(item, len(found.get(place, []))) for place, item in enumerate(wanted)],
    )
    return [own[: len(item.entries)] if is_job(item) else own for item, own in zip(wanted, made, strict=True)]


def _runs_of_files(wanted: Sequence[Wanted], laid: Flags) -> dict[int, Sequence[Resolved | Branch]]:
    """The schedules of configs and trainers' files, by the place of their word."""
    flags, origins, given = laid
    found: dict[int, Sequence[Resolved | Branch]] = {}
    if given and not any(map(is_of_trainer, wanted)):
        from lrviz.resolve.file_reading import refuse_given

        refuse_given(given)
    for place, item in enumerate(wanted):
        if is_of_trainer(item):
            found[place] = [_run_of_trainer(item, flags, origins, given)]
    for place, item in enumerate(wanted):
        if is_job(item):
            found[place] = runs_of_job(item, flags, origins)
    return found


def _runs_of_specs(
    wanted: Sequence[Wanted], laid: Flags, lent: Lent | None, *, examples: bool
) -> dict[int, Sequence[Resolved | Branch]]:
    """Those of the specs, with what the run of a file beside them lends; all that lack something together."""
    beside = Flags(*lent.under(laid.values, laid.origins)) if lent else laid
    found: dict[int, Sequence[Resolved | Branch]] = {}
    incomplete: list[tuple[str, Spec, LrvizError]] = []
    for place, (spec, subject) in _specs(wanted).items():
        make = partial(_run_of_spec, spec, beside, subject, examples=examples)
        if is_branch(spec):
            found[place] = [Branch(spec, make)]
            continue
        try:
            one = make()
        except LrvizError as error:
            if not (subject and error.lacks):
                raise
            incomplete.append((subject, spec, error))
            continue
        found[place] = [lent.noted(one) if lent else one]
    if incomplete:
        raise _lacking(incomplete)
    return found


def _lacking(incomplete: Iterable[tuple[str, Spec, LrvizError]]) -> LrvizError:
    from lrviz.resolve.missing import Incomplete, MissingError

    return MissingError(
        [
            Incomplete(subject, spec, {lack.key: lack for lack in error.lacks})
            for subject, spec, error in incomplete
        ]
    )


def _combinations(item: Wanted, count: int) -> list[int]:
    """Which combination of a config's sweep each of its schedules runs with."""
    return [entry.combination for entry in item.schedules] if is_job(item) else [0] * count


def _curves_of(wanted: Iterable[Wanted]) -> list[CurveFile | Log]:
    """The files whose points specs go through."""
    places = [item.get(FILE) for item in wanted if isinstance(item, Spec)]
    return [open_curve(str(place)) for place in places if place is not None]


def _specs(wanted: Sequence[Wanted]) -> dict[int, tuple[Spec, str]]:
    """Each spec, and what it is called where it is refused among others."""
    specs = {place: item for place, item in enumerate(wanted) if isinstance(item, Spec)}
    names = told_apart([Named.of_spec(spec) for spec in specs.values()])
    is_alone = len(wanted) == 1
    return {
        place: (spec, "" if is_alone else cut(name, LONGEST_SUBJECT))
        for (place, spec), name in zip(specs.items(), names, strict=True)
    }


def _run_of_spec(
    spec: Spec, laid: Flags, subject: str, trunk: Resolved | None = None, *, examples: bool
) -> Resolved:
    others = _others(spec)
    beside = {key: origin for key, origin in laid.origins.items() if key in others}
    with about(subject), hints_in(WORDS, but=others):
        run = spec_in_run(spec, laid.values, beside, trunk, examples=examples)
    unknown = [
        Finding(
            "value-unknown", "warning", f"{key}={written} is no value: {key} is not known", f"<{key}=0.1>"
        )
        for key, written in spec.unknown
        if key not in laid.values
    ]
    return noted_in(WORDS, replace(run, findings=(*unknown, *run.findings)), but=others)


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


METRICS = ("metric", "metrics")
"""Keys that no trainer's file has, and ``--given`` takes: not every command has their options."""


def _run_of_trainer(
    item: ForeignRun, flags: Mapping[str, Value], origins: Mapping[str, Origin], given: Mapping[str, str]
) -> Resolved:
    """The run that a trainer's file or launch line makes."""
    metric = {key: parse_typed(key, text) for key, text in given.items() if key in METRICS}
    other = {key: text for key, text in given.items() if key not in METRICS}
    with hints_in(GIVEN, but=IN_EVERY_COMMAND):
        reading, entry, left = item.read(flags, origins, other)
        left = {**metric, **left}
        origins = {**{key: Origin("option", f"--given {key}") for key in metric}, **origins}
        beside = {key: origin for key, origin in origins.items() if key in left}
        with about("", place=entry.place):
            run = spec_in_run(*entry.under(left, beside), examples=False)
    said = {*reading.settled, *(finding.id for finding in reading.findings)}
    findings = (*reading.findings, *(one for one in run.findings if one.id not in said))
    summary = reading.summary(run.plan.total_steps)
    moved_by = tuple((key, left[key]) for key in METRICS if key in left)
    same = reading._replace(spec=Spec(reading.spec.name, (*reading.spec.params, *moved_by)))
    run = replace(run, reading=same, summary=summary, findings=findings, place=entry.place)
    return noted_in(GIVEN, run, but=IN_EVERY_COMMAND)


def _others(spec: Spec) -> set[str]:
    """The keys that do not stand in the spec."""
    return KEYS.keys() - spec.keys()
