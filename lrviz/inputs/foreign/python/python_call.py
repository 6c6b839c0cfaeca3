"""The one call of a Python file that holds the settings: ``TrainingArguments(learning_rate=2e-5)``."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.python_script import HIDDEN, PythonCall
from lrviz.inputs.foreign.unknown import Imported, Unknown
from lrviz.inputs.foreign.ways_out import INSTEAD
from lrviz.notation.origin import Place
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

HANDED_A_DICT = ("run_exp",)
"""Functions whose settings are a dict."""
_CALLED = {"REDUCE_ON_PLATEAU": "reduce_lr_on_plateau"}
"""Members of an enum that are not called as their value is."""
_ENUMS = ("SchedulerType", "IntervalStrategy", "SaveStrategy", "OptimizerNames")
_ESSENTIAL = ("lr", "epochs", "batch_size", "grad_accum", "warmup")
_SCHEDULE = "lr_scheduler_type"


def call_of(run: Settings) -> PythonCall:
    """The call of a Python file that holds the settings.

    Raises:
        ConfigError: it is no Python file.

    """
    if not run.source.python.calls:
        text = f"{run.trainer.name} is told by a Python file, and this is none"
        run.refuse(text, hint=f"name the .py file that calls {run.trainer.calls[0]}(…)")
    return run.source.python.calls[0]


def with_call(source: Source, names: Collection[str], found: list[PythonCall]) -> Source:
    """The file as what its one call of those found says, the first of its calls from here on.

    Raises:
        ConfigError: there is none, or more than one.

    """
    found = _meant(source, found)
    if len(found) != 1:
        raise _not_one(source.name, names, found)
    call = found[0]
    places: dict[KeyPath, Place] = {(key,): Place(source.name, line) for key, line in call.lines.items()}
    places |= {(key,): Place(source.name, line) for key, (_, line) in call.changed.items()}
    values = {**_said(call, source), **{key: value for key, (value, _) in call.changed.items()}}
    data = {**source.launch.handed, **{key: plain(value) for key, value in values.items()}}
    others = (one for one in source.python.calls if one is not call)
    script = replace(source.python, calls=(call, *others))
    return replace(source, data=data, places=places, python=script)


def _said(call: PythonCall, source: Source) -> Mapping[str, Any]:
    """The keywords of a call, or the dict that it is handed in their place: ``run_exp({"stage": "sft"})``.

    Raises:
        ConfigError: that cannot be known.

    """
    if call.called not in HANDED_A_DICT:
        return call.keywords
    value = plain(call.keywords.get("args", (*call.arguments, None)[0]))
    if not isinstance(value, dict):
        text = f"{source.name}:{call.line}: what {call.name} is handed cannot be known"
        raise ConfigError(text, hint=INSTEAD)
    return {str(key): one for key, one in value.items()}


def _not_one(file: str, names: Collection[str], found: list[PythonCall]) -> ConfigError:
    """What is said where none of the calls is there, or several are and nobody says which."""
    if not found:
        return ConfigError(f"{file}: no call of {few(names, 5)}", hint=INSTEAD)
    calls = few([f"{call.name} in line {call.line}" for call in found])
    are_apart = len({call.line for call in found}) == len(found)
    first = f"--given line={found[0].line} takes the first"
    return ConfigError(
        f"{file}: {len(found)} calls may train: {calls}",
        hint=first if are_apart else "keep the one call that trains",
    )


def _meant(source: Source, found: list[PythonCall]) -> list[PythonCall]:
    """Those of the line that is given, else those that the file trains with, where it does so with any."""
    if len(found) < 2:
        return found
    said = [call for call in found if str(call.line) == source.given.get("line")]
    trained = [call for call in found if any(call is one.arguments for one in source.python.trainings)]
    return said if len(said) == 1 else trained or found


def with_hidden(source: Source, settings: Iterable[Setting]) -> Source:
    """The file with what ``**kwargs`` of its call may say, and decides its curve, as what nobody knows."""
    if HIDDEN not in source.data:
        return source
    place = source.place((HIDDEN,))
    rows = [one._replace(key=one.key or one.name) for one in settings if "." not in one.name]
    named = [one for one in rows if one.key in (*_ESSENTIAL, _SCHEDULE)]
    lasting = [source.data.get(name) for one in rows if one.key == "steps" for name in one.names]
    is_said = {one.key for one in named if not source.data.keys().isdisjoint(one.names)}
    is_said |= {"epochs"} if any(isinstance(one, int) and one > 0 for one in lasting) else set()
    keys = Counter(one.key for one in named)
    open_ones = [one.name for one in named if one.key not in is_said and keys[one.key] == 1]
    unknown = {name: Unknown(f"** in line {place.line}", (name,)) for name in open_ones}
    places: dict[KeyPath, Place] = {(name,): place for name in unknown}
    return source.saying(unknown, places)


def plain(value: object) -> Any:
    """A value without calls: one of keywords alone is their table, any other cannot be known."""
    if isinstance(value, PythonCall):
        if value.keywords and not value.arguments:
            return plain(dict(value.keywords))
        return _made_member(value) or Unknown(f"{value.name}() in line {value.line}")
    if isinstance(value, Imported):
        return member(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def member(value: object) -> Any:
    """``SchedulerType.COSINE`` or ``SchedulerType("cosine")`` as ``cosine``; another value as it is."""
    if isinstance(value, PythonCall):
        return _made_member(value) or value
    if not isinstance(value, Imported):
        return value
    owner, _, name = value.name.removesuffix(".value").rpartition(".")
    is_member = name.isupper() and owner.rpartition(".")[2][:1].isupper()
    return _CALLED.get(name, name.lower()) if is_member else value


def _made_member(call: PythonCall) -> str | None:
    """The value that an enum of transformers is called with."""
    (value, *more) = (*call.arguments, None)
    is_one = call.called in _ENUMS and more == [None] and not call.keywords
    return value if is_one and isinstance(value, str) else None
