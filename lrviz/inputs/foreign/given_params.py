"""What ``--given`` says of the schedule that a trainer's reader comes to, by the names that schedule has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.notation.origin import Given, Origin
from lrviz.notation.spec import Spec, parse_typed
from lrviz.resolve.keys import roles_of

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry
    from lrviz.inputs.foreign.settings import Settings

_OF_THE_RUN = (
    Role.WARMUP,
    Role.WARMUP_FRACTION,
    Role.WARMUP_EPOCHS,
    Role.TOTAL,
    Role.TOTAL_FACTOR,
)
"""What the reader has computed with: settings and options tell that."""


def with_given_params(run: Settings, spec: Spec) -> Spec:
    """The run with parameters of its schedule that are given and that its reader has no setting for."""
    entry, extra = find(spec.name), run.lookup.extra
    for name in extra.idle:
        replaced = _replaced(entry, name)
        if replaced:
            value = parse_typed(name, extra[name])
            kept = (item for item in spec.params if item[0] not in {name, *replaced})
            spec = Spec(spec.name, (*kept, (name, value)))
            run.seen[name] = Given(value, Origin("option", f"--given {name}"))
    return spec


def _replaced(entry: Entry, name: str) -> list[str]:
    """The parameters that a name stands for: the one that is called so, or those that such a key fills."""
    if name in entry.params:
        return [] if entry.params[name].role in _OF_THE_RUN else [name]
    roles = [role for role in roles_of(name) if role not in _OF_THE_RUN]
    return [param.name for param in entry.of_roles(tuple(roles))]
