"""What is wrong with a config: every fault, found before the first one is reported."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import find, id_within, lookup
from lrviz.catalogue.roles import Role
from lrviz.errors import UnknownScheduleError
from lrviz.inputs.config.expectations import faults_of_checks
from lrviz.inputs.config.fault import Fault, all_of, meant, unknown, wrong
from lrviz.inputs.config.reading import holds_tables, misread, mistyped
from lrviz.inputs.config.sweep import faults_of_sweep
from lrviz.inputs.config.tables import LISTED, SWEEP, TABLES, flat_keys, inside, is_flat, named
from lrviz.notation.nearest import nearest
from lrviz.resolve.keys import FROM, KEYS
from lrviz.resolve.phase_keys import PHASE_KEYS
from lrviz.resolve.spec_keys import is_of_run

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from lrviz.catalogue.registry import Entry, Framework
    from lrviz.inputs.config.document import Text
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.resolve.key import Key


_NAME = "<name=cosine> names a schedule"
_HEADS = "the tables are <plan>, <defaults>, <schedule>, <sweep>, <output> and <check>"


def check(text: Text) -> None:
    """Refuse a config with anything wrong in it.

    Raises:
        ConfigError: with the first faults in the order of lines, and their hints.

    """
    odd = [Fault(path, said, hint) for path, (said, hint) in text.odd.items()]
    read = [fault for fault in faults(text.data) if fault.path not in text.odd]
    found = sorted([*read, *odd], key=lambda fault: text.line(fault.path))
    if found:
        raise all_of(
            text.name,
            [
                (text.line(one.path), f"{text.place(one.path)}: {one.text}", text.style.render(one.hint))
                for one in found
            ],
        )


def faults(data: object) -> Iterator[Fault]:
    """Everything wrong with what a config says."""
    if not data:
        yield Fault((), "empty", _NAME)
        return
    if not isinstance(data, dict):
        yield wrong((), "keys and tables", data, _NAME)
        return
    if isinstance(data.get("schedule"), str) and "name" not in data:
        yield Fault(("schedule",), "a schedule is named by name", f"<name={data['schedule']}>")
        return
    yield from _tables(data)
    outside = flat_keys(data)
    strange = [key for key in outside if _is_strange(key, data)]
    for key in strange:
        yield Fault((key,), "unknown table", meant(key, [*TABLES, *LISTED, SWEEP]) or _HEADS)
    flat = {key: value for key, value in outside.items() if key not in strange}
    if not is_flat(data):
        yield from _beside(flat)
        yield from _schedules(data["schedule"])
    elif flat:
        yield from _schedule((), named(flat))
    elif not strange:
        yield Fault((), "no schedule", _NAME)


# --- tables ----------------------------------------------------------------------------------------------


def _tables(data: Mapping[str, object]) -> Iterator[Fault]:
    """What is wrong with those that are no schedules."""
    for name, keys in TABLES.items():
        if name in data:
            yield from _table((name,), data[name], keys)
    if "check" in data:
        yield from faults_of_checks(data["check"])
    if SWEEP in data:
        yield from _sweep(data)


def _table(path: KeyPath, table: object, keys: Mapping[str, Key]) -> Iterator[Fault]:
    if not isinstance(table, dict):
        yield wrong(path, "a table", table, f"head it with <{path[-1]}>")
        return
    for name, raw in table.items():
        inner = (*path, name)
        if name in keys:
            yield from misread(inner, keys[name], raw)
        else:
            yield unknown(inner, keys, raw, beside=table)


def _sweep(data: Mapping[str, Any]) -> Iterator[Fault]:
    """What several values are given to, each read as the schedules' own would be."""
    swept, listed = data[SWEEP], [flat_keys(data)] if is_flat(data) else data["schedule"]
    tables = [table for table in (listed if isinstance(listed, list) else ()) if isinstance(table, dict)]
    found = list(faults_of_sweep(swept, tables))
    yield from found
    if found:
        return
    entries = {entry.id: entry for table in tables if (entry := _found(named(table).get("name")))}
    for key, values in swept.items():
        of: dict[Fault, list[str]] = {}
        for raw, entry in product(values, entries.values()):
            for fault in _key((SWEEP, key), raw, entry, swept, of_run=True):
                of.setdefault(fault, []).append(entry.id)
        yield from (_about(fault, [one for one in entries if one in of[fault]], entries) for fault in of)


def _about(fault: Fault, having: Sequence[str], schedules: Collection[str]) -> Fault:
    """A fault of some of the schedules names them."""
    some = len(having) < len(schedules)
    return replace(fault, text=f"{', '.join(having)}: {fault.text}") if some else fault


