"""YAML: what it says, and the line of every key."""

from __future__ import annotations

import importlib
import math
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.config.lines import syntax_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.inputs.config.lines import KeyPath, Lines

_HINT = 'YAML: warmup: "6%", indented with spaces'
_ODD = re.compile(r"[-+]?(?:0[0-7_]+|[\d_]+(?::[0-5]?\d)+(?:\.[\d_]*)?)")
_TAG = "!"
"""The key under which a table keeps its tag."""
_MOST = 100_000
"""Values that aliases may stand for."""


def read(text: str, name: str, found: Lines) -> Any:
    """Read YAML.

    Raises:
        ConfigError: it is none, or PyYAML is not installed.

    """
    try:
        yaml = importlib.import_module("yaml")  # an extra: absent from most installations
    except ImportError:
        raise ConfigError(
            f"{name}: reading YAML needs PyYAML, which is not installed", hint='pip install "lrviz[yaml]"'
        ) from None
    try:
        return _loaded(yaml, text, name, found)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise syntax_error(f"{name}:{mark.line + 1}", mark.column + 1, str(error.problem), _HINT) from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: {str(error).splitlines()[0]}", hint="YAML is plain text") from None


def _loaded(yaml: Any, text: str, name: str, found: Lines) -> Any:
    """What it says, once its size and its lines are known."""
    loader = yaml.SafeLoader(text)
    if found.lenient:
        known = ("!", "tag:yaml.org,2002:python/", "")  # "": ``!<NAME>``, a tag as it stands
        loader.yaml_multi_constructors = dict.fromkeys(known, _tagged)
    loader.construct_object = partial(_value, loader.construct_object, yaml.MarkedYAMLError)
    node = loader.get_single_node()
    if node is None:
        return None
    _check_size(node, name)
    _lines(node, (), found, loader.construct_object)
    return loader.construct_document(node)


def _value(construct: Callable[..., Any], refusal: type[Exception], node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002  (as PyYAML calls it)
    """A value, or a refusal with its line: PyYAML lets through whatever ``int`` and its kin raise."""
    try:
        return construct(node, deep=deep)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        kind = node.tag.rpartition(":")[2]
        raise refusal(None, None, f"this is no {kind}", node.start_mark) from None


def _tagged(loader: Any, suffix: str, node: Any) -> Any:
    """What stands behind a tag of somebody's own, as text and with the tag, or as a table or list."""
    if node.id == "mapping":
        return {_TAG: suffix, **loader.construct_mapping(node, deep=True)}
    if node.id == "sequence":
        return loader.construct_sequence(node, deep=True)
    return f"!{suffix} {node.value}".rstrip()


def _check_size(node: object, name: str) -> None:
    """Aliases are counted before anyone follows them: ten lines can stand for 10^9 values."""
    sizes: dict[int, float] = {}
    size = _size(node, sizes)
    if size == math.inf:
        raise ConfigError(f"{name}: an alias within what it stands for", hint="write it out")
    if size > max(_MOST, len(sizes)):
        raise ConfigError(f"{name}: its aliases stand for over {_MOST} values", hint="write fewer out")


def _size(node: object, sizes: dict[int, float]) -> float:
    """How many values there are with every alias followed; infinitely many where one leads to itself."""
    if id(node) not in sizes:
        sizes[id(node)] = math.inf  # as long as what is inside is counted
        sizes[id(node)] = 1 + sum(_size(one, sizes) for one in _inside(node))
    return sizes[id(node)]


def _inside(node: Any) -> Iterator[Any]:
    if node.id == "mapping":
        for pair in node.value:
            yield from pair
    elif node.id == "sequence":
        yield from node.value


def _lines(node: Any, path: KeyPath, found: Lines, construct: Callable[..., Any]) -> None:
    if node.id == "mapping":
        for key, value in node.value:
            if key.id == "scalar" and key.value != "<<":
                # YAML takes "1" for a number and "no" for false, as keys too
                key.tag = "tag:yaml.org,2002:str"
            found.add((*path, str(key.value)), key.start_mark.line + 1)
            _lines(value, (*path, str(key.value)), found, construct)
    elif node.id == "sequence":
        for i, item in enumerate(node.value):
            found.add((*path, i), item.start_mark.line + 1)
            _lines(item, (*path, i), found, construct)
    elif node.style is not None:
        found.quoted.add(path)
    elif node.tag.endswith((":int", ":float")) and _ODD.fullmatch(node.value):
        _note_odd(node.value, construct(node), path, found)


def _note_odd(typed: str, value: float, path: KeyPath, found: Lines) -> None:
    """Note ``0100``, which is 64 in YAML, and ``1:30``, which is 90."""
    base, plain = ("base 60", value) if ":" in typed else ("octal", int(typed))
    if plain != value or ":" in typed:
        other = f'"{typed}" for a text' if ":" in typed else value
        found.odd[path] = (f"{typed} is {value}: YAML reads it in {base}", f"write {plain}, or {other}")
