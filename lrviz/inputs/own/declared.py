"""Schedules that a file or a notebook of the user's declares: ``@lrviz.schedule`` above a function."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from lrviz.catalogue.own import register
from lrviz.errors import ArgumentError, ScheduleError, expect
from lrviz.inputs.own.own_entry import own_entry
from lrviz.inputs.own.own_word import OwnWord
from lrviz.inputs.own.signature import ANNOTATED, signature_of, texts_in
from lrviz.inputs.own.user_code import UserCode, relative
from lrviz.notation.nearest import nearest
from lrviz.notation.spec import NAME
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lrviz.catalogue.schedule import Schedule

Declared = TypeVar("Declared", bound="Callable[..., Any]")
_WAY = "above a function of the step stands @lrviz.schedule"
_NAMES: list[str] = []
"""What has been declared, in that order."""


@overload
def schedule(
    id: str,
    params: Mapping[str, Any] | None = None,
    /,
    *,
    lr: float | Sequence[float] | None = None,
    optimizer: str = "sgd",
    metrics: Sequence[float] | None = None,
    dtype: str | None = None,
    default_lr: float | None = None,
    groups: Sequence[Mapping[str, float]] | None = None,
    **more: Any,
) -> Schedule: ...
@overload
def schedule(function: Declared, /) -> Declared: ...
@overload
def schedule(
    *, name: str = "", example: Mapping[str, Any] | None = None
) -> Callable[[Declared], Declared]: ...
def schedule(*args: Any, **more: Any) -> Any:
    """Build the schedule of an id from the framework's own arguments; or, above a function, declare it.

    ``lrviz.schedule("torch.StepLR", {"step_size": 30}, lr=0.1)`` is a schedule that can be asked for any
    step. Its arguments are:

        id: ``framework.Name``, a short name or an alias.
        params: the framework's argument names and values; nested schedulers are mappings with
            ``schedule`` and ``params``, functions are expressions in a string or Python callables.
        lr: the optimizer's LR, or a list with one for each param group.
        optimizer: ``sgd``, ``sgd_momentum``, ``adam``, ``adagrad`` …, where the framework looks at it.
        metrics: what is reported after each update, for schedules that move on a metric.
        dtype: ``float64`` or ``float32``; None is what the framework computes in.
        default_lr: the optimizer's LR beside those of its groups; None is that of the first one.
        groups: what each param group holds itself: its ``lr``, and what else the framework looks for in it,
            as timm's ``lr_scale`` or Megatron's ``max_lr``.
        more: further params.

    ``@lrviz.schedule`` above a function of the step, or one that makes a scheduler, lets it be found in this
    process as ``own.NAME``, by ``lrviz --load FILE.py`` too. ``name`` is another name than the function's,
    ``example`` are parameters that make a telling curve over 100 steps. An annotation tells what a parameter
    is to a run: ``Annotated[float, "lr"]``, ``"min_lr"``, ``"warmup"``, ``"total_steps"`` or ``"duration"``.

    Raises:
        ScheduleError: the framework refuses to build it, or lrviz does not know it.
        ArgumentError: an argument is an object of another kind.

    """
    if not args:
        return _declaring(**more)
    if len(args) == 1 and callable(args[0]) and not more:
        return _declare(args[0])
    from lrviz.catalogue.build import schedule as build

    return build(*args, **more)


def _declaring(name: str = "", example: Mapping[str, Any] | None = None, **other: Any) -> Any:
    """What stands above a function with something said of it.

    Raises:
        ArgumentError: what is said is of another kind.

    """
    if other:
        text = f"@lrviz.schedule says nothing by {few(other)}"
        raise ArgumentError(text, hint="it takes name and example")
    expect(name, str, "name is a text", hint='@lrviz.schedule(name="ramp")')
    if name and not NAME.fullmatch(name):
        raise ArgumentError(f"{name!r} is no name that can be typed", hint='@lrviz.schedule(name="ramp")')
    expect(example or {}, Mapping, "example is a mapping", hint='@lrviz.schedule(example={"peak": 0.3})')
    return partial(_declare, name=name, example=example)


def _declare(function: Declared, *, name: str = "", example: Mapping[str, Any] | None = None) -> Declared:
    """Let it be found by its name.

    Raises:
        ArgumentError: it is no function, or what it says of its parameters is nothing.

    """
    if not callable(function):
        raise ArgumentError(f"a function is declared, got {type(function).__name__}", hint=_WAY)
    called = name or getattr(function, "__name__", type(function).__name__)
    _refuse_slips(called, function, example or {})
    code = _code_of(function)
    file = "" if code.file is None else relative(code.file)

    def afresh() -> Any:
        text = f"own.{called} says another LR of a step when it is asked again"
        way = f"{file}:{function.__name__}, which runs it anew" if file else "lrviz.record(function, 1000)"
        raise ScheduleError(text, hint=f"name it {way}")

    register(replace(own_entry(called, code, function, afresh, example), file=file))
    _NAMES.append(called)
    return function


def _refuse_slips(name: str, function: object, example: Mapping[str, object]) -> None:
    """Refuse an annotation or a key of the example that nothing would look at.

    Raises:
        ArgumentError: there is one.

    """
    for parameter, words in texts_in(function).items():
        for word in words:
            if word not in ANNOTATED:
                near = nearest(word, ANNOTATED)
                hint = f"did you mean {near}?" if near else f"it may be {', '.join(ANNOTATED)}"
                raise ArgumentError(
                    f"{name}: {parameter} is annotated {word!r}, which says nothing", hint=hint
                )
    known = [one.name for one in signature_of(function).parameters]
    unknown = [key for key in example if key not in known]
    if unknown:
        text = f"{name}: its example has {few(unknown)}, and it has no such parameter"
        raise ArgumentError(text, hint=f"it has {few(known) or 'none'}")


def _code_of(function: Any) -> UserCode:
    """Where it stands; a notebook has no file."""
    try:
        file = Path(inspect.getsourcefile(inspect.unwrap(function)) or "")
    except TypeError:
        file = Path()
    if not file.is_file():
        return UserCode("own code", Path.cwd(), None)
    return UserCode(file.name, file.parent.resolve(), file.resolve())


def load(files: Iterable[str]) -> None:
    """Run files that declare schedules.

    Raises:
        ScheduleError: one cannot be run, declares none, or one that another has declared.

    """
    homes: dict[str, str] = {}
    for file in dict.fromkeys(files):
        if Path(file).is_dir():
            inside = sorted(one.name for one in Path(file).glob("*.py"))
            hint = f"--load {Path(file) / inside[0]}" if inside else _WAY
            raise ScheduleError(f"--load {file}: a folder", hint=hint)
        known = len(_NAMES)
        UserCode.of(OwnWord(file, "schedule")).load(anew=True)
        names = _NAMES[known:]
        if not names:
            raise ScheduleError(f"{file} declares no schedule", hint=_WAY)
        for name in names:
            if name in homes:
                where = f"twice in {file}" if homes[name] == file else f"in {homes[name]} and in {file}"
                raise ScheduleError(f"own.{name} is declared {where}", hint="rename one")
            homes[name] = file
