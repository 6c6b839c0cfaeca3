"""Numbers as people type them: ``3e-4``, ``11730``, ``6%``; all but ``grouped`` ones can be pasted back."""

from __future__ import annotations

import math
import re
import sys
from typing import TypeGuard

LARGEST_WHOLE = 2**53
"""Every whole number up to here is a float64; beyond it some are not."""

# A power of ten in this range is written out (0.01 … 999); outside it stands behind an e.
_PLAIN = range(-2, 3)


def lr_text(x: float) -> str:
    """Four significant digits, plain from 0.01 up to 1000, else ``3e-4``; ``nan``, ``inf`` and ``-inf``."""
    return _short(x, decimals=3)


def exact_text(x: float) -> str:
    """The shortest text in the same style that reads back as exactly ``x``; 1/3 takes all its digits."""
    texts = (_short(x, decimals) for decimals in range(17))
    return next((text for text in texts if float(text) == x), "nan")


def distinct_texts(a: float, b: float) -> tuple[str, str]:
    """Two different numbers in the same style, with as many digits as it takes to see that they differ."""
    pairs = ((_short(a, decimals), _short(b, decimals)) for decimals in range(3, 17))
    return next((pair for pair in pairs if pair[0] != pair[1]), (exact_text(a), exact_text(b)))


def epoch_text(x: float) -> str:
    """Two decimals, or as many as show two significant digits: ``50``, ``2.56``, ``0.0026``."""
    return _decimal(x)


def counted(n: float, noun: str) -> str:
    """``1 step``, ``2 steps``, ``2 batches``."""
    plural = "es" if noun.endswith("tch") else "s"
    return f"{n} {noun}{'' if n == 1 else plural}"


def grouped(n: int) -> str:
    """Thousands apart by a narrow no-break space (U+202F); for pictures only, a shell cannot read it."""
    return f"{n:,}".replace(",", "\u202f")


def grouped_in(text: str) -> str:
    """The text with the thousands of its whole numbers apart; those of words, calls and dates stay."""
    return re.sub(r"(?<![\w.])\d{4,}(?![\w.]|-\d\d\b)", lambda found: grouped(int(found[0])), text)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether it is a finite number that a float64 can hold; true and false are none."""
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    )


def digits(text: str) -> int | None:
    """Digits as a whole number; None of another text, and of more digits than anybody counts with."""
    return (
        int(text) if text.isascii() and text.isdecimal() and len(text) <= sys.float_info.max_10_exp else None
    )


def is_too_long(value: object) -> bool:
    """Whether it is a whole number beyond float64, which no framework computes with."""
    return isinstance(value, int) and abs(value) > sys.float_info.max


def is_huge(text: str) -> bool:
    """Whether it is a literal beyond float64: ``1e999``, 400 digits."""
    word = text.strip()
    try:
        return word[:1].isdigit() and math.isinf(float(word))
    except ValueError:
        return False


def read_number(text: str) -> int | float | None:
    """Read what a person types as a number (``30``, ``10_000``, ``3e-4``, ``-1``, ``inf``), or ``None``.

    A literal beyond float64 (``1e999``, 400 digits) is no number rather than a silent infinity.
    """
    word = text.strip().lower()
    if not word.isascii() or word.lstrip("+-") == "infinity":
        return None
    try:
        whole = int(word)
    except ValueError:
        pass
    else:
        return whole if is_number(whole) else None
    try:
        number = float(word)
    except ValueError:
        return None
    return None if math.isinf(number) and word.lstrip("+-") != "inf" else number


def _short(x: float, decimals: int) -> str:
    """Write ``x`` with ``decimals`` digits behind the first one, an exponent only outside the plain range."""
    if x == 0 or not math.isfinite(x):
        return f"{x + 0.0:g}"  # adding 0.0 turns -0.0 into 0
    mantissa, _, exponent = f"{x:.{decimals}e}".partition("e")
    power = int(exponent)
    if power in _PLAIN:
        return _trim(f"{x:.{max(decimals - power, 0)}f}")
    return f"{_trim(mantissa)}e{power}"


def _decimal(x: float) -> str:
    """Write ``x`` without an exponent."""
    if x == 0 or not math.isfinite(x):
        return _short(x, 0)
    power = math.floor(math.log10(abs(x)))
    return _trim(f"{x:.{max(2, 1 - power)}f}")


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
