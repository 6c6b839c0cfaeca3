"""How many processes ``accelerate launch`` starts, by its options over those of its file.

Source: accelerate 1.15.0, ``commands/launch.py`` and ``utils/launch.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.world import DEVICES, product, visible_devices
from lrviz.notation.origin import Given

if TYPE_CHECKING:
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.word import Word

SWITCHES = (
    "quiet q cpu multi_gpu tpu enable_cpu_affinity dynamo_use_fullgraph dynamo_use_dynamic "
    "dynamo_use_regional_compilation use_deepspeed use_fsdp use_parallelism_config use_megatron_lm "
    "same_network m module no_python tpu_cluster no_tpu_cluster tpu_use_sudo downcast_bf16 "
    "fp8_use_autocast_during_eval debug use_xpu use_mps_device h help"
)
OF_WORLD = ("num_processes", "num_machines", "machine_rank", "main_process_ip", "main_process_port")
"""Its options that programs which launch themselves through it take, too."""
_SPREAD = ("multi_gpu", "use_fsdp", "use_deepspeed", "use_megatron_lm", "tpu")
_ALONE = ("NO", "False", "MULTI_CPU")


def processes(said: Said) -> Count:
    """The total over all machines, each with as many; one where nothing spreads it over GPUs."""
    if alone := _alone(said):
        return said.given(1, alone)
    if "config_file" in said.options and not {"distributed_type", "num_processes"} & said.options.keys():
        return None
    devices = visible_devices(said.env)
    visible = said.given(devices, (DEVICES, said.env[DEVICES])) if devices else None
    total = product(said, ("num_processes", None)) or visible or said.unknown("--num_processes")
    machines = product(said, ("num_machines", 1))
    if not isinstance(total, Given) or not isinstance(machines, Given):
        return total
    return total._replace(value=total.value // machines.value * machines.value or total.value)


def _alone(said: Said) -> tuple[str, Word] | None:
    """What makes it one process, whatever number stands beside it."""
    if said.find("mpirun_hostfile"):
        return None
    if found := said.find("cpu"):
        return found
    if any(name in said.options for name in _SPREAD):
        return None
    kind = said.find("distributed_type")
    if kind:
        return kind if kind[1].text in _ALONE else None
    is_one = visible_devices(said.env) == 1 and "config_file" not in said.options
    return (DEVICES, said.env[DEVICES]) if is_one else None
