"""Pairs that end a command, ``SOLVER.BASE_LR 0.01 OUTPUT_DIR out``, as yacs takes them in a list.

Source: yacs 0.1.8 ``config.py``; detectron2 0.6 ``engine/defaults.py``, whose parser leaves it all words from
the first on that is no option.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.python_syntax import literal_value
from lrviz.inputs.foreign.shell.argv import is_option
from lrviz.inputs.foreign.shell.command import with_switches
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.word import Word

_KEY = re.compile(r"[A-Z][A-Z0-9_]*(\.[A-Z0-9_]+)*")


def read_pairs(source: Source, switches: Collection[str], known: Collection[str] = ()) -> Source:
    """The command with its pairs as settings; ``switches`` are its options without a value.

    Those that are no pairs are refused where the keys are ``known``, as are such that are not in capitals.

    Raises:
        ConfigError: they are none, or no such keys.

    """
    argv = source.argv
    begun = (at for at in range(len(argv)) if _is_key(argv[:at], argv[at], switches, known))
    at = next(begun, len(argv))
    _check_pairs(source, argv[at:], known)
    before = with_switches(replace(source, argv=argv[:at]), switches)
    pairs = list(zip(argv[at::2], argv[at + 1 :: 2], strict=False))
    places: dict[KeyPath, Place] = {(key.text,): Place(source.name, key.line, key.text) for key, _ in pairs}
    return replace(
        before,
        data={**before.data, **{key.text: value.value for key, value in pairs}},
        places={**before.places, **places},
    )


def decoded(value: object) -> Any:
    """A value as yacs has it: a text that is a literal of Python is what that says."""
    with suppress(ValueError):
        return literal_value(value) if isinstance(value, str) else value
    return value


def _is_key(before: Sequence[Word], word: Word, switches: Collection[str], known: Collection[str]) -> bool:
    """Whether a word names a setting: in capitals, and no option's value unless it has a dot."""
    last = before[-1] if before and is_option(before[-1]) else None
    is_value = last is not None and last.text.lstrip("-").replace("-", "_") not in switches
    key = word.text.partition("=")[0]
    is_one = _KEY.fullmatch(key) is not None or key.upper() in known
    return is_one and ("." in key or not is_value)


def _check_pairs(source: Source, words: Sequence[Word], known: Collection[str]) -> None:
    """Stop at what is no list of pairs."""
    if not known or source.hidden or not all(isinstance(one.value, str) for one in words):
        return
    for one in words[::2]:
        place, key = f"{source.name}:{one.line}", one.text.partition("=")[0]
        if is_option(one):
            text = f"{one.text} stands behind the pairs of yacs, which are all words to the end: it stops"
            raise ConfigError(f"{place}: {text}", hint=f"put it in front of {words[0].text}")
        if "=" in one.text:
            text = f"{one.text} is no key of yacs, which takes pairs, KEY VALUE: it stops"
            raise ConfigError(f"{place}: {text}", hint=f"write {one.text.replace('=', ' ', 1)}")
        if key not in known and key.upper() in known:
            raise ConfigError(f"{place}: yacs has no key {key}: it stops", hint=f"write {key.upper()}")
    if len(words) % 2:
        last = words[-1]
        text = f"{last.text} has no value behind it: yacs takes pairs, and stops at {len(words)} words"
        raise ConfigError(
            f"{source.name}:{last.line}: {text}", hint=f"write {last.text} VALUE, or take it out"
        )
