"""The steps whose values are asked for, in blocks that keep memory small."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.errors import SpecError
from lrviz.notation.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lrviz.plan.plan import Plan


ON_A_TERMINAL = 20


class Steps:
    """The steps asked for, in blocks that keep memory small."""

    BLOCK = 1 << 15

    def __init__(self, listed: list[int] | range) -> None:
        self.listed = listed
        self.first = listed[0]
        self.last = listed[-1] if isinstance(listed, range) else max(listed)

    @classmethod
    def chosen(
        cls, plan: Plan, at: str | None, every: str | None, start: str | None, stop: str | None, *, few: bool
    ) -> Steps:
        """Read the options; with ``few``, about 20 steps unless the options say which."""
        if at is not None:
            if every or start or stop:
                raise SpecError(
                    "--at names the steps, and --every, --from or --to do too", hint="use one or the other"
                )
            return cls([_tick(plan, piece, "--at") for piece in _listed(at, plan.total_steps)])
        low = _tick(plan, start, "--from") if start else 0
        high = _tick(plan, stop, "--to") if stop else plan.total_steps
        if low >= high:
            raise SpecError(f"no steps from {low} to {high}", hint="--to is one past the last step")
        stride = _tick(plan, every, "--every") if every else 1
        if stride < 1:
            raise SpecError(f"--every {every} is {stride} steps", hint="--every 1 or more")
        if few and not (every or start or stop):
            count = min(ON_A_TERMINAL, high)
            return cls(sorted({round(i * (high - 1) / max(1, count - 1)) for i in range(count)}))
        return cls(range(low, high, stride))

    def blocks(self) -> Iterator[NDArray[np.float64]]:
        """Arrays of at most BLOCK steps."""
        import numpy as np

        for i in range(0, len(self.listed), self.BLOCK):
            block = self.listed[i : i + self.BLOCK]
            if isinstance(block, range):  # numpy counts many times faster than Python
                yield np.arange(block.start, block.stop, block.step, dtype=float)
            else:
                yield np.array(block, dtype=float)


def _listed(at: str, total: int) -> list[str]:
    """The steps named one by one.

    Raises:
        SpecError: one is missing, a range, or a word.

    """
    pieces = [piece.strip() for piece in at.split(",")]
    if "" in pieces:
        raise SpecError("--at names no step beside a comma", hint="--at 0,100,50%")
    for piece in pieces:
        if found := re.fullmatch(r"(\d+)(?:[-:]|\.\.\.?)(\d+)", piece):
            hint = f"--from {found[1]} --to {int(found[2]) + 1}"
            raise SpecError(f"--at names steps one by one, got {piece!r}", hint=hint)
        if piece == "last":
            raise SpecError("--at names steps by their numbers", hint=f"--at {total - 1} is the last")
    return pieces


def check_whole_list(at: str | None, words: Sequence[str]) -> None:
    """Refuse further steps behind those of ``--at``: the list is one word.

    Raises:
        SpecError: a word is a step and no schedule.

    """
    apart = [word for word in words if _is_step(word)] if at is not None else []
    if apart:
        steps = [word.strip(",") for word in (str(at), *apart)]
        text = f"--at takes one word, and {steps[1]} stands apart"
        raise SpecError(text, hint=f"--at {shell_word(','.join(steps))}")


def _is_step(word: str) -> bool:
    from lrviz.notation.durations import parse_duration

    try:
        parse_duration(word.strip(","), what="a step")
    except SpecError:
        return False
    return True


def _tick(plan: Plan, text: str, what: str) -> int:
    from lrviz.notation.durations import parse_duration

    return plan.ticks(parse_duration(text.strip(), what=what))[0]
