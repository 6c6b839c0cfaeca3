"""The images of kohya's data set: their batch, how often each counts, and whether they lie in buckets.

Source: sd-scripts 0.9.1 and 0.10.1 ``library/config_util.py``: a part has a value of its own, else of its
data set, else of ``[general]``; and ``library/train_util.py`` (``make_buckets``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.key_paths import table_at
from lrviz.inputs.foreign.opening import open_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.inputs.foreign.settings import Settings

_MORE = ("is_reg", "validation_split")
"""Parts with these have other images than their own, or not all."""


class DataSet(NamedTuple):
    """The batch of a data set, how often it has each image, and whether it sorts them by their size."""

    size: int
    repeats: int = 1
    is_bucketed: bool = False


def batches_of(run: Settings, data: DataSet) -> int:
    """Batches of an epoch, before the processes share them."""
    n, _ = run.ask("dataset_len", "world_size")
    samples = n if data.repeats == 1 else run.product("images with repeats", n, data.repeats)
    if data.is_bucketed:
        run.note("buckets", "each bucket of images rounds its batches up: there may be more of them")
    return run.divide("batches of all processes", samples, data.size, down=False)


def data_set(run: Settings) -> DataSet | None:
    """That of its own file, which wins; None where its parts differ."""
    said = DataSet(int(run["train_batch_size"]), is_bucketed=bool(run.raw("enable_bucket")))
    file = run["dataset_config"]
    if file is None:
        run.note(
            "repeats", "dataset_len counts an image as often as the name of its folder repeats it: 10_cat"
        )
        return said
    try:
        parts = {*_parts(open_beside(run.source, file).data, said)}
    except ConfigError as error:
        text = f"{error}; a batch_size there wins over train_batch_size, and num_repeats multiply the images"
        run.note("data-set-not-read", text, hint=error.hint)
        return said
    found = parts.pop() if len(parts) == 1 else None
    if found is None or run.origin("train_batch_size").source == "option":
        return found and found._replace(size=said.size)
    run.line("batch size", f"batch_size of {file}", found.size)
    return found


def _parts(data: Mapping[str, Any], said: DataSet) -> Iterator[DataSet | None]:
    """Each part of each data set of a file; None of one that cannot be counted so."""
    general = {"batch_size": said.size, "num_repeats": 1, **table_at(data, "general")}
    for one in _tables(data.get("datasets")):
        for part in _tables(one.get("subsets")):
            table = {**general, **one, **part}
            size, repeats = table["batch_size"], table["num_repeats"]
            is_counted = all(isinstance(number, int) and number > 0 for number in (size, repeats))
            is_whole = is_counted and not any(table.get(key) for key in _MORE)
            is_bucketed = bool(table.get("enable_bucket", said.is_bucketed))
            yield DataSet(size, repeats, is_bucketed) if is_whole else None


def _tables(value: object) -> list[dict[str, Any]]:
    """The tables of a list; where there is none, one that says nothing."""
    found: list[dict[str, Any]] = (
        [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    )
    return found or [{}]
