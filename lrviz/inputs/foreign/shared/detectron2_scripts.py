"""What a script makes of detectron2's config: the files that it merges, the lines that set, the pairs.

Source: detectron2 0.6 ``config/config.py``, ``model_zoo/model_zoo.py`` and its ``configs/``; yacs 0.1.8.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.beside import is_here
from lrviz.inputs.foreign.opening import open_beside, script_name
from lrviz.inputs.foreign.python.config_kinds import Kind
from lrviz.inputs.foreign.python.config_parts import Change
from lrviz.inputs.foreign.shared.bases import with_bases
from lrviz.inputs.foreign.shared.followed_scripts import (
    Followed,
    OwnPart,
    chosen,
    followed_parts,
    said_of_others,
)
from lrviz.inputs.foreign.source import Source
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.python.config_parts import Config, Merge
    from lrviz.inputs.foreign.python.config_walk import ConfigWalk
    from lrviz.notation.origin import Place

BASE = "_BASE_"
_MAKES = "get_cfg"
_OF_ZOO = "get_config_file"
_SOLVER = "SOLVER"
_SET_BY_ZOO = ("BASE_LR", "MAX_ITER", "STEPS", "IMS_PER_BATCH")
"""What the files of its model zoo say of a run; some say more."""
_SET_BY_SOME = ("WARMUP_ITERS", "LR_SCHEDULER_NAME", "REFERENCE_WORLD_SIZE", "BASE_LR_END")
_PLAIN = ("COCO-Detection/faster", "COCO-InstanceSegmentation", "COCO-Keypoints", "LVIS")
"""Beginnings of those that say no more."""
_OWN = ("build_lr_scheduler", "build_optimizer")
STANDARD = {"num_gpus": 1, "num_machines": 1, "machine_rank": 0, "resume": False, "eval_only": False}
"""What its own parser gives, but for the file and the pairs."""


def makes_config(source: Source) -> bool:
    """Whether a Python file makes a config of detectron2's."""
    return source.language == "python" and any(
        one.startswith("detectron2") and one.endswith(f".{_MAKES}") for one in source.python.imports
    )


def script_with_config(source: Source) -> Followed | None:
    """The script, or that of a command which is here, that makes a config; else None."""
    if source.language == "command":
        found = Followed.of(source, name) if (name := script_name(source)) else None
    else:
        found = Followed.of(source, Path(source.name).name) if makes_config(source) else None
    return found if found and _MAKES in ast.dump(found.tree) else None


def own_parts(source: Source) -> Iterator[OwnPart]:
    """What its trainer has in the place of the optimizer or schedule of detectron2's, or is not read."""
    script = script_with_config(source)
    walk = script.walk(KIND, STANDARD) if script else None
    if script is None or walk is None:
        return
    functions = (one for one in ast.walk(script.tree) if isinstance(one, ast.FunctionDef))
    yield from (OwnPart(one.name, f"{script.file}:{one.lineno}") for one in functions if one.name in _OWN)
    yield from followed_parts(walk, chosen(walk, source.given.get("line")), _OWN, ("detectron2",))


def merged(layers: list[Source]) -> list[Source]:
    """The layers as the script lays them over each other, the last that it does on top.

    Raises:
        ConfigError: it makes several configs, or names a file that cannot be read.

    """
    first, *files = layers
    script = script_with_config(first)
    if script is None:
        return layers
    walk = script.walk(KIND, STANDARD)
    trained = chosen(walk, first.given.get("line"))
    config = trained.config if trained else _only(script, walk)
    found: list[Source] = []  # the lowest first
    pairs, others = _parted(first)
    for one in config.log if config else ():
        if isinstance(one, Change):
            found += _set(one)
        elif one.method == "merge_from_file":
            found += reversed(_file(script, one, files))
        else:
            found += _list(one, pairs)
    if pairs.data and pairs not in found:
        found.append(pairs)
    said = said_of_others(walk, trained) if trained else ()
    others = replace(others, assumed=(*others.assumed, *said), files=(*others.files, *walk.read_files))
    return [others, *reversed(found)]


