"""The keys of a config: where each may stand, and its value as a spec's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.notation.numbers import is_too_long, read_number
from lrviz.notation.spec import Call, Value, caller_key, parse_typed
from lrviz.resolve import readers
from lrviz.resolve.key import Key
from lrviz.resolve.keys import KEYS
from lrviz.view.view_keys import VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, Key]] = {
    "plan": {key.name: key for key in KEYS.values() if key.in_plan},
    "defaults": {key.name: key for key in KEYS.values() if key.shared and not key.in_plan},
    "output": {
        "file": Key("file", readers.texts, "text or a list of texts", "lr.svg", "FILE", "The pictures."),
        **VIEW,
    },
}

SWEEP = "sweep"
"""Head of the table whose keys have several values each."""
LISTED = ("schedule", "check")
"""Heads of which a config may have several tables."""


def value_of(key: str, raw: Any) -> Value:
    """What a config says as a spec's value: texts that are numbers become numbers, tables calls.

    A table is called by its ``name``, which is a schedule's, or a param group by its ``label``; one
    without it holds scales by their boundaries.
    """
    if isinstance(raw, list):
        return tuple(value_of(key, item) for item in raw)
    if isinstance(raw, dict):
        caller = caller_key(key)
        raw = inside(raw) if caller == "name" else {caller: "", **raw}
        if not isinstance(raw.get(caller), str):
            return tuple(f"{boundary}:{scale}" for boundary, scale in raw.items())
        inner = {name: value_of(name, item) for name, item in raw.items() if name != caller}
        return Call(raw[caller], tuple(inner.items()))
    if is_too_long(raw):
        return str(raw)  # as in a word, where digits beyond float64 are no number
    if isinstance(raw, str) and (key in KEYS or key in VIEW):
        return parse_typed(key, raw)
    number = read_number(raw) if isinstance(raw, str) else None
    return raw if number is None else number


def inside(table: Mapping[str, object]) -> dict[str, Any]:
    """A table within a schedule; mmengine's own configs call ``type`` what is ``name`` here."""
    if "name" in table or not isinstance(table.get("type"), str):
        return dict(table)
    return {"name" if key == "type" else key: value for key, value in table.items()}


def named(table: Mapping[str, object]) -> dict[str, Any]:
    """A schedule's table with its name, which those with phases need not say."""
    return {"name": "phases", **table} if "phase" in table else dict(table)


def is_flat(data: Mapping[str, object]) -> bool:
    """Whether a config is one schedule; beside a name ``schedule`` may be a parameter of it."""
    return "schedule" not in data or ("name" in data and not isinstance(data["schedule"], list))


def flat_keys(data: Mapping[str, object]) -> dict[str, Any]:
    """What stands outside all tables: a single schedule."""
    heads = {*TABLES, *LISTED, SWEEP} - ({"schedule"} if is_flat(data) else set())
    return {key: value for key, value in data.items() if key not in heads}
