"""Functions that a script has its command call: ``fire.Fire(train)``, and those below ``@click.command()``.

Source: fire 0.7 ``core.py``, ``parser.py``; click 8 ``core.py``: each stops at an option of no argument.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.call_syntax import called, dotted, texts_of
from lrviz.inputs.foreign.python.option_types import read_by_type
from lrviz.inputs.foreign.python.python_syntax import literal_value
from lrviz.inputs.foreign.python.python_values import is_scalar
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.python.python_changes import Function

_FIRE, _OPTION = "Fire", "option"


def is_fired(function: Function, module: ast.Module) -> bool:
    """Whether ``fire`` calls a function with the words of the command, and no other line does."""
    calls = [one for one in ast.walk(module) if isinstance(one, ast.Call)]
    names = [one for one in ast.walk(module) if isinstance(one, ast.Name) and one.id == function.name]
    fired = [one for one in calls if called(one) == _FIRE and one.args]
    return len(names) == 1 and not function.decorator_list and any(one.args[0] in names for one in fired)


def fired_with(
    function: Function, defaults: Mapping[str, Any], said: Mapping[str, Any], file: str
) -> dict[str, Any]:
    """What ``fire`` gives to the arguments of a function: a literal of Python, else a text.

    Raises:
        ConfigError: it has no argument of that name.

    """
    args = function.args
    names = [one.arg for one in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    found = dict(defaults)
    for key, text in said.items():
        name, value = _meant(key, text, names)
        if name in names:
            found[name] = value
        elif args.kwarg is None:
            raise _stops(key, names, file)
    return found


def _meant(key: str, text: object, names: list[str]) -> tuple[str, Any]:
    """The argument of an option, which may be its first letter alone, or ``no`` before a switch."""
    begun = [one for one in names if one.startswith(key)] if len(key) == 1 else []
    if text is True and key not in names and key.removeprefix("no") in names:
        return key.removeprefix("no"), False
    name = begun[0] if len(begun) == 1 else key
    unknown = Unknown(f"--{key}", (name,))
    if not isinstance(text, str):
        return name, text if text is True else unknown
    try:
        value = literal_value(text)
    except ValueError:
        value = text
    return name, value if is_scalar(value) else unknown


def clicked_with(function: Function, said: Mapping[str, Any], file: str) -> dict[str, Any]:
    """What ``click`` gives to the arguments of a function that are options of one spelling; else nothing.

    Raises:
        ConfigError: it has no option of that name.

    """
    calls = [one for one in function.decorator_list if isinstance(one, ast.Call)]
    options = [one for one in calls if dotted(one.func) in (f"click.{_OPTION}", _OPTION)]
    if not options or len(options) < len(function.decorator_list) - 1:
        return {}
    named = {name: one for one in options for name in _names(one)}
    left = [key for key in said if key not in named]
    if left and all(map(_names, options)):
        raise _stops(left[0], [*named], file)
    values = ((one, next((said[name] for name in _names(one) if name in said), None)) for one in options)
    return {_names(one)[0]: _clicked(one, text) for one, text in values if _names(one)}


def _names(option: ast.Call) -> list[str]:
    """How an option is written, the argument's name first; nothing of a switch with two spellings."""
    texts = texts_of(option.args)
    if any("/" in one for one in texts) or len(texts) < len(option.args):
        return []
    texts.sort(key=lambda one: (one.startswith("-"), not one.startswith("--")))
    return [one.lstrip("-").replace("-", "_").lower() for one in texts]


def _clicked(option: ast.Call, text: object) -> Any:
    """The value of an option: of its type, else as its default is."""
    words = {one.arg: one.value for one in option.keywords}
    default, name = words.get("default"), _names(option)[0]
    known = default.value if isinstance(default, ast.Constant) else None
    unknown = Unknown(f"--{name}", (name,))
    if words.keys() & {"callback", "multiple", "nargs", "envvar", "prompt"}:
        return unknown
    if text is None:
        is_flag = "is_flag" in words and default is None
        return False if is_flag else unknown if default is not None and known is None else known
    if not isinstance(text, str):
        return text if text is True else unknown
    kind = words.get("type")
    is_plain = kind is None and type(known) in (int, float)
    return read_by_type(ast.Name(type(known).__name__) if is_plain else kind, text, name)


def _stops(key: str, names: list[str], file: str) -> ConfigError:
    hint = f"take it out: it has {', '.join(f'--{one}' for one in names[:6])}"
    return ConfigError(f"{file} has no option --{key}, and stops at it", hint=hint)
