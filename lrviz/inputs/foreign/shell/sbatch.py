"""What ``#SBATCH`` lines ask for, as the variables that Slurm then sets for the script.

Source: the manual page of sbatch 24.05, "OUTPUT ENVIRONMENT VARIABLES".
"""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.options import take_options
from lrviz.inputs.foreign.source import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DIRECTIVE = "#SBATCH"
_SWITCHES = "exclusive requeue no_requeue H hold Q quiet v verbose W wait O overcommit s oversubscribe"
_GPUS = re.compile(r"(?:gpu:)?(?:\w+:)?(\d+)")
_OF_GPUS = ("gpus_per_node", "gres")
_VARIABLES = {
    "ntasks n": ("SLURM_NTASKS", "SLURM_NPROCS"),
    "nodes N": ("SLURM_NNODES", "SLURM_JOB_NUM_NODES"),
    "ntasks_per_node": ("SLURM_NTASKS_PER_NODE",),
    " ".join(_OF_GPUS): ("SLURM_GPUS_ON_NODE",),
}


def allocated(text: str) -> Mapping[str, Word]:
    """The variables by their names; the last line that says one wins."""
    options = {name: value for words in _directives(text) for name, value in _options(words)}
    return {
        variable: value
        for names, variables in _VARIABLES.items()
        for name in names.split()
        if (value := options.get(name)) is not None
        for variable in variables
    }


def _directives(text: str) -> Iterator[tuple[Word, ...]]:
    """The words of each such line; sbatch stops at the first command."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            return
        if line.startswith(f"{_DIRECTIVE} "):
            with suppress(ValueError):  # a quote that is never closed
                words = shlex.split(line.removeprefix(_DIRECTIVE), comments=True)
                yield tuple(Word.of(word, number) for word in words)


def _options(words: tuple[Word, ...]) -> Iterator[tuple[str, Word]]:
    """The options of one line; GPUs without their kind, ``gpu:a100:4``."""
    for name, word in take_options(words, _SWITCHES)[0].items():
        gpus = _GPUS.fullmatch(word.text)
        if name not in _OF_GPUS:
            yield name, word
        elif gpus:
            yield name, Word.of(gpus[1], word.line)
