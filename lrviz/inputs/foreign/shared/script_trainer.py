"""What a script says of its run where it makes a Trainer: the LR of an optimizer, rows that are streamed.

Source: transformers 5.23, ``trainer.py``: ``optimizers=``, ``optimizer_cls_and_kwargs=``, ``has_length``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_overrides import STREAM
from lrviz.inputs.foreign.source import PythonCall, Unknown

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source

_LR = "learning_rate"


def said_by_trainer(script: Source) -> dict[str, tuple[Any, int]]:
    """The arguments that its one Trainer is given in another way, and the line."""
    trainers = [one for one in script.calls if one.name.endswith("Trainer")]
    return _said(trainers[0], script) if len(trainers) == 1 else {}


def may_have_optimizers(call: PythonCall) -> bool:
    """Whether it makes a Trainer, or is given optimizers as one is."""
    return call.name.endswith("Trainer") or "optimizers" in call.keywords


def optimizers_of(trainer: PythonCall) -> tuple[Any, Any]:
    """The optimizer and the scheduler that it is given; None where it makes them itself."""
    placed = [one for one in trainer.arguments if isinstance(one, tuple)]
    pair = trainer.keywords.get("optimizers", placed[0] if placed else None)
    if isinstance(pair, (Unknown, PythonCall)):
        return pair, pair
    return (pair[0], pair[1]) if isinstance(pair, (tuple, list)) and len(pair) == 2 else (None, None)


def lr_of(optimizer: object) -> float | None:
    """The LR that an optimizer is made with, where its groups have none of their own."""
    if not isinstance(optimizer, PythonCall):
        return None
    parts = [optimizer.keywords.get("params"), *optimizer.arguments]
    groups = [one for part in parts if isinstance(part, list) for one in part]
    has_own = any(isinstance(one, dict) and "lr" in one for one in groups)
    lr = optimizer.keywords.get("lr")
    return lr if isinstance(lr, (int, float)) and not has_own else None


def _said(trainer: PythonCall, script: Source) -> dict[str, tuple[Any, int]]:
    found: dict[str, tuple[Any, int]] = {}
    lr = lr_of(optimizers_of(trainer)[0])
    made = trainer.keywords.get("optimizer_cls_and_kwargs")
    if isinstance(made, (tuple, list)) and len(made) == 2 and isinstance(made[1], dict):
        lr = made[1].get("lr", Unknown("the optimizer's own default", (_LR,)))
    if lr is not None:
        found[_LR] = (lr, trainer.lines.get("optimizer_cls_and_kwargs", trainer.line))
    if _is_streamed(trainer.keywords.get("train_dataset"), script):
        found["streaming"] = (True, trainer.lines.get("train_dataset", trainer.line))
    return found


def _is_streamed(rows: object, script: Source) -> bool:
    """Whether they have no length: of a class of its own, or loaded so."""
    if not isinstance(rows, PythonCall):
        return False
    streams = {one.owner for one in script.overrides if one.what == STREAM}
    is_loaded = rows.name.endswith("load_dataset") and rows.keywords.get("streaming") is True
    return is_loaded or rows.name in streams or rows.name.endswith("to_iterable_dataset")
