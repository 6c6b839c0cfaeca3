"""The file of ``deepspeed --hostfile FILE``, which says how many processes its hosts have room for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import is_here, read_here
from lrviz.inputs.foreign.shell import deepspeed
from lrviz.inputs.foreign.shell.world import Said

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

_SUFFIXES = frozenset({"", ".txt"})


def names_hosts(source: Source) -> bool:
    """Whether the file of its launcher is one of hosts."""
    return _said(source).find(deepspeed.HOSTS) is not None


def with_hosts(source: Source) -> Source:
    """The same source, with the processes on its hosts where their file stands beside it.

    Raises:
        ConfigError: the file cannot be read.

    """
    file = source.launch.config
    if Path(file).suffix not in _SUFFIXES or not is_here(source, file):
        return source
    hosts = read_here(source, file, _SUFFIXES)
    world = deepspeed.processes_on(_said(source), decode(hosts.raw, hosts.name))
    return replace(source, launch=source.launch._replace(world=world), files=(*source.files, hosts.name))


def _said(source: Source) -> Said:
    return Said("deepspeed", source.launch.options, {}, source.name)
