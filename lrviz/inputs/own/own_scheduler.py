"""A user's scheduler, torch's or like it, as curves: it is stepped after each update, and read before."""

from __future__ import annotations

import warnings
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from lrviz.engine.stepwise import Stepwise
from lrviz.errors import ScheduleError
from lrviz.inputs.own.own_function import walked
from lrviz.inputs.own.signature import signature_of
from lrviz.notation.step_names import STEP_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.catalogue.own_schedule import Lines
    from lrviz.inputs.own.user_code import UserCode


def scheduler_in(made: object) -> Any:
    """The scheduler, alone or returned beside its optimizer; None where there is none."""
    return next((one for one in (made if isinstance(made, tuple) else (made,)) if _is_scheduler(one)), None)


def _is_scheduler(made: object) -> bool:
    """Whether it can be stepped, and shows an LR."""
    shows = bool(_groups(made)) or callable(getattr(made, "get_last_lr", None))
    return shows and callable(getattr(made, "step", None)) and not isinstance(made, type)


def _groups(scheduler: object) -> list[dict[str, Any]]:
    """The param groups that it moves; none where it does not show them."""
    found = getattr(getattr(scheduler, "optimizer", None), "param_groups", None)
    return found if isinstance(found, list) and all("lr" in group for group in found) else []


def scheduler_lines(scheduler: object, name: str, code: UserCode) -> Lines:
    """Each quantity of each param group; the optimizer is not stepped.

    Raises:
        ScheduleError: it has no LR, or its step() needs what only training knows.

    """
    return _lines(_stepped(scheduler, name), scheduler, name, code)


def resumed_lines(old: object, new: object, ticks: int, name: str, code: UserCode) -> Lines:
    """What ``new`` has after so many ticks of ``old``, whose state is loaded into it then.

    Raises:
        ScheduleError: it has no state, or one of them raises until then.

    """
    if not callable(getattr(new, "load_state_dict", None)) or not callable(getattr(old, "state_dict", None)):
        text = f"{name}: without state_dict() and load_state_dict() nothing says what comes back"
        raise ScheduleError(text, hint="give both to the scheduler, as torch's have them")
    before, after = _stepped(old, name), _stepped(new, name)

    def row(step: int) -> list[float]:
        found = after(step) if step > ticks else before(step)
        if step == ticks:
            _load(old, new)
        return found

    return _lines(row, new, name, code, known=ticks + 1)


def _load(old: Any, new: Any) -> None:
    """Load a checkpoint as trainers do: the state of the optimizer, no parameters, then its own."""
    for group, stored in zip(_groups(new), _groups(old), strict=True):
        group.update(deepcopy({key: value for key, value in stored.items() if key != "params"}))
    new.load_state_dict(deepcopy(old.state_dict()))


def _stepped(scheduler: Any, name: str) -> Callable[[int], list[float]]:
    """Steps it to a step, and says what it has then."""
    takes_step = _takes_step(scheduler, name)

    def advanced(step: int) -> list[float]:
        if step:
            scheduler.step(*((step,) if takes_step else ()))
        return _row(scheduler)

    return advanced


def _lines(
    row: Callable[[int], list[float]], scheduler: object, name: str, code: UserCode, *, known: int = 1
) -> Lines:
    """The values of each step as timelines, the first ``known`` of them asked for at once.

    Raises:
        ScheduleError: one of these has none.

    """

    def ask(step: int) -> list[float]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch asks for optimizer.step(), which would train
            return code.call(step, row, step)

    asked = Stepwise(ask, code.running)
    if not asked.width:
        raise ScheduleError(f"{name} has no param group", hint="give its optimizer a parameter")
    asked.reach(known)
    lines = walked(asked, "scheduler, stepped")
    count = len(_groups(scheduler)) or asked.width
    if count == len(lines):
        return tuple({"lr": line} for line in lines)
    pairs = zip(lines[:count], lines[count:], strict=True)
    return tuple({"lr": lr, "momentum": momentum} for lr, momentum in pairs)


def _takes_step(scheduler: Any, name: str) -> bool:
    """Whether step() is told which one it is, as timm's.

    Raises:
        ScheduleError: it needs something else.

    """
    found = signature_of(scheduler.step)
    needed = [one.name for one in (found.step, *found.parameters) if one and one.default is one.empty]
    other = [one for one in needed if one not in STEP_NAMES]
    if other:
        hint = (
            "in Python lrviz.record(scheduler, 1000, metrics=[0.9, 0.8]) tells it a metric after each update"
        )
        raise ScheduleError(f"{name}: its step() needs {', '.join(other)}", hint=hint)
    return bool(needed)


def _row(scheduler: Any) -> list[float]:
    """The LR of every group, and behind them their momenta if all have one."""
    groups = _groups(scheduler)
    lrs = [float(group["lr"]) for group in groups] or [float(lr) for lr in scheduler.get_last_lr()]
    momenta = [float(one) for one in map(_momentum, groups) if one is not None]
    return [*lrs, *momenta] if len(momenta) == len(lrs) else lrs


def _momentum(group: dict[str, Any]) -> Any:
    betas = group.get("betas")
    return betas[0] if betas else group.get("momentum")
