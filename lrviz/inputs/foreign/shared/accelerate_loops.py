"""A script that is here, with the options of the examples and a loop of its own: what that does otherwise.

Its own options, ``AdamW(…, lr=args.lr)``, are read in the place of theirs, other values asked for, and any
other loop refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.opening import script_of, with_defaults
from lrviz.inputs.foreign.own_script import is_of_engine, own_names
from lrviz.inputs.foreign.python.own_loops import Departure, departures_of
from lrviz.inputs.foreign.python.scheduler_factors import scheduler_calls
from lrviz.inputs.foreign.shared.image_commands import is_diffusers
from lrviz.inputs.foreign.ways_out import SCHEDULE_ALONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.origin import Place


def with_own_names(layers: list[Source]) -> list[Source]:
    """The command and the defaults of its script, with what the script's own options say in their place."""
    names = {one.option: one.own for one in _departures(layers[0]) if one.own}
    has_own = {own for own in names.values() if any(own in layer.data for layer in layers)}
    read = {option: own for option, own in names.items() if own in has_own}
    return [_renamed(layer, read) for layer in layers] if read else layers


def _renamed(layer: Source, names: Mapping[str, str]) -> Source:
    data = {key: value for key, value in layer.data.items() if key not in names}
    said = {option: own for option, own in names.items() if own in data}
    places: dict[KeyPath, Place] = {(option,): layer.place((own,)) for option, own in said.items()}
    return replace(
        layer,
        data={**data, **{option: data[own] for option, own in said.items()}},
        places={**layer.places, **places},
    )


def is_own_loop(command: Source) -> bool:
    """Whether its script, none like diffusers', has accelerate or DeepSpeed step the scheduler it makes."""
    has_engine = bool(own_names(command) & {"Accelerator", "deepspeed"})
    script = script_of(command) if has_engine else None
    has_scheduler = script is not None and any(scheduler_calls(script[1]))
    return has_scheduler and not is_diffusers(with_defaults(command))


def own_values(run: Settings) -> Iterator[str]:
    """The options whose values its loop makes of something else, each with where it does.

    Raises:
        ConfigError: its loop is another than that of the examples.

    """
    for one in _departures(run.source):
        if one.needs and (run[one.needs] or 1) == 1:
            continue
        if not one.option:
            run.refuse(
                f"{run.source.script}: {one.text}: such a loop is not read",
                hint=SCHEDULE_ALONE,
            )
        if run.origin(one.option).source != "option" and not (one.own and run.raw(one.own) is not None):
            run.explain(one.option, one.text)
            yield one.option


def _departures(source: Source) -> list[Departure]:
    script = script_of(source) if source.language == "command" else None
    return departures_of(script[1], of_engine=is_of_engine(source)) if script else []
