"""The LR of each param group, listed or decaying from layer to layer; an LR scaled with the batch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.catalogue.param_types import check_group
from lrviz.catalogue.roles import Role
from lrviz.errors import PlanError, SpecError
from lrviz.notation.durations import Duration, parse_duration
from lrviz.notation.numbers import is_number, lr_text
from lrviz.notation.rendering import render_value
from lrviz.notation.spec import Call, Value
from lrviz.notation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.plan.plan import Plan

GROUP_KEYS = ("groups", "layer_decay", "layers")
LR_KEYS = ("scale", "lr")
START = "start"
SCALE_KEYS = ("scale_lr", "base_batch_size")
MOST_LAYERS = 1000
_EXAMPLE = "<groups=backbone(scale=0.1),head(lr=1e-3)>"


class ParamGroup(NamedTuple):
    """A named param group, whose LR is ``scale`` times that of the run, or ``lr``; 0 before its ``start``.

    ``own`` is what else it holds for its framework's scheduler.
    """

    label: str
    scale: float | None = None
    lr: float | None = None
    start: Duration | None = None
    own: Mapping[str, float] = {}

    def of(self, lr: float) -> float:
        """Its LR in a run of LR ``lr``, for the optimizer."""
        return self.lr if self.lr is not None else lr * (1.0 if self.scale is None else self.scale)

    @property
    def beside_lr(self) -> dict[str, str]:
        """What it says but ``lr``, as text."""
        said = {"scale": self.scale, **self.own}
        texts = {key: lr_text(value) for key, value in said.items() if value is not None}
        return texts | ({"start": self.start.text} if self.start else {})

    @property
    def moves_lr(self) -> bool:
        """Whether it says the optimizer's LR."""
        return self.lr is not None or self.scale is not None

    def own_lr(self, entry: Entry) -> float | None:
        """The LR that it says itself, in whichever key."""
        return self._value(entry, Role.BASE_LR) if self.lr is None else self.lr

    def base(self, entry: Entry, lr: float) -> float:
        """The LR that the scheduler computes with, in a run of LR ``lr``."""
        own = self._value(entry, Role.BASE_LR)
        return self.of(lr) if own is None else own

    def peak(self, entry: Entry, lr: float) -> float:
        """What the scheduler makes of that."""
        scale = self._value(entry, Role.GROUP_SCALE)
        return self.base(entry, lr) * (1.0 if scale is None else scale)

    def _value(self, entry: Entry, role: Role) -> float | None:
        param = entry.by_role(role)
        return None if param is None else self.own.get(param.name)


def read_groups(_: object, value: Value) -> tuple[ParamGroup, ...]:
    """The groups that the key ``groups`` names.

    Raises:
        SpecError: a group is none, or two have one name.

    """
    return _distinct(tuple(map(_group, value if isinstance(value, tuple) and value else (value,))))


def groups_of(values: Mapping[str, Any]) -> tuple[ParamGroup, ...]:
    """The groups that ``groups``, or ``layer_decay`` and ``layers``, speak of; none where nothing is said.

    Raises:
        SpecError: both are given, or one is incomplete.

    """
    given = [key for key in GROUP_KEYS if key in values]
    if len(given) > 1 and "groups" in given:
        raise SpecError("groups and layer_decay are both given", hint="leave one of them out")
    if not given:
        return ()
    if given == ["groups"]:
        found: tuple[ParamGroup, ...] = values["groups"]
        return found
    if len(given) == 1:
        missing = "layers" if given == ["layer_decay"] else "layer_decay"
        decay, layers = values.get("layer_decay", 0.75), values.get("layers", 12)
        raise SpecError(f"{missing} is missing", hint=f"<layer_decay={decay}> <layers={layers}>")
    return layer_groups(values["layer_decay"], values["layers"])


