"""What a run is called beside others: no more than tells it apart."""

from __future__ import annotations

from itertools import chain, count
from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.notation.rendering import render
from lrviz.notation.spec import Spec
from lrviz.notation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.resolve.resolved import Resolved


STEPS = ("step", "epoch")
"""The columns before those of the curves."""


def distinct_labels(runs: Sequence[Resolved]) -> list[str]:
    """A label for each run: its own; its schedule's name where no other has it; else what tells it apart."""
    labels = [run.label for run in runs]
    names: dict[str, list[int]] = {}
    for i, name in enumerate(labels):
        names.setdefault(name, []).append(i)
    for shared in (places for places in names.values() if len(places) > 1):
        same = [i for i in shared if not runs[i].is_labelled]
        for i, label in zip(same, _told_apart([runs[i] for i in same]), strict=True):
            labels[i] = label
    return list(map(one_line, labels))  # a file's name or a parameter may be among them


def column_names(labels: Sequence[str]) -> list[str]:
    """Names for columns beside those of the steps: of equal labels the second is ``label [2]``."""
    found: dict[str, None] = {}
    for label in (*STEPS, *labels):
        numbers = (f"{label} [{n}]" for n in count(2))
        found[next(name for name in chain([label], numbers) if name not in found)] = None
    return list(found)[len(STEPS) :]


def _told_apart(same: list[Resolved]) -> list[str]:
    """Runs of one schedule by their files, one to each; by the parameters that differ; or by both."""
    files = [run.place.file if run.place else "" for run in same]
    names = [PurePath(file).name for file in files]
    shared = set.intersection(*({*run.spec.params} for run in same)) if len(same) > 1 else set()
    own = [tuple(item for item in run.spec.params if item not in shared) for run in same]
    texts = [render(Spec(run.spec.name, params)) for run, params in zip(same, own, strict=True)]
    both = [f"{file} {text}".lstrip() for file, text in zip(files, texts, strict=True)]
    choices = [*([names, files] if all(files) else []), texts, both]
    return next((labels for labels in choices if len(set(labels)) == len(same)), texts)
