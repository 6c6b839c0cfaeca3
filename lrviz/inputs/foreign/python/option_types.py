"""What ``type=`` of an option of argparse makes of a text: ``type=lambda s: int(float(s) * 1000)``.

Source: CPython 3.11 to 3.14, ``argparse.py``: a default that is text is read by it, too.
"""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from typing import Any

from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.located import Spoiled
from lrviz.inputs.foreign.python.python_expressions import Expressions
from lrviz.inputs.foreign.python.python_syntax import literal_value
from lrviz.inputs.foreign.python.python_values import is_scalar
from lrviz.inputs.foreign.setting import SWITCH
from lrviz.inputs.foreign.unknown import Unknown

_TYPES = {"float": float, "int": int, "bool": bool}
_TEXTS = re.compile(r"(?:str|(?:\w+\.)*[A-Z]\w*|os\.path\.\w+)")
"""Texts, paths and enums: what is called with a text and counts as that."""
_LITERALS = ("eval", "ast.literal_eval", "literal_eval", "json.loads")
_IS_SWITCH = re.compile(r"bool", re.IGNORECASE)


def read_by_type(kind: ast.expr | None, text: str, dest: str) -> Any:
    """What a text is for an option; Unknown where its ``type`` is not followed."""
    name = "" if kind is None else dotted(kind)
    if kind is None or _TEXTS.fullmatch(name):
        return text
    unknown = Unknown(f"--{dest}, which {name or 'a lambda'} reads", (dest,))
    if _IS_SWITCH.search(name) and name != "bool":
        return SWITCH.get(text.lower(), unknown)
    with suppress(ValueError):  # at which argparse stops
        found = _computed(kind, name, text)
        return found if is_scalar(found) else unknown
    return text


def _computed(kind: ast.expr, name: str, text: str) -> Any:
    """What a type of Python's own gives, one that reads literals, or a lambda; no scalar of any other."""
    if name in _TYPES:
        return _TYPES[name](text)
    if name in _LITERALS:
        return literal_value(text)
    if not isinstance(kind, ast.Lambda) or len(kind.args.args) != 1:
        return ()
    reader = Expressions("", Spoiled())
    reader.scope = reader.scope.new_child({kind.args.args[0].arg: text})
    return reader.visit(kind.body)
