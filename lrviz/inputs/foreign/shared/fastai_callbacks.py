"""What fastai's callbacks make of a fit: updates of several batches, epochs cut short, an LR that falls.

Source: fastai 2.8.12 ``callback/training.py``, ``callback/tracker.py`` and ``learner.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.shared.fastai_fits import batch_size
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lrviz.inputs.foreign.settings import Settings

ACCUMULATES, ENDS_EARLY, FALLS = "GradientAccumulation", "EarlyStoppingCallback", "ReduceLROnPlateau"
CUTS = ("ShortEpochCallback", "AccumulateScheduler")
SAMPLES = "n_acc"
"""The samples of an update, an argument of GradientAccumulation."""
_DEFAULT = 32


def callbacks(run: Settings, call: PythonCall, fits: Collection[PythonCall]) -> list[PythonCall]:
    """Those of one fit: its own, and those that no other fit has."""
    others = {id(one) for fit in fits if fit is not call for one in _calls(_own(fit))}
    return [one for one in run.source.python.calls if id(one) not in others]


def check_callbacks(run: Settings, fits: Collection[PythonCall]) -> None:
    """Refuse what changes the LR or the epochs, and say what may end them."""
    for one in run.source.python.calls:
        name = one.called
        counts = [fit for fit in fits if any(one is own for own in callbacks(run, fit, fits))]
        falls = name == FALLS and any(fit.name.endswith(".fit") for fit in counts)  # a schedule wins over it
        if counts and (name in CUTS or falls):
            run.refuse(f"{name} in line {one.line} changes the run, and is not read", hint="leave it out")
        if counts and name == ENDS_EARLY:
            run.warn("ends-early", f"{name} in line {one.line} may end a fit before its last epoch")


def samples(found: Iterable[PythonCall]) -> Any:
    """Samples of an update, where they are accumulated; None where each batch is one."""
    calls = [one for one in found if one.called == ACCUMULATES]
    if not calls:
        return None
    last = calls[-1]
    return last.keywords.get(SAMPLES, (*last.arguments, _DEFAULT)[0])


def batches_of_update(run: Settings, many: int) -> int:
    """So many that they have as many samples; each one without such a number."""
    if not many:
        return 1
    size = batch_size(run)
    return max(1, ceil_div(many, int(run.ask("batch_size")) if size is None else size))


def _own(fit: PythonCall) -> Any:
    return fit.keywords.get("cbs")


def _calls(value: object) -> Iterator[PythonCall]:
    if isinstance(value, PythonCall):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _calls(one)
