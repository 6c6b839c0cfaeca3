"""A rise by LinearLR, then another scheduler of torch, as SequentialLR joins them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identify.guess import Guess, Ratio, as_they_are
from lrviz.identify.shapes.stairs import stairs_down
from lrviz.identify.starting import falls, lengths_of, warmup_of
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lrviz.identify.guess import Numbers
    from lrviz.identify.seen import Seen
    from lrviz.notation.spec import Params

IS_GENERAL = True
START = {"start_factor": Ratio("lr")}
MINE = ("start_factor", "total_iters", "milestone", "lr")
"""Numbers that are not the second scheduler's."""


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """The second scheduler counts from where the first one ends."""
    if not (seen.rises and falls(seen)) or seen.start <= 0:
        return
    stairs = seen.where(seen.ticks >= seen.ticks[seen.top_at])
    if 1 < len(stairs.levels) < stairs.values.size / 2:
        yield from _then_stairs(seen, stairs)
        return
    for name, scaled, starts in _seconds(seen, total):
        for held in (False, True):  # the rise may be over before it is the other's turn
            both = [{**_first(seen, held=held), **start} for start in starts]
            yield Guess(
                "torch.SequentialLR", both, ("lr", "start_factor", *scaled), START, write=_joined(name)
            )


def _then_stairs(seen: Seen, stairs: Seen) -> Iterator[Guess]:
    """Stairs count from the end of the rise; those that are there tell where they begin."""
    warmup = warmup_of(seen)
    for guess in stairs_down(stairs.levels, begun=warmup):
        start = {"total_iters": warmup, **guess.starts[0]}
        name = {"step": "StepLR", "multistep": "MultiStepLR"}[guess.name]
        write = _joined(name, guess.write)
        yield Guess("torch.SequentialLR", [start], ("lr", "start_factor"), START, write=write, solved=True)


def _first(seen: Seen, *, held: bool) -> Mapping[str, float]:
    warmup = warmup_of(seen)
    return {"total_iters": max(1, warmup - held), **({"milestone": warmup} if held else {})}


def _seconds(
    seen: Seen, total: int | None
) -> Iterator[tuple[str, tuple[str, ...], list[Mapping[str, float]]]]:
    """Each scheduler that may follow, its LRs, and where to begin."""
    begun = warmup_of(seen)
    ends = [max(1, end - begun) for end in lengths_of(seen, total, begun=begun)]
    yield "CosineAnnealingLR", (), [{"T_max": end} for end in ends]
    yield "CosineAnnealingLR", ("eta_min",), [{"T_max": end} for end in ends]
    after = seen.where(seen.ticks >= begun)
    if after.values.size > 1 and after.values.min() > 0 and after.last > after.ticks[0]:
        gamma = float((after.values[-1] / after.values[0]) ** (1 / (after.last - after.ticks[0])))
        yield "ExponentialLR", (), [{"gamma": gamma}]
    yield "PolynomialLR", (), [{"total_iters_2": end, "power": 1.0} for end in ends]


def _joined(
    name: str, write_second: Callable[[Numbers], Params] = as_they_are
) -> Callable[[Numbers], Params]:
    def write(numbers: Numbers) -> Params:
        first = tuple((key, numbers[key]) for key in MINE[:2])
        second = write_second(
            {key.removesuffix("_2"): value for key, value in numbers.items() if key not in MINE}
        )
        return (
            ("lr", numbers["lr"]),
            ("schedulers", (Call("LinearLR", first), Call(name, second))),
            ("milestones", (numbers.get("milestone", numbers["total_iters"]),)),
        )

    return write
