"""One thing that is wrong with a config, and how it is worded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.config.lines import MOST_FAULTS, first_of
from lrviz.inputs.config.tables import LISTED, SWEEP, TABLES
from lrviz.inputs.foreign.synonyms import key_meant, said_already, synonym_of
from lrviz.notation.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.inputs.config.lines import KeyPath


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where, what, and the way out, with keys as ``<lr=1e-3>``."""

    path: KeyPath
    text: str
    hint: str


def unknown(
    path: KeyPath,
    known: Iterable[str],
    raw: object = None,
    entry: Entry | None = None,
    *,
    beside: Collection[str] = (),
) -> Fault:
    """A key, and its value, that does not stand there: where it belongs, or what it was meant to be.

    That is none that says what one ``beside`` it does.
    """
    key = str(path[-1])
    home = next((table for table, keys in TABLES.items() if key in keys), "")
    if path[1:] and key in (SWEEP, *LISTED, *TABLES):
        return Fault(path, "no key of a table", f"<{key}> stands beside it, in the file")
    if home:
        return Fault(path, f"belongs in [{home}]", f"move it into <{home}>")
    listed = f"lrviz info {entry.id} names its parameters" if entry else f"it has {', '.join(known)}"
    known = list(known)
    begun = [one for one in known if entry and one in entry.params and one.startswith(key)]
    hints = (
        _key_meant(key, known, raw, entry, beside),
        said_already(key, filter(None, [nearest(key, begun or known)]), beside, entry),
        meant(key, begun or known),
    )
    return Fault(path, "unknown key", next(filter(None, hints), listed))


def _key_meant(
    key: str, known: Collection[str], raw: object, entry: Entry | None, beside: Collection[str]
) -> str:
    """What lrviz calls a key that others have, where it may stand there."""
    found = synonym_of(key)
    value = raw if isinstance(raw, (int, float, str)) else None
    if found is None or found.key not in known:
        return ""
    if entry:
        return key_meant(entry, key, value, beside)
    return said_already(key, [found.key], beside, None) or f"did you mean {found.hint(value)}?"


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that is meant, as a hint; nothing where none is near."""
    near = nearest(word, known)
    return f"did you mean {near}?" if near else ""


def wrong(path: KeyPath, kind: str, raw: object, hint: str) -> Fault:
    """A value of another kind."""
    return Fault(path, f"expected {kind}, got {shown(raw)}", hint)


def shown(raw: object) -> str:
    """A value as the config has it, cut where it is long."""
    if isinstance(raw, bool) or raw is None:
        return {True: "true", False: "false", None: "nothing"}[raw]
    if isinstance(raw, dict):
        return "a table"
    text = repr(raw) if isinstance(raw, (str, int, float, list)) else str(raw)
    return text if len(text) <= 40 else f"{text[:39]}…"


def all_of(name: str, found: Sequence[tuple[int, str, str]]) -> ConfigError:
    """The refusal of a config with several faults: each with its line, its text and its hint."""
    once: dict[tuple[int, str], str] = {}
    for line, text, hint in found:
        once.setdefault((line, text), hint)  # values of a sweep have the same fault
    texts = first_of(name, [text for _, text in once])
    return ConfigError(*texts, hint=_hints([(line, hint) for (line, _), hint in once.items()][:MOST_FAULTS]))


def _hints(found: list[tuple[int, str]]) -> str:
    """The hints, each once, with the lines it is for where there are several."""
    lines: dict[str, dict[str, None]] = {}
    for line, hint in found:
        lines.setdefault(hint, {})[str(line)] = None
    if len(lines) == 1:
        return next(iter(lines))
    return "; ".join(f"line {', '.join(at)}: {hint}" for hint, at in lines.items())
