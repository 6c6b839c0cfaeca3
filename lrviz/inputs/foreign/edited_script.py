"""Options that a trainer's own script, edited, makes something else of: they are asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import lines_of
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.own_script import own_names
from lrviz.inputs.foreign.python.set_options import set_options
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer

_LIST = "set_options"
_AS_IT_IS = frozenset({"float", "int"})
"""What leaves a number as it was."""


def with_set_options(command: Source, trainer: ForeignTrainer) -> Source:
    """A command without the values of those that its script sets otherwise than any version of the trainer's.

    A loop of one's own that is read as the trainer's is held against it elsewhere.
    """
    found = script_of(command) if trainer.is_script(command) and own_names(command) else None
    if found is None:
        return command
    file, module = found
    names = {name for one in trainer.settings if one.name not in trainer.files for name in one.names}
    data, places = dict(command.data), dict(command.places)
    for one in set_options(module):
        is_theirs = (trainer.name, one.name, one.made_of) in _known()
        if one.name in names and not is_theirs and one.made_of - _AS_IT_IS != {one.name}:
            data[one.name] = Unknown(f"what {one.text} makes it", (one.name,))
            places[one.name,] = Place(file, one.line, one.name)
    return replace(command, data=data, places=places)


@cache
def _known() -> frozenset[tuple[str, str, frozenset[str]]]:
    """What scripts of trainers set, each by the trainer, the option and what it is made of."""
    rows = (line.split() for line in lines_of(_LIST))
    return frozenset((trainer, name, frozenset(made_of)) for trainer, name, *made_of in rows)
