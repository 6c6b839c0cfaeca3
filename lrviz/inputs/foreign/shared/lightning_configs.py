"""The files of ``--config a.yaml -c b.yaml`` and the options between them: what stands later wins.

Source: lightning 2.6.6 ``pytorch/cli.py``; jsonargparse 4.53.0 ``_actions.py`` (``ActionConfigFile``), and
``_typehints.py`` (``discard_init_args_on_class_path_change``).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import lookup
from lrviz.errors import ConfigError
from lrviz.inputs.foreign.key_paths import leaves, value_at, without
from lrviz.inputs.foreign.known_keys import Fate
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.python.lightning_clis import Cli, cli_of
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.shared.lightning_links import linked, with_path
from lrviz.inputs.foreign.shared.lightning_words import CLASSES, COMMANDS, NAMES, path_of, said_by
from lrviz.inputs.foreign.shared.merged import lifted, over
from lrviz.inputs.foreign.shared.torch_optimizers import ARGUMENTS, default_lr
from lrviz.inputs.foreign.shell.argv import read_options
from lrviz.inputs.foreign.source import DEFAULTS, Source
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.notation.origin import Place

_OTHER_KIND = ("mode",)
"""Arguments that two schedulers of torch both take, and of which neither takes the other's values."""


def with_configs(command: Source) -> Source:
    """A command by its options one by one, and the files that it names, of which the last lies on top."""
    said = said_by(command)
    found = [one for one in said if one.name in NAMES]
    own = {one.name: one for one in said if one.name not in NAMES}
    others = {one.name for one in read_options(command.argv).options}
    data = {key: value for key, value in command.data.items() if key not in others}
    data |= {
        name: command.data.get(name, one.value) if one.is_whole else one.value for name, one in own.items()
    }
    places = dict(command.places) | {(name,): one.place for name, one in own.items()}
    if not found:
        return replace(command, data=data, places=places)
    names = [str(one.value) for one in found]
    places |= {("config",): found[-1].place}
    return replace(command, data={**data, "config": names[-1]}, places=places, beneath=tuple(reversed(names)))


def cli_of_script(command: Source) -> Cli | None:
    """What the script that a command starts, and that is here, makes of Lightning's command line."""
    found = script_of(command) if command.language == "command" else None
    return cli_of(found[1], command.folder / Path(command.words[0]).parent, found[0]) if found else None


def fate(first: Source, _layer: Source, _version: str) -> Fate:
    """Its parser stops at what is unknown; a script that is not here may have options of its own."""
    cli = cli_of_script(first)
    return Fate.DOUBTED if cli is None or cli.is_open else Fate.STOPS


def merged_configs(layers: list[Source]) -> list[Source]:
    """The options that no later file overrides, then all files as one, and below the script's defaults.

    Raises:
        ConfigError: a file has another optimizer than the one before, whose arguments nobody knows.

    """
    command, *below = layers
    cli = cli_of_script(command) or Cli()
    if command.language != "command":
        return [_with_tables(one, cli) for one in layers]
    names = tuple(dict.fromkeys(command.beneath))
    files = [_with_tables(one, cli) for one in below[: len(names)]]
    kept = _surviving(command, dict(zip(names, files, strict=True)))
    found = _merged([*files, *_defaults(cli)])
    others = [*below[len(names) :], *_own_options(cli, [kept, *found])]
    if not found:
        return [_with_arguments(kept, {}), *others]
    (lower,) = found
    lower = _for_classes(lower, {name: _class_in(kept, name) for name in CLASSES})
    for name in [name for name, value in kept.data.items() if value is None]:
        lower = replace(lower, data=without(lower.data, [name] if name in CLASSES else path_of(name)))
    kept, lower = linked(cli, kept, lower)
    return [_with_arguments(kept, lower.data), lower, *others]


def _merged(files: list[Source]) -> list[Source]:
    """All of them as one, the first on top."""
    if not files:
        return []
    *uppers, found = files
    for upper in reversed(uppers):
        found = over(upper, _for_classes(found, upper.data))
    return [found]


def _defaults(cli: Cli) -> list[Source]:
    """What the script has for what no file says, and links."""
    data: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    for name, value in cli.defaults.items():
        path = tuple(path_of(name))
        data = with_path(data, path, value)
        places[path] = cli.places[name]
    file = next((place.file for place in places.values()), cli.file)
    return [Source(file, DEFAULTS, data, places)] if data or cli.links else []


def _own_options(cli: Cli, layers: list[Source]) -> list[Source]:
    """The keys that the script's own options are, which say nothing of what Lightning does."""
    own = [key for layer in layers for key in leaves(layer.data) if key.partition(".")[0] in cli.added]
    return [Source(cli.file, DEFAULTS, dict.fromkeys(own))] if own else []


