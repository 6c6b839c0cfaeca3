"""What a script says of its run where it makes a Trainer: the LR of an optimizer, rows that are streamed.

Source: transformers 5.23, ``trainer.py``: ``optimizers=``, ``optimizer_cls_and_kwargs=``, ``has_length``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_arguments import are_arguments
from lrviz.inputs.foreign.python.python_overrides import OF_OPTIMIZER, STREAM
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.shared.optimizer_lrs import LR, OWN_LRS, lr_of
from lrviz.inputs.foreign.unknown import Field, Imported, Unknown
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.python_script import Override
    from lrviz.inputs.foreign.source import Source

_CLASS = "optimizer_cls_and_kwargs"
OPTIMIZER = "optimizer"
_FIELD = Field(LR, (LR,), LR)


def said_by_trainer(script: Source, made: PythonCall | None) -> dict[str, tuple[Any, Place]]:
    """The arguments that its Trainer is given in another way, and where; ``made`` are those it is read by."""
    trainers, own = trainers_of(script, made), [*_lrs_made(script)]
    lrs = [_lr_given(one, script) for one in trainers]
    own = own or [(_FIELD, Place(script.name))] * (None in lrs)
    found = _one_of([*own, *(one for one in lrs if one)]) if own or lrs else {}
    for trainer in trainers:
        if _is_streamed(trainer.keywords.get("train_dataset"), script):
            found["streaming"] = (True, _place(script, trainer, "train_dataset"))
    return found


def trainers_of(script: Source, made: PythonCall | None) -> list[PythonCall]:
    """The calls that may make the Trainer with these arguments: of one that is known to train first it."""
    trainers = list(filter(may_have_optimizers, script.python.calls))
    first = next((one.trainer for one in script.python.trainings if made in (None, one.arguments)), None)
    ours = [one for one in trainers if one is first]
    return ours or [one for one in trainers if _is_given(one, made)] or trainers


def may_have_optimizers(call: PythonCall) -> bool:
    """Whether it makes a Trainer, or is given optimizers as one is."""
    return call.name.endswith("Trainer") or not call.keywords.keys().isdisjoint(("optimizers", _CLASS))


def optimizers_of(trainer: PythonCall) -> tuple[Any, Any]:
    """The optimizer and the scheduler that it is given; None where it makes them itself."""
    placed = [one for one in trainer.arguments if isinstance(one, tuple)]
    pair = trainer.keywords.get("optimizers", placed[0] if placed else None)
    if isinstance(pair, (Unknown, PythonCall)):
        return pair, pair
    is_pair = isinstance(pair, (tuple, list)) and len(pair) == 2
    optimizer, scheduler = (pair[0], pair[1]) if is_pair and pair is not None else (None, None)
    return trainer.changed.get(OPTIMIZER, (optimizer,))[0], scheduler


def _is_given(trainer: PythonCall, made: PythonCall | None) -> bool:
    given = (one for one in (*trainer.arguments, *trainer.keywords.values()) if are_arguments(one))
    return any(made is None or one is made for one in given)


def _lr_given(trainer: PythonCall, script: Source) -> tuple[Any, Place] | None:
    """The LR of the optimizer that a Trainer is given, or makes of a class; None where it has none."""
    optimizer, place = optimizers_of(trainer)[0], _place(script, trainer, _CLASS)
    if optimizer is not None:
        return lr_of(optimizer, script), place
    if _CLASS in trainer.keywords:
        return _lr_of_class(trainer.keywords[_CLASS], script, trainer.line), place
    return None


def _lr_of_class(made: Any, script: Source, line: int) -> Any:
    """``(SGD, {"lr": 0.1})``."""
    if isinstance(made, (tuple, list)) and len(made) == 2 and isinstance(made[1], dict):
        name = made[0].name if isinstance(made[0], Imported) else "Optimizer"
        return lr_of(PythonCall(name, (), {**made[1]}, line), script)
    return Unknown(f"{_CLASS}, which is not known")


def _lrs_made(script: Source) -> Iterator[tuple[Any, Place]]:
    """The LR that a Trainer's own method makes an optimizer with."""
    for one in script.python.overrides:
        is_put_in = one.what == OPTIMIZER and not any(
            OPTIMIZER in call.changed for call in script.python.calls
        )
        if is_put_in or (one.what in OF_OPTIMIZER and not may_have_groups(one)):
            lr = one.lrs[0] if len(one.lrs) == 1 else Unknown(f"the {one.what} of {one.owner}, its own")
            yield lr, Place(one.file or script.name, one.line)


def may_have_groups(one: Override) -> bool:
    """Whether its optimizer has the LR of the arguments, and others beside it."""
    return len(one.lrs) > 1 and any(isinstance(lr, Field) and lr.name == LR for lr in one.lrs)


def _one_of(lrs: list[tuple[Any, Place]]) -> dict[str, tuple[Any, Place]]:
    """The LR, or those of groups, if all Trainers that may be meant have the same."""
    (lr, place), *others = lrs
    if any(_known(one) != _known(lr) for one, _ in others):
        lr = Unknown("that of one of several optimizers")
    if isinstance(lr, tuple):
        return {LR: (lr[0], place), OWN_LRS: (list(lr), place)}
    if isinstance(lr, Field) and lr.name == LR:
        return {}
    return {LR: (lr, place)}


def _known(lr: Any) -> Any:
    return lr.name if isinstance(lr, Field) else lr


def _place(script: Source, trainer: PythonCall, name: str) -> Place:
    return Place(script.name, trainer.lines.get(name, trainer.line))


def _is_streamed(rows: object, script: Source) -> bool:
    """Whether they have no length: of a class of its own, or loaded so."""
    if not isinstance(rows, PythonCall):
        return False
    streams = {one.owner for one in script.python.overrides if one.what == STREAM}
    is_loaded = rows.name.endswith("load_dataset") and rows.keywords.get("streaming") is True
    return is_loaded or rows.name in streams or rows.name.endswith("to_iterable_dataset")
