"""One param group of an optimizer, as a schedule finds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, eq=False)
class Group:
    """One param group of an optimizer, as a scheduler finds it.

    ``lrs`` are the LRs of all groups, ``index`` is this group's place among them; the optimizer's
    default LR is that of the first group. ``metrics[t]`` is reported after update t. ``fresh`` is
    false once another scheduler was built on the optimizer. Some schedulers keep numbers of theirs
    in the group and read them back at each step: ``state`` holds those. It changes as they are built, as the
    group does there: in a sequence, where all are built before the first step, each steps with the numbers
    of the last one.
    ``own`` is what the group holds beside its LR, which some schedulers take instead of their parameters.
    ``looked_at`` says what of the optimizer a scheduler has asked for.
    """

    lrs: tuple[float, ...]
    index: int = 0
    optimizer_name: str = "sgd"
    metrics: Sequence[float] | None = None
    fresh: bool = True
    state: dict[str, tuple[float, ...]] = field(default_factory=dict)
    default: float | None = None
    own: Mapping[str, float] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)

    @property
    def optimizer(self) -> str:
        """The optimizer's name, which few schedulers ask for."""
        self.looked_at.add("optimizer")
        return self.optimizer_name

    @property
    def lr(self) -> float:
        """The LR of this group before any scheduler."""
        return self.lrs[self.index]

    @property
    def default_lr(self) -> float:
        """``optimizer.defaults["lr"]``: that of the first group, unless the optimizer was told another."""
        return self.lrs[0] if self.default is None else self.default

    def pick(self, name: str, value: Any) -> Any:
        """This group's value of a parameter: its own, or that of a list with one for each group.

        Raises:
            ScheduleError: the list's length is not the number of groups.

        """
        if name in self.own:
            return self.own[name]
        if not isinstance(value, tuple):
            return value
        if len(value) != len(self.lrs):
            raise ScheduleError(
                f"{name} has {len(value)} values, the optimizer has {len(self.lrs)} param groups",
                hint=f"give {name} one value, or one for each group",
            )
        return value[self.index]
