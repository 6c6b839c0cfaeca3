"""What stands within a table that a reader hands on as it is, and that no row of its trainer's own reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.question import Asked
from lrviz.inputs.foreign.setting import Raw, literal, stops_at
from lrviz.inputs.foreign.unknown import unknown_within
from lrviz.notation.numbers import read_number
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.setting import Kind
    from lrviz.inputs.foreign.setting_values import Values
    from lrviz.notation.spec import Value


def known_table(run: Values, *path: str | int) -> Any:
    """What stands at a path, of which nothing may be unknown; its lists are tuples.

    Raises:
        PlanError: something is, and ``--given`` does not tell it.

    """
    value = run.raw(*path)
    if found := list(unknown_within(value)):
        raise run.question([], [Asked(one.names[0] if one.names else one.why, "", one) for one in found])
    return _with_tuples(value)


def read_value(run: Values, path: str, value: object, kind: Kind, *, like: object) -> Any:
    """A value that stands at a path, where the reader computes with it.

    Raises:
        ConfigError: it is not of that kind; the hint is one ``like`` it.

    """
    try:
        return kind(Raw(value, run.trainer.reads_text))
    except Unfit:
        place = run.lookup.place(tuple(path.split(".")))
        text = f"{place._replace(key='')}: {stops_at(run.title, path, value)}"
        raise ConfigError(text, hint=f"{path.rpartition('.')[2]}: {like}") from None


def read_known(
    run: Values, path: str, table: Mapping[str, object], kinds: Mapping[str, tuple[Kind, object]]
) -> dict[str, Any]:
    """A table in which those that the reader computes with are of their kinds, each with an example.

    What is given by its path, ``--given scheduler_conf.gamma=0.5``, wins over the table.

    Raises:
        ConfigError: one is not.

    """
    beside = {key: run.lookup.beside(f"{path}.{key}") for key in kinds}
    told = {key: one.value for key, one in beside.items() if one is not None and one.value is not None}
    table = {**table, **{key: literal(Raw(value)) for key, value in told.items()}}
    read = {
        key: read_value(run, f"{path}.{key}", table[key], kind, like=example)
        for key, (kind, example) in kinds.items()
        if key in table
    }
    return {**table, **read}


def with_numbers(value: Any) -> Value:
    """A value whose texts are numbers to its parser, ``1e-3``; a list is a tuple."""
    if isinstance(value, (list, tuple)):
        return tuple(map(with_numbers, value))
    found = read_number(value) if isinstance(value, str) else None
    return value if found is None else found


def _with_tuples(value: object) -> Any:
    if isinstance(value, dict):
        return {key: _with_tuples(one) for key, one in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, (list, tuple)) else value
