"""What a script puts in place of the schedule that the Trainer of transformers builds of its arguments.

Source: transformers 5.23, ``trainer.py``: ``optimizers=``, ``create_optimizer_and_scheduler`` and its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.early_end import MAY_END
from lrviz.inputs.foreign.python.python_overrides import (
    BY_HAND,
    OF_DATA,
    OF_LOOP,
    OF_OPTIMIZER,
    STOPS,
    STREAM,
)
from lrviz.inputs.foreign.shared.script_scheduler import is_replaced, own_schedule
from lrviz.inputs.foreign.shared.script_trainer import OPTIMIZER, may_have_groups
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

_SCHEDULER = "lr_scheduler_type and its warmup"
_CALLS = {
    "EarlyStoppingCallback": MAY_END,
    "hyperparameter_search": "trains with other arguments than these, which it tries",
}


def own_or_warned(run: Settings, steps: int) -> Spec | None:
    """The run by a scheduler that its script gives the Trainer; what else may have a hand in it is said."""
    script = run.script
    own = own_schedule(run, script, steps)
    for text in (*_given(script), *_made(script)) if script else ():
        run.warn("own-scheduler", text)
    _note_trained_again(run, script)
    return own


def _note_trained_again(run: Settings, script: Source | None) -> None:
    """Say that what is told is the first training of several with the same arguments."""
    trained = script.python.trainings if script else ()
    calls = run.source.python.calls if script is run.source else [one.arguments for one in trained]
    lines = [one.line for one in trained if one.arguments is calls[0]]
    repeated = script.python.repeated if script else {}
    lines = lines if trained else [*repeated]
    if lines[1:]:
        again = f"line{'s' * (len(lines) > 2)} {listed([*map(str, lines[1:])])}"
        run.note("trained-again", f"the training in line {lines[0]} is told: it is trained again in {again}")
    elif lines and lines[0] in repeated:
        text = f"one training of line {lines[0]} is told: {repeated[lines[0]]} may train again"
        run.note("trained-again", text)


def _given(script: Source) -> Iterator[str]:
    """Calls that have a hand in the run."""
    for call in script.python.calls:
        if consequence := _CALLS.get(call.called):
            yield f"{call.name} in line {call.line} {consequence}"


def _made(script: Source) -> Iterator[str]:
    """A class of its own that makes them, or a callback that has a hand in the LR or in the length."""
    for one in script.python.overrides:
        if is_replaced(one):
            continue
        if one.what in BY_HAND or one.what.startswith("is of "):
            yield f"{one.whose} {one.what}: the LR may be another than this"
        elif one.what == STOPS:
            yield f"{one.whose} {one.what}: it may end before the last of these steps"
        elif one.what not in (STREAM, OPTIMIZER) and (one.what not in OF_OPTIMIZER or may_have_groups(one)):
            yield f"{one.whose} has its own {one.what}: {_consequence(one.what)}"


def _consequence(what: str) -> str:
    if what in OF_DATA:
        return "an epoch may have another number of batches, and the run another length, than this"
    if what in OF_LOOP:
        return "its steps may be others than the Trainer's"
    if "schedule" in what.lower():
        return f"{_SCHEDULER} may change nothing"
    return "groups of its own may have another LR than learning_rate"
