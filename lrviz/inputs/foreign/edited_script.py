"""Options that a trainer's own script, edited, makes something else of: read, or asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import lines_of
from lrviz.inputs.foreign.opening import parsers_of, script_of
from lrviz.inputs.foreign.own_script import own_names
from lrviz.inputs.foreign.python.changed_options import changed_options
from lrviz.inputs.foreign.python.handed_on import handed_on, options_of
from lrviz.inputs.foreign.python.option_changes import option_changes, parts_of
from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax
from lrviz.inputs.foreign.setting import Raw, count, epochs, number, whole
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Place
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.python.option_changes import Change
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer

_LIST, _ANY, _LOOP = "set_options", "*", "-"
_AS_IT_IS = frozenset({"float", "int"})
"""What leaves a number as it was."""
_NUMBERS = (number, whole, count, epochs)


def with_set_options(layers: list[Source], trainer: ForeignTrainer) -> list[Source]:
    """The layers with what a script that is here makes of its options as no version of the trainer's does.

    Loops that are held against the trainer's own tell more.
    """
    command = layers[0]
    if command.language != "command" or trainer.reads_loops or not _has_parser(command):
        return layers
    settings = [one for one in trainer.settings if one.name not in trainer.files]
    names = {name for one in settings for name in one.names}
    layers = with_changes(layers, names, lambda one: is_theirs(one, trainer.name))
    numbers = {name for one in settings if one.key or one.kind in _NUMBERS for name in one.names}
    return _with_handed(layers, numbers, trainer)


def _has_parser(command: Source) -> bool:
    """Whether the script of a command, which is here, makes its options itself, or a module beside it."""
    return bool(own_names(command) or parsers_of(command))


def with_changes(
    layers: list[Source],
    names: set[str],
    is_theirs: Callable[[Change], bool],
    counts: Callable[[str, Change], bool] = lambda _name, _change: True,
) -> list[Source]:
    """The layers with what a script sets these options to, where that ``counts``, or Unknown."""
    script = script_of(layers[0])
    if script is None:
        return layers
    made = changed_options(ScriptSyntax(script[1]), names, lambda name: _parsed(layers, name), is_theirs)
    found = {name: one for name, one in made.items() if counts(name, one[1])}
    return _laid(layers, script[0], {name: (value, one.node.lineno) for name, (value, one) in found.items()})


def _with_handed(layers: list[Source], names: set[str], trainer: ForeignTrainer) -> list[Source]:
    """The same with what its optimizer and its loops have in the place of an option asked for.

    So is what a module makes of the options that it adds.
    """
    script = script_of(layers[0])
    if script is None or trainer.name not in _checked():
        return layers
    rates = {name for one in trainer.settings if one.key == "lr" for name in one.names[:1]}
    for file, module in [script, *parsers_of(layers[0])]:
        syntax = ScriptSyntax(module)
        made = [*handed_on(syntax, names)]
        if module is not script[1]:
            made += [one for one in option_changes(syntax) if one.option in names | {""}]
        found = {
            name: (Unknown(one.text, (name,)), one.node.lineno)
            for one in made
            if not is_theirs(one, trainer.name)
            for name in _asked(one, names) or rates
        }
        layers = _laid(layers, file, found)
    return layers


def _asked(change: Change, names: set[str]) -> set[str]:
    """The options that a line may make something else of: any, where it says none."""
    return names if change.of and not change.option else options_of(change, names)


def _laid(layers: list[Source], file: str, made: dict[str, tuple[Any, int]]) -> list[Source]:
    """The layers with these values, each of a line, on top."""
    first, *others = layers
    places: dict[KeyPath, Place] = {(name,): Place(file, line, name) for name, (_, line) in made.items()}
    return [first.saying({name: value for name, (value, _) in made.items()}, places), *others]


def _parsed(layers: list[Source], name: str) -> object:
    """An option as the script's parser gives it; Unknown where nobody says it."""
    found = next((layer.data[name] for layer in layers if name in layer.data), Unknown(name))
    try:
        return found if isinstance(found, Unknown) else number(Raw(found))
    except Unfit:
        return found


def is_theirs(change: Change, trainer: str) -> bool:
    """Whether a version of the trainer's has such a line, or it leaves the option as it was."""
    is_same = change.made_of - _AS_IT_IS == {change.option}
    return is_same or (trainer, change.option or _ANY, change.made_of) in _known()


def is_their_loop(text: str, script: str) -> bool:
    """Whether a version of that script departs from the other examples in such a way."""
    return (script, _LOOP, parts_of(text)) in _known()


@cache
def _checked() -> frozenset[str]:
    """The trainers whose scripts' facts stand in the list."""
    return frozenset(trainer for trainer, _, _ in _known())


@cache
def _known() -> frozenset[tuple[str, str, frozenset[str]]]:
    """What scripts of trainers set, each by the trainer, the option and what it is made of."""
    rows = (line.split() for line in lines_of(_LIST))
    return frozenset((trainer, name, frozenset(made_of)) for trainer, name, *made_of in rows)
