"""Numbers as people choose them: the fewest digits first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.notation.numbers import read_number
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.notation.spec import Value

FULL = 17
"""Digits that tell any float64."""
ROUND = ("1", "5", "2")
"""What a number with one digit begins with, where people may choose."""
TICKS = (*range(2, 100), *(digit * 10**power for power in range(2, 7) for digit in range(1, 10)))
"""Ticks over which people say by what an LR falls."""
PLAINER = 2
"""Digits that it takes less than that of one tick: by chance that of some other ticks is round."""


def digits(value: Value) -> int:
    """How many it takes to write: 1 for 3e-4, 2 for 0.95, none for no steps; of a list those inside."""
    if isinstance(value, Call):
        return sum(digits(one) for _, one in value.params)
    if isinstance(value, tuple):
        return sum(map(digits, value))
    if isinstance(value, str) and ":" in value:  # a step and its LR
        return sum(digits(number) for number in map(read_number, value.split(":")) if number is not None)
    if isinstance(value, (bool, str)) or value in (None, 0):
        return int(isinstance(value, float))
    return len(_significant(float(value)))


def roundings(value: float) -> Iterator[float]:
    """The number nearest to a value with no digit, 0, then with one, two and so on."""
    yield 0.0
    for places in range(FULL):
        yield float(f"{value:.{places}e}")


def simplest(low: float, high: float) -> float:
    """The number between two with the fewest digits; of several one that begins with 1, 5 or 2."""
    if low <= 0 <= high:
        return 0.0
    if high < 0:
        return -simplest(-high, -low)
    for unit in _units(high):
        first, last = math.ceil(low / unit - 1e-9), math.floor(high / unit + 1e-9)
        if first <= last:
            found = min(range(first, min(last, first + 99) + 1), key=_oddness)
            return float(f"{found * unit:.{FULL - 2}g}")
    return (low + high) / 2


def plainest_over(
    rate: Callable[[int], float], is_said: Callable[[int], bool] = lambda _: True
) -> tuple[int, float]:
    """Over how many ticks the ``rate`` takes the fewest digits, and that; one unless more are plainer."""
    tries = [(ticks, rate(ticks)) for ticks in TICKS if is_said(ticks)]
    return min(((1, rate(1)), *tries), key=_plainness)


def _plainness(over: tuple[int, float]) -> int:
    """Digits that it takes to say by what an LR falls over some ticks."""
    ticks, rate = over
    return digits(rate) + (digits(ticks) + PLAINER - 1 if ticks > 1 else 0)


def roundest(low: int, high: int, most: int) -> list[int]:
    """Whole numbers between two, the roundest first."""
    if high - low < most:
        return sorted(range(low, high + 1), key=_oddness)
    found: dict[int, None] = {}
    for unit in _units(float(high)):
        size = max(1, round(unit))
        first, last = -(-low // size), high // size
        found |= dict.fromkeys(sorted((one * size for one in range(first, last + 1)), key=_oddness)[:most])
        if len(found) >= most or size == 1:
            break
    return list(found)[:most]


def _units(high: float) -> Iterator[float]:
    """Ten to powers that fall."""
    power = math.floor(math.log10(high)) + 1
    for place in range(FULL + 1):
        yield 10.0 ** (power - place)


def _oddness(number: int) -> tuple[int, int, int]:
    """What makes a number less likely to be chosen."""
    text = _significant(float(number))
    first = ROUND.index(text) if text in ROUND else len(ROUND)
    return len(text), first if len(text) == 1 else text[-1:] != "5", number


def _significant(value: float) -> str:
    mantissa = f"{abs(value):.{FULL - 2}e}".partition("e")[0]
    short = repr(abs(value)).partition("e")[0].replace(".", "").strip("0")
    return min(mantissa.replace(".", "").rstrip("0"), short, key=len)
