"""A smaller case with the same kind of mismatch, so that it can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from live_case import Case


def shrunk(case: Case, still: Callable[[Case], bool]) -> Case:
    """Take things away from the case for as long as ``still`` holds."""
    for smaller in _smaller(case):
        if still(smaller):
            return shrunk(smaller, still)
    return case


def _smaller(case: Case) -> Iterator[Case]:
    """The case with one thing less."""
    for params in _simpler(case.params):
        yield replace(case, params=params)
    if isinstance(case.lr, list):
        yield from (replace(case, lr=lr) for lr in case.lr)
    if case.optimizer != "sgd_momentum":
        yield replace(case, optimizer="sgd_momentum")
    if case.lr is not None and case.lr not in (0.0, 1.0):
        yield replace(case, lr=1.0)
    for steps in (case.steps // 2, case.steps - 1):
        if 1 < steps < case.steps:
            yield replace(case, steps=steps)


def _simpler(params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in params.items():
        yield {key: other for key, other in params.items() if key != name}
        yield from ({**params, name: smaller} for smaller in _values(value))
    if "milestones" in params and len(params["milestones"]) == len(params.get("schedulers", [])) - 1:
        for i in range(len(params["milestones"])):  # a part goes with the milestone before or behind it
            fewer = _without(params["milestones"], i)
            for part in (i, i + 1):
                yield {**params, "milestones": fewer, "schedulers": _without(params["schedulers"], part)}


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from _simpler_part(value)
    elif isinstance(value, list):
        yield from (_without(value, i) for i in range(len(value)))
        for i, item in enumerate(value):
            yield from ([*value[:i], smaller, *value[i + 1 :]] for smaller in _values(item))


def _simpler_part(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """In the place of a nested scheduler one of its parts, a plain one, or itself with simpler arguments."""
    if "schedule" not in part:
        yield from _simpler(part)
        return
    yield from part["params"].get("schedulers", [])
    plain = {"schedule": "ExponentialLR", "params": {"gamma": 1}}
    if part["schedule"] != "ExponentialLR":
        yield plain
    yield from ({**part, "params": params} for params in _simpler(part["params"]))


def _without(items: list[Any], i: int) -> list[Any]:
    return [*items[:i], *items[i + 1 :]]
