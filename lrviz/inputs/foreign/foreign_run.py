"""A trainer's file or command among what is asked for: read once lrviz's own options are known."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import WORDS, ConfigError, LrvizError, PlanError
from lrviz.inputs.config.document import decode
from lrviz.inputs.config.job import JobEntry
from lrviz.inputs.foreign.either_way import MOST, asked_of, either_way, open_condition
from lrviz.inputs.foreign.given_params import with_given_params
from lrviz.inputs.foreign.layers import layers_of
from lrviz.inputs.foreign.left_open import LeftOpen
from lrviz.inputs.foreign.lookup import Lookup
from lrviz.inputs.foreign.opening import open_script, open_source
from lrviz.inputs.foreign.python.notebook import script_of
from lrviz.inputs.foreign.python.python_lengths import BATCHES, ROWS
from lrviz.inputs.foreign.question import asked_next, question
from lrviz.inputs.foreign.recognise import (
    check_use,
    claimants,
    itself_or_script,
    launched,
    named_trainer,
    trainer_of,
)
from lrviz.inputs.foreign.reporting import check_keys, files_of, report
from lrviz.inputs.foreign.said_as import as_said
from lrviz.inputs.foreign.setting_values import STEPS
from lrviz.inputs.foreign.settings import Settings
from lrviz.inputs.foreign.shell.invocation import UNSAID, Invocation
from lrviz.inputs.foreign.shell.training_command import SeveralCommandsError
from lrviz.inputs.foreign.unknown_keys import likely_misspelt
from lrviz.inputs.foreign.untrained import refuse_program
from lrviz.inputs.words import NOTEBOOK, SCRIPTS
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import is_number
from lrviz.notation.origin import Given, Origin, Place
from lrviz.notation.spec import Spec
from lrviz.notation.text import change_nothing, few
from lrviz.resolve.file_reading import Reading
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer
    from lrviz.notation.spec import Value

TYPED = "command"
"""What a launch line that stands in no file is called."""
_EPOCH = "steps_per_epoch"
_PYTHONS = (".py", NOTEBOOK)
_PROCESSES = "WORLD_SIZE"
_VERSION = re.compile(r"\d[\w.+-]*")


@dataclass(frozen=True)
class ForeignRun:
    """A trainer's file or launch line: its bytes, the name it goes by in messages, and its folder."""

    raw: bytes
    name: str
    suffix: str
    folder: Path = Path()
    output: tuple[str, ...] = ()  # as a job has it
    title: str | None = None
    call: Invocation = UNSAID
    label: str = ""  # that a word gives it
    source: Source | None = None  # what it says, where that is read already

    def read(
        self,
        flags: Mapping[str, Value],
        origins: Mapping[str, Origin],
        given: Mapping[str, str],
        *,
        followed: int = 0,
    ) -> tuple[Reading, JobEntry, dict[str, Value]]:
        """The run its trainer makes of it, the same as an entry of a job, and the flags to lay over that.

        So many open conditions of its script are ``followed`` already, of which ``given`` has the answers.

        Raises:
            LrvizError: nobody's file, a value that is missing, or one that the trainer refuses.

        """
        extra, read = self._left_open(flags, given), partial(self.read, flags, origins, followed=followed + 1)
        opened = self._open(extra)
        if condition := open_condition(opened, given, self._open):
            if followed >= MOST:
                raise question(opened.name, {}, (asked_of(opened, condition),))
            unfollowed = partial(self._read, opened, extra, flags, origins, given)
            return either_way(opened, condition, given, read, unfollowed)
        return self._read(opened, extra, flags, origins, given)

    def _read(
        self,
        opened: Source,
        extra: LeftOpen,
        flags: Mapping[str, Value],
        origins: Mapping[str, Origin],
        given: Mapping[str, str],
    ) -> tuple[Reading, JobEntry, dict[str, Value]]:
        """The run as it stands in a source."""
        source, trainer, version = self._recognised(opened, flags, extra)
        said = {key: Given(value, origins.get(key, Origin("python"))) for key, value in flags.items()}
        refuse_program(source, trainer)
        layers = layers_of(source, trainer)
        table = (*trainer.settings, *trainer.no_training.needs)
        lookup = Lookup(layers, said, extra, table=table, interpolates=trainer.interpolates)
        run = Settings(trainer, lookup, version)
        run.asked_next = partial(asked_next, given=given, read=partial(self.read, flags, origins))
        check_keys(run)
        spec = with_given_params(run, _read(run))
        report(run, source, spec)
        left = {key: value for key, value in flags.items() if key not in {*run.lookup.consumed, "trainer"}}
        epoch = {} if spec.get(_EPOCH) else {key: left.pop(key) for key in (_EPOCH,) if key in left}
        reading = _reading(run, spec, _idle(left, run))
        rest = {key: value for key, value in left.items() if not KEYS[key].in_plan}
        return reading, self._entry(run, spec, source), rest | epoch

    def _left_open(self, flags: Mapping[str, Value], given: Mapping[str, str]) -> LeftOpen:
        """What is given, and what a Python file asks for by other names than the options that tell it."""
        names = {_PROCESSES: "world_size"} if self.suffix in _PYTHONS else {}
        if flags.get("world_size", 1) == 1:
            names |= {BATCHES: "batches_per_epoch"}
        told = {name: str(flags[key]) for name, key in {**names, ROWS: "dataset_len"}.items() if key in flags}
        found = LeftOpen({**told, **given})
        found.asked.update(told.keys() - given.keys())
        return found

    def _recognised(
        self, opened: Source, flags: Mapping[str, Value], given: LeftOpen
    ) -> tuple[Source, ForeignTrainer, str]:
        """What it says, whose it is, and the version that ``--trainer`` names."""
        source = self._command_of_notebook(launched(opened), given)
        name, at, version = str(flags.get("trainer", "")).partition("@")
        source = source if name else itself_or_script(source)
        trainer = named_trainer(name) if name else trainer_of(source)
        if name:
            check_use(source, trainer)
        if at:
            _check_version(version, trainer)
        return source, trainer, version

    def _entry(self, run: Settings, spec: Spec, source: Source) -> JobEntry:
        labelled = Spec(spec.name, (*spec.params, ("label", self._label(source))))
        beside = {"label": Origin("spec")} if self.label else {}
        return JobEntry(labelled, (), Place(self.name), {**_origins(run, labelled), **beside}, WORDS)

    def _open(self, given: Mapping[str, str]) -> Source:
        if self.source is not None:
            return replace(self.source, given=given)
        if self.suffix in SCRIPTS:
            return open_script(self.raw, self.name, self.folder, given, self.call)
        return open_source(self.raw, self.name, self.suffix, self.folder, given)

    def _command_of_notebook(self, source: Source, given: LeftOpen) -> Source:
        """What a notebook gives to a shell, where its Python is nobody's and that is a trainer's."""
        if self.suffix != NOTEBOOK or claimants(source):
            return source
        script = script_of(decode(self.raw, self.name), self.name)
        try:
            command = open_script(script.encode(), self.name, self.folder, given) if script else source
        except SeveralCommandsError as error:
            if any(map(claimants, error.commands)):
                raise
            return source
        except ConfigError:
            return source  # no command of it trains
        return command if claimants(command) else source

    def _label(self, source: Source) -> str:
        """That of the word; or the file's name, of a line that is typed the program's."""
        if self.label:
            return self.label
        is_typed = self.name == TYPED and source.words
        return Path(source.words[0] if is_typed else self.name).name


