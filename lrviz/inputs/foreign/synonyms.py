"""What others call the keys of lrviz: by the tables of trainers, and the roles of schedules' parameters."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from lrviz.catalogue.registry import catalogue
from lrviz.inputs.foreign.known_trainers import all_trainers
from lrviz.resolve.keys import KEYS, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def key_called(name: str) -> str:
    """Lrviz's key for what somebody calls ``learning_rate`` or ``--train-iters``; nothing where none is."""
    return _keys().get(_plain(name), "")


def schedule_called(name: str) -> str:
    """How to write here what trainers call ``WarmupMultiStepLR``; nothing where none does."""
    found: dict[str, list[str]] = {}
    for trainer in all_trainers():
        for own, here in trainer.schedules.items():
            if _plain(own) == _plain(name):
                found.setdefault(here, []).append(trainer.name)
    return "; ".join(f"{', '.join(names)}: write {here}" for here, names in found.items())


@cache
def _keys() -> dict[str, str]:
    """The key that most have who use a name, which no key of lrviz has; trainers before schedules."""
    found: dict[str, str] = {}
    for named in (_settings(), _params()):
        counts = Counter((_plain(name), key) for name, key in named if key)
        for (name, key), _ in counts.most_common():
            if name not in KEYS:
                found.setdefault(name, key)
    return found


def _settings() -> Iterator[tuple[str, str]]:
    for trainer in all_trainers():
        for setting in trainer.settings:
            for name in setting.names:
                yield from ((one, setting.key) for one in dict.fromkeys((name, name.rpartition(".")[2])))


def _params() -> Iterator[tuple[str, str]]:
    for entry in catalogue().values():
        yield from ((param.name, key_of(param.role)) for param in entry.params.values())


def _plain(name: str) -> str:
    return name.lstrip("-").replace("-", "_").lower()
