"""What a script of Lightning's command line links: the target is its source, whatever a file says.

Source: lightning 2.6.6 ``pytorch/cli.py``; jsonargparse 4.53.0 ``_link_arguments.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import lookup
from lrviz.errors import ConfigError
from lrviz.inputs.foreign.key_paths import value_at
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.shared.lightning_words import CLASSES, path_of
from lrviz.inputs.foreign.shared.merged import laid_over
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.inputs.foreign.python.lightning_clis import Cli, Link
    from lrviz.inputs.foreign.source import Source


def linked(cli: Cli, command: Source, lower: Source) -> tuple[Source, Source]:
    """A command and what lies below it, with the targets of all links as their sources are.

    Raises:
        ConfigError: the command says a target, which Lightning stops at.

    """
    for link in cli.links:
        if said := next((one for one in command.data if path_of(one) == path_of(link.target)), None):
            raise ConfigError(
                f"{command.place((said,))}: {link.place} links it to another value: Lightning stops",
                hint=f"write --{link.source} in its place" if link.source else f"take --{said} out",
            )
        if not _is_there(link, command, lower):
            continue
        path = tuple(path_of(link.target))
        value, said = _value(link, command, lower), value_at(lower.data, path)
        if said is not None and said != value:
            text = f"{link.place} links {link.source or 'another value'} to {link.target}"
            text += f": the one of {lower.place(path)} does not count"
            command = replace(command, assumed=(*command.assumed, text))
        places = {path[:2]: link.place, **lower.places, path: link.place}
        lower = replace(lower, data=with_path(lower.data, path, value), places=places)
    return command, lower


def with_path(data: Mapping[str, Any], path: Sequence[str], value: object) -> dict[str, Any]:
    """Tables that say a value at a path."""
    table: Any = value
    for key in reversed(path):
        table = {key: table}
    return dict(laid_over(table, data))


def _is_there(link: Link, command: Source, lower: Source) -> bool:
    """Whether a run has the target: a class that is not taken, or has no such argument, does not."""
    table, *rest = path_of(link.target)
    if table not in CLASSES:
        return True
    own = command.data.get(f"{table}.class_path", command.data.get(table))
    kind = own or value_at(lower.data, (table, "class_path"))
    entry = lookup(f"torch.{str(kind).rpartition('.')[2]}") if table == "lr_scheduler" else None
    return kind is not None and (entry is None or rest[-1] in entry.params)


def _value(link: Link, command: Source, lower: Source) -> Any:
    """What the source is; Unknown, by the name that tells it, where nothing says so."""
    path = path_of(link.source)
    found = next((one for name, one in command.data.items() if path_of(name) == path), None)
    if isinstance(found, str):
        found = literal(Raw(found))
    if found is None and link.source:
        found = value_at(lower.data, path)
    if found is None or isinstance(found, Unknown):
        return Unknown(f"what {link.place} links to it", (link.source or link.target,))
    return found
