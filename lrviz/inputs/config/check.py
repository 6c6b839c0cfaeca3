"""What is wrong with a config: every fault, found before the first one is reported."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.registry import Entry, Framework, Param, find
from lrviz.catalogue.roles import Role
from lrviz.catalogue.values import SPANS, accepts, expected
from lrviz.errors import ConfigError, UnknownScheduleError
from lrviz.inputs.config.keys import KINDS, TABLES, inside, named, reads, shown, value_of
from lrviz.notation.durations import parse_duration
from lrviz.plan.keys import PLAN_KEYS
from lrviz.resolve.convert import scales_at
from lrviz.resolve.keys import CHOICES, END_KEYS, RUN_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.config.text import Text
    from lrviz.notation.spec import Value


_NAME = 'name = "cosine" names a schedule'


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where, what, the nearest right key, or another way out."""

    path: KeyPath
    text: str
    near: str = ""
    way: str = ""


def check(text: Text) -> None:
    """Refuse a config with anything wrong in it.

    Raises:
        ConfigError: with every fault, in the order of lines, and one hint.

    """
    found = sorted(faults(text.data), key=lambda fault: text.line(fault.path))
    if not found:
        return
    near = list(dict.fromkeys(fault.near for fault in found if fault.near))
    ways = [fault.way for fault in found if fault.way][:1]
    lines = [f"{text.place(fault.path)}: {fault.text}" for fault in found]
    raise ConfigError(
        *lines, hint="; ".join([*([f"did you mean {', '.join(near)}?"] if near else []), *ways])
    )


def faults(data: Any) -> Iterator[Fault]:
    """Everything wrong with what a config says."""
    if not data:
        yield Fault((), "empty", way=_NAME)
        return
    if not isinstance(data, dict):
        yield Fault((), f"expected keys and tables, got {shown(data)}", way=_NAME)
        return
    for name, keys in TABLES.items():
        if name in data:
            yield from _table((name,), data[name], keys)
    strange = [key for key in data if _is_strange(key, data)]
    for key in strange:
        yield Fault((key,), "unknown table", nearest(key, [*TABLES, "schedule"]))
    flat = {key: value for key, value in flat_keys(data).items() if key not in strange}
    if "schedule" in data:
        yield from _beside(flat)
        yield from _schedules(data["schedule"])
    elif flat:
        yield from _schedule((), named(flat))
    elif not strange:
        yield Fault((), "no schedule", way=_NAME)


def flat_keys(data: Mapping[str, Any]) -> dict[str, Any]:
    """What stands outside all tables: a single schedule."""
    return {key: value for key, value in data.items() if key not in TABLES and key != "schedule"}


# --- tables ----------------------------------------------------------------------------------------------


def _table(path: KeyPath, table: Any, keys: tuple[str, ...]) -> Iterator[Fault]:
    if not isinstance(table, dict):
        yield _wrong(path, "a table", table)
        return
    for key, raw in table.items():
        yield from _run_key((*path, key), raw) if key in keys else [_unknown((*path, key), keys)]


def _is_strange(key: str, data: Mapping[str, Any]) -> bool:
    """Whether a key holds a table that is neither one of a config's nor a parameter of its schedule."""
    if key in (*TABLES, "schedule", *PLAN_KEYS, *RUN_KEYS) or not _holds_tables(data[key]):
        return False
    name = named(data).get("name")
    entry = _found(name)
    return name is None or (entry is not None and key not in entry.params)


def _holds_tables(raw: Any) -> bool:
    return isinstance(raw, dict) or (isinstance(raw, list) and any(map(_holds_tables, raw)))


def _beside(flat: Iterable[str]) -> Iterator[Fault]:
    known = ("name", *PLAN_KEYS, *RUN_KEYS)
    for key in flat:
        if key in known:
            way = "with [[schedule]], every key stands in a table: [plan], [defaults] or the schedule's own"
            yield Fault((key,), "outside a table, and there is [[schedule]]", way=way)
        else:
            yield _unknown((key,), [*TABLES, "schedule"])


def _schedules(listed: Any) -> Iterator[Fault]:
    if not isinstance(listed, list) or not listed:
        yield _wrong(("schedule",), "a list of tables", listed, way="head each schedule with [[schedule]]")
        return
    for i, table in enumerate(listed):
        path: KeyPath = ("schedule", i)
        known = isinstance(table, dict)
        yield from _schedule(path, named(table)) if known else [_wrong(path, "a table", table)]


def _schedule(path: KeyPath, table: Mapping[str, Any], within: Framework | None = None) -> Iterator[Fault]:
    """A schedule; one ``within`` another has its framework and no keys of the run."""
    name, entry = table.get("name"), None
    if name is None:
        likely = difflib.get_close_matches("name", table, n=1)
        yield Fault((*path, *likely), "unknown key" if likely else "name is missing", way=_NAME)
    elif not isinstance(name, str):
        yield _wrong((*path, "name"), "text", name)
    else:
        try:
            entry = find(f"{within.name}.{name.rpartition('.')[2]}" if within else name)
        except UnknownScheduleError as error:
            yield Fault((*path, "name"), error.message, way=error.hint)
    for key in table:
        if key != "name":
            yield from _key((*path, key), table[key], entry, of_run=within is None)


