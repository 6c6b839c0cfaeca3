"""Lightning's Trainer, which NeMo's configs hold too: its processes, and the batches that it is limited to.

Source: lightning 2.6.6 ``pytorch/trainer/connectors/accelerator_connector.py`` and
``pytorch/loops/fit_loop.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.key_paths import leaves, value_at
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


def check_printed(run: Settings) -> None:
    """Refuse ``--print_config``, which prints the config and ends.

    Raises:
        ConfigError: it is said.

    """
    said = (key for key in run.source.data if key.rpartition(".")[2] == "print_config")
    if run.source.language == "command" and (key := next(said, "")):
        place = run.source.place((key,))
        hint = f"leave {place.key or key} out"
        raise ConfigError(f"{place._replace(key='')}: {key} prints the config and trains nothing", hint=hint)


def check_validation(run: Settings, batches: int) -> None:
    """Refuse a validation after more batches than an epoch has, unless it counts those of all epochs.

    There is none where ``limit_val_batches`` is 0, in whose place ``overfit_batches`` counts.

    Raises:
        ConfigError: it is after more.

    """
    name = "trainer.val_check_interval"
    if not run.is_said(name) or run["trainer.fast_dev_run"]:
        return
    each, counts_all = run[name], _is_null(run, "trainer.check_val_every_n_epoch")
    is_whole = isinstance(each, int) and not isinstance(each, bool)
    validates = run["trainer.overfit_batches"] or run["trainer.limit_val_batches"]
    if is_whole and each > batches and not counts_all and validates:
        text = f"{name}={each} is more than the {batches} batches of an epoch: Lightning stops"
        run.refuse(text, at=name, instead=batches)


def _is_null(run: Settings, name: str) -> bool:
    """Whether the first that says a setting says ``null``."""
    for source in run.sources:
        for key in leaves(source.data):
            if key.endswith(name):
                path = (key,) if key in source.data else tuple(key.split("."))
                return value_at(source.data, path) is None
    return False


def warn_of_time(run: Settings) -> None:
    """Say of a ``max_time`` that it may end the run."""
    if run["trainer.max_time"]:
        run.warn("max-time", "the run may end before, when max_time is over", at="trainer.max_time")
