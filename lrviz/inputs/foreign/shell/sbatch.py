"""What ``#SBATCH`` lines ask for, as the variables that Slurm then sets for the script.

Source: the manual page of sbatch 24.05, "OUTPUT ENVIRONMENT VARIABLES", and ``env.c`` of Slurm.
"""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from math import prod
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.options import exported, take_options
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
_TASKS = ("SLURM_NTASKS", "SLURM_NPROCS")
_VARIABLES = {
    "ntasks n": _TASKS,
    "nodes N": ("SLURM_NNODES", "SLURM_JOB_NUM_NODES"),
    "ntasks_per_node": ("SLURM_NTASKS_PER_NODE",),
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


def with_tasks(env: Mapping[str, Word]) -> dict[str, Word]:
    """The variables of a job, and how many tasks it has: those of each node, where it says no more."""
    factors = [env.get("SLURM_NTASKS_PER_NODE"), env.get("SLURM_NNODES")]
    numbers = [number for one in factors if one and (number := digits(one.text)) is not None]
    is_told = len(numbers) == len(factors) and not any(name in env for name in _TASKS)
    return {**dict.fromkeys(_TASKS if is_told else (), Word.of(str(prod(numbers)))), **env}


def _directives(text: str) -> Iterator[tuple[Word, ...]]:
    """The words of each such line; sbatch stops at the first command."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            return
        if line.startswith(f"{_DIRECTIVE} "):
            with suppress(ValueError):  # a quote that is never closed
                words = shlex.split(line.removeprefix(_DIRECTIVE), comments=True)
                yield tuple(Word.of(word, number) for word in words)
