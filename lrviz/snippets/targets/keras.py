"""Keras: its own LearningRateSchedule or callback, or a class of that kind with a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.errors import ScheduleError
from lrviz.notation.numbers import counted
from lrviz.snippets.dialect import KERAS
from lrviz.snippets.pretty import laid_out
from lrviz.snippets.snippet import Definitions, Snippet
from lrviz.snippets.target import CALLBACKS
from lrviz.snippets.values import arguments_of, call_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.snippets.constructor import OwnCall
    from lrviz.snippets.target import Curves

HEADER = [
    "class Schedule(keras.optimizers.schedules.LearningRateSchedule):",
    '    """The LR of every update, from 0."""',
    "",
    "    def __call__(self, step):",
]
CONFIG = ["", "    def get_config(self):", "        return {}"]
LOOP = ["# model.fit calls it with the number of updates made, once in each."]
FITTED = """\
callback.set_model(model)
callback.on_train_begin()
rates = []
for epoch in range({epochs}):
    callback.on_epoch_begin(epoch)
    rates += [float(model.optimizer.learning_rate)] * {updates}
    callback.on_epoch_end(epoch, {{getattr(callback, "monitor", "loss"): 1.0}})
for step in STEPS:
    print(rates[step])"""
"""What model.fit does to a callback."""


def write(curves: Curves) -> Snippet:
    """Its own schedule or callback where that makes the curve alone, else a class with its formula.

    Raises:
        ScheduleError: there are several param groups.

    """
    if len(curves.rows) > 1:
        text = f"an optimizer of keras has one LR, not one for each of {len(curves.rows)} param groups"
        raise ScheduleError(text, hint="--to torch, optax or numpy says several")
    own = curves.own_in("keras")
    if own is not None and own.entry.name.startswith(CALLBACKS):
        return _of_callback(curves, own)
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


def _of_callback(curves: Curves, own: OwnCall) -> Snippet:
    """A callback on an optimizer whose LR is a number."""
    updates = own.epoch or 1
    epochs = -(-curves.steps // updates)
    fit = f"model.fit(x, y, epochs={epochs}, callbacks=[callback])"
    made = call_of(f"keras.{own.entry.name}", [], arguments_of(own.entry, own.params, _call))
    return Snippet(
        "keras",
        ["import keras"],
        [
            "model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])  # your model",
            f"optimizer = keras.optimizers.AdamW(learning_rate={own.lrs[0]!r})",
            'model.compile(optimizer, loss="mse")',
            *laid_out("callback = ", made),
        ],
        FITTED.format(epochs=epochs, updates=updates),
        loop=[f"# {fit} asks it in each epoch, of {counted(updates, 'update')}."],
        is_single=True,
        by_constructor=True,
    )


def _call(entry: Entry, params: Mapping[str, Any]) -> ast.Call:
    return call_of(f"keras.optimizers.schedules.{entry.name}", [], arguments_of(entry, params, _call))
