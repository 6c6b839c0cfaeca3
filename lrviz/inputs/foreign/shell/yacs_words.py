"""Pairs that end a command, ``SOLVER.BASE_LR 0.01 OUTPUT_DIR out``, as yacs takes them in a list."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.argv import is_option
from lrviz.inputs.foreign.shell.command import with_switches
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.word import Word

_KEY = re.compile(r"[A-Z][A-Z0-9_]*(\.[A-Z0-9_]+)*")


def read_pairs(source: Source, switches: Collection[str]) -> Source:
    """The command with its pairs as settings; ``switches`` are its options without a value."""
    argv = source.argv
    at = next((at for at in range(len(argv)) if _is_key(argv[:at], argv[at], switches)), len(argv))
    before = with_switches(replace(source, argv=argv[:at]), switches)
    pairs = list(zip(argv[at::2], argv[at + 1 :: 2], strict=False))
    places: dict[KeyPath, Place] = {(key.text,): Place(source.name, key.line, key.text) for key, _ in pairs}
    return replace(
        before,
        data={**before.data, **{key.text: value.value for key, value in pairs}},
        places={**before.places, **places},
    )


def _is_key(before: Sequence[Word], word: Word, switches: Collection[str]) -> bool:
    """Whether a word names a setting: in capitals, and no option's value unless it has a dot."""
    last = before[-1] if before and is_option(before[-1]) else None
    is_value = last is not None and last.text.lstrip("-").replace("-", "_") not in switches
    return _KEY.fullmatch(word.text) is not None and ("." in word.text or not is_value)
