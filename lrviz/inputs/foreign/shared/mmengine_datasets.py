"""Samples that the dataset of an mmengine config has, which is not always as many as there are images.

Source: mmengine 0.10.7 ``dataset/dataset_wrapper.py`` and ``BaseDataset``; mmdet 3.3.0 ``samplers/``;
mmpretrain 1.2.0 ``RepeatAugSampler`` and ``KFoldDataset``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.setting import Setting, whole
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.settings import Settings

SETTINGS = (Setting("train_rows", whole),)
"""``len`` of the whole dataset, as somebody has counted it."""
_REPEATING, _JOINING, _KEEPING = "RepeatDataset", "ConcatDataset", "MultiImageMixDataset"
ENDLESS = ("InfiniteSampler", "MultiSourceSampler", "GroupMultiSourceSampler")
"""Samplers that never end, and tell the loader the whole dataset."""
WHOLE = "RandomSampler"
"""That of a torch ``DataLoader`` without another: each process takes the whole dataset."""
_ROUNDING = "LengthGroupedSampler"
"""A sampler of xtuner's, whose share is whole batches: none is left to drop."""
_SHARING = (
    *("DefaultSampler", "SequentialSampler", "RepeatAugSampler", "ClassAwareSampler", "MultiDataSampler"),
    *("DistributedSampler", WHOLE, _ROUNDING),
)
"""Samplers that give each process its share of as many samples as the dataset has."""
_BATCHING = ("BatchSampler", "AspectRatioBatchSampler", "TrackAspectRatioBatchSampler")


def name_of(kind: object) -> str:
    """A class, which the file imports or names in a text."""
    return kind.name if isinstance(kind, Imported) else str(kind)


def short_name(kind: object) -> str:
    """The class without the module, or the scope, before it: ``mmdet.RepeatDataset``."""
    return name_of(kind).rpartition(".")[2]


def sampler_of_its_own(run: Settings) -> str:
    """The sampler that decides by itself how many batches there are; none of those that are known."""
    drops = run["train_dataloader.drop_last"]
    for key, known in ("sampler", (*_SHARING, *ENDLESS)), ("batch_sampler", _BATCHING):
        kind = run.raw("train_dataloader", key, "type")
        name = short_name(kind)
        if isinstance(kind, (str, Imported)) and (name not in known or (drops and name == _ROUNDING)):
            return name
    return ""


def rows_name(run: Settings) -> str:
    """Who says how many samples there are: the count of all images, where the dataset's follows from it."""
    uncounted = "" if run.is_said("train_rows") else _uncounted(run.raw("train_dataloader", "dataset"))
    if uncounted:
        run.explain(
            "train_rows", f"how many samples there are after {uncounted}, which dataset_len does not tell"
        )
    return "train_rows" if uncounted or run.is_said("train_rows") else "dataset_len"


def samples(run: Settings) -> int:
    """The samples of the dataset: ``indices`` takes some of the images, ``RepeatDataset`` all again."""
    rows, name = rows_name(run), "dataset_len"
    n: int = run.ask(rows)
    if rows != name:
        return n
    times, leaf = 1, run.raw("train_dataloader", "dataset")
    while isinstance(leaf, dict) and "dataset" in leaf:
        times *= leaf.get("times", 1) if short_name(leaf.get("type")) == _REPEATING else 1
        leaf = leaf["dataset"]
    n = _taken(run, n, leaf)
    if any("filter_cfg" in one and one["filter_cfg"] for one in _leaves(leaf)):
        run.note("filtered-rows", "filter_cfg: dataset_len is the number of images that it leaves", at=name)
    return run.product("samples", n, times) if times > 1 else n


def _taken(run: Settings, n: int, leaf: object) -> int:
    """As many as ``indices`` takes: the first of them, the last, or those that it lists."""
    indices = leaf.get("indices") if isinstance(leaf, dict) else None
    if isinstance(indices, (list, tuple)):
        return run.line("images", "len(indices)", len(indices))
    if not isinstance(indices, int):
        return n
    return run.line("images", f"min({n}, {abs(indices)})", min(n, abs(indices)))


def _uncounted(table: object) -> str:
    """What makes a number of samples that the number of images does not tell; nothing where it does."""
    if not isinstance(table, dict):
        return ""
    name, within = short_name(table.get("type")), _uncounted(table.get("dataset"))
    if isinstance(table.get("indices"), Unknown):
        return "indices"
    if name == _JOINING:
        parts = table.get("datasets")
        return next(filter(None, map(_changing, parts)), "") if isinstance(parts, (list, tuple)) else ""
    is_plain = name == _KEEPING or (name == _REPEATING and isinstance(table.get("times"), int))
    return within if is_plain or not _wraps(table) else name


def _changing(table: Any) -> str:
    """What has other samples than it has images: the images of all parts together do not tell the sum."""
    if not isinstance(table, dict):
        return ""
    if table.get("indices") is not None:
        return "indices"
    name = short_name(table.get("type"))
    return name if name == _REPEATING else _uncounted(table) or _changing(table.get("dataset"))


def _wraps(table: dict[str, Any]) -> bool:
    """Whether it is made of others; xtuner's has those that it reads, unless it packs or takes some."""
    if short_name(table.get("type")) == "process_hf_dataset":
        return table.get("pack_to_max_length", True) is not False or bool(table.get("max_dataset_length"))
    return any(isinstance(table.get(key), (dict, list, tuple)) for key in ("dataset", "datasets"))


def _leaves(table: object) -> Iterator[dict[str, Any]]:
    if isinstance(table, dict):
        yield table
        parts = table.get("datasets")
        for one in parts if isinstance(parts, (list, tuple)) else ():
            yield from _leaves(one)
