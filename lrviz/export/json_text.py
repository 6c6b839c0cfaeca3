"""JSON: an object with ``schema``, the curves' labels and a row for each step."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from lrviz.export.documents import SCHEMA, finding_documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.engine.timeline import TickArray
    from lrviz.export.rows import Table


def json_text(table: Table, blocks: Iterable[TickArray]) -> Iterator[str]:
    """Rows are [step, epoch, value …]; what is not finite is null."""
    head = {
        "schema": SCHEMA,
        "total_steps": table.total_steps,
        "findings": finding_documents(table.findings),
        "columns": table.titles,
    }
    yield json.dumps(head)[:-1] + ', "rows": ['
    separator = "\n"
    for steps in blocks:
        epochs = table.epochs(steps) or [math.nan] * steps.size
        rows = zip(steps.astype(int).tolist(), epochs, *table.columns(steps), strict=True)
        yield separator + ",\n".join("[" + ", ".join(map(_number, row)) + "]" for row in rows)
        separator = ",\n"
    yield "\n]}\n"


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else "null"
