"""What the last command of a script is called with."""

from __future__ import annotations

from lrviz.inputs.foreign.shell.script import read_commands
from lrviz.inputs.foreign.unknown import Unknown


def words_of(text, **given):
    """The words of the last command; an unknown one is the tuple of its names."""
    values = [word.value for word in read_commands(text, "run.sh", given)[-1].words]
    return [value.names if isinstance(value, Unknown) else value for value in values]
