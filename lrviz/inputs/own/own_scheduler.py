"""A user's scheduler, torch's or like it, as curves: it is stepped after each update, and read before."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from lrviz.engine.stepwise import Stepwise
from lrviz.errors import ScheduleError
from lrviz.inputs.own.own_function import walked
from lrviz.inputs.own.signature import STEPS, signature_of

if TYPE_CHECKING:
    from lrviz.engine.timeline import Timeline
    from lrviz.inputs.own.user_code import UserCode


def scheduler_in(made: Any) -> Any:
    """The scheduler, alone or returned beside its optimizer; None where there is none."""
    return next((one for one in (made if isinstance(made, tuple) else (made,)) if _is_scheduler(one)), None)


def _is_scheduler(made: Any) -> bool:
    """Whether it can be stepped, and shows an LR."""
    shows = bool(_groups(made)) or callable(getattr(made, "get_last_lr", None))
    return shows and callable(getattr(made, "step", None)) and not isinstance(made, type)


def _groups(scheduler: Any) -> list[dict[str, Any]]:
    """The param groups that it moves; none where it does not show them."""
    found = getattr(getattr(scheduler, "optimizer", None), "param_groups", None)
    return found if isinstance(found, list) and all("lr" in group for group in found) else []


def scheduler_lines(scheduler: Any, name: str, code: UserCode) -> tuple[dict[str, Timeline], ...]:
    """Each quantity of each param group; the optimizer is not stepped.

    Raises:
        ScheduleError: it has no LR, or its step() needs what only training knows.

    """
    takes_step = _takes_step(scheduler, name)

    def advanced(step: int) -> list[float]:
        if step:
            scheduler.step(*((step,) if takes_step else ()))
        return _row(scheduler)

    def ask(step: int) -> list[float]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch asks for optimizer.step(), which would train
            return code.call(step, advanced, step)  # type: ignore[no-any-return]  # what advanced returns

    asked = Stepwise(ask, code.running)
    if not asked.width:
        raise ScheduleError(f"{name} has no param group", hint="give its optimizer a parameter")
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
    other = [one for one in needed if one not in STEPS]
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
