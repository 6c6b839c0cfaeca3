"""How many processes a launcher starts, by its options and the environment."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.source import Unknown, Word
from lrviz.notation.origin import Given, Origin, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Count = Given | Unknown | None
DEVICES = "CUDA_VISIBLE_DEVICES"
_WHOLE = re.compile(r"\d{1,9}")


class Said(NamedTuple):
    """A launcher with its options, their dashes underscores, and the variables it sees."""

    launcher: str
    options: Mapping[str, Word]
    env: Mapping[str, Word]
    file: str

    def find(self, names: str) -> tuple[str, Word] | None:
        """The first of these options, or of these variables, which have a ``$``."""
        for name in names.split():
            if name.startswith("$"):
                if name[1:] in self.env:
                    return name[1:], self.env[name[1:]]
            elif name in self.options:
                return f"{'--' if name[1:] else '-'}{name}", self.options[name]
        return None

    def given(self, number: int, written: str, word: Word) -> Given:
        """A number of processes, by one option."""
        text = f"{self.launcher} {written} {word.text}"
        return Given(number, Origin("file", text, Place(self.file, word.line)))

    def unknown(self, lacking: str) -> Unknown:
        """What is to be known of the machine."""
        return Unknown(f"{self.launcher} without {lacking}")


class Launcher(NamedTuple):
    """The options without a value, and those with two; every other takes one."""

    processes: Callable[[Said], Count]
    switches: str = ""
    pairs: str = ""
    config: str = ""  # the option that names a file of the launcher's own


def product(said: Said, *factors: tuple[str, int | None]) -> Count:
    """The product of options, each with its default; None where one without a default is absent."""
    found = [said.find(names) for names, _ in factors]
    numbers = [
        default if one is None else _number(said, *one)
        for one, (_, default) in zip(found, factors, strict=True)
    ]
    if None in numbers:
        return None
    unknown = [number for number in numbers if isinstance(number, Unknown)]
    if unknown:
        names = dict.fromkeys(name for one in unknown for name in one.names)
        return Unknown(", ".join(one.why for one in unknown), tuple(names))
    words = [one for one in found if one]
    text = " ".join([said.launcher, *(f"{written} {word.text}" for written, word in words)])
    place = Place(said.file, words[0][1].line if words else 0)
    total = math.prod(number for number in numbers if isinstance(number, int))
    return Given(total, Origin("file", text, place) if words else Origin("trainer", said.launcher))


def _number(said: Said, written: str, word: Word) -> int | Unknown:
    value = word.value
    if isinstance(value, Unknown):
        return Unknown(f"{written} {value.why}", value.names)
    least, _, most = value.partition(":")
    if _WHOLE.fullmatch(least) and most in {"", least} and int(least):
        return int(least)
    if value in {"gpu", "auto"} and (devices := visible_devices(said.env)):
        return devices
    return Unknown(f"{written} {value}")


def visible_devices(env: Mapping[str, Word]) -> int | None:
    """How many GPUs are made visible, None where nothing is said."""
    return count_devices(env[DEVICES].value) if DEVICES in env else None


def count_devices(value: object) -> int | None:
    """How many GPUs ``0,1`` makes visible, None where it is nothing or unknown."""
    if not isinstance(value, str) or not value.strip(", "):
        return None
    return len([one for one in value.split(",") if one.strip()])


def _torchrun(said: Said) -> Count:
    return product(said, ("nproc_per_node $PET_NPROC_PER_NODE", 1), ("nnodes $PET_NNODES", 1))


def _accelerate(said: Said) -> Count:
    if "config_file" in said.options and "num_processes" not in said.options:
        return None
    return product(said, ("num_processes", None)) or said.unknown("--num_processes")


def _deepspeed(said: Said) -> Count:
    if found := said.find("include i"):
        return _included(said, *found)
    nodes = said.find("num_nodes")
    if said.find("num_gpus num_accelerators"):
        if nodes is None and said.find("hostfile H"):
            return said.unknown("--num_nodes")
        return product(said, ("num_gpus num_accelerators", None), ("num_nodes", 1))
    devices = visible_devices(said.env)
    if nodes is None and not said.find("hostfile H") and devices:
        return said.given(devices, DEVICES, said.env[DEVICES])
    return said.unknown("--num_gpus")


def _included(said: Said, written: str, word: Word) -> Count:
    """``host1:0,1@host2:2``: devices of hosts; a host alone is all of its devices."""
    value = word.value
    if isinstance(value, Unknown):
        return Unknown(f"{written} {value.why}", value.names)
    slots = [slot for host in value.split("@") for slot in host.partition(":")[2].split(",")]
    if not all(map(_WHOLE.fullmatch, slots)):
        return Unknown(f"{written} {value}")
    return said.given(len(slots), written, word)


def _srun(said: Said) -> Count:
    """Its options, else what the job asked for; one task on each node where nothing says how many."""
    nodes = ("nodes N $SLURM_NNODES $SLURM_JOB_NUM_NODES", None)
    return (
        product(said, ("ntasks n $SLURM_NTASKS $SLURM_NPROCS", None))
        or product(said, nodes, ("ntasks_per_node $SLURM_NTASKS_PER_NODE", 1))
        or product(said, ("$WORLD_SIZE", None))
        or said.unknown("--ntasks")
    )


def _mpirun(said: Said) -> Count:
    return product(said, ("np n c num_proc", None))


def _composer(said: Said) -> Count:
    return product(said, ("world_size", None)) or product(said, ("nproc n", None)) or said.unknown("--nproc")


def _colossalai(said: Said) -> Count:
    if said.find("host hostfile H") and not said.find("num_nodes"):
        return said.unknown("--num_nodes")
    return product(said, ("nproc_per_node", 1), ("num_nodes", 1))


def _fabric(said: Said) -> Count:
    return product(said, ("devices", 1), ("num_nodes", 1))


def _paddle(said: Said) -> Count:
    """The cards that are named; without them it takes all there are."""
    found = said.find("gpus devices xpus npus")
    number = found and count_devices(found[1].value)
    return said.given(number, *found) if found and number else said.unknown("--gpus")


LAUNCHERS = {
    "torchrun": Launcher(
        _torchrun, "standalone m module no_python run_path virtual_local_rank use_env h help"
    ),
    "accelerate launch": Launcher(
        _accelerate,
        "quiet q cpu multi_gpu tpu enable_cpu_affinity dynamo_use_fullgraph dynamo_use_dynamic "
        "dynamo_use_regional_compilation use_deepspeed use_fsdp use_parallelism_config use_megatron_lm "
        "same_network m module no_python tpu_cluster no_tpu_cluster tpu_use_sudo downcast_bf16 "
        "fp8_use_autocast_during_eval debug use_xpu use_mps_device h help",
        config="config_file",
    ),
    "deepspeed": Launcher(
        _deepspeed,
        "module no_python no_local_rank no_ssh no_ssh_check force_multi save_pid bind_cores_to_rank q quiet "
        "h help",
    ),
    "composer": Launcher(_composer, "v verbose m module_mode c command_mode version h help"),
    "colossalai run": Launcher(_colossalai, "m"),
    "fabric run": Launcher(_fabric),
    "horovodrun": Launcher(_mpirun, "gloo mpi verbose disable_cache check_build v"),
    "mpirun": Launcher(
        _mpirun,
        "allow_run_as_root oversubscribe tag_output display_map display_allocation report_bindings q v "
        "use_hwthread_cpus nolocal quiet verbose l",
        pairs="mca gmca env genv",
    ),
    "srun": Launcher(
        _srun,
        "exclusive label l unbuffered u verbose v quiet Q no_kill k overlap O overcommit s oversubscribe pty "
        "H hold X disable_status Z no_allocate E preserve_env exact interactive kill_on_bad_exit K",
    ),
}
LAUNCHERS["paddle.distributed.launch"] = Launcher(_paddle)
LAUNCHERS["mpiexec"] = LAUNCHERS["mpirun"]
LAUNCHERS["mpiexec.hydra"] = LAUNCHERS["mpirun"]
LAUNCHERS["torch.distributed.run"] = LAUNCHERS["torchrun"]
LAUNCHERS["torch.distributed.launch"] = LAUNCHERS["torchrun"]
LAUNCHERS["accelerate.commands.launch"] = LAUNCHERS["accelerate launch"]
LAUNCHERS["accelerate-launch"] = LAUNCHERS["accelerate launch"]
LAUNCHERS["deepspeed.launcher.runner"] = LAUNCHERS["deepspeed"]


class Own(NamedTuple):
    """A program that starts its own processes; those of its options that are the launcher's."""

    processes: Callable[[Said], Count]
    options: Sequence[str] = ()
    config: str = ""


