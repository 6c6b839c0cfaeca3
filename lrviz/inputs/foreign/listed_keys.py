"""Which keys a trainer has: its settings, those of its lists, and what else its command may say."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.python_script import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source


def names_of(run: Settings) -> tuple[frozenset[str], frozenset[str]]:
    """What the settings of this run are called, and what its trainer's lists have."""
    keys = run.trainer.keys
    lacks = keys.lacks(run)
    return run.trainer.setting_names - lacks, keys.names() - lacks


def is_known(run: Settings, key: str, layer: Source) -> bool:
    """Whether it is a setting or in a list; argparse takes beginnings, and ``+key=value`` adds one."""
    own, known = names_of(run)
    if layer.language == "command":
        is_own = not {name.replace("-", "_") for name in own}.isdisjoint(tables_around(key))
        takes = run.trainer.takes_beginnings
        is_added = layer.place((key,)).key.startswith("+")
        return is_own or is_added or _is_listed(key, known) or (takes and _is_begun(key, known, layer))
    heads = {name.partition(".")[0] for name in own if not _is_listed(name, known)} if known else set()
    is_own = key in own or _is_listed(key, known) or key.partition(".")[0] in heads
    return is_own or key == HIDDEN or is_attribute(key, layer)


def _is_listed(key: str, known: frozenset[str]) -> bool:
    """Whether a list has it, a table around it as a whole, more that is in it, or all that begin so."""
    if not known.isdisjoint(tables_around(key)) or any(one.startswith(f"{key}.") for one in known):
        return True
    return any(one.endswith("*") and key.startswith(one[:-1]) for one in known)


def tables_around(key: str) -> Iterator[str]:
    """The tables that a key stands in, and itself: ``a``, ``a.b``."""
    return accumulate(key.split("."), "{}.{}".format)


def _is_begun(key: str, known: frozenset[str], command: Source) -> bool:
    """Whether it is the beginning of an option, or the ``--no_`` of a switch."""
    begins = (key, key.removeprefix("no_"))
    return command.place((key,)).key.startswith("--") and any(one.startswith(begins) for one in known)


def is_open(key: str, layer: Source) -> bool:
    """Whether it is known by its whole table alone, or because an attribute may be anything."""
    return "." in key or is_attribute(key, layer)


def is_attribute(key: str, layer: Source) -> bool:
    """Whether a line behind the call sets it: ``args.name = …`` may be anything."""
    return any(key in one.changed and key not in one.keywords for one in layer.python.calls[:1])