def check_groups(entry: Entry, groups: tuple[ParamGroup, ...]) -> None:
    """Refuse groups with keys that the schedule's framework does not look for.

    Raises:
        LrvizError: a group has one, or says its LR twice.

    """
    for group in groups:
        check_group(entry, f"group {group.label!r}", group.own, (START, *LR_KEYS))
        base = entry.by_role(Role.BASE_LR)
        if base is not None and base.name in group.own and group.moves_lr:
            raise SpecError(
                f"group {group.label!r} says its LR twice, once as {base.name}", hint="leave one of them out"
            )


def layer_groups(decay: float, layers: int) -> tuple[ParamGroup, ...]:
    """An embedding, ``layers`` blocks and a head: group i of n has the scale ``decay ** (n - 1 - i)``.

    As layer-wise LR decay is done for transformers (ELECTRA, BEiT, timm's ``param_groups_layer_decay``).
    """
    labels = ["embedding", *(f"block {i}" for i in range(1, layers + 1)), "head"]
    last = len(labels) - 1
    return tuple(ParamGroup(label, decay ** (last - i)) for i, label in enumerate(labels))


def _group(item: Value) -> ParamGroup:
    if not isinstance(item, Call):
        raise SpecError(f"a group is written as a call, got {render_value(item)}", hint=_EXAMPLE)
    if not item.name:
        raise SpecError("a group has no label", hint=_EXAMPLE)
    if not item.params or set(LR_KEYS) <= {key for key, _ in item.params}:
        raise SpecError(f"group {item.name!r} needs a scale or an lr, one of the two", hint=_EXAMPLE)
    params = dict(item.params)
    start = params.pop(START, None)
    given = {key: _from_zero(item.name, key, value) for key, value in params.items()}
    of_run = {key: given.pop(key) for key in LR_KEYS if key in given}
    return ParamGroup(one_line(item.name), **of_run, start=_start(item.name, start), own=given)


def _start(group: str, value: Value) -> Duration | None:
    """The step from which a group is trained."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        text = f"group {group!r}: start must be a duration, got {render_value(value)}"
        raise SpecError(text, hint="<groups=body(scale=1),head(lr=1e-3,start=1000)>")
    return parse_duration(value, what=f"group {group!r}: start")


def _from_zero(group: str, key: str, value: Value) -> float:
    if not is_number(value) or value < 0:
        raise SpecError(
            f"group {group!r}: {key} must be a number from 0 on, got {render_value(value)}", hint=_EXAMPLE
        )
    return float(value)


def _distinct(groups: tuple[ParamGroup, ...]) -> tuple[ParamGroup, ...]:
    labels = [group.label for group in groups]
    twice = [label for label in labels if labels.count(label) > 1]
    if twice:
        raise SpecError(f"two groups are called {twice[0]!r}", hint=_EXAMPLE)
    return groups


def batch_factor(values: Mapping[str, Any], plan: Plan) -> tuple[float, str]:
    """What ``scale_lr`` multiplies the LR with, and how it came about; 1 and nothing where it is not given.

    ``batch_size * grad_accum * world_size / base_batch_size``, or its square root.

    Raises:
        SpecError: an unknown rule, or half of what it needs.
        PlanError: the batch size of the run is unknown.

    """
    rule, size = (values.get(key) for key in SCALE_KEYS)
    batch = plan.samples_per_step
    if rule is None and size is None:
        return 1.0, ""
    if rule is None or size is None:
        missing = "base_batch_size" if size is None else "scale_lr"
        way = f"<scale_lr={rule or 'linear'}> <base_batch_size={size or 256}>"
        batch_size = "" if batch else " <batch_size=32>"
        raise SpecError(f"{missing} is missing", hint=f"{way}{batch_size}")
    if batch is None:
        raise PlanError("scale_lr needs the batch size", hint="<batch_size=32>")
    ratio = batch / size
    product = f"{plan.batch_size} × {plan.grad_accum} × {plan.world_size} = {batch}"
    text = f"batch × accumulation × world = {product}, against {size}"
    if rule == "linear":
        return ratio, f"lr × {lr_text(ratio)} ({text})"
    return math.sqrt(ratio), f"lr × sqrt({lr_text(ratio)}) = lr × {lr_text(math.sqrt(ratio))} ({text})"