def _key(path: KeyPath, raw: Any, entry: Entry | None, *, of_run: bool) -> Iterator[Fault]:
    key = str(path[-1])
    own = entry.params if entry else {}
    if of_run and (key in PLAN_KEYS or (key in RUN_KEYS and key not in own)):
        yield from _run_key(path, raw)
    elif key in own:
        yield from _param(path, raw, own[key], entry)
    elif entry is None and of_run and (near := nearest(key, [*PLAN_KEYS, *RUN_KEYS])):
        yield Fault(path, "unknown key", near)
    elif entry and (key not in entry.ignores or _holds_tables(raw)):
        yield _unknown(path, [*own, *(("name", *PLAN_KEYS, *RUN_KEYS) if of_run else ())])


def _found(name: Any) -> Entry | None:
    try:
        return find(name) if isinstance(name, str) else None
    except UnknownScheduleError:
        return None


# --- values ----------------------------------------------------------------------------------------------


def _run_key(path: KeyPath, raw: Any) -> Iterator[Fault]:
    key = str(path[-1])
    kind, fits = KINDS[key]
    labelled = key == "groups" and _are_labelled(raw)
    strange = _holds_tables(raw) and not (labelled or (key == "metric" and "name" in raw))
    if raw is not None and (strange or not fits(value_of(key, raw))):
        yield replace(_wrong(path, kind, raw), near=nearest(str(raw), CHOICES.get(key, ())))


def _are_labelled(raw: Any) -> bool:
    return isinstance(raw, list) and all(isinstance(item, dict) and "label" in item for item in raw)


def _param(path: KeyPath, raw: Any, param: Param, entry: Entry | None) -> Iterator[Fault]:
    """A parameter of the schedule; a duration may be text, a single value may stand for a list."""
    if param.role is Role.SCHEDULES and entry is not None:
        yield from _nested(path, raw, partial(_schedule, within=entry.framework))
        return
    if param.role is Role.PHASES:
        yield from _nested(path, raw, _phase)
        return
    if param.role is Role.SCALES and raw is not None:
        if not reads(scales_at, value_of(param.name, raw), what=""):
            yield _wrong(path, "a table of scales, {30 = 0.5}", raw)
        return
    value = None if _holds_tables(raw) else _in_ticks(param, value_of(param.name, raw))
    fits = any(accepts(param, one) for one in (value, (value,))) or (
        param.role is Role.FUNCTION and not isinstance(value, tuple)
    )
    if raw is not None and (value is None or not fits):
        yield _wrong(path, _kind(param), raw)


def _nested(
    path: KeyPath, raw: Any, faults_of: Callable[[KeyPath, dict[str, Any]], Iterator[Fault]]
) -> Iterator[Fault]:
    """The schedules inside a schedule: a list of tables, or one."""
    for i, table in enumerate(raw if isinstance(raw, list) else [raw]):
        inner = (*path, i) if isinstance(raw, list) else path
        if isinstance(table, dict):
            yield from faults_of(inner, inside(table))
        else:
            yield _wrong(inner, 'a schedule, {name = "LinearLR", …}', table)


def _phase(path: KeyPath, table: dict[str, Any]) -> Iterator[Fault]:
    """A phase is a schedule with an end; how long the run is stands in [plan]."""
    ends = {key: raw for key, raw in table.items() if key in END_KEYS}
    for key, raw in ends.items():
        if not reads(parse_duration, value_of(key, raw), what=""):
            yield _wrong((*path, key), KINDS["warmup"][0], raw)
    of_run = [key for key in table if key in PLAN_KEYS]
    for key in of_run:
        yield Fault((*path, key), "belongs in [plan]")
    yield from _schedule(path, {key: raw for key, raw in table.items() if key not in (*ends, *of_run)})


def _kind(param: Param) -> str:
    if param.role not in SPANS:
        return expected(param)
    return f"{'a list of durations' if expected(param) == 'a list' else 'a duration'} (100, '6%', '2ep')"


def _in_ticks(param: Param, value: Value) -> Value:
    """A value with durations as ticks, as far as the type goes: which tick, only the run tells."""
    if isinstance(value, tuple):
        return tuple(_in_ticks(param, item) for item in value)
    is_span = (
        param.role in SPANS and isinstance(value, (str, float)) and reads(parse_duration, value, what="")
    )
    return 1 if is_span else value


# --- words -----------------------------------------------------------------------------------------------


def _unknown(path: KeyPath, known: Iterable[str]) -> Fault:
    key = str(path[-1])
    home = next((f"[{table}]" for table, keys in TABLES.items() if key in keys), "")
    if home:
        return Fault(path, f"belongs in {home}")
    return Fault(path, "unknown key", nearest(key, known))


def _wrong(path: KeyPath, kind: str, raw: Any, way: str = "") -> Fault:
    return Fault(path, f"expected {kind}, got {shown(raw)}", way=way)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like it, or nothing."""
    return next(iter(difflib.get_close_matches(word, known, n=1)), "")
