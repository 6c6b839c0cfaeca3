"""What Megatron's scheduler takes of a checkpoint: two switches say whose values count.

Source: megatron-core 0.19.2, ``OptimizerParamScheduler.load_state_dict`` and ``training/checkpointing.py``;
slime 2026-08, megatron-bridge 0.6.2 and NeMo-RL 2026-08, which hand on their switches; ms-swift 4.6.0,
``get_optimizer_param_scheduler``, which has none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.catalogue.build import schedule
from lrviz.errors import SpecError
from lrviz.notation.rendering import shown
from lrviz.notation.text import listed
from lrviz.resumption.resume_rule import Rule

if TYPE_CHECKING:
    from lrviz.resolve.resolved import Resolved

_OVERRIDE, _USE = "override_opt_param_scheduler", "use_checkpoint_opt_param_scheduler"
STORED = (
    *("max_lr", "min_lr", "lr_warmup_steps", "lr_decay_steps", "lr_decay_style"),
    *("start_wd", "end_wd", "wd_incr_style", "wd_incr_steps"),
)
"""What its state has; not ``init_lr``, nor the decay of WSD."""

SWITCHED = ("megatron-core", "slime", "megatron-bridge", "nemo_rl")
"""Programs that have both switches, off unless said."""
PLAIN = ("", "ms-swift")
"""Whoever builds the class alone, whose second switch is on."""

OVERRIDDEN = Rule("--override-opt_param-scheduler, Megatron-LM 0.19.2", first="new", base="new")
KEPT = Rule("use_checkpoint_opt_param_scheduler, Megatron-LM 0.19.2", first="new", later="kept", base="new")
CHECKED = KEPT._replace(source="which is held against them, Megatron-LM 0.19.2")


def rule_by_switches(run: Resolved, program: str) -> Rule:
    """As the program that reads the run's file has the switches."""
    if program in PLAIN:
        override, use = run.params.get(_OVERRIDE, False), run.params.get(_USE, True)
    else:
        said = run.reading.settings if run.reading else {}
        override, use = (name in said and said[name].value for name in (_OVERRIDE, _USE))
    if override:
        return OVERRIDDEN
    return KEPT if use else CHECKED


def with_kept(old: Resolved, new: Resolved, rule: Rule) -> Resolved:
    """The new run with the values of the checkpoint.

    Raises:
        SpecError: it has others, and Megatron stops; or groups of its own.

    """
    stored = {name: old.params[name] for name in STORED if name in old.params}
    others = [name for name, value in stored.items() if new.params.get(name, value) != value]
    if rule is CHECKED and others:
        texts = [f"{name}={shown(stored[name])}, not {shown(new.params[name])}" for name in others]
        raise SpecError(
            f"Megatron-LM stops, as the checkpoint has other values: {listed(texts)}",
            hint=f"--resume {_USE}=true keeps those, --resume {_OVERRIDE}=true takes the new ones",
        )
    if new.groups or new.clock is None:
        raise SpecError("what each of its param groups keeps is not known", hint="resume it without groups")
    if not others:
        return new
    kept = schedule(new.schedule.id, {**new.params, **stored}, lr=list(old.lrs))
    groups = tuple({name: new.clock.run(line) for name, line in group.items()} for group in kept.groups)
    return replace(new, schedule=replace(kept, groups=groups))
