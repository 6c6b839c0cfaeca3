"""Words of a command that are neither options nor their values, at which the parser of its trainer stops."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.known_keys import Fate
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.python.call_syntax import method_of, text_of
from lrviz.inputs.words import is_settings_file
from lrviz.notation.text import few

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

_TAKERS = {"parse_known_args", "argv", "Fire", "command", "Typer", "return_remaining_strings", "docopt"}
_STOPPING = (Fate.STOPS, Fate.LEFT)


def check_words(run: Settings) -> None:
    """Refuse words behind a program that takes none, or warn of them where the script may take some.

    Raises:
        ConfigError: its parser stops at them.

    """
    command = run.source
    if command.language != "command" or run.trainer.takes_words:
        return
    stray = [word for word in command.words[_own(command) :] if not is_settings_file(word)]
    found = script_of(command) if stray else None
    if not stray or (found and _takes_words(found[1])):
        return
    what = f"{few([repr(word) for word in stray])}: no option, nor the value of one"
    hint = "take it out, or quote what is one text; a \\ stands at the very end of its line"
    if found is not None or run.trainer.keys.fate(command, command, run.version) in _STOPPING:
        raise ConfigError(f"{command.name}: {what}: the parser of {run.title} stops at it", hint=hint)
    run.warn("stray-word", f"{what}: argparse stops at it", hint=hint)


def _takes_words(module: ast.Module) -> bool:
    """Whether a script that is here may take words, or pass over what it does not know."""
    nodes = [*ast.walk(module)]
    names = {one.attr for one in nodes if isinstance(one, ast.Attribute)}
    names |= {one.arg for one in nodes if isinstance(one, ast.keyword) and one.arg}
    calls = [one for one in nodes if isinstance(one, ast.Call) and method_of(one) == "add_argument"]
    firsts = [text_of(one.args[0]) for one in calls if one.args]
    return bool(names & _TAKERS) or not all((one or "").startswith("-") for one in firsts)


def _own(command: Source) -> int:
    """How many words name the program: ``trl sft``, or a script."""
    is_script = command.program.endswith(".py") or "." in command.program or "/" in command.program
    return 1 if is_script else 2
