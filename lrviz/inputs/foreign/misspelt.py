"""Keys that nobody looks at and that were meant for a setting that nobody says: ``lerning_rate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.synonyms import key_called
from lrviz.notation.nearest import nearest
from lrviz.notation.rendering import shown
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.settings import Settings

_CUTOFF = 0.9


def report_misspelt(run: Settings) -> None:
    """Say of each such key what it is like; the parser of a command stops at it.

    Raises:
        ConfigError: a command has one, and the setting's default counts in this run.

    """
    for key, name, setting in _misspelt(run):
        text = f"{key} is no setting of {run.title}: did you mean {name}?"
        place, default = run.source.places.get((key,)), run.seen.get(setting.name)
        is_command = run.source.language == "command"
        if is_command and default and place and place.file == run.source.name:
            dashes = place.key[: len(place.key) - len(place.key.lstrip("-"))]
            said = f"--given {name}={shown(default.value)}"
            hint = f"write {dashes}{name}, or give {said} where {key} is the script's own"
            raise ConfigError(f"{place._replace(key='')}: {text}", hint=hint)
        run.warn("misspelt-key", text)


def _misspelt(run: Settings) -> Iterator[tuple[str, str, Setting]]:
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
            yield key, found, beside[found]


def _meant(word: str, beside: dict[str, Setting]) -> str:
    """The setting that means what others call so."""
    key = word if word in KEYS else key_called(word)
    return next((name for name, one in beside.items() if key and one.key == key), "")


def _last(name: str) -> str:
    return name.rpartition(".")[2].replace("-", "_")
