"""Which steps of a run each of its phases has, some of them several times."""

from __future__ import annotations

import math
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.catalogue.nested import phase_end
from lrviz.errors import LrvizError, PlanError, SpecError
from lrviz.notation.durations import OfRest
from lrviz.notation.rendering import render_value
from lrviz.notation.spec import Call, Spec, Value
from lrviz.plan.budget_keys import BATCH_KEYS, PLAN_KEYS
from lrviz.resolve.phase_keys import PHASE_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrviz.notation.origin import Place
    from lrviz.plan.plan import Plan
    from lrviz.resolve.origins import Origins

EXAMPLE = "phase=LinearLR(total_iters=10,for=10),linear"
ENDS = ("until", "for")
ONCE = Fraction(1)


class Segment(NamedTuple):
    """One phase: what runs from step ``start`` up to ``stop``, and how its end was ``rounded``, if so.

    ``place`` is the one among the phases that are written; one that is repeated has several segments, the
    ``turn``-th with ``lr_factor`` of its LR. ``begins`` at an LR, or at the ``last`` one before it.
    """

    spec: Spec
    start: int
    stop: int
    rounded: tuple[str, ...] = ()
    place: int = 0
    lr_factor: float = 1.0
    begins: float | str | None = None

    def plan_keys(self, plan: Plan) -> dict[str, Value]:
        """The plan of this phase alone: the run's, as long as the phase is."""
        keys: dict[str, Value] = {
            key: plan.given[key] for key in (*BATCH_KEYS, "trainer") if key in plan.given
        }
        return {**keys, "steps": self.stop - self.start, "steps_per_epoch": plan.steps_per_epoch}


@contextmanager
def of_phase(index: int, said: Origins, name: str = "") -> Iterator[None]:
    """Say in a refusal what the phase is called, and where a file has it."""
    try:
        yield
    except LrvizError as error:
        if name:
            error.about(name)
        error.place = place_of(index, said)
        raise


def place_of(index: int, said: Origins) -> Place | None:
    """Where a file has a phase."""
    origin = said.get(f"phase[{index}].name")
    return origin.place._replace(key="") if origin and origin.place else None


def stretches(value: Value, plan: Plan, said: Origins) -> list[Segment]:
    """The phases in order; ``until`` is a step of the run, ``for`` a length, and the last goes on to the end.

    Raises:
        SpecError: no phase, one that is no schedule, or without an end before another.
        PlanError: one begins after the run's end, or ends before it begins.

    """
    calls = [_call(item) for item in (value if isinstance(value, tuple) else (value,))]
    if not calls:
        raise SpecError("phase is empty, and a run has one phase at least", hint=EXAMPLE)
    found: list[Segment] = []
    for i in range(len(calls)):
        start = found[-1].stop if found else 0
        with of_phase(i, said):
            found += _segments(calls, i, start, plan)
    return found


def _call(item: Value) -> Call:
    if isinstance(item, str):
        return Call(item)
    if not isinstance(item, Call):
        text = "none" if item is None else render_value(item)
        raise SpecError(f"a phase is written as a call, got {text}", hint=EXAMPLE)
    strange = [key for key, _ in item.params if key in PLAN_KEYS]
    if strange:
        raise SpecError(f"{strange[0]} belongs to the run, not to phase {item.name}", hint=EXAMPLE)
    return item


def _segments(calls: Sequence[Call], index: int, start: int, plan: Plan) -> Iterator[Segment]:
    """A phase as often as it comes.

    Raises:
        PlanError: nothing of the run is left for it; a longer one leaves something where no share is said.

    """
    call, is_last = calls[index], index == len(calls) - 1
    keys = read_phase_keys(call)
    place = f"phase {index + 1} ({call.name})"
    times = _times(keys, place)
    spec = Spec(call.name, tuple((key, inner) for key, inner in call.params if key not in PHASE_KEYS))
    begins = keys.get("start", keys.get("start_lr"))
    for turn in range(times):
        ends = ends_of(keys, start, plan, Fraction(str(keys.get("length_factor", 1))) ** turn)
        if start >= plan.total_steps:
            raise _no_room(calls[: index + 1], place, start, plan)
        steps = {key: end for key, (end, _) in ends.items()}
        stop = plan.total_steps if is_last and not ends else phase_end(place, start, steps)
        rounded = tuple(f"{key}: {note}" for key, (_, note) in ends.items() if note)
        factor = float(keys.get("lr_factor", 1.0)) ** turn
        yield Segment(spec, start, stop, rounded, index, factor, begins)
        start = stop


def _no_room(calls: Sequence[Call], place: str, start: int, plan: Plan) -> PlanError:
    """The refusal of the last of some phases, for which nothing of the run is left."""
    lengths = (str(text) for one in calls for key, text in one.params if key in ENDS)
    has_shares = any("%" in text for text in lengths)
    hint = "shorten what stands before it" if has_shares else f"<steps={start + 100}>"
    return PlanError(f"{place} begins at step {start}, and the run has {plan.total_steps}", hint=hint)


def read_phase_keys(call: Call) -> dict[str, Any]:
    """What a phase says beside its schedule's parameters.

    Raises:
        LrvizError: a key does not take its value, or two say where it begins.

    """
    params = dict(call.params)
    keys = {key: PHASE_KEYS[key].read(params[key]) for key in PHASE_KEYS if params.get(key) is not None}
    if "start" in keys and "start_lr" in keys:
        raise SpecError("start and start_lr are both given", hint="leave one of them out")
    return keys


def _times(keys: Mapping[str, Any], place: str) -> int:
    """How often a phase comes.

    Raises:
        SpecError: it is repeated, and does not say how long it is; or has factors, and is not repeated.

    """
    times: int = keys.get("times", 1)
    if "times" in keys and "for" not in keys:
        raise SpecError(f"{place} comes {times} times, and needs its length", hint="<for=100>")
    factors = [key for key in ("length_factor", "lr_factor") if key in keys]
    if factors and "times" not in keys:
        raise SpecError(f"{place} has {factors[0]}, and is not repeated", hint="<times=3>")
    return times


def ends_of(
    keys: Mapping[str, Any], start: int, plan: Plan, factor: Fraction = ONCE
) -> dict[str, tuple[int, str]]:
    """What a phase says of its end, each in steps, with a note where that rounds."""
    ends = {}
    for key in ENDS:
        if key in keys:
            span = keys[key]
            steps, note = _of_rest(span, start, plan) if isinstance(span, OfRest) else plan.ticks(span)
            ends[key] = (steps, note) if factor == 1 else _times_as_long(steps, factor)
    return ends


def _of_rest(span: OfRest, start: int, plan: Plan) -> tuple[int, str]:
    """A share of what the phases before leave of the run."""
    rest = max(plan.total_steps - start, 0)
    return _floor(rest * span.amount, f"{span.text}, of {rest},")


def _times_as_long(steps: int, factor: Fraction) -> tuple[int, str]:
    return _floor(steps * factor, f"{steps} steps times {float(factor):g}")


def _floor(exact: Fraction, text: str) -> tuple[int, str]:
    steps = math.floor(exact)
    return steps, "" if steps == exact else f"{text} is {steps}, the exact product is {float(exact):g}"
