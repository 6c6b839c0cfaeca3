"""The file of settings that hydra's own options name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

CONFIG_FILE = "config_file"
_FOLDERS = ("config_path", "cp", "config_dir", "cd")
_NAMES = ("config_name", "cn")


def with_config_file(source: Source) -> Source:
    """``--config-path`` (or ``--config-dir``) and ``--config-name`` as the one file that they name."""
    folder, name = _first(source, _FOLDERS), _first(source, _NAMES)
    if not (isinstance(folder, str) and isinstance(name, str)):
        return source
    file = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
    return replace(source, data={**source.data, CONFIG_FILE: str(PurePosixPath(folder, file))})


def _first(source: Source, names: tuple[str, ...]) -> object:
    return next((source.data[name] for name in names if name in source.data), None)
