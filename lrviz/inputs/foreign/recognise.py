"""Whose file or command it is: every module of ``trainers/`` says whether it claims one, and just one may."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError, PlanError
from lrviz.inputs.foreign.beside import is_beside, is_here
from lrviz.inputs.foreign.known_trainers import all_trainers, trainers_by_name
from lrviz.inputs.foreign.layers import with_launcher_file
from lrviz.inputs.foreign.opening import (
    PYTHON,
    as_command,
    open_beside,
    script_beside,
    script_of,
    started_by,
    with_defaults,
)
from lrviz.inputs.foreign.own_script import may_train_with, own_names, parsed_by
from lrviz.inputs.foreign.python.engine_scripts import own_config
from lrviz.inputs.foreign.python.own_argv import own_argv
from lrviz.inputs.foreign.python.schedule_alone import schedule_alone
from lrviz.inputs.foreign.python.schedule_calls import pasted_calls
from lrviz.inputs.foreign.shared.bases import with_bases
from lrviz.inputs.foreign.shared.hydra import with_config_file
from lrviz.inputs.foreign.shared.hydra_defaults import KEY as DEFAULTS_LIST
from lrviz.inputs.foreign.shared.hydra_groups import with_groups
from lrviz.inputs.foreign.ways_out import INSTEAD, SCHEDULE_ALONE
from lrviz.inputs.words import NOTEBOOK, SUFFIXES, is_settings_file
from lrviz.notation.nearest import nearest
from lrviz.notation.shell import shell_line
from lrviz.notation.text import few, listed

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer


_LEAST_FITTING, _MOST_FITTING = 2, 3
"""Settings that a trainer must know of a file to be named for it, and the trainers that are named."""
_RARE = 7
"""Trainers that know a key which is a sign of them."""


def named_trainer(name: str) -> ForeignTrainer:
    """The trainer of that name, ``timm``.

    Raises:
        PlanError: there is none.

    """
    known = trainers_by_name()
    if name in known:
        return known[name]
    near = nearest(name.lower(), known) or "transformers"
    raise PlanError(f"no trainer {name!r} whose files are read", hint=f"<trainer={near}>")


def claimants(source: Source) -> list[ForeignTrainer]:
    """The trainers that claim it: by its script's name, else one that others build on where no other does.

    A command's options may be a trainer's, and its script, which is here and parses them, may use another.
    A command that nobody claims is of those who claim the file that is its first word, or hydra's, or that
    an option of theirs names; such a file of those who claim what lies beneath it.

    Raises:
        ConfigError: that file cannot be read.

    """
    found = _claiming(source, own_names(source))
    suffixes = {*SUFFIXES, PYTHON}
    named = [word for word in source.words[1:2] if Path(word).suffix.lower() in suffixes]
    named += [file for file in with_config_file(source).beneath if is_here(source, file)]
    if found or source.language != "command":
        return found or _by_bases(source)
    return claimants(open_beside(source, named[0])) if named else _by_config(source)


def _claiming(source: Source, names: frozenset[str]) -> list[ForeignTrainer]:
    """Those who claim it by what it says, or by what its script's own options are too."""
    for said in (source, with_defaults(source)) if names else (source,):
        claiming = [one for one in all_trainers() if one.claims(said) and may_train_with(one, names)]
        if claiming:
            named = [one for one in claiming if one.names_script(said)]
            return named or [one for one in claiming if not one.is_base] or claiming
    return []


def _by_bases(source: Source) -> list[ForeignTrainer]:
    """Those who claim a file that it names by a key of theirs as beneath it."""
    for key in dict.fromkeys(one.base_key for one in all_trainers() if one.base_key in source.data):
        for base in with_bases([source], key)[1:]:
            if found := [one for one in _claiming(base, frozenset()) if one.base_key == key]:
                return found
    return _by_groups(source)


def _by_groups(source: Source) -> list[ForeignTrainer]:
    """Those who claim what hydra composes of it and the groups that its list of defaults names."""
    if not isinstance(source.data.get(DEFAULTS_LIST), list):
        return []
    try:
        return _claiming(with_groups([source])[0], frozenset())
    except ConfigError:
        return []  # one that cannot be read is told of by whose it is said to be


def _by_config(command: Source) -> list[ForeignTrainer]:
    """Those with an option for a file, ``--config x.yaml``, who claim it, or are built on one who does."""
    for option, file in command.data.items():
        is_config = isinstance(file, str) and is_settings_file(file)
        readers = [one for one in all_trainers() if is_config and option in one.files]
        if readers and is_here(command, file):
            names = {one.name for one in claimants(open_beside(command, file))}
            return [one for one in readers if names & {one.name, *one.keys.lists}]
    return []


def launched(source: Source) -> Source:
    """A file that says nothing itself as the command that starts it.

    It has the fields of a trainer's class parsed, or a loop of its own that one reads by its options.
    """
    if source.language == "command":
        return _with_own_words(source)
    is_script = Path(source.name).suffix == PYTHON and is_beside(source.folder, Path(source.name).name)
    if not is_script or source.python.calls_of(_classes()):
        return source
    if source.python.parsed & _classes():
        return as_command(source)
    return source if claimants(source) else _own_loop(as_command(source)) or source


def _with_own_words(command: Source) -> Source:
    """A command whose script hands its parser words of its own, in place of the command's."""
    found = script_of(command) if parsed_by(command) & _classes() else None
    script = script_beside(command) if found and own_argv(found[1]) else None
    if script is None:
        return command
    own = as_command(script)
    note = f"its options are those that {script.name} hands its parser, and none of the command"
    return replace(own, launch=command.launch, assumed=(*own.assumed, *([note] if command.argv else [])))


