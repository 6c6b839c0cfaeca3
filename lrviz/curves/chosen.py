"""One curve of a file, by what it is called there: ``run.toml:base``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.curves.branches import is_branch, label_of, trunk_of
from lrviz.curves.labels import Named, told_apart
from lrviz.curves.wanted import is_job, is_kept, is_log
from lrviz.errors import SpecError
from lrviz.inputs.words import check_keyless
from lrviz.notation.nearest import near_hint
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lrviz.inputs.config.job import Job, JobEntry
    from lrviz.inputs.opened import Opened


def chosen(opened: Opened, name: str, word: str) -> Opened:
    """What is called ``name`` of a file; a log has read that column alone.

    Raises:
        SpecError: nothing is called so, as ``word`` says.

    """
    if is_log(opened):
        return opened
    if is_job(opened):
        return _of_job(opened, name, word)
    if is_kept(opened):
        _check(name, opened.columns, word)
        return replace(opened, columns={name: opened.columns[name]})
    _check_no_key(name, word)
    raise SpecError(f"{word}: a trainer's file makes one run", hint=f"leave out :{name}")


def _of_job(job: Job, name: str, word: str) -> Job:
    """The schedules of that label, or of that name where there is none, and what is expected of them."""
    own = [Named.of_spec(entry.spec) for entry in job.entries]
    names = [{label, one.name} for label, one in zip(told_apart(own), own, strict=True)]
    _check(name, [called for both in names for called in sorted(both)], word)
    kept = [place for place, called in enumerate(names) if name in called]
    labels = {label for place in kept for label in names[place]}
    entries = tuple(job.entries[place] for place in kept)
    return replace(
        job,
        entries=entries,
        trunks=_trunks_of(entries, job),
        expectations=tuple(one for one in job.expectations if one.label in ("", *labels)),
    )


def _trunks_of(entries: Sequence[JobEntry], job: Job) -> tuple[JobEntry, ...]:
    """What these leave, and what that leaves in turn, but for themselves."""
    found = list(entries)
    for one in found:  # it grows
        if is_branch(one.spec):
            trunk = one.combination, trunk_of(one.spec)
            named = [each for each in job.entries if (each.combination, label_of(each.spec)) == trunk]
            found += [each for each in named if each not in found]
    return tuple(found[len(entries) :])


def _check(name: str, known: Collection[str], word: str) -> None:
    if name in known:
        return
    _check_no_key(name, word)
    hint = near_hint(name, known, f"it has {few(dict.fromkeys(known))}")
    raise SpecError(f"{word}: no curve is called {name!r}", hint=hint)


def _check_no_key(name: str, word: str) -> None:
    if "=" in name:
        check_keyless(word)
