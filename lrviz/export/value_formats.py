"""How values are written, streamed: one function for each format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.export.csv_text import csv_text
from lrviz.export.json_text import json_text
from lrviz.export.markdown_text import github_text, markdown_text
from lrviz.export.plain_text import plain_text
from lrviz.export.table_text import table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lrviz.engine.timeline import TickArray
    from lrviz.export.rows import Table

    Writer = Callable[[Table, Iterable[TickArray]], Iterator[str]]

VALUE_FORMATS: dict[str, Writer] = {
    "text": table_text,
    "csv": csv_text,
    "json": json_text,
    "markdown": markdown_text,
    "github": github_text,
    "plain": plain_text,
}
