"""What a script puts in place of the schedule that the Trainer of transformers builds of its arguments.

Source: transformers 5.23, ``trainer.py``: ``optimizers=``, ``create_optimizer_and_scheduler`` and its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.opening import script_beside
from lrviz.inputs.foreign.python.python_arguments import are_arguments
from lrviz.inputs.foreign.python.python_overrides import BY_HAND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import PythonCall, Source

_SCHEDULER = "lr_scheduler_type and its warmup"


def check_own_scheduler(run: Settings) -> None:
    """Say that the Trainer follows a scheduler or an optimizer which its script gives it, or makes itself."""
    script = script_beside(run.source) if run.source.language == "command" else run.source
    for text in (*_given(script), *_made(script)) if script else ():
        run.warn("own-scheduler", text)


def _given(script: Source) -> Iterator[str]:
    """``Trainer(optimizers=(optimizer, scheduler))``, and arguments that are set by names nobody knows."""
    for call in script.calls:
        pairs = [one for one in call.arguments if call.name.endswith("Trainer") and isinstance(one, tuple)]
        pair = call.keywords.get("optimizers", pairs[0] if pairs else None)
        if call.name == "setattr" and _sets_any(*call.arguments[:2]):
            yield f"line {call.line} sets arguments whose names are not known: they may be others than these"
        if isinstance(pair, (tuple, list)) and len(pair) == 2 and tuple(pair) != (None, None):
            yield _given_pair(call, *pair)


def _sets_any(owner: object = None, name: object = "") -> bool:
    return are_arguments(owner) and not isinstance(name, str)


def _given_pair(call: PythonCall, _optimizer: object, scheduler: object) -> str:
    what, ignored = "optimizer", "learning_rate changes"
    if scheduler is not None:
        what, ignored = "scheduler", f"{_SCHEDULER} change"
    return f"{call.name} in line {call.line} is given its own {what}: {ignored} nothing"


def _made(script: Source) -> Iterator[str]:
    """A class of its own that makes them, or a callback that has a hand in the LR."""
    for owner, what, line in script.overrides:
        if what in BY_HAND:
            yield f"{owner} in line {line} {what}: the LR may be another than this"
            continue
        ignored = "learning_rate may change nothing, and its groups may have an LR of their own"
        if "schedule" in what.lower():
            ignored = f"{_SCHEDULER} may change nothing"
        yield f"{owner} in line {line} has its own {what}: {ignored}"
