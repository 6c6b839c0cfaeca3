"""The schedules of a config, each in its run."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from lrviz.curves.branches import Branch, is_branch, label_of
from lrviz.curves.labels import Named, told_apart
from lrviz.curves.refusals import about, hints_in, noted_in
from lrviz.curves.spec_in_run import spec_in_run
from lrviz.errors import LrvizError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.inputs.config.job import Job, JobEntry
    from lrviz.notation.origin import Origin, Place
    from lrviz.notation.spec import Value
    from lrviz.resolve.resolved import Resolved


def runs_of_job(
    job: Job, flags: Mapping[str, Value], origins: Mapping[str, Origin]
) -> list[Resolved | Branch]:
    """Every schedule of a config, trunks that are not asked for last; branches wait for their trunks.

    Raises:
        LrvizError: that of the one schedule that is refused.
        ConfigError: several are, and each has its line.

    """
    found: list[Resolved | Branch] = []
    refused: dict[int, LrvizError] = {}
    for place, entry in enumerate(job.schedules):
        if is_branch(entry.spec):
            make = partial(_branch_of_entry, entry, flags, origins)
            found.append(Branch(entry.spec, make, entry.place, entry.style))
            continue
        try:
            found.append(_run_of_entry(entry, flags, origins))
        except LrvizError as error:
            refused[place] = error
    if refused:
        raise _refusal(job.schedules, refused)
    return found


def _refusal(entries: Sequence[JobEntry], refused: Mapping[int, LrvizError]) -> LrvizError:
    """That of the only one, or of all; beside others of its name one is called by what tells it apart."""
    apart = told_apart([Named.of_spec(entry.spec) for entry in entries])
    spared = {label_of(entry.spec) for place, entry in enumerate(entries) if place not in refused}
    found: list[tuple[int, LrvizError]] = []
    for place, error in refused.items():
        name, at = label_of(entries[place].spec), entries[place].place
        found.append((at.line, _named(error, apart[place] if name in spared else name, at)))
    if len(found) == 1:
        return found[0][1]
    from lrviz.inputs.config.fault import all_of

    file = entries[0].place.file
    return all_of(file, [(line, error.message, error.template) for line, error in found])


def _named(error: LrvizError, name: str, place: Place) -> LrvizError:
    try:
        with about(name, place):
            raise error
    except LrvizError as named:
        return named


def _run_of_entry(
    entry: JobEntry,
    flags: Mapping[str, Value],
    origins: Mapping[str, Origin],
    trunk: Resolved | None = None,
) -> Resolved:
    with hints_in(entry.style, but=flags):
        run = spec_in_run(*entry.under(flags, origins), trunk, examples=False)
    return replace(noted_in(entry.style, run, but=flags), place=entry.place)


def _branch_of_entry(
    entry: JobEntry, flags: Mapping[str, Value], origins: Mapping[str, Origin], trunk: Resolved
) -> Resolved:
    with about(label_of(entry.spec), entry.place):
        return _run_of_entry(entry, flags, origins, trunk)
