"""How many rows a data set of a Python file has, where a line of the file says so.

Source: datasets 5.2.0, ``arrow_dataset.py`` and ``arrow_reader.py``; torch 2.13.0 ``utils/data/dataset.py``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_KEEPING = frozenset(
    {
        *("shuffle", "sort", "rename_column", "rename_columns", "remove_columns", "select_columns", "cast"),
        *("cast_column", "with_format", "with_transform", "add_column", "flatten", "flatten_indices"),
        *("class_encode_column", "align_labels_with_mapping"),
    }
)
"""Methods that leave as many rows as there are."""
_SLICE = re.compile(r"\w+\[(\d*):(\d+)\]")
_TEST, _TRAIN = "test_size", "train_size"


class Rows(NamedTuple):
    """So many, by that line of its file; ``is_most``: or fewer; a line ``behind`` may make others of them."""

    number: int
    line: int
    is_most: bool = False
    behind: int = 0

    @property
    def is_sure(self) -> bool:
        """Whether there are so many, or the file stops."""
        return not (self.is_most or self.behind)

    @property
    def text(self) -> str:
        """How many, as far as they are known."""
        most = "at most " if self.is_most else ""
        left = f", before line {self.behind}" if self.behind else ""
        return f"{most}{self.number} by line {self.line}{left}"


@dataclass(frozen=True)
class PartOfRows(Unknown):
    """One of several data sets, ``data["train"]``, of which the rows are known."""

    rows: Rows | None = None


class Called(NamedTuple):
    """A call that may make a data set: on what, by which method or function, and with what.

    ``keeps`` tells of a ``map`` in batches whether it surely makes one row of each.
    """

    on: Any
    name: str
    arguments: Sequence[Any]
    keywords: Mapping[str, Any]
    line: int
    keeps: bool = False

    def word(self, at: int, name: str, default: object = None) -> Any:
        """What it is given by place or by name."""
        return self.arguments[at] if len(self.arguments) > at else self.keywords.get(name, default)


def rows_of(value: object) -> Rows | None:
    """The rows of a data set; None where nobody knows them."""
    found = getattr(value, "rows", None)
    return found if isinstance(found, Rows) else None


def rows_made(made: Called) -> dict[Any, Rows | None]:
    """Those of what a call gives: of one data set, or of several by name or place."""
    if isinstance(made.on, Imported):
        return {"": _of_function(made)} | dict(_several(made))
    if made.name in ("select", "take"):
        return {"": _selected(made)}
    if made.name == "train_test_split":
        return _split(made, rows_of(made.on))
    found = getattr(made.on, "rows_by_name", {"": rows_of(made.on)})
    if made.name == "values":
        return dict(enumerate(found.values()))
    return {key: _next(made, one) for key, one in found.items()}


def _next(made: Called, rows: Rows | None) -> Rows | None:
    """What a method makes of rows."""
    if rows is None or made.name in _KEEPING:
        return rows
    if made.name == "filter":
        return rows._replace(is_most=True)
    if made.name != "map":
        return None
    is_plain = "**" not in made.keywords and len(made.arguments) < 5
    drops = made.keywords.get("drop_last_batch", False)
    keeps = is_plain and not drops and (made.keeps or not made.keywords.get("batched", False))
    return rows if keeps else rows._replace(behind=made.line)


def _selected(made: Called) -> Rows | None:
    """``select(range(1000))`` stops where there are fewer; ``take(1000)`` gives those that there are."""
    what = made.word(0, "indices" if made.name == "select" else "n")
    if made.name == "select":
        return _of_indices(what, made.line)
    return Rows(what, made.line, is_most=True) if type(what) is int and what > 0 else None


def _of_indices(what: object, line: int) -> Rows | None:
    name = getattr(what, "name", "")
    words: Sequence[Any] = getattr(what, "arguments", ())
    if name == "list" and len(words) == 1:
        return _of_indices(words[0], line)
    if name != "range" or not 1 <= len(words) <= 3 or any(type(one) is not int for one in words):
        return None
    numbers = range(*words) if words[2:] != (0,) else range(0)
    return Rows(len(numbers), line) if numbers and min(numbers[0], numbers[-1]) >= 0 else None


def _of_function(made: Called) -> Rows | None:
    first = made.word(0, "")
    if made.name == "load_dataset":
        return _sliced(made.word(3, "split") if len(made.arguments) > 5 else made.keywords.get("split"), made)
    if made.name == "Subset":
        return _of_indices(made.word(1, "indices"), made.line)
    if made.name == "concatenate_datasets" and isinstance(first, (list, tuple)) and first:
        is_below = "**" not in made.keywords and made.word(3, "axis", 0) == 0
        return _sum([rows_of(one) for one in first], made.line) if is_below else None
    if made.name in ("from_dict", "from_list") and isinstance(first, (dict, list)):
        column = next(iter(first.values()), None) if isinstance(first, dict) else first
        return Rows(len(column), made.line) if isinstance(column, list) and column else None
    return None


def _sliced(split: object, made: Called) -> Rows | None:
    """``split="train[:1000]"`` is cut to the rows there are; a share of them tells nothing."""
    found = _SLICE.fullmatch(split) if isinstance(split, str) else None
    count = int(found[2]) - int(found[1] or 0) if found else 0
    return Rows(count, made.line, is_most=True) if count > 0 and not made.keywords.get("streaming") else None


def _sum(every: Sequence[Rows | None], line: int) -> Rows | None:
    known = [one for one in every if one]
    if len(known) < len(every):
        return None
    is_most, behind = any(one.is_most for one in known), max(one.behind for one in known)
    return Rows(sum(one.number for one in known), line, is_most, behind)


def _several(made: Called) -> Iterator[tuple[Any, Rows | None]]:
    """Those of ``DatasetDict``, and of a split by numbers, which must be all the rows."""
    first = made.word(0, "")
    if made.name == "DatasetDict":
        table = first if isinstance(first, dict) and "**" not in made.keywords else {}
        yield from ((key, rows_of(one)) for key, one in {**table, **made.keywords}.items())
    lengths = made.word(1, "lengths")
    is_whole = isinstance(lengths, (list, tuple)) and all(type(one) is int for one in lengths)
    if made.name == "random_split" and is_whole:
        yield from enumerate(Rows(one, made.line) for one in lengths)


def _split(made: Called, rows: Rows | None) -> dict[Any, Rows | None]:
    """The parts of ``train_test_split``: whole numbers are rows, others shares of them."""
    test, train = made.word(0, _TEST), made.word(1, _TRAIN)
    if "**" in made.keywords or not all(_is_size(one) for one in (test, train)):
        return {}
    return {"train": _left(rows, test, train, made.line), "test": _held(test, made.line)}


def _is_size(value: object) -> bool:
    return value is None or type(value) in (int, float)


def _held(test: Any, line: int) -> Rows | None:
    return Rows(test, line) if isinstance(test, int) else None


def _left(rows: Rows | None, test: Any, train: Any, line: int) -> Rows | None:
    """The rows to train on."""
    if isinstance(train, int):
        return Rows(train, line)
    if rows is None:
        return None
    n, share = rows.number, 0.25 if test is None else test
    held = share if isinstance(share, int) else math.ceil(share * n)
    left = n - held if train is None else math.floor(train * n)
    return rows._replace(number=left) if left > 0 else None


def part_of(value: object, key: object, unknown: Unknown) -> Unknown:
    """``data["train"]``, with its rows."""
    parts = getattr(value, "rows_by_name", {})
    rows = parts.get(key) if isinstance(key, (str, int)) else None
    return unknown if rows is None else PartOfRows(unknown.why, unknown.names, rows=rows)


def put_part(value: Any, key: object, rows: Rows | None) -> None:
    """``data["train"] = …``; None of whatever key where nobody knows which."""
    if isinstance(key, (str, int)):
        value.rows_by_name[key] = rows
    else:
        value.rows_by_name.update(dict.fromkeys(key for key in value.rows_by_name if key != ""))
