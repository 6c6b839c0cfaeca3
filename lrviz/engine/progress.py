"""How far long work is: told by whoever does it, heard by whoever shows it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Listener = Callable[[int, int], None]

_LISTENERS: list[Listener] = []


def tell(done: int, count: int) -> None:
    """Say that so many of so many are done; all of them where it ends."""
    for listener in _LISTENERS:
        listener(done, count)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Have it told to a listener meanwhile."""
    _LISTENERS.append(listener)
    try:
        yield
    finally:
        _LISTENERS.remove(listener)
