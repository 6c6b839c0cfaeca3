"""The options of a picture, read off the table of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.cli.options import ViewOptions, of_key, parameter
from lrviz.curves.refusals import about
from lrviz.errors import SpecError
from lrviz.notation.spec import parse_typed
from lrviz.resolve.key import option_of
from lrviz.view.view_keys import AS_OPTIONS, VIEW, switches

if TYPE_CHECKING:
    import inspect
    from collections.abc import Mapping

    from lrviz.notation.spec import Value
    from lrviz.resolve.key import Key

PICTURE = "The picture"
NAMED = "view_"
"""What the parameters begin with: "from" is a word of Python's."""


def _parameter(key: Key) -> inspect.Parameter:
    """The option of a key; one that is a switch can say no, too."""
    one: Any = (list[str] if key.repeatable else str) if key.metavar else bool
    decl = option_of(key.name) if key.metavar else switches(key)
    return parameter(PICTURE, f"{NAMED}{key.name}", one | None, decl, **of_key(key))


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
