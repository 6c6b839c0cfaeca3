"""The launchers, each with its options and the number of processes it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.launch import LSF, MPI, NOBODY, SLURM
from lrviz.inputs.foreign.shell import accelerate, deepspeed
from lrviz.inputs.foreign.shell.sbatch import gpus_of, variables_of
from lrviz.inputs.foreign.shell.world import Launcher, Own, product
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.numbers import digits

if TYPE_CHECKING:
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.word import Word

_NODES_OF_JOB = {"nodelist", "w"}
"""Options that choose nodes of a job, and say nothing of how many it runs on."""
_GPUS = {"SLURM_GPUS", "SLURM_GPUS_ON_NODE"}
"""By which a job, or a step of it with GPUs of its own, counts them."""


def torchrun(said: Said) -> Count:
    """Its processes on each of its nodes."""
    return product(said, ("nproc_per_node $PET_NPROC_PER_NODE", 1), ("nnodes $PET_NNODES", 1))


def _srun(said: Said) -> Count:
    """Its options, else what the job asked for; one task on each node where nothing says how many.

    Source: ``src/srun/opt.c`` of Slurm; nodes of its own do away with the tasks of a job that says how many
    each node has. ``gres.c`` there: so many of each GPU are all, where the GPUs are known.
    """
    if of_gpu := said.find("ntasks_per_gpu ntasks_per_tres"):
        return _tasks_of_gpus(said, *of_gpu)
    nodes = ("nodes N $SLURM_NNODES $SLURM_JOB_NUM_NODES", None)
    per_node = "ntasks_per_node $SLURM_NTASKS_PER_NODE"
    return (
        product(said, ("ntasks n", None))
        or product(said, ("nodes N", None), (per_node, None))
        or product(said, ("$SLURM_NTASKS $SLURM_NPROCS", None))
        or product(said, nodes, (per_node, 1))
        or product(said, ("$WORLD_SIZE", None))
        or said.unknown("--ntasks")
    )


def _tasks_of_gpus(said: Said, written: str, word: Word) -> Count:
    """So many for each GPU that it asks for, or that its job does; else its own number of them."""
    asked = variables_of(one for one in said.options.items() if one[0] not in _NODES_OF_JOB)
    others = _GPUS - asked.keys() if _GPUS & asked.keys() else ()
    gpus = gpus_of({name: one for name, one in {**said.env, **asked}.items() if name not in others})
    tasks = digits(word.text)
    if gpus is not None and tasks is not None:
        return said.given(gpus * tasks, (written, word))
    known = product(said, ("ntasks n", None)) if gpus is None else None
    return known or Unknown(f"srun {written.replace('_', '-')} {word.text}, without the number of its GPUs")


def _mpirun(said: Said) -> Count:
    """Its option, else the slots of its hosts, or the tasks of a job."""
    return (
        product(said, ("np n c num_proc", None))
        or _slots(said)
        or product(said, ("$SLURM_NTASKS $SLURM_NPROCS", None))
        or said.unknown("-np")
    )


def _slots(said: Said) -> Count:
    """Those of ``-H a:4,b:4``, one where a host says no number."""
    found = said.find("H host")
    hosts = found[1].text.split(",") if found and not isinstance(found[1].value, Unknown) else [":"]
    numbers = [digits(one.partition(":")[2] if ":" in one else "1") for one in hosts]
    known = [one for one in numbers if one is not None]
    return said.given(sum(known), found) if found and len(known) == len(hosts) else None


def _jsrun(said: Said) -> Count:
    """Its tasks, or those of each resource set."""
    return (
        product(said, ("np p", None))
        or product(said, ("nrs n", None), ("tasks_per_rs a", 1))
        or said.unknown("--np")
    )


def _flux(said: Said) -> Count:
    by_node = product(said, ("nodes N", None), ("tasks_per_node", 1))
    return product(said, ("ntasks n", None)) or by_node or product(said, ("ntasks n", 1))


def _ibrun(said: Said) -> Count:
    return product(said, ("n np $SLURM_NTASKS", None)) or said.unknown("-n")


def _pbsdsh(said: Said) -> Count:
    return product(said, ("c", None)) or said.unknown("-c")


def _colossalai(said: Said) -> Count:
    if said.find("host hostfile H") and not said.find("num_nodes"):
        return said.unknown("--num_nodes")
    return product(said, ("nproc_per_node", 1), ("num_nodes", 1))


def _fabric(said: Said) -> Count:
    return product(said, ("devices", 1), ("num_nodes", 1))


def _submitit(said: Said) -> Count:
    """A job of so many nodes; some scripts ask for one where none is said, others for two."""
    return product(said, ("nodes", None), ("ngpus", 8)) or said.unknown("--nodes")


def _xla_spawn(said: Said) -> Count:
    return product(said, ("num_cores", 1))


LAUNCHERS: dict[str, Launcher | Own] = {
    "torchrun": Launcher(
        torchrun, "standalone m module no_python run_path virtual_local_rank use_env h help"
    ),
    "accelerate launch": Launcher(accelerate.processes, accelerate.SWITCHES, config="config_file"),
    "aprun": Launcher(lambda said: product(said, ("pes n", 1)), "q b T h", tells=MPI),
    "deepspeed": Launcher(deepspeed.processes, deepspeed.SWITCHES, config=deepspeed.HOSTS),
    "colossalai run": Launcher(_colossalai, "m"),
    "fabric run": Launcher(_fabric),
    "flux run": Launcher(_flux, "exclusive x unbuffered u label_io l verbose v", tells=MPI, sets="env"),
    "horovodrun": Launcher(_mpirun, "gloo mpi verbose disable_cache check_build v", tells=NOBODY),
    "ibrun": Launcher(_ibrun, tells=MPI),
    "jsrun": Launcher(_jsrun, "i I immediate k X", tells=LSF),
    "mpirun": Launcher(
        _mpirun,
        "allow_run_as_root oversubscribe tag_output display_map display_allocation report_bindings q v "
        "use_hwthread_cpus nolocal quiet verbose l",
        pairs="mca gmca env genv",
        tells=MPI,
        sets="x env genv",
    ),
    "pbsdsh": Launcher(_pbsdsh, "s v u", tells=NOBODY),
    "run_with_submitit.py": Own(_submitit, ("nodes", "ngpus")),
    "sky launch": Launcher(
        lambda said: product(said, ("num_nodes", 1)), "y yes d detach_run s detach_setup down r fast async"
    ),
    "xla_spawn.py": Launcher(_xla_spawn, "h help"),
    "srun": Launcher(
        _srun,
        "exclusive label l unbuffered u verbose v quiet Q no_kill k overlap O overcommit s oversubscribe pty "
        "H hold X disable_status Z no_allocate E preserve_env exact interactive kill_on_bad_exit K",
        tells=SLURM,
        sets="export",
    ),
}
_SAME = (
    ("accelerate launch", ("accelerate-launch", "accelerate.commands.launch")),
    ("deepspeed", ("deepspeed.launcher.runner",)),
    ("fabric run", ("lightning run", "lightning.fabric run", "fabric run model", "lightning run model")),
    ("flux run", ("flux submit",)),
    ("mpirun", ("mpiexec", "mpiexec.hydra", "orterun", "prun", "prterun")),
    ("srun", ("yhrun",)),
    ("torchrun", ("torch.distributed.run", "torch.distributed.launch")),
)
LAUNCHERS |= {other: LAUNCHERS[name] for name, others in _SAME for other in others}
