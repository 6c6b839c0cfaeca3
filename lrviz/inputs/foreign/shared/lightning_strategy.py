"""The strategy of Lightning's Trainer: into how many parts it divides the data, and whose scheduler it steps.

Source: lightning 2.6.6 ``pytorch/trainer/connectors/data_connector.py``, and of ``pytorch/strategies`` what
``distributed_sampler_kwargs`` of each says, ``model_parallel.py`` and ``deepspeed.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.beside import is_here
from lrviz.inputs.foreign.opening import open_beside
from lrviz.inputs.foreign.setting import Raw, Setting, literal, switch, text
from lrviz.inputs.foreign.shared import lightning_trainer
from lrviz.inputs.foreign.shared.fabric_world import joined
from lrviz.inputs.foreign.shared.lightning_trainer import processes
from lrviz.plan.arithmetic import ceil_div, dataloader_len
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_ALONE = {"single_device", "single_xla", "single_tpu", "SingleDeviceStrategy", "SingleDeviceXLAStrategy"}
"""One process, whatever ``devices`` say."""
_WHOLE = {"auto", "xla", "xla_debug", "DDPStrategy", "DeepSpeedStrategy", "FSDPStrategy", "XLAStrategy"}
_FAMILIES = ("ddp", "deepspeed", "fsdp")
"""Those, and all whose names begin so: a share for each process."""
_MODULES = ("", "lightning", "pytorch_lightning")
_NAME = "trainer.strategy.class_path"
_SAMPLER = "trainer.use_distributed_sampler"
_OF_DATA, _OF_TENSORS, _CONFIG = (
    f"trainer.strategy.init_args.{word}" for word in ("data_parallel_size", "tensor_parallel_size", "config")
)


def _size(raw: Raw) -> int | None:
    """A number, or None for ``auto``.

    Raises:
        Unfit: it is neither.

    """
    found = literal(raw)
    if found == "auto":
        return None
    if not isinstance(found, int) or found < 1:
        raise Unfit
    return found


SETTINGS = (
    *lightning_trainer.SETTINGS,
    Setting(_NAME, text, "auto", aliases=("trainer.strategy._target_", "trainer.strategy")),
    Setting(_OF_DATA, _size, aliases=("trainer.strategy.data_parallel_size",)),
    Setting(_OF_TENSORS, _size, aliases=("trainer.strategy.tensor_parallel_size",)),
    Setting(_CONFIG, literal, aliases=("trainer.strategy.config",)),
    Setting(_SAMPLER, switch, default=True),
)


def shares(run: Settings) -> int | None:
    """Into how many parts the data are divided; None where the machine decides."""
    module, _, name = run[_NAME].rpartition(".")
    is_lightnings = module.partition(".")[0] in _MODULES
    if is_lightnings and name in _ALONE:
        return joined(run, 1)
    world = processes(run)
    if is_lightnings and name == "ModelParallelStrategy":
        return _of_mesh(run, world)
    if not is_lightnings or not (name in _WHOLE or name.startswith(_FAMILIES)):
        run.warn(
            "own-strategy",
            f"the strategy {run[_NAME]} is not read: it is taken to give each process a share of the data",
            hint="<batches_per_epoch=1000> where it divides them in another way",
            at=_NAME,
        )
    return world


def _of_mesh(run: Settings, world: int | None) -> int | None:
    """The groups of its mesh, within which all processes have the same batches."""
    nodes, groups, within = run["trainer.num_nodes"], run[_OF_DATA], run[_OF_TENSORS]
    groups = nodes if groups is None else groups
    if world is None:
        return int(groups)
    within = world // nodes if within is None else within
    if groups * within != world:
        run.refuse(
            f"data_parallel_size {groups} times tensor_parallel_size {within} are not all {world} processes: "
            "it stops",
            hint=f"<world_size={groups * within}>",
            at=_OF_DATA if run.is_said(_OF_DATA) else _OF_TENSORS,
        )
    return run.line("data-parallel size", f"{world} / {within}", groups)


def needed(run: Settings, batch: str, parts: int | None) -> list[str]:
    """What the batches of a process follow from: their number itself where only the data module knows it."""
    if not _has_sampler(run, parts) and not run.is_said("dataset_len"):
        run.explain("batches_per_epoch", "how many batches a process has, which its data module decides")
        return ["batches_per_epoch"]
    return ["dataset_len", batch, *["trainer.devices"] * (parts is None)]


def divided_batches(run: Settings, batch: str, parts: int | None, *, drops: bool) -> int:
    """Batches of a process: those of its part, unless Lightning is told to have no sampler divide the data.

    Raises:
        ConfigError: it is told so, and all or a part may be meant.

    """
    n, size, *_ = run.ask(*needed(run, batch, parts))
    parts, size = parts or 1, max(size, 1)
    if not _has_sampler(run, parts):
        whole, part = (dataloader_len(many, size, drop_last=drops) for many in (n, ceil_div(n, parts)))
        run.refuse(
            f"use_distributed_sampler is false: each of {parts} processes has all {n} samples, "
            "unless its data module divides them",
            hint=f"<batches_per_epoch={whole}>, or <batches_per_epoch={part}> where it does",
            at=_SAMPLER,
        )
    return run.sampled_batches(n, parts, size, drops=drops)


def _has_sampler(run: Settings, parts: int | None) -> bool:
    return parts == 1 or bool(run[_SAMPLER])


def check_deepspeed(run: Settings) -> None:
    """DeepSpeed takes the optimizer and the scheduler of its own config before those of the module.

    Raises:
        ConfigError: it has one.

    """
    table = run[_CONFIG] if "deepspeed" in run[_NAME].lower() else None
    if isinstance(table, str) and is_here(run.source, table):
        table = open_beside(run.source, table).data
    own = [word for word in ("optimizer", "scheduler") if isinstance(table, dict) and word in table]
    if own:
        run.refuse(
            f"the config of DeepSpeed has its own {' and '.join(own)}, which trains in place of the one here",
            hint="give that config, or take it out of it",
            at=_CONFIG,
        )
    if isinstance(table, str):
        text = f"{table} is not here: an optimizer or scheduler in it takes the place of the one here"
        run.warn("unread-config", text, at=_CONFIG)
