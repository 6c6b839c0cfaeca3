"""Schedulers given by the user's own function: LambdaLR and MultiplicativeLR."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Function
from lrviz.engine.chain import KEEP, Chainable, Pairs, chained_walk, overwrites
from lrviz.engine.compose import scale
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.function import as_function


def _own(group: Group, name: str, value: Any) -> Any:
    own = group.pick(name, value)
    if not (isinstance(own, str) or callable(own)):
        raise ScheduleError(f"{name} must be a function, got {own!r}", hint=f"<{name}='0.95**epoch'>")
    return own


@schedule(example={"lr_lambda": "0.95 ** epoch"}, aliases=("lambda",))
def LambdaLR(group: Group, lr_lambda: Function | tuple[Function, ...]) -> Chainable:
    """The LR times a function of the tick.

    Formula: lr(t) = B f(t). f is an expression of ``epoch`` (or a pasted ``lambda e: …``), one for all param
    groups or one for each.
    Edges: f(0) is taken in the constructor. The result may be 0, negative, anything: it is not checked.
    Source: torch 2.13.0 ``LambdaLR``.

    Raises:
        ScheduleError: the list's length is not the number of groups, or f raises; ``step`` says where.

    """
    function, bounds = as_function(_own(group, "lr_lambda", lr_lambda), "epoch")
    factor = Timeline((Phase("free", 0.0, function, Opaque(bounds, refuses=True), label="function"),))
    return overwrites(scale(factor, group.lr))


@schedule(example={"lr_lambda": "0.95"})
def MultiplicativeLR(group: Group, lr_lambda: Function | tuple[Function, ...]) -> Chainable:
    """Multiply the LR by a function of the tick at every tick.

    Formula: lr(t) = B f(1) f(2) … f(t). f is an expression of ``epoch``, one for all groups or one for each.
    Edges: f(0) is never called, except by a SequentialLR that enters the scheduler: it multiplies the LR that
    stands in the group by f(0) instead of starting from B.
    Source: torch 2.13.0 ``MultiplicativeLR``.

    Raises:
        ScheduleError: ``lr_lambda`` is no function or the list's length is not the number of groups.

    """
    own = _own(group, "lr_lambda", lr_lambda)
    function, _ = as_function(own, "epoch")

    def maps(k: TickArray) -> Pairs:
        return [(function(k), np.zeros(k.shape))]

    def entered() -> tuple[float, float] | str:
        try:
            return float(function(np.zeros(1))[0]), 0.0
        except ScheduleError as error:
            return error.message

    return Chainable(chained_walk(group.lr, maps, [("free", 0.0, "function")]), KEEP, maps, entered)
