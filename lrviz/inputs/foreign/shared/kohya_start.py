"""How many updates kohya's scripts make of a network's training that begins later: at another step or epoch.

The scheduler begins at 0 and is told the whole run. Batches that are skipped are compared with updates of an
epoch, which are others where gradients are accumulated.

Source: sd-scripts 0.9.1 and 0.10.1, ``train_network.py`` (``train``).
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.setting import Setting, switch, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.settings import Settings

SETTINGS = (
    Setting("initial_epoch", whole),
    Setting("initial_step", whole),
    Setting("skip_until_initial_step", switch, default=False),
    Setting("resume", text),
)


class _Epoch(NamedTuple):
    """Batches of a process, of which so many make an update, and the updates."""

    batches: int
    accum: int

    @property
    def updates(self) -> int:
        return ceil(self.batches / self.accum)


def updates_made(run: Settings, steps: int, batches_of: Callable[[Settings], int]) -> int:
    """Of the updates that the scheduler is told, those that are made, by the batches of the data set.

    One that goes on from a checkpoint makes the others of a run that is looked at as a whole.

    Raises:
        ConfigError: none are left, at which the script stops.

    """
    name = "initial_epoch" if run["initial_step"] is None else "initial_step"
    if not run[name] or run[name] <= (name == "initial_epoch"):
        return steps
    batches, world = batches_of(run), run.ask("world_size")
    epoch = _Epoch(ceil(batches / world), run["gradient_accumulation_steps"])
    start = run[name]
    if name == "initial_epoch":  # which divides the batches of a process by the processes again
        start = (start - 1) * ceil(epoch.batches / world / epoch.accum)
    if start >= steps:
        run.refuse(f"it begins at {start} of {steps} updates: the script stops", at=name, instead=1)
    if run["resume"]:
        return steps
    made = _made(epoch, start, steps, is_skipping=run["skip_until_initial_step"])
    if made < 1:
        run.refuse("it begins behind its last epoch, and trains nothing", at=name, instead=1)
    if made < steps:
        run.line(run.TOTAL_STEPS, f"those from {name}={run[name]} on", made)
        run.note(
            "begins-later",
            f"{made} updates are made; the scheduler begins at 0 and is told {steps}",
            hint="--given resume=true is a run that goes on from a checkpoint",
            at=name,
        )
    return made


def _made(epoch: _Epoch, start: int, steps: int, *, is_skipping: bool) -> int:
    """The updates from an epoch on, counted from what is left to skip where batches are skipped."""
    last = ceil(steps / epoch.updates)
    if not is_skipping:
        return min(steps, (last - start // epoch.updates) * epoch.updates)
    first = start * epoch.accum // epoch.updates
    counted = start * epoch.accum - first * epoch.batches
    if first >= last:
        return 0
    of_first = ceil((epoch.batches - max(counted, 0)) / epoch.accum)
    return min(steps - counted, of_first + (last - first - 1) * epoch.updates)
