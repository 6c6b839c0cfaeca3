"""A word that names the user's code → an entry of the catalogue, which every command takes as any other."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.own import OwnEntry, register
from lrviz.catalogue.roles import Role
from lrviz.errors import ScheduleError
from lrviz.inputs.own.own_function import function_lines
from lrviz.inputs.own.own_scheduler import scheduler_in, scheduler_lines
from lrviz.inputs.own.signature import Signature, signature_of
from lrviz.inputs.own.user_code import UserCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.engine.chain import Built
    from lrviz.engine.timeline import Timeline
    from lrviz.inputs.own.own_word import OwnWord

    Build = Callable[[dict[str, Any]], Built]

_RETURNS = "it returns the LR of the step it is given, or, given no step, a scheduler with step()"

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
    signature = signature_of(target) if callable(target) else Signature((), None)
    doc = inspect.getdoc(target) if inspect.isroutine(target) else None
    build = _Builder(word, code, target, signature)
    register(own_entry(word.name, build, signature, doc or f"Code of {word.place}."))


def own_entry(name: str, build: Build, signature: Signature, doc: str) -> OwnEntry:
    """The entry of a function, with its parameters and what it says of itself."""

    def function(**given: Any) -> Built:
        return build(given)

    taken = inspect.Signature(signature.parameters)
    function.__signature__ = taken  # type: ignore[attr-defined]  # the catalogue reads it
    function.__annotations__ = {one.name: one.annotation for one in signature.parameters}
    function.__doc__ = doc
    return OwnEntry(name, function, _example(signature), {}, (), ())


def _example(signature: Signature) -> dict[str, Any]:
    """Samples of what must be given, where that is known by its role."""
    required = [one for one in signature.parameters if one.default is one.empty]
    roles = {one.name: next(iter(getattr(one.annotation, "__metadata__", ())), None) for one in required}
    return {name: _SAMPLES[role] for name, role in roles.items() if role in _SAMPLES}


class _Builder:
    """Makes the timelines of a function or scheduler: once for the same arguments, as it may have a state."""

    def __init__(self, word: OwnWord, code: UserCode, target: Any, signature: Signature) -> None:
        self._word, self._code, self._target, self._signature = word, code, target, signature
        self._made: dict[str, tuple[dict[str, Timeline], ...]] = {}

    def __call__(self, given: dict[str, Any]) -> Any:
        """The quantities, of several param groups a tuple of them."""
        key = repr(sorted(given.items()))
        if key not in self._made:
            self._made[key] = self._lines(given)
        lines = self._made[key]
        return lines if len(lines) > 1 else lines[0]

    def _lines(self, given: dict[str, Any]) -> tuple[dict[str, Timeline], ...]:
        made = self._made_by(self._target, given)
        if not callable(made):
            return scheduler_lines(made, self._word.name, self._code)

        def afresh() -> Any:
            return self._made_by(self._code.get(self._word.attribute, anew=True), given)

        return tuple({"lr": line} for line in function_lines(made, afresh, self._word.name, self._code))

    def _made_by(self, target: Any, given: dict[str, Any]) -> Any:
        """A function of the step alone, or the scheduler that is found or returned.

        Raises:
            ScheduleError: it is neither, or raises.

        """
        if self._signature.step is not None:
            return partial(self._signature.call, target, given)
        made = target
        if scheduler_in(made) is None:
            with self._code.running():
                made = target(**given)
        scheduler = scheduler_in(made)
        if scheduler is None and not callable(made):
            raise ScheduleError(f"{self._word.name} returns {type(made).__name__}", hint=_RETURNS)
        return partial(signature_of(made).call, made, {}) if scheduler is None else scheduler
