"""What is wrong with one value of a config: found by reading it as a run would."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.param_types import DURATIONS, expected, sample_like
from lrviz.catalogue.roles import Role
from lrviz.errors import LrvizError, UnfitError
from lrviz.inputs.config.fault import Fault, shown, wrong
from lrviz.inputs.config.tables import SWEEP, value_of
from lrviz.notation.spec import Call
from lrviz.plan.plan import Plan
from lrviz.resolve.clock import Clock
from lrviz.resolve.convert import AT_TICKS, Converter
from lrviz.resolve.groups import check_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.catalogue.registry import Entry, Param
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.notation.spec import Value
    from lrviz.resolve.key import Key

_ANY_RUN = Clock(Plan(steps=1_000_003, steps_per_epoch=1_009))
"""What a parameter is read in: whether it can be read does not depend on the run."""


def misread(path: KeyPath, key: Key, raw: object, entry: Entry | None = None) -> Iterator[Fault]:
    """A key of the run is checked by reading it, which knows best what is wrong inside a call."""
    value: Value = None
    try:
        value = value_of(key.name, raw)
        found = key.read(value)
        if key.name == "groups" and found and entry and not entry.by_role(Role.PHASES):
            check_groups(entry, found)  # phases say themselves what they do not look for
    except LrvizError as error:
        calls = any(isinstance(one, Call) for one in (value if isinstance(value, tuple) else (value,)))
        if calls and not isinstance(error, UnfitError):
            yield Fault(path, error.message, error.template)
        else:
            reads = partial(_reads, key)
            yield wrong(path, key.takes, raw, _as_sweep(path, raw, reads) or error.template)


def mistyped(path: KeyPath, raw: object, entry: Entry) -> Iterator[Fault]:
    """A parameter of the schedule is checked by reading it; what makes no curve has few values."""
    name = str(path[-1])
    param = entry.params.get(name)
    if _is_read(entry, name, raw):
        return
    if param:
        swept = _as_sweep(path, raw, partial(_is_read, entry, name))
        yield wrong(path, _kind(param), raw, swept or f"<{name}={sample_like(entry, param, raw)}>")
    else:
        yield wrong(path, " or ".join(map(shown, entry.inert[name])), raw, f"leave {name} out")


def _as_sweep(path: KeyPath, raw: Any, reads: Callable[[Any], bool]) -> str:
    """Several values of a key, each of which it takes, are a sweep; nothing where they are none."""
    typed = isinstance(raw, str) and raw.startswith("{") and raw.endswith("}")
    several = [one.strip() for one in raw[1:-1].split(",")] if typed else raw
    if SWEEP in path or not isinstance(several, list) or not several[1:] or not all(map(reads, several)):
        return ""
    return f"several values stand under <{SWEEP}>: <{path[-1]}={','.join(map(str, several))}>"


def _reads(key: Key, raw: object) -> bool:
    """Whether a key of the run takes the value."""
    try:
        key.read(value_of(key.name, raw))
    except LrvizError:
        return False
    return True


def _is_read(entry: Entry, name: str, raw: object) -> bool:
    """Whether the schedule takes the value for a parameter; a table can only be one of scales."""
    param = entry.params.get(name)
    if holds_tables(raw) and not (param and param.role in AT_TICKS):
        return False
    try:
        Converter(_ANY_RUN).params(entry, {name: value_of(name, raw)})
    except LrvizError:
        return False
    return True


def _kind(param: Param) -> str:
    if param.role not in DURATIONS:
        return expected(param)
    return f"{'a list of durations' if expected(param) == 'a list' else 'a duration'} (100, '6%', '2ep')"


def holds_tables(raw: object) -> bool:
    """Whether it is a table, or a list with one."""
    return isinstance(raw, dict) or (isinstance(raw, list) and any(map(holds_tables, raw)))
