"""How many processes ``deepspeed`` starts, by its options and the slots of its hosts.

Source: deepspeed 0.19.6, ``launcher/runner.py``.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.world import DEVICES, WHOLE, product, visible_devices
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.word import Word

SWITCHES = (
    "module no_python no_local_rank no_ssh no_ssh_check force_multi save_pid bind_cores_to_rank "
    "elastic_training q quiet h help"
)
HOSTS = "hostfile H"
_INCLUDE, _EXCLUDE, _NODES, _GPUS = "include i", "exclude e", "num_nodes", "num_gpus num_accelerators"
_STOPS = "where deepspeed stops"
_HOST = re.compile(r"(\S+)\s+slots=(\d{1,9})")


def processes(said: Said) -> Count:
    """Those of its options, where the file of its hosts is not there."""
    if found := said.find(_INCLUDE):
        return _included(said, *found)
    nodes, hosts = said.find(_NODES), said.find(HOSTS)
    if hosts and nodes is None:
        written, file = hosts
        return Unknown(f"the slots of {said.launcher} {written} {file.text}")
    if said.find(_GPUS):
        return product(said, (_GPUS, None), (_NODES, 1))
    devices = visible_devices(said.env)
    if nodes is None and devices:
        return said.given(devices, (DEVICES, said.env[DEVICES]))
    return said.unknown("--num_gpus")


def processes_on(said: Said, hosts: str) -> Count:
    """Those on the hosts of its file, ``worker-0 slots=8`` in each line."""
    slots = _slots(hosts)
    filters = [one for one in map(said.find, (_INCLUDE, _EXCLUDE)) if one]
    counts = [one for one in map(said.find, (_NODES, _GPUS)) if one]
    if not slots:
        return Unknown(f"its hosts are not one HOST slots=N in each line, {_STOPS}")
    if len(filters) > 1 or (filters and counts):
        (first, _), (second, _), *_ = (*filters, *counts)
        return Unknown(f"{first} beside {second}, {_STOPS}")
    if include := said.find(_INCLUDE):
        return _included(said, *include, slots)
    exclude = said.find(_EXCLUDE)
    return _excluded(said, *exclude, slots) if exclude else _first(said, slots)


def _slots(text: str) -> dict[str, int]:
    """The slots of each host, none where a line says nothing of them, or names a host again."""
    lines = [line.strip() for line in text.splitlines()]
    found = [_HOST.match(line) for line in lines if line and not line.startswith("#")]
    slots = {one[1]: int(one[2]) for one in found if one}
    return slots if len(slots) == len(found) else {}


def _first(said: Said, slots: Mapping[str, int]) -> Count:
    """All slots of the first hosts, or as many on each as is said, though it may have fewer."""
    nodes, gpus = product(said, (_NODES, None)), product(said, (_GPUS, None))
    if isinstance(nodes, Unknown) or isinstance(gpus, Unknown):
        return nodes if isinstance(nodes, Unknown) else gpus
    used = list(islice(slots.values(), nodes.value if nodes else None))
    by = filter(None, map(said.find, (HOSTS, _NODES, _GPUS)))
    return said.given(gpus.value * len(used) if gpus else sum(used), *by)


def _included(said: Said, written: str, word: Word, slots: Mapping[str, int] | None = None) -> Count:
    """``host1:0,1@host2:2``: devices of hosts.

    A host alone is all of its devices, and from deepspeed 0.15.3 on none.
    """
    value = word.value
    if isinstance(value, Unknown):
        return Unknown(f"{written} {value.why}", value.names)
    named = _named(value)
    if slots is not None and not named.keys() <= slots.keys():
        return Unknown(f"{written} {value}, {_STOPS}")
    if not all(listed and all(map(WHOLE.fullmatch, listed)) for listed in named.values()):
        return Unknown(f"{written} {value}")
    return said.given(sum(map(len, named.values())), (written, word))


def _excluded(said: Said, written: str, word: Word, slots: Mapping[str, int]) -> Count:
    """All slots but these; a host alone is all of its own."""
    value = word.value
    if isinstance(value, Unknown):
        return Unknown(f"{written} {value.why}", value.names)
    left = dict(slots)
    for host, listed in _named(value).items():
        if not all(WHOLE.fullmatch(slot) and int(slot) < left.get(host, 0) for slot in listed or "0"):
            return Unknown(f"{written} {value}, {_STOPS}")
        left[host] -= len(listed) or left[host]
    by = filter(None, map(said.find, (HOSTS, _EXCLUDE)))
    return said.given(sum(left.values()), *by)


def _named(value: str) -> dict[str, set[str]]:
    """The slots of each host that an option names, none of a host alone."""
    named: dict[str, set[str]] = {}
    for host, colon, listed in (one.partition(":") for one in value.split("@")):
        named.setdefault(host, set()).update(listed.split(",") if colon else ())
    return named
