"""The values of one run as its trainer sees them: what is said, its defaults, and what must be asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.question import Asked, question
from lrviz.inputs.foreign.setting import Raw, Setting, instead, literal, stops_at
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Given, Origin
from lrviz.resolve.key import Unfit
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lrviz.errors import PlanError
    from lrviz.inputs.foreign.lookup import Lookup
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer

ARGUMENTS = ("$@", "$*", "${@", "${*")
"""How what a script calls its own arguments begins; ``${@:2}`` are the rest of them."""
STEPS = ("steps", "max_steps")
"""Keys that tell how long a run is without anything else."""
_DIGITS = re.compile(r"\d+")


class Values:
    """A value with its default, one that must be known, or what a file says beside the trainer's table.

    ``version`` is the one whose rules are followed, ``seen`` are the settings that were looked at, and
    ``defaults_of`` whose the defaults are where they are another program's; ``asked_next`` tells what else a
    question leads to.
    """

    def __init__(self, trainer: ForeignTrainer, lookup: Lookup, version: str = "") -> None:
        self.trainer = trainer
        self.lookup = lookup
        self.is_version_given = bool(version)
        rows = (*trainer.settings, *trainer.no_training.needs)
        self.table = {setting.name: setting for setting in rows}
        self.seen: dict[str, Given] = {}
        self.defaults_of = ""
        self.asked_next: Callable[[Iterable[Asked]], Iterable[Asked]] = lambda _: ()
        self.version = _whole(version, trainer)
        self._open = [name for name in trainer.tables if self._is_open(name)]
        self._meanings: dict[str, str] = {}
        self._examples: dict[str, tuple[str, ...]] = {}
        self._made_by: dict[str, str] = {}
        self._stated = self._read_all()

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is read: a command or a file first, then those that lie beneath it."""
        return self.lookup.sources

    @property
    def source(self) -> Source:
        """The first of them, which wins."""
        return self.lookup.sources[0]

    @property
    def unread(self) -> list[tuple[str, str]]:
        """Why files that are named are not read, each with the way out."""
        errors = (error for one in self.sources for error in one.unread)
        return [(str(error).removeprefix(f"{self.source.name}: "), error.hint) for error in errors]

    @property
    def title(self) -> str:
        """The trainer with the version whose rules are followed."""
        return f"{self.trainer.program or self.trainer.name} {self.version}"

    # --- values ------------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Any:
        """The value of a setting: what is said, or its default.

        Raises:
            ConfigError: its trainer does not take it, or nobody can know it.

        """
        return self.get(name)

    def get(self, name: str, default: object = None) -> Any:
        """The value of a setting, with another default than the table's, which stays that of the run."""
        if default is not None:
            self.set_defaults(**{name: default})
        return self._given(name).value

    def origin(self, name: str) -> Origin:
        """Who says the value of a setting."""
        return self._given(name).origin

    def set_defaults(self, by: str = "", /, **defaults: Any) -> None:
        """Have other defaults than the table's in this run, ``by`` what makes them."""
        for name, value in defaults.items():
            self.table[name] = self.table[name]._replace(default=value)
            self._made_by[name] = by

    def is_said(self, name: str) -> bool:
        """Whether somebody says a setting, or what could be asked for; null is nothing said."""
        if name not in self.table:
            return self._known(name) is not None
        found = self.lookup.of(self.table[name])
        return found is not None and found.value is not None

    def is_answered(self, name: str) -> bool:
        """Whether an option of lrviz or ``--given`` says it, whatever the sources do."""
        return self.lookup.beside(name) is not None

    def stated(self, name: str, default: object = None) -> Any:
        """What is said of any option, a setting or not, or ``default``; that too where nobody can know it.

        It is none that the curve needs, so nobody is asked for it.
        """
        given = self.lookup.of(Setting(name, literal))
        if given is None or given.value is None or isinstance(given.value, Unknown):
            return default
        return literal(Raw(given.value))

    def raw(self, *path: str | int) -> Any:
        """What stands at a path of the files, ``raw("datasets", 0, "type")``; None where nothing does."""
        return self.lookup.at(path)

    # --- questions ---------------------------------------------------------------------------------------

    def ask(self, *names: str) -> Any:
        """Values that must be known: settings, keys of lrviz, or names that ``--given`` alone gives.

        One value, or as many as are asked for.

        Raises:
            PlanError: some are not; all of them are asked for at once.

        """
        found = [self._known(name) for name in names]
        missing = [name for name, one in zip(names, found, strict=True) if one is None]
        if missing:
            raise self.question(missing)
        return found[0] if len(found) == 1 else tuple(found)

    def need(self, *names: str) -> None:
        """Settings that the run depends on: the next question asks for those that nobody can know, too."""
        for name in names:
            found = self.lookup.of(self.table[name])
            if found is not None and isinstance(found.value, Unknown):
                self._open.append(name)

    def pass_over(self, *names: str) -> None:
        """Settings that this run does not look at: no question repeats what is said of them."""
        self._stated = {name: one for name, one in self._stated.items() if name not in names}

    def explain(self, name: str, meaning: str, example: str = "") -> None:
        """Have questions for a name say what it is in this run, with an ``example`` of how it is told."""
        self._meanings[name] = meaning
        self._examples[name] = (example,) if example else ()

    def question(self, missing: Iterable[str], more: Iterable[Asked] = ()) -> PlanError:
        """Ask for what is missing, and for what stands there and cannot be known."""
        if any(self.table[name].key in STEPS for name in self._open):
            missing = ()  # the steps decide whether anything else of the length matters
        asked = [self._asked(name) for name in (*missing, *self._open, *self._open_lrs())]
        whose = f"{self.source.name} ({self.title})"
        unread = [text for text, _ in self.unread]
        asked += [*more, *self._hidden()]
        if self.source.shell.passed_over and any(one.unknown for one in asked):
            unread.append(f"{self.source.shell.passed_over} is not read")
        return question(whose, self._stated | self.seen, [*asked, *self.asked_next(asked)], unread)

    def check_open(self) -> None:
        """Ask for what stands there and cannot be known.

        Raises:
            PlanError: there is such a value.

        """
        if self._open or self._hidden():
            raise self.question([])

    # --- inside ------------------------------------------------------------------------------------------

    def _read_all(self) -> dict[str, Given]:
        """All that is said, so that a wrong value is refused before a missing one is asked for."""
        rows = ((name, one) for name, one in self.table.items() if name not in self.trainer.tables)
        said = ((name, setting, self.lookup.peek(setting)) for name, setting in rows)
        return {
            name: Given(self._converted(setting, found), found.origin)
            for name, setting, found in said
            if found and found.value is not None and not isinstance(found.value, Unknown)
        }

    def _given(self, name: str) -> Given:
        """The value of a setting, and who says it.

        One that stands there and cannot be known counts as its default until all such are asked for.
        """
        setting = self.table[name]
        found = self.lookup.of(setting)
        if found is not None and isinstance(found.value, Unknown):
            self._open.append(name)
            if setting.default is None:
                raise self.question([])
            return Given(setting.default, found.origin)
        if found is None or found.value is None:
            made_by = self._made_by.get(name)
            whose = self.defaults_of or self.title
            found = Given(setting.default, Origin("trainer", f"{whose}: {made_by}" if made_by else whose))
        else:
            found = Given(self._converted(setting, found), found.origin)
        if found.value is not None:
            self.seen[name] = found
        return found

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

    def _asked(self, name: str) -> Asked:
        """What a question says of a name."""
        setting = self.table.get(name)
        given = self.lookup.of(setting) if setting else None
        value = self.lookup.world if name == "world_size" else given and given.value
        key, asks = (setting.key, setting.asks) if setting else (name, "")
        unknown = value if isinstance(value, Unknown) else None
        asks = self._meanings.get(name, asks)
        choices = self.source.choices_of(unknown) or self._examples.get(name, ())
        return Asked(name, key, unknown, asks, choices)

    def _open_lrs(self) -> list[str]:
        """Learning rates that nobody can know: no run goes without, whenever its reader comes to them."""
        found = ((name, self.lookup.of(one)) for name, one in self.table.items() if one.key == "lr")
        return [name for name, one in found if one is not None and isinstance(one.value, Unknown)]

    def _is_open(self, name: str) -> bool:
        return isinstance(self.raw(name), Unknown)

    def _hidden(self) -> list[Asked]:
        """Variables that nobody sets and that may hold further options."""
        return [Asked(one.why, "", one) for one in self.source.hidden if not is_arguments(one)]

    def _converted(self, setting: Setting, given: Given) -> Any:
        source = self.lookup.source_of(given)
        is_parsed = self.trainer.reads_text and not (source and source.language == "python")
        is_text = source is None or source.language == "command" or is_parsed
        try:
            return setting.read(Raw(given.value, is_text))
        except Unfit as unfit:
            place = given.origin.place
            where = place._replace(key="") if place else given.origin
            text = stops_at(self.title, setting.name, given.value, str(unfit))
            raise ConfigError(f"{where}: {text}", hint=instead(setting, unfit, given)) from None


def _whole(version: str, trainer: ForeignTrainer) -> str:
    """The version that is said, or the trainer's, which is also the ``5`` of ``transformers@5``."""
    said = version_parts(version)
    return trainer.version if said == version_parts(trainer.version)[: len(said)] else version


def version_parts(text: str) -> tuple[int, ...]:
    """A version as numbers that compare."""
    return tuple(int(part) for part in _DIGITS.findall(text))


def is_since(version: str, first: str) -> bool:
    """Whether a version is at least another."""
    return version_parts(version) >= version_parts(first)


def is_arguments(unknown: Unknown) -> bool:
    """Whether it is what a script itself is given: ``$@``."""
    return unknown.why.startswith(ARGUMENTS)
