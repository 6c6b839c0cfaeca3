"""The optimizer of ultralytics and its LR, which ``auto`` chooses by the images and the classes.

Source: ultralytics 8.0.200, 8.3.200, 8.4.0, 8.4.60 and 8.4.190 ``engine/trainer.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Raw, whole
from lrviz.notation.numbers import lr_text
from lrviz.plan.arithmetic import ceil_div
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

LR0 = 0.01
OPTIMIZERS = ("auto", "SGD", "MuSGD", "Adam", "Adamax", "AdamW", "NAdam", "RAdam", "RMSProp")
LONG = 10_000
"""Iterations above which ``optimizer: auto`` takes another optimizer."""


def optimizer_of(run: Settings) -> tuple[str, float]:
    """The optimizer and its LR, which ``auto`` chooses by the length of the run and the classes."""
    name = run["optimizer"]
    if name.lower() != "auto":
        if name.lower() not in {one.lower() for one in OPTIMIZERS}:
            run.choose("optimizer", OPTIMIZERS)
        return name, run["lr0"]
    formula = f"ceil({images_of(run)} / max({run['batch']}, {run['nbs']})) * {run['epochs']}"
    iterations = run.line("iterations", formula, iterations_of(run))
    if iterations > LONG:
        found, lr = "MuSGD" if run.since("8.4.60", "auto takes MuSGD, before 8.4.60 SGD") else "SGD", 0.01
    else:
        classes = 1 if run["single_cls"] else _classes(run)
        is_adam = run.since("8.4.60", "auto takes AdamW, from 8.4.0 to 8.4.59 MuSGD") or not run.since("8.4")
        found, lr = "AdamW" if is_adam else "MuSGD", round(0.002 * 5 / (4 + classes), 6)
    _say_ignored(run, iterations, found, lr)
    return found, lr


def _say_ignored(run: Settings, iterations: int, found: str, lr: float) -> None:
    """Say that ``auto`` does not look at ``lr0``, and warn where that is another than the default."""
    more = "more than" if iterations > LONG else "at most"
    say = run.note if run["lr0"] in (LR0, lr) else run.warn
    say(
        "lr0-ignored",
        f"optimizer: auto ignores lr0={lr_text(run['lr0'])} and momentum:"
        f" {iterations} iterations are {more} {LONG},"
        f" so it takes {found} with {lr_text(lr)}, and the biases start at 0",
        hint="--given optimizer=SGD",
        at="optimizer",
    )


def iterations_of(run: Settings) -> int:
    """The updates by which ``auto`` takes a run for a long one."""
    return int(ceil_div(images_of(run), max(int(run["batch"]), run["nbs"])) * run["epochs"])


def images_of(run: Settings) -> int:
    """Those trained on: a share of the dataset, or a number of them."""
    n, share = int(run.ask("dataset_len")), run["fraction"]
    if share >= 1:
        return n if share == 1 else min(n, int(share))
    kept = int(n * share) if run["task"] == "classify" else round(n * share)
    return max(1, kept)


def name_of_classes(run: Settings) -> str:
    """``nc``, as the file of the data calls it, or ``classes``."""
    known = [name for name in ("classes", "nc") if run.is_said(name)]
    return known[0] if known else "classes"


def _classes(run: Settings) -> int:
    given = run.ask(name_of_classes(run))
    try:
        return whole(Raw(given))
    except Unfit:
        run.refuse(f"classes={given!r} is no whole number", hint="--given classes=80")
