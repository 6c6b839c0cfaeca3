"""A config file → ``Job``: schedules with what lies under the command line's flags, and the output.

A config says what words and flags say, in TOML, JSON or YAML: flat keys for one schedule, or ``[plan]``,
``[defaults]``, a ``[[schedule]]`` for each, ``[sweep]`` and ``[output]``. Nothing is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import find
from lrviz.errors import ConfigError
from lrviz.inputs.config.check import check
from lrviz.inputs.config.document import Text, read_text
from lrviz.inputs.config.expectations import expectations_in
from lrviz.inputs.config.lines import KeyPath, path_text
from lrviz.inputs.config.sweep import combinations
from lrviz.inputs.config.tables import SWEEP, flat_keys, is_flat, named, value_of
from lrviz.inputs.file_bytes import read_path
from lrviz.inputs.files import note_read
from lrviz.inputs.own.own_names import with_own_names
from lrviz.inputs.words import file_and_curve
from lrviz.notation.origin import Origin, Place, Source
from lrviz.notation.spec import FILE_KEYS, Call, Params, Spec, Value
from lrviz.resolve.keys import roles_of
from lrviz.resolve.precedence import merge_values
from lrviz.resolve.spec_keys import split_keys
from lrviz.view.view_keys import VIEW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.errors import Style
    from lrviz.notation.expectation import Expectation


@dataclass(frozen=True)
class JobEntry:
    """One schedule of a config; ``defaults`` lie under its own keys, ``origins`` are those of both.

    ``style`` is how the config's language writes keys, ``combination`` which one of ``[sweep]`` it runs with.
    """

    spec: Spec
    defaults: Params
    place: Place
    origins: Mapping[str, Origin]
    style: Style
    combination: int = 0

    def under(
        self, flags: Mapping[str, Value], origins: Mapping[str, Origin] | None = None
    ) -> tuple[Spec, dict[str, Value], dict[str, Origin]]:
        """The spec, the values beside it and all their origins, ``flags`` laid over what the config says."""
        entry = find(self.spec.name)
        _, of_run = split_keys(entry, self.spec)
        values = merge_values(merge_values(dict(self.defaults), of_run), flags)
        # What the flags leave of the run's keys stays in the spec: labels are made of it.
        left = {key for key in of_run if key in values and key not in flags}
        overridden = {param.name for key in flags for param in entry.of_roles(roles_of(key))}
        kept = (item for item in self.spec.params if item[0] not in overridden)
        params = tuple((key, value) for key, value in kept if key in left or key not in of_run)
        beside = {key: value for key, value in values.items() if key not in left}
        own = {key: origin for key, origin in self.origins.items() if key not in flags}
        return Spec(self.spec.name, params), beside, {**own, **(origins or {})}


@dataclass(frozen=True)
class Job:
    """What a config asks for, and expects; ``output`` are files relative to the current folder.

    ``view`` is what it says of how they show the curves, by key. ``trunks`` are what branches among its
    entries leave, where that is not asked for itself.
    """

    entries: tuple[JobEntry, ...]
    output: tuple[str, ...] = ()
    view: Params = ()
    path: Path | None = None
    expectations: tuple[Expectation, ...] = ()
    trunks: tuple[JobEntry, ...] = ()

    @property
    def title(self) -> str | None:
        """The headline of its pictures, if it says one."""
        title = dict(self.view).get("title")
        return None if title is None else str(title)

    @property
    def schedules(self) -> tuple[JobEntry, ...]:
        """All that have to be resolved."""
        return (*self.entries, *self.trunks)


def load(path: str | Path) -> Job:
    """Read a config file: TOML, JSON or, with the extra ``lrviz[yaml]``, YAML.

    Raises:
        ConfigError: the file cannot be read, or what it says is wrong: every fault at once.

    """
    path = Path(path)
    return loads(read_path(path), str(path), path)


def loads(raw: bytes, name: str, path: Path | None = None) -> Job:
    """Read a config's bytes; ``name`` stands in errors, files named in it lie beside ``path``.

    Raises:
        ConfigError: every fault at once.

    """
    try:
        text = read_text(raw, name, path.suffix if path else "")
        text = with_own_names(text, path.parent if path else Path())
        check(text)
        return _job(text, path)
    except RecursionError:
        raise ConfigError(f"{name}: brackets nested too deeply", hint="nest less deeply") from None


def _job(text: Text, path: Path | None) -> Job:
    folder = path.parent if path else Path()
    output = text.data.get("output", {})
    files = output.get("file") or []
    return Job(
        tuple(_entries(text, folder)),
        tuple([files] if isinstance(files, str) else files),
        tuple((key, value_of(key, raw)) for key, raw in output.items() if key in VIEW),
        path,
        tuple(expectations_in(text, folder)),
    )


def _entries(text: Text, folder: Path) -> Iterator[JobEntry]:
    """Each schedule with each combination of what is swept."""
    data = text.data
    defaults = _params({**data.get("plan", {}), **data.get("defaults", {})}, folder)
    shared = {
        key: origin
        for name in ("plan", "defaults")
        for key, origin in _origins(text, (name,), data.get(name, {}), name, f"[{name}]").items()
    }
    listed: list[tuple[KeyPath, Any]] = [((), flat_keys(data))]
    if not is_flat(data):
        listed = [(("schedule", i), table) for i, table in enumerate(data["schedule"])]
    choices = enumerate(combinations(data.get(SWEEP, {})))
    for (keys, table), (number, swept) in product(listed, choices):
        values = {key: value for key, (_, value) in swept.items()}
        spec = Spec(named(table)["name"], _params({**table, **values}, folder))
        line = text.line((*keys, "name" if "name" in table else "phase"))
        origins = {**shared, **_origins(text, keys, table, "file"), **_origins_of_swept(text, swept)}
        yield JobEntry(spec, defaults, Place(text.name, line), origins, text.style, number)


def _origins(
    text: Text, path: KeyPath, table: Mapping[str, Any], source: Source, who: str = ""
) -> dict[str, Origin]:
    """Where each key of a table stands; those of its phases too."""
    phases = table["phase"] if isinstance(table.get("phase"), list) else ()
    inner = [("phase", i, key) for i, phase in enumerate(phases) if isinstance(phase, dict) for key in phase]
    ways: list[KeyPath] = [*((key,) for key in table), *inner]
    return {path_text(way): Origin(source, who, text.place((*path, *way))) for way in ways}


def _origins_of_swept(text: Text, swept: Mapping[str, tuple[int, Any]]) -> dict[str, Origin]:
    """Where in the lists of ``[sweep]`` each key has its value."""
    return {key: Origin("file", "[sweep]", text.place((SWEEP, key, i))) for key, (i, _) in swept.items()}


def _params(table: Mapping[str, object], folder: Path) -> Params:
    return tuple(
        (key, _beside(folder, key, value_of(key, raw))) for key, raw in table.items() if key != "name"
    )


def _beside(folder: Path, key: str, value: Value) -> Value:
    """The value, in which names of files are as seen from the config's folder."""
    if isinstance(value, tuple):
        return tuple(_beside(folder, key, one) for one in value)
    if isinstance(value, Call):
        return Call(value.name, tuple((name, _beside(folder, name, one)) for name, one in value.params))
    if key not in FILE_KEYS or not isinstance(value, str):
        return value
    note_read(Path(file_and_curve(str(folder / value))[0]))
    return str(folder / value)
