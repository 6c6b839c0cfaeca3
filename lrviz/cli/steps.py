"""The steps whose values are asked for, in blocks that keep memory small."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.curves.own_steps import from_the_end, step_of
from lrviz.errors import SpecError
from lrviz.notation.durations import parse_duration
from lrviz.notation.finding import Finding
from lrviz.notation.own_step import OwnStep, own_step, parse_place
from lrviz.notation.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lrviz.curves.series import Series
    from lrviz.notation.durations import Duration
    from lrviz.plan.plan import Plan


ON_A_TERMINAL = 20


class Steps:
    """The steps asked for, in blocks that keep memory small."""

    BLOCK = 1 << 15

    def __init__(self, listed: list[int] | range, findings: Iterable[Finding] = ()) -> None:
        self.listed = listed
        self.findings = tuple(findings)
        self.first = listed[0]
        self.last = listed[-1] if isinstance(listed, range) else max(listed)

    @classmethod
    def chosen(
        cls,
        rows: Sequence[Series],
        at: str | None,
        every: str | None,
        start: str | None,
        stop: str | None,
        *,
        few: bool,
    ) -> Steps:
        """Read the options; with ``few``, about 20 steps unless the options say which.

        Raises:
            SpecError: what they say does not go together, or is no step.

        """
        from lrviz.curves.logged import known_steps  # it loads numpy

        plan = max(rows, key=lambda row: row.steps).plan
        read = _Reader(plan)
        if at is not None:
            if every or start or stop:
                raise SpecError(
                    "--at names the steps, and --every, --from or --to do too", hint="use one or the other"
                )
            return cls([tick for piece in _listed(at) for tick in read.steps_at(rows, piece)], read.findings)
        low = read.step("--from", start) if start else 0
        high = read.stop(stop) if stop else plan.total_steps
        if low >= high:
            raise SpecError(f"no steps from {low} to {high}", hint=f"--to {low + 1} or more")
        rows_of_logs = known_steps(rows) if every is None else None
        if rows_of_logs is not None:
            return cls.of_rows(rows_of_logs[(rows_of_logs >= low) & (rows_of_logs < high)], few=few)
        stride = read.stride(every) if every else 1
        if few and not (every or start or stop):
            count = min(ON_A_TERMINAL, high)
            return cls(sorted({round(i * (high - 1) / max(1, count - 1)) for i in range(count)}))
        return cls(range(low, high, stride), read.findings)

    @classmethod
    def of_rows(cls, steps: NDArray[np.int64], *, few: bool) -> Steps:
        """The steps of which a log tells; with ``few`` about 20 of them.

        Raises:
            SpecError: there are none.

        """
        if not steps.size:
            raise SpecError("no row of the log is among these steps", hint="leave out --from and --to")
        return cls(steps[:: max(1, steps.size // ON_A_TERMINAL) if few else 1].tolist())

    def blocks(self) -> Iterator[NDArray[np.float64]]:
        """Arrays of at most BLOCK steps."""
        import numpy as np

        for i in range(0, len(self.listed), self.BLOCK):
            block = self.listed[i : i + self.BLOCK]
            if isinstance(block, range):  # numpy counts many times faster than Python
                yield np.arange(block.start, block.stop, block.step, dtype=float)
            else:
                yield np.array(block, dtype=float)


def _listed(at: str) -> list[str]:
    """The steps named one by one.

    Raises:
        SpecError: one is missing, or a range.

    """
    pieces = [piece.strip() for piece in at.split(",")]
    if "" in pieces:
        raise SpecError("--at names no step beside a comma", hint="--at 0,100,50%")
    for piece in pieces:
        if found := re.fullmatch(r"(\d+)(?:[-:]|\.\.\.?)(\d+)", piece):
            hint = f"--from {found[1]} --to {int(found[2]) + 1}"
            raise SpecError(f"--at names steps one by one, got {piece!r}", hint=hint)
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
    try:
        parse_duration(word.strip(","), what="a step")
    except SpecError:
        return False
    return True


class _Reader:
    """Reads steps, and notes where one was rounded."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.findings: list[Finding] = []

    def steps_at(self, rows: Sequence[Series], text: str) -> list[int]:
        """A step; that of a fact, or one from the end, is each curve's own."""
        place = parse_place(text, "--at")
        if isinstance(place, OwnStep):
            return sorted({step_of(row, place, "--at") for row in rows})
        return [self._tick("--at", place)]

    def step(self, option: str, text: str) -> int:
        """The step that a duration is, or one counted from the end."""
        own = own_step(text.strip())
        if own and isinstance(own.place, int):
            return from_the_end(self.plan.total_steps, own.place, option)
        return self._tick(option, parse_duration(text.strip(), what=option))

    def stop(self, text: str) -> int:
        """One past the last step; 0 where it is counted from the end and there are fewer."""
        own = own_step(text.strip())
        is_before = own is not None and isinstance(own.place, int) and own.place < -self.plan.total_steps
        return 0 if is_before else self.step("--to", text)

    def stride(self, text: str) -> int:
        """From one step to the next.

        Raises:
            SpecError: it is less than one.

        """
        option = "--every"
        is_negative = text.strip().startswith("-")
        steps = 0 if is_negative else self._tick(option, parse_duration(text.strip(), what=option))
        if steps < 1:
            raise SpecError(f"{option} {text} is less than a step", hint=f"{option} 1 or more")
        return steps

    def _tick(self, option: str, duration: Duration) -> int:
        step, note = self.plan.ticks(duration)
        if note:
            self.findings.append(Finding("rounded-share", "note", f"{option}: {note}"))
        return step
