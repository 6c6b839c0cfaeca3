"""A script that is here, with the options of the examples and a loop of its own: what that does otherwise.

Its own options, ``AdamW(…, lr=args.lr)``, are read in the place of theirs, other values asked for, and any
other loop refused.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.early_end import MAY_END
from lrviz.inputs.foreign.edited_script import is_their_loop, is_theirs, with_changes
from lrviz.inputs.foreign.opening import with_defaults
from lrviz.inputs.foreign.own_script import is_of_engine, loop_of, notes_of, own_names
from lrviz.inputs.foreign.python.loop_departures import departures_of
from lrviz.inputs.foreign.python.loop_totals import EPOCHS, STEPS
from lrviz.inputs.foreign.python.own_loops import DIFFUSERS, TRANSFORMERS, Names
from lrviz.inputs.foreign.python.schedule_alone import alone, schedule_alone
from lrviz.inputs.foreign.python.scheduler_calls import (
    ACCUMULATION,
    FACTORS,
    PROCESSES,
    TOTAL,
    scheduler_calls,
)
from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax
from lrviz.inputs.foreign.python.total_formulas import NUMBERS
from lrviz.inputs.foreign.python.warmup_formulas import (
    LEAVES,
    PASSED,
    SHARED,
    computed,
    is_in_updates,
    written,
)
from lrviz.inputs.foreign.setting import Raw, number, number_or_same
from lrviz.inputs.foreign.shared.accelerate_stepped import updates_by_epochs
from lrviz.inputs.foreign.shared.diffusers_scripts import known_script
from lrviz.inputs.foreign.shared.image_commands import is_diffusers
from lrviz.inputs.foreign.shared.no_trainer_scripts import known_name
from lrviz.inputs.foreign.shared.torch_loops import torch_call_of
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.numbers import is_number
from lrviz.notation.origin import Place
from lrviz.plan.arithmetic import ceil_div
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.python.departure import Departure
    from lrviz.inputs.foreign.python.scheduler_factors import Factors
    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source


_LR = "learning_rate"


class Lengths(NamedTuple):
    """What a loop makes its warmup of: its scheduler's total, the run's updates, and the batches of an epoch.

    ``batches`` asks for those before they are shared out and after, and ``accumulation`` are those of an
    update.
    """

    total: int
    updates: int
    batches: Callable[[], tuple[int, int]]
    accumulation: int

    def passed(self, name: str) -> int:
        """What the script has there."""
        return self.total if name == PASSED else self.batches()[name == SHARED]

    def meant(self, name: str, *, is_exact: bool) -> float | None:
        """What it is in updates, nothing of an option; batches that the script itself divides are exact."""
        if name not in LEAVES:
            return None
        if name == PASSED:
            return self.updates
        batches = self.batches()[1]
        return batches / self.accumulation if is_exact else ceil_div(batches, self.accumulation)


def with_own_names(
    layers: list[Source], names: Names = TRANSFORMERS, settings: Iterable[Setting] = ()
) -> list[Source]:
    """The command and the defaults of its script, with what the script has in the place of their options.

    ``settings`` are those of the examples' own scripts, which set some anew.
    """
    departures = _departures(layers[0], names)
    own = {name for one in settings for name in one.names} if _is_theirs(layers[0], names) else set[str]()
    layers = _with_changes(layers, departures, names, own)
    command = layers[0]
    read = _read(departures, layers)
    if not read:
        return layers
    file = command.script
    fractions = {key for layer in layers for key, value in layer.data.items() if isinstance(value, float)}
    first, *others = [_renamed(layer, read, fractions) for layer in layers]
    literal = {option: one for option, one in read.items() if one.value is not None}
    places: dict[KeyPath, Place] = {(option,): Place(file, one.line) for option, one in literal.items()}
    data = {option: one.value for option, one in literal.items()}
    said = first.saying(data, places)
    return [replace(said, assumed=(*said.assumed, *notes_of(command))), *others]


def _with_changes(
    layers: list[Source], departures: Iterable[Departure], names: Names, others: set[str]
) -> list[Source]:
    """The same where the script sets options anew that are read: what it makes of them, or Unknown."""
    if layers[0].language != "command":
        return layers
    own = {one.own for one in departures}
    of_formulas = {
        node.attr
        for one in departures
        if one.formula
        for node in ast.walk(one.formula)
        if isinstance(node, ast.Attribute)
    }
    asked = {_LR, names.batch, ACCUMULATION, EPOCHS, STEPS}  # where a line sets these, it is a departure
    read = (own | of_formulas | asked | {names.schedule, names.warmup} | others) - {""}
    return with_changes(
        layers,
        read,
        lambda one: bool(others) and is_theirs(one, names.trainer),
        lambda name, one: name not in (asked - {STEPS} if others else asked) or not one.is_plain,
    )


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


def _renamed(layer: Source, read: Mapping[str, Departure], fractions: set[str]) -> Source:
    """A layer with the script's own options by the examples' names: text is a number where its default is."""
    own = {option: one.own for option, one in read.items() if one.own in layer.data}
    data = {key: value for key, value in layer.data.items() if key not in read}
    places: dict[KeyPath, Place] = {(option,): layer.place((name,)) for option, name in own.items()}
    return replace(
        layer,
        data={
            **data,
            **{
                option: number_or_same(layer.data[name]) if name in fractions else layer.data[name]
                for option, name in own.items()
            },
        },
        places={**layer.places, **places},
    )


def is_own_loop(command: Source) -> bool:
    """Whether its script, none like diffusers', has accelerate or DeepSpeed step the scheduler it makes."""
    has_engine = bool(own_names(command) & {"Accelerator", "deepspeed"})
    script = loop_of(command) if has_engine else None
    has_scheduler = script is not None and (
        any(scheduler_calls(ScriptSyntax(script[1]))) or torch_call_of(command) is not None
    )
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
        if one.is_end:
            run.note("may-end-early", f"{run.source.script}: {one.text}: it {MAY_END}")
            continue
        if one.needs and _needed(run, one.needs) == 1:
            continue
        if not one.option:
            run.refuse(
                f"{run.source.script}: {one.text}: such a loop is not read",
                hint=alone(one.call) if one.call else schedule_alone(run.source),
            )
        is_known = one.option in read or one.formula is not None
        is_told = is_known or run.origin(one.option).source == "option"
        if not is_told:
            run.explain(one.option, one.text)
            yield one.option


