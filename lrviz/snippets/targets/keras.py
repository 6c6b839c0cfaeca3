"""Keras: its own LearningRateSchedule, or a class of that kind with a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.errors import ScheduleError
from lrviz.snippets.dialect import KERAS
from lrviz.snippets.pretty import laid_out
from lrviz.snippets.snippet import Definitions, Snippet
from lrviz.snippets.values import arguments_of, call_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.snippets.target import Curves

HEADER = [
    "class Schedule(keras.optimizers.schedules.LearningRateSchedule):",
    '    """The LR of every update, from 0."""',
    "",
    "    def __call__(self, step):",
]
CONFIG = ["", "    def get_config(self):", "        return {}"]
LOOP = ["# model.fit calls it with the number of updates made, once in each."]


def write(curves: Curves) -> Snippet:
    """Its own schedule where it makes the curve alone, else a class with its formula.

    Raises:
        ScheduleError: there are several param groups.

    """
    if len(curves.rows) > 1:
        text = f"an optimizer of keras has one LR, not one for each of {len(curves.rows)} param groups"
        raise ScheduleError(text, hint="--to torch, optax or numpy says several")
    own = curves.own_in("keras")
    if own is not None and own.epoch is None:
        return _snippet(laid_out("schedule = ", _call(own.entry, own.params)), None)
    made = Definitions(KERAS)
    made.define(
        HEADER, curves.formulas[0], variable="step", begins='step = ops.cast(step, "float32")', indent=2
    )
    made.blocks[-1] += CONFIG
    return _snippet(["schedule = Schedule()"], made)


def _snippet(before: Sequence[str], made: Definitions | None) -> Snippet:
    return Snippet(
        "keras",
        ["import keras", *(KERAS.imports if made else ())],
        [*before, "optimizer = keras.optimizers.AdamW(learning_rate=schedule)"],
        "for step in STEPS:\n    print(float(schedule(step)))",
        made,
        LOOP,
        is_single=True,
        by_constructor=made is None,
        most=500,
    )


def _call(entry: Entry, params: Mapping[str, Any]) -> ast.Call:
    return call_of(f"keras.optimizers.schedules.{entry.name}", [], arguments_of(entry, params, _call))
