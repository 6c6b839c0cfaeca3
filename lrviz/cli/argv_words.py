"""The words of a command line looked at: which name a schedule or a config, what stands behind an option."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.catalogue.registry import Entry


def entry_of(word: str) -> Entry | None:
    """The schedule a word names, where it names one."""
    from lrviz.catalogue.names import lookup

    return lookup(word.partition(":")[0].strip())


def is_config_word(word: str) -> bool:
    """Whether a word names a file that is read, with a curve or a label behind it or not."""
    from lrviz.inputs.words import file_and_curve, file_and_label, is_config

    return is_config(file_and_curve(file_and_label(word)[0])[0])


def key_of(option: str) -> str:
    """``T_max`` of ``--T-max``."""
    return option[2:].replace("-", "_")


def parts_of(option: str) -> list[str]:
    """``warmup`` and ``steps`` of ``--warmup-steps``."""
    return re.split("[-_]", option.lower().lstrip("-"))


def letters_of(option: str) -> str:
    """``warmupsteps`` of ``--warmup-steps``."""
    return "".join(parts_of(option))


def whole_option(option: str, given: Sequence[str]) -> str:
    """The word that an option stood in: of ``-lr`` the parser reads ``-l`` alone."""
    if not re.fullmatch("-[A-Za-z]", option):
        return option
    words = (word.partition("=")[0] for word in given)
    return next((word for word in words if word.startswith(option) and len(word) > len(option)), option)


def value_of(option: str, given: Sequence[str]) -> str | None:
    """What stood behind the option, if anything."""
    for word, behind in zip(given, following(given), strict=True):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option:
            return behind
    return None


def given_options(given: Sequence[str]) -> list[str]:
    """The options of a call, without what stands behind them."""
    return [word.partition("=")[0] for word in given if word.startswith("--")]


def following(words: Sequence[str]) -> list[str | None]:
    """Behind each word the next, where that is no option."""
    return [None if re.match("-(?![.0-9])", word) else word for word in (*words, "-")[1:]]


def without(option: str, given: Sequence[str]) -> list[str]:
    """The words of a call but an option and its value."""
    place = next(i for i, word in enumerate(given) if word.partition("=")[0] == option)
    return [*given[:place], *given[place + (1 if "=" in given[place] else 2) :]]


def with_parameter(spec: str, option: str, value: str) -> str:
    """``cosine:T_max=50`` of ``cosine`` and ``--T_max 50``."""
    return f"{spec}{',' if ':' in spec else ':'}{key_of(option)}={value}"


def example_value(option: str, value: str | None) -> str:
    """The example of an option of the run whose value is missing, or a word that it does not take."""
    from lrviz.resolve.key import option_of
    from lrviz.resolve.keys import KEYS

    key = KEYS.get(key_of(option))
    if not key or option != option_of(key.name) or not key.metavar:
        return ""
    return key.example if value is None or (entry_of(value) and not key.takes_text(value)) else ""
