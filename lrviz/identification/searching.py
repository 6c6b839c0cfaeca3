"""Every schedule that has all rows: by what the curve does, then the same numbers in other frameworks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from lrviz.identification.candidate import Candidate
from lrviz.identification.elsewhere import guesses_elsewhere, guesses_of_all
from lrviz.identification.newton import HOPELESS, finished, sought
from lrviz.identification.settle import settled
from lrviz.identification.shapes import shapes

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from lrviz.identification.guess import Guess, Numbers
    from lrviz.identification.seen import Seen
    from lrviz.identification.shapes import Shape
    from lrviz.notation.spec import Spec

SHIFTS = (0, -1, 1)
"""Where a logger may stand beside the schedule; the likeliest first, unless it is known."""
FAR, TICKS = 3.0, 2.0
"""What is farther off, in thousandths of the top, than this and a few steepest ticks no offset mends."""
NEARLY = 0.7
"""What is less far off may be the next whole number, where rows are written with few digits."""
PLAIN = 8
"""Digits of all numbers that people write, where nothing more general need be asked."""
POINTS = "points"
NEAREST = 3
"""Schedules that come near, whose numbers are tried elsewhere where none has all rows."""


@dataclass
class Searching:
    """A search in the rows of a log.

    Attributes:
        seen: the rows.
        shifts: the offsets that are tried, the likeliest first.
        known: how many of them are those of who writes such a log.
        total: the length of the run where it is known.
        is_wide: whether other frameworks are gone through, which takes longer than all else.
        reached: how near each guess came at the first of the offsets.
        done: what was sought elsewhere, at which of the offsets.

    """

    seen: Seen
    shifts: Sequence[int]
    known: int = 1
    total: int | None = None
    is_wide: bool = True
    reached: dict[Hashable, tuple[Guess, Numbers, float]] = field(default_factory=dict)
    done: set[Hashable] = field(default_factory=set)

    @cached_property
    def rows(self) -> list[Seen]:
        """The rows on the schedule's clock, at each offset."""
        return [self.seen.at(shift) for shift in self.shifts]

    def found(self) -> list[Candidate]:
        """All that have every row, those first that take the fewest digits."""
        own: list[Candidate] = []
        for shape in shapes():
            if not (shape.is_general and any(one.effort <= PLAIN for one in own)):
                own += [one for place in range(len(self.shifts)) for one in self._of_shape(shape, place)]
        own.sort(key=likeliest)
        return sorted([*own, *self._elsewhere(own)], key=likeliest) if self.is_wide else own

    def _of_shape(self, shape: Shape, place: int) -> Iterator[Candidate]:
        """The simplest schedule of a shape, if it has one."""
        seen = self.rows[place]
        for guess in map(self._in_length, shape.guesses(seen, self.total) if seen.values.size else ()):
            begun = self._begun(guess, seen)
            found = begun and self._settled(begun, seen, place)
            if found:
                yield found
                return

    def _in_length(self, guess: Guess) -> Guess:
        """With the length of the run, where it is known."""
        if self.total is None or not guess.starts or "steps" not in guess.starts[0]:
            return guess
        starts = [{key: value for key, value in one.items() if key != "steps"} for one in guess.starts]
        return replace(guess, starts=starts, fixed=(("steps", self.total), *guess.fixed))

    def _begun(self, guess: Guess, seen: Seen) -> Guess | None:
        """Begun where it ended at the first offset; None where it was far off there."""
        if not guess.starts:
            return None
        _, near, error = self.reached.get(_key(guess), (None, guess.starts[0], 0.0))
        if guess.solved or _key(guess) not in self.reached:
            return guess
        return None if error > FAR + TICKS * seen.steepest else replace(guess, starts=[near])

    def _settled(self, guess: Guess, seen: Seen, place: int) -> Candidate | None:
        near, error = sought(guess, seen)
        self.reached.setdefault(_key(guess), (guess, near, error))
        if error <= NEARLY + FAR * seen.noise:
            near = finished(guess, near, seen.glance)
        found = settled(guess, near, seen) if error <= 2 * FAR else None
        if found is None:
            return None
        count = guess.read_off + len(found.moved) + len(found.rates)
        odd = 0 if place < self.known else 1
        return Candidate(
            found.spec, self.shifts[place], count, int(seen.last) + 1, (odd, place), found.ranges
        )

    def _elsewhere(self, own: Sequence[Candidate]) -> Iterator[Candidate]:
        """Schedules of other frameworks with the numbers of the likeliest, or of those that come near."""
        tried = {(one.spec.name, one.shift) for one in own}
        is_plain = bool(own) and own[0].effort <= PLAIN
        places = sorted({0, own[0].expected[1]}) if is_plain else list(range(len(self.shifts)))
        alone = [one for one in own if one.spec.get("schedulers") is None]
        first = [one for one in alone if not one.expected[1]]  # as the log's own writer has it
        likely = list(dict.fromkeys(one.spec for one in (*alone[:1], *first[:1])))
        sources = [
            partial(guesses_elsewhere, spec) for spec in (likely if is_plain else [*likely, *self._near()])
        ]
        for guesses in sources:
            for place in places:
                yield from self._of_guesses(guesses(self.rows[place]), place, tried)
        if all(name == POINTS for name, _ in tried):  # they go through any lines
            every = list(guesses_of_all(self.rows[0], self.total))
            for place in places:
                begun = filter(None, (self._begun(guess, self.rows[place]) for guess in every))
                yield from self._of_guesses(begun, place, tried)

    def _of_guesses(
        self, guesses: Iterable[Guess], place: int, tried: set[tuple[str, int]]
    ) -> Iterator[Candidate]:
        """Those of other schedules that have every row, each name once."""
        for guess in map(self._in_length, guesses):
            key = guess.name, self.shifts[place]
            once = _key(guess), place
            begun = None if key in tried or once in self.done else self._begun(guess, self.rows[place])
            self.done.add(once)
            found = self._settled(begun, self.rows[place], place) if begun else None
            if found:
                tried.add(key)
                yield found

    def _near(self) -> list[Spec]:
        """What has every row above the floor, or came nearest, whose numbers have a meaning elsewhere."""
        floor = self.seen.floor
        if floor and floor.first > self.seen.ticks[self.seen.top_until + 1]:
            fall = replace(self, seen=self.seen[self.seen.ticks < floor.first], is_wide=False, reached={})
            found = [one.spec for one in fall.found() if one.spec.get("schedulers") is None]
            if found:
                return found[:NEAREST]
        near = sorted((one for one in self.reached.values() if one[2] < HOPELESS), key=lambda one: one[2])
        specs = [
            guess.spec({**moved, "lr": self.seen.top, **dict.fromkeys(guess.scaled[1:], self.seen.least)})
            for guess, moved, _ in near
            if not guess.ratios and guess.scaled[0] == "lr" and "steps" in moved and "." not in guess.name
        ]
        return specs[:NEAREST]


def likeliest(one: Candidate) -> tuple[int, int, int, int, bool]:
    """Fewer digits, an offset of who writes such logs, fewer words, a name without a framework."""
    odd, place = one.expected
    return one.effort, odd, len(one.spec.params), place, "." in one.spec.name


def _key(guess: Guess) -> Hashable:
    return guess.name, guess.scaled, guess.fixed, tuple(guess.starts[0])
