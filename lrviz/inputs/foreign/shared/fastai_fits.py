"""The fits that a file of fastai calls: how often each runs, and on whose batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shared import fastai_1
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.inputs.foreign.python.python_script import PythonCall
    from lrviz.inputs.foreign.settings import Settings


LOADER_BATCH = 64
LOADERS = ("DataLoaders.", ".dataloaders", "DataBunch.", ".databunch")
_RUNS = ("a with", "a start")
"""What a fit may stand in that runs it once: also ``if __name__ == "__main__"``."""
_BESIDE = ("wd", "moms", "cbs", "reset_opt", "start_epoch")
"""What the fits take that moves no LR; ``moms`` where a cycle has some."""


def batch_size(run: Settings) -> int | None:
    """That of the data loaders: what is said, what a call says, or fastai's where a call leaves it out."""
    if run.is_said("batch_size"):
        return int(run["batch_size"])
    calls = run.source.python.calls
    said = [call.keywords["bs"] for call in calls if isinstance(call.keywords.get("bs"), int)]
    is_open = any("bs" in call.keywords for call in calls)
    return said[0] if said else LOADER_BATCH if _loaders(run) and not is_open else None


def _loaders(run: Settings) -> list[PythonCall]:
    calls = run.source.python.calls
    return [call for call in calls if any(word in call.name for word in LOADERS)]


def check_keywords(run: Settings, call: PythonCall, names: Sequence[str]) -> None:
    """Refuse a keyword that a fit does not take, and epochs that it skips.

    Raises:
        ConfigError: there is one, or it begins later.

    """
    has_moms = call.called in {"fit_one_cycle", "fine_tune"}
    beside = [one for one in _BESIDE if has_moms or one != "moms"] if run.since("2") else fastai_1.UNUSED
    known = [*dict.fromkeys((*names, *beside))]
    place = f"{call.name} in line {call.line}"
    for key in call.keywords:
        if key not in known and not key.startswith("*"):
            near = nearest(key, known)
            hint = f"did you mean {near}?" if near else f"it takes {', '.join(known)}"
            run.refuse(f"{place} takes no {key}: it stops", hint=hint)
    if call.keywords.get("start_epoch") and "start_epoch" not in names:
        text = f"{place} skips its epochs before start_epoch, which is not read"
        run.refuse(text, hint="take start_epoch out")


def hidden_keywords(call: PythonCall, names: Iterable[str]) -> dict[str, Unknown]:
    """What ``**kwargs`` of a call may say of ``names``: nobody knows."""
    if not any(key.startswith("*") for key in call.keywords):
        return {}
    return {name: Unknown(f"** in line {call.line}", (name,)) for name in names}


def check_repeats(run: Settings, fits: Iterable[PythonCall]) -> None:
    """Refuse a fit that runs nobody knows how often, and say which may not run."""
    for call in fits:
        loops = [one for one in call.around if one.startswith("a loop")]
        if loops:
            run.refuse(
                f"{call.name} in line {call.line} stands in {loops[0]}, and how often that runs is not known",
                hint="write its fits one below the other, or the loop over a range of numbers",
            )
        if unsure := [one for one in call.around if not one.startswith(_RUNS)]:
            text = f"{call.name} in line {call.line} stands in {unsure[0]}: it is counted as if it runs"
            run.warn("may-not-run", text)


def check_loaders(run: Settings, name: str) -> None:
    """Refuse another batch size of later fits, and say that they are counted on as many batches."""
    line = run.source.python.attributes.get(name)
    if line is None:
        return
    sizes = {call.keywords.get("bs") for call in _loaders(run)}
    if len(sizes) > 1 and not run.is_said("batches_per_epoch"):
        run.refuse(
            f"line {line} replaces the data loaders by others with another batch size",
            hint="keep the fits on one of them, or say the batches of all epochs: <batches_per_epoch=100>",
        )
    text = f"line {line} replaces the data loaders: an epoch of the later fits is counted as long as before"
    run.warn("loaders-replaced", text)
