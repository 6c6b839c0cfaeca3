"""A word that names the user's code → an entry of the catalogue, which every command takes as any other."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.own import register
from lrviz.catalogue.own_schedule import OwnEntry
from lrviz.catalogue.roles import Role
from lrviz.errors import ScheduleError
from lrviz.inputs.own.own_function import function_lines, remembers
from lrviz.inputs.own.own_scheduler import resumed_lines, scheduler_in, scheduler_lines
from lrviz.inputs.own.signature import Signature, signature_of
from lrviz.inputs.own.user_code import UserCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.catalogue.own_schedule import Lines
    from lrviz.engine.built import Built
    from lrviz.inputs.own.own_word import OwnWord

    Afresh = Callable[[], Any]

_RETURNS = "it returns the LR of the step it is given, or, given no step, a scheduler with step()"

_OBJECTS = {"optimizer": "the scheduler", "self": "its method"}
"""Parameters that nobody can type, and what is made with them."""
_SAMPLES = {Role.BASE_LR: 0.1, Role.FLOOR: 1e-3, Role.WARMUP: 10, Role.TOTAL: 100}
"""For an example over 100 steps."""


def register_word(word: OwnWord) -> None:
    """Run the file that a word names, and let what it names be found by the word.

    Raises:
        ScheduleError: it cannot be run, or is nothing of the kind.

    """
    code = UserCode.of(word)
    target = code.get(word.attribute)
    if scheduler_in(target) is None and not callable(target):
        kind = type(target).__name__
        raise ScheduleError(f"{word.name} is no function, but a value of type {kind}", hint=_RETURNS)
    register(own_entry(word.name, code, target, lambda: code.get(word.attribute, anew=True)))


def own_entry(
    name: str, code: UserCode, target: object, afresh: Afresh, example: Mapping[str, Any] | None = None
) -> OwnEntry:
    """The entry of a function or a scheduler, with its parameters and what it says of itself.

    ``afresh`` has it as if nothing had been asked of it yet.

    Raises:
        ScheduleError: it takes an object.

    """
    signature = signature_of(target) if callable(target) else Signature((), None)
    required = [one.name for one in signature.parameters if one.default is one.empty]
    for needed in filter(_OBJECTS.get, required):
        way = f"a function without that parameter makes it, and returns {_OBJECTS[needed]}"
        raise ScheduleError(f"{name} needs {needed}, which is no value to type", hint=way)
    build = _Builder(name, code, target, signature, afresh)

    def function(**given: Any) -> Built:
        return build(given)

    taken = inspect.Signature(signature.parameters)
    function.__signature__ = taken  # type: ignore[attr-defined]  # the catalogue reads it
    function.__annotations__ = {one.name: one.annotation for one in signature.parameters}
    doc = inspect.getdoc(target) if inspect.isroutine(target) else None
    function.__doc__ = doc or f"Code of {code.place}."
    shown = _example(signature) if example is None else example
    return OwnEntry(name, function, shown, {}, (), (), has_state=build.has_state, resumed=build.resumed)


def _example(signature: Signature) -> dict[str, Any]:
    """Samples of what must be given, where that is known by its role."""
    required = [one for one in signature.parameters if one.default is one.empty]
    roles = {one.name: next(iter(getattr(one.annotation, "__metadata__", ())), None) for one in required}
    return {name: _SAMPLES[role] for name, role in roles.items() if role in _SAMPLES}


@dataclass(frozen=True)
class _Builder:
    """Makes the timelines of a function or scheduler: once for the same arguments, as it may have a state."""

    name: str
    code: UserCode
    target: Any
    signature: Signature
    afresh: Afresh
    made: dict[str, Lines] = field(default_factory=dict)

    def __call__(self, given: dict[str, Any]) -> Built:
        """The quantities, of several param groups a tuple of them."""
        key = repr(sorted(given.items()))
        if key not in self.made:
            self.made[key] = self._lines(given)
        lines = self.made[key]
        return lines if len(lines) > 1 else lines[0]

    def _lines(self, given: dict[str, Any]) -> Lines:
        made = self._made_by(self.target, given)
        if not callable(made):
            return scheduler_lines(made, self.name, self.code)
        lines = function_lines(made, lambda: self._made_by(self.afresh(), given), self.name, self.code)
        return tuple({"lr": line} for line in lines)

    def has_state(self, given: Mapping[str, object]) -> bool:
        """Whether it makes a scheduler; a function of the step has none that a checkpoint could have.

        Raises:
            ScheduleError: it is a function that counts its calls.

        """
        made = self._made_by(self.target, given)
        if callable(made) and remembers(made, self.name, self.code):
            text = f"{self.name} says another LR of a step when it is asked again, and nothing restores that"
            raise ScheduleError(text, hint="let it be a function of the step alone, or a scheduler")
        return not callable(made)

    def resumed(self, old: Mapping[str, object], new: Mapping[str, object], ticks: int) -> Lines:
        """The scheduler with new arguments, which goes on after so many ticks of one with old ones."""
        is_object = scheduler_in(self.target) is not None
        before, after = (
            self._made_by(self.afresh() if is_object else self.target, given) for given in (old, new)
        )
        return resumed_lines(before, after, ticks, self.name, self.code)

    def _made_by(self, target: Any, given: Mapping[str, Any]) -> Any:
        """A function of the step alone, or the scheduler that is found or returned.

        Raises:
            ScheduleError: it is neither, or raises.

        """
        if self.signature.step is not None:
            return partial(self.signature.call, target, given)
        made = target
        if scheduler_in(made) is None:
            with self.code.running():
                made = target(**given)
        scheduler = scheduler_in(made)
        if scheduler is None and not callable(made):
            raise ScheduleError(f"{self.name} returns {type(made).__name__}", hint=_RETURNS)
        return partial(signature_of(made).call, made, {}) if scheduler is None else scheduler
