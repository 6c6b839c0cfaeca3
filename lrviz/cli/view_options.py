"""The options of a picture, read off the table of its keys."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lrviz.cli.options import ViewOptions, words_of
from lrviz.curves.refusals import about
from lrviz.errors import SpecError
from lrviz.notation.spec import parse_typed
from lrviz.resolve.key import option_of
from lrviz.view.view_keys import AS_OPTIONS, VIEW, switches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.spec import Value
    from lrviz.resolve.key import Key

PICTURE = "The picture"
NAMED = "view_"
"""What the parameters begin with: "from" is a word of Python's."""


def _parameter(key: Key) -> inspect.Parameter:
    """The option of a key; one that is a switch can say no, too."""
    option = typer.Option(
        option_of(key.name) if key.metavar else switches(key),
        metavar=key.metavar or None,
        help=key.help,
        rich_help_panel=PICTURE,
        show_default=False,
        autocompletion=words_of(key.choices) if key.choices else None,
    )
    one: Any = (list[str] if key.repeatable else str) if key.metavar else bool
    kind: Any = Annotated[one | None, option]
    name = f"{NAMED}{key.name}"
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def _read(said: Mapping[str, list[str] | str | bool | None]) -> dict[str, Value]:
    """What they say, by key.

    Raises:
        SpecError: one does not take what stands behind it.

    """
    found: dict[str, Value] = {}
    for option, words in said.items():
        name, text = option.removeprefix(NAMED), ",".join(words) if isinstance(words, list) else words
        if text is None:
            continue
        with about(option_of(name)):
            found[name] = parse_typed(name, text) if isinstance(text, str) else text
        try:
            VIEW[name].read(found[name])
        except SpecError as error:
            error.write_hint(AS_OPTIONS)
            raise
    return found


VIEW_OPTIONS = ViewOptions(tuple(_parameter(key) for key in VIEW.values() if key.option), _read)
