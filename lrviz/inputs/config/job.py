"""A config file → ``Job``: schedules with what lies under the command line's flags, and the output.

A config says what words and flags say, in TOML, JSON or YAML: flat keys for one schedule, or ``[plan]``,
``[defaults]``, a ``[[schedule]]`` for each, ``[sweep]`` and ``[output]``. Nothing is assumed.
"""

from __future__ import annotations

import re
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
from lrviz.inputs.files import LIMIT, PACKED, note_read, read_file, read_stdin, reason
from lrviz.inputs.own.own_names import with_own_names
from lrviz.inputs.words import GIT, READABLE, STDIN, STDIN_NAME, file_and_curve
from lrviz.notation.nearest import nearest
from lrviz.notation.origin import Origin, Place, Source
from lrviz.notation.shell import shell_word
from lrviz.notation.spec import FILE_KEYS, Call, Params, Spec, Value
from lrviz.resolve.keys import roles_of
from lrviz.resolve.precedence import merge_values
from lrviz.resolve.spec_keys import split_keys
from lrviz.view.view_keys import VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.errors import Style
    from lrviz.notation.expectation import Expectation

ENDINGS = f"{', '.join(READABLE[:-1])} and {READABLE[-1]}"
"""Of files that lrviz reads, as a sentence has them."""


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
        beaten = {param.name for key in flags for param in entry.of_roles(roles_of(key))}
        kept = (item for item in self.spec.params if item[0] not in beaten)
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


def read_path(path: Path, limit: int = LIMIT) -> bytes:
    """The bytes of a file that is named where a config may stand.

    Raises:
        ConfigError: it cannot be read, or is compressed.

    """
    try:
        return _unpacked(read_file(path, limit), str(path))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file", hint=_near_file(path)) from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: a folder, not a config", hint=_file_in(path)) from None
    except OSError as error:
        raise ConfigError(f"{path}: {reason(error)}", hint="name another file") from None


def read_stdin_bytes() -> bytes:
    """The bytes of stdin.

    Raises:
        ConfigError: it cannot be read, or is compressed.

    """
    try:
        return _unpacked(read_stdin(), STDIN)
    except OSError as error:
        raise ConfigError(f"stdin is {reason(error)}", hint="lrviz show - < run.toml") from None


def _unpacked(raw: bytes, name: str) -> bytes:
    """The bytes, unless they are those of a compressed file.

    Raises:
        ConfigError: they are.

    """
    for magic, unpack in PACKED.items():
        if raw.startswith(magic):
            text = f"{STDIN_NAME if name == STDIN else name}: compressed, as {unpack.split()[0]} reads it"
            raise ConfigError(text, hint=f"{unpack} {shell_word(name)} | lrviz show -")
    return raw


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
    data, folder = text.data, path.parent if path else Path()
    defaults = _params({**data.get("plan", {}), **data.get("defaults", {})}, folder)
    shared = {
        key: origin
        for name in ("plan", "defaults")
        for key, origin in _origins(text, (name,), data.get(name, {}), name, f"[{name}]").items()
    }
    listed: list[tuple[KeyPath, Any]] = [((), flat_keys(data))]
    if not is_flat(data):
        listed = [(("schedule", i), table) for i, table in enumerate(data["schedule"])]
    entries = []
    choices = enumerate(combinations(data.get(SWEEP, {})))
    for (keys, table), (number, swept) in product(listed, choices):
        values = {key: value for key, (_, value) in swept.items()}
        spec = Spec(named(table)["name"], _params({**table, **values}, folder))
        line = text.line((*keys, "name" if "name" in table else "phase"))
        origins = {**shared, **_origins(text, keys, table, "file"), **_origins_of_swept(text, swept)}
        entries.append(JobEntry(spec, defaults, Place(text.name, line), origins, text.style, number))
    output = data.get("output", {})
    files = output.get("file") or []
    return Job(
        tuple(entries),
        tuple([files] if isinstance(files, str) else files),
        tuple((key, value_of(key, raw)) for key, raw in output.items() if key in VIEW),
        path,
        tuple(expectations_in(text, folder)),
    )


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


def _params(table: Mapping[str, Any], folder: Path) -> Params:
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


def _near_file(path: Path) -> str:
    """The file in that folder with the name most like it, or the one at a revision."""
    if re.fullmatch(r"[^:\\/]{2,}:[^:]+", str(path)) and path.suffix.lower() in READABLE:
        return f"{GIT}{path} is that file at a revision"
    names = {Path(name).stem: name for name in _readable(path.parent, path.suffix)}
    close = nearest(path.stem, names)
    return (
        f"did you mean {path.with_name(names[close])}?"
        if close
        else "name it as seen from the folder you are in"
    )


def _file_in(folder: Path) -> str:
    files = _readable(folder)
    return f"name a file: {folder / files[0]}" if files else f"name a file: lrviz reads {ENDINGS}"


def _readable(folder: Path, *more: str) -> list[str]:
    """The files in a folder that end in what lrviz reads, or in one of ``more``."""
    try:
        return sorted(file.name for file in folder.iterdir() if file.suffix.lower() in (*READABLE, *more))
    except OSError:
        return []
