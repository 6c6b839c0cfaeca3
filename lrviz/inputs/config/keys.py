"""The keys of a config: where each may stand, what it takes, and its value as a spec's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lrviz.errors import LrvizError
from lrviz.notation.durations import parse_count, parse_duration
from lrviz.notation.numbers import read_number
from lrviz.notation.spec import Call, Value, parse_value
from lrviz.plan.keys import PLAN_KEYS
from lrviz.resolve.groups import groups_of
from lrviz.resolve.keys import CHOICES, RUN_KEYS
from lrviz.resolve.metrics import synthetic_metric

OUTPUT_KEYS = ("file", "title")
TABLES: Mapping[str, tuple[str, ...]] = {
    "plan": PLAN_KEYS,
    "defaults": tuple(key for key in RUN_KEYS if key != "label"),
    "output": OUTPUT_KEYS,
}
TEXTS = ("label", "metrics", "optimizer", *CHOICES)


def value_of(key: str, raw: Any) -> Value:
    """What a config says as a spec's value: texts that are numbers become numbers, tables calls.

    A table is called by its ``name``, which is a schedule's, or a param group by its ``label``; one
    without it holds scales by their boundaries.
    """
    if isinstance(raw, list):
        return tuple(value_of(key, item) for item in raw)
    if isinstance(raw, dict):
        raw = inside(raw)
        caller = "label" if key == "groups" else "name"
        if caller not in raw:
            return tuple(f"{boundary}:{scale}" for boundary, scale in raw.items())
        inner = {name: value_of(name, item) for name, item in raw.items() if name != caller}
        return Call(str(raw[caller]), tuple(inner.items()))
    if key == "metric" and isinstance(raw, str) and reads(parse_value, raw):
        return parse_value(raw)  # as it is typed: noisy(seed=3)
    number = read_number(raw) if isinstance(raw, str) and key not in TEXTS else None
    return raw if number is None else number


def inside(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table within a schedule; mmengine's own configs call ``type`` what is ``name`` here."""
    if "name" in table or not isinstance(table.get("type"), str):
        return dict(table)
    return {"name" if key == "type" else key: value for key, value in table.items()}


def named(table: Mapping[str, Any]) -> dict[str, Any]:
    """A schedule's table with its name, which those with phases need not say."""
    return {"name": "phases", **table} if "phase" in table else dict(table)


def shown(raw: Any) -> str:
    """A value as the config has it, cut where it is long."""
    if isinstance(raw, bool) or raw is None:
        return {True: "true", False: "false", None: "nothing"}[raw]
    if isinstance(raw, dict):
        return "a table"
    text = repr(raw) if isinstance(raw, (str, int, float, list)) else str(raw)
    return text if len(text) <= 40 else f"{text[:39]}…"


def reads(read: Callable[..., Any], *given: Any, **more: Any) -> bool:
    """Whether ``read`` takes these arguments without a refusal."""
    try:
        read(*given, **more)
    except LrvizError:
        return False
    return True


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_texts(value: Value) -> bool:
    return all(isinstance(one, str) for one in (value if isinstance(value, tuple) else (value,)))


def _is_numbers(value: Value) -> bool:
    return all(_is_number(one) for one in value) if isinstance(value, tuple) else _is_number(value)


def _is_scalar(value: Value) -> bool:
    return _is_number(value) or isinstance(value, str)


def _is_count(value: Value) -> bool:
    return _is_scalar(value) and reads(parse_count, value, what="") and parse_count(value, what="") > 0  # type: ignore[arg-type]  # a scalar


Kind = tuple[str, Callable[[Value], bool]]
_TEXT: Kind = ("text", lambda value: isinstance(value, str))
_NUMBER: Kind = ("a number", _is_number)
_COUNT: Kind = ("a whole number above 0", _is_count)
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(PLAN_KEYS, _COUNT),
    **dict.fromkeys(("base_batch_size", "layers"), _COUNT),
    **dict.fromkeys(("min_lr", "warmup_fraction", "warmup_start", "layer_decay"), _NUMBER),
    "epochs": ("a number above 0", lambda value: _is_number(value) and value > 0),  # type: ignore[operator]  # a number
    **dict.fromkeys((*TEXTS, "title"), _TEXT),
    **{key: (f"one of {', '.join(words)}", words.__contains__) for key, words in CHOICES.items()},
    "drop_last": ("true or false", lambda value: isinstance(value, bool)),
    "calls": ("a whole number", lambda value: _is_number(value) and isinstance(value, int)),
    "lr": ("a number or a list of numbers", lambda value: value != () and _is_numbers(value)),
    "warmup": (
        "a duration (100, '6%', '2ep')",
        lambda value: _is_scalar(value) and reads(parse_duration, value, what=""),
    ),
    "interval": (
        "step, epoch or a number of steps",
        lambda value: value in ("step", "epoch") or _is_count(value),
    ),
    "metric": (
        "a kind of metric (noisy), or a table with its name",
        lambda value: reads(synthetic_metric, value, 1),
    ),
    "groups": (
        'a list of tables, {label = "head", lr = 1e-3} or {label = "body", scale = 0.1}',
        lambda value: value != () and reads(groups_of, {"groups": value}),
    ),
    "file": ("text or a list of texts", lambda value: value != () and _is_texts(value)),
}
"""What each key of a run takes, in words and as a test."""
