"""fastai 1: what its fits take, and the points of its one cycle.

Source: fastai 1.0.61 ``train.py``, ``basic_train.py`` and ``callbacks/one_cycle.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

VERSION = "1.0.61"
LR = 3e-3
"""Of the last param group where a fit is told none; a tenth of it for those before."""
FITS: dict[str, dict[str, Any]] = {
    "fit_one_cycle": {
        "cyc_len": None,
        "max_lr": None,
        "moms": 0.0,
        "div_factor": 25.0,
        "pct_start": 0.3,
        "final_div": 0.0,  # None there: div_factor * 1e4
        "wd": 0.0,
        "callbacks": 0.0,
        "tot_epochs": 0,
        "start_epoch": 0,
    },
    "fit": {"epochs": None, "lr": None},
}
"""The fits and their arguments, in order."""
UNUSED = ("moms", "wd", "callbacks")
_NAMES = (
    "vision",
    "text",
    "tabular",
    "collab",
    "basic_train",
    "basic_data",
    "train",
    "callbacks",
    "data_block",
)
_MODULES = {f"fastai.{name}" for name in _NAMES}


def is_imported(imports: Collection[str]) -> bool:
    """Whether a file imports a module that is of fastai 1 alone: of 2 it is ``fastai.vision.all``."""
    is_newer = any(name.endswith(".all") or name.startswith(("fastai2", "fastcore")) for name in imports)
    return not is_newer and not _MODULES.isdisjoint(imports)


def points_of(lr: float, params: Mapping[str, float], total: int) -> dict[str, Any]:
    """Half a cosine up and one down: the last one ends at the update after the last."""
    rise, end = int(total * params["pct_start"]), lr / (params["final_div"] or params["div_factor"] * 1e4)
    points = {0: lr / params["div_factor"], rise: lr, **({total: end} if total > rise else {})}
    return {"points": tuple(f"{tick}:{rate!r}" for tick, rate in points.items()), "between": "cosine"}