def _check_version(version: str, trainer: ForeignTrainer) -> None:
    """Refuse what is no version, from which no rule can be told.

    Raises:
        PlanError: it does not begin with a number, nor is it the commit whose rules are there.

    """
    if version != trainer.version and not _VERSION.fullmatch(version):
        hint = f"<trainer={trainer.name}@{trainer.version}>"
        raise PlanError(f"{version!r} is no version of {trainer.program or trainer.name}", hint=hint)


def _read(run: Settings) -> Spec:
    """What the trainer's reader makes of it.

    Raises:
        ConfigError: numbers that no arithmetic goes with, its trainer's neither: 0 processes, 1e400 epochs.

    """
    try:
        return run.trainer.read(run)
    except ArithmeticError as error:
        numbers = [f"{name}={one.value}" for name, one in run.seen.items() if is_number(one.value)]
        text = f"{run.source.name}: {run.title} cannot compute with these numbers: {error}"
        raise ConfigError(text, hint=f"look at {few(numbers)}") from None
    except LrvizError as error:
        if not error.message.startswith(tuple(one.name for one in run.sources)):
            error.about(run.source.name)  # a schedule's own, which knows of no file
        error.also(likely_misspelt(run, error))
        error.template = as_said(error.template, run.lookup, run.trainer.settings)
        raise


def _idle(left: Mapping[str, Value], run: Settings) -> list[Finding]:
    """What is said of a run's length beside a trainer that has another way of its own.

    Raises:
        PlanError: the steps themselves.

    """
    for key in (*STEPS, _EPOCH):
        if key in left:
            is_counted = any(one.key in STEPS and one.name in run.seen for one in run.trainer.settings)
            ways = "<steps=1000>" if is_counted else "<epochs=3> or <dataset_len=1000>"
            raise PlanError(
                f"{key}={left[key]!r} beside a file whose trainer tells the steps otherwise",
                hint=f"say what its trainer asks for, {ways}, instead",
            )
    names = [key for key in left if KEYS[key].in_plan]
    if not names:
        return []
    return [Finding("idle-key", "note", f"{change_nothing(names)}: the length does not depend on it")]


def _reading(run: Settings, spec: Spec, more: list[Finding]) -> Reading:
    return Reading(
        spec,
        run.title,
        _in_order(run),
        tuple(run.lines),
        (*run.findings, *more),
        run.warmup,
        run.lookup.unused(),
        files_of(run),
        frozenset(run.settled),
    )


def _in_order(run: Settings) -> dict[str, Given]:
    """The settings that were looked at: first those that somebody says, as the trainer's table has them."""
    said = [name for name in run.table if name in run.seen and run.seen[name].origin.source != "trainer"]
    return {name: run.seen[name] for name in dict.fromkeys((*said, *run.seen))}


def _origins(run: Settings, spec: Spec) -> dict[str, Origin]:
    """Who says each value: the setting of the same meaning and value, or its trainer's arithmetic."""
    formulas = {line.key: line.formula for line in run.lines}
    own = {setting.name.rpartition(".")[2]: run.seen.get(setting.name) for setting in run.trainer.settings}
    keys = {setting.key: run.seen.get(setting.name) for setting in run.trainer.settings if setting.key}
    said = {**own, **keys}
    return {key: _origin(key, value, said.get(key), formulas, run.title) for key, value in spec.params}


def _origin(key: str, value: Value, said: Given | None, formulas: Mapping[str, str], title: str) -> Origin:
    if said is not None and said.value == value:
        return said.origin
    return Origin("derived", formulas.get("total_steps" if key == "steps" else key, title))
