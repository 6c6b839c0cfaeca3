"""Param groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.draw.table import plain_table
from lrviz.findings.rule import Said, of_output, of_run
from lrviz.notation.numbers import counted, lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.curves.series import Series
    from lrviz.draw.table import Align
    from lrviz.findings.look import Look
    from lrviz.resolve.resolved import Resolved

ANOTHER = 1.1
"""Ratios that differ by less than this factor are one."""


@of_run("param-groups", "note", example="linear:warmup=0,groups=a(scale=1),b(scale=2) --steps 100")
def param_groups(run: Resolved) -> Iterator[Said]:
    """The LR of every named group.

    Each group has a curve of its own; the table lists what its LR is made of.
    """
    if not run.groups:
        return
    keys = dict.fromkeys(key for group in run.groups for key in group.beside_lr)
    cells = [
        (f"  {group.label}", *(group.beside_lr.get(key, "") for key in keys), lr_text(lr))
        for group, lr in zip(run.groups, run.lrs, strict=True)
    ]
    right: list[Align] = ["right"] * (len(keys) + 1)
    lines = plain_table(("  group", *keys, "lr"), cells, ["left", *right], width=None)
    yield Said(counted(len(run.groups), "param group"), details=tuple(lines))


@of_output(
    "group-ratio",
    "warning",
    example="torch.CosineAnnealingLR:T_max=100,eta_min=0.01 --lr 1e-4,1e-5 --steps 100",
)
def group_ratio(looks: list[Look]) -> Iterator[tuple[Series, Said]]:
    """Groups whose LRs were to keep their ratio do not, where the LR is highest.

    A floor or a peak that is one number for all groups pulls them together. A share (``min_lr_rate``,
    ``eta_min_ratio``) or a value for each group keeps the ratio.
    """
    firsts: dict[int, Look] = {}
    for look in looks:
        first = firsts.setdefault(id(look.row.run), look)
        given, other = first.lr, look.lr
        if look.row.quantity != "lr" or first is look or not (given and other) or look.facts.stop:
            continue
        top, (beside,) = first.facts.peak, look.at(first.facts.peak_at)
        change = other * top / (given * beside) if beside > 0 else 1.0
        if not 1 / ANOTHER < change < ANOTHER:
            at = f"{lr_text(top)} and {lr_text(beside)} at step {first.facts.peak_at}"
            yield look.row, Said(f"the LRs {lr_text(given)} and {lr_text(other)} of the groups become {at}")
