"""What a TAB offers: names of schedules, frameworks and trainers, and the words a metavar lists."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from textwrap import shorten
from typing import Any

HELP = 70
"""Characters of a summary beside a name, in shells that show one."""


def completed(command: Callable[..., None]) -> Callable[..., None]:
    """Give each parameter of a command its completion, by its name or by a metavar like ``text|json``."""
    for name, parameter in inspect.signature(command, eval_str=True).parameters.items():
        # Typer would evaluate an annotation that is text anew, without what is set here.
        command.__annotations__[name] = parameter.annotation
        (info,) = parameter.annotation.__metadata__
        if name in _BY_NAME:
            info.autocompletion = _BY_NAME[name]
        elif "|" in (info.metavar or "") and not info.metavar.endswith("..."):
            info.autocompletion = _words(info.metavar.split("|"))
    return command


def _words(words: Iterable[str]) -> Callable[[str], list[str]]:
    def offered(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return offered


def _schedules(incomplete: str) -> Iterator[tuple[str, str]]:
    """One name for each schedule; once something is typed, every name that begins with it."""
    from lrviz.describe.listing import frameworks

    for one in (one for group in frameworks().values() for one in group):
        names = dict.fromkeys([one.name, *one.names, one.entry.id]) if incomplete else [one.name]
        # Typer sends the help through rich, which wraps it at 80 and reads brackets as markup.
        text = shorten(one.summary, HELP, placeholder="…").replace("[", "\\[")
        yield from ((name, text) for name in names if name.startswith(incomplete))


def _frameworks(incomplete: str) -> list[str]:
    from lrviz.describe.listing import frameworks

    return _words(head.partition(" ")[0] for head in frameworks())(incomplete)


def _trainers(incomplete: str) -> list[str]:
    from lrviz.plan.trainers import TRAINERS

    return _words(TRAINERS)(incomplete)


_BY_NAME: dict[str, Callable[[str], Any]] = {
    "specs": _schedules,
    "words": _schedules,
    "names": _schedules,
    "framework": _frameworks,
    "trainer": _trainers,
}
