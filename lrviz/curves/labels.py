"""What schedules are called beside others: no more than tells them apart, and no two alike."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain, count
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.words import READABLE, TABLE
from lrviz.notation.rendering import render
from lrviz.notation.spec import Spec
from lrviz.notation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.notation.spec import Params
    from lrviz.resolve.resolved import Resolved


LONGEST_NAME = 100
STEPS = ("step", "epoch")
"""The columns before those of the curves."""


class Named(NamedTuple):
    """A schedule by what may tell it from others: its name, parameters and file; a label of its own stays."""

    name: str
    params: Params
    file: str = ""
    is_labelled: bool = False

    @classmethod
    def of_spec(cls, spec: Spec, file: str = "") -> Named:
        """A spec before it is resolved."""
        label = spec.get("label")
        return cls(spec.name if label is None else str(label), spec.params, file, label is not None)

    @classmethod
    def of_run(cls, run: Resolved) -> Named:
        """A schedule in its run; what its trainer's file is called is no label that somebody gave."""
        params = tuple((key, value) for key, value in run.spec.params if key != "label")
        return cls(run.label, params, run.place.file if run.place else "", run.is_labelled)


def distinct_labels(runs: Sequence[Resolved]) -> list[str]:
    """A label for each run."""
    return told_apart([Named.of_run(run) for run in runs])


def told_apart(named: Sequence[Named]) -> list[str]:
    """A label for each: its own, or its schedule's name; of equal ones what tells them apart behind it.

    The very same twice are numbered.
    """
    labels = [one.name for one in named]
    in_files = Counter(one.file for one in named)
    names: dict[str, list[int]] = {}
    for i, name in enumerate(labels):
        names.setdefault(name, []).append(i)
    for shared in (places for places in names.values() if len(places) > 1):
        for own in (True, False):
            same = [i for i in shared if named[i].is_labelled == own]
            for i, label in zip(same, _apart_by_files([named[i] for i in same], in_files), strict=True):
                labels[i] = label
    return numbered(list(map(one_line, labels)))  # a file's name or a parameter may be among them


def column_names(labels: Sequence[str]) -> list[str]:
    """Names for columns beside those of the steps."""
    return numbered([*STEPS, *labels])[len(STEPS) :]


def numbered(labels: Sequence[str]) -> list[str]:
    """The labels, of which the second of two that are alike is ``label [2]``."""
    found: dict[str, None] = {}
    taken = set(labels)
    for label in labels:
        numbers = (name for n in count(2) if (name := f"{label} [{n}]") not in taken)
        found[next(name for name in chain([label], numbers) if name not in found)] = None
    return list(found)


def file_name(labels: Sequence[str]) -> str:
    """The labels as one file name without its ending, short enough for any file system."""
    return _safe("-".join(map(_stem, labels)))


def file_names(labels: Sequence[str]) -> list[str]:
    """A file name for each label: of equal ones, in any case, the second is ``name-2``.

    What is called as its file, ``run.toml``, is ``run``, unless ``run.yaml`` is there as well.
    """
    stems = Counter(map(_stem, labels))
    found: dict[str, str] = {}
    for name in (_safe(_stem(label) if stems[_stem(label)] == 1 else label) for label in labels):
        numbers = (f"{name}-{n}" for n in count(2))
        own = next(one for one in chain([name], numbers) if one.casefold() not in found)
        found[own.casefold()] = own
    return list(found.values())


def _stem(label: str) -> str:
    """A label; the name of a file without what that ends in."""
    path = PurePath(label)
    return str(path.with_suffix("")) if path.suffix in (*READABLE, TABLE) else label


def _safe(name: str) -> str:
    return re.sub(r"[^\w.+=-]+", "_", name).strip("._-")[:LONGEST_NAME] or "lr"


def _apart_by_files(same: list[Named], in_files: Mapping[str, int]) -> list[str]:
    """Schedules of one name by their files, where these differ, and those of one file by their parameters.

    A file that has nothing else, by ``in_files``, is name enough for what it has.
    """
    of_file: dict[str, list[int]] = {}
    for i, one in enumerate(same):
        of_file.setdefault(one.file, []).append(i)
    tails = dict(zip(of_file, _tails(list(of_file)), strict=True)) if len(of_file) > 1 else {}
    labels = [""] * len(same)
    for file, places in of_file.items():
        tail = tails.get(file, "")
        for i, text in zip(places, _texts([same[i] for i in places]), strict=True):
            is_enough = tail and in_files[file] == 1 and not same[i].is_labelled
            labels[i] = tail if is_enough else f"{tail} {text}".lstrip()
    return labels


def _texts(same: list[Named]) -> list[str]:
    """The names with the parameters that are not the same in all."""
    shared = set.intersection(*({*one.params} for one in same)) if len(same) > 1 else {*same[0].params}
    own = [tuple(item for item in one.params if item not in shared) for one in same]
    return [
        render(Spec(one.name, params)) if params else one.name for one, params in zip(same, own, strict=True)
    ]


def _tails(files: Sequence[str]) -> list[str]:
    """Of each path as many of its last parts as tell different files apart: ``lr.toml``, ``a/lr.toml``."""
    parts = [PurePath(file).parts for file in files]
    different = len(set(files))
    deepest = max(map(len, parts), default=0)
    tails = (
        [str(PurePath(*one[-depth:])) if one else "" for one in parts] for depth in range(1, deepest + 1)
    )
    return next((names for names in tails if len(set(names)) == different), list(files))