_TRL_CONFIGS = {"single_gpu": 1} | dict.fromkeys(
    ("fsdp1", "fsdp2", "multi_gpu", "zero1", "zero2", "zero3"), 8
)


def _trl(said: Said) -> Count:
    found = said.find("accelerate_config")
    if not found or said.find("num_processes"):
        return product(said, ("num_processes", None)) or said.unknown("--num_processes")
    number = _TRL_CONFIGS.get(found[1].text)
    return None if number is None else said.given(number, *found)


def _by_node(said: Said) -> Count:
    return product(said, ("$NPROC_PER_NODE", visible_devices(said.env)), ("$NNODES", 1))


def _llamafactory(said: Said) -> Count:
    return _by_node(said) or said.unknown("NPROC_PER_NODE")


def _swift(said: Said) -> Count:
    """Under ``torchrun`` only where one of the two is set."""
    return product(said, ("$NPROC_PER_NODE", 1), ("$NNODES", 1))


def _submitit(said: Said) -> Count:
    """A job of so many nodes; some scripts ask for one where none is said, others for two."""
    return product(said, ("nodes", None), ("ngpus", 8)) or said.unknown("--nodes")


_ACCELERATE = ("num_processes", "num_machines", "machine_rank", "main_process_ip", "main_process_port")
_RENDEZVOUS = (
    *("nproc_per_node", "nnodes", "node_rank", "master_addr", "master_port"),
    *("rdzv_backend", "rdzv_endpoint", "rdzv_id", "rdzv_conf", "max_restarts"),
)
OWN = {
    "trl": Own(_trl, (*_ACCELERATE, "accelerate_config"), config="accelerate_config"),
    "axolotl": Own(_accelerate, (*_ACCELERATE, "launcher")),
    "llamafactory-cli": Own(_llamafactory),
    "lmf": Own(_llamafactory),
    "swift": Own(_swift),
    "tune": Own(_torchrun, _RENDEZVOUS),
    "run_with_submitit.py": Own(_submitit, ("nodes", "ngpus")),
}
OWN |= dict.fromkeys(
    ("submitit_pretrain.py", "submitit_finetune.py", "submitit_linprobe.py"),
    Own(lambda said: product(said, ("nodes", 2), ("ngpus", 8)), ("nodes", "ngpus")),
)