def _own_loop(command: Source) -> Source | None:
    """A command whose script parses its own options for a trainer that it uses; None of any other."""
    names = own_names(command)
    return command if names and any(one.used_by for one in _claiming(command, names)) else None


def check_use(command: Source, trainer: ForeignTrainer) -> None:
    """Refuse a trainer that a script neither uses nor has the LR option of.

    Raises:
        ConfigError: it is such.

    """
    names = own_names(command)
    lrs = {name for one in trainer.settings if one.key == "lr" for name in one.names}
    is_fit = may_train_with(trainer, names) or trainer.claims(command)
    if not names or is_fit or lrs & with_defaults(command).data.keys():
        return
    text = f"{command.words[0]} parses its own options, and {' or '.join(sorted(lrs))} is none of them"
    raise ConfigError(
        f"{command.name}: {text}: it is no script of {trainer.name}", hint=schedule_alone(command)
    )


def itself_or_script(source: Source) -> Source:
    """A command that nobody claims is the script that it starts, where somebody claims that.

    So is one whose script parses its options by itself and calls a trainer with them, whoever has such
    options too.

    Raises:
        ConfigError: the script is here and cannot be read, or stops at an option; so of its launcher's file.

    """
    if source.language != "command":
        return source
    names, is_claimed = own_names(source), bool(claimants(source))
    if is_claimed and not names & _classes():
        script = script_beside(with_launcher_file(source)) if names else None
        is_called = script and any(script.python.calls_of(one.calls) for one in claimants(script))
        return script if script and is_called else source
    script = started_by(with_launcher_file(source))
    return script if script and claimants(script) else source


def _classes() -> set[str]:
    """The classes of settings that scripts call: ``TrainingArguments``."""
    return {name for one in all_trainers() for name in one.calls if name[0].isupper()}


def trainer_of(source: Source) -> ForeignTrainer:
    """The one trainer whose file or command it is.

    Raises:
        ConfigError: nobody's, or that of several.

    """
    found = claimants(source)
    if len(found) == 1:
        return found[0]
    if found:
        names = [one.name for one in found]
        raise ConfigError(
            f"{source.name} may be of {' or '.join(names)}", hint=f"say whose: <trainer={names[0]}>"
        )
    text, hint = unknown(source)
    raise ConfigError(text, hint=hint)


def unknown(source: Source) -> tuple[str, str]:
    """What was looked for in a file or command that nobody claims."""
    is_command = source.language == "command"
    if without := [one.name for one in _claiming(source, frozenset())] if is_command else []:
        text = f"{source.words[0]} parses its own options and uses none of what {listed(without)} trains with"
        hint = f"<trainer={without[0]}> if it counts its steps so; {schedule_alone(source)}"
        return f"{source.name}: {text}", hint
    if own := own_config(source):
        return f"{source.name}: {own[0]}", own[1]
    if source.ways_to_program:
        text = f"nobody knows which program {source.program} in line {source.launch.line} is"
        hint = f"give {source.ways_to_program}, or say whose: <trainer=transformers>"
        return f"{source.name}: {text}", hint
    keys = few([source.place((key,)).key if is_command else key for key in source.data], 6) or "nothing"
    what = "command" if is_command else "file"
    return f"{source.name}: no {what} of a trainer that is known: it says {keys}", _way_out(source)


def _way_out(source: Source) -> str:
    """What to do with what nobody claims: a schedule that it calls, or a trainer that it may be of."""
    if calls := [*pasted_calls(source)]:  # the last is made of those before it
        return f"its schedule alone: {shell_line('lrviz', 'show', *calls[-1])}"
    if fitting := _fitting(source):
        know = f"{listed(fitting)} know" if fitting[1:] else f"{fitting[0]} knows"
        return f"<trainer={fitting[0]}> if it is built on that: {know} most of these"
    if own_names(source):
        return schedule_alone(source)
    others = len(all_trainers()) - 1
    hint = f"say whose: <trainer=transformers>, or one of {others} others in the README; {SCHEDULE_ALONE}"
    if source.language != "python":
        return hint
    if not any(source.data.keys() & one.setting_names for one in all_trainers()):
        hint = f"{INSTEAD}; {SCHEDULE_ALONE}"
    is_notebook = source.name.endswith(NOTEBOOK)
    return hint if is_notebook else f"{source.name}:NAME runs it for its function NAME; or {hint}"


def _fitting(source: Source) -> list[str]:
    """The trainers that know most, and half, of what it says, two settings; first those others build on.

    What most trainers have, ``lr`` and ``batch_size``, is no sign of one that scripts do not use.
    """
    said, found = source.data.keys(), dict[str, int]()
    known = {one: one.setting_names | one.keys.names() for one in all_trainers()}
    signs = {key for key in said if sum(key in names for names in known.values()) <= _RARE}
    for one in sorted(known, key=lambda one: not one.is_base):
        is_likely = bool(one.used_by) or len(signs & known[one]) >= _LEAST_FITTING
        if is_likely and len(said & one.setting_names) >= _LEAST_FITTING:
            found[one.name] = len(said & known[one])
    most = max(found.values(), default=0)
    knows_half = 2 * most >= len(said)
    return [name for name, count in found.items() if count == most and knows_half][:_MOST_FITTING]
