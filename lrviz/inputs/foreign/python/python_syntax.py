"""A text of strangers as Python: a file, an expression or a literal, within limits; nothing is run."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache
from typing import Any

from lrviz.errors import ConfigError
from lrviz.inputs.config.lines import number_error, syntax_error

_LONGEST = 1 << 19
"""Characters: the longest script of a framework has half of them."""


@lru_cache(maxsize=1)  # a script is looked at for its options, for what it calls and as a config
def parse(text: str, name: str) -> ast.Module:
    """The syntax tree of a file, which nobody changes.

    Raises:
        ConfigError: it is no Python, or too large.

    """
    if len(text) > _LONGEST:
        raise ConfigError(f"{name}: more Python than a config has", hint="keep what says how it trains")
    if "\0" in text:  # a SyntaxError or a ValueError, by the version of Python
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ConfigError(f"{name}:{line}: a null byte, which no text has", hint="save it as UTF-8")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own advice, such as on "\d"
            return ast.parse(text)
    except SyntaxError as error:
        raise _refused(error, text, name) from None
    except (RecursionError, MemoryError):
        raise too_deep(name) from None
    except ValueError:  # what no file can hold: half a character
        raise ConfigError(f"{name}: no text of Python", hint="save it as UTF-8") from None


def parse_expression(text: str) -> ast.expr:
    """The syntax tree of one expression.

    Raises:
        ConfigError: it is none, or too large.

    """
    body = parse(text.strip(), "an expression").body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise ConfigError(f"{text!r} is no expression", hint="write one value")
    return body[0].value


def literal_value(text: str) -> Any:
    """What a literal stands for: ``(1, 0.5)``.

    Raises:
        ValueError: it is none, or too large.

    """
    try:
        return ast.literal_eval(parse_expression(text))
    except (ConfigError, RecursionError, MemoryError, TypeError) as error:
        raise ValueError(str(error)) from None


def too_deep(name: str) -> ConfigError:
    """What is nested deeper than Python itself would read."""
    return ConfigError(f"{name}: nested too deeply", hint="write it with fewer brackets and operators")


def _refused(error: SyntaxError, text: str, name: str) -> ConfigError:
    if "4300 digits" in error.msg:
        return number_error(text, name)
    line = error.lineno or 1
    typed = text.split("\n")[line - 1].lstrip() if line <= text.count("\n") + 1 else ""
    notebook = typed[:1] in {"!", "%"}
    hint = (
        "leave out the lines only a notebook knows" if notebook else "Python itself stops there: correct it"
    )
    return syntax_error(f"{name}:{line}", error.offset or 1, error.msg, hint)
