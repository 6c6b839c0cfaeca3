"""How torchtitan's TOML shares its processes and its batches out, which stops where neither comes out even.

Source: torchtitan 0.1.0 and 0.2.2, ``distributed/parallel_dims.py`` and ``train.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, whole

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_REPLICATE = "parallelism.data_parallel_replicate_degree"
_SHARD = "parallelism.data_parallel_shard_degree"
_OF_MODEL = tuple(f"parallelism.{one}_parallel_degree" for one in ("context", "tensor", "pipeline"))
_LOCAL, _GLOBAL = "training.local_batch_size", "training.global_batch_size"
SETTINGS = (
    *(Setting(name, whole, 1) for name in (_REPLICATE, *_OF_MODEL)),
    Setting(_SHARD, whole, -1),
    Setting(_LOCAL, whole, 8),
    Setting(_GLOBAL, whole, -1),
)


def check_processes(run: Settings) -> None:
    """Refuse degrees that are not all processes, and a global batch that is no multiple of theirs.

    Raises:
        ConfigError: torchtitan stops at them.

    """
    said = {name: run[name] for name in (_REPLICATE, *_OF_MODEL) if run.is_said(name)}
    wrong = next((name for name, degree in said.items() if degree < 1), None)
    if wrong:
        run.refuse(f"{wrong}={said[wrong]}: torchtitan stops below 1", at=wrong, instead=1)
    shard = run[_SHARD] if run.is_said(_SHARD) else -1
    if run.is_said("world_size"):
        shard = _shard(run, math.prod(said.values()), shard)
    if not _is_fault_tolerant(run) and run.is_said(_GLOBAL):
        _check_batch(run, said.get(_REPLICATE, 1) * max(shard, 1))


def _shard(run: Settings, others: int, shard: int) -> int:
    """What the processes are sharded over: the rest of them, where the file does not say."""
    world = run.ask("world_size")
    found = shard if shard > 0 else world // others
    if found * others != world:
        each = others * max(shard, 1)
        text = f"{world} processes are not the {each} of the parallel degrees: torchtitan stops"
        if shard < 0:
            text = (
                f"{world} processes are no multiple of the {each} of the parallel degrees: torchtitan stops"
            )
        run.refuse(text, hint=f"<world_size={each}>")
    return int(found)


def _check_batch(run: Settings, processes: int) -> None:
    """The global batch: whole local ones of all data-parallel processes, as far as these are known."""
    batch, each = run[_GLOBAL], run[_LOCAL] * processes
    if batch >= 0 and (each < 1 or batch % each or not batch):
        text = f"{_GLOBAL}={batch} is no multiple of {run[_LOCAL]} * {processes}, {_LOCAL} by processes"
        run.refuse(f"{text}: torchtitan stops", at=_GLOBAL, instead=max(batch // max(each, 1), 1) * each or 8)


def _is_fault_tolerant(run: Settings) -> bool:
    """Whether torchft decides how many processes there are."""
    return bool(run.raw("fault_tolerance", "enable") or run.raw("fault_tolerance.enable"))
