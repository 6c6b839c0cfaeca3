"""What of a curve is made by the user's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.findings.rule import Said, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.resolve.resolved import Resolved


@of_run("own-code", "note", example="math:exp --steps 9")
def own_code(run: Resolved) -> Iterator[Said]:
    """The curve is what the user's own code says, which was run.

    A word that names a file or module and a function in it runs that code. A function of the step is asked
    for many steps at once where that gives the same numbers, else for one after another; a scheduler that it
    returns is stepped, without the optimizer.
    """
    if ":" in run.schedule.id:
        groups = len(run.schedule.groups)
        several = f", {groups} param groups" if groups > 1 else ""
        made, _ = run.schedule.phases[-1]  # behind a warmup that stands in front
        yield Said(f"own code, run here: a {made}{several}")
