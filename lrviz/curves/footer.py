"""What stands at the foot of a picture: who computes its curves, and what of them is made up or assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.catalogue.names import lookup
from lrviz.curves.near import nearly_alike
from lrviz.curves.series import families
from lrviz.notation.numbers import grouped_in
from lrviz.notation.text import few
from lrviz.resolve.defaults import findings_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.resolve.resolved import Resolved

SHOWN = frozenset(
    {
        "assumed-version",
        "length-differs",
        "lr-scaled",
        "scaled-lr",
        "starter-values",
        "synthetic-metric",
    }
)
"""Findings without which a picture looks more certain than it is; the subtitle marks the example's values."""
MOST_LABELS = 3


def footer(chosen: Sequence[Series], shown: Container[str] = SHOWN) -> tuple[str, ...]:
    """Its terms, each begun with its curves, unless it is true of all; of findings those ``shown``."""
    labels: dict[str, list[str]] = {}
    for label, run in families(chosen):
        for text in _terms(run, shown):
            labels.setdefault(text, []).append(label)
    curves = len({row.family for row in chosen})
    said = (text if len(of) == curves else f"{few(of, MOST_LABELS)}: {text}" for text, of in labels.items())
    return (*said, *nearly_alike(chosen))


def _terms(run: Resolved, shown: Container[str]) -> Iterator[str]:
    entry = lookup(run.schedule.id)
    if entry is not None and entry.framework.version:
        yield f"{entry.framework.name} {entry.framework.version}"
    for finding in (*findings_of(run.origins), *run.findings):
        if finding.id in shown:
            yield grouped_in(finding.text)
