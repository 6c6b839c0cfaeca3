"""A phase that begins at an LR: the one it finds, or one that is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.catalogue.names import find
from lrviz.engine.timeline import value_at_tick
from lrviz.errors import LrvizError, PlanError, SpecError
from lrviz.notation.numbers import lr_text
from lrviz.resolve.groups import GROUP_KEYS, SCALE_KEYS
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.notation.spec import Spec, Value
    from lrviz.resolve.resolved import Resolved
    from lrviz.resolve.stretches import Segment

SPENT = (*GROUP_KEYS, *SCALE_KEYS)
"""Keys of the run that are in the LRs which a phase finds."""
EQUAL = 1e-9
"""Share of an LR below which another is the same."""


def started(
    one: Segment, before: tuple[Segment, Resolved] | None, resolve: Callable[[Spec], Resolved]
) -> Resolved:
    """A phase, begun where it says and with its share of the LR.

    Raises:
        LrvizError: it has another start, an LR that cannot be scaled, or what resolving it raises.

    """
    if one.begins is not None:
        return begun_at(one.spec, _lrs(one, before), resolve)
    part = resolve(one.spec)
    return part if one.lr_factor == 1 else _scaled(one, part, resolve)


def _lrs(one: Segment, before: tuple[Segment, Resolved] | None) -> tuple[float, ...]:
    """The LR of each param group at which the phase begins."""
    if one.begins != "last":
        return (float(one.begins or 0) * one.lr_factor,)
    if before is None:
        raise SpecError("it is the first phase, and finds no LR to go on from", hint="<start_lr=1e-4>")
    segment, part = before
    return tuple(lr * one.lr_factor for lr in lrs_at(part, segment.stop - segment.start))


def lrs_at(run: Resolved, step: int) -> tuple[float, ...]:
    """The LR of each param group that a run has come to before a step."""
    return tuple(value_at_tick(group["lr"], step) for group in run.schedule.groups)


def begun_at(spec: Spec, lrs: tuple[float, ...], resolve: Callable[[Spec], Resolved]) -> Resolved:
    """A schedule that begins at these LRs: its base LR, or the start of the warmup to an LR that it says.

    Raises:
        LrvizError: it begins elsewhere, or what resolving it raises.

    """
    part = _given(spec, lrs, resolve)
    where = _elsewhere(part, lrs)
    if where is None:
        return part
    found, asked = map(lr_text, where)
    if found == asked:
        found, asked = map(repr, where)
    text = f"it begins at {found}, and cannot go on from {asked}"
    raise PlanError(text, hint=_way(spec, lrs, resolve))


def _given(spec: Spec, lrs: tuple[float, ...], resolve: Callable[[Spec], Resolved]) -> Resolved:
    """The schedule told where to begin, where it can be: one of points has its LRs in itself."""
    entry = find(spec.name)
    own_lr = spec.get("lr") is not None
    if not (entry.of_roles(KEYS["lr"].roles) or entry.takes_group):
        return resolve(spec)
    if own_lr and entry.of_roles(KEYS["warmup"].roles) and not entry.of_roles(KEYS["warmup_start"].roles):
        return resolve(spec)
    value: Value = lrs if len(lrs) > 1 else lrs[0]
    if own_lr and isinstance(value, tuple):
        text = f"{spec.name} has an lr of its own, and the param groups find several to warm up from"
        raise SpecError(text, hint="leave out its lr")
    key = "warmup_start" if own_lr else "lr"
    return resolve(replace(spec, params=(*spec.params, (key, value))))


def _elsewhere(part: Resolved, lrs: tuple[float, ...]) -> tuple[float, float] | None:
    """The LR at which a param group begins, and that at which it should; None where all do."""
    asked = lrs * max(1, len(part.schedule.groups) // len(lrs))
    for pair in zip(lrs_at(part, 0), asked, strict=True):
        if abs(pair[0] - pair[1]) > EQUAL * max(map(abs, pair)):
            return pair
    return None


def _way(spec: Spec, lrs: tuple[float, ...], resolve: Callable[[Spec], Resolved]) -> str:
    """What to change for it to begin there, tried out."""
    own = [param.name for param in find(spec.name).of_roles(KEYS["warmup"].roles)]
    warmup = next((key for key in (*own, "warmup_fraction") if spec.get(key) is not None), "warmup")
    said = [key for key in ("lr", *SPENT) if spec.get(key) is not None]
    flat = {**dict(spec.params), warmup: 0}
    out, still = f"leave out its {' and '.join(said)}", f"{warmup}=0 in it"
    for text, params, dropped in (
        (out, dict(spec.params), said),
        (still, flat, ()),
        (f"{still}, and {out}", flat, said),
    ):
        kept = tuple(item for item in params.items() if item[0] not in dropped)
        try:
            if _elsewhere(_given(replace(spec, params=kept), lrs, resolve), lrs) is None:
                return text
        except LrvizError:
            continue
    return "a schedule that begins at its LR, as linear does"


def _scaled(one: Segment, part: Resolved, resolve: Callable[[Spec], Resolved]) -> Resolved:
    """The phase with so many times its LR."""
    lrs = tuple(lr * one.lr_factor for lr in part.lrs)
    kept = tuple(item for item in one.spec.params if item[0] != "lr")
    value: Value = lrs if part.schedule.several else lrs[0]
    scaled = resolve(replace(one.spec, params=(*kept, ("lr", value))))
    if scaled.lrs != lrs:
        text = f"lr_factor works on lr, and {one.spec.name} is given its peak outright"
        raise SpecError(text, hint="give the peak as <lr=1e-3>")
    return scaled
