"""The catalogue: schedules found by walking the folder, described by their own signatures.

A schedule is one decorated function in ``lrviz/schedules/<framework>``. Its signature and
docstring are the only place where a parameter, its default, its role and its source stand;
parameters that several schedules share are the fields of a dataclass in their signatures.
"""

from __future__ import annotations

import importlib
import inspect
import math
import typing
from dataclasses import dataclass, is_dataclass
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Annotated, Any

from lrviz.catalogue.roles import Role
from lrviz.notation.numbers import is_number

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.engine.built import Built

    Scheduler = typing.TypeVar("Scheduler", bound=Callable[..., Built])


START = (-1,)
"""Where a schedule that resumes nothing begins: ``last_epoch=-1``."""


class Framework(typing.NamedTuple):
    """What is true of every schedule of one framework; stands in its module as FRAMEWORK."""

    name: str
    version: str
    optimizer: bool = True  # the base LR is the optimizer's, not a parameter
    dtypes: tuple[str, ...] = ("float64",)  # what it can compute in, the usual one first
    kwargs: str = ""  # a parameter that holds further ones, as get_scheduler's scheduler_specific_kwargs
    unit: str = ""  # stands behind the number of steps in its durations, which are texts then
    inert: Mapping[str, tuple[Any, ...]] = {}  # stands in pasted code, at values that do nothing
    group_keys: tuple[str, ...] = ()  # what its schedulers look for in a param group, beside the LR
    holds: tuple[str, ...] = ()  # frameworks whose schedules stand inside its own, by their full name

    @property
    def dtype(self) -> str:
        """What it computes in unless told otherwise."""
        return self.dtypes[0]


HIDDEN = ("group", "dtype")
"""What a function takes of its surroundings, beside the framework's own parameters."""


class Param(typing.NamedTuple):
    """One parameter of a schedule, read off its function's signature."""

    name: str
    role: Role
    types: tuple[Any, ...]
    default: Any

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off."""
        return {*self.types} <= {bool, NoneType}

    @property
    def words(self) -> tuple[Any, ...]:
        """What it can be, where that is on or off, or one of a few words."""
        if self.is_switch:
            return (False, True)
        return tuple(word for kind in self.types for word in typing.get_args(kind) if isinstance(word, str))

    @property
    def required(self) -> bool:
        """Whether the framework insists on it."""
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True, eq=False)
class Entry:
    """A schedule of the catalogue."""

    name: str
    function: Callable[..., Built]
    example: Mapping[str, Any]
    starter: Mapping[str, str]
    aliases: tuple[str, ...]
    ignores: tuple[str, ...]
    by_epoch: bool = False  # it counts epochs, unless a parameter of that role says otherwise
    in_front: bool = (
        False  # its length leaves the warmup out: always, where no parameter of that role says so
    )
    plans: bool = False  # it says how long the run is

    @property
    def package(self) -> str:
        """The module of its framework in ``lrviz/schedules``."""
        return self.function.__module__.split(".")[2]

    @cached_property
    def framework(self) -> Framework:
        """The facts of the framework it belongs to."""
        module = importlib.import_module(f"lrviz.schedules.{self.package}")
        return typing.cast("Framework", module.FRAMEWORK)

    @cached_property
    def id(self) -> str:
        """``framework.Name``."""
        return f"{self.framework.name}.{self.name}"

    @cached_property
    def params(self) -> dict[str, Param]:
        """The framework's own parameters, without the param group and the dtype."""
        return _params_of(self.function)

    @cached_property
    def shared(self) -> dict[str, type]:
        """The dataclasses its function takes, whose fields are parameters of several schedules."""
        types = typing.get_type_hints(self.function)
        return {
            name: types[name]
            for name in inspect.signature(self.function).parameters
            if name not in HIDDEN and is_dataclass(types[name])
        }

    @property
    def inert(self) -> dict[str, tuple[Any, ...]]:
        """What it takes as its framework does, at these values only, beside its own parameters."""
        return {name: at for name, at in self.framework.inert.items() if name not in self.params}

    @cached_property
    def takes_group(self) -> bool:
        """Whether it acts on an optimizer's param group."""
        return "group" in inspect.signature(self.function).parameters

    @property
    def group_keys(self) -> list[str]:
        """The parameters that a param group may hold itself."""
        return [key for key in self.framework.group_keys if key in self.params]

    @cached_property
    def takes_dtype(self) -> bool:
        """Whether its framework's dtype makes a difference to it."""
        return "dtype" in inspect.signature(self.function).parameters

    def by_role(self, role: Role) -> Param | None:
        """The parameter with that role, where there is one."""
        return next((param for param in self.params.values() if param.role is role), None)

    def of_roles(self, roles: tuple[Role, ...]) -> list[Param]:
        """The parameters with any of the roles."""
        return [param for param in self.params.values() if param.role in roles]

    def total_of(self, arguments: Mapping[str, Any]) -> Any:
        """The run length that arguments say: its parameter, or the product of its factors."""
        param = self.by_role(Role.TOTAL)
        said = arguments.get(param.name) if param else None
        factors = [arguments.get(factor.name) for factor in self.of_roles((Role.TOTAL_FACTOR,))]
        return math.prod(factors) if said is None and factors and all(map(is_number, factors)) else said


