"""Runs as a config: what is said of each, as TOML that reads back to the same curves."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

from lrviz.notation.spec import Call, Params, Value, caller_key
from lrviz.resolve.keys import COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.resolve.resolved import Resolved

_SAID = ("spec", "option", "file", "plan", "defaults", "python", "example", "starter")
"""Sources of what must be written down; the others follow from it."""
_LENGTHS = ("steps", "max_steps", "epochs")
_BARE = re.compile(r"[\w-]+", re.ASCII)


def toml_text(runs: Iterable[Resolved]) -> Iterator[str]:
    """A table ``[[schedule]]`` for each run, with all that is said of it; no label that is not its own."""
    runs = list(runs)
    for i, (run, keys) in enumerate(zip(runs, said_of(runs), strict=True)):
        yield from ["[[schedule]]"] if i == 0 else ["", "[[schedule]]"]
        yield f"name = {_text(schedule_name(run))}"
        kept = {**keys, COUNTED: run.counted_warmup}
        yield from (
            f"{_key(key)} = {value_text(key, value)}" for key, value in kept.items() if value is not None
        )


def schedule_name(run: Resolved) -> str:
    """What its schedule is called wherever it is read; a branch is made of that of its spec."""
    return run.spec.name if run.start else run.schedule.id


def said_of(runs: Sequence[Resolved]) -> Iterator[dict[str, Value]]:
    """What is said of each run; several of one schedule are told apart by that, and have no label."""
    shared = Counter(run.label for run in runs)
    for run in runs:
        keys = said(run)
        if shared[run.label] > 1 and not run.is_labelled:
            keys.pop("label", None)
        yield keys


def said(run: Resolved) -> dict[str, Value]:
    """Keys of the run and parameters of its schedule that somebody says, and how it is called if otherwise.

    What is said of a phase stands in the phase.
    """
    beside = {key: one.value for key, one in run.origins.items() if one.origin.source in _SAID}
    own = {key: value for key, value in beside.items() if "[" not in key}
    if own.keys().isdisjoint(_LENGTHS):  # a schedule's own length made the run
        own["steps"] = run.plan.total_steps
    label = {} if run.label == run.schedule.id else {"label": run.label}
    return {**own, **label, **dict(run.spec.params)}


def value_text(key: str, value: Value) -> str:
    """The value of a key as TOML has it; a call is a table with its name."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(value_text(key, one) for one in value)}]"
    if isinstance(value, Call):
        return _table(caller_key(key), value)
    return repr(value) if isinstance(value, (int, float)) else _text(str(value))


def _table(caller: str, call: Call) -> str:
    params: Params = ((caller, call.name), *call.params)
    return f"{{ {', '.join(f'{_key(key)} = {value_text(key, value)}' for key, value in params)} }}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    """A basic string; JSON escapes as TOML does, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
