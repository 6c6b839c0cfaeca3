"""ESPnet's ``CosineAnnealingWarmupRestarts`` as an expression: cosines, each with a warmup of its own.

Source: espnet 202511 ``schedulers/cosine_anneal_warmup_restart.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.notation.nearest import nearest

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

RESTARTS = "cosineannealingwarmuprestarts"
_ARGUMENTS = ("first_cycle_steps", "cycle_mult", "max_lr", "min_lr", "warmup_steps", "gamma", "last_epoch")
MOST_CYCLES = 50
"""Cycles of unequal lengths that are written out."""


def restarts(run: Settings, params: dict[str, Any], total: int) -> str:
    """Cycles, each from ``min_lr`` up to ``max_lr`` and down; the first update has min_lr.

    Raises:
        ConfigError: a cycle has no room for its warmup, there are too many, or it takes no such argument.

    """
    if strange := next((key for key in params if key not in _ARGUMENTS), ""):
        near = nearest(strange, _ARGUMENTS)
        text = f"{RESTARTS} takes no {strange}: it stops"
        run.refuse(text, hint=f"did you mean {near}?" if near else f"it takes {', '.join(_ARGUMENTS)}")
    low, warmup = params.get("min_lr", 0.001), params.get("warmup_steps", 0)
    top, gamma = params.get("max_lr", 0.1), params.get("gamma", 1.0)
    run.warmup = warmup or 1
    *earlier, (start, length) = _cycles(run, params, warmup, total)
    if params.get("cycle_mult", 1.0) == 1:
        which = f"(epoch // {length})"
        return _cycle(f"(epoch - {length} * {which})", low, f"{top} * {gamma} ** {which}", warmup, length)
    found = _cycle(f"(epoch - {start})", low, f"{top * gamma ** len(earlier)}", warmup, length)
    for cycle, (begin, lasts) in reversed([*enumerate(earlier)]):
        inside = _cycle(f"(epoch - {begin})", low, f"{top * gamma**cycle}", warmup, lasts)
        found = f"({inside} if epoch < {begin + lasts} else {found})"
    return found


def _cycle(at: str, low: float, high: str, warmup: int, length: int) -> str:
    fall = f"(1 + math.cos(math.pi * ({at} - {warmup}) / {length - warmup})) / 2"
    rise = f"{at} / {warmup} if {at} < {warmup} else " if warmup else ""
    return f"({low} + ({high} - {low}) * (0 if epoch == 0 else {rise}{fall}))"


def _cycles(run: Settings, params: dict[str, Any], warmup: int, total: int) -> list[tuple[int, int]]:
    """Where each cycle of the run begins, and its length; of equal ones the first alone."""
    length, mult = params.get("first_cycle_steps"), params.get("cycle_mult", 1.0)
    if not length or length <= warmup:
        run.refuse(
            f"{RESTARTS}: first_cycle_steps={length} is not above warmup_steps={warmup}: it stops",
            hint=f"--given scheduler_conf.first_cycle_steps={warmup + 1000}",
            at="scheduler",
        )
    found, start = [(0, length)], length
    while mult != 1 and start < total:
        length = int((length - warmup) * mult) + warmup
        if length <= warmup or len(found) == MOST_CYCLES:
            run.refuse(
                f"{RESTARTS}: with cycle_mult={mult} its cycles become too short or too many",
                hint="the nearest is torch.CosineAnnealingWarmRestarts",
                at="scheduler",
            )
        found.append((start, length))
        start += length
    return found
