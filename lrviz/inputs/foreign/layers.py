"""What lies above what: a command, the words of a file of its own, then the files of settings it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.accelerate_config import with_launcher_config
from lrviz.inputs.foreign.edited_script import with_set_options
from lrviz.inputs.foreign.hostfile import names_hosts, with_hosts
from lrviz.inputs.foreign.named_tables import with_tables
from lrviz.inputs.foreign.opening import defaults_of, open_beside
from lrviz.inputs.foreign.own_script import own_names
from lrviz.inputs.foreign.parsed_elsewhere import read_elsewhere
from lrviz.inputs.foreign.python.python_call import with_call, with_hidden
from lrviz.inputs.foreign.setting import switch
from lrviz.inputs.foreign.shared.bases import with_bases
from lrviz.inputs.foreign.shared.hydra import with_sweep, without_deleted
from lrviz.inputs.foreign.shared.hydra_defaults import KEY as DEFAULTS_LIST
from lrviz.inputs.foreign.shared.hydra_groups import with_groups
from lrviz.inputs.foreign.shell.abbreviations import refuse_other_dashes, with_full_names, with_full_words
from lrviz.inputs.foreign.shell.command import with_switches
from lrviz.inputs.foreign.source import DEFAULTS
from lrviz.inputs.foreign.unjoined_runs import with_separate_runs
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.words import is_settings_file
from lrviz.notation.text import few

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer


def layers_of(source: Source, trainer: ForeignTrainer) -> list[Source]:
    """The sources that a trainer reads, the one that wins first.

    Raises:
        ConfigError: another file that is named may not be followed, or an option may be several.

    """
    source = with_separate_runs(source, trainer)
    if source.language == "python" and trainer.calls:
        called = with_call(source, trainer.calls, trainer.calls_in(source))
        layers = [with_hidden(called, trainer.settings)]
    else:
        layers = _of_command(source, trainer) if source.language == "command" else [source]
    named = [layer if layer.language == "command" else trainer.read_file(layer) for layer in layers]
    composed = named if trainer.base_key == DEFAULTS_LIST else with_groups(named)
    kept = without_deleted(composed)
    layers = with_set_options(_with_bases(kept, trainer.base_key) if trainer.base_key else kept, trainer)
    return [with_tables(layer, trainer) for layer in trainer.layers(layers)]


def _with_bases(layers: list[Source], key: str) -> list[Source]:
    """The layers with what the last file names beneath it, above the defaults of a script."""
    defaults = [one for one in layers if one.language == DEFAULTS]
    return [*with_bases([one for one in layers if one.language != DEFAULTS], key), *defaults]


def _of_command(source: Source, trainer: ForeignTrainer) -> list[Source]:
    """A command, and the files that its options and its words name."""
    read = _read(source, trainer)
    command = with_launcher_file(read)
    values = [command.data[name] for name in trainer.files if name in command.data]
    named = [_file_of(value[0] if isinstance(value, tuple) else value, command) for value in values]
    words = [*filter(is_settings_file, command.words[1:])]
    files = dict.fromkeys((*named, *command.beneath, *words))
    elsewhere = read_elsewhere(command, trainer.setting_names)
    if elsewhere is not None:
        defaults = defaults_of(command, of_command=False)
        return [command, elsewhere, *([defaults] if defaults else [])]
    defaults = defaults_of(command)
    return [command, *(open_beside(command, file) for file in files), *([defaults] if defaults else [])]


def with_launcher_file(command: Source) -> Source:
    """A command with what a file of its launcher says: of hosts, or accelerate's own.

    Raises:
        ConfigError: the file may not be followed, or cannot be read.

    """
    return with_hosts(command) if names_hosts(command) else with_launcher_config(command)


def _file_of(value: object, command: Source) -> str:
    """The name of a file that an option says.

    Raises:
        ConfigError: a part of it is a variable that nobody sets.

    """
    if not isinstance(value, Unknown):
        return str(value)
    choices = [one for one in command.choices_of(value) if not set("*?[") & set(one)]
    ways = " ".join(f"--given {name}={(*choices, 'VALUE')[0]}" for name in value.names)
    also = f" (${value.names[0]}: one of {few(choices)})" if choices else ""
    text = f"{command.name}: which file {value.why} is cannot be known{also}"
    raise ConfigError(text, hint=ways or "write its name in its place")


def _read(command: Source, trainer: ForeignTrainer) -> Source:
    switches = {name for one in trainer.settings if one.kind is switch for name in one.names}
    if trainer.options and not own_names(command):
        command = with_full_words(command, trainer.options)
    read = with_switches(command, {name.replace("-", "_") for name in switches})
    if trainer.dash and not trainer.had_other_dash and not own_names(command):
        refuse_other_dashes(read, trainer.setting_names, trainer.dash, trainer.program or trainer.name)
    if trainer.dash and trainer.takes_beginnings:
        known = trainer.keys.names()
        own = {name for name in trainer.setting_names if name.partition(".")[0] not in known}
        names = (known | own) - trainer.keys.absent(read)
        read = with_full_names(read, {name.replace("_", trainer.dash) for name in names}, {})
    return trainer.read_words(with_sweep(read))
