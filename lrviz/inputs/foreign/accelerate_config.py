"""The launcher's own file of ``accelerate launch --config_file``, which says how many processes run.

Source: accelerate 1.15.0, ``commands/launch.py`` and ``utils/launch.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.beside import is_here
from lrviz.inputs.foreign.opening import open_beside
from lrviz.inputs.foreign.shell import accelerate
from lrviz.inputs.foreign.shell.world import Said
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.notation.numbers import digits
from lrviz.notation.origin import Given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.launch import Launch
    from lrviz.inputs.foreign.source import Source


SHARING = ("tp_size", "cp_size", "sp_size")
"""How many processes see the same rows, which they share out in another way."""
_SHARED = {f"parallelism_config_{name}": name for name in SHARING}
_ACCUMULATION = "gradient_accumulation_steps"


def with_launcher_config(source: Source) -> Source:
    """A command with what the launcher's file says where it says nothing itself.

    The file may name DeepSpeed's own, and say how many processes share their rows; so may the launcher's
    options.

    Raises:
        ConfigError: the file cannot be read.

    """
    launch = source.launch
    if not launch.config:
        return _with_handed(source, launch, _handed_on(launch.options))
    if not is_here(source, launch.config):
        return _without(source, launch)
    config = open_beside(source, launch.config)
    paths = dict(_paths(config.data))
    options = {name: _word(value) for name, (_, value) in paths.items()}
    options = {**options, "distributed_type": options.get("distributed_type", Word(())), **launch.options}
    places = {name: config.place(path) for name, (path, _) in paths.items() if name not in launch.options}
    world = accelerate.processes(Said("accelerate launch", options, launch.variables, source.name, places))
    files = (*source.files, config.name, *config.files)
    launch = launch._replace(world=_asked(world, launch))
    return replace(_with_handed(source, launch, _handed_on(options)), files=files)


def _without(source: Source, launch: Launch) -> Source:
    """Where its file is not here: the processes are asked for, and what it may set beside them is said."""
    if not isinstance(launch.world, Given):
        launch = launch._replace(world=Unknown(f"{launch.config} is not there"))
    text = f"{launch.config} is not there: an engine and its accumulation that it may set are not read"
    return _with_handed(replace(source, assumed=(*source.assumed, text)), launch, _handed_on(launch.options))


def _with_handed(source: Source, launch: Launch, handed: dict[str, Any]) -> Source:
    return replace(source, launch=launch._replace(handed=handed), data={**handed, **source.data})


def _word(value: object) -> Word:
    return Word((value,)) if isinstance(value, Unknown) else Word.of(str(value))


def _paths(data: Mapping[str, object]) -> Iterator[tuple[str, tuple[KeyPath, Any]]]:
    """Its values by the names of options: those of a table stand there without its name."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from ((key, ((name, key), one)) for key, one in value.items() if one is not None)
        elif value is not None:
            yield name, ((name,), value)


def _asked(world: Given | Unknown | None, launch: Launch) -> Given | Unknown | None:
    return Unknown(f"{launch.config} without num_processes") if isinstance(world, Unknown) else world


def _handed_on(options: Mapping[str, Word]) -> dict[str, Any]:
    """What the launcher hands on to the program, by the names that it has there."""
    found = {name: options[key].value for key, name in _SHARED.items() if key in options}
    kind = options.get("distributed_type", Word(())).text
    if "use_deepspeed" not in options and kind != "DEEPSPEED":
        return found
    if "deepspeed_config_file" in options:
        return {**found, "deepspeed": options["deepspeed_config_file"].text}
    steps = digits(options.get(_ACCUMULATION, Word(())).text)
    return {**found, **({} if steps is None else {"deepspeed": {_ACCUMULATION: steps}})}
