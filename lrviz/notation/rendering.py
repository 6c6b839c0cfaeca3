"""``Spec`` → text that ``parse`` reads back as an equal one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lrviz.errors import SpecError
from lrviz.notation.numbers import exact_text, is_too_long
from lrviz.notation.spec import KEY, LITERAL_KEYS, NAME, Call, parse, parse_value
from lrviz.notation.text import cut

if TYPE_CHECKING:
    from lrviz.notation.spec import Params, Spec, Value

LONGEST: Final = 60
"""Characters of a value that an error repeats."""


def render(spec: Spec) -> str:
    """Write the spec that ``parse`` reads back as an equal one, quoting strings only where it must."""
    return f"{spec.name}:{_params_text(spec.params)}" if spec.params else spec.name


def render_value(value: Value) -> str:
    """Write a value as it would be typed behind ``key=``: a list of two or more without its brackets."""
    if isinstance(value, tuple) and len(value) > 1:
        return ",".join(map(_value_text, value))
    return _value_text(value)


def shown(value: object) -> str:
    """A value in an error: as it would be typed, cut where it is long."""
    if is_too_long(value):
        return "a number of over 308 digits"
    typed = value if value is None or isinstance(value, (bool, int, float, str, tuple, Call)) else str(value)
    return cut(repr(typed) if isinstance(typed, str) else render_value(typed), LONGEST)


def _params_text(params: Params) -> str:
    return ",".join(f"{key}={_literal_text(key, value)}" for key, value in params)


def _literal_text(key: str, value: Value) -> str:
    """Write a value as ``parse`` reads it behind ``key``."""
    if key not in LITERAL_KEYS or not isinstance(value, str):
        return render_value(value)
    try:
        return value if parse(f"name:{key}={value}").params == ((key, value),) else _quoted(value)
    except SpecError:
        return _quoted(value)


def _quoted(text: str) -> str:
    return '"' + re.sub(r'([\\"])', r"\\\1", text) + '"'


def _value_text(value: Value) -> str:
    if isinstance(value, Call):
        name = value.name if NAME.fullmatch(value.name) else _quoted(value.name)
        return f"{name}({_params_text(value.params)})"
    if isinstance(value, tuple):
        return f"[{','.join(map(_value_text, value))}]"
    if isinstance(value, str):
        return value if _is_plain(value) else _quoted(value)
    if isinstance(value, float):
        text = exact_text(value)
        return f"{text}.0" if text.lstrip("-").isdigit() else text  # 300.0 must not come back as a count
    return "none" if value is None else str(value).lower()


def _is_plain(text: str) -> bool:
    """Whether a string means itself when it stands alone, so that it needs no quotes."""
    if text.startswith("=") or KEY.match(text):
        return False
    try:
        return parse_value(text) == text
    except SpecError:
        return False
