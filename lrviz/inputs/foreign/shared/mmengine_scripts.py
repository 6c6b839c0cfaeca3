"""A script that opens a config of mmengine, changes it and trains: ``Config.fromfile``, ``Runner.from_cfg``.

Source: mmengine 0.10.7 ``config/config.py`` and ``runner/runner.py``.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.beside import is_here
from lrviz.inputs.foreign.opening import open_beside, script_name
from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.config_calls import OPENMMLAB
from lrviz.inputs.foreign.python.config_kinds import Kind
from lrviz.inputs.foreign.shared.followed_scripts import (
    Followed,
    OwnPart,
    chosen,
    followed_parts,
    said_of_others,
)
from lrviz.inputs.foreign.shared.mmengine_runners import runner_calls, with_keywords
from lrviz.inputs.foreign.shell import cfg_options
from lrviz.inputs.foreign.shell.cfg_options import LAUNCHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.python.config_parts import Config
    from lrviz.inputs.foreign.python.config_walk import ConfigWalk
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.origin import Place

_OPENS, _MAKES = "Config.fromfile", "Config"
_RUNNER, _REGISTRY = "Runner", "RUNNERS.build"
_KEYS = ("optim_wrapper", "param_scheduler", "train_cfg", "train_dataloader", "auto_scale_lr")
"""What says how a run goes."""
_OWN = ("build_param_scheduler", "_build_param_scheduler", "build_optim_wrapper", "scale_lr", "train")


def opens_config(source: Source) -> bool:
    """Whether a Python file opens a config of mmengine and makes its Runner."""
    return source.language == "python" and source.python.names_from("mmengine") >= {"Config", "Runner"}


def own_parts(source: Source) -> Iterator[OwnPart]:
    """What the Runner of a script has of its own in the place of mmengine's, or is of a module not here."""
    source = (
        replace(source, data={}) if source.language == "command" else source
    )  # which has its config in it
    script = _started(source) if source.language == "command" else _itself(source)
    if script is not None and (source.language == "command" or opens_config(source)):
        walk = script.walk(_kind(_unopened, _MAKES), {})
        yield from followed_parts(
            walk, chosen(walk, source.given.get("line")), _OWN, OPENMMLAB, of_script=True
        )


def with_opened(layers: list[Source]) -> list[Source]:
    """A script as the config that it opens, or that stands in it, with what its lines set.

    Raises:
        ConfigError: it opens none or several, or changes it in a way that is not read.

    """
    script, *others = layers
    is_whole = bool(runner_calls(script))
    if not is_whole and not opens_config(script):
        return layers
    opened = _Files(script)
    whole = with_keywords(script) if is_whole else script
    kind = (
        _kind(lambda _: (dict(whole.data), dict(whole.places)), _MAKES) if is_whole else _kind(opened, _OPENS)
    )
    followed = _itself(script)
    walk = followed.walk(kind, {})
    trained = chosen(walk, script.given.get("line"))
    config = trained.config if trained else _only(walk)
    if config is None and is_whole:
        return [whole, *others]
    if config is None or not (is_whole or isinstance(config.name, str)):
        raise _unnamed(script, walk)
    files = (*script.files, *walk.read_files, *opened.files)
    said = said_of_others(walk, trained) if trained else ()
    read = replace(whole, data=config.data, places=config.places, files=tuple(dict.fromkeys(files)))
    return [replace(read, assumed=(*read.assumed, *said)), *others]


def with_script_lines(read: Source, layers: list[Source]) -> Source:
    """The config of a command with what the script that it starts sets of it, where that is here.

    ``read`` is the command over its config, of which the ``layers`` are made.

    Raises:
        ConfigError: the script stops at an option.

    """
    command, *files = layers
    script = _started(command) if files else None
    if script is None:
        return read
    below = files[0]
    kind = _kind(lambda _: (dict(below.data), dict(below.places)), _OPENS, cfg_options.said_by(command))
    walk = script.walk(kind, {})
    trained = chosen(walk, command.given.get("line"))
    config = trained.config if trained else _only(walk)
    if config is None:
        return read
    if not config.is_laid:
        for path, value, place in cfg_options.said_by(command):
            config.change(path, value, place)
    gone = below.data.keys() - config.data.keys()
    data = {key: one for key, one in {**read.data, **config.data}.items() if key not in gone}
    said = said_of_others(walk, trained) if trained else ()
    read = replace(read, data=data, places={**read.places, **config.places})
    return replace(read, assumed=(*read.assumed, *said), files=(*read.files, *walk.read_files))


class _Files:
    """The configs that a script opens by their names."""

    def __init__(self, script: Source) -> None:
        self._script = script
        self.files: list[str] = []

    def __call__(self, name: Any) -> tuple[dict[str, Any], dict[KeyPath, Place]]:
        """What one of them says."""
        if not isinstance(name, str):
            return {}, {}
        found = open_beside(self._script, name)
        self.files += [found.name, *found.files]
        return dict(found.data), dict(found.places)


def _unopened(_: Any) -> tuple[dict[str, Any], dict[KeyPath, Place]]:
    return {}, {}


def _kind(
    opened: Callable[[Any], tuple[dict[str, Any], dict[KeyPath, Place]]],
    makes: str,
    said: list[tuple[tuple[str, ...], Any, Place]] | None = None,
) -> Kind:
    makers = (_OPENS, _MAKES) if makes == _MAKES else (makes,)
    pairs = tuple(said or ())
    return Kind(makers, (), _trains, opened, is_whole=True, by_method=True, said=pairs, keys=_KEYS)


def _trains(name: str, names: tuple[str, ...]) -> bool:
    """Whether a call makes a Runner of its config."""
    owner, _, last = name.rpartition(".")
    by_class = last == "from_cfg" and any(one.endswith(_RUNNER) for one in (owner, *names))
    return by_class or last.endswith(_RUNNER) or name.endswith(_REGISTRY)


def _only(walk: ConfigWalk) -> Config | None:
    """The one config that it opens, of which no line is seen to train."""
    return walk.configs[0] if len(walk.configs) == 1 else None


def _unnamed(script: Source, walk: ConfigWalk) -> ConfigError:
    lines = ", ".join(str(one.line) for one in walk.configs) or "none"
    return ConfigError(
        f"{script.name}: one config that it opens by {_OPENS} is looked for, by its name; lines: {lines}",
        hint="give the config itself, and what it sets by --given optim_wrapper.optimizer.lr=0.01",
    )


def _itself(script: Source) -> Followed:
    return Followed.of(script, Path(script.name).name)


def _started(command: Source) -> Followed | None:
    """The script that a command trains by, or a launching script beside it; None where it opens no config."""
    if command.language != "command" or not command.words:
        return None
    ways = [str(Path(command.words[0]).with_name("train.py"))] if command.script in LAUNCHING else []
    if Path(command.name).name in LAUNCHING:  # which names it from its own folder: $(dirname "$0")/train.py
        ways.append(str(Path(command.name).parent / command.words[0]))
    name = script_name(command) or next((way for way in ways if is_here(command, way)), "")
    found = Followed.of(command, name) if name else None
    calls = (one for one in ast.walk(found.tree) if isinstance(one, ast.Call)) if found else ()
    return found if any(dotted(one.func).endswith(_OPENS) for one in calls) else None
