"""One thing that is wrong with a config, and how it is worded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lrviz.inputs.config.tables import TABLES
from lrviz.inputs.foreign.synonyms import key_called
from lrviz.notation.nearest import nearest
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.catalogue.registry import Entry
    from lrviz.inputs.config.lines import KeyPath


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where, what, and the way out, with keys as ``<lr=1e-3>``."""

    path: KeyPath
    text: str
    hint: str


def unknown(path: KeyPath, known: Iterable[str], entry: Entry | None = None) -> Fault:
    """A key that does not stand there: where it belongs, or what it was meant to be."""
    key = str(path[-1])
    home = next((table for table, keys in TABLES.items() if key in keys), "")
    if home:
        return Fault(path, f"belongs in [{home}]", f"move it into <{home}>")
    listed = f"lrviz info {entry.id} names its parameters" if entry else f"it has {', '.join(known)}"
    known = list(known)
    called = key_called(key)
    if called in known and not _says(entry, nearest(key, known), called):
        return Fault(path, "unknown key", f"did you mean <{called}={KEYS[called].example}>?")
    return Fault(path, "unknown key", meant(key, known) or listed)


def _says(entry: Entry | None, name: str, key: str) -> bool:
    """Whether a schedule's parameter says what a key of the run does."""
    return entry is not None and name in entry.params and entry.params[name].role in KEYS[key].roles


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that is meant, as a hint; nothing where none is near."""
    near = nearest(word, known)
    return f"did you mean {near}?" if near else ""


def wrong(path: KeyPath, kind: str, raw: Any, hint: str) -> Fault:
    """A value of another kind."""
    return Fault(path, f"expected {kind}, got {shown(raw)}", hint)


def shown(raw: Any) -> str:
    """A value as the config has it, cut where it is long."""
    if isinstance(raw, bool) or raw is None:
        return {True: "true", False: "false", None: "nothing"}[raw]
    if isinstance(raw, dict):
        return "a table"
    text = repr(raw) if isinstance(raw, (str, int, float, list)) else str(raw)
    return text if len(text) <= 40 else f"{text[:39]}…"
