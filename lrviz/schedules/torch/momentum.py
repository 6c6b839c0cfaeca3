"""Which optimizers have a momentum that a schedule can cycle."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.catalogue.group import Group

MOMENTUM = ("sgd", "sgd_momentum", "rmsprop", "adam", "adamw", "adamax", "nadam", "radam", "sparse_adam")
"""torch optimizers whose defaults hold momentum or betas; a plain SGD's momentum is 0, but it is there."""
NO_MOMENTUM = ("adagrad", "adadelta", "rprop", "asgd", "lbfgs", "adafactor")


def check_momentum(group: Group, schedule: str) -> None:
    """Refuse an optimizer without momentum and betas.

    Raises:
        ScheduleError: with the switch to turn it off.

    """
    if group.optimizer not in MOMENTUM + NO_MOMENTUM:
        close = difflib.get_close_matches(group.optimizer, MOMENTUM + NO_MOMENTUM, n=1) or MOMENTUM
        raise ScheduleError(
            f"{schedule}: unknown optimizer {group.optimizer!r}", hint=f"<optimizer={close[0]}>"
        )
    if group.optimizer in NO_MOMENTUM:
        raise ScheduleError(
            f"{schedule}: the optimizer {group.optimizer!r} has neither momentum nor beta1 to cycle",
            hint="<cycle_momentum=false>",
        )
