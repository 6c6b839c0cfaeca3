"""Keys at which the parser of a script stops: none of all the options that it makes of its classes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.python.all_options import AllOptions, all_options
from lrviz.inputs.foreign.python.python_fields import OF_SENTENCES, OF_TRANSFORMERS
from lrviz.inputs.foreign.shared.trl_methods import CONFIGS, OF_SCRIPTS
from lrviz.inputs.words import LANGUAGES

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

_CLASSES = {
    "transformers": {*OF_TRANSFORMERS},
    "trl": {*CONFIGS, *OF_SCRIPTS},
    "sentence_transformers": {*OF_SENTENCES},
}
"""Whose fields are listed, by the library that they are imported from, all of whose build on the first's."""


class ScriptKeys(NamedTuple):
    """What a script named ``file`` has as options; nothing of one that may have others."""

    file: str = ""
    options: AllOptions | None = None
    known: frozenset[str] = frozenset()

    def has(self, key: str) -> bool:
        """Whether it makes the option of a class of its own."""
        return self.options is not None and key.partition(".")[0] in self.options.own

    def stops_at(self, key: str, layer: Source) -> bool:
        """Whether its parser stops at a key of its command, or of the file that it reads."""
        if self.options is None or layer.place((key,)).file == self.file:
            return False  # the script itself sets it
        head, names = key.partition(".")[0], self.options.own | self.known
        if layer.language == "command":
            begins = (head, head.removeprefix("no_"))
            return self.options.of_command and not any(one.startswith(begins) for one in names)
        return layer.language in LANGUAGES and self.options.of_files and head not in names


def script_keys(run: Settings) -> ScriptKeys:
    """Those of the script that a command starts, where it is here and all its classes are known."""
    found = script_of(run.source) if run.source.language == "command" else None
    options = all_options(found[1]) if found else None
    if found is None or options is None or not _are_known(options.classes, found[1]):
        return ScriptKeys()
    lists = {one for one, names in _CLASSES.items() if options.classes & names}
    lists |= {"transformers"} if lists else set()
    return ScriptKeys(found[0], options, KnownKeys((*sorted(lists),)).names() - run.trainer.keys.lacks(run))


def _are_known(classes: frozenset[str], module: ast.Module) -> bool:
    """Whether there is a list of the fields of each, which is a class of one of the libraries."""
    lines = [one for one in ast.walk(module) if isinstance(one, ast.ImportFrom)]
    others = {
        name.asname or name.name
        for one in lines
        for name in one.names
        if one.level or (one.module or "").partition(".")[0] not in _CLASSES
    }
    return (
        classes <= set[str]().union(*_CLASSES.values()) and classes.isdisjoint(others) and "*" not in others
    )
