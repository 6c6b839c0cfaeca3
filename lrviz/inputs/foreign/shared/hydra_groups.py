"""The files that a hydra config is composed of, by its ``defaults`` and those of each file that these name.

Source: hydra-core 1.3.2 ``_internal/defaults_list.py``: without ``_self_`` the file itself is the last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import read_text
from lrviz.inputs.foreign.beside import is_elsewhere, is_folder, is_here, read_here
from lrviz.inputs.foreign.interpolate import absolute
from lrviz.inputs.foreign.key_paths import without
from lrviz.inputs.foreign.opening import open_beside
from lrviz.inputs.foreign.shared.hydra import config_name, is_override
from lrviz.inputs.foreign.shared.hydra_defaults import (
    ITSELF,
    KEY,
    Config,
    Default,
    defaults_in,
    header_package,
)
from lrviz.inputs.foreign.shared.merged import over, under
from lrviz.inputs.foreign.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADER = re.compile(rb"\A(?:[ \t]*(?:#[^\n]*)?\n)*?[ \t]*#[ \t]*@package[ \t]+(\S+)")
_COMMENT = re.compile(rb"#[^\n]*")
_WAY = "give what it holds as overrides: optim.lr=1e-3"
_MOST = 50
_SUFFIXES = frozenset({".yaml", ".yml"})


def with_groups(layers: list[Source]) -> list[Source]:
    """The files with those of their groups, of which ``group=option`` of the command chooses others.

    Raises:
        ConfigError: there are too many, or hydra stops.

    """
    command, *files = layers
    if command.language != "command":
        return [_composed(one, Composer(one)) for one in layers]
    composers = [_composer(one, command) for one in files]
    composed = [_composed(one, by) for one, by in zip(files, composers, strict=True)]
    used = {key for one in composers for key in one.used}
    kept = {key: value for key, value in command.data.items() if key not in used}
    left = [key for key in kept if is_override(command, key)]
    for composer in composers:
        composer.check_left({key: kept[key] for key in left})
    unread = [
        ConfigError(f"{key}={kept[key]} chooses a file of hydra's groups, which is not read", hint=_WAY)
        for key in left
        if "@" in key or "/" in key
    ]
    return [replace(command, data=kept, unread=(*command.unread, *unread)), *composed]


def _composer(source: Source, command: Source) -> Composer:
    """That of the file of a command, whose name may have folders within that of all configs."""
    group = str(config_name(command) or "").rpartition("/")[0]
    above = [".."] * len(group.split("/")) if group else []
    keys = [key for key in command.data if is_override(command, key) and not key.startswith("~")]
    added = {key for key in keys if command.place((key,)).key.startswith("+")}
    return Composer(
        replace(source, folder=source.folder.joinpath(*above)),
        group,
        {key: command.data[key] for key in keys if key not in added},
        {key: command.data[key] for key in keys if key in added},
        {key.removeprefix("~"): value for key, value in command.data.items() if key.startswith("~")},
    )


def _composed(source: Source, composer: Composer) -> Source:
    """A file with what its list names, of which the last wins; what cannot be read is left out, and said."""
    has_list = isinstance(source.data.get(KEY), list)
    if source.language != "yaml" or not (has_list or composer.group or composer.adds):
        return source
    found = Source(source.name, "yaml", {}, folder=source.folder)
    for piece in composer.pieces_of(source):
        found = over(piece, found)
    files = tuple(one for one in found.files if one != source.name)
    unread = (*found.unread, *composer.unread)
    return replace(found, name=source.name, folder=source.folder, files=files, unread=unread)


@dataclass
class Composer:
    """Reads what the lists of configs name, as seen from the folder of ``root``, as far as it is here.

    ``chosen``, ``added`` and ``deleted`` are the overrides of a command, some ``used`` for files.
    """

    root: Source
    group: str = ""  # of the first file
    chosen: dict[str, Any] = field(default_factory=dict)
    added: dict[str, Any] = field(default_factory=dict)
    deleted: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    overridden: dict[str, Source] = field(default_factory=dict)  # by the list of a file
    unread: list[ConfigError] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)
    count: int = 0
    is_composed: bool = False  # whether it has anything of hydra's

    @property
    def adds(self) -> list[Default]:
        """The lines that ``+group=option`` adds at the end."""
        found = [{key: option} for key, option in self.added.items() if self._is_group(key)]
        return list(defaults_in(found))

    def pieces_of(self, source: Source) -> list[Source]:
        """What is merged of the first file, in its order: itself, and what its list names."""
        adds, self.is_composed = self.adds, True
        self.used |= {key for key in self.added if self._is_group(key)}
        top, name = Config("", "", ""), Path(source.name).stem
        if not self.group:
            return self._pieces(source, top._replace(name=name), adds)
        return self._read(source, Default(self.group, name, is_whole=True), name, top, adds)

    def check_left(self, left: dict[str, Any]) -> None:
        """Stop where hydra does: at an option of a group that no list names.

        Raises:
            ConfigError: there is one.

        """
        if self.unread or not self.is_composed:
            return
        for key, source in self.overridden.items():
            if key not in self.used:
                text = f"{source.place((KEY,))}: override {key}: no list names it, and hydra stops"
                raise ConfigError(text, hint=f"take it out, or name it without override: {key}: …")
        for key, value in left.items():
            name = key.removeprefix("~")
            if "." not in key and self._is_group(name) and (isinstance(value, str) or name != key):
                text = f"{key}: no list of {self.root.name} names {name}, and hydra stops"
                raise ConfigError(text, hint="take it out" if name != key else f"+{key}={value}")

    def _is_group(self, key: str) -> bool:
        path = key.partition("@")[0]
        return not is_elsewhere(path) and is_folder(self.root.folder / path)

    def _pieces(self, source: Source, at: Config, adds: Sequence[Default] = ()) -> list[Source]:
        """A file and what its list names, in their order; what is overridden further down counts first."""
        lines = list(defaults_in(source.data.get(KEY)))
        for line in lines:
            if line.is_override:
                self._override(line.config(at, line.option).key, line.option, source)
        named = [line for line in lines if not line.is_override]
        if not lines or (named and not any(line.is_self for line in named)):
            named.append(ITSELF)
        found: list[Source] = []
        for line in reversed([*named, *adds]):
            found = [*([_itself(source, at)] if line.is_self else self._named(source, line, at)), *found]
        return found or [_itself(source, at)]

    def _override(self, key: str, option: Any, source: Source) -> None:
        """Have a line of another list name this option, unless an override above does."""
        if key not in self.chosen:
            self.chosen[key] = option
            self.overridden[key] = source

    def _named(self, source: Source, line: Default, at: Config) -> list[Source]:
        """What a line names, or what is chosen in its place."""
        key, option = line.config(at, line.option).key, line.option
        if key in self.chosen:
            option = self.chosen[key]
            self.used.add(key)
        if key in self.deleted and self.deleted[key] in {None, "", True, option}:
            self.used.add(f"~{key}")
            return []
        if option is None:
            self._note_choice(key, option, f"{source.place((KEY,))}: {key}", is_leaf=False)
            return []
        options = [option]
        if isinstance(option, (list, tuple)):  # files that are named whole
            options, line = list(option), line._replace(is_whole=True)
        return [piece for one in options for piece in self._read(source, line, one, at)]

    def _read(
        self, source: Source, line: Default, option: Any, at: Config, adds: Sequence[Default] = ()
    ) -> list[Source]:
        """A file and what it names in turn; nothing of one that cannot be read, which is noted.

        Raises:
            ConfigError: there are too many, or hydra stops.

        """
        config = line.config(at, option)
        file = config.path if config.path.endswith(tuple(_SUFFIXES)) else f"{config.path}.yaml"
        place = f"{source.place((KEY,))}: {config.path} of hydra's defaults"
        if line.is_optional and not is_here(self.root, file):
            return []
        self._count(source)
        if not isinstance(option, str) or "${" in option or "???" in option:
            self.unread.append(ConfigError(f"{place} is not read", hint=_WAY))
            return []
        try:
            raw, found = self._opened(file, place)
        except ConfigError as error:
            text = f"{place} is not read: {str(error).rpartition(': ')[2]}"
            self.unread.append(ConfigError(text, hint=_WAY))
            return []
        header = _HEADER.match(raw)
        package = header[1].decode(errors="replace") if header else None
        config = line.config(at, option, header_package(package))
        if config.key:
            self._note_choice(config.key, option, place, is_leaf=not found.data.get(KEY))
        return self._pieces(_from_top(found, raw, config), config, adds)

    def _count(self, source: Source) -> None:
        """Count a file.

        Raises:
            ConfigError: there are too many.

        """
        self.count += 1
        if self.count > _MOST:
            raise ConfigError(f"{source.place((KEY,))}: more than {_MOST} files", hint="write it as one file")

    def _opened(self, file: str, place: str) -> tuple[bytes, Source]:
        """What stands in a file, and what it says: nothing, where all of it is comments."""
        raw = read_here(self.root, file, _SUFFIXES, place).raw
        is_empty = not _COMMENT.sub(b"", raw).strip()
        return raw, Source(file, "yaml", {}) if is_empty else open_beside(self.root, file)

    def _note_choice(self, key: str, option: Any, place: str, *, is_leaf: bool) -> None:
        """Stop where hydra does: at a group that is named again, with another option, or to no end."""
        if key in self.seen and (self.seen[key] != option or is_leaf):
            text = f"{place}: {key} is named before, and hydra stops"
            raise ConfigError(text, hint=f"take one of them out, or write override {key}: {option}")
        self.seen[key] = option


def _itself(source: Source, at: Config) -> Source:
    """What a file says itself, in its package."""
    return under(at.keys, replace(source, data=without(source.data, [KEY])))


def _from_top(source: Source, raw: bytes, at: Config) -> Source:
    """A file whose ``${.x}`` are as seen from the top, where its keys stand in a package."""
    if b"${." not in raw:
        return source
    text = read_text(raw, source.name, ".yaml", lenient=True)
    return replace(source, data=absolute(text.data, tuple(at.keys)))
