"""The words of Lightning's command line: values, ``null``, and tables, ``--trainer=tr.yaml``, key by key.

Source: jsonargparse 4.53.0 ``_core.py`` and ``_typehints.py``, which takes YAML for a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.opening import data_source, open_beside
from lrviz.inputs.foreign.shell.argv import read_options
from lrviz.inputs.words import is_settings_file
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrviz.inputs.foreign.shell.argv import Option
    from lrviz.inputs.foreign.source import Source

KNOWN = KnownKeys(("lightning",))
NAMES = ("config", "c")
COMMANDS = ("fit",)
"""Words for what it does, of which one trains."""
TABLES = ("trainer", "model", "data", "optimizer", "lr_scheduler")
CLASSES = ("optimizer", "lr_scheduler")
"""Tables of a ``class_path`` and its ``init_args``."""
_NULL = ("null", "~")


class Said(NamedTuple):
    """An option as it is set: the value of one name, its place among all, and whether it is said as such."""

    name: str
    value: Any
    at: int
    place: Place
    is_whole: bool


def path_of(name: str) -> Sequence[str]:
    """Where an option stands in a file: ``optimizer.lr`` in its ``init_args``."""
    first, *rest = name.split(".")
    if first in CLASSES and rest[:1] not in (["class_path"], ["init_args"]):
        return (first, "init_args", *rest) if rest else (first, "class_path")
    return (first, *rest)


def trains(source: Source) -> bool:
    """Whether ``fit`` stands in a command, or behind a file that is named before it."""
    behind = [value[-1] for value in map(source.data.get, NAMES) if isinstance(value, tuple)]
    return any(one in COMMANDS for one in (*source.words[1:], *behind))


def said_by(command: Source) -> list[Said]:
    """All options in their order, a table as its keys.

    Raises:
        ConfigError: a file that stands for a table cannot be read.

    """
    found = []
    for at, one in enumerate(read_options(command.argv).options):
        value = one.value
        if isinstance(value, tuple) and one.name in NAMES and value[-1] in COMMANDS:
            value = value[0]
        place, full = Place(command.name, one.line, one.written), _full_name(one, command)
        table = _table(command, full, value, place)
        pairs = dict(_leaves(table, full)) if table is not None else {full: _read(value)}
        found += [
            Said(name, each, at, place, table is None and each is not None) for name, each in pairs.items()
        ]
    return found


def _full_name(option: Option, command: Source) -> str:
    """The option that it is, or the one that begins so.

    Raises:
        ConfigError: it may be several, as a table may be that or its ``.help``.

    """
    begun = [one for one in sorted(KNOWN.names()) if one.startswith(option.name)]
    if option.name in (*begun, *TABLES) or not begun or not option.written.startswith("--"):
        return option.name
    if begun[1:] or begun[0] in TABLES:
        listed = ", ".join(f"--{one}" for one in (begun if begun[1:] else (*begun, f"{begun[0]}.help"))[:4])
        text = f"{option.written} is cut short, and may be {listed}: Lightning stops"
        raise ConfigError(f"{command.name}: {text}", hint=f"write --{min(begun, key=len)}")
    return begun[0]


def _read(value: Any) -> Any:
    return None if isinstance(value, str) and value in _NULL else value


def _table(command: Source, name: str, value: Any, place: Place) -> Mapping[str, Any] | None:
    """The table that a value is, or the file of one; None where it is another value."""
    if not isinstance(value, str) or name in NAMES:
        return None
    if value.startswith("{"):
        return data_source(value.encode(), str(place), ".yaml", command.folder).data
    is_file = name in TABLES and is_settings_file(value)
    return open_beside(command, value, place).data if is_file else None


def _leaves(table: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        name = f"{path}.{key}"
        if isinstance(value, dict) and value:
            yield from _leaves(value, name)
        else:
            yield name, value