def _needed(run: Settings, name: str) -> int:
    """The processes, or an option that is 1 where nobody says it."""
    return int(run.ask("world_size") if name == PROCESSES else run[name] or 1)


def computed_warmup(
    run: Settings, lengths: Lengths, calls: int, names: Names = TRANSFORMERS
) -> tuple[int | float, float] | None:
    """The warmup that a loop computes of its run, in steps of the scheduler, and meant, in updates.

    None where it computes none, or lrviz is told another. A fraction is passed as it is.

    Raises:
        PlanError: it cannot be computed.

    """
    departures = [one for one in _departures(run.source, names) if one.option == names.warmup]
    found = {one.text: one.formula for one in departures if one.formula}
    if not found or run.origin(names.warmup).source == "option":
        return None
    ((text, formula),) = found.items()
    passed_by = partial(_passed, run, lengths)
    passed = computed(formula, passed_by)
    meant = computed(formula, partial(_meant, run, lengths, is_exact=is_in_updates(formula)))
    if not is_number(passed) or not is_number(meant):
        run.explain(names.warmup, text)
        raise run.question([names.warmup])
    run.seen.pop(names.warmup, None)  # its option changes nothing
    passed = _said(run, written(formula, passed_by), passed)
    is_as_meant = abs(passed - meant * calls) < calls  # but for what is rounded
    return passed, passed / calls if is_as_meant else meant


def computed_total(run: Settings, found: Factors, rows: str) -> tuple[int, int] | None:
    """The updates of a run, and the steps that its loop computes its scheduler for; None where it has theirs.

    Raises:
        ConfigError: it is no number of steps, or the run ends by others.

    """
    total = next((one for one in _departures(run.source, TRANSFORMERS) if one.option == TOTAL), None)
    if total is None or total.formula is None:
        return None
    text = f"{run.source.script}: {total.text}"
    if run["max_train_steps"] is not None:
        run.refuse(f"{text}: such a loop is not read with max_train_steps", hint=schedule_alone(run.source))
    updates, *batches = updates_by_epochs(run, found, rows)
    lengths = Lengths(0, updates, lambda: (batches[0], batches[1]), run["gradient_accumulation_steps"])
    passed_by = partial(_passed, run, lengths)
    steps = computed(total.formula, passed_by)
    if not is_number(steps) or steps != int(steps) or steps < 1:
        run.refuse(f"{text}, {steps} in this run: such a loop is not read", hint=schedule_alone(run.source))
    return updates, run.line("scheduler steps", written(total.formula, passed_by, NUMBERS), int(steps))


def _passed(run: Settings, lengths: Lengths, name: str) -> object:
    """What stands for a name where the loop computes with it."""
    return lengths.passed(name) if name in LEAVES else number_of(run, name)


def _meant(run: Settings, lengths: Lengths, name: str, *, is_exact: bool) -> object:
    """What it would be in updates of the run."""
    if name in FACTORS:
        return 1
    return lengths.meant(name, is_exact=is_exact) or _passed(run, lengths, name)


def _said(run: Settings, formula: str, passed: float) -> int | float:
    """A warmup that is computed, as a line of the derivation where it is whole."""
    if passed == int(passed):
        return run.line("warmup of the scheduler", formula, int(passed))
    run.note("warmup-fraction", f"the scheduler is given {formula} = {passed} steps of warmup, as they are")
    return passed


def number_of(run: Settings, name: str) -> object:
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
    """Those of a script that is here, but what a version of that script has too."""
    script = loop_of(source)
    found = departures_of(script[1], names, of_engine=is_of_engine(source)) if script else []
    if not _is_theirs(source, names):
        return found
    own = source.script.removesuffix(".py")
    return [one for one in found if not is_their_loop(one.what, own)]


def _is_theirs(command: Source, names: Names) -> bool:
    """Whether a script has the name of one of the examples."""
    known = known_script if names is DIFFUSERS else known_name
    return bool(known(command.script.removesuffix(".py")))
