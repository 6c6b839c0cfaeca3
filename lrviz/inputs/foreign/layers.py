"""What lies above what: a command, the words of a file of its own, then the files of settings it names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.accelerate_config import with_launcher_config
from lrviz.inputs.foreign.beside import Opener, is_beside, read_beside
from lrviz.inputs.foreign.opening import PYTHON, data_source, open_beside
from lrviz.inputs.foreign.python.python_call import with_call
from lrviz.inputs.foreign.setting import switch
from lrviz.inputs.foreign.shared.hydra import chosen_groups, with_sweep, without_deleted
from lrviz.inputs.foreign.shell.abbreviations import with_full_names
from lrviz.inputs.foreign.shell.command import with_switches
from lrviz.inputs.foreign.source import Source, Word
from lrviz.inputs.words import SUFFIXES

if TYPE_CHECKING:
    from lrviz.inputs.foreign.trainer import ForeignTrainer


def layers_of(source: Source, trainer: ForeignTrainer) -> tuple[list[Source], list[ConfigError]]:
    """The sources that a trainer reads, the one that wins first; and why a base is not read.

    Raises:
        ConfigError: another file that is named may not be followed, or an option may be several.

    """
    unread: list[ConfigError] = []
    if source.language == "python" and trainer.calls:
        layers = [with_call(source, trainer.calls)]
    elif source.language == "command":
        layers, unread = _of_command(source, trainer)
    else:
        layers = [_under(trainer.within, source) if trainer.within else source]
    unread += _add_bases(layers, trainer)
    unread += chosen_groups(source) if source.language == "command" else []
    named = [layer if layer.language == "command" else trainer.read_file(layer) for layer in layers]
    return [_with_tables(layer, trainer.tables) for layer in trainer.merge(without_deleted(named))], unread


def _add_bases(layers: list[Source], trainer: ForeignTrainer) -> list[ConfigError]:
    opener = Opener()
    while base := _base_of(layers[-1], trainer):
        opener.enter(Path(layers[-1].name), str(layers[-1].place((trainer.base,))))
        try:
            layers.append(open_beside(layers[-1], base))
        except ConfigError as error:
            return [] if _holds_defaults(base, trainer) else [error]
    return []


def _base_of(source: Source, trainer: ForeignTrainer) -> str:
    """The file that one of settings names below it, if any."""
    base = source.data.get(trainer.base) if trainer.base else None
    return base if isinstance(base, str) else ""


def _holds_defaults(file: str, trainer: ForeignTrainer) -> bool:
    """Whether a file is the trainer's own, whose settings are its defaults."""
    return Path(file).name in trainer.defaults


def _of_command(source: Source, trainer: ForeignTrainer) -> tuple[list[Source], list[ConfigError]]:
    command = with_launcher_config(_read(source, trainer))
    values = [command.data[name] for name in trainer.files if name in command.data]
    named = [str(value[0] if isinstance(value, tuple) else value) for value in values]
    suffixes = {*SUFFIXES, PYTHON} if trainer.takes_python else SUFFIXES.keys()
    words = [word for word in command.words[1:] if Path(word).suffix.lower() in suffixes]
    named += [one for one in words if is_beside(command.folder, one) or not _holds_defaults(one, trainer)]
    beneath, unread = _beneath(command, list(dict.fromkeys(named)), trainer)
    return [command, *_args_file(command, trainer), *beneath], unread


def _beneath(
    command: Source, named: list[str], trainer: ForeignTrainer
) -> tuple[list[Source], list[ConfigError]]:
    """The files that a command names; one of the program's own repository need not be here."""
    found, unread = list[Source](), list[ConfigError]()
    for file in named:
        try:
            found.append(open_beside(command, file))
        except ConfigError as error:
            if not trainer.has_own_files:
                raise
            unread += [] if _holds_defaults(file, trainer) else [error]
    return found, unread


def _read(command: Source, trainer: ForeignTrainer) -> Source:
    switches = {name for one in trainer.settings if one.kind is switch for name in one.names}
    read = with_switches(command, {name.replace("-", "_") for name in switches})
    if trainer.dash:
        names = (name for one in trainer.settings for name in one.names)
        read = with_full_names(read, {name.replace("_", trainer.dash) for name in names}, {})
    return trainer.read_words(with_sweep(read))


def _args_file(command: Source, trainer: ForeignTrainer) -> list[Source]:
    """``train.args`` beside ``train.py``, which transformers' parser reads before the command."""
    script = Path(command.program)
    named = script.with_suffix(".args") if script.suffix == ".py" else None
    if not trainer.reads_args_file or named is None or not is_beside(command.folder, str(named)):
        return []
    found = read_beside(str(named), command.folder, frozenset({".args"}), command.name)
    words = tuple(Word.of(word) for word in decode(found.raw, found.name).split())
    return [_read(Source(found.name, "command", {}, argv=words, folder=command.folder), trainer)]


def _with_tables(source: Source, names: tuple[str, ...]) -> Source:
    """Files that stand for tables (``deepspeed: ds.json``) in their places; one that is not there is left.

    Text that begins with a brace is the table itself, in JSON.
    """
    for name in names:
        file = source.data.get(name)
        if isinstance(file, str) and file.startswith("{"):
            told = data_source(file.encode(), str(source.place((name,))), ".json", source.folder)
            source = replace(source, data={**source.data, name: told.data})
        elif isinstance(file, str) and is_beside(source.folder, file):
            table = _under(name, open_beside(source, file, source.place((name,))))
            source = replace(
                source,
                data={**source.data, **table.data},
                places={**source.places, **table.places},
                files=(*source.files, table.name),
            )
    return source


def _under(name: str, source: Source) -> Source:
    """A file as the table of a name."""
    places = {(name, *path): place for path, place in source.places.items()}
    return replace(source, data={name: source.data}, places=places)
