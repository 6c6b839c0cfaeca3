"""How NeMo-RL shares a batch out to its data-parallel processes, and stops where that is not even.

Source: NeMo-RL main of 2026-08, ``models/policy/lm_policy.py``, ``distributed/batched_data_dict.py``
(``shard_by_batch_size``) and the clusters that ``algorithms/grpo.py`` makes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, count, switch

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

BATCH = "policy.train_global_batch_size"
_GPUS, _NODES = "cluster.gpus_per_node", "cluster.num_nodes"
_SHARES = "policy.generation.colocated.enabled"
_OTHERS = "policy.generation.colocated.resources"
_MEGATRON = tuple(
    f"policy.megatron_cfg.{one}_parallel_size" for one in ("tensor_model", "pipeline_model", "context")
)
_TORCH = tuple(f"policy.dtensor_cfg.{one}_parallel_size" for one in ("tensor", "context"))
SETTINGS = (
    *(Setting(name, count, 1) for name in (_GPUS, _NODES, *_MEGATRON, *_TORCH)),
    *(Setting(f"{_OTHERS}.{one}", count, 1) for one in ("gpus_per_node", "num_nodes")),
    Setting(_SHARES, switch, default=True),
)
_TAKEN = (("env", "reward_model"), ("on_policy_distillation",))
"""Tables of models with GPUs of their own."""


def check_batch(run: Settings, samples: int, *, counted: int, is_megatron: bool) -> None:
    """Refuse samples of a step that are no whole batches, and a batch that is not shared out evenly.

    ``counted`` is what one of a batch is in rows: 2 for a pair.

    Raises:
        ConfigError: NeMo-RL stops there.

    """
    batch = run[BATCH]
    if samples % batch:
        text = f"{samples} samples of a step are no multiple of {BATCH}={batch}: NeMo-RL stops"
        run.refuse(text, hint=f"--given {BATCH}={math.gcd(samples, batch)}", at=BATCH)
    world = _processes(run)
    if world is None:
        return
    model = math.prod(run[name] for name in (_MEGATRON if is_megatron else _TORCH) if run.is_said(name))
    if world % model:
        text = f"{world} GPUs are no multiple of the {model} that share one model: NeMo-RL stops"
        run.refuse(text, hint=f"--given {_GPUS}={model}", at=_GPUS)
    if batch * counted % (world // model):
        rows = f"{BATCH}={batch}" + (f", {batch * counted} rows" if counted > 1 else "")
        text = f"{rows}, is no multiple of the {world // model} data-parallel processes: NeMo-RL stops"
        run.refuse(text, hint=f"--given {BATCH}={world // model}", at=BATCH)


def _processes(run: Settings) -> int | None:
    """The GPUs that train: those of all nodes, but what generates on its own; None where nobody says."""
    if not run.is_said(_GPUS) or any(run.raw(*path) for path in _TAKEN):
        return None
    gpus, nodes = run[_GPUS], run[_NODES]
    if not run[_SHARES]:
        if nodes == 1:
            gpus -= run[f"{_OTHERS}.gpus_per_node"]
        else:
            nodes -= run[f"{_OTHERS}.num_nodes"]
    return gpus * nodes if gpus > 0 and nodes > 0 else None
