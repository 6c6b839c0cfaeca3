"""A metric for schedules that move on one, where no recorded one is at hand: made up, and said so."""

from __future__ import annotations

import inspect
import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.errors import SpecError
from lrviz.notation.nearest import nearest
from lrviz.notation.numbers import is_number
from lrviz.notation.rendering import render_value
from lrviz.notation.spec import Call, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.engine.timeline import Rates

MOST = 10_000_000
"""More reports than this are not made up."""


def constant(n: int, *, value: float = 1.0) -> Rates:
    """One value at every report."""
    return np.full(n, value)


def improving(n: int, *, start: float = 1.0, factor: float = 0.95, until: float = 0.5) -> Rates:
    """``start * factor ** t`` up to the share ``until`` of all reports, then flat."""
    result: Rates = start * factor ** np.minimum(np.arange(n), math.floor(min(until * n, n)))
    return result


def noisy(  # noqa: PLR0913  (all but the first are keywords of the metric)
    n: int,
    *,
    start: float = 1.0,
    factor: float = 0.95,
    until: float = 0.5,
    noise: float = 0.05,
    seed: int = 0,
) -> Rates:
    """``improving`` times 1 + ``noise`` times a normal variate of numpy's ``default_rng(seed)``."""
    return improving(n, start=start, factor=factor, until=until) * (
        1.0 + noise * np.random.default_rng(seed).standard_normal(n)
    )


GENERATORS: Mapping[str, Callable[..., Rates]] = {
    make.__name__: make for make in (constant, improving, noisy)
}


def synthetic_metric(value: Value, reports: int) -> tuple[tuple[float, ...], str]:
    """The metric that ``value`` asks for, ``noisy`` or ``noisy(seed=3)``, and what it is in full.

    Raises:
        SpecError: an unknown kind or parameter, a value of the wrong type, too many reports, or one that
            is not finite.

    """
    name, params = metric_of(value)
    if reports > MOST:
        raise SpecError(f"a metric of {reports} reports is too long to make up", hint="<interval=epoch>")
    with np.errstate(all="ignore"):
        made = GENERATORS[name](reports, **params)
    text = f"{name}({','.join(f'{key}={render_value(one)}' for key, one in params.items())})"
    if not np.isfinite(made).all():
        raise SpecError(f"metric={text} is not finite", hint=f"<metric={name}>")
    return tuple(made.tolist()), text


def metric_of(value: Value) -> tuple[str, dict[str, int | float]]:
    """The kind of metric that ``value`` asks for, and all its parameters.

    Raises:
        SpecError: an unknown kind or parameter, or a value of the wrong type.

    """
    call = Call(value) if isinstance(value, str) else value
    if not isinstance(call, Call) or call.name not in GENERATORS:
        name = call.name if isinstance(call, Call) else render_value(value)
        way = nearest(name, GENERATORS) or "noisy"
        raise SpecError(f"metric={name} is none of {', '.join(GENERATORS)}", hint=f"<metric={way}>")
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(GENERATORS[call.name]).parameters.items()
        if name != "n"
    }
    return call.name, defaults | {name: _number(call.name, name, one, defaults) for name, one in call.params}


def _number(kind: str, name: str, value: Value, defaults: Mapping[str, int | float]) -> int | float:
    if name not in defaults:
        raise SpecError(f"metric={kind} has no {name!r}", hint=f"it has {', '.join(defaults)}")
    whole = isinstance(defaults[name], int)
    if not is_number(value) or (whole and isinstance(value, float)) or value < 0:
        what = "a whole number" if whole else "a number"
        raise SpecError(
            f"metric={kind}: {name} must be {what} from 0 on, got {render_value(value)}",
            hint=f"{name}={defaults[name]}",
        )
    return value
