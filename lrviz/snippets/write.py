"""The curves of a run as a target's code, proved, with a heading that says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.catalogue.names import find
from lrviz.engine.traced import UntraceableError
from lrviz.errors import ScheduleError
from lrviz.notation.numbers import counted
from lrviz.notation.text import listed
from lrviz.snippets.proof import Proof, is_there, prove
from lrviz.snippets.target import Curves, writer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series
    from lrviz.snippets.snippet import Snippet


def write_code(rows: Sequence[Series], target: str, said: str = "") -> tuple[str, Proof]:
    """The text of a snippet, and how far it is from lrviz's numbers; ``said`` is the command for it.

    Raises:
        ScheduleError: the target cannot say it, or its code has other numbers.

    """
    curves = Curves(rows)
    refuse_metric(curves, target)
    try:
        made = writer_of(target)(curves)
        proof = _proved(made, curves)
    except UntraceableError as error:
        raise ScheduleError(f"{target} cannot say {_name(curves)}: {error}", hint=curves.way_out) from None
    return made.text([*_heading(curves, said), proof.text]), proof


def _proved(made: Snippet, curves: Curves) -> Proof:
    """The proof by running it or, without its library, what the same numbers are computed by."""
    if is_there(made.library):
        return prove(made, curves)
    missing = f"{made.library} is not installed here"
    if made.by_constructor:
        peak = max(abs(row.facts.peak) for row in curves.rows) or 1.0
        return Proof(0.0, 0, peak, curves.steps, curves.steps, f"{missing}: by lrviz's {_name(curves)} alone")
    if made.alone:
        return prove(made.without_library(), curves, f"{missing}: its functions run alone")
    return prove(writer_of("numpy")(curves), curves, f"{missing}: its formula run with numpy")


def refuse_metric(curves: Curves, target: str) -> None:
    """One that moves on a metric is no function of the step.

    Raises:
        ScheduleError: it does.

    """
    run = curves.rows[0].run
    if run is None:
        raise ScheduleError(f"{curves.rows[0].label}: values, and no schedule", hint="code takes a spec")
    if run.metrics is not None or any(one.id == "synthetic-metric" for one in run.findings):
        raise ScheduleError(
            f"{_name(curves)} moves on a metric: {target} has no function of the step for it",
            hint=f"call {_constructor(curves)} in the training loop, as lrviz info {_name(curves)} describes",
        )


def _constructor(curves: Curves) -> str:
    entry = find(_name(curves))
    return f"{entry.framework.name}'s own {entry.name}"


def _name(curves: Curves) -> str:
    run = curves.rows[0].run
    return run.schedule.id if run else curves.rows[0].label


def _heading(curves: Curves, said: str) -> list[str]:
    """What was asked for, the schedule, and the length of its run."""
    run = curves.rows[0].run
    if run is None:
        return [said]
    framework = find(run.schedule.id).framework
    of = f" of {framework.name} {framework.version}" if framework.version else ""
    arguments = [f"{name}={value!r}" for name, value in run.params.items()]
    lrs = f"lr {listed([repr(lr) for lr in run.lrs])}"
    return [
        *([said] if said else []),
        f"{run.schedule.id}{of}: {', '.join([*arguments, lrs])}; {counted(curves.steps, 'update')}.",
    ]