def _params_of(function: Callable[..., Any]) -> dict[str, Param]:
    """What a function takes; a dataclass among it stands for its fields."""
    roles = typing.get_type_hints(function, include_extras=True)
    types = typing.get_type_hints(function)
    found: dict[str, Param] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name in HIDDEN:
            continue
        if is_dataclass(types[name]):
            found |= _params_of(types[name])
        else:
            role = _role(roles[name]) or Role.NUMBER
            found[name] = Param(name, role, _alternatives(types[name]), parameter.default)
    return found


def _role(hint: Any) -> Role | None:
    """The role that stands anywhere in an annotation."""
    if typing.get_origin(hint) is typing.Literal:
        return Role.CHOICE
    if typing.get_origin(hint) is Annotated:
        return typing.cast("Role", hint.__metadata__[0])
    return next((role for inner in typing.get_args(hint) if (role := _role(inner))), None)


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """The members of a union, or the type itself."""
    return typing.get_args(hint) if typing.get_origin(hint) in (UnionType, typing.Union) else (hint,)


_ENTRIES: dict[Callable[..., Any], Entry] = {}


def schedule(  # noqa: PLR0913  (all of them keywords, most of them seldom given)
    *,
    example: Mapping[str, Any],
    name: str = "",
    starter: Mapping[str, str] | None = None,
    aliases: tuple[str, ...] = (),
    ignores: tuple[str, ...] = (),
    by_epoch: bool = False,
    in_front: bool = False,
    plans: bool = False,
) -> Callable[[Scheduler], Scheduler]:
    """Put the function below into the catalogue, unchanged.

    ``example`` are parameters that make a telling curve; ``starter`` is what a bare name on the
    command line assumes for what the framework insists on; ``aliases`` are further bare names;
    ``ignores`` are parameters the framework accepts and does not look at; ``by_epoch`` says that it is
    called once per epoch; ``in_front`` that its length leaves the warmup out; ``plans`` that it says how long
    the run is.
    """

    def store(function: Scheduler) -> Scheduler:
        _ENTRIES[function] = Entry(
            name or function.__name__,
            function,
            example,
            starter or {},
            aliases,
            ignores,
            by_epoch,
            in_front,
            plans,
        )
        return function

    return store


@cache
def packages() -> list[str]:
    """The modules with schedules, each called after its framework."""
    from lrviz import schedules
    from lrviz.notation.modules import module_names

    return module_names(schedules)


@cache
def entries_of(package: str) -> tuple[Entry, ...]:
    """The schedules of one framework, by importing every module of it."""
    import pkgutil

    module = importlib.import_module(f"lrviz.schedules.{package}")
    for inner in pkgutil.walk_packages(getattr(module, "__path__", ()), module.__name__ + "."):
        importlib.import_module(inner.name)
    return tuple(one for one in _ENTRIES.values() if one.package == package)


@cache
def catalogue() -> dict[str, Entry]:
    """Every schedule by id, framework by framework.

    Raises:
        RuntimeError: two functions claim one id.

    """
    found = [entry for package in packages() for entry in entries_of(package)]
    entries: dict[str, Entry] = {}
    for entry in sorted(found, key=lambda entry: entry.framework.name):
        if entry.id in entries:
            raise RuntimeError(f"{entry.function.__module__}: {entry.id} is already taken")
        entries[entry.id] = entry
    return entries
