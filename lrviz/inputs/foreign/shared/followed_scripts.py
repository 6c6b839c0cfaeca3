"""Scripts that change a config, followed with the options and the environment of who starts them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import read_here
from lrviz.inputs.foreign.environment import Environment, Start
from lrviz.inputs.foreign.launch import COUNTED_IN
from lrviz.inputs.foreign.lookup import ONE_PROCESS
from lrviz.inputs.foreign.opening import PYTHON
from lrviz.inputs.foreign.python.config_parts import Defined
from lrviz.inputs.foreign.python.config_walk import ConfigWalk
from lrviz.inputs.foreign.python.notebook import code_of
from lrviz.inputs.foreign.python.python_options import options_of
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.unknown import Imported, Unknown
from lrviz.inputs.words import NOTEBOOK
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from lrviz.inputs.foreign.python.config_kinds import Kind
    from lrviz.inputs.foreign.python.config_parts import Training
    from lrviz.inputs.foreign.python.located import Table
    from lrviz.inputs.foreign.source import Source

APART = "processes train apart"
"""Of a launcher that starts several, each of which is a run of its own."""
_WORLD = "how many processes its launcher starts"
NOT_HERE = "a trainer"
"""In the place of what it has of its own, where that cannot be read."""


class Followed(NamedTuple):
    """A script by its lines; ``source`` is what names it, itself or the command that starts it."""

    tree: ast.Module
    file: str
    folder: Path
    source: Source

    @classmethod
    def of(cls, source: Source, named: str) -> Followed:
        """The script of that name.

        Raises:
            ConfigError: it cannot be read.

        """
        read = read_here(source, named, {PYTHON, NOTEBOOK})
        text = decode(read.raw, read.name)
        code = code_of(text, read.name) if read.name.endswith(NOTEBOOK) else text
        return cls(parse(code, read.name), read.name, read.path.parent, source)

    @property
    def command(self) -> Source | None:
        """The command that starts it."""
        return self.source if self.source.language == "command" else None

    def walk(self, kind: Kind, standard: Mapping[str, Any]) -> ConfigWalk:
        """Its lines followed; ``standard`` are the options of its library's own parser, by default."""
        made = ConfigWalk(self.tree, self.file, self.folder, kind, self._options(standard))
        made.environment = Environment(self.source.given)
        made.environment.known.update(self._start.variables)
        if self.command:
            launch = self.command.launch
            world = launch.world or ONE_PROCESS
            is_open = isinstance(world, Unknown) or APART in world.origin.text
            processes = Unknown(_WORLD, ("world_size",)) if is_open else str(getattr(world, "value", ""))
            made.environment.known.update(dict.fromkeys(COUNTED_IN.get(launch.tells, ()), processes))
        made.read()
        return made

    @property
    def _start(self) -> Start:
        """How it is started: by a command with its options and variables, or as it is read."""
        if self.command is None:
            return self.source.python.start
        variables = {name: one.value for name, one in self.command.launch.env.items()}
        said = {key: one for key, one in self.command.data.items() if not (key.isupper() or "." in key)}
        return Start(said, variables)

    def _options(self, standard: Mapping[str, Any]) -> Table:
        """What the parser of the script gives."""
        said = self._start.options
        table = options_of(self.tree, self.file, said).table
        for key, default in standard.items() if self.command else ():
            if key not in table:
                value = said.get(key, default)
                table.put(key, literal(Raw(value)) if isinstance(value, str) else value, Place(self.file))
        return table


def chosen(walk: ConfigWalk, line: str | None) -> Training | None:
    """The training in the line that is given, else the first; None where none is seen."""
    found = [one for one in walk.trainings if str(one.line) == line]
    return next(iter(found or walk.trainings), None)


def said_of_others(walk: ConfigWalk, one: Training) -> tuple[str, ...]:
    """What is said where a script trains more than once."""
    lines = [other.line for other in walk.trainings if other is not one]
    others = [str(line) for line in dict.fromkeys(lines) if line != one.line]
    again = [f"line {one.line} trains {lines.count(one.line) + 1} times: the first is told"]
    said = again if one.line in lines else []
    if not others:
        return tuple(said)
    way = f"of line {', '.join(others)} --given line={others[0]} is"
    return (*said, f"the training in line {one.line} is told; {way}")


class OwnPart(NamedTuple):
    """What a trainer of the script's own has in the place of its library's: a method, or ``of`` a module."""

    what: str
    where: str


def followed_parts(
    walk: ConfigWalk,
    one: Training | None,
    methods: Collection[str],
    libraries: Collection[str],
    *,
    of_script: bool = False,
) -> Iterator[OwnPart]:
    """What the trainer that is trained by has of its own, in a module beside, or in one that is not here."""
    file = one.file if one else ""
    for made in one.lineage if one else ():
        if isinstance(made, Defined) and made.module and (made.module.file or of_script):
            own = (part for part in getattr(made.node, "body", ()) if isinstance(part, ast.FunctionDef))
            yield from (
                OwnPart(part.name, f"{made.module.file or file}:{part.lineno}")
                for part in own
                if part.name in methods
            )
        elif isinstance(made, Imported) and made.name.partition(".")[0] not in libraries:
            yield OwnPart(NOT_HERE, f"{made.name} is of a module that is not read")
    yield from (OwnPart(f"trainer.{name}", f"{file}:{line}") for name, _, line in walk.late)
