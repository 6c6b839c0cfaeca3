"""The catalogue for people: what a schedule's signature, annotations and docstring say, piece by piece."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import NoneType
from typing import Any

from lrviz.catalogue.names import lookup
from lrviz.catalogue.param_types import DURATIONS
from lrviz.catalogue.roles import Role
from lrviz.notation.rendering import render_value
from lrviz.resolve.key import option_of
from lrviz.resolve.keys import key_of

if typing.TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry, Param

HEADS = ("Formula", "Momentum", "Edges", "Raises", "Source")
_SECTION = re.compile(rf"^({'|'.join(HEADS)}):", re.MULTILINE)
_UNITS = {
    Role.WARMUP: "steps",
    Role.TOTAL: "ticks",
    Role.TICKS: "ticks",
    Role.WARMUP_FRACTION: "fraction of the run",
    Role.WARMUP_EPOCHS: "epochs",
    Role.BASE_LR: "LR",
    Role.FLOOR: "LR",
    Role.WARMUP_START: "LR",
    Role.LR: "LR",
    Role.FACTOR: "factor",
    Role.FLOOR_RATE: "factor",
}
_KINDS = {
    float: "number",
    int: "whole number",
    bool: "true|false",
    str: "text",
    Any: "expression",
    object: "anything",
}


@dataclass(frozen=True)
class Parameter:
    """One parameter as a person reads it; ``option`` is the one that fills it from the run."""

    name: str
    role: str
    unit: str
    takes: str
    default: str | None  # None where it is required
    required: bool
    ignored: bool
    option: str


@dataclass(frozen=True)
class Description:
    """What can be said of one schedule of the catalogue without running it."""

    entry: Entry

    @cached_property
    def _pieces(self) -> dict[str, str]:
        summary, *rest = _SECTION.split(inspect.getdoc(self.entry.function) or "")
        texts = {"Summary": summary, **dict(zip(rest[::2], rest[1::2], strict=True))}
        return {head: " ".join(text.replace("``", "").split()) for head, text in texts.items()}

    @property
    def summary(self) -> str:
        """The docstring's first line."""
        return self._pieces["Summary"]

    @property
    def sections(self) -> dict[str, str]:
        """The docstring's other parts, by heading in lower case; empty where it has none."""
        return {head.lower(): self._pieces.get(head, "") for head in HEADS}

    @property
    def names(self) -> tuple[str, ...]:
        """The short names that find it, the shortest first."""
        called = (self.entry.name, *self.entry.aliases)
        return tuple(sorted((name for name in called if lookup(name) is self.entry), key=len))

    @property
    def name(self) -> str:
        """What to type: the shortest name that finds it, else the id."""
        return next(iter(self.names), self.entry.id)

    @property
    def starter(self) -> dict[str, str]:
        """What a short name assumes for what the framework insists on."""
        return {names.rpartition("|")[2]: text for names, text in self.entry.starter.items()}

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The framework's own parameters, in its order."""
        return tuple(_parameter(self.entry, param) for param in self.entry.params.values())


def _parameter(entry: Entry, param: Param) -> Parameter:
    ignored, key = param.name in entry.ignores, key_of(param.role)
    return Parameter(
        name=param.name,
        role="switch" if param.is_switch else param.role.value,
        unit=_UNITS.get(param.role, ""),
        takes=_takes(param),
        default=None if param.required else render_value(param.default),
        required=param.required,
        ignored=ignored,
        option=option_of(key) if key and not ignored else "",
    )


def _takes(param: Param) -> str:
    kinds = [_kind(kind) for kind in param.types if kind is not NoneType]
    if param.role in DURATIONS:
        kinds = ["list of durations" if kind == "list" else "duration" for kind in kinds]
    if param.role is Role.CHOICE:
        kinds = [
            kind for kind in kinds if kind != "text"
        ]  # taken by the type, but only the choices are known
    return " or ".join(dict.fromkeys(kinds))


def _kind(kind: Any) -> str:
    if typing.get_origin(kind) is typing.Literal:
        return "|".join(map(str, typing.get_args(kind)))
    return {tuple: "list", Mapping: "step:number, …"}.get(typing.get_origin(kind)) or _KINDS[kind]
