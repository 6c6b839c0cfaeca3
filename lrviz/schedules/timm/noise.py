"""Noise on the LR: what ``torch.randn`` and ``torch.rand`` draw from a generator seeded with seed + t."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lrviz.engine.distinct import numbered
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Formula, Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError

Words = NDArray[np.uint32]

BLOCK = 1 << 12
MOST_DRAWS = 100_000
"""More redraws than these for one tick are refused."""

SIZE, MIDDLE = 624, 397
HIGH, LOW, TWIST = np.uint32(1 << 31), np.uint32((1 << 31) - 1), np.uint32(0x9908B0DF)


def _words(seeds: Words) -> Iterator[Words]:
    """The 32-bit words of a Mersenne Twister (MT19937) for each seed; no more state is made than is used."""
    seeded: list[Words] = [seeds]
    made: deque[Words] = deque(maxlen=SIZE)  # word k stands at the end after k + 1 words

    def state(k: int, i: int) -> Words:
        return seeded[i] if i < SIZE else made[i - SIZE - (k - len(made))]

    k = 0
    while True:
        while len(seeded) < min(k + MIDDLE + 1, SIZE):
            last = seeded[-1]
            seeded.append(np.uint32(1812433253) * (last ^ last >> np.uint32(30)) + np.uint32(len(seeded)))
        mixed = state(k, k) & HIGH | state(k, k + 1) & LOW
        odd = (mixed & np.uint32(1)) * TWIST
        made.append(state(k, k + MIDDLE) ^ mixed >> np.uint32(1) ^ odd)
        yield _tempered(made[-1])
        k += 1


def _tempered(word: Words) -> Words:
    word = word ^ word >> np.uint32(11)
    word = word ^ word << np.uint32(7) & np.uint32(0x9D2C5680)
    word = word ^ word << np.uint32(15) & np.uint32(0xEFC60000)
    return word ^ word >> np.uint32(18)


def _normals(seeds: Words) -> Iterator[Rates]:
    """What ``torch.randn(1)`` draws one after the other: pairs by Box and Muller, rounded to float32."""
    words = _words(seeds)

    def uniform() -> Rates:
        whole = next(words).astype(np.uint64) << np.uint64(32) | next(words)
        return (whole & np.uint64(2**53 - 1)).astype(np.float64) * 2.0**-53

    while True:
        angle, radius = 2.0 * math.pi * uniform(), np.sqrt(-2.0 * np.log1p(-uniform()))
        yield (radius * np.cos(angle)).astype(np.float32).astype(np.float64)
        yield (radius * np.sin(angle)).astype(np.float32).astype(np.float64)


@dataclass(frozen=True)
class Noise:
    """Noise at ticks [a, b), or from a number on (``where``); if ``normal``, drawn until below ``pct``."""

    where: float | tuple[float, ...] | None
    pct: float
    std: float
    seed: int | None
    normal: bool = True

    def on(self, timeline: Timeline, first: int = 1) -> Timeline:
        """The timeline with the noise, which begins at ``first`` at the earliest."""
        if self.where is None:
            return timeline
        low, high = self._ends()
        low = max(low, first)
        phases = tuple(
            piece for phase, stop in _spans(timeline) for piece in self._cut(phase, stop, low, high)
        )
        short = isinstance(self.where, tuple) and len(self.where) < 2
        if short and low < timeline.end:
            return replace(
                timeline, phases=phases, end=math.ceil(low), why="a noise range has two ends, got one"
            )
        return replace(timeline, phases=phases)

    def _ends(self) -> tuple[float, float]:
        if not isinstance(self.where, tuple):
            return float(self.where or 0.0), math.inf
        low = float(self.where[0]) if self.where else -math.inf
        return low, float(self.where[1]) if len(self.where) > 1 else math.inf

    def _cut(self, phase: Phase, stop: float, low: float, high: float) -> Iterator[Phase]:
        """The pieces of a phase before, in and after the noise."""
        first = min(max(phase.start, low), stop)
        last = min(max(first, high), stop)
        noisy = Phase(phase.kind, 0.0, self._noisy(phase.rate), Opaque(), label=f"{phase.name} with noise")
        for start, end, piece in ((phase.start, first, phase), (first, last, noisy), (last, stop, phase)):
            if start < end:
                yield replace(piece, start=start)

    def _noisy(self, rate: Formula) -> Formula:
        def values(t: TickArray) -> Rates:
            value = rate(t)
            ticks, which = numbered(t)
            return value + value * self._at(ticks)[which].reshape(t.shape)

        return values

    def _at(self, ticks: TickArray) -> Rates:
        """The noise of each tick."""
        seed = 42 if self.seed is None else self.seed
        seeds = ((ticks.astype(np.int64) + seed % 2**32) % 2**32).astype(np.uint32)
        draw = self._drawn if self.normal else self._uniform
        blocks = [slice(start, start + BLOCK) for start in range(0, ticks.size, BLOCK)]
        return np.concatenate([draw(seeds[block], ticks[block]) for block in blocks] or [np.empty(0)])

    def _uniform(self, seeds: Words, _: TickArray) -> Rates:
        share = (next(_words(seeds)) & np.uint32(2**24 - 1)).astype(np.float64) * 2.0**-24
        noise: Rates = 2.0 * (share - 0.5) * self.pct
        return noise

    def _drawn(self, seeds: Words, ticks: TickArray) -> Rates:
        """Normal noise, drawn again where it is not below ``pct``."""
        noise, left = np.empty(seeds.shape), np.ones(seeds.shape, dtype=bool)
        for _, sample in zip(range(MOST_DRAWS if self.pct > 0 else 0), _normals(seeds), strict=False):
            drawn = sample * self.std
            taken = left & (np.abs(drawn) < self.pct)
            noise[taken], left[taken] = drawn[taken], False
            if not left.any():
                return noise
        message = f"timm draws noise until it is below noise_pct={self.pct}, and does not come to an end"
        raise ScheduleError(message, hint="<noise_pct=0.67>", step=int(ticks[left][0]))


def _spans(timeline: Timeline) -> Iterator[tuple[Phase, float]]:
    """Each phase and where it stops."""
    stops = [phase.start for phase in timeline.phases[1:]] + [math.inf]
    return zip(timeline.phases, stops, strict=True)
