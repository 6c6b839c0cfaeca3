"""Refuses what trains nothing: a subcommand, another program, or a setting, as its trainer says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.python_script import EVALUATED, UNCALLED, UNUSED
from lrviz.inputs.foreign.ways_out import INSTEAD
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer

_PAST = "as {} is here, no line that trains"
_SURE = {EVALUATED: "{}() and nothing that trains"}
_EITHER = "{file} trains or not by {what} in line {line}, which is not known: it is taken to train"
_MAY_BE = {
    UNCALLED: "{what} in line {line} of {file} trains, and no line calls it: it is taken to be called",
    UNUSED: "no line trains with {what} of line {line} of {file}: it is taken to be trained",
}
_DO_TRAIN = "--given do_train=true, or write it"


def refuse_program(source: Source, trainer: ForeignTrainer) -> None:
    """Refuse a command whose program, or whose subcommand, trains nothing.

    Raises:
        ConfigError: it is one.

    """
    if source.language != "command":
        return
    rules, at = trainer.no_training, Place(source.name, source.launch.line)
    word = rules.word_of(source)
    if word is not None:
        hint = f"write {rules.trains} instead of {word}"
        raise ConfigError(f"{at}: {source.script} {word} trains nothing", hint=hint)
    if rules.programs and re.search(rules.programs, source.program):
        raise ConfigError(f"{at}: {source.script} is no training of {trainer.name}'s", hint=INSTEAD)


def refuse_settings(run: Settings) -> None:
    """Refuse settings with which nothing is trained, as they are said or by default.

    Raises:
        ConfigError: there is one.

    """
    rules = run.trainer.no_training
    for setting, value in rules.needs.items():
        name = setting.name
        if not run.is_said(name):
            continue
        if run[name] != value:
            text = f"{name}={run[name]} trains nothing"
            run.refuse(text, at=name, instead=str(value).lower())
        run.seen.pop(name, None)  # that it trains is no news
    rules.check(run)
    _refuse_branch(run)


def _refuse_branch(run: Settings) -> None:
    """Refuse a script whose own condition leads past all that trains; say one that may.

    Raises:
        ConfigError: it does.

    """
    source = run.source
    script = run.script
    if script is None or script.python.untrained is None:
        return
    what, line, is_sure, how = script.python.untrained
    if "do_train" in what and script is not source:  # of a command, which is looked at for it
        return
    if is_sure:
        hint = _DO_TRAIN if "do_train" in what else INSTEAD
        raise ConfigError(f"{script.name}:{line}: {_SURE.get(how, _PAST).format(what)} is run", hint=hint)
    run.note("may-not-train", _MAY_BE.get(how, _EITHER).format(file=script.name, what=what, line=line))
