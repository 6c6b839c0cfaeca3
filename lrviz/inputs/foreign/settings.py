"""The settings of one run as its trainer sees them, and what its reader finds out about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.question import Asked, question
from lrviz.inputs.foreign.setting import Raw, Setting, instead
from lrviz.inputs.foreign.source import Unknown, unknown_within
from lrviz.notation.finding import Finding
from lrviz.notation.nearest import nearest
from lrviz.notation.origin import Given, Origin, Place
from lrviz.notation.rendering import shown
from lrviz.notation.spec import Spec
from lrviz.notation.text import few
from lrviz.plan.rules import Line
from lrviz.resolve.key import Unfit
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.errors import PlanError
    from lrviz.inputs.foreign.lookup import Lookup
    from lrviz.inputs.foreign.setting import Kind
    from lrviz.inputs.foreign.source import PythonCall, Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer
    from lrviz.notation.spec import Value

ARGUMENTS = ("$@", "$*", "${@", "${*")
"""How what a script calls its own arguments begins; ``${@:2}`` are the rest of them."""
STEPS = ("steps", "max_steps")
"""Keys that tell how long a run is without anything else."""
_DIGITS = re.compile(r"\d+")


class Settings:
    """What a trainer's reader reads from, and where it leaves what it finds out.

    ``seen`` are the settings that were looked at, ``lines`` the derivation, ``warmup`` the updates of the
    trainer's own warmup, ``defaults_of`` whose the defaults are where they are another program's;
    ``settled`` are general findings, by id, that are none in this run.
    """

    def __init__(self, trainer: ForeignTrainer, lookup: Lookup, version: str = "") -> None:
        self.trainer = trainer
        self.lookup = lookup
        self._version = version or trainer.version
        self._is_version_looked_at = False
        self.is_version_given = bool(version)
        self.table = {setting.name: setting for setting in trainer.settings}
        self.seen: dict[str, Given] = {}
        self.lines: list[Line] = []
        self.findings: list[Finding] = []
        self.settled: set[str] = set()
        self.warmup: int | float | None = None
        self.defaults_of = ""
        self._open: list[str] = []
        self._stated: dict[str, Given] = {}
        self._meanings: dict[str, str] = {}
        self._check()

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is read: a command or a file first, then those that lie beneath it."""
        return self.lookup.sources

    @property
    def source(self) -> Source:
        """The first of them, which wins."""
        return self.lookup.sources[0]

    @property
    def version(self) -> str:
        """The version whose rules are followed; to look at it is to have rules for it."""
        self._is_version_looked_at = True
        return self._version

    @version.setter
    def version(self, version: str) -> None:
        self._version = version

    # --- values ------------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Any:
        """The value of a setting: what is said, or its default.

        Raises:
            ConfigError: its trainer does not take it, or nobody can know it.

        """
        return self.get(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The same, with another default than the table's (of another version, or by another setting)."""
        return self.given(name, default).value

    def given(self, name: str, default: Any = None) -> Given:
        """The value of a setting, and who says it.

        One that stands there and cannot be known counts as its default until all such are asked for.
        """
        setting = self.table[name]
        found = self.lookup.of(setting)
        if found is not None and isinstance(found.value, Unknown):
            self._open.append(name)
            if setting.default is None:
                raise self._question([])
            return Given(setting.default, found.origin)
        if found is None or found.value is None:
            found = Given(
                setting.default if default is None else default,
                Origin("trainer", self.defaults_of or self.title),
            )
        else:
            found = Given(self._converted(setting, found), found.origin)
        if found.value is not None:
            self.seen[name] = found
        return found

    def set_defaults(self, **defaults: Any) -> None:
        """Have other defaults than the table's in this run."""
        for name, value in defaults.items():
            self.table[name] = self.table[name]._replace(default=value)

    def is_said(self, name: str) -> bool:
        """Whether somebody says a setting; null is nothing said."""
        found = self.lookup.of(self.table[name])
        return found is not None and found.value is not None

    def is_answered(self, name: str) -> bool:
        """Whether an option of lrviz or ``--given`` says it, whatever the sources do."""
        return self.lookup.beside(name) is not None

    def ask(self, *names: str) -> Any:
        """Values that must be known: settings, keys of lrviz, or names that ``--given`` alone gives.

        One value, or as many as are asked for.

        Raises:
            PlanError: some are not; all of them are asked for at once.

        """
        found = [self._known(name) for name in names]
        missing = [name for name, one in zip(names, found, strict=True) if one is None]
        if missing:
            raise self._question(missing)
        return found[0] if len(found) == 1 else tuple(found)

    def explain(self, name: str, meaning: str) -> None:
        """Have questions for a name say what it is in this run."""
        self._meanings[name] = meaning

    def need(self, *names: str) -> None:
        """Settings that the run depends on: the next question asks for those that nobody can know, too."""
        for name in names:
            found = self.lookup.of(self.table[name])
            if found is not None and isinstance(found.value, Unknown):
                self._open.append(name)

    def knows(self, name: str) -> bool:
        """Whether a value that could be asked for is known."""
        return self._known(name) is not None

    def raw(self, *path: str | int) -> Any:
        """What stands at a path of the files, ``raw("datasets", 0, "type")``; None where nothing does."""
        return self.lookup.at(path)

    def known(self, *path: str | int) -> Any:
        """The same, where nothing within it may be unknown; its lists are tuples.

        Raises:
            PlanError: something is, and ``--given`` does not tell it.

        """
        value = self.raw(*path)
        if found := list(unknown_within(value)):
            asked = [Asked(one.names[0] if one.names else one.why, "", one) for one in found]
            raise self._question([], asked)
        return _with_tuples(value)

    def fit(self, path: str, value: Any, kind: Kind, *, like: object) -> Any:
        """What stands at ``path`` in a table that is handed on as it is, where the reader computes with it.

        Raises:
            ConfigError: it is not of that kind; the hint is one ``like`` it.

        """
        try:
            return kind(Raw(value, self.trainer.reads_text))
        except Unfit:
            name = path.rpartition(".")[2]
            place = self.lookup.place(tuple(path.split(".")))
            text = f"{place._replace(key='')}: {self._unfit(path, value)}"
            raise ConfigError(text, hint=f"{name}: {like}") from None

    @property
    def call(self) -> PythonCall:
        """The call of a Python file that holds the settings.

        Raises:
            ConfigError: it is no Python file.

        """
        found = self.source.calls
        if not found:
            text = f"{self.trainer.name} is told by a Python file, and this is none"
            self.refuse(text, hint=f"name the .py file that calls {self.trainer.calls[0]}(…)")
        return found[0]

    # --- what is found out -------------------------------------------------------------------------------

    def since(self, version: str, what: str = "") -> bool:
        """Whether the trainer's version is at least ``version``; ``what`` that decides, where it matters."""
        if what and not self.is_version_given:
            program = self.trainer.program or self.trainer.name
            self.note("assumed-version", f"{program} {self.version} is assumed: {what}")
        return version_parts(self.version) >= version_parts(version)

    def assume(self, version: str, why: str) -> None:
        """Follow the rules of another version, because of something that is said."""
        self.version = version
        self.note("assumed-version", f"{self.title} is assumed: {why}")

    def line(self, label: str, formula: str, value: int) -> int:
        """Note a line of the derivation, once, and hand on its value."""
        line = Line(label, formula, value)
        if line not in self.lines:
            self.lines.append(line)
        return value

    def note(self, kind: str, text: str, *, hint: str = "", at: str = "") -> None:
        """Say something worth knowing, at the place of a setting."""
        self.findings.append(Finding(kind, "note", text, hint, place=self._place(at)))

    def warn(self, kind: str, text: str, *, hint: str = "", at: str = "") -> None:
        """Say something that is hardly meant."""
        self.findings.append(Finding(kind, "warning", text, hint, place=self._place(at)))

    def check_warmup(
        self, warmup: float, steps: int, *, ahead: int = 0, hint: str = "", at: str = ""
    ) -> None:
        """Say that the run ends before its warmup does, whose update t is at ``(t + ahead) / warmup``."""
        if warmup > steps:
            share = (steps - 1 + ahead) / warmup
            reached = f"{share:.{int(share < 0.1)}%}"
            text = f"warmup of {warmup} updates in a run of {steps}: the LR reaches {reached} of its peak"
            self.warn("warmup-longer-than-run", text, hint=hint, at=at)

    def refuse(self, text: str, *, hint: str, at: str = "") -> NoReturn:
        """Refuse what the trainer refuses.

        Raises:
            ConfigError: always.

        """
        place = self._place(at)
        raise ConfigError(f"{place._replace(key='') if place else self.source.name}: {text}", hint=hint)

    def choose(self, name: str, known: Iterable[str]) -> str:
        """A setting that is one of the trainer's words.

        Raises:
            ConfigError: it is none of them.

        """
        value, choices = self[name], list(known)
        if value not in choices:
            near = nearest(str(value).lower(), choices)
            self.refuse(
                f"{name}={value!r} is none of {self.title}'s",
                at=name,
                hint=near or f"one of {', '.join(choices)}",
            )
        return str(value)

    @property
    def title(self) -> str:
        """The trainer with the version whose rules are followed."""
        return f"{self.trainer.program or self.trainer.name} {self._version}"

    def curve(self, name: str, **values: Value) -> Spec:
        """The run in lrviz's words: a schedule, its parameters, and keys of the run; None is nothing said."""
        return Spec(name, tuple((key, value) for key, value in values.items() if value is not None))

    def finish(self) -> None:
        """Ask for what stands there and cannot be known.

        Raises:
            PlanError: there is such a value.

        """
        if self._open or self._hidden():
            raise self._question([])
        self._name_defaults()
        if any(map(_is_arguments, self.source.hidden)):
            text = "what the script itself is given ($@) is taken to be nothing"
            self.note("arguments-left-out", text)
        if "**" in self.source.data:
            assumed = {name: one.value for name, one in self.seen.items() if one.origin.source == "trainer"}
            text = "what ** hands on cannot be known: it may replace the defaults"
            values = few([f"{name}={shown(value)}" for name, value in assumed.items()])
            self.warn("keywords-left-out", f"{text} {values}", hint="--given NAME=VALUE says what it does")

    # --- inside ------------------------------------------------------------------------------------------

    def _check(self) -> None:
        """Read all that is said, so that a wrong value is refused before a missing one is asked for."""
        for name, setting in self.table.items():
            found = self.lookup.peek(setting)
            if found and found.value is not None and not isinstance(found.value, Unknown):
                self._stated[name] = Given(self._converted(setting, found), found.origin)

    def _name_defaults(self) -> None:
        """Defaults are those of the known version, where no rule has looked at the one that is said."""
        ours = {name: one for name, one in self.seen.items() if one.origin.source == "trainer"}
        said = version_parts(self._version)
        if not self.is_version_given or self._is_version_looked_at or not ours:
            return
        if said == version_parts(self.trainer.version)[: len(said)]:
            return
        known = self.trainer.title
        text = f"the defaults are those of {known}, those of {self._version} may differ"
        self.warn("unknown-version", text, hint="say what matters of them in the file or by --given")
        self.seen |= {name: one._replace(origin=Origin("trainer", known)) for name, one in ours.items()}

    def _question(self, missing: Iterable[str], more: Iterable[Asked] = ()) -> PlanError:
        """Ask for what is missing, and for what stands there and cannot be known."""
        asked = []
        if any(self.table[name].key in STEPS for name in self._open):
            missing = ()  # the steps decide whether anything else of the length matters
        for name in (*missing, *self._open):
            given = self.lookup.of(self.table[name]) if name in self.table else None
            value = self.lookup.world if name == "world_size" else given and given.value
            setting = self.table.get(name)
            key, asks = (setting.key, setting.asks) if setting else (name, "")
            asks = self._meanings.get(name, asks)
            unknown = value if isinstance(value, Unknown) else None
            asked.append(Asked(name, key, unknown, asks, self.source.choices_of(unknown)))
        whose = f"{self.source.name} ({self.title})"
        return question(whose, self._stated | self.seen, [*asked, *more, *self._hidden()])

    def _hidden(self) -> list[Asked]:
        """Variables that nobody sets and that may hold further options."""
        return [Asked(one.why, "", one) for one in self.source.hidden if not _is_arguments(one)]

    def _known(self, name: str) -> Any:
        """A value that may be asked for, None where nobody says it."""
        if name in self.table:
            found = self.lookup.of(self.table[name])
            return None if found is None or isinstance(found.value, Unknown) else self[name]
        given = self.lookup.beside(name)
        if given is None and name == "world_size" and isinstance(self.lookup.world, Given):
            given = self.lookup.world
        if given is None or given.value is None:
            return None
        if name in KEYS:
            given = Given(KEYS[name].read(given.value), given.origin)
        self.seen[name] = given
        return given.value

    def _converted(self, setting: Setting, given: Given) -> Any:
        source = self.lookup.source_of(given)
        is_text = source is None or source.language == "command" or self.trainer.reads_text
        try:
            return setting.kind(Raw(given.value, is_text))
        except Unfit as unfit:
            place = given.origin.place
            where = place._replace(key="") if place else given.origin
            text = self._unfit(setting.name, given.value, str(unfit))
            raise ConfigError(f"{where}: {text}", hint=instead(setting, unfit, given)) from None

    def _unfit(self, name: str, value: Any, takes: str = "") -> str:
        return (
            f"{name}={shown(value)} is not what {self.title} takes{f', {takes}' if takes else ': it stops'}"
        )

    def _place(self, name: str) -> Place | None:
        given = self.seen.get(name) or (self.lookup.of(self.table[name]) if name in self.table else None)
        return given.origin.place if given else None


def version_parts(text: str) -> tuple[int, ...]:
    """A version as numbers that compare."""
    return tuple(int(part) for part in _DIGITS.findall(text))


def _with_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_tuples(one) for key, one in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, (list, tuple)) else value


def _is_arguments(unknown: Unknown) -> bool:
    return unknown.why.startswith(ARGUMENTS)
