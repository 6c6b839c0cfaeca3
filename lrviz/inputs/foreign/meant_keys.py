"""Which setting was likely meant by a key that a trainer does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.key_paths import value_at
from lrviz.inputs.foreign.listed_keys import is_attribute, names_of
from lrviz.inputs.foreign.shared.transformers_version import LAST
from lrviz.inputs.foreign.source import DEFAULTS
from lrviz.inputs.foreign.synonyms import key_called
from lrviz.notation.nearest import SLIP, nearest
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

_SHORT, _SHORT_CUTOFF = 3, 0.8
"""``lrr`` is a slip of ``lr``; ``lr2`` may be a key."""
_WORD_CUTOFF = 0.75
_TABLE_CUTOFF = 0.88
_LEAST_BEGINNING = 8
"""Letters from which a beginning is hardly another word: ``gradient_accumulation``."""


def meant_by(run: Settings, key: str, layer: Source) -> tuple[str, Setting | None]:
    """The setting that nobody says and that is like it: in letters, in meaning, or but for a table's name."""
    left = [one for one in run.trainer.settings if not _is_said(run, one, key, layer)]
    names = {name: one for one in left for name in one.names if name in names_of(run)[0]}
    *tables, word = parts = tuple(key.replace("-", "_").split("."))
    beside = {name: one for name, one in names.items() if name.split(".")[:-1] == tables}
    found = spelt_like(word, beside) or _called(word, beside)
    for at in reversed(range(len(tables))):
        alike = {
            name: name.split(".")[at] for name in names if _differs_at(at, parts, tuple(name.split(".")))
        }
        words = {table.lower(): name for name, table in alike.items()}
        found = found or words.get(nearest(parts[at].lower(), words, cutoff=_TABLE_CUTOFF), "")
    meant = names.get(found)
    if meant is not None and found in LAST:
        found = meant.name  # the name that took the place of one that is long gone
    return found or _like_in_files(run, parts, layer), meant


def _like_in_files(run: Settings, parts: tuple[str, ...], command: Source) -> str:
    """The key that a file beneath a command has in the same table, and that is like one which none has."""
    if command.language != "command":
        return ""
    *tables, word = parts
    files = [value_at(one.data, tuple(tables)) if tables else one.data for one in run.sources[1:]]
    beside = {
        str(key): ".".join((*tables, str(key))) for one in files if isinstance(one, dict) for key in one
    }
    return "" if word in beside else beside.get(nearest(word, beside, cutoff=SLIP), "")


def _differs_at(at: int, parts: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether a name is the same path but for one part, or holds all behind that as its value."""
    return name[:at] == parts[:at] and len(name) > at and name[at + 1 :] in ((), parts[at + 1 :])


def _is_said(run: Settings, setting: Setting, key: str, layer: Source) -> bool:
    """Whether anybody says a setting, but a file that the key's own command or file lies over."""
    said = run.lookup.peek(setting)
    if is_attribute(key, layer) and not any(name in layer.python.calls[0].changed for name in setting.names):
        return False  # what the call itself says, a later line may replace
    if said is None or said.origin.place is None:
        return said is not None
    if layer.language == "command":
        return said.origin.place.file in {
            one.name for one in run.sources if one.language in ("command", DEFAULTS)
        }
    over = run.sources[: run.sources.index(layer) + 1]
    beneath = [one.name for one in run.sources if one not in over and one.language != layer.language]
    is_of_base = said.origin.place.file not in [*(one.name for one in over), *beneath]
    return not (is_of_base and layer.place(tuple(key.split("."))).file == layer.name)


def spelt_like(word: str, beside: Iterable[str]) -> str:
    """The one that is like it, in letters of any case, else the first that begins so."""
    last = {name.rpartition(".")[2].replace("-", "_").lower(): name for name in reversed([*beside])}
    is_short = len(word) == _SHORT and word.isalpha()
    near = nearest(word.lower(), last, cutoff=_SHORT_CUTOFF if is_short else SLIP)
    begun = [one for one in reversed(last) if len(word) >= _LEAST_BEGINNING and one.startswith(word)]
    return last.get(near) or last.get(next(iter(begun), ""), "")


def _called(word: str, beside: Mapping[str, Setting]) -> str:
    """The one that means what others call so."""
    key = word if word in KEYS else key_called(word)
    return next((name for name, one in beside.items() if key and one.key == key), "")


def nearest_known(key: str, known: frozenset[str]) -> str:
    """The key of the same table that is like it, of all keys where nobody has such a table."""
    table, _, word = key.rpartition(".")
    beside = {one.rpartition(".")[2]: one for one in known if one.rpartition(".")[0] == table}
    if not beside:
        return nearest(key, known, cutoff=SLIP)
    return beside.get(nearest(word, beside, cutoff=_WORD_CUTOFF), "")
