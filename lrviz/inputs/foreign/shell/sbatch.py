"""What ``#SBATCH`` lines ask for, as the variables that Slurm then sets for the script.

Source: the manual page of sbatch 24.05, "OUTPUT ENVIRONMENT VARIABLES", ``env.c`` and ``opt.c`` of Slurm.
"""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from math import prod
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.options import exported, take_options
from lrviz.inputs.foreign.shell.slurm_lists import nodes_in, single_task
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.notation.numbers import digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DIRECTIVE = "#SBATCH"
SWITCHES = (
    "parsable exclusive requeue no_requeue H hold Q quiet v verbose W wait O overcommit s oversubscribe"
)
_GPUS = {
    "gpus_per_node": re.compile(r"(?:[^:,]+:)?(\d+)"),
    "gres": re.compile(r"(?:.*,)?gpu:(?:[^:,]+:)?(\d+)(?:,.*)?"),
}
_COUNTED = re.compile(r"(?:[^:,]+:)?(\d+)(?:,(?:[^:,]+:)?(\d+))*")
_TASKS = ("SLURM_NTASKS", "SLURM_NPROCS")
_VARIABLES = {
    "ntasks n": _TASKS,
    "nodes N": ("SLURM_NNODES", "SLURM_JOB_NUM_NODES"),
    "ntasks_per_node": ("SLURM_NTASKS_PER_NODE",),
    "ntasks_per_gpu": ("SLURM_NTASKS_PER_GPU",),
    "ntasks_per_tres": ("SLURM_NTASKS_PER_TRES",),
    "gpus G": ("SLURM_GPUS",),
    "gpus_per_task": ("SLURM_GPUS_PER_TASK",),
    " ".join(_GPUS): ("SLURM_GPUS_ON_NODE",),
}


def allocated(text: str) -> dict[str, Word]:
    """The variables by their names; the last line that says one wins."""
    return variables_of(
        pair for words in _directives(text) for pair in take_options(words, SWITCHES)[0].items()
    )


def variables_of(said: Iterable[tuple[str, Word]]) -> dict[str, Word]:
    """The variables that options make, those of sbatch itself too; GPUs have no kind, ``gpu:a100:4``."""
    options = dict(said)
    found = exported(options.pop("export", Word(())))
    options |= _nodes_listed(options)
    if task := single_task(_said(options, "array a").text):
        found["SLURM_ARRAY_TASK_ID"] = Word.of(task)
    found |= {"SLURM_GPUS_PER_NODE": options["gpus_per_node"]} if "gpus_per_node" in options else {}
    for name, kinds in _GPUS.items():
        gpus = kinds.fullmatch(options.pop(name, Word(())).text)
        options |= {name: Word.of(gpus[1])} if gpus else {}
    return found | {
        variable: value
        for names, variables in _VARIABLES.items()
        for name in names.split()
        if (value := options.get(name)) is not None
        for variable in variables
    }


def _nodes_listed(options: Mapping[str, Word]) -> dict[str, Word]:
    """A job has all nodes that it lists, and more where it asks for more."""
    listed = nodes_in(_said(options, "nodelist w").text)
    asked = digits(_said(options, "nodes N").text)
    if listed is None or (asked is None and options.keys() & {"nodes", "N", "ntasks", "n"}):
        return {}
    return dict.fromkeys(options.keys() & {"nodes", "N"} or {"nodes"}, Word.of(str(max(listed, asked or 0))))


def _said(options: Mapping[str, Word], names: str) -> Word:
    return next((options[name] for name in names.split() if name in options), Word(()))


def with_tasks(env: Mapping[str, Word]) -> dict[str, Word]:
    """The variables of a job, and how many tasks it has, where it says that otherwise.

    Source: ``gres.c`` and ``env.c`` of Slurm 26.11: so many of each GPU that it asks for, whatever else it
    says; else of each node, or one for each share of its GPUs.
    """
    of_gpu = env.get("SLURM_NTASKS_PER_TRES", env.get("SLURM_NTASKS_PER_GPU"))
    if of_gpu is not None and (gpus := gpus_of(env)) is not None:
        return {**env, **dict.fromkeys(_TASKS, _product(of_gpu, gpus))}
    tasks = None if any(name in env for name in _TASKS) else _tasks_said(env)
    return {**dict.fromkeys(_TASKS if tasks is not None else (), tasks or Word(())), **env}


def _tasks_said(env: Mapping[str, Word]) -> Word | None:
    """Those of a job that says neither their number nor that of each GPU; None where it says nothing."""
    if factors := _numbers(env, "SLURM_NTASKS_PER_NODE", "SLURM_NNODES"):
        return Word.of(str(prod(factors)))
    if shares := _numbers(env, "SLURM_GPUS", "SLURM_GPUS_PER_TASK"):
        gpus, share = shares
        is_sure = "SLURM_NNODES" not in env and share and not gpus % share
        return (
            Word.of(str(gpus // share)) if is_sure else Word((Unknown("--gpus-per-task without --ntasks"),))
        )
    return None


def _product(of_gpu: Word, gpus: int) -> Word:
    tasks = digits(of_gpu.text)
    if tasks is None:
        return Word((Unknown(f"--ntasks-per-gpu {of_gpu.text}"),))
    return Word.of(str(tasks * gpus), of_gpu.line)


def gpus_of(env: Mapping[str, Word]) -> int | None:
    """The GPUs of a job: those that it asks for in all, or on each of its nodes, one where it says none."""
    if all_of_them := _numbers(env, "SLURM_GPUS"):
        return all_of_them[0]
    nodes = env.get("SLURM_NNODES", Word.of("1"))
    found = _numbers({**env, "SLURM_NNODES": nodes}, "SLURM_GPUS_ON_NODE", "SLURM_NNODES")
    return prod(found) if found else None


def _numbers(env: Mapping[str, Word], *names: str) -> list[int]:
    """What these variables count, GPUs of several kinds together; nothing where one is not known."""
    texts = [env[name].text for name in names if name in env]
    if len(texts) < len(names) or not all(map(_COUNTED.fullmatch, texts)):
        return []
    return [sum(int(one.rpartition(":")[2]) for one in text.split(",")) for text in texts]


def _directives(text: str) -> Iterator[tuple[Word, ...]]:
    """The words of each such line; sbatch stops at the first command."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            return
        if line.startswith(f"{_DIRECTIVE} "):
            with suppress(ValueError):  # a quote that is never closed
                words = shlex.split(line.removeprefix(_DIRECTIVE), comments=True)
                yield tuple(Word.of(word, number) for word in words)
