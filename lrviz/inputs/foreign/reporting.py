"""What is said of a run beside its numbers: keys that nobody knows, files that are not as they will be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.early_end import say_may_end
from lrviz.inputs.foreign.engine_config import refuse_winning_scheduler
from lrviz.inputs.foreign.from_checkpoint import refuse_replaced, say_restored
from lrviz.inputs.foreign.opening import quoted_name
from lrviz.inputs.foreign.question import OPTIONS
from lrviz.inputs.foreign.recognise import claimants
from lrviz.inputs.foreign.source import DEFAULTS
from lrviz.inputs.foreign.stray_words import check_words
from lrviz.inputs.foreign.unjoined_runs import warn_of_separate_runs
from lrviz.inputs.foreign.unknown_keys import refuse_unknown, report_unknown
from lrviz.inputs.foreign.untrained import refuse_settings
from lrviz.inputs.foreign.ways_out import INSTEAD
from lrviz.notation.finding import Finding
from lrviz.notation.text import few, listed

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.written import Written
    from lrviz.notation.spec import Spec


def check_keys(run: Settings) -> None:
    """Say which files are not read, and stop where nothing is trained, or at a key at which the trainer does.

    Raises:
        ConfigError: there is such a key, or one is given again where its loader stops at that.

    """
    for text, hint in run.unread:
        run.warn("base-not-read", f"{text}; its settings are taken to be the defaults", hint=hint)
    _refuse_unread_script(run)
    _refuse_repeated(run)
    refuse_winning_scheduler(run)
    refuse_settings(run)
    refuse_replaced(run)
    check_words(run)
    try:
        refuse_unknown(run)
    except ConfigError as error:
        raise _of_another(run) or error from None


def _of_another(run: Settings) -> ConfigError | None:
    """What is to be said of a file that another trainer claims, where its own stops at the keys."""
    for layer in run.sources:
        others = [] if layer.language == "command" else [one.name for one in claimants(layer)]
        if others and run.trainer.name not in others:
            text = f"{run.source.name}: {layer.name} is a file of {others[0]}: {run.title} stops at its keys"
            return ConfigError(text, hint=f"--trainer {others[0]} if that reads it")
    return None


def _refuse_unread_script(run: Settings) -> None:
    """Refuse a script in Python of which a trainer that is named reads nothing: all would be defaults.

    Its names are settings to those alone whose configs are Python; the options that it parses are to all.

    Raises:
        ConfigError: it is one, as what starts its trainer in a process of its own.

    """
    source, trainer = run.source, run.trainer
    if source.language != "python" or trainer.claims(source):
        return
    layers = [one for one in run.sources if trainer.reads_names or one.language == DEFAULTS]
    if not any(key in trainer.setting_names for one in layers for key in one.data):
        names = few([*source.data], 6) or "nothing"
        text = f"{source.name}: {run.title} has no setting in this script, which says {names}"
        raise ConfigError(text, hint=INSTEAD)


def _refuse_repeated(run: Settings) -> None:
    """Stop at a key that is given again where the trainer's loader does.

    Raises:
        ConfigError: there is one.

    """
    for source in () if run.trainer.takes_repeats else run.sources:
        for path, line in source.spelling.before.items() if source.language == "yaml" else ():
            place = source.place(path)
            if place.file.endswith(".json"):
                continue  # a table's own file, in which the last one counts
            text = f"given before, in line {line}: {run.trainer.name} stops at it"
            raise ConfigError(f"{place}: {text}", hint="leave one of the two out")


def report(run: Settings, source: Source, spec: Spec) -> None:
    """Say what is to be said once all has been read, of the run that it makes."""
    run.finish()
    say_restored(run, spec)
    say_may_end(run)
    warn_of_separate_runs(run, source)
    _note_assumed(run, source)
    _warn_of_odd(run)
    report_unknown(run)
    for name in run.lookup.extra.idle:
        text = f"{OPTIONS.get(name, name)} changes nothing: {run.title} does not look at it"
        run.warn("idle-key", text)


def _note_assumed(run: Settings, source: Source) -> None:
    """Say what a script leaves to others, and which of its comments are read in a file's place."""
    said = dict.fromkeys((*source.assumed, *run.sources[0].assumed, *run.lookup.environment.notes))
    for text in said:
        run.note("script-defaults", text)
    for script in run.sources if "transformers" in run.trainer.keys.lists else ():
        if script.python.own_classes:
            text = f"{script.name} parses {listed(script.python.own_classes)}, not the settings of a trainer"
            run.warn("own-arguments", f"{text}: its loop may count otherwise than {run.title}")
    for file in source.shell.quoted:
        if quoted_name(file, source) in files_of(run):
            run.note("file-quoted", f"{file} is not here: it is read in the comments of {source.name}")
    for file, one in source.shell.written.items():
        is_given = file in source.given or file in source.given.values()
        if not is_given and (file in files_of(run) or (one.edits and one.of in files_of(run))):
            _note_written(run, file, one)


def _note_written(run: Settings, file: str, written: Written) -> None:
    """Say that a file is read as its script writes it, or that it lies there as it may not be by then."""
    at = f"{written.place} writes it"
    if written.is_gone or (written.edits and not written.is_sure):
        return  # it was read before that, or is the same all the same
    if not written.is_known:
        makes = "makes" if written.is_sure else "may make"
        text = f"{file} is read as it lies here, and not as {written.by} at {written.place} {makes} it"
        run.warn("file-changed", text, hint="put it here as it is then")
    elif written.is_sure:
        run.note("file-written", f"{file} is read as {at}")
    else:
        run.note("file-written", f"{file} is read as it lies here, or as {at} where it does not")


def _warn_of_odd(run: Settings) -> None:
    """Warn of values that count, and are hardly meant as the language of their file reads them, or twice."""
    unused = set(run.lookup.unused())
    also = f"and so does {run.trainer.name}"
    for source in run.lookup.sources:
        odd = [("odd-number", path, f"{said}, {also}") for path, said in source.spelling.odd.items()]
        twice = [
            ("repeated-key", path, f"given before, in line {line}: the last one is taken")
            for path, line in source.spelling.before.items()
        ]
        for kind, path, text in [*odd, *twice]:
            if ".".join(map(str, path)) not in unused:
                run.findings.append(Finding(kind, "warning", text, place=source.place(path)))


def files_of(run: Settings) -> tuple[str, ...]:
    """All that is read, by the names that messages have."""
    return tuple(dict.fromkeys(file for one in run.sources for file in (one.name, *one.files)))
