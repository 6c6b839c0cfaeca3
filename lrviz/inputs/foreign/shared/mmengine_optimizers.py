"""A config of several optimizers: that of one, as if it were the only one.

Source: mmengine 0.10.7 ``Runner.build_param_scheduler`` and ``OptimWrapperDict``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

SEVERAL = "optim_wrappers"
"""Where they all are kept, when one of them stands for the run."""
CHOICE = "optimizer"
_ONE, _SCHEDULERS = "optim_wrapper", "param_scheduler"


def of_one(source: Source) -> Source:
    """The optimizer that ``--given optimizer=NAME`` chooses, the first without; its schedulers with it."""
    several = _several(source.data.get(_ONE))
    if not several:
        return source
    chosen = source.given.get(CHOICE) or next(iter(several))
    table = several.get(chosen)
    schedulers = source.data.get(_SCHEDULERS)
    if isinstance(schedulers, dict) and "type" not in schedulers:
        schedulers = schedulers.get(chosen)
    data = {**source.data, _ONE: table, _SCHEDULERS: schedulers, SEVERAL: several}
    own = {(_ONE, *path[2:]): place for path, place in source.places.items() if path[:2] == (_ONE, chosen)}
    return replace(source, data=data, places={**source.places, **own})


def say_chosen(run: Settings) -> None:
    """Say whose LR it is.

    Raises:
        ConfigError: there is no optimizer of the name that is asked for.

    """
    several = run.raw(SEVERAL)
    if not several:
        return
    names = list(several)
    chosen = str(run.ask(CHOICE)) if run.is_said(CHOICE) else names[0]
    if chosen not in several:
        run.refuse(
            f"optimizer={chosen!r} is none of {', '.join(names)}", hint=f"--given optimizer={names[0]}"
        )
    others = [name for name in names if name != chosen]
    run.note(
        "several-optimizers",
        f"this is the LR of {chosen}, one of {len(names)} optimizers, taken to be trained on every batch:"
        " the model's train_step decides",
        hint=f"--given optimizer={others[0]}" if others else "",
    )


def _several(wrappers: object) -> Mapping[str, dict[str, Any]]:
    if not isinstance(wrappers, dict) or "optimizer" in wrappers:
        return {}
    return {str(name): one for name, one in wrappers.items() if isinstance(one, dict) and "optimizer" in one}
