"""The functions among a schedule's parameters: no checkpoint has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.catalogue.names import find, find_inner
from lrviz.catalogue.roles import Role
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.catalogue.registry import Entry
    from lrviz.notation.spec import Params, Spec, Value


def functions_in(spec: Spec) -> list[Value]:
    """Those of the schedule itself and of all inside it, in the order written."""
    return list(_functions(find(spec.name), spec.params))


def _functions(entry: Entry, params: Params) -> Iterator[Value]:
    for key, value in params:
        param = entry.params.get(key)
        if param is not None and param.role is Role.FUNCTION:
            yield value
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Call) and param is not None:
                yield from _functions(find_inner(entry, one.name), one.params)
