"""What a user's function takes: which parameter is the step, and what each of the others is to a run."""

from __future__ import annotations

import inspect
import typing
from types import NoneType
from typing import Annotated, Any, NamedTuple

from lrviz.catalogue.roles import Role
from lrviz.notation.step_names import STEP_NAMES

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROLES = {
    Role.BASE_LR: ("lr", "learning_rate", "base_lr", "max_lr", "peak_lr"),
    Role.FLOOR: ("min_lr",),
    Role.WARMUP: ("warmup", "warmup_steps", "num_warmup_steps", "warmup_iters"),
    Role.TOTAL: ("steps", "total_steps", "num_steps", "max_steps", "num_training_steps", "max_iters"),
    Role.EPOCH_STEPS: ("steps_per_epoch",),
    Role.RUN_EPOCHS: ("epochs", "num_epochs"),
}
_BY_NAME = {name: role for role, names in _ROLES.items() for name in names}
"""What a parameter that must be given is to the run, where its annotation does not tell."""
ANNOTATED = {**_BY_NAME, "duration": Role.TICKS}
"""What an annotation says a parameter is: ``Annotated[int, "warmup"]``."""
_KINDS = (int, float, bool, str, NoneType)
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Signature(NamedTuple):
    """The parameters beside the step, annotated as the catalogue reads them; and the step, if it has one."""

    parameters: tuple[inspect.Parameter, ...]
    step: inspect.Parameter | None

    def call(self, function: Any, given: Mapping[str, Any], step: Any) -> Any:
        """What the function makes of the step."""
        if self.step is None:
            return function(**given)
        if self.step.kind is inspect.Parameter.POSITIONAL_ONLY:
            return function(step, **given)
        return function(**{self.step.name: step}, **given)


def signature_of(function: Any) -> Signature:
    """What it takes; one that tells nothing of itself takes the step."""
    try:
        found = inspect.signature(function)
    except (TypeError, ValueError):
        return Signature((), inspect.Parameter("step", inspect.Parameter.POSITIONAL_ONLY))
    named = [one for one in found.parameters.values() if one.kind not in _VARIADIC]
    step = None if inspect.isclass(function) else _step_among(named)
    hints = _hints(function)
    others = [_annotated(one, hints.get(one.name)) for one in named if one is not step]
    return Signature(tuple(others), step)


def _step_among(parameters: Sequence[inspect.Parameter]) -> inspect.Parameter | None:
    """The one called so, or the only one that must be given; one that need not be only where it is first."""
    required = [one for one in parameters if one.default is one.empty]
    called = [one for one in (*required, *parameters[:1]) if one.name.lower() in STEP_NAMES]
    alone = [one for one in required if len(required) == 1 and one.name not in (*_BY_NAME, "optimizer")]
    return next(iter((*called, *alone)), None)


def _annotated(parameter: inspect.Parameter, hint: object) -> inspect.Parameter:
    """With the role and the type that its annotation tells, its default, or its name."""
    is_required = parameter.default is parameter.empty
    kind: Any = _kind(hint) if hint is not None else object
    role = _role(hint) or (_BY_NAME.get(parameter.name) if is_required else None)
    if role is not None:
        kind = Annotated[float if kind is object else kind, role]
    return parameter.replace(annotation=kind, kind=inspect.Parameter.KEYWORD_ONLY)


def _role(hint: object) -> Role | None:
    """The role in an annotation."""
    return next((ANNOTATED[one] for one in _texts(hint) if one in ANNOTATED), None)


def texts_in(function: object) -> dict[str, list[str]]:
    """The texts in the annotation of each parameter."""
    return {name: _texts(hint) for name, hint in _hints(function).items()}


def _texts(hint: object) -> list[str]:
    return [one for one in getattr(hint, "__metadata__", ()) if isinstance(one, str)]


def _kind(hint: object) -> Any:
    """The type of an annotation, where a spec can say such a value; else anything is taken."""
    bare = typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint
    alternatives = typing.get_args(bare) or (bare,)
    return bare if all(one in _KINDS for one in alternatives) else object


def _hints(function: object) -> dict[str, Any]:
    """The annotations, of a class those of its constructor; none where they cannot be read."""
    if inspect.isclass(function):
        function = function.__init__
    elif not inspect.isroutine(function):
        function = type(function).__call__
    try:
        return typing.get_type_hints(function, include_extras=True)
    except Exception:  # noqa: BLE001  (annotations are the user's code too, and nothing depends on them)
        return {}
