"""The wire format of protocol buffers: fields with a number, a kind and a value."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Each field's number and value: a whole number, or the bytes of anything else.

    Raises:
        ValueError: it ends within a field, or is no message.

    """
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == BYTES:
            size, at = _varint(message, at)
        elif kind in (EIGHT, FOUR):
            size = 8 if kind == EIGHT else 4
        else:
            raise ValueError(f"no message: a field of kind {kind}")
        if at + size > len(message):
            raise ValueError("it ends within a field")
        yield number, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """The whole number at a place, seven bits in each byte, and the place behind it."""
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
        if byte < 128:
            return value, at
    raise ValueError("it ends within a number")


def text_of(value: int | bytes) -> str:
    """The text of a field."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def float_of(value: int | bytes) -> float | None:
    """The float32 or float64 in so many bytes; None where they are neither."""
    if not isinstance(value, bytes) or len(value) not in (4, 8):
        return None
    (found,) = struct.unpack("<f" if len(value) == 4 else "<d", value)
    return float(found)


def signed(value: int) -> int:
    """A whole number of 64 bits, of which the highest is the sign."""
    return value - (1 << 64) if value >> 63 else value
