"""A scheduler of torch that rises or stays, then another one, as SequentialLR joins them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from lrviz.identification.guess import Guess, Ratio, as_they_are
from lrviz.identification.shapes import warm_again
from lrviz.identification.shapes.stairs import stairs_down
from lrviz.identification.starting import factor_of, falls, lengths_of, warmup_of
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lrviz.identification.guess import Numbers
    from lrviz.identification.seen import Seen
    from lrviz.notation.spec import Params

IS_GENERAL = True


class First(NamedTuple):
    """The first scheduler, over where it is the other's turn, and the key of the share it begins with."""

    name: str
    begun: int
    share: str = ""
    is_held: bool = False

    @property
    def start(self) -> Mapping[str, float]:
        """The rise may be over before it is the other's turn."""
        if self.is_held:
            return {"total_iters": max(1, self.begun - 1), "milestone": self.begun}
        return {"total_iters": max(1, self.begun)}


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """The second scheduler counts from where the first one ends."""
    if not falls(seen):
        return
    for first in _firsts(seen):
        stairs = seen[seen.ticks >= max(first.begun, seen.ticks[seen.top_at])]
        is_solved = 1 < len(stairs.levels) < stairs.values.size / 2
        seconds = _stairs(stairs, first.begun) if is_solved else _curves(seen, total, first.begun)
        for second, scaled, starts, write in seconds:
            both = [{**first.start, **start} for start in starts]
            rates = ("lr", *([first.share] if first.share else []), *scaled)
            ratios = {key: Ratio("lr") for key in (first.share, "end_factor")}
            joined = _joined(first, second, write)
            yield Guess("torch.SequentialLR", both, rates, ratios, solved=is_solved, write=joined)


def _firsts(seen: Seen) -> Iterator[First]:
    """A line upwards, a lower level, or the top itself for a while."""
    if seen.rises and seen.start > 0:
        for is_held in (False, True):
            yield First("LinearLR", warmup_of(seen), "start_factor", is_held)
    elif seen.top_at and seen.levels[1].value == seen.top:
        yield First("ConstantLR", int(seen.ticks[seen.top_at]), "factor")
    elif not seen.top_at and seen.top_until:
        yield First("ConstantLR", int(seen.ticks[seen.top_until]))


Write: TypeAlias = "Callable[[Numbers], Params]"
Second: TypeAlias = "tuple[str, tuple[str, ...], list[Mapping[str, float]], Write]"
"""A scheduler that may follow, its LRs, where to begin, and what makes parameters of its numbers."""


def _stairs(stairs: Seen, begun: int) -> Iterator[Second]:
    """Stairs count from the end of the rise; those that are there tell where they begin."""
    for guess in stairs_down(stairs.levels, begun=begun):
        name = {"step": "StepLR", "multistep": "MultiStepLR"}[guess.name]
        yield name, (), [*guess.starts], guess.write


def _curves(seen: Seen, total: int | None, begun: int) -> Iterator[Second]:
    ends = [max(1, end - begun) for end in lengths_of(seen, total, begun=begun)]
    yield "CosineAnnealingLR", (), [{"T_max": end} for end in ends], as_they_are
    yield "CosineAnnealingLR", ("eta_min",), [{"T_max": end} for end in ends], as_they_are
    after = seen[seen.ticks >= begun]
    for guess in warm_again.guesses(after.at(-begun), total):
        yield "CosineAnnealingWarmRestarts", guess.scaled[1:], [*guess.starts], guess.write
    if after.values.size > 1 and after.values.min() > 0 and after.last > after.ticks[0]:
        yield "ExponentialLR", (), [{"gamma": factor_of(after)}], as_they_are
    lines: list[Mapping[str, float]] = [{"then_total_iters": end} for end in ends]
    yield "LinearLR", ("end_factor",), lines, lambda numbers: (("start_factor", 1.0), *numbers.items())
    yield "PolynomialLR", (), [{**line, "power": 1.0} for line in lines], as_they_are


def _joined(first: First, name: str, write_second: Write) -> Write:
    own = ("total_iters", "milestone", "lr", *([first.share] if first.share else []))

    def write(numbers: Numbers) -> Params:
        share = (first.share or "factor", numbers[first.share] if first.share else 1.0)
        begins = Call(first.name, (share, ("total_iters", numbers["total_iters"])))
        rest = {key.removeprefix("then_"): value for key, value in numbers.items() if key not in own}
        return (
            ("lr", numbers["lr"]),
            ("schedulers", (begins, Call(name, write_second(rest)))),
            ("milestones", (numbers.get("milestone", numbers["total_iters"]),)),
        )

    return write
