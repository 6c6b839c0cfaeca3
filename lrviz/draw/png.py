"""A drawn page as a PNG file: smaller and sooner than through an image library."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

from lrviz.draw.formats import BEGINS, CARRIER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

METRE: Final = 0.0254
"""An inch in metres."""
RGB, RGBA = 2, 6
LEVEL: Final = 6  # of compression: the next takes five times as long for a twentieth less


def png_of(figure: Figure, comment: str, dpi: float) -> bytes:
    """Draw the figure; what is opaque everywhere has no fourth channel."""
    buffer = io.BytesIO()
    figure.set_dpi(dpi)
    figure.savefig(buffer, format="rgba", dpi=dpi)
    width, height = figure.canvas.get_width_height()
    pixels = np.frombuffer(buffer.getbuffer(), np.uint8).reshape(height, width, 4)
    kind = RGBA if pixels[..., 3].min() < 255 else RGB
    chunks = _chunks(pixels if kind == RGBA else pixels[..., :3], kind, figure.dpi, comment)
    return b"".join([BEGINS["png"], b"\r\n\x1a\n", *(_framed(name, data) for name, data in chunks)])


def _chunks(pixels: NDArray[np.uint8], kind: int, dpi: float, comment: str) -> Iterator[tuple[bytes, bytes]]:
    height, width, _ = pixels.shape
    yield b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    yield b"pHYs", struct.pack(">IIB", *[round(dpi / METRE)] * 2, 1)
    yield b"tEXt", f"{CARRIER['png']}\0{comment}".encode("latin-1")
    # No filter before a row: lines on a plain ground are compressed best as they are.
    rows = np.pad(pixels.reshape(height, -1), ((0, 0), (1, 0)))
    yield b"IDAT", zlib.compress(rows.tobytes(), LEVEL)
    yield b"IEND", b""


def _framed(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
