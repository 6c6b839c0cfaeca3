"""What a script makes of detectron2's config: the files that it merges, the lines that set, the pairs.

Source: detectron2 0.6 ``config/config.py``, ``model_zoo/model_zoo.py`` and its ``configs/``; yacs 0.1.8.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import is_here, read_here
from lrviz.inputs.foreign.opening import PYTHON, open_beside, script_of
from lrviz.inputs.foreign.python.call_syntax import called, dotted, given_to
from lrviz.inputs.foreign.python.config_scripts import Called, Follower, Set, started
from lrviz.inputs.foreign.python.notebook import code_of
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.shared.bases import with_bases
from lrviz.inputs.foreign.source import Source
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.words import NOTEBOOK
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from lrviz.inputs.config.lines import KeyPath

BASE = "_BASE_"
_MAKES = "get_cfg"
_OF_ZOO = ("get_config_file",)
_SET_BY_ZOO = ("BASE_LR", "MAX_ITER", "STEPS", "IMS_PER_BATCH")
"""What the files of its model zoo say of a run; some say more."""
_SET_BY_SOME = ("WARMUP_ITERS", "LR_SCHEDULER_NAME", "REFERENCE_WORLD_SIZE", "BASE_LR_END")
_PLAIN = ("COCO-Detection/faster", "COCO-InstanceSegmentation", "COCO-Keypoints", "LVIS")
"""Beginnings of those that say no more."""
_OWN = ("build_lr_scheduler", "build_optimizer")


class Script(NamedTuple):
    """A script by its lines; ``source`` is what it is named in, where ``command`` is None it stands alone."""

    tree: ast.Module
    file: str
    source: Source

    @property
    def command(self) -> Source | None:
        """The command that starts it."""
        return self.source if self.source.language == "command" else None


def makes_config(source: Source) -> bool:
    """Whether a Python file makes a config of detectron2's."""
    return source.language == "python" and any(
        one.startswith("detectron2") and one.endswith(f".{_MAKES}") for one in source.python.imports
    )


def script_with_config(source: Source) -> Script | None:
    """The script, or that of a command which is here, that makes a config; else None."""
    if source.language == "command":
        found = script_of(source)
    elif makes_config(source):
        read = read_here(source, Path(source.name).name, {PYTHON, NOTEBOOK})
        text = decode(read.raw, read.name)
        found = (
            read.name,
            parse(code_of(text, read.name) if read.name.endswith(NOTEBOOK) else text, read.name),
        )
    else:
        found = None
    if found is None or _MAKES not in ast.dump(found[1]):
        return None
    return Script(found[1], found[0], source)


def own_methods(script: Script) -> list[ast.FunctionDef]:
    """What its classes have in the place of the trainer's own optimizer or schedule."""
    functions = (one for one in ast.walk(script.tree) if isinstance(one, ast.FunctionDef))
    return [one for one in functions if one.name in _OWN]


def merged(layers: list[Source]) -> list[Source]:
    """The layers as the script lays them over each other, the last that it does on top.

    Raises:
        ConfigError: it makes several configs, or names a file that cannot be read.

    """
    first, *files = layers
    script = script_with_config(first)
    if script is None:
        return layers
    pairs, others = _parted(first)
    follower = Follower(script.tree, script.file, started(first, others.data))
    events = list(follower.events())
    _refuse_several(script, events)
    found: list[Source] = []  # the lowest first
    for one in events:
        if isinstance(one, Set) and "SOLVER" in one.path:
            found.append(_set(script, one))
        elif isinstance(one, Called) and one.method == "merge_from_file":
            found += reversed(_file(script, follower, one, files))
        elif isinstance(one, Called) and one.method == "merge_from_list":
            found += _list(script, follower, one, pairs)
    if pairs.data and pairs not in found:
        found.append(pairs)
    return [others, *reversed(found)]


def _parted(first: Source) -> tuple[Source, Source]:
    """The pairs of a command and its other options; of a script alone, neither."""
    if first.language != "command":
        return replace(first, data={}), replace(first, data={})
    own = {key: value for key, value in first.data.items() if key.isupper() or "." in key}
    rest = {key: value for key, value in first.data.items() if key not in own}
    return replace(first, data=own), replace(first, data=rest)


def _refuse_several(script: Script, events: list[Set | Called]) -> None:
    makers = {one.line for one in events if isinstance(one, Called) and one.method == _MAKES}
    roots = {one.root for one in events if isinstance(one, Set) and "SOLVER" in one.path}
    if len(makers) > 1 and roots:
        lines = " and ".join(map(str, sorted(makers)))
        raise ConfigError(
            f"{script.file}: lines {lines} each make a config: which of them trains is not known",
            hint="give the YAML file that it trains with, and --given SOLVER.BASE_LR=0.01 for what it sets",
        )


def _set(script: Script, one: Set) -> Source:
    path = one.path[one.path.index("SOLVER") :]
    value: Any = one.value
    if isinstance(value, Unknown):
        value = replace(value, names=(".".join(path),))
    elif isinstance(value, tuple):
        value = list(value)
    place = Place(script.file, one.line)
    return _layer(script, {path: value}, place)


def _layer(script: Script, values: dict[tuple[str, ...], Any], place: Place) -> Source:
    data: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    for path, value in values.items():
        table = data
        for key in path[:-1]:
            table = table.setdefault(key, {})
        table[path[-1]] = value
        places[path] = place
    return Source(script.file, "python", data, places)


def _file(script: Script, follower: Follower, one: Called, files: list[Source]) -> list[Source]:
    """A file that it merges, and those beneath, the upper first."""
    named = next(iter(given_to(one.node)), None)
    place = Place(script.file, one.line)
    if named is None or not one.is_sure:
        return [_unknown(script, f"what line {one.line} may merge", place, _SET_BY_ZOO + _SET_BY_SOME)]
    if dotted(named).endswith(".config_file") and script.command is not None:
        return files
    is_of_zoo = isinstance(named, ast.Call) and called(named) in _OF_ZOO
    value = follower.value(named.args[0] if is_of_zoo and isinstance(named, ast.Call) else named)
    if not isinstance(value, str):
        return [_unknown(script, f"the file of line {one.line}", place, _SET_BY_ZOO + _SET_BY_SOME)]
    if is_of_zoo:
        value = next((way for way in (value, f"configs/{value}") if is_here(script.source, way)), value)
        if not is_here(script.source, value):
            more = () if value.startswith(_PLAIN) else _SET_BY_SOME
            return [_unknown(script, f"of the model zoo's {value}", place, _SET_BY_ZOO + more)]
    return with_bases([open_beside(script.source, value, place)], BASE)


def _unknown(script: Script, why: str, place: Place, names: tuple[str, ...]) -> Source:
    values: dict[tuple[str, ...], Any] = {
        ("SOLVER", name): Unknown(why, (f"SOLVER.{name}",)) for name in names
    }
    return _layer(script, values, place)


def _list(script: Script, follower: Follower, one: Called, pairs: Source) -> list[Source]:
    """Pairs of a list that is written out, or those of the command."""
    named = one.node.args[0] if one.node.args else None
    value = follower.value(named) if named is not None else None
    if not isinstance(value, list):
        return [pairs]
    said = {tuple(str(key).split(".")): each for key, each in zip(value[::2], value[1::2], strict=False)}
    own = {path: each for path, each in said.items() if path[:1] == ("SOLVER",)}
    return [_layer(script, own, Place(script.file, one.line))] if own else []
