"""The catalogue for people: what a schedule's signature, annotations and docstring say, piece by piece."""

from __future__ import annotations

import inspect
import re
import shlex
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import NoneType
from typing import Any

from lrviz.arguments import written
from lrviz.build import Schedule, schedule
from lrviz.convert import SPANS
from lrviz.curve import cells
from lrviz.draw.sparkline import spark
from lrviz.errors import ScheduleError, UnknownScheduleError
from lrviz.registry import Entry, Param, Role, catalogue, find
from lrviz.spec import Spec, render, render_value
from lrviz.stepping import has_epochs

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

STEPS, PEAK = 100, 0.1
"""The run in which examples are drawn."""
FLAT = (1.0,) * STEPS
"""The metric of that run, for schedules that move on one: it never improves."""

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
}
_OPTIONS = {
    Role.BASE_LR: "--lr",
    Role.FLOOR: "--min-lr",
    Role.WARMUP: "--warmup",
    Role.WARMUP_FRACTION: "--warmup",
    Role.WARMUP_EPOCHS: "--warmup",
    Role.WARMUP_START: "--warmup-start",
    Role.TOTAL: "--steps",
}
_KINDS = {float: "number", int: "whole number", bool: "true|false", str: "text", Any: "expression"}


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
        return tuple(sorted((name for name in called if _finds(name, self.entry)), key=len))

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


def _finds(name: str, entry: Entry) -> bool:
    """Whether the name is this entry's: a name of several frameworks is transformers' or nobody's."""
    try:
        return find(name) is entry
    except UnknownScheduleError:
        return False


def _parameter(entry: Entry, param: Param) -> Parameter:
    is_switch = set(param.types) <= {bool, NoneType}
    ignored = param.name in entry.ignores
    return Parameter(
        name=param.name,
        role="switch" if is_switch else param.role.value,
        unit=_UNITS.get(param.role, ""),
        takes=_takes(param),
        default=None if param.required else render_value(param.default),
        required=param.required,
        ignored=ignored,
        option="" if ignored else _OPTIONS.get(param.role, ""),
    )


def _takes(param: Param) -> str:
    kinds = [_kind(kind) for kind in param.types if kind is not NoneType]
    if param.role in SPANS:
        kinds = ["list of durations" if kind == "list" else "duration" for kind in kinds]
    if param.role is Role.CHOICE:
        kinds = [
            kind for kind in kinds if kind != "text"
        ]  # taken by the type, but only the choices are known
    return " or ".join(dict.fromkeys(kinds))


def _kind(kind: Any) -> str:
    if typing.get_origin(kind) is typing.Literal:
        return "|".join(map(str, typing.get_args(kind)))
    return {tuple: "list", Mapping: "step:scale, …"}.get(typing.get_origin(kind)) or _KINDS[kind]


# --- examples --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """The entry's example over 100 steps at an LR of 0.1; ``flat``: moved by a metric that stays flat."""

    schedule: Schedule
    spec: str
    flat: bool

    def sparkline(self, width: int, *, ascii_only: bool = False) -> str:
        """Its run in ``width`` characters."""
        low, high = cells(self.schedule.groups[0]["lr"], STEPS, width)
        return spark(low.tolist(), high.tolist(), ascii_only=ascii_only)

    def command(self, command: str) -> str:
        """The line to type for it."""
        metrics = " --metric constant" if self.flat else ""
        return f"lrviz {command} {shlex.quote(self.spec)} --steps {STEPS} --lr {PEAK}{metrics}"


def example(entry: Entry) -> Example:
    """Build the entry's example; one that cannot be built without a metric gets a flat one."""
    params = tuple((name, written(value)) for name, value in entry.example.items())
    if has_epochs(entry, entry.example):  # its ticks are steps here
        params = (*params, ("interval", "step"))
    spec = render(Spec(Description(entry).name, params))
    lr = PEAK if entry.takes_group else None
    try:
        return Example(schedule(entry.id, entry.example, lr=lr), spec, flat=False)
    except ScheduleError:
        return Example(schedule(entry.id, entry.example, lr=lr, metrics=FLAT), spec, flat=True)


# --- lists -----------------------------------------------------------------------------------------------


def frameworks() -> dict[str, list[Description]]:
    """Every schedule, by framework and its version: ``torch 2.13.0``; in the order of names and modules."""
    found: dict[str, list[Description]] = {}
    # What was looked up before stands first in the catalogue.
    for entry in sorted(catalogue().values(), key=lambda one: (one.framework.name, one.function.__module__)):
        head = f"{entry.framework.name} {entry.framework.version}".strip()
        found.setdefault(head, []).append(Description(entry))
    return found


def search(words: Sequence[str], framework: str | None = None) -> dict[str, list[Description]]:
    """Those in whose names or summary every word stands, in whatever case.

    Raises:
        UnknownScheduleError: there is none.

    """
    found = {
        head: [one for one in group if all(word.lower() in _searched(one) for word in words)]
        for head, group in frameworks().items()
        if framework in (None, head.partition(" ")[0])
    }
    if not any(found.values()):
        wanted = " and ".join(map(repr, words))
        raise UnknownScheduleError(
            f"no schedule of {framework or 'any framework'} has {wanted} in its names or summary",
            hint="lrviz list shows all",
        )
    return {head: group for head, group in found.items() if group}


def _searched(one: Description) -> str:
    return " ".join((one.entry.id, *one.entry.aliases, one.summary)).lower()


def markdown(found: Mapping[str, Sequence[Description]]) -> str:
    """A table of the frameworks with versions and counts, then a table of the schedules of each."""
    counts = [(*head.partition(" ")[::2], str(len(group))) for head, group in found.items()]
    tables = [_table(("framework", "version", "schedules"), counts)]
    for head, group in found.items():
        rows = [(f"`{one.name}`", f"`{one.entry.id}`", one.summary) for one in group]
        tables.append(f"## {head}\n\n" + _table(("name", "id", "summary"), rows))
    return "\n\n".join(tables)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
