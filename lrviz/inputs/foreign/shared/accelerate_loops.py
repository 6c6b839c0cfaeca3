"""A script that is here, with the options of the examples and a loop of its own: what that does otherwise.

Its own options, ``AdamW(…, lr=args.lr)``, are read in the place of theirs, other values asked for, and any
other loop refused.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.opening import script_of, with_defaults
from lrviz.inputs.foreign.own_script import is_of_engine, own_names
from lrviz.inputs.foreign.python.loop_departures import departures_of
from lrviz.inputs.foreign.python.own_loops import TRANSFORMERS, Departure, Names
from lrviz.inputs.foreign.python.scheduler_calls import FACTORS, PROCESSES, scheduler_calls
from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax
from lrviz.inputs.foreign.python.warmup_formulas import computed
from lrviz.inputs.foreign.setting import Raw, number
from lrviz.inputs.foreign.shared.image_commands import is_diffusers
from lrviz.inputs.foreign.source import Unknown
from lrviz.inputs.foreign.ways_out import SCHEDULE_ALONE
from lrviz.notation.numbers import is_number
from lrviz.notation.origin import Place
from lrviz.notation.shell import shell_line
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source


def with_own_names(layers: list[Source], names: Names = TRANSFORMERS) -> list[Source]:
    """The command and the defaults of its script, with what the script has in the place of their options."""
    command = layers[0]
    read = _read(_departures(command, names), layers)
    if not read:
        return layers
    file = command.script
    first, *others = [_renamed(layer, read) for layer in layers]
    literal = {option: one for option, one in read.items() if one.value is not None}
    places: dict[KeyPath, Place] = {(option,): Place(file, one.line) for option, one in literal.items()}
    data = {option: one.value for option, one in literal.items()}
    return [replace(first, data={**first.data, **data}, places={**first.places, **places}), *others]


def _read(departures: Iterable[Departure], layers: Iterable[Source]) -> dict[str, Departure]:
    """The options whose value the script surely has elsewhere: in one place, or the same in all."""
    options = {own for layer in layers for own in layer.data}
    found: dict[str, list[Departure]] = {}
    for one in departures:
        if one.option:
            found.setdefault(one.option, []).append(one)
    return {
        option: first
        for option, (first, *others) in found.items()
        if first.is_read
        and (not first.own or first.own in options)
        and all(one.reading == first.reading for one in others)
    }


def _renamed(layer: Source, read: Mapping[str, Departure]) -> Source:
    own = {option: one.own for option, one in read.items() if one.own in layer.data}
    data = {key: value for key, value in layer.data.items() if key not in read}
    places: dict[KeyPath, Place] = {(option,): layer.place((name,)) for option, name in own.items()}
    return replace(
        layer,
        data={**data, **{option: layer.data[name] for option, name in own.items()}},
        places={**layer.places, **places},
    )


def is_own_loop(command: Source) -> bool:
    """Whether its script, none like diffusers', has accelerate or DeepSpeed step the scheduler it makes."""
    has_engine = bool(own_names(command) & {"Accelerator", "deepspeed"})
    script = script_of(command) if has_engine else None
    has_scheduler = script is not None and any(scheduler_calls(ScriptSyntax(script[1])))
    return has_scheduler and not is_diffusers(with_defaults(command))


def own_values(run: Settings, names: Names = TRANSFORMERS) -> Iterator[str]:
    """The options whose values its loop makes of something else, each with where it does.

    Raises:
        ConfigError: its loop is another than that of the examples.

    """
    departures = _departures(run.source, names)
    read = _read(departures, run.sources)
    for one in read.values():
        run.raw(one.own)  # it counts
    for one in departures:
        if one.needs and (run[one.needs] or 1) == 1:
            continue
        if not one.option:
            run.refuse(
                f"{run.source.script}: {one.text}: such a loop is not read",
                hint=_alone(one.call),
            )
        is_told = run.origin(one.option).source == "option" or one.option in read or one.formula is not None
        if not is_told:
            run.explain(one.option, one.text)
            yield one.option


def _alone(call: str) -> str:
    """The way to see a scheduler by its call."""
    words = shell_line("lrviz", "show", call, "--lr", "LR", "--steps", "N")
    return f"its schedule alone: {words}" if call else SCHEDULE_ALONE


def computed_warmup(run: Settings, total: int, updates: int, calls: int) -> tuple[int, float] | None:
    """The warmup that a loop computes of its total, in steps of the scheduler, and meant, in updates.

    None where it computes none, or lrviz is told another.

    Raises:
        PlanError: it cannot be computed.

    """
    found = {one.text: one.formula for one in _departures(run.source, TRANSFORMERS) if one.formula}
    if not found or run.origin("num_warmup_steps").source == "option":
        return None
    ((text, formula),) = found.items()
    passed = computed(formula, total, lambda name: _number(run, name))
    meant = computed(formula, updates, lambda name: 1 if name in FACTORS else _number(run, name))
    if not is_number(passed) or not is_number(meant) or passed != int(passed):
        run.explain("num_warmup_steps", text)
        raise run.question(["num_warmup_steps"])
    run.seen.pop("num_warmup_steps", None)  # its option changes nothing
    run.line("warmup of the scheduler", ast.unparse(formula).replace("total", str(total)), int(passed))
    is_as_meant = abs(passed - meant * calls) < calls  # but for what is rounded
    return int(passed), passed / calls if is_as_meant else meant


def _number(run: Settings, name: str) -> object:
    """An option of the script's own, or of the examples; Unknown where it is no number."""
    if name == PROCESSES:
        return run.ask("world_size")
    if name in run.table:
        return run[name]
    try:
        return number(Raw(run.raw(name)))
    except Unfit:
        return Unknown(name)


def _departures(source: Source, names: Names) -> list[Departure]:
    script = script_of(source) if source.language == "command" else None
    return departures_of(script[1], names, of_engine=is_of_engine(source)) if script else []
