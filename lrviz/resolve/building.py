"""The schedule built of the parameters that it has in its run, for every param group."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.catalogue import build
from lrviz.catalogue.arguments import way_to_give
from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.errors import MissingParameterError, ScheduleError, SpecError, marked
from lrviz.notation.finding import Finding
from lrviz.resolve.keys import KEYS, key_of
from lrviz.resolve.starters import starter_of
from lrviz.resolve.synthetic import synthetic_metric

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.catalogue.schedule import Schedule
    from lrviz.resolve.run import Resolution


def build_schedule(run: Resolution, metrics: Sequence[float] | None) -> tuple[Schedule, list[Finding]]:
    """The schedule with its metric, recorded or made up, if it looks at one; and what to say of that.

    Raises:
        LrvizError: the framework refuses it, or two metrics are given.

    """
    kind = run.values.get("metric")
    if kind is not None and metrics is not None:
        raise SpecError("metric and metrics are both given", hint="leave one of them out")
    if kind is None and metrics is None:
        return _built(run, None), []
    with suppress(ScheduleError):  # one that moves on a metric is refused without
        idle = f"{run.entry.id} does not look at a metric: the one given changes nothing"
        return _built(run, None), [Finding("idle-key", "note", idle)]
    if kind is None:
        return _built(run, metrics), []
    made, text = synthetic_metric(kind, run.clock.total)
    text = f"metric made up: {text}, reported at the end of {len(made)} {run.clock.unit}"
    return _built(run, made), [Finding("synthetic-metric", "note", text)]


def _built(run: Resolution, metrics: Sequence[float] | None) -> Schedule:
    """The schedule of every param group; a framework without groups has one schedule for each."""
    entry = run.entry
    with _hints_of_a_run(run):
        schedules = [
            build.schedule(
                entry.id,
                params,
                lr=run.lr if entry.takes_group else None,
                default_lr=run.default_lr,
                optimizer=run.values.get("optimizer", "sgd"),
                metrics=metrics,
                dtype=run.values.get("dtype"),
                groups=[group.own for group in run.groups] if run.groups and entry.takes_group else None,
            )
            for params in _params_of_each(run)
        ]
    groups = tuple(group for schedule in schedules for group in schedule.groups)
    return replace(schedules[0], groups=groups, several=isinstance(run.lr, tuple))


def _params_of_each(run: Resolution) -> list[dict[str, Any]]:
    """The parameters of every schedule that is to be built: one, or one for each group."""
    if not run.is_one_each:
        return [run.params]
    roles = (Role.BASE_LR, *KEYS["min_lr"].roles)
    names = [
        param.name for param in run.entry.of_roles(roles) if isinstance(run.params.get(param.name), tuple)
    ]
    return [run.params | {name: run.params[name][i] for name in names} for i in range(len(run.groups))]


@contextmanager
def _hints_of_a_run(run: Resolution) -> Iterator[None]:
    """Parameters that are missing may be said to the run, if a key fills each, or as a share of it."""
    try:
        yield
    except MissingParameterError as error:
        keys, starter = [key_of(role) for role in error.roles], starter_of(find(error.schedule), run)
        error.lacks = tuple(
            lack._replace(key=key, value=KEYS[key].example)
            if key
            else lack._replace(value=starter.get(lack.key, lack.value))
            for key, lack in zip(keys, error.lacks, strict=True)
        )
        error.template = (
            marked({lack.key: lack.value for lack in error.lacks})
            if all(keys)
            else way_to_give(error.schedule, error.lacks)
        )
        raise
