"""How many processes OpenMMLab's own launchers start: ``dist_train.sh``, ``slurm_train.sh``, ``mim train``.

Source: ``tools/`` of mmdet 3.3.0, mmpretrain 1.2.0 and mmseg 1.2.2; openmim 0.3.9 ``mim train``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.launch import IMAGE, MPI, SLURM, TORCH
from lrviz.inputs.foreign.shared import followed_scripts
from lrviz.inputs.foreign.shared.mmengine_optimizers import of_one
from lrviz.inputs.foreign.shared.mmengine_scripts import with_opened, with_script_lines
from lrviz.inputs.foreign.shared.mmengine_words import SWITCHES, stands_last, words_first
from lrviz.inputs.foreign.shell import cfg_options
from lrviz.inputs.foreign.shell.argv import read_options
from lrviz.inputs.foreign.shell.command import with_switches
from lrviz.inputs.foreign.shell.world import Said, product
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.notation.origin import Given, Origin

if TYPE_CHECKING:
    from lrviz.inputs.foreign.shell.world import Count
    from lrviz.inputs.foreign.source import Source

SCRIPTS = (*cfg_options.LAUNCHING, "mim")
APART = f"{followed_scripts.APART}, each the whole run"
LAUNCHERS = ("none", "pytorch", "slurm", "mpi")
ASKS = {"pytorch": {TORCH, IMAGE}, "slurm": {SLURM, IMAGE}, "mpi": {MPI}}
RESUMES = ("resume", "resume_from")
_BEGUN = re.compile(r"cfg_o|auto_s")
_SCALING = "auto_scale_lr"
_NONE = "none"
_CONFIG = ".py"


def names_config(source: Source) -> bool:
    """Whether a command is one of OpenMMLab's, by its launcher or its options."""
    signs = (
        source.script in SCRIPTS,
        any(_BEGUN.match(name) for name in source.data),
        any(source.data.get(name) in LAUNCHERS for name in ("launcher", "launche", "launch")),
        any(str(source.data.get(name)).endswith(_CONFIG) for name in SWITCHES),  # what no switch takes
        source.language == "command" and stands_last(source),
    )
    return any(signs) and any(Path(word.text).suffix == _CONFIG for word in source.argv)


def way(tells: str) -> str:
    """The option that looks for the variables of a launcher."""
    kind = next((name for name, those in ASKS.items() if tells in those), "pytorch")
    return f"--launcher {kind} behind the config"


def read_words(source: Source) -> Source:
    """The command with its config, and the number of processes that are one run."""
    source = words_first(source)
    read = with_switches(source, SWITCHES)
    words = read_options(source.argv, SWITCHES).words
    options = {key: Word((value,)) for key, value in read.data.items() if isinstance(value, (str, Unknown))}
    if source.script == "dist_train.sh" and words[1:]:
        options["gpus"] = words[1]
    said = Said(source.script, options, read.launch.variables, read.name)
    configs = tuple(word for word in read.words[1:] if Path(word).suffix.lower() == _CONFIG)
    launch = read.launch._replace(world=_world(said, read.launch.world))
    return replace(read, launch=launch, beneath=configs)


def merged(layers: list[Source]) -> list[Source]:
    """The command over its config, with the scaling that ``--auto-scale-lr`` switches on there."""
    read, *rest = cfg_options.merged(with_opened(layers))
    read = with_script_lines(read, layers)
    first = _with_resume(of_one(read), layers[0])
    if not layers[0].data.get(_SCALING) or first.language != "command":
        return [first, *rest]
    found = first.data.get(_SCALING)
    table = {**(found if isinstance(found, dict) else {}), "enable": True}
    place = layers[0].place((_SCALING,))
    places = {**first.places, (_SCALING, "enable"): place}
    return [replace(first, data={**first.data, _SCALING: table}, places=places), *rest]


def _with_resume(config: Source, command: Source) -> Source:
    """The config with ``--resume``, which is a key of it too."""
    said = {key: command.data[key] for key in RESUMES if key in command.data}
    return config.saying(said) if command.language == "command" else config


def _world(said: Said, launched: Count) -> Count:
    """The processes that train together: a launching script counts them, ``--launcher none`` is one."""
    if said.launcher == "dist_train.sh":
        return product(said, ("gpus", None), ("$NNODES", 1)) or said.unknown("a number of GPUs")
    if said.launcher == "slurm_train.sh":
        return product(said, ("$GPUS", 8))
    launcher = said.find("launcher l")
    if launcher is None or launcher[1].text == _NONE:
        several = isinstance(launched, Given) and launched.value > 1 and launched
        return Given(1, Origin("derived", f"{several.value} {APART}" if several else "no --launcher"))
    if said.launcher == "mim":
        return product(said, ("gpus G", 1))
    return launched or Unknown(f"--launcher {launcher[1].text}")
