"""Where every value of a run comes from: keys of its plan, its other keys, the schedule's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.notation.origin import Given, Origin
from lrviz.resolve.calls import of_trainer
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.notation.spec import Spec, Value
    from lrviz.plan.plan import Plan
    from lrviz.resolve.clock import Clock

Origins = dict[str, Origin]
"""Who says each key."""


def said_by(spec: Spec, flags: Mapping[str, Value], origins: Mapping[str, Origin] | None) -> Origins:
    """Who says each key: where ``origins`` do not tell, the spec itself, or Python beside it."""
    beside = dict.fromkeys(flags, Origin("python")) if origins is None else {}
    return {**beside, **dict.fromkeys(spec.keys(), Origin("spec")), **(origins or {})}


def given_by(values: Mapping[str, Value], said: Mapping[str, Origin]) -> dict[str, Given]:
    """The values that somebody says, as they are written."""
    return {
        key: Given(value, said[key]) for key, value in values.items() if value is not None and key in said
    }


def of_plan(plan: Plan, said: Mapping[str, Origin]) -> dict[str, Given]:
    """The keys of a plan that somebody says, and what each line of its derivation makes of them."""
    trainer = plan.rules
    version = f" ({trainer.name} {trainer.version})" if trainer.version else ""
    lines = {
        line.key: Given(line.value, Origin("derived", f"{line.formula}{version}")) for line in plan.explain()
    }
    given = given_by(plan.given, said)
    return given | {key: line for key, line in lines.items() if key not in given}


def of_calls(entry: Entry, plan: Plan) -> dict[str, Given]:
    """How the trainer calls a scheduler, where it has a way of its own."""
    origin = Origin("trainer", f"{plan.rules.name} {plan.rules.version}")
    return {key: Given(value, origin) for key, value in of_trainer(entry, plan).items() if key in KEYS}


def of_clock(clock: Clock) -> dict[str, Given]:
    """The ticks of the run, where a pace makes them."""
    return {"total_ticks": Given(clock.total, Origin("derived", "pace"))} if clock.pace else {}


def of_schedule(entry: Entry, given: Mapping[str, Given]) -> dict[str, Given]:
    """Keys of the run and parameters that are ``given``, and the framework's defaults for the others."""
    framework = entry.framework
    default = Origin("trainer", f"{framework.name} {framework.version}".rstrip())
    keys = {key: one for key, one in given.items() if key in KEYS and key not in entry.params}
    own = {key: one for key, one in given.items() if key not in keys}
    rest = {
        name: Given(param.default, default)
        for name, param in entry.params.items()
        if not param.required and name not in given
    }
    return keys | own | rest


def joined(plan: Mapping[str, Given], schedule: Mapping[str, Given]) -> dict[str, Given]:
    """Both; a parameter called like a key of the plan counts as its own where somebody says it."""
    unsaid = {key for key, one in schedule.items() if one.origin.source in ("derived", "trainer")}
    return {**plan, **{key: one for key, one in schedule.items() if key not in unsaid & plan.keys()}}
