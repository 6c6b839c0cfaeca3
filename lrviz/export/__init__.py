"""Numbers as text, streamed: one small module for each format, which knows nothing of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.export.csv_text import csv_text
from lrviz.export.json_text import json_text
from lrviz.export.markdown_text import github_text, markdown_text
from lrviz.export.plain_text import plain_text
from lrviz.export.rows import Table
from lrviz.export.table_text import table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lrviz.engine.timeline import TickArray

    Writer = Callable[[Table, Iterable[TickArray]], Iterator[str]]

FORMATS: dict[str, Writer] = {
    "text": table_text,
    "csv": csv_text,
    "json": json_text,
    "markdown": markdown_text,
    "github": github_text,
    "plain": plain_text,
}

__all__ = ["FORMATS", "Table"]
