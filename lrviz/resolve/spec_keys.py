"""Which keys of a spec are the run's, and which its schedule's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.catalogue.roles import Role
from lrviz.resolve.keys import KEYS, RAMP_KEYS

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.notation.spec import Spec, Value

_LENGTHS = ("steps", "max_steps")
_OF_AN_EPOCH = ("steps_per_epoch", "batches_per_epoch", "dataset_len")


def split_keys(
    entry: Entry, spec: Spec, beside: Mapping[str, Value] | None = None
) -> tuple[dict[str, Value], dict[str, Value]]:
    """The schedule's own parameters, and the keys of the run.

    A key of the plan that is a factor of the schedule's length too says how long the run is only where
    nothing ``beside`` says its steps, or its epochs and what one of them has; epochs, and their length in
    ticks, are the schedule's own where a pace makes these; and its length is its own where the spec says the
    steps of the run as well.
    """
    is_said = _tells_length(beside or {})
    is_paced = spec.get("pace", (beside or {}).get("pace")) is not None
    is_apart = spec.get("steps") is not None and "steps" not in entry.params
    taken = (Role.TOTAL_FACTOR,) * is_said + (Role.EPOCH_STEPS, Role.RUN_EPOCHS) * is_paced
    taken += (Role.TOTAL,) * is_apart
    own: dict[str, Value] = {}
    run: dict[str, Value] = {}
    for name, value in spec.params:
        (run if is_of_run(entry, name, value, own=taken) else own)[name] = value
    return own, run


def _tells_length(values: Mapping[str, Value]) -> bool:
    """Whether values say how long a run is, without the spec."""
    said = {name for name, value in values.items() if value is not None}
    return not said.isdisjoint(_LENGTHS) or ("epochs" in said and not said.isdisjoint(_OF_AN_EPOCH))


def is_of_run(entry: Entry, name: str, value: Value, *, own: Container[Role] = ()) -> bool:
    """Whether a key beside the schedule's name is of the run, though its own parameter may be called so.

    ``own``: the roles of parameters that are no keys of the plan here. A share that is none of the run is one
    of its peak.
    """
    key, param = KEYS.get(name), entry.params.get(name)
    if key is None or param is None:
        return key is not None
    if key.in_plan:
        return param.role not in own
    return param.role is Role.FLOOR and isinstance(value, str) and value.endswith("%")


def is_heard(entry: Entry, name: str) -> bool:
    """Whether a key of the run says anything to a schedule.

    A lowest LR needs a parameter; so does the shape of a warmup where the schedule has its own.
    """
    has_warmup = bool(entry.of_roles(KEYS["warmup"].roles))
    needs_param = name == "min_lr" or (name in RAMP_KEYS and has_warmup)
    return not needs_param or bool(entry.of_roles(KEYS[name].roles))


def no_floor(hint: str) -> str:
    """The way out where a lowest LR is meant and the schedule has none."""
    return f"cosine_with_min_lr has a lowest LR: {hint}"
