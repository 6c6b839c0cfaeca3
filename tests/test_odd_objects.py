"""Whatever object stands in whatever argument: a value, or a refusal in words with a way out."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from commands import ENTRIES

import lrviz


class Odd:
    """Nothing that anything takes."""


OBJECTS = {
    "none": None,
    "true": True,
    "zero": 0,
    "negative": -1,
    "beyond int64": 2**63,
    "nan": math.nan,
    "infinite": math.inf,
    "huge": 1e308,
    "fraction": 1.5,
    "empty text": "",
    "text": "x",
    "number as text": "1",
    "null byte": "\x00",
    "bytes": b"x",
    "empty tuple": (),
    "tuple": (1, 2),
    "list of lists": [[1]],
    "list of text": ["a"],
    "dict": {"a": 1},
    "dict of numbers": {1: 2},
    "set": {1},
    "object": Odd(),
    "class": Odd,
    "function": lambda x: x,
    "function that raises": lambda _: 1 / 0,
    "complex": 1j,
    "decimal": Decimal("nan"),
    "Fraction": Fraction(1, 3),
    "float32": np.float32(0.5),
    "int64": np.int64(3),
    "scalar array": np.array(1.0),
    "array": np.array([1.0, 2.0]),
    "empty array": np.array([]),
    "matrix": np.zeros((2, 2)),
    "range": range(3),
    "iterator": iter([1, 2]),
    "path": Path("x"),
    "date": dt.date(2020, 1, 1),
    "ellipsis": ...,
    "slice": slice(1),
    "plan": lrviz.Plan(steps=3),
}
SPEC = "constant:lr=1,steps=5"
CURVE = lrviz.evaluate(SPEC)
STEP = lrviz.schedule("torch.StepLR", step_size=3, lr=1)


def plateau(**given):
    params = {"lr": 1.0, "metrics": [1.0] * 9, **given}
    return lrviz.schedule("torch.ReduceLROnPlateau", **params)(range(5))


ARGUMENTS = {
    "evaluate": lrviz.evaluate,
    "evaluate, plan": lambda odd: lrviz.evaluate(SPEC, odd),
    "evaluate, quantity": lambda odd: lrviz.evaluate(SPEC, quantity=odd),
    "diff, plan": lambda odd: lrviz.diff(SPEC, SPEC, odd),
    "resume, plan": lambda odd: lrviz.resume(SPEC, SPEC, 2, odd),
    "resume, at": lambda odd: lrviz.resume(SPEC, SPEC, odd),
    "load": lrviz.load,
    "plot": lrviz.plot,
    "plot, several": lambda odd: lrviz.plot([CURVE, odd]),
    "plot, title": lambda odd: lrviz.plot(CURVE, title=odd),
    "plot, ax": lambda odd: lrviz.plot(CURVE, ax=odd),
    "record": lambda odd: lrviz.record(odd, 3),
    "record, n": lambda odd: lrviz.record(lambda _: 1.0, odd),
    "record, a value": lambda odd: lrviz.record(lambda _: odd, 3),
    "record, metrics": lambda odd: lrviz.record(lambda _: 1.0, 3, metrics=odd),
    "save": CURVE.save,
    "first_difference": CURVE.first_difference,
    "first_difference, tolerance": lambda odd: CURVE.first_difference(CURVE, odd),
    "schedule": lrviz.schedule,
    "schedule, params": lambda odd: lrviz.schedule("torch.StepLR", odd, lr=1),
    **{
        f"schedule, {name}": lambda odd, name=name: plateau(**{name: odd})
        for name in ("lr", "optimizer", "metrics", "dtype", "default_lr")
    },
    "steps": STEP,
    "quantity": lambda odd: STEP([1], odd),
    "facts": STEP.facts,
    "facts, quantity": lambda odd: STEP.facts(3, odd),
    "facts, group": lambda odd: STEP.facts(3, "lr", odd),
    **{
        f"Plan, {name}": lambda odd, name=name: lrviz.Plan(**{"steps_per_epoch": 3, "epochs": 3, name: odd})
        for name in ("dataset_len", "batch_size", "epochs", "steps", "max_steps", "drop_last", "trainer")
    },
}


def refusal_of(call, *given):
    """The refusal of a call, if it is one; any other error fails the test."""
    try:
        call(*given)
    except lrviz.LrvizError as refusal:
        return refusal
    return None


def wordless(refusals):
    """Which of them say nothing, or show no way out."""
    said = {name: refusal for name, refusal in refusals.items() if refusal is not None}
    return [name for name, refusal in said.items() if not (refusal.message and refusal.hint)]


@pytest.mark.parametrize("call", [pytest.param(call, id=name) for name, call in ARGUMENTS.items()])
def test_any_object_is_taken_or_refused_in_words(tmp_path, call):
    with contextlib.chdir(tmp_path):
        refusals = {name: refusal_of(call, odd) for name, odd in OBJECTS.items()}
    assert wordless(refusals) == []


# --- parameters ------------------------------------------------------------------------------------------

VALUES = {
    "nan": math.nan,
    "infinite": math.inf,
    "minus infinite": -math.inf,
    "huge": 1e308,
    "tiny": 5e-324,
    "400 digits": 10**400,
    "empty list": (),
    "list": (1, 2),
    "nan in a list": (math.nan,),
    "dict": {1: 2},
    "class": Odd,
    "array": np.array([1.0, 2.0]),
}


@pytest.mark.long
@pytest.mark.parametrize("entry", ENTRIES)
def test_any_value_of_a_parameter_is_taken_or_refused_in_words(entry):
    def try_it(name, odd):
        params = {**entry.example, name: odd}
        lr = 0.1 if entry.takes_group else None
        lrviz.schedule(entry.id, params, lr=lr, metrics=[1.0] * 30)(range(20))

    tried = ((name, kind, odd) for name in entry.params for kind, odd in VALUES.items())
    assert wordless({(name, kind): refusal_of(try_it, name, odd) for name, kind, odd in tried}) == []
