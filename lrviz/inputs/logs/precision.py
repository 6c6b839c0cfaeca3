"""How exactly numbers are written: told from their texts, or known from who writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Cells: TypeAlias = "Sequence[Any] | NDArray[np.float64]"
"""Numbers, texts of numbers, or what stands for none: None, a blank, NA."""
FULL = 17
"""Digits that tell every float64 from its neighbours."""
_ALMOST_FULL = 15
"""A column in which some number has as many is not rounded."""
_SINGLE = 9
"""Digits that tell every float32 from its neighbours; with fewer than 7 it was rounded further."""
_ROUNDED_SINGLE = 7
_FEWEST = 4
"""Where ends are trimmed, few digits are those of round numbers, not of a format."""
_SEEN = 1000
"""Numbers whose texts are looked at; they are spread over the column."""
_DISTINCT = 8
_ALIKE = 2
"""Numbers that a format cuts off in one place, which so many round ones do not happen to share."""


class Precision(NamedTuple):
    """So many significant digits, or decimals where ``fixed``; ``single`` is a float32, printed in full."""

    digits: int
    fixed: bool = False
    single: bool = False

    @property
    def text(self) -> str:
        """In words."""
        if self.single:
            return "float32"
        if self.digits >= FULL:
            return "float64"
        return f"{self.digits} {'decimals' if self.fixed else 'digits'}"

    def least(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far each value may be from what was written down; infinite ones are just that."""
        sizes = np.where(np.isfinite(values), np.abs(values), 0.0)
        if self.single:
            return sizes * 2.0**-24
        if self.digits >= FULL:
            return sizes * 2.0**-53
        if self.fixed:
            return np.full(values.shape, 0.5 * 10.0**-self.digits)
        with np.errstate(all="ignore"):
            exponents = np.floor(np.log10(sizes))
            found = 0.5 * 10.0 ** (exponents - self.digits + 1)
        return np.where(np.isfinite(found), found, 0.0)


FLOAT64 = Precision(FULL)


def precision_of(cells: Cells, values: NDArray[np.float64], known: Precision | None) -> Precision:
    """That of a column: it is known of some formats, of others digits are counted."""
    finite = values[np.isfinite(values) & (values != 0)]
    with np.errstate(over="ignore"):  # beyond float32 none is one
        single = bool(finite.size and (finite.astype(np.float32) == finite).all())
    found = known or _counted(_spread(cells))
    if single and found.digits > _SINGLE and not found.fixed:
        return Precision(_SINGLE, single=True)
    return found


def rounding(cells: Cells) -> float:
    """How far a number of a column may be from what was rounded to it: half of the last decimal there is."""
    decimals = [len(text.partition("e")[0].partition(".")[2]) for text in _spread(cells)]
    most = max(decimals, default=0)
    return 0.5 * 10.0**-most if 0 < most < _ALMOST_FULL else 0.0


def _spread(cells: Cells) -> list[str]:
    chosen = cells[:: max(1, len(cells) // _SEEN)]
    numbers = chosen.tolist() if isinstance(chosen, np.ndarray) else chosen
    return [cell.strip().lower() if isinstance(cell, str) else repr(cell) for cell in numbers]


def _counted(texts: Sequence[str]) -> Precision:
    """The digits of a format, as its texts show them."""
    mantissas = [text.partition("e")[0].lstrip("+-").replace(",", ".") for text in texts]
    digits = max((len(one.replace(".", "").lstrip("0")) for one in mantissas), default=0)
    if digits >= _ALMOST_FULL:
        return FLOAT64
    decimals = {len(one.partition(".")[2]) for one in mantissas}
    is_padded = any(_is_padded(one) for one in mantissas)
    is_plain = not any("e" in text for text in texts)
    is_even = len(decimals) == 1 and 0 not in decimals and (is_padded or len({*texts}) >= _DISTINCT)
    if is_plain and is_even:
        return Precision(decimals.pop(), fixed=True)
    longest = {one for one in mantissas if len(one.replace(".", "").lstrip("0")) == digits}
    is_format = len({*texts}) >= _DISTINCT or (digits == _FEWEST - 1 and len(longest) >= _ALIKE)
    if not is_padded and not is_format:
        digits = max(digits, _FEWEST)
    return Precision(_ROUNDED_SINGLE if _ROUNDED_SINGLE < digits <= _SINGLE else digits)


def _is_padded(mantissa: str) -> bool:
    """Whether it ends in zeros that change nothing: ``0.000300``; 0.0 is how Python writes 0."""
    return mantissa.endswith("0") and "." in mantissa and not mantissa.endswith(".0")
