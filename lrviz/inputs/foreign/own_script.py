"""A script that a command starts and that parses its own options: whether it uses a trainer."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.environment import Environment
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.python.environment_values import with_variables
from lrviz.inputs.foreign.python.python_fields import OF_TRAINERS, PARSERS, parsed_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer


_TRAINING = ("Trainer", "TrainingArguments")
"""What a class ends in that trains, or is told how; a config may be a model's: ``LoraConfig``."""
_PARSING = frozenset(
    (
        "fire",
        "click",
        "typer",
        "hydra",
        "tyro",
        "absl",
        "argparse",
        "simple_parsing",
        "exec",
        "globals",
        "argv",
    )
)
"""What sets names of a script by its command."""


def own_names(command: Source) -> frozenset[str]:
    """The names in a script that is here and has an argparse of its own; of any other nothing.

    Where a trainer's parser makes the options, or another module, its names tell nothing of who trains.
    """
    found = _started(command)
    if found is None:
        return frozenset()
    names = frozenset(_names(found[1]))
    is_own = "add_argument" in names or is_of_constants(names)
    return names if is_own and not names & PARSERS else frozenset()


def is_of_constants(names: frozenset[str]) -> bool:
    """Whether a script has a loop by accelerate and its numbers in its own lines: no parser, no Trainer."""
    is_other = any(map(_is_of_trainer, names)) or not names.isdisjoint(_PARSING)
    return "Accelerator" in names and not is_other


def _is_of_trainer(name: str) -> bool:
    return name.endswith(_TRAINING) or OF_TRAINERS.search(name) is not None


def has_no_parser(command: Source) -> bool:
    """Whether a command's script has such a loop, and no line of it is known to read an option."""
    names = own_names(command)
    return "add_argument" not in names and is_of_constants(names)


def loop_of(command: Source) -> tuple[str, ast.Module] | None:
    """The script of a command with the values of its environment; None where it is not here."""
    found = _started(command)
    return None if found is None else (found[0], with_variables(found[1], environment_of(command)))


def environment_of(command: Source) -> Environment:
    """That of the script which a command starts."""
    return Environment(command.given, {name: one.value for name, one in command.launch.env.items()})


def notes_of(command: Source) -> tuple[str, ...]:
    """The variables that nobody sets, whose defaults count in the loop of a script."""
    found, environment = _started(command), environment_of(command)
    if found is None:
        return ()
    with_variables(found[1], environment)
    return environment.notes


def parsed_by(command: Source) -> frozenset[str]:
    """The classes of others that a command's script, which is here, makes its options of."""
    found = _started(command)
    return frozenset() if found is None else parsed_classes(found[1])


def is_of_engine(command: Source) -> bool:
    """Whether DeepSpeed's own engine steps the scheduler: its option is there, or the script starts it.

    An Accelerator over that engine steps a scheduler of torch itself, as it does over any other.
    """
    names, launch = own_names(command), command.launch
    if not names:
        has_accelerator = launch.config or launch.launcher.startswith("accelerate")  # alone has such a file
        return "deepspeed" in command.data and not has_accelerator
    return "deepspeed" in names and "Accelerator" not in names


def may_train_with(trainer: ForeignTrainer, names: frozenset[str]) -> bool:
    """Whether a script of these names may use a trainer whose options it has."""
    signs = trainer.used_by or trainer.script_has
    return not names or not signs or any(one.endswith(signs) for one in names)


def _started(command: Source) -> tuple[str, ast.Module] | None:
    """The script that a command starts, and its lines; None where it is not here, or nothing is started."""
    return script_of(command) if command.language == "command" else None


def _names(module: ast.Module) -> Iterator[str]:
    for one in ast.walk(module):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Attribute):
            yield one.attr
        elif isinstance(one, ast.alias):
            yield from one.name.split(".")
