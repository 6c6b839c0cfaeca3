"""Schedules that move on a metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.findings.rule import Said, of_run
from lrviz.notation.numbers import is_number, lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.resolve.resolved import Resolved

FEW = 10
"""Reports from which a trend can be read."""
MOSTLY = 0.9


@of_run("metric-wrong-way", "warning", example="sample_configs/findings/metric.toml")
def metric_wrong_way(run: Resolved) -> Iterator[Said]:
    """The metric moves against the mode, all along.

    An accuracy that rises under ``mode=min`` never counts as better: the better the model, the faster the LR
    falls.
    """
    mode = _value(run, "mode")
    if run.metrics is None or len(run.metrics) < FEW or mode not in {"min", "max"}:
        return
    moves = np.diff(run.metrics)
    wrong = moves > 0 if mode == "min" else moves < 0
    ends = f"from {lr_text(run.metrics[0])} to {lr_text(run.metrics[-1])}"
    if wrong.mean() >= MOSTLY:
        verb, other = ("rises", "max") if mode == "min" else ("falls", "min")
        yield Said(
            f"the metric {verb} {ends}, and mode={mode} takes that for worse each time",
            hint=f"<mode={other}>",
        )


@of_run("relative-threshold", "warning", example="sample_configs/findings/metric.toml")
def relative_threshold(run: Resolved) -> Iterator[Said]:
    """A relative threshold meets a metric below 0.

    It is a share of the best value: below 0, ``best * (1 - threshold)`` lies above the best under
    ``mode=min``, so a metric that gets worse counts as better, and the LR never falls.
    """
    threshold, mode = _value(run, "threshold"), _value(run, "threshold_mode")
    least = min(run.metrics or (0.0,))
    if least < 0 and mode == "rel" and is_number(threshold) and threshold > 0:
        text = f"the metric is {lr_text(least)} at its least"
        better = f"a relative threshold of {threshold:g} takes worse values for better ones"
        yield Said(f"{text}, and {better}", hint="<threshold_mode=abs>")


def _value(run: Resolved, name: str) -> object:
    """What a parameter is, whoever gave it."""
    return run.origins[name].value if name in run.origins else None
