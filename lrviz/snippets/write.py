"""The curves of a run as a target's code, proved, with a heading that says what it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import find
from lrviz.engine.traced import UntraceableError
from lrviz.errors import ScheduleError
from lrviz.notation.numbers import counted
from lrviz.notation.text import listed
from lrviz.snippets.proof import Proof, is_there, prove, run_alone
from lrviz.snippets.target import Curves, writer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series
    from lrviz.snippets.proof import Run
    from lrviz.snippets.snippet import Snippet


def write_code(
    rows: Sequence[Series], target: str, said: str = "", *, run: Run = run_alone
) -> tuple[str, Proof]:
    """The text of a snippet, and how far it is from lrviz's numbers; ``said`` is the command for it.

    ``run`` runs a program and returns what it prints, line by line.

    Raises:
        ScheduleError: the target cannot say it, or its code has other numbers.

    """
    curves = Curves(rows)
    if rows[0].run is None:
        raise ScheduleError(f"{rows[0].label}: values, and no schedule", hint="code takes a spec")
    _refuse_stop(rows[0])
    try:
        made = writer_of(target)(curves)
        proof = _proved(made, curves, run)
    except UntraceableError as error:
        raise ScheduleError(f"{target} cannot say {curves.name}: {error}", hint=curves.way_out) from None
    return made.text([*_heading(made, curves, said), proof.text]), proof


def _refuse_stop(row: Series) -> None:
    """Refuse a run inside of which the framework stops.

    Raises:
        ScheduleError: it does.

    """
    if row.facts.stop is None or row.facts.stop[0] < 2 or row.run is None:
        return
    step, why = row.facts.stop
    steps = f"steps={step - 1}"  # a scheduler is stepped after the last update too
    in_word = row.run.place is None and row.run.spec.get("steps") is not None
    hint = f"{steps} in place of {row.steps}" if in_word else f"give <{steps}>"
    raise ScheduleError(f"{row.label} stops at step {step}: {why}", hint=hint, step=step)


def _proved(made: Snippet, curves: Curves, run: Run) -> Proof:
    """The proof by running it or, without its library, what the same numbers are computed by."""
    if is_there(made.library):
        return prove(made, curves, run=run)
    missing = f"{made.library} is not installed here"
    if made.by_constructor:
        return Proof(0.0, 0, 1.0, curves.steps, curves.steps, f"{missing}: by lrviz's {curves.name} alone")
    if made.alone:
        return prove(made.without_library(), curves, f"{missing}: its functions run alone", run=run)
    return prove(writer_of("numpy")(curves), curves, f"{missing}: its formula run with numpy", run=run)


def _heading(made: Snippet, curves: Curves, said: str) -> list[str]:
    """What was asked for, the schedule, and the length of its run."""
    run = curves.rows[0].run
    if run is None:
        return [said]
    framework = find(run.schedule.id).framework
    of = f" of {framework.name} {framework.version}" if framework.version else ""
    arguments = [f"{name}={_text(value)}" for name, value in run.params.items()]
    arguments += [f"lr {listed([repr(lr) for lr in run.lrs])}"] if not any(map(math.isnan, run.lrs)) else []
    length = "; ".join(filter(None, [", ".join(arguments), counted(curves.steps, "update")]))
    others = [name for name in run.schedule.quantities if name != "lr"]
    unsaid = f"It moves {listed(others)} too, which is not written." if others else ""
    lines = [said, f"{run.schedule.id}{of}: {length}.", "" if made.by_constructor else unsaid]
    return [line for line in lines if line]


def _text(value: Any) -> str:
    """An argument as it would be typed in Python."""
    if isinstance(value, Mapping) and value.keys() == {"schedule", "params"}:
        inner = ", ".join(f"{name}={_text(one)}" for name, one in value["params"].items())
        return f"{value['schedule']}({inner})"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_text, value))}]"
    return repr(value)
