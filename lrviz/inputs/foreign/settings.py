"""The settings of one run as its trainer sees them: who says each, and what must be asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from lrviz.errors import ConfigError, PlanError
from lrviz.inputs.foreign.interpolate import resolved
from lrviz.inputs.foreign.setting import Raw, Setting
from lrviz.inputs.foreign.source import Source, Unknown
from lrviz.notation.finding import Finding
from lrviz.notation.nearest import nearest
from lrviz.notation.origin import Given, Origin, Place
from lrviz.notation.spec import Spec, shown
from lrviz.notation.text import listed
from lrviz.plan.rules import Line
from lrviz.resolve.key import Unfit
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lrviz.inputs.foreign.trainer import ForeignTrainer
    from lrviz.notation.spec import Value

_DIGITS = re.compile(r"\d+")
_KNOWN = 6
"""Values that a question repeats as known."""


class Settings:
    """What a trainer's reader reads from, and where it leaves what it finds out.

    ``sources`` are looked at in their order: the command, then its file. ``flags`` are lrviz's own options,
    by key, and ``given`` the values of ``--given``, by the trainer's names: both win over the sources.
    """

    def __init__(
        self,
        trainer: ForeignTrainer,
        sources: Iterable[Source],
        flags: Mapping[str, Given],
        given: Mapping[str, Given],
        version: str = "",
    ) -> None:
        self.trainer = trainer
        self.sources = tuple(sources)
        self.flags = flags
        self.extra = given
        self.version = version or trainer.version
        self.is_version_given = bool(version)
        self.seen: dict[str, Given] = {}
        self.consumed: set[str] = set()
        self.lines: list[Line] = []
        self.findings: list[Finding] = []
        self.warmup: int | float | None = None
        self._table = {setting.name: setting for setting in trainer.settings}
        self._looked_at: set[str] = set()
        self._check()

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
        """The value of a setting, and who says it."""
        setting = self._table[name]
        found = self._said(setting)
        if found is None:
            value = setting.default if default is None else default
            found = Given(
                value, Origin("trainer", f"{self.trainer.program or self.trainer.name} {self.version}")
            )
        elif isinstance(found.value, Unknown):
            raise self._missing([name])
        else:
            found = Given(self._converted(setting, found), found.origin)
        if found.value is not None:
            self.seen[name] = found
        return found

    def is_said(self, name: str) -> bool:
        """Whether somebody says a setting; null is nothing said."""
        found = self._said(self._table[name])
        return found is not None and found.value is not None

    def ask(self, *names: str) -> Any:
        """Values that must be known: settings, keys of lrviz, or names that ``--given`` alone gives.

        One value, or as many as are asked for.

        Raises:
            PlanError: some are not; all of them are asked for at once.

        """
        found = [self._known(name) for name in names]
        missing = [name for name, one in zip(names, found, strict=True) if one is None]
        if missing:
            raise self._missing(missing)
        return found[0] if len(found) == 1 else tuple(found)

    def knows(self, name: str) -> bool:
        """Whether a value that could be asked for is known."""
        return self._known(name) is not None

    def raw(self, *path: str | int) -> Any:
        """What stands at a path of the files, ``raw("datasets", 0, "type")``; None where nothing does."""
        for source in self.sources:
            value = _at(source.data, path)
            if value is not None:
                self._looked_at.add(str(path[0]))
                return resolved(value, source.data)
        return None

    @property
    def world_size(self) -> int:
        """Processes in all, which are asked for where nothing tells them."""
        return int(self.ask("world_size"))

    # --- what is found out -------------------------------------------------------------------------------

    def since(self, version: str, what: str = "") -> bool:
        """Whether the trainer's version is at least ``version``; ``what`` that decides, where it matters."""
        if what and not self.is_version_given:
            program = self.trainer.program or self.trainer.name
            self.note("assumed-version", f"{program} {self.version} is assumed: {what}")
        return _version(self.version) >= _version(version)

    def assume(self, version: str, why: str) -> None:
        """Follow the rules of another version, because of something that is said."""
        self.version = version
        self.note("assumed-version", f"{self.title} is assumed: {why}")

    def line(self, label: str, formula: str, value: int) -> int:
        """Note a line of the derivation, and hand on its value."""
        self.lines.append(Line(label, formula, value))
        return value

    def note(self, kind: str, text: str, *, hint: str = "", at: str = "") -> None:
        """Say something worth knowing, at the place of a setting."""
        self.findings.append(Finding(kind, "note", text, hint, place=self._place(at)))

    def warn(self, kind: str, text: str, *, hint: str = "", at: str = "") -> None:
        """Say something that is hardly meant."""
        self.findings.append(Finding(kind, "warning", text, hint, place=self._place(at)))

    def refuse(self, text: str, *, hint: str, at: str = "") -> NoReturn:
        """Refuse what the trainer refuses.

        Raises:
            ConfigError: always.

        """
        place = self._place(at)
        raise ConfigError(f"{place._replace(key='') if place else self.sources[0].name}: {text}", hint=hint)

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
        return f"{self.trainer.program or self.trainer.name} {self.version}"

    def curve(self, name: str, **values: Value) -> Spec:
        """The run in lrviz's words: a schedule, its parameters, and keys of the run; None is nothing said."""
        return Spec(name, tuple((key, value) for key, value in values.items() if value is not None))

    def unused(self) -> tuple[str, ...]:
        """Keys of the sources that nobody looked at."""
        return tuple(
            dict.fromkeys(
                name for source in self.sources for name in _leaves(source.data) if not self._is_used(name)
            )
        )

    def _check(self) -> None:
        """Read all that is said, so that a wrong value is refused before a missing one is asked for."""
        for name in self._table:
            found = self._said(self._table[name])
            if found and not isinstance(found.value, Unknown):
                self.given(name)

    # --- inside ------------------------------------------------------------------------------------------

    def _said(self, setting: Setting) -> Given | None:
        """Who says it: an option of lrviz, ``--given``, or the first source that does."""
        self._looked_at.update(setting.names)
        if setting.key and setting.key in self.flags:
            self.consumed.add(setting.key)
            return self.flags[setting.key]
        for name in setting.names:
            if name in self.extra:
                return self.extra[name]
        for source in self.sources:
            for name in setting.names:
                found = _find(source, name)
                if found is not None:
                    return found
        return None

    def _known(self, name: str) -> Any:
        """A value that may be asked for, None where nobody says it."""
        if name in self._table:
            found = self._said(self._table[name])
            return None if found is None or isinstance(found.value, Unknown) else self.get(name)
        given = self.flags.get(name) or self.extra.get(name)
        if given is None and name == "world_size":
            given = self._launched()
        if given is None:
            return None
        self.consumed.add(name)
        if name in KEYS:
            given = Given(KEYS[name].read(given.value), given.origin)
        self.seen[name] = given
        return given.value

    def _launched(self) -> Given | None:
        """The processes that the command starts."""
        world = next((source.launch.world for source in self.sources if source.launch.world), None)
        return world if isinstance(world, Given) else None

    def _converted(self, setting: Setting, given: Given) -> Any:
        if given.value is None:
            return None
        is_text = given.origin.source != "file" or self._reads_text(given.origin.place)
        try:
            return setting.kind(Raw(given.value, is_text))
        except Unfit:
            text = f"{setting.name}={shown(given.value)} is not what {self.title} takes: it stops"
            raise ConfigError(f"{self._where(given)}: {text}", hint=_example(setting)) from None

    def _where(self, given: Given) -> str:
        """The place that says it, or who does."""
        place = given.origin.place
        return str(place._replace(key="") if place else given.origin)

    def _reads_text(self, place: Place | None) -> bool:
        source = next((one for one in self.sources if place and one.name == place.file), None)
        return self.trainer.reads_text or source is None or source.language == "command"

    def _place(self, name: str) -> Place | None:
        given = self.seen.get(name) or (self._said(self._table[name]) if name in self._table else None)
        return given.origin.place if given else None

    def _missing(self, names: list[str]) -> PlanError:
        """Ask for everything at once, with what is known already."""
        said = {name: one.value for name, one in self.seen.items() if one.origin.source != "trainer"}
        known = [f"{name}={shown(value)}" for name, value in said.items()][:_KNOWN]
        so_far = f"; it says {', '.join(known)}" if known else ""
        asked = listed([_asked(name) for name in names])
        whys = [f"{name} is {why}" for name in names if (why := self._why(name))]
        because = f" ({', '.join(whys)})" if whys else ""
        hint = f"give {' '.join(self._way(name) for name in names)}"
        return PlanError(
            f"{self.sources[0].name} ({self.title}) does not say {asked}{because}{so_far}", hint=hint
        )

    def _why(self, name: str) -> str:
        """Why nobody can know a value that is said."""
        found = self._said(self._table[name]) if name in self._table else None
        value = found.value if found else None
        if name == "world_size":
            value = next((source.launch.world for source in self.sources if source.launch.world), None)
        return value.why if isinstance(value, Unknown) else ""

    def _way(self, name: str) -> str:
        """The option that gives a value: lrviz's own, or ``--given``."""
        key = self._table[name].key if name in self._table else name
        if key in KEYS and KEYS[key].option:
            return f"<{key}=N>"
        found = self._said(self._table[name]) if name in self._table else None
        if found and isinstance(found.value, Unknown) and found.value.names:
            return " ".join(f"--given {one}=VALUE" for one in found.value.names)
        return f"--given {name}=VALUE"

    def _is_used(self, name: str) -> bool:
        return any(name == one or name.startswith(f"{one}.") for one in self._looked_at)


