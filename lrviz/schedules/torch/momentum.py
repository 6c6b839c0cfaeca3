"""Which optimizers have a momentum that a schedule can cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.registry import Group

NO_MOMENTUM = ("adagrad", "adadelta", "rprop", "asgd", "lbfgs", "adafactor")


def check_momentum(group: Group, schedule: str) -> None:
    """Refuse an optimizer without momentum and betas.

    Raises:
        ScheduleError: with the switch to turn it off.

    """
    if group.optimizer in NO_MOMENTUM:
        raise ScheduleError(
            f"{schedule}: the optimizer {group.optimizer!r} has neither momentum nor beta1 to cycle",
            hint="cycle_momentum=false",
        )
