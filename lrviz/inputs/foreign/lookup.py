"""Who says a setting: an option of lrviz, ``--given``, or the first source that does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import PlanError
from lrviz.inputs.foreign.environment import Environment
from lrviz.inputs.foreign.interpolate import filled_by_hand, resolved
from lrviz.inputs.foreign.key_paths import leaves, value_at
from lrviz.inputs.foreign.setting import Raw, literal, numbers, texts
from lrviz.inputs.foreign.source import DEFAULTS
from lrviz.inputs.foreign.unknown import Imported, Unknown, unknown_within
from lrviz.notation.origin import Given, Origin
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.left_open import LeftOpen
    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.origin import Place

_SCRIPTS = (".py", ".ipynb")
ONE_PROCESS = Given(1, Origin("derived", "no launcher"))


class Lookup:
    """What is said beside and in the sources, and what of it somebody has looked at.

    ``flags`` are lrviz's own options, by key, and ``extra`` the values of ``--given``, by the trainer's
    names or those that a source leaves open; ``sources`` are looked at in their order: the command, then
    its file, which may read the ``environment`` of the command. ``table`` are the settings of its trainer,
    ``interpolates`` tells whether its program puts what is meant in the place of a file's ``${…}``.
    ``written`` are the sources but the defaults of a script, and ``own_options`` the names of those.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        flags: Mapping[str, Given],
        extra: LeftOpen,
        *,
        table: Iterable[Setting] = (),
        interpolates: bool = True,
    ) -> None:
        self.interpolates = interpolates
        self.sources = tuple(sources)
        self.written = [one for one in self.sources if one.language != DEFAULTS]
        self.own_options = {key for one in self.sources if one.language == DEFAULTS for key in one.data}
        self.flags = flags
        self.extra = extra
        self._keys = {one.key for one in table}
        self._names = {name for one in table for name in one.names}
        known = {name: one.value for name, one in self.sources[0].launch.env.items()}
        self.environment = Environment(extra, known)
        self.consumed: set[str] = set()
        self._looked_at: set[str] = set()

    def of(self, setting: Setting) -> Given | None:
        """Who says a setting; its value may be None, or Unknown.

        Raises:
            PlanError: two options say it, and not the same.

        """
        self._looked_at.update(setting.names)
        self._refuse_two(setting)
        self.consumed.update(name for name in self._options_of(setting) if name in self.flags)
        return self.peek(setting)

    def _refuse_two(self, setting: Setting) -> None:
        """Refuse ``--steps 9 --max-steps 8`` and ``--epochs 3 --given num_train_epochs=4``."""
        options, given = self.sayers(setting)
        said = {f"--{name.replace('_', '-')}": str(self.flags[name].value) for name in options}
        said |= {f"--given {name}": self.extra[name] for name in given}
        if len({*said.values()}) > 1:
            texts = [f"{name}{'=' if ' ' in name else ' '}{value}" for name, value in said.items()]
            raise PlanError(f"{listed(texts)} are both {setting.name}", hint="leave one of the two out")

    def sayers(self, setting: Setting) -> tuple[list[str], list[str]]:
        """The options of lrviz that say it, and the names by which ``--given`` does."""
        options = [name for name in self._options_of(setting) if name in self.flags]
        return options, [name for name in self._given_as(setting) if name in set(self.extra)]

    def peek(self, setting: Setting) -> Given | None:
        """Who says a setting, without a note that it counts."""
        names = self._given_as(setting)
        flag = next((self.flags[name] for name in self._options_of(setting) if name in self.flags), None)
        extra = self._extra(*names)
        if flag:
            return flag
        found, source = self._said_first(setting)
        return (
            found if extra is None or (found and source and self._computes(found, source, names)) else extra
        )

    def _said_first(self, setting: Setting) -> tuple[Given | None, Source | None]:
        """What the first source says that has the setting, and that source."""
        every = ((self._find(source, name), source) for source in self.sources for name in setting.names)
        return next(((_open_in(setting, one), of) for one, of in every if one is not None), (None, None))

    def _options_of(self, setting: Setting) -> list[str]:
        """The options of lrviz that say it: that of its key, and of names that are no other setting's key."""
        own = [name for name in setting.names[::-1] if name == setting.key or name not in self._keys]
        return [*dict.fromkeys((setting.key, *own))]

    def _given_as(self, setting: Setting) -> list[str]:
        """The names by which ``--given`` says it: its key where no other setting is called so, its own."""
        key = [] if setting.key in self._names else [setting.key]
        return [*dict.fromkeys((*key, *setting.names))]

    def _computes(self, found: Given, source: Source, names: Iterable[str]) -> bool:
        """Whether a script has what is given by one of the names as its variable, and makes this of it.

        The default of an option is made of nothing.
        """
        name = next(name for name in names if name in set(self.extra))
        place, value = found.origin.place, found.value
        is_of_script = place is not None and place.file.endswith(_SCRIPTS) and source.language != DEFAULTS
        is_made = not isinstance(value, Unknown) or bool(value.is_computed and value.names)
        return is_of_script and is_made and name in self.extra.taken

    def beside(self, name: str) -> Given | None:
        """Who says what no source has: an option of lrviz, or ``--given``."""
        if name in self.flags:
            self.consumed.add(name)
        return self.flags.get(name) or self._extra(name)

    def at(self, path: KeyPath) -> Any:
        """What stands at a path of the first source that has it; a list is that of one source as a whole."""
        whole = next((i for i, key in enumerate(path) if isinstance(key, int)), len(path))
        for source in self.sources:
            value = value_at(source.data, path)
            if value is not None:
                self._looked_at.add(".".join(map(str, path)))
                return self._with_given(self._resolved(value))
            if whole < len(path) and isinstance(value_at(source.data, path[:whole]), (list, tuple)):
                return None
        return None

    def place(self, path: KeyPath) -> Place:
        """Where a path stands: in the first source that has it."""
        has = (source for source in self.sources if value_at(source.data, path) is not None)
        return next(has, self.sources[0]).place(path)

    @property
    def world(self) -> Given | Unknown | None:
        """The processes that the command starts: one without a launcher; None where there is no command."""
        first = self.sources[0]
        return first.launch.world or (ONE_PROCESS if first.language == "command" else None)

    def source_of(self, given: Given) -> Source | None:
        """The source that says it."""
        place = given.origin.place
        return next((one for one in self.sources if place and one.name == place.file), None)

    def unused(self) -> tuple[str, ...]:
        """Keys of the sources that nobody looked at."""
        return tuple(dict.fromkeys(name for source in self.written for name in self.unused_of(source)))

    def unused_of(self, source: Source) -> Iterator[str]:
        """Those of one of them."""
        used = self._used(source)
        for name, flat in self._flat_leaves(source):
            if not any(flat == one or flat.startswith(f"{one}.") for one in used):
                yield name

    def unread_of(self, source: Source) -> Iterator[str]:
        """Those, and what stands in a table that is looked at as a whole."""
        used = self._used(source)
        return (name for name, flat in self._flat_leaves(source) if flat not in used)

    def _used(self, source: Source) -> set[str]:
        is_command = source.language == "command"
        return {name.replace("-", "_") if is_command else name for name in self._looked_at}

    @staticmethod
    def _flat_leaves(source: Source) -> Iterator[tuple[str, str]]:
        """The keys of a source, each as it is written and as it is looked at."""
        is_command = source.language == "command"
        return ((name, name.replace("-", "_") if is_command else name) for name in leaves(source.data))

    def _extra(self, *names: str) -> Given | None:
        """What ``--given`` says, by the first of these names that it has; ``null`` is nothing said."""
        found = [(name, text) for name in names if (text := self.extra.get(name)) is not None]
        if not found:
            return None
        name, text = found[0]
        return Given(None if text == "null" else text, Origin("option", f"--given {name}"))

    def _resolved(self, value: Any) -> Any:
        """A value, at any depth, with what it refers to in its place, where the program does that."""
        if isinstance(value, dict):
            return {key: self._resolved(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self._resolved, value))
        if self.interpolates:
            return resolved(value, self._stands, self.environment)
        return filled_by_hand(value, self.environment)

    def _with_given(self, value: object) -> Any:
        """A value with what ``--given`` says in the place of what is unknown in it."""
        if isinstance(value, dict):
            return {key: self._with_given(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self._with_given, value))
        if not isinstance(value, Unknown) or isinstance(value, Imported):
            return value
        given = None if value.is_computed else self._extra(*value.names)
        return literal(Raw(given.value)) if given else self._left(value)

    def _left(self, value: Unknown) -> Unknown:
        """What is computed of several names, with those alone that are not given."""
        names = tuple(name for name in value.names if name not in set(self.extra))
        return replace(value, names=names) if value.is_computed else value

    def _stands(self, name: str) -> Any:
        """What the first source that has a name says, which another value refers to."""
        self._looked_at.add(name)
        found = (value for source in self.sources for _, value in self._said(source, name))
        return next(found, None)

    @staticmethod
    def _said(source: Source, name: str) -> Iterator[tuple[KeyPath, Any]]:
        """What a source has by a name as a whole, and by its path through tables."""
        flat = name.replace("-", "_") if source.language in ("command", DEFAULTS) else name
        for path in dict.fromkeys(((flat,), tuple(flat.split(".")))):
            value = value_at(source.data, path)
            if value is not None:
                yield path, value

    def _find(self, source: Source, name: str) -> Given | None:
        """A setting of a source."""
        for path, value in self._said(source, name):
            found = self._resolved(value)
            is_it = isinstance(found, Unknown) and not found.is_computed
            extra = self._extra(*found.names) if is_it else None
            return extra or Given(self._with_given(found), Origin("file", "", source.place(path)))
        return None


def _open_in(setting: Setting, found: Given) -> Given:
    """A list of numbers or words of which nobody knows one, as a whole."""
    one = next(unknown_within(found.value), None) if setting.kind in (numbers, texts) else None
    return found if one is None else Given(one, found.origin)
