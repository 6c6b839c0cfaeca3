"""The functions among a schedule's parameters, which no checkpoint has: they are the new run's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.names import find, find_inner
from lrviz.catalogue.roles import Role
from lrviz.notation.spec import Call
from lrviz.resolve.resolved_again import resolved_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.catalogue.registry import Entry
    from lrviz.notation.spec import Params, Spec, Value
    from lrviz.resolve.resolved import Resolved

OVERWRITE = ("LambdaLR", "CyclicLR")
"""Schedulers of torch that compute the LR from their functions and base LR, whatever stands in the group."""


class Function(NamedTuple):
    """One of them, and the scheduler it is of."""

    owner: str
    value: Value


def functions_in(spec: Spec) -> list[Function]:
    """Those of the schedule itself and of all inside it, in the order written."""
    return list(_functions(find(spec.name), spec.params))


def with_functions_of(old: Resolved, new: Resolved) -> Resolved | None:
    """The old run with the functions of the new one; None where what it goes on from would count too."""
    mine, others = functions_in(old.spec), functions_in(new.spec)
    owners = [one.owner for one in mine]
    if owners != [one.owner for one in others] or not set(owners) <= set(OVERWRITE):
        return None
    values = iter([one.value for one in others])
    params = _replaced(find(old.spec.name), old.spec.params, values)
    return resolved_again(old, params)


def _functions(entry: Entry, params: Params) -> Iterator[Function]:
    for key, value in params:
        if _is_function(entry, key):
            yield Function(entry.name, value)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Call) and key in entry.params:
                yield from _functions(find_inner(entry, one.name), one.params)


def _replaced(entry: Entry, params: Params, values: Iterator[Value]) -> Params:
    """The parameters with other functions, in the same order."""

    def inside(value: Value) -> Value:
        if isinstance(value, tuple):
            return tuple(map(inside, value))
        if isinstance(value, Call):
            return Call(value.name, _replaced(find_inner(entry, value.name), value.params, values))
        return value

    return tuple(
        (key, next(values) if _is_function(entry, key) else inside(value) if key in entry.params else value)
        for key, value in params
    )


def _is_function(entry: Entry, key: str) -> bool:
    return key in entry.params and entry.params[key].role is Role.FUNCTION
