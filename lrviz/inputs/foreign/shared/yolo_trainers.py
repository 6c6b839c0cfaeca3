"""A trainer of ultralytics made by itself: ``DetectionTrainer(overrides=dict(epochs=12)).train()``.

Source: ultralytics 8.4.190 ``engine/trainer.py``, ``models/*/train.py`` and ``get_cfg``: the file or table of
``cfg``, the defaults where it is none, with ``overrides`` over it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.opening import open_beside
from lrviz.inputs.foreign.python.python_call import plain
from lrviz.inputs.foreign.python.python_script import HIDDEN, PythonCall
from lrviz.inputs.foreign.unknown import Imported, Unknown
from lrviz.notation.origin import Place
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source

OVERRIDES, CFG = "overrides", "cfg"
OF_LR = ("epochs", "batch", "nbs", "optimizer", "lr0", "lrf", "cos_lr", "warmup_epochs", "warmup_bias_lr")
TASKS = {
    "DetectionTrainer": "",
    "WorldTrainer": "",
    "RTDETRTrainer": "",
    "ClassificationTrainer": "classify",
    "SegmentationTrainer": "segment",
    "SemanticSegmentationTrainer": "semantic",
    "DepthTrainer": "depth",
    "OBBTrainer": "obb",
    "PoseTrainer": "pose",
}
"""Its own trainers, and the task that each sets."""


def maker_of(source: Source) -> PythonCall | None:
    """The call that makes the trainer whose ``train()``, with no settings, is the first call of the file."""
    if not source.python.calls:
        return None
    train, *others = source.python.calls
    if train.keywords or train.arguments:
        return None
    before = [one for one in others if one.line <= train.line and _is_maker(one)]
    return max(before, key=lambda one: one.line, default=None)


def _is_maker(call: PythonCall) -> bool:
    name = call.called
    return name in TASKS or (OVERRIDES in call.keywords and not name.endswith(("Predictor", "Validator")))


def is_own(call: PythonCall) -> bool:
    """Whether it is a class of the script's own."""
    return call.called not in TASKS


def with_overrides(layers: list[Source]) -> list[Source]:
    """The settings that the trainer of a Python file is made with, above the file that its ``cfg`` names."""
    source, *others = layers
    maker = maker_of(source) if source.language == "python" else None
    if maker is None:
        return [source, *_file_of(source), *others]
    first, second, *_ = (*maker.arguments, None, None)
    base = maker.keywords.get(CFG, first)
    tables = [_table(base, maker, source), _table(maker.keywords.get(OVERRIDES, second), maker, source)]
    task = TASKS.get(maker.called)
    data, places = {**tables[0][0], **tables[1][0]}, {**tables[0][1], **tables[1][1]}
    if task:
        data, places = {**data, "task": task}, {**places, ("task",): Place(source.name, maker.line)}
    files = [open_beside(source, base)] if isinstance(base, str) else []
    if files or isinstance(base, dict):
        _check_whole(files[0].data if files else base, maker, source)
    return [replace(source, data=data, places=places), *files, *others]


def _check_whole(cfg: Mapping[str, Any], maker: PythonCall, source: Source) -> None:
    """Stop at a ``cfg`` that lacks a setting: no default stands in for it, and ``overrides`` adds none.

    Raises:
        ConfigError: it does.

    """
    if lacking := [name for name in OF_LR if name not in cfg]:
        text = f"{source.name}:{maker.line}: cfg has no {few(lacking)}, and no default stands in: it stops"
        raise ConfigError(text, hint=f"hand its settings to {maker.called} as overrides")


def _file_of(source: Source) -> list[Source]:
    """The file that ``train(cfg="a.yaml")`` has its other settings from.

    Raises:
        ConfigError: which one it is cannot be known, or it cannot be read.

    """
    file = source.data.get(CFG) if source.language == "python" else None
    if isinstance(file, Unknown):
        raise ConfigError(
            f"{source.place((CFG,))}: {file.why}", hint="write the name of the file in its place"
        )
    return [open_beside(source, file)] if isinstance(file, str) else []


def _table(
    value: Any, maker: PythonCall, source: Source
) -> tuple[Mapping[str, Any], Mapping[KeyPath, Place]]:
    """What a table says, and where; what nobody knows is as ``**`` of a call."""
    if value is None or isinstance(value, (Imported, str)):
        return {}, {}
    if isinstance(value, PythonCall):
        value = plain(value)
    here = Place(source.name, maker.line)
    if not isinstance(value, dict):
        return {HIDDEN: value if isinstance(value, Unknown) else Unknown(str(value))}, {(HIDDEN,): here}
    written = getattr(value, "places", {})
    return {key: plain(one) for key, one in value.items()}, {(key,): written.get(key, here) for key in value}
