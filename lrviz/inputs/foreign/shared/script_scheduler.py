"""The schedule that a script puts in the place of the one its Trainer would build: read, or refused.

Source: transformers 5.23, ``trainer.py``: a scheduler that is there is kept, and stepped after each update.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from lrviz.catalogue.names import find, lookup
from lrviz.catalogue.roles import Role
from lrviz.errors import ConfigError, LrvizError
from lrviz.inputs.foreign.python.python_overrides import OF_SCHEDULER, is_maker
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.python.schedule_calls import call_text
from lrviz.inputs.foreign.question import Asked
from lrviz.inputs.foreign.shared.optimizer_lrs import lr_of_run
from lrviz.inputs.foreign.shared.script_trainer import optimizers_of, trainers_of
from lrviz.inputs.foreign.unknown import Field, unknown_within
from lrviz.inputs.pasted import read_call
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.catalogue.registry import Entry
    from lrviz.inputs.foreign.python.python_script import Override
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

_TYPE = "lr_scheduler_type"
_UNUSED = f"{_TYPE} and its warmup change nothing"
_STEPPED = ("torch.", "transformers.")
"""Whose schedules have a step() without arguments, as the Trainer calls it."""
_BY_METRIC = ("torch.ReduceLROnPlateau", "transformers.greedy", "transformers.reduce_lr_on_plateau")


class _Own(NamedTuple):
    """What is in the place of the Trainer's schedule, where, and the optimizer and scheduler it is given."""

    text: str
    place: Place
    pair: tuple[Any, Any] = (None, None)

    @property
    def whose(self) -> str:
        """What it is, behind its place."""
        return f"{self.place}: {self.text}"


def own_schedule(run: Settings, script: Source | None, steps: int) -> Spec | None:
    """The run by the script's own scheduler; None where the Trainer makes one, or ``--given`` says which.

    Raises:
        ConfigError: it is none that can be read.
        PlanError: ``--given`` tells what it is made with.

    """
    found = [*_handed(run, script), *_put_in(script)] if script else []
    if not found:
        return None
    if run.origin(_TYPE).source == "option":
        run.warn("own-scheduler", f"{found[-1].whose}: it is taken to be {run[_TYPE]}, as given", at=_TYPE)
        return None
    _ask_for_unknown(run, found)
    curve = _read(run, *found[0].pair, steps) if len(found) == 1 else None
    return curve or _refuse(found[-1], steps)


def is_replaced(one: Override) -> bool:
    """Whether the Trainer surely has no schedule of its own any more."""
    return one.is_sure and (one.what in (*OF_SCHEDULER, "lr_scheduler") or is_maker(one.what))


def _handed(run: Settings, script: Source) -> Iterator[_Own]:
    """``Trainer(optimizers=(optimizer, scheduler))``, of the Trainers with these arguments."""
    trainers = trainers_of(
        script, run.source.python.calls[0] if script is run.source and script.python.calls else None
    )
    for call in trainers:
        pair = optimizers_of(call)
        if pair[1] is not None:
            is_alone = len(trainers) == 1
            found = (pair[0], _resolved(run, pair[1], pair[0])) if is_alone else (None, None)
            yield _Own(f"{call.name} is given its own scheduler", Place(script.name, call.line), found)


def _put_in(script: Source) -> Iterator[_Own]:
    for one in filter(is_replaced, script.python.overrides):
        text = f"{one.owner} has its own {one.what.removesuffix('[]')}"
        yield _Own(text, Place(one.file or script.name, one.line))


def _ask_for_unknown(run: Settings, found: list[_Own]) -> None:
    """Ask for the names, as ``len(rows)``, that tell what the scheduler is made with."""
    (optimizer, scheduler), asked = found[0].pair, []
    if len(found) == 1 and isinstance(optimizer, PythonCall) and _is_of_numbers(scheduler):
        values = [*scheduler.arguments, *scheduler.keywords.values()]
        asked = [Asked(one.names[0], "", one) for one in unknown_within(values) if one.names]
    if asked:
        raise run.question([], list({one.name: one for one in asked}.values()))


def _is_of_numbers(scheduler: object) -> TypeGuard[PythonCall]:
    """Whether it is a known schedule's call, that takes no function, which no option could give."""
    name = scheduler.called if isinstance(scheduler, PythonCall) else ""
    entry = lookup(name)
    return name == "get_scheduler" or (entry is not None and "lr_lambda" not in entry.params)


def _read(run: Settings, optimizer: object, scheduler: object, steps: int) -> Spec | None:
    """The schedule of a call whose arguments are known, from the LR of the optimizer's own call."""
    if not isinstance(scheduler, PythonCall) or not isinstance(optimizer, PythonCall):
        return None
    if optimizer not in (*scheduler.arguments, *scheduler.keywords.values()):
        return None
    try:
        spec = read_call(call_text(scheduler))
    except LrvizError:
        return None
    if spec.name in _BY_METRIC or not spec.name.startswith(_STEPPED):
        return None
    run.note("own-scheduler", f"{scheduler.name} in line {scheduler.line} is followed: {_UNUSED}")
    params = dict(spec.params)
    params.pop("lr", None)
    return run.curve(spec.name, params, lr=_lr(run, find(spec.name)), steps=steps)


def _lr(run: Settings, entry: Entry) -> Any:
    """That of the optimizer, where the schedule has no LR of its own."""
    return lr_of_run(run) if entry.takes_group and not entry.by_role(Role.BASE_LR) else None


def _resolved(run: Settings, value: Any, optimizer: object) -> Any:
    """A call with what its run says of the arguments of its Trainer that it is given."""
    if isinstance(value, Field):
        found = run[value.name] if value.name in run.table else run.raw(value.name)
        return value if found is None else found
    if isinstance(value, (list, tuple)):
        return type(value)(_resolved(run, one, optimizer) for one in value)
    if not isinstance(value, PythonCall) or value is optimizer:
        return value
    keywords = {key: _resolved(run, one, optimizer) for key, one in value.keywords.items()}
    return replace(value, arguments=_resolved(run, value.arguments, optimizer), keywords=keywords)


def _refuse(own: _Own, steps: int) -> Any:
    call = f"get_cosine_schedule_with_warmup(num_warmup_steps=0, num_training_steps={steps})"
    raise ConfigError(
        f"{own.whose}, which is not read: {_UNUSED}",
        hint=f"say which of transformers' it is, --given {_TYPE}=cosine, or its call: lrviz show '{call}'",
    )
