"""What is wrong with one value of a config: found by reading it as a run would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.catalogue.arguments import check_values
from lrviz.catalogue.roles import Role
from lrviz.catalogue.values import DURATIONS, accepts, expected, sample
from lrviz.errors import LrvizError, ScheduleError
from lrviz.inputs.config.fault import Fault, shown, wrong
from lrviz.inputs.config.keys import LINES, value_of
from lrviz.notation.durations import parse_duration
from lrviz.resolve.convert import scales_at
from lrviz.resolve.groups import check_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.catalogue.registry import Entry, Param
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.notation.spec import Value
    from lrviz.resolve.key import Key


def misread(path: KeyPath, key: Key, raw: Any) -> Iterator[Fault]:
    """A key of the run is checked by reading it."""
    try:
        key.read(value_of(key.name, raw))
    except LrvizError as error:
        yield wrong(path, key.takes, raw, LINES.render(error.template))


def not_inert(path: KeyPath, raw: Any, entry: Entry) -> Iterator[Fault]:
    """A parameter that makes no curve, at a value that does nothing."""
    name = str(path[-1])
    try:
        check_values(entry, {name: value_of(name, raw)})
    except ScheduleError as error:
        yield wrong(path, " or ".join(map(shown, entry.inert[name])), raw, error.hint)


def unfit_groups(path: KeyPath, key: Key, raw: Any, entry: Entry | None) -> Iterator[Fault]:
    """Groups that can be read may hold what the framework does not look for; each phase says that itself."""
    if entry is None or key.name != "groups" or entry.by_role(Role.PHASES):
        return
    try:
        check_groups(entry, key.read(value_of(key.name, raw)) or ())
    except LrvizError as error:
        yield Fault(path, error.message, LINES.render(error.template))


def mistyped(path: KeyPath, raw: Any, param: Param, entry: Entry | None) -> Iterator[Fault]:
    """A parameter of the schedule; a duration may be text, a single value may stand for a list."""
    if param.role is Role.SCALES and raw is not None:
        if not _reads(scales_at, value_of(param.name, raw)):
            yield wrong(path, "a table of scales, {30 = 0.5}", raw, f"{param.name} = {{30 = 0.5}}")
        return
    value = None if holds_tables(raw) else _in_ticks(param, value_of(param.name, raw))
    fits = any(accepts(param, one) for one in (value, (value,))) or (
        param.role is Role.FUNCTION and not isinstance(value, tuple)
    )
    if raw is not None and (value is None or not fits):
        yield wrong(path, _kind(param), raw, LINES.render(f"<{param.name}={sample(entry, param)}>"))


def _kind(param: Param) -> str:
    if param.role not in DURATIONS:
        return expected(param)
    return f"{'a list of durations' if expected(param) == 'a list' else 'a duration'} (100, '6%', '2ep')"


def _in_ticks(param: Param, value: Value) -> Value:
    """A value with durations as ticks, as far as the type goes: which tick, only the run tells."""
    if isinstance(value, tuple):
        return tuple(_in_ticks(param, item) for item in value)
    is_span = param.role in DURATIONS and isinstance(value, (str, float)) and _reads(parse_duration, value)
    return 1 if is_span else value


def _reads(read: Callable[..., Any], value: Value) -> bool:
    """Whether ``read`` takes the value."""
    try:
        read(value, what="")
    except LrvizError:
        return False
    return True


def holds_tables(raw: Any) -> bool:
    """Whether it is a table, or a list with one."""
    return isinstance(raw, dict) or (isinstance(raw, list) and any(map(holds_tables, raw)))
