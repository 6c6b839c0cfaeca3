"""What nobody can know without running something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Unknown:
    """A value that nobody can know without running something.

    ``why`` says what stands there: ``$NODES``, ``a call in line 7``. ``names`` are those whose values would
    tell it (``NODES``), which ``--given`` takes. It ``is_computed`` where an expression makes it of them,
    ``NODES * 8``: none of them is the value itself. It ``is_unset`` where no line of a shell script sets it.
    """

    why: str
    names: tuple[str, ...] = ()
    is_computed: bool = field(default=False, kw_only=True)
    is_unset: bool = field(default=False, kw_only=True, compare=False)


@dataclass(frozen=True)
class Imported(Unknown):
    """What a Python file imports: ``LinearLR`` in ``type=LinearLR`` has a full name, and no known value."""

    name: str = ""


@dataclass(frozen=True)
class Field(Unknown):
    """What a Python file has of the arguments of its Trainer, ``args.learning_rate``, by the field's name."""

    name: str = ""


def unknown_within(value: object) -> Iterator[Unknown]:
    """All that nobody can know within a value."""
    if isinstance(value, (dict, list, tuple)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from unknown_within(one)
    elif isinstance(value, Unknown) and not isinstance(value, Imported):
        yield value