def _parted(first: Source) -> tuple[Source, Source]:
    """The pairs of a command and its other options; of a script alone, neither."""
    if first.language != "command":
        return replace(first, data={}), replace(first, data={})
    own = {key: value for key, value in first.data.items() if key.isupper() or "." in key}
    rest = {key: value for key, value in first.data.items() if key not in own}
    return replace(first, data=own), replace(first, data=rest)


def _only(script: Followed, walk: ConfigWalk) -> Config | None:
    """The one config that it makes, of which no line is seen to train."""
    changed = [one for one in walk.configs if one.log]
    if len(changed) > 1:
        lines = " and ".join(map(str, sorted({one.line for one in changed})))
        raise ConfigError(
            f"{script.file}: lines {lines} each make a config: which of them trains is not known",
            hint="give the YAML file that it trains with, and --given SOLVER.BASE_LR=0.01 for what it sets",
        )
    return changed[0] if changed else None


def _set(one: Change) -> list[Source]:
    """A key that a line sets; all that a run is told by where it may set any."""
    if isinstance(one.value, Unknown) and one.path in ((), (_SOLVER,)):
        return [_unknown(one.value.why, one.place, _SET_BY_ZOO + _SET_BY_SOME)]
    values = {one.path: one.value}
    if one.path == (_SOLVER,) and isinstance(one.value, dict):
        values = {(_SOLVER, str(key)): value for key, value in one.value.items()}
    found = {
        path: list(value) if isinstance(value, tuple) else value
        for path, value in values.items()
        if path[:1] == (_SOLVER,) and len(path) > 1
    }
    return [_layer(found, one.place)] if found else []


def _layer(values: Mapping[tuple[str, ...], Any], place: Place) -> Source:
    data: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    for path, value in values.items():
        table = data
        for key in path[:-1]:
            table = table.setdefault(key, {})
        table[path[-1]] = value
        places[path] = place._replace(key="")
    return Source(place.file, "python", data, places)


def _file(script: Followed, one: Merge, files: list[Source]) -> list[Source]:
    """A file that it merges, and those beneath, the upper first."""
    if not one.is_sure and not (one.written.endswith(".config_file") and script.command):
        return [_unknown(f"what line {one.place.line} may merge", one.place, _SET_BY_ZOO + _SET_BY_SOME)]
    if one.written.endswith(".config_file") and script.command is not None:
        return files
    value = one.value
    if not isinstance(value, str):
        return [_unknown(f"the file of line {one.place.line}", one.place, _SET_BY_ZOO + _SET_BY_SOME)]
    if one.written.endswith(f"{_OF_ZOO}()"):
        value = next((way for way in (value, f"configs/{value}") if is_here(script.source, way)), value)
        if not is_here(script.source, value):
            more = () if value.startswith(_PLAIN) else _SET_BY_SOME
            return [_unknown(f"of the model zoo's {value}", one.place, _SET_BY_ZOO + more)]
    return with_bases([open_beside(script.source, value, one.place)], BASE)


def _unknown(why: str, place: Place, names: tuple[str, ...]) -> Source:
    values: dict[tuple[str, ...], Any] = {
        (_SOLVER, name): Unknown(why, (f"{_SOLVER}.{name}",)) for name in names
    }
    return _layer(values, place)


def _list(one: Merge, pairs: Source) -> list[Source]:
    """Pairs of a list that is written out, or those of the command."""
    if not isinstance(one.value, list):
        return [pairs]
    said = {
        tuple(str(key).split(".")): each for key, each in zip(one.value[::2], one.value[1::2], strict=False)
    }
    own = {path: each for path, each in said.items() if path[:1] == (_SOLVER,)}
    return [_layer(own, one.place)] if own else []


def _trains(name: str, names: tuple[str, ...]) -> bool:
    """Whether a call takes its config to train: a trainer, or what makes a schedule of it."""
    return any(one.endswith("Trainer") for one in (name, *names)) or name.rpartition(".")[2] in _OWN


KIND = Kind((_MAKES,), ("merge_from_file", "merge_from_list"), _trains, lambda _: ({}, {}), _OF_ZOO)