def _with_arguments(command: Source, below: Mapping[str, Any]) -> Source:
    """A command that gives arguments of the scheduler one by one, with all of them that the run has."""
    table, given = ("lr_scheduler", "init_args"), dict[str, Any]()
    names = [name for name in command.data if tuple(path_of(name))[:2] == table and path_of(name)[2:]]
    for name in names:
        value = command.data[name]
        given[path_of(name)[2]] = literal(Raw(value)) if isinstance(value, str) else value
    said = value_at(below, table)
    if not names or not (said is None or isinstance(said, dict)):
        return command
    data = {name: value for name, value in command.data.items() if name not in names}
    key = ".".join(table)
    places = {**command.places, (key,): command.place((names[0],))}
    return replace(command, data={**data, key: {**(said or {}), **given}}, places=places)


def _with_tables(file: Source, cli: Cli) -> Source:
    """A file in which ``optimizer: torch.optim.SGD`` is a table with that ``class_path``.

    So is one of arguments alone, whose class the script says. What is ``fit``'s stands in its table where a
    file is named before that word.
    """
    for name in COMMANDS:
        if isinstance(file.data.get(name), dict):
            file = lifted(file, name)
    texts = {
        name: {"class_path": file.data[name]} for name in CLASSES if isinstance(file.data.get(name), str)
    }
    for name in [one for one in CLASSES if _is_of_arguments(file.data.get(one))]:
        way = f"{name}.class_path"
        moved = {(name, "init_args", *rest): at for (one, *rest), at in file.places.items() if one == name}
        moved |= {(name, "class_path"): cli.places.get(way, file.place((name,)))}
        own = Unknown(f"the class that the script gives {name} its arguments of", (way,))
        table = {"class_path": cli.classes.get(name, own), "init_args": file.data[name]}
        file = file.saying({name: table}, moved)
    return file.saying(texts) if texts else file


def _is_of_arguments(table: object) -> bool:
    """Whether it has the arguments of a class that it does not name."""
    return isinstance(table, dict) and bool(table) and table.keys().isdisjoint(("class_path", "init_args"))


def _class_in(command: Source, name: str) -> dict[str, Any]:
    return {"class_path": command.data.get(f"{name}.class_path", command.data.get(name))}


def _for_classes(lower: Source, upper: Mapping[str, Any]) -> Source:
    """A file without the arguments that the classes above it do not take."""
    for name in CLASSES:
        old, new = (value_at(data, (name, "class_path")) for data in (lower.data, upper))
        args = value_at(lower.data, (name, "init_args"))
        for key in args if isinstance(args, dict) else ():
            if not _takes(name, new, old, key, lower):
                lower = replace(lower, data=without(lower.data, [name, "init_args", key]))
    return lower


def _takes(table: str, new: object, old: object, key: str, lower: Source) -> bool:
    """Whether the class that comes after another keeps an argument of that one."""
    if not isinstance(new, str) or not isinstance(old, str) or _short(new) == _short(old):
        return True
    if table == "optimizer":
        if key == "lr" and "." in new and not new.startswith("torch.optim."):
            raise ConfigError(
                f"{lower.place((table, 'init_args', key))}: whether {new} keeps the lr of {old} is not known",
                hint="say both in the last file: optimizer.class_path and optimizer.init_args.lr",
            )
        is_torchs = new.startswith("torch.optim.") or "." not in new
        return not (is_torchs and default_lr(_short(new)) is not None and key not in ARGUMENTS)
    entry = lookup(f"torch.{_short(new)}")
    return entry is None or (key in entry.params and key not in _OTHER_KIND)


def _short(path: str) -> str:
    return path.rpartition(".")[2]


def _surviving(command: Source, files: Mapping[str, Source]) -> Source:
    """The command without the options that a file behind them overrides."""
    said = said_by(command)
    last = {one.name: one.at for one in said}
    configs = [(one.at, files[str(one.value)]) for one in said if one.name in NAMES]
    gone: dict[str, str] = {}
    for name in command.data:
        later = [file for at, file in configs if at > last.get(name, len(command.argv))]
        overriding = next((one for one in reversed(later) if _says(one, path_of(name), command)), None)
        if overriding is not None and name != "config":
            gone[name] = f"--{name} stands before {overriding.name}, which says otherwise, and does not count"
    data = {name: value for name, value in command.data.items() if name not in gone}
    return replace(command, data=data, assumed=(*command.assumed, *gone.values()))


def _says(file: Source, path: Sequence[str], command: Source) -> bool:
    """Whether a file has a value at a path or in the place of its table, or another class without it."""
    table, kind, *rest = (*path, "")[:3] if len(path) > 1 else (*path, "", "")
    if table in CLASSES and kind == "init_args" and isinstance(file.data.get(table), dict):
        new, old = value_at(file.data, (table, "class_path")), _class_in(command, table)["class_path"]
        if rest[0] and not _takes(table, new, old, rest[0], command):
            return True
    data: Any = file.data
    for key in path:
        if not isinstance(data, dict):
            return True
        if key not in data:
            return False
        data = data[key]
    return True
