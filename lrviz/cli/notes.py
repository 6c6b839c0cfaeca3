"""What is said on stderr of schedules and curves."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lrviz.curves.read import Wanted, each_of, read_words
from lrviz.notation.numbers import lr_text
from lrviz.resolve.resolved import Resolved

if TYPE_CHECKING:
    from lrviz.cli.options import RunOptions
    from lrviz.curves.series import Series


LONG_WALK = 20_000_000
"""Steps above which a walk is announced."""


def resolved(words: list[str], run: RunOptions) -> list[Resolved]:
    """Every word, made definite by the options; notes go to stderr."""
    return definite(read_words(words), run)


def definite(wanted: Iterable[Wanted], run: RunOptions) -> list[Resolved]:
    """All that is wanted, made definite by the options; notes go to stderr."""
    flags = run.values()
    found = [one for item in wanted for one in each_of(item, flags)]
    if not run.quiet:
        notes(found)
    for one in found:
        _warn_of_walks(one)
        for text in one.warnings:
            print(f"warning: {one.label}: {text}", file=sys.stderr)
    return found


def _warn_of_walks(one: Resolved) -> None:
    """A schedule that must be walked step by step takes its time, and says so before."""
    steps = one.plan.total_steps
    if any(group["lr"].walks for group in one.schedule.groups) and steps > LONG_WALK:
        text = f"each value needs the one before: {steps} steps take about {steps / 2e6:.0f} s"
        print(f"warning: {one.label}: {text}", file=sys.stderr)


def notes(found: Sequence[Resolved]) -> None:
    """Say once what was assumed and what is worth knowing, with the labels it is true of."""
    said: dict[str, list[str]] = {}
    for one in found:
        for origin in ("example", "assumed"):
            texts = [f"{a.key}={a.value}" for a in one.assumptions if a.origin == origin]
            if texts:
                said.setdefault(f"{', '.join(texts)} ({origin})", []).append(one.label)
        for text in one.notes:
            said.setdefault(text, []).append(one.label)
    for text, labels in said.items():
        about = "" if "(example)" in text else f"{', '.join(dict.fromkeys(labels))}: "
        print(f"note: {about}{text}", file=sys.stderr)
    for one in found:
        if one.groups:
            print(f"note: {one.label}: {len(one.groups)} param groups", file=sys.stderr)
            print(*_group_table(one), sep="\n", file=sys.stderr)


def _group_table(one: Resolved) -> list[str]:
    """The LR of every named group, and the scale it comes from."""
    from lrviz.draw.table import plain_table

    scales = ["" if group.scale is None else lr_text(group.scale) for group in one.groups]
    cells = [
        (group.label, scale, lr_text(lr))
        for group, scale, lr in zip(one.groups, scales, one.lrs, strict=True)
    ]
    return plain_table(
        ("  group", "scale", "lr"),
        [(f"  {name}", *rest) for name, *rest in cells],
        ["left", "right", "right"],
        width=None,
    )


def warn(chosen: Iterable[Series], *, quiet: bool) -> None:
    """Say where the framework stops inside the run, and where extremes are no better than samples."""
    from lrviz.engine.sampling import LOOKED_AT

    for row in chosen:
        if not quiet and _is_flat(row):
            print(f"note: {row.label} is a flat line at {lr_text(row.facts.peak)}", file=sys.stderr)
        if row.facts.stop:
            print(
                f"warning: {row.label} stops at step {row.facts.stop[0]}: {row.facts.stop[1]}",
                file=sys.stderr,
            )
        if row.facts.sampled:
            print(
                f"warning: {row.label}: {row.facts.sampled} of {LOOKED_AT} columns are sampled, not exact",
                file=sys.stderr,
            )


def _is_flat(row: Series) -> bool:
    """Whether a schedule moves nothing in its run, without being one that never does."""
    meant = all(phase.kind == "constant" for phase in row.timeline.phases)
    return row.facts.peak == row.facts.low and row.steps > 1 and row.facts.stop is None and not meant
