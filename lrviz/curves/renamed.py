"""A file under the label that a word gives it: ``run.toml:label=new``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.curves.branches import is_branch, trunk_of
from lrviz.curves.labels import Named
from lrviz.inputs.curve_file import CurveFile
from lrviz.inputs.foreign.foreign_run import ForeignRun
from lrviz.inputs.logs.log import Log
from lrviz.notation.origin import Origin
from lrviz.notation.spec import Spec
from lrviz.resolve.keys import FROM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.config.job import JobEntry
    from lrviz.inputs.opened import Opened


def renamed(opened: Opened, label: str) -> Opened:
    """A file under a label; of several schedules each keeps its own name behind it."""
    if isinstance(opened, (ForeignRun, Log)):
        return replace(opened, label=label)
    if isinstance(opened, CurveFile):
        columns = opened.columns.items()
        named = {_under(label, name, alone=len(columns) == 1): values for name, values in columns}
        return replace(opened, columns=named)
    alone = len(opened.entries) == 1
    own = [Named.of_spec(entry.spec) for entry in opened.entries]
    called = {one.name: _under(label, one.name, alone=alone) for one in own}
    entries = [
        _entry(_leaving(entry, called), called[one.name], is_own=alone or one.is_labelled)
        for entry, one in zip(opened.entries, own, strict=True)
    ]
    meant = [
        replace(one, label=_under(label, one.label, alone=alone)) if one.label else one
        for one in opened.expectations
    ]
    return replace(opened, entries=tuple(entries), expectations=tuple(meant))


def _leaving(entry: JobEntry, called: Mapping[str, str]) -> JobEntry:
    """A branch off a trunk that is called otherwise now."""
    if not is_branch(entry.spec) or trunk_of(entry.spec) not in called:
        return entry
    step = str(entry.spec.get(FROM)).rpartition("@")[2]
    leaves = {FROM: f"{called[trunk_of(entry.spec)]}@{step}"}
    spec = Spec(entry.spec.name, tuple({**dict(entry.spec.params), **leaves}.items()))
    return replace(entry, spec=spec)


def _under(label: str, name: str, *, alone: bool) -> str:
    return label if alone else f"{label} {name}"


def _entry(entry: JobEntry, label: str, *, is_own: bool) -> JobEntry:
    """A schedule under a label, which may have to be told from others unless it ``is_own``."""
    params = tuple(item for item in entry.spec.params if item[0] != "label")
    origin = Origin("spec") if is_own else Origin("derived", "the label of its file")
    spec = Spec(entry.spec.name, (*params, ("label", label)))
    return replace(entry, spec=spec, origins={**entry.origins, "label": origin})
