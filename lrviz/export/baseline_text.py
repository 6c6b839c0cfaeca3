"""A baseline: curves as JSON, to be held against later ones, a few kilobytes however long they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lrviz import __version__
from lrviz.curves.labels import STEPS, column_names
from lrviz.curves.samples import samples_of, values_at
from lrviz.curves.series import common_epoch
from lrviz.export.documents import curves_document, document_text, finite

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.curves.series import Series
    from lrviz.notation.finding import Finding


def baseline_text(rows: Sequence[Series], findings: Iterable[Finding]) -> str:
    """Their facts, how they are made, and exact values.

    A row of values stands in a line of its own, so that a change of one is a change of few lines.
    """
    steps, labels = samples_of(rows), column_names([row.label for row in rows])
    columns = [finite(values_at(row, steps).tolist()) for row in rows]
    epoch = common_epoch(rows)
    epochs = (steps / epoch).tolist() if epoch else [None] * steps.size
    head = document_text(
        {
            "lrviz": __version__,
            "total_steps": max(row.steps for row in rows),
            **curves_document(rows, findings),
            "columns": [*STEPS, *labels],
        }
    )
    lines = zip(steps.astype(int).tolist(), epochs, *columns, strict=True)
    kept = ",\n".join(f"    {json.dumps(line)}" for line in lines)
    return f'{head[:-2]},\n  "rows": [\n{kept}\n  ]\n}}\n'
