"""What is left before its end: a loop by ``break`` and ``continue``, a function by ``return``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Loop:
    """A turn of a loop, and whether that is the last one."""

    is_left: bool = False
    is_over: bool = False
    may_be_left: bool = False

    def leave(self, word: str, *, is_sure: bool) -> None:
        """By ``break`` or ``continue``."""
        self.is_left |= is_sure
        self.is_over |= is_sure and word == "break"
        self.may_be_left |= not is_sure


@dataclass
class Call:
    """A function that is gone through, or the script itself or a file that it reads, which have no name.

    One that ``trains`` does not return before, where nobody knows; what it sets ``is_doubted`` then.
    """

    function: str = ""
    line: int = 0  # of the command that calls it
    trains: bool = False
    is_left: bool = False
    may_be_left: bool = False
    is_doubted: bool = False

    def leave(self, *, is_sure: bool) -> None:
        """By ``return``."""
        self.is_doubted |= not is_sure
        self.is_left, self.may_be_left = is_sure, not is_sure and not self.trains
