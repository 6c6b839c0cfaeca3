"""The ``param_scheduler`` of an mmengine config: each scheduler of the LR with the end its Runner gives it.

Source: mmengine 0.10.7 ``Runner._build_param_scheduler``, ``ParamSchedulerHook``, ``optim/scheduler``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.catalogue.names import lookup
from lrviz.catalogue.registry import entries_of
from lrviz.inputs.foreign.shared.mmengine_datasets import short_name
from lrviz.inputs.foreign.unknown import Imported
from lrviz.inputs.foreign.within import known_table
from lrviz.notation.nearest import nearest
from lrviz.notation.spec import Call
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_PARAM = "ParamScheduler"
_OTHERS = ("Momentum", "WeightDecay")
"""What the classes of other parameters are called; ``CosineAnnealingWeightDecay`` is mmpretrain's own."""
_METRIC = "ReduceOnPlateauLR"
_RISING = {"LinearLR": 1.0 / 3, "ConstantLR": 1.0 / 3, "QuadraticWarmupLR": 0.0}
"""Schedulers that rise to the LR they find, and the share they start from by default."""
_START = ("start_factor", "factor")


class Member(NamedTuple):
    """A scheduler of the LR: its class, its arguments, and whether those count epochs."""

    name: str
    params: dict[str, Any]

    @property
    def in_epochs(self) -> bool:
        """Whether its arguments count epochs, which they do by default."""
        return bool(self.params.get("by_epoch", True))

    @property
    def is_converted(self) -> bool:
        """Whether its epochs are turned into iterations."""
        return self.in_epochs and bool(self.params.get("convert_to_iter_based"))

    @property
    def is_stepped_by_epoch(self) -> bool:
        """Whether it steps at the end of an epoch."""
        return self.in_epochs and not self.is_converted

    @property
    def needs_metric(self) -> bool:
        """Whether it acts on what a validation says."""
        return self.name == _METRIC

    @property
    def rises(self) -> bool:
        """Whether it is a warmup: from the beginning it rises to the LR it finds."""
        if self.name not in _RISING or self.params.get("begin", 0):
            return False
        start = next((self.params[key] for key in _START if key in self.params), _RISING[self.name])
        end = self.params.get("end_factor", 1.0)
        return isinstance(start, (int, float)) and isinstance(end, (int, float)) and start < end

    def call(self, epochs: int, iterations: int, length: int) -> Call:
        """The member in a run of so many epochs and iterations; ``length`` iterations are an epoch."""
        params = dict(self.params)
        if not self.needs_metric:
            params.setdefault("end", epochs if self.in_epochs else iterations)
        if self.is_converted:
            params["epoch_length"] = length
        return Call(self.name, tuple(params.items()))


def members(run: Settings) -> tuple[Member, ...]:
    """The schedulers of the LR; those of other parameters are left out, and named."""
    found = known_table(run, "param_scheduler") or ()
    tables = [found] if isinstance(found, dict) and "type" in found else found
    if not isinstance(tables, (list, tuple)) or not all(map(_is_scheduler, tables)):
        hint = "param_scheduler = [dict(type='LinearLR', end=500, by_epoch=False)]"
        run.refuse("param_scheduler holds something that is no dict with a type", hint=hint)
    members = [Member(_class(table), _arguments(table)) for table in tables]
    of_lr = tuple(_of_lr(one) for one in members if _is_of_lr(one))
    if others := [one.name for one in members if not _is_of_lr(one)]:
        run.note("other-parameters", f"left out of param_scheduler, as no LR is theirs: {listed(others)}")
    for one in of_lr:
        _check(run, one.name)
    return of_lr


def _is_scheduler(table: object) -> bool:
    return isinstance(table, dict) and isinstance(table.get("type"), (str, Imported))


def _class(table: dict[str, Any]) -> str:
    """A scheduler's class, which is written as text, ``mmdet.QuadraticWarmupLR`` too, or imported."""
    kind = table["type"]
    return short_name(kind)


def _arguments(table: dict[str, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in table.items() if key != "type"}


def _is_of_lr(one: Member) -> bool:
    """``LinearParamScheduler`` says which parameter it is for."""
    if one.name.endswith(_PARAM):
        return one.params.get("param_name") == "lr"
    return not any(other in one.name for other in _OTHERS)


def _of_lr(one: Member) -> Member:
    if not one.name.endswith(_PARAM):
        return one
    params = {key: value for key, value in one.params.items() if key != "param_name"}
    return Member(f"{one.name.removesuffix(_PARAM)}LR", params)


def _check(run: Settings, name: str) -> None:
    if lookup(f"mmengine.{name}") is None:
        known = [entry.name for entry in entries_of("mmengine")]
        near = nearest(name, known, cutoff=0.5) or "list"
        text = f"the schedule {name} of param_scheduler is none of mmengine's, and lrviz lacks it"
        run.refuse(text, hint=f"the nearest is mmengine.{near}: lrviz show mmengine.{near}")
