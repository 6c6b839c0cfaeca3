"""NeMo-RL's ``policy.scheduler``: torch's schedulers, stepped once for each step of the algorithm.

Source: NeMo-RL main of 2026-08, ``models/policy/dtensor_policy_worker.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.registry import catalogue
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.nearest import nearest
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec, Value

_PATH = ("policy", "scheduler")


class Clock(NamedTuple):
    """The times that the scheduler is stepped, the updates in each, and those that Megatron is made for.

    Megatron counts each of them ``counted`` times.
    """

    ticks: int
    updates: int
    scheduled: int
    counted: int = 1


def curve_of_torch(run: Settings, clock: Clock) -> Spec:
    """One scheduler, several one after another, or none."""
    found = run.raw(*_PATH)
    steps = clock.ticks * clock.updates
    keys: dict[str, Value] = {"lr": run["policy.optimizer.kwargs.lr"], "steps": steps}
    run.warmup = 0
    if not found:
        _check_absent(run)
        return run.curve("transformers.constant", **keys)
    if clock.updates > 1:
        keys["interval"] = clock.updates
    paths = [(*_PATH, i) for i in range(len(found))] if isinstance(found, (list, tuple)) else [_PATH]
    calls = [_call(run, path) for path in paths if run.raw(*path, "name") is not None]
    if isinstance(found, dict) and calls:
        _check_ends(run, calls, (), clock)
        return run.curve(f"torch.{calls[0].name}", dict(calls[0].params), **keys)
    ends = _milestones(run, paths)
    if not calls or ends is None:
        run.refuse(
            "policy.scheduler is neither a scheduler with a name nor a list of such with milestones",
            hint="name: torch.optim.lr_scheduler.LinearLR, kwargs: {total_iters: 50}",
        )
    _check_ends(run, calls, ends, clock)
    run.warmup = _warmup(calls, ends) * clock.updates
    return run.curve("torch.SequentialLR", schedulers=tuple(calls), milestones=ends, **keys)


def _milestones(run: Settings, paths: Sequence[KeyPath]) -> tuple[int, ...] | None:
    """Where the next of several schedulers begins; None where the list does not say it."""
    found = [ends for path in paths if (ends := run.raw(*path, "milestones")) is not None]
    last = found[-1] if found else None
    if not isinstance(last, (list, tuple)) or not all(isinstance(one, int) for one in last):
        return None
    return tuple(last)


def _check_absent(run: Settings) -> None:
    """Refuse a scheduler that stands there and is none; only one that does not is a constant LR.

    A key that is like it is said.

    Raises:
        ConfigError: it stands there.

    """
    policies = [source.data.get(_PATH[0]) for source in run.sources]
    if any(isinstance(policy, dict) and _PATH[1] in policy for policy in policies):
        run.refuse(
            "policy.scheduler is no scheduler, nor a list of such: NeMo-RL stops",
            hint="leave policy.scheduler out: the LR stays as it is",
        )
    keys = [str(key) for policy in policies if isinstance(policy, dict) for key in policy]
    if near := nearest(_PATH[1], keys, cutoff=0.8):
        text = f"policy.{near} is no setting of {run.title}: did you mean policy.scheduler?"
        run.warn("misspelt-key", f"{text} Without one the LR stays as it is")


def _call(run: Settings, path: KeyPath) -> Call:
    """A scheduler of torch and what it is given."""
    name, kwargs = str(run.raw(*path, "name")), run.raw(*path, "kwargs") or {}
    if f"torch.{name.rpartition('.')[2]}" not in catalogue() or not isinstance(kwargs, dict):
        run.refuse(
            f"the scheduler {name} is none of torch's with kwargs",
            hint="name: torch.optim.lr_scheduler.CosineAnnealingLR, kwargs: {T_max: 100}",
        )
    values = {key: run.raw(*path, "kwargs", key) for key in kwargs if key not in ("last_epoch", "verbose")}
    for key, value in values.items():
        if isinstance(value, Unknown):
            run.refuse(f"{key} of {name} is {value.why}", hint=f"{key}: 100")
    return Call(name.rpartition(".")[2], tuple((key, _value(value)) for key, value in values.items()))


def _value(value: object) -> Value:
    """A value as OmegaConf reads it: ``1e-3`` is a number."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_value, value))
    made: Value = literal(Raw(value))
    return made


def _warmup(calls: list[Call], ends: tuple[int, ...]) -> int:
    """The steps of a first scheduler that rises."""
    first = dict(calls[0].params)
    rises = calls[0].name == "LinearLR" and first.get("start_factor", 1 / 3) != first.get("end_factor", 1.0)
    return ends[0] if rises and ends else 0


def _check_ends(run: Settings, calls: list[Call], ends: tuple[int, ...], clock: Clock) -> None:
    """Compare a ``T_max`` written by hand with the steps that are left to it."""
    start = ends[-1] if ends else 0
    length = dict(calls[-1].params).get("T_max")
    if isinstance(length, int) and length != clock.ticks - start:
        more = "it rises again" if length < clock.ticks - start else "it does not reach its end"
        run.note(
            "length-differs",
            f"T_max={length}, and {clock.ticks - start} steps are left to the cosine: {more}",
        )
