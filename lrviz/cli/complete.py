"""What a TAB offers for names: of schedules and frameworks; options know their own few words."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import redirect_stderr, suppress
from io import StringIO
from textwrap import shorten
from typing import Any

from lrviz.cli.options import words_of
from lrviz.errors import LrvizError

BREAKS = {":", "=", "::", ":="}
"""What stands as a word of its own where bash has taken one apart."""
HELP = 70
"""Characters of a summary beside a name, in shells that show one."""


def mend_words(environment: MutableMapping[str, str]) -> None:
    """Put together what bash took apart at ``:`` and ``=``: ``cosine:w``, ``--load=a.py``."""
    words, cursor = environment["COMP_WORDS"].split("\n"), int(environment["COMP_CWORD"] or 0)
    joined = [place for place in range(2, len(words)) if {words[place], words[place - 1]} & BREAKS]
    made: list[str] = []
    for place, word in enumerate(words):
        if place in joined:
            made[-1] += word
        else:
            made.append(word)
    at = cursor - sum(place <= cursor for place in joined)
    environment.update(COMP_WORDS="\n".join(made), COMP_CWORD=str(at))


def completed(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """Give each parameter of a command that is a name its completion."""
    for name, parameter in inspect.signature(command, eval_str=True).parameters.items():
        # Typer would evaluate an annotation that is text anew, without what is set here.
        command.__annotations__[name] = parameter.annotation
        (info,) = parameter.annotation.__metadata__
        if name in _BY_NAME:
            info.autocompletion = _BY_NAME[name]
    return command


def _schedules(ctx: object, incomplete: str) -> Iterator[tuple[str, str]]:
    """One name for each schedule; once something is typed, every name that begins with it."""
    from lrviz.describe.listing import frameworks

    _load(ctx)
    for one in (one for group in frameworks().values() for one in group):
        names = dict.fromkeys([one.name, *one.names, one.entry.id]) if incomplete else [one.name]
        # Typer sends the help through rich, which wraps it at 80 and reads brackets as markup.
        text = shorten(one.summary, HELP, placeholder="…").replace("[", "\\[")
        yield from ((name, text) for name in names if name.startswith(incomplete))


def _load(ctx: Any) -> None:
    """What the line loads itself, in silence."""
    files = ctx.params.get("load")
    if files:
        from lrviz.inputs.own.declared import load

        with redirect_stderr(StringIO()), suppress(LrvizError):
            load(files)


def _frameworks(ctx: object, incomplete: str) -> list[str]:
    from lrviz.describe.listing import frameworks

    _load(ctx)
    return words_of(head.partition(" ")[0] for head in frameworks())(incomplete)


_BY_NAME: dict[str, Callable[..., Any]] = {
    "specs": _schedules,
    "words": _schedules,
    "names": _schedules,
    "framework": _frameworks,
}
