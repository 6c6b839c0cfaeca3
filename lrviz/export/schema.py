"""The JSON Schema of what a command prints, read off the types of its documents."""

from __future__ import annotations

import inspect
import re
import types
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from lrviz.engine.facts import Facts, Jumps
from lrviz.export.document_types import DOCUMENTS, OF_CURVE, JumpsDocument
from lrviz.notation.fact import FACTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.notation.fact import Unit

Schema = dict[str, Any]
_SECTION = re.compile(r"^ {4}(\w+): (.*?)(?=^ {4}\w+: |\Z)", re.MULTILINE | re.DOTALL)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
UNITS: dict[Unit, type] = {"steps": int, "count": int, "rate": float, "number": float}


def command_schema(command: str) -> Schema:
    """What a command prints with ``--format json``."""
    kinds = [type_schema(kind) for kind in DOCUMENTS[command]]
    body = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    return {"$schema": DIALECT, **body, "title": f"lrviz {command} --format json"}


def type_schema(kind: Any) -> Schema:
    """A type as a schema."""
    origin = get_origin(kind)
    if origin is not None:
        return MADE_OF[origin](*get_args(kind))
    if kind is Any:
        return {}
    return {"type": PLAIN[kind]} if kind in PLAIN else _object(kind)


def _any_of(*kinds: Any) -> Schema:
    return {"anyOf": [type_schema(one) for one in kinds]}


MADE_OF: dict[Any, Callable[..., Schema]] = {
    Annotated: lambda kind, text: {**type_schema(kind), "description": text},
    Union: _any_of,
    types.UnionType: _any_of,
    Literal: lambda *words: {"enum": list(words)},
    list: lambda kind: {"type": "array", "items": type_schema(kind)},
    tuple: lambda *kinds: {"type": "array", "prefixItems": [type_schema(one) for one in kinds]},
    dict: lambda _, kind: {"type": "object", "additionalProperties": type_schema(kind)},
}


def _object(kind: type) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    properties = {name: type_schema(hint) for name, hint in hints.items()}
    if kind in OF_CURVE:
        properties |= _facts()
    return {
        "type": "object",
        "title": re.sub("(?<=[a-z])Document$", "", kind.__name__).lower(),
        "description": (kind.__doc__ or "").strip(),
        "properties": properties,
        "required": list(properties),
    }


def _facts() -> dict[str, Schema]:
    """The facts that stand alone, and those of the engine."""
    alone = {
        name: {**type_schema(UNITS[kind.unit] | None), "description": kind.meaning}
        for name, kind in FACTS.items()
        if not kind.takes
    }
    texts = dict(_SECTION.findall((inspect.getdoc(Facts) or "").partition("Attributes:")[2]))
    hints = get_type_hints(Facts)
    return alone | {
        name: {**_fact(hint), "description": " ".join(texts[name].split())}
        for name, hint in hints.items()
        if name not in alone or hint is Jumps
    }


def _fact(hint: Any) -> Schema:
    """A value of the engine as JSON has it: what is no number is null, a pair a list."""
    if hint is Jumps:
        return type_schema(JumpsDocument)
    if hint is float:
        return type_schema(float | None)
    return type_schema(hint)
