"""A hint in the words that said its settings, so that what it has typed replaces them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Raw
from lrviz.notation.shell import shell_word
from lrviz.resolve.key import Unfit, option_of
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.inputs.foreign.lookup import Lookup
    from lrviz.inputs.foreign.setting import Setting

_GIVEN = r"--given ([\w.]+)=((?:[^\s,;'\"]|[,;](?=\S))+)"
_KEY = r"<(\w+)=([^<>]+)>"


def as_said(hint: str, lookup: Lookup, table: Iterable[Setting]) -> str:
    """The hint, in which an option or a ``--given`` that says a setting already is named in its place.

    Two that say one setting are refused: ``--given global_batch_size=8`` beside ``--batch-size 7``.
    """
    settings = [*table]
    hint = re.sub(_GIVEN, lambda found: _of_given(found, lookup, settings), hint)
    return re.sub(_KEY, lambda found: _of_key(found, lookup, settings), hint)


def _of_given(found: re.Match[str], lookup: Lookup, settings: list[Setting]) -> str:
    """What names a setting as its trainer does; what a schedule says of its parameters is given so too."""
    name, value = found.groups()
    setting = next((one for one in settings if name in one.names), None)
    options, given = lookup.sayers(setting) if setting else ([], [])
    if options:
        key = options[0]
        if KEYS[key].takes_text(value):
            return f"<{key}={value}>"
        return f"{_given(name, value)} in place of {option_of(key)}"
    return _given(given[0], value) if given and name not in given else found[0]


def _of_key(found: re.Match[str], lookup: Lookup, settings: list[Setting]) -> str:
    """What names a key of the run."""
    key, value = found.groups()
    of_key = [one for one in settings if one.key == key]
    if key not in KEYS:
        return _of_given(found, lookup, settings)
    if key in lookup.flags or len(of_key) != 1:
        return found[0]
    options, given = lookup.sayers(of_key[0])
    if options:
        return f"<{options[0]}={value}>"
    return _given(given[0], value) if given and _is_taken(of_key[0], value) else found[0]


def _is_taken(setting: Setting, value: str) -> bool:
    try:
        setting.read(Raw(value))
    except Unfit:
        return False
    return True


def _given(name: str, value: str) -> str:
    return f"--given {shell_word(f'{name}={value}')}"
