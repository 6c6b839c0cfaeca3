"""A script that opens a config of mmengine, changes it and trains: ``Config.fromfile``, ``Runner.from_cfg``.

Source: mmengine 0.10.7 ``config/config.py`` and ``runner/runner.py``.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import read_here
from lrviz.inputs.foreign.opening import PYTHON, open_beside
from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.config_scripts import Called, Follower, Set
from lrviz.inputs.foreign.python.notebook import code_of
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.shared.mmengine_runners import runner_calls, with_keywords
from lrviz.inputs.foreign.shell.cfg_options import laid
from lrviz.inputs.words import NOTEBOOK
from lrviz.notation.numbers import digits
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source

_OPENS = "Config.fromfile"
_CHANGES = ("merge_from_dict", "update", "pop", "setdefault")


def opens_config(source: Source) -> bool:
    """Whether a Python file opens a config of mmengine and makes its Runner."""
    return source.language == "python" and source.python.names_from("mmengine") >= {"Config", "Runner"}


def with_opened(layers: list[Source]) -> list[Source]:
    """A script as the config that it opens, or that stands in it, with what its lines set.

    Raises:
        ConfigError: it opens none or several, or changes it in a way that is not read.

    """
    script, *others = layers
    is_whole = bool(runner_calls(script))
    if not is_whole and not opens_config(script):
        return layers
    read = read_here(script, Path(script.name).name, {PYTHON, NOTEBOOK})
    text = decode(read.raw, read.name)
    tree = parse(code_of(text, read.name) if read.name.endswith(NOTEBOOK) else text, read.name)
    follower = Follower(tree, script.name)
    events = list(follower.events())
    config = with_keywords(script) if is_whole else open_beside(script, _file(script, follower, events))
    names = _names(tree, "Config") if is_whole else {"cfg"} | _names(tree, _OPENS)
    data: Any = dict(config.data)
    places: dict[KeyPath, Place] = dict(config.places)
    for one in _changes(script, events, names):
        place = Place(script.name, one.line, ".".join(one.path))
        data = laid(data, one.path, one.value, place)
        places[tuple(key if (at := digits(key)) is None else at for key in one.path)] = place
    files = script.files if is_whole else (*script.files, config.name, *config.files)
    return [replace(script, data=data, places=places, files=files), *others]


def _file(script: Source, follower: Follower, events: list[Set | Called]) -> str:
    opened = [one for one in events if isinstance(one, Called) and dotted(one.node.func).endswith(_OPENS)]
    values = [follower.value(one.node.args[0]) for one in opened if one.node.args and one.is_sure]
    if len(opened) != 1 or len(values) != 1 or not isinstance(values[0], str):
        lines = ", ".join(str(one.line) for one in opened) or "none"
        raise ConfigError(
            f"{script.name}: one config that it opens by {_OPENS} is looked for, by its name; lines: {lines}",
            hint="give the config itself, and what it sets by --given optim_wrapper.optimizer.lr=0.01",
        )
    return values[0]


def _names(tree: ast.Module, maker: str) -> set[str]:
    """The names that the config is given, as a call makes it."""
    made = [one for one in ast.walk(tree) if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call)]
    opened = [
        one for one in made if isinstance(one.value, ast.Call) and dotted(one.value.func).endswith(maker)
    ]
    return {name.id for one in opened for name in one.targets if isinstance(name, ast.Name)}


def _changes(script: Source, events: list[Set | Called], names: set[str]) -> list[Set]:
    """What its lines set.

    Raises:
        ConfigError: a call changes it.

    """
    for one in events:
        if isinstance(one, Called) and one.method in _CHANGES and one.root.partition(".")[0] in names:
            raise ConfigError(
                f"{script.name}:{one.line}: {one.root}.{one.method}() changes the config and is not read",
                hint=f"write it as {one.root}.key = value",
            )
    return [one for one in events if isinstance(one, Set) and one.root in names]
