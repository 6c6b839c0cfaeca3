"""Keys that nobody looks at and that were meant for a setting that nobody says: ``lerning_rate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.synonyms import key_called
from lrviz.notation.nearest import nearest
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.settings import Settings

_CUTOFF = 0.9


def misspelt(run: Settings) -> Iterator[tuple[str, str]]:
    """Each such key, and the setting of the same table that is like it, in letters or in meaning."""
    left = [one for one in run.trainer.settings if run.lookup.peek(one) is None]
    own = {name.replace("-", "_") for one in run.trainer.settings for name in one.names}
    for key in run.lookup.unused():
        if (flat := key.replace("-", "_")) in own:
            continue
        table, _, word = flat.rpartition(".")
        beside = {name: one for one in left for name in one.names if name.rpartition(".")[0] == table}
        near = nearest(word, {_last(name): 0 for name in beside}, cutoff=_CUTOFF)
        found = next((name for name in beside if _last(name) == near), "") or _meant(word, beside)
        if found:
            yield key, found


def _meant(word: str, beside: dict[str, Setting]) -> str:
    """The setting that means what others call so."""
    key = word if word in KEYS else key_called(word)
    return next((name for name, one in beside.items() if key and one.key == key), "")


def _last(name: str) -> str:
    return name.rpartition(".")[2].replace("-", "_")
