"""A run whose updates take more and more batches, as a log of its epochs has it: by batches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.notation.finding import Finding
from lrviz.resolve.resolved_again import resolved_again

if TYPE_CHECKING:
    from lrviz.resolve.resolved import Resolved

TEXT = (
    "its log counts epochs, and is held against its batches: updates that take more and more of them "
    "begin at no epoch"
)


def by_batches(run: Resolved) -> Resolved:
    """The run with each batch a step, where its schedule knows how many an epoch has; else as it is."""
    clock = run.clock
    if clock is None or clock.pace is None or not _batches_of_epoch(run):
        return run
    kept = {key: value for key, value in run.spec.params if key not in ("pace", "lead")}
    made = resolved_again(run, tuple({**kept, "steps": clock.total + clock.lead}.items()))
    note = Finding("log-by-batches", "note", TEXT)
    return replace(made, reading=run.reading, place=run.place, findings=(*run.findings, note))


def _batches_of_epoch(run: Resolved) -> bool:
    own = find(run.spec.name).by_role(Role.EPOCH_STEPS)
    return own is not None and own.name in run.params
