"""The formats of a picture, what its file leaves out, and where it carries a text."""

from __future__ import annotations

from typing import Final

# A date or a version in the file would change its bytes from one run to the next.
METADATA: Final[dict[str, dict[str, None]]] = {
    "png": {},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}
CARRIER: Final = {"png": "Comment", "svg": "Description", "pdf": "Keywords"}
"""The field that holds the digest of the curves."""
BEGINS: Final = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "html": b"<!DOCTYPE html>"}
"""The first bytes of a file."""
FORMATS: Final = tuple(METADATA)
PAGE: Final = "html"
"""What carries more than a picture."""
FILES: Final = (*FORMATS, PAGE)
