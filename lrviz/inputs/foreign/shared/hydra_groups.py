"""The ``defaults`` of a hydra config: files of its groups, ``<group>/<option>.yaml``, merged in their order.

Source: hydra-core 1.3.8 ``_internal/defaults_list.py``: without ``_self_`` the file itself is the last.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.beside import is_beside, read_beside
from lrviz.inputs.foreign.key_paths import without
from lrviz.inputs.foreign.opening import data_source
from lrviz.inputs.foreign.shared.merged import over, under

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.source import Source

KEY = "defaults"
_SELF = "_self_"
_HEADER = re.compile(rb"^#\s*@package\s+(\S+)", re.MULTILINE)
_WAY = "give what it holds as overrides: optim.lr=1e-3"
_MOST = 50


def with_groups(layers: list[Source]) -> list[Source]:
    """The files with those of their groups, of which ``group=option`` of the command chooses others."""
    command, *files = layers
    if command.language != "command":
        return [_composed(one, {}) for one in layers]
    written = [group for file in files for line in _lines(file) for group, _ in _named(line) if group]
    keys = {group: group.rpartition(" ")[2] for group in written}
    chosen = {group: str(command.data[key]) for group, key in keys.items() if key in command.data}
    kept = {key: value for key, value in command.data.items() if key not in keys.values()}
    return [replace(command, data=kept), *(_composed(one, chosen) for one in files)]


def _lines(source: Source) -> list[Any]:
    found = source.data.get(KEY) if source.language == "yaml" else None
    return found if isinstance(found, list) else []


def _named(line: object) -> list[tuple[str, object]]:
    """The group and the option of a line; that of ``- base`` is none."""
    named = line.items() if isinstance(line, dict) else [("", line)]
    of_hydra = [group for group, _ in named if _is_of_hydra(str(group))]
    return [(str(group), one) for group, one in named if group not in of_hydra and one is not None]


def _is_of_hydra(group: str) -> bool:
    """Whether it is one of hydra's own, ``override hydra/launcher``, which say nothing of the run."""
    return group.rpartition(" ")[2].lstrip("/").startswith("hydra/")


def _composed(source: Source, chosen: Mapping[str, str]) -> Source:
    """A file with what its list names, of which the last wins; what cannot be read is left out, and said.

    Raises:
        ConfigError: it names too many.

    """
    lines = _lines(source)
    if not lines:
        return source
    found: Source | None = None
    unread: list[ConfigError] = []
    if len(lines) > _MOST:
        raise ConfigError(f"{source.place((KEY,))}: more than {_MOST} files", hint="write it as one file")
    for line in lines if _SELF in lines else [*lines, _SELF]:
        for group, option in _named(line):
            if _may_be_absent(source, group, chosen.get(group, option)):
                continue
            try:
                piece = source if line == _SELF else _of_group(source, group, chosen.get(group, option))
            except ConfigError as error:
                unread.append(error)
                continue
            found = piece if found is None else over(piece, found)
    found = found or source
    files = tuple(one for one in found.files if one != source.name)
    unread = [*found.unread, *unread]
    return replace(found, name=source.name, folder=source.folder, files=files, unread=tuple(unread))


def _may_be_absent(source: Source, written: str, option: object) -> bool:
    """Whether it is an optional one that is not here."""
    group = written.rpartition(" ")[2].partition("@")[0]
    return "optional " in written and not is_beside(source.folder, f"{group}/{option}.yaml".lstrip("/"))


def _of_group(source: Source, written: str, option: object) -> Source:
    """A file of a group, with its keys in the package of the group.

    Raises:
        ConfigError: it is not here, or it is not plain where its keys go.

    """
    group, _, package = written.rpartition(" ")[2].partition("@")
    file = f"{group}/{option}".lstrip("/")
    at = f"{source.place((KEY,))}: {file} of hydra's defaults"
    if not isinstance(option, str) or "${" in file or "override " in written:
        raise ConfigError(f"{at} is not read", hint=_WAY)
    name = file if file.endswith((".yaml", ".yml")) else f"{file}.yaml"
    try:
        found = read_beside(name, source.folder, frozenset({".yaml", ".yml"}), at)
    except ConfigError as error:
        raise ConfigError(f"{at} is not read: {str(error).rpartition(': ')[2]}", hint=_WAY) from None
    header = _HEADER.search(found.raw)
    package = package or (header[1].decode(errors="replace") if header else "_group_")
    read = data_source(found.raw, found.name, ".yaml", found.path.parent)
    if _lines(read) not in ([], [_SELF]) or b"${." in found.raw:
        raise ConfigError(
            f"{at} is not read: it names others itself, or has ${{.relative}} values", hint=_WAY
        )
    dotted = {"_global_": "", "_group_": file.rpartition("/")[0].replace("/", ".")}.get(package, package)
    path = dotted.removeprefix("_global_.").split(".") if dotted else []
    return under(path, replace(read, data=without(read.data, [KEY])))
