"""All that a report tells, evaluated once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lrviz import __version__
from lrviz.curves.series import families
from lrviz.draw.sparkline import spark_over
from lrviz.export.check_lines import summary
from lrviz.export.curve_columns import FACTS, fact_columns, label_column
from lrviz.export.grid import texts
from lrviz.notation.fact_parser import parse_facts

if TYPE_CHECKING:
    from lrviz.checks.verdict import Report
    from lrviz.curves.series import Series
    from lrviz.export.grid import Column

ALL = "all"
"""What the picture of all curves is called."""
SPARK = 24
"""Characters in which a curve is shown among them."""


@dataclass(frozen=True, eq=False)
class Contents:
    """Curves, what was expected of them and what was found."""

    title: str
    rows: tuple[Series, ...]
    report: Report

    @property
    def maker(self) -> str:
        """Who says it."""
        return f"lrviz {__version__}"

    @property
    def verdict(self) -> str:
        """Whether all is as it should be, in a few words."""
        return summary(self.report)

    @property
    def budgets(self) -> list[str]:
        """How long the runs are."""
        return list(dict.fromkeys(row.budget for row in self.rows))

    @cached_property
    def table(self) -> list[Column]:
        """A row for each curve: what it is called, how it looks, its facts."""
        drawn = (spark_over(row.timeline, row.steps, SPARK) for row in self.rows)
        curves = texts("", drawn)._replace(title="curve")
        return [label_column(self.rows), curves, *fact_columns(self.rows, parse_facts(FACTS))]

    @property
    def pictures(self) -> list[tuple[str, tuple[Series, ...]]]:
        """What each picture is called, and its curves: all together, and each run or log by itself."""
        runs = {label: [row for row in self.rows if row.run is run] for label, run in families(self.rows)}
        for row in self.rows:
            if row.run is None:
                runs.setdefault(row.family, []).append(row)
        single = [(label, tuple(rows)) for label, rows in runs.items()]
        return single if len(single) == 1 else [(ALL, self.rows), *single]