def _asked(name: str) -> str:
    return _MEANINGS.get(name, name)


_MEANINGS = {
    "dataset_len": "how many rows it trains on (dataset_len)",
    "world_size": "how many processes run (world_size)",
    "batches_per_epoch": "how many batches a process has in an epoch (batches_per_epoch)",
}


def _find(source: Source, name: str) -> Given | None:
    """A setting of a source, by its name as a whole or by its path through tables."""
    flat = name.replace("-", "_") if source.language == "command" else name
    for path in ((flat,), tuple(flat.split("."))):
        value = _at(source.data, path)
        if value is not None:
            place = source.place(path)
            return Given(resolved(value, source.data), Origin("file", "", place))
    return None


def _at(data: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        is_item = isinstance(data, (list, tuple)) and isinstance(key, int) and -len(data) <= key < len(data)
        if not is_item and not (isinstance(data, dict) and key in data):
            return None
        data = data[key]
    return data


def _leaves(data: Any, path: str = "") -> Iterable[str]:
    """The paths of all values, ``optimizer.lr``; a list counts as one."""
    for key, value in data.items() if isinstance(data, dict) else ():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict) and value:
            yield from _leaves(value, name)
        else:
            yield name


def _example(setting: Setting) -> str:
    return f"give --given {setting.name}={'VALUE' if setting.default is None else setting.default}"


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in _DIGITS.findall(text))
