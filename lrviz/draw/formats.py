"""The formats of a picture, and what its file leaves out."""

from __future__ import annotations

from typing import Final

# A date or a version in the file would change its bytes from one run to the next.
METADATA: Final[dict[str, dict[str, None]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}
FORMATS: Final = tuple(METADATA)
