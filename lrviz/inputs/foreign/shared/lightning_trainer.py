"""Lightning's Trainer, which NeMo's configs hold too: its processes, and the batches that it is limited to.

Source: lightning 2.6.6 ``pytorch/trainer/connectors/accelerator_connector.py`` and
``pytorch/loops/fit_loop.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, literal, number, text, whole
from lrviz.inputs.foreign.shared.fabric_world import devices, joined

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

SETTINGS = (
    Setting("trainer.max_epochs", whole, None, "epochs"),
    Setting("trainer.max_steps", whole, -1, "steps"),
    Setting("trainer.accumulate_grad_batches", whole, 1, "grad_accum"),
    Setting("trainer.limit_train_batches", number, 1.0),
    Setting("trainer.accelerator", text, "auto"),
    Setting("trainer.devices", devices, None, "world_size"),
    Setting("trainer.num_nodes", whole, 1),
    Setting("trainer.max_time", literal),
)


def processes(run: Settings) -> int | None:
    """``devices`` times ``num_nodes``, or what a launcher starts; None where it takes all that there are."""
    count, nodes = run["trainer.devices"], run["trainer.num_nodes"]
    if count is None and run["trainer.accelerator"] == "cpu":
        count = 1
    own = None if count is None else count * nodes
    found = joined(run, own)
    is_own = count is not None and nodes != 1 and found == own
    return run.product("processes", count, nodes) if is_own else found


def limited(run: Settings, batches: int, limit: float) -> int:
    """As many batches as a whole ``limit`` says, or as a float the share of them."""
    kept = min(batches, limit) if isinstance(limit, int) else int(batches * limit)
    if kept == batches:
        return batches
    formula = f"min({batches}, {limit})" if isinstance(limit, int) else f"int({batches} * {limit})"
    return run.line("limited batches", formula, kept)


def warn_of_time(run: Settings) -> None:
    """Say of a ``max_time`` that it may end the run."""
    if run["trainer.max_time"]:
        run.warn("max-time", "the run may end before, when max_time is over", at="trainer.max_time")