def _is_strange(key: str, data: Mapping[str, object]) -> bool:
    """Whether a key holds a table that is neither one of a config's nor a parameter of its schedule."""
    if key in KEYS or not holds_tables(data[key]):
        return False
    name = named(data).get("name")
    entry = _found(name)
    return name is None or (entry is not None and key not in entry.params)


def _beside(flat: Iterable[str]) -> Iterator[Fault]:
    for key in flat:
        if key in ("name", *KEYS):
            way = "with <schedule>, every key stands in a table: <plan>, <defaults> or the schedule's own"
            yield Fault((key,), "outside a table, and there is [[schedule]]", way)
        else:
            yield unknown((key,), [*TABLES, *LISTED, SWEEP])


def _schedules(listed: object) -> Iterator[Fault]:
    if not isinstance(listed, list) or not listed:
        yield wrong(("schedule",), "a list of tables", listed, "head each schedule with <schedule>")
        return
    for i, table in enumerate(listed):
        path: KeyPath = ("schedule", i)
        known = isinstance(table, dict)
        yield from _schedule(path, named(table)) if known else [wrong(path, "a table", table, _NAME)]


def _schedule(path: KeyPath, table: Mapping[str, object], within: Framework | None = None) -> Iterator[Fault]:
    """A schedule; one ``within`` another has its framework and no keys of the run.

    What stands beside a name that means nothing is not judged.
    """
    name, entry = table.get("name"), None
    if name is None:
        likely = nearest("name", table)
        where = (*path, likely) if likely else path
        yield Fault(where, "unknown key" if likely else "name is missing", _NAME)
    elif not isinstance(name, str):
        yield wrong((*path, "name"), "text", name, _NAME)
        return
    else:
        try:
            entry = find(id_within(within, name) if within else name)
        except UnknownScheduleError as error:
            yield Fault((*path, "name"), error.message, error.template)
            return
    of_branch = PHASE_KEYS if within is None and FROM in table else {}
    for key in table:
        if key in of_branch:
            yield from misread((*path, key), of_branch[key], table[key])
        elif key != "name":
            yield from _key((*path, key), table[key], entry, table, of_run=within is None)


def _key(
    path: KeyPath, raw: Any, entry: Entry | None, beside: Mapping[str, Any], *, of_run: bool
) -> Iterator[Fault]:
    name = str(path[-1])
    key = KEYS.get(name) if of_run else None
    own = entry.params if entry else {}
    if key is not None and (entry is None or is_of_run(entry, name, raw)):
        yield from misread(path, key, raw, entry)
    elif entry and (name in own or name in entry.inert):
        yield from _param(path, raw, entry)
    elif entry is None and of_run and (hint := meant(name, KEYS)):
        yield Fault(path, "unknown key", hint)
    elif entry and (name not in entry.ignores or holds_tables(raw)):
        heads = (*TABLES, *LISTED, SWEEP) if len(path) == 1 else ()
        value = None if path[0] == SWEEP else raw  # one of several
        known = [*own, *(("name", *KEYS) if of_run else ()), *heads]
        yield unknown(path, known, value, entry, beside=beside)


def _found(name: object) -> Entry | None:
    return lookup(name) if isinstance(name, str) else None


# --- schedules within ----------------------------------------------------------------------------------


def _param(path: KeyPath, raw: object, entry: Entry) -> Iterator[Fault]:
    """A parameter of the schedule; some hold schedules themselves."""
    param = entry.params.get(str(path[-1]))
    if param and param.role is Role.SCHEDULES:
        yield from _nested(path, raw, partial(_schedule, within=entry.framework))
    elif param and param.role is Role.PHASES:
        yield from _nested(path, raw, _phase)
    else:
        yield from mistyped(path, raw, entry)


def _nested(
    path: KeyPath, raw: object, faults_of: Callable[[KeyPath, dict[str, Any]], Iterator[Fault]]
) -> Iterator[Fault]:
    """The schedules inside a schedule: a list of tables, or one."""
    for i, table in enumerate(raw if isinstance(raw, list) else [raw]):
        inner = (*path, i) if isinstance(raw, list) else path
        if isinstance(table, dict):
            yield from faults_of(inner, inside(table))
        else:
            yield wrong(inner, "a table", table, _NAME)


def _phase(path: KeyPath, table: dict[str, Any]) -> Iterator[Fault]:
    """A phase is a schedule with an end; how long the run is stands in [plan]."""
    ends = {name: raw for name, raw in table.items() if name in PHASE_KEYS}
    for name, raw in ends.items():
        yield from misread((*path, name), PHASE_KEYS[name], raw)
    of_run = [name for name in table if name in TABLES["plan"]]
    for name in of_run:
        yield unknown((*path, name), ())
    yield from _schedule(path, {key: raw for key, raw in table.items() if key not in (*ends, *of_run)})
