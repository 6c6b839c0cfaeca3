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
from lrviz.inputs.foreign.beside import is_here, read_here
from lrviz.inputs.foreign.opening import PYTHON, open_beside, script_of
from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.config_scripts import Called, Follower, Set, started
from lrviz.inputs.foreign.python.notebook import code_of
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.shared.mmengine_runners import runner_calls, with_keywords
from lrviz.inputs.foreign.shell import cfg_options
from lrviz.inputs.foreign.shell.cfg_options import laid
from lrviz.inputs.words import NOTEBOOK
from lrviz.notation.numbers import digits
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source

_OPENS = "Config.fromfile"
_MERGES = "merge_from_dict"
_CHANGES = (_MERGES, "update", "pop", "setdefault")
_OF_RUN = (
    *("optim_wrapper.optimizer", "optim_wrapper.accumulative_counts", "optim_wrapper.paramwise_cfg"),
    *("param_scheduler", "train_cfg", "auto_scale_lr.base_batch_size"),
    *("train_dataloader.batch_size", "train_dataloader.dataset"),
)
"""What says how a run goes."""
_BY_OPTIONS = (".cfg_options", ".options")


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
    follower = Follower(tree, script.name, started(script, {}))
    events = list(follower.events())
    config = with_keywords(script) if is_whole else open_beside(script, _file(script, follower, events))
    names = _names(tree, "Config") if is_whole else {"cfg"} | _names(tree, _OPENS)
    data: Any = dict(config.data)
    places: dict[KeyPath, Place] = dict(config.places)
    for one in _changes(script.name, events, names):
        place = Place(script.name, one.line, ".".join(one.path))
        data = laid(data, one.path, one.value, place)
        places[tuple(key if (at := digits(key)) is None else at for key in one.path)] = place
    files = script.files if is_whole else (*script.files, config.name, *config.files)
    return [replace(script, data=data, places=places, files=files), *others]


def with_script_lines(config: Source, command: Source) -> Source:
    """The config of a command with what the script that it starts sets of it, where that is here.

    Raises:
        ConfigError: the script changes it in a way that is not read, or stops at an option.

    """
    found = _started(command)
    if found is None or not _opens(found[1]):
        return config
    file, tree = found
    events = list(Follower(tree, file, started(command, command.data)).events())
    names = {"cfg"} | _names(tree, _OPENS)
    data, places = dict(config.data), dict(config.places)
    for one in _lasting(_changes(file, events, names), events, names, command):
        place = Place(file, one.line, ".".join(one.path))
        data = laid(data, one.path, one.value, place)
        places[tuple(key if (at := digits(key)) is None else at for key in one.path)] = place
    return replace(config, data=data, places=places)


def _started(command: Source) -> tuple[str, ast.Module] | None:
    """The script that trains: of a command, or the one beside a launching script."""
    if command.language != "command" or not command.words:
        return None
    beside = Path(command.words[0]).with_name("train.py")
    is_launched = command.script in ("dist_train.sh", "slurm_train.sh") and is_here(command, str(beside))
    return script_of(replace(command, words=(str(beside),)) if is_launched else command)


def _opens(tree: ast.Module) -> bool:
    return any(dotted(one.func).endswith(_OPENS) for one in ast.walk(tree) if isinstance(one, ast.Call))


def _lasting(found: list[Set], events: list[Set | Called], names: set[str], command: Source) -> Iterator[Set]:
    """The lines that say something of the run, but those that options which are merged behind them undo."""
    merging = [
        one.line for one in events if isinstance(one, Called) and one.method == _MERGES and one.root in names
    ]
    options = cfg_options.paths_of(command)
    for one in found:
        is_undone = any(line > one.line for line in merging) and any(
            _overlap(path, one.path) for path in options
        )
        if not is_undone and any(_overlap(path.split("."), one.path) for path in _OF_RUN):
            yield one


def _overlap(path: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one of the two is the other, or stands in it."""
    return all(one == two for one, two in zip(path, other, strict=False))


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


def _changes(script: str, events: list[Set | Called], names: set[str]) -> list[Set]:
    """What its lines set.

    Raises:
        ConfigError: a call changes it.

    """
    for one in events:
        if isinstance(one, Called) and _is_change(one, names):
            raise ConfigError(
                f"{script}:{one.line}: {one.root}.{one.method}() changes the config and is not read",
                hint=f"write it as {one.root}.key = value",
            )
    return [one for one in events if isinstance(one, Set) and one.root in names]


def _is_change(one: Called, names: set[str]) -> bool:
    """Whether a call changes what says how a run goes, but by the options of the command."""
    root, *path = one.root.split(".")
    if one.method not in _CHANGES or root not in names:
        return False
    if one.method == _MERGES and any(dotted(value).endswith(_BY_OPTIONS) for value in one.node.args):
        return False
    if one.method in ("pop", "setdefault"):
        path += [str(key.value) for key in one.node.args[:1] if isinstance(key, ast.Constant)]
    return any(_overlap(key.split("."), path) for key in _OF_RUN)
