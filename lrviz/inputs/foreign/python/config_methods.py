"""What is made of a config by its keys and its methods, where that is known."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.config_parts import NOWHERE, Config, Instance, Merge, Part, Training
from lrviz.inputs.foreign.python.located import Settled, Table
from lrviz.inputs.foreign.python.python_expressions import Expressions
from lrviz.inputs.foreign.python.python_values import is_known, is_scalar
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lrviz.inputs.foreign.python.config_kinds import Kind

_READS = ("keys", "dump", "freeze", "defrost", "is_frozen", "pretty_text", "to_dict", "index", "count")
_COPIES = ("clone", "copy", "deepcopy", "__deepcopy__", "__copy__")
_OF_LISTS = ("append", "insert", "extend", "pop", "clear")
_BY_OPTIONS = (".cfg_options", ".options")
_GIVES = ("get", "items", "values")
NOTHING = Unknown("nothing")
UNREAD = object()
"""In the place of what a call gives that is not followed."""


class ConfigMethods(Expressions, ast.NodeVisitor):
    """The configs of a script, and what is done to them."""

    kind: Kind
    configs: list[Config]
    trainings: list[Training]
    options: Table
    zoo: dict[int, Any]
    line = 0  # of the call that is read, 0 outside any

    def spoil(self, value: object, why: Unknown) -> None:
        """Make it unknown, and the parts of a config in it."""
        super().spoil(value, why)
        for one in parts_in(value):
            self.touch(one, why)

    def touch(self, part: Part, why: Unknown) -> None:
        """A part of a config may be changed."""
        config = self.configs[part.number]
        keys = [key for key in self.kind.keys if key in config.data] if not part.path else []
        for way in keys or [""]:
            config.change((way,) if way else part.path, why, self.place(self.line))

    def known(self, part: Part) -> Any:
        """What a part is, where it is a number, a text or nothing; else the part, to be followed."""
        value = self.configs[part.number].value(part.path)
        return value if is_scalar(value) else part

    def plain(self, value: Any) -> Any:
        """A value as data."""
        if isinstance(value, Part):
            return copy.deepcopy(self.configs[value.number].value(value.path))
        return Settled(self.settled.file, self.spoiled).data(value)

    def set_key(self, part: Part, value: Any, line: int) -> None:
        """Set a key of a config, or of all that it may be."""
        data = self.plain(value)
        unknown = Unknown(f"what line {line} sets")
        is_told = isinstance(data, (dict, list, Imported)) or _is_data(data)
        data = data if self.sure and is_told else unknown
        self.configs[part.number].change(part.path, data, self.place(line))

    def copied(self, part: Part) -> Part:
        """A copy of a config."""
        made = self.configs[part.number].copied(len(self.configs))
        self.configs.append(made)
        return Part("a config", number=made.number, path=part.path)

    def on_part(self, node: ast.Call, on: Part, given: list[Any], words: Mapping[str, Any]) -> Any:
        """What a method of a config gives, and what it changes."""
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if method in _READS:
            return Unknown(f"a call in line {node.lineno}")
        if method in _COPIES:
            return on if on.path else self.copied(on)
        if method in self.kind.merges:
            return self._merged(node, on, method, given)
        value = self.configs[on.number].value(on.path)
        if method in _OF_LISTS and isinstance(value, list):
            return self._list_changed(on, method, list(value), given, node.lineno)
        if method in _GIVES:
            return self._get(on, given) if method == "get" else on
        found = self._changed_by(on, method, given, words, node)
        if found is UNREAD:
            self.touch(on, Unknown(f"what line {node.lineno} sets"))
        return on if found is UNREAD else found

    def _get(self, on: Part, given: list[Any]) -> Any:
        if not given or not isinstance(given[0], str):
            return on
        found = self.known(on.at(given[0]))
        return (*given, None)[1] if isinstance(found, Part) and self.is_missing(found) else found

    def _changed_by(
        self, on: Part, method: str, given: list[Any], words: Mapping[str, Any], node: ast.Call
    ) -> Any:
        """What a method of a dict gives that changes it; UNREAD of another."""
        by_name: dict[str, Callable[..., Any]] = {
            "merge_from_dict": self._merged_dict,
            "setdefault": self._set_default,
            "pop": self._popped,
        }
        if method == "update":
            return self._updated(node, on, given, words)
        return by_name[method](node, on, given) if method in by_name and not words else UNREAD

    def _updated(self, node: ast.Call, on: Part, given: list[Any], words: Mapping[str, Any]) -> Any:
        """``update``, of what is known."""
        table = self.plain(given[0]) if given else {}
        if len(given) > 1 or NOWHERE in words or not isinstance(table, dict):
            return UNREAD
        self._update(on, {**table, **{key: self.plain(one) for key, one in words.items()}}, node.lineno)
        return NOTHING

    def _update(self, on: Part, table: Mapping[Any, Any], line: int) -> None:
        """``update``, by which dicts within are updated too."""
        for key, value in table.items():
            below = on.at(key)
            old = self.configs[below.number].value(below.path)
            if isinstance(value, dict) and isinstance(old, dict) and old:
                self._update(below, value, line)
            else:
                self.set_key(below, value, line)

    def _merged_dict(self, node: ast.Call, on: Part, given: list[Any]) -> Any:
        """``merge_from_dict``, of the options of the command or of what is known."""
        if self.kind.said and node.args and dotted(node.args[0]).endswith(_BY_OPTIONS):
            return self._lay_options(on)
        table = self.plain(given[0]) if given else None
        if not isinstance(table, dict):
            return UNREAD
        for key, value in table.items():
            part = on
            for one in str(key).split("."):
                part = part.at(one)
            self.set_key(part, value, node.lineno)
        return NOTHING

    def _lay_options(self, on: Part) -> Unknown:
        """Have the options of the command lie over a config."""
        config = self.configs[on.number]
        for path, value, place in self.kind.said:
            config.change(path, value, place)
        config.is_laid = True
        return NOTHING

    def _set_default(self, node: ast.Call, on: Part, given: list[Any]) -> Any:
        if not given or not isinstance(given[0], str):
            return UNREAD
        below = on.at(given[0])
        if self.is_missing(below):
            self.set_key(below, (*given, None)[1], node.lineno)
        elif not self.kind.is_whole:
            return UNREAD
        return self.known(below)

    def _popped(self, node: ast.Call, on: Part, given: list[Any]) -> Any:
        if not given or not isinstance(given[0], str):
            return UNREAD
        value, below = self.configs[on.number].value(on.path), on.at(given[0])
        if self.sure and isinstance(value, dict) and given[0] in value:
            taken = value[given[0]]
            self.set_key(on, {key: one for key, one in value.items() if key != given[0]}, node.lineno)
            return taken if is_scalar(taken) else Unknown(f"a call in line {node.lineno}")
        if not self.is_missing(below):
            self.set_key(below, Unknown(f"what line {node.lineno} takes out"), node.lineno)
        return Unknown(f"a call in line {node.lineno}")

    def _list_changed(self, on: Part, method: str, value: list[Any], given: list[Any], line: int) -> Any:
        """A list of a config that a method changes."""
        data = [self.plain(one) for one in given]
        known = self.sure and all(is_known(one) for one in data)
        if known:
            try:
                getattr(value, method)(*data)
            except (TypeError, IndexError, ValueError):
                known = False
        self.set_key(on, value if known else Unknown(f"what line {line} sets"), line)
        return Unknown(f"a call in line {line}")

    def is_missing(self, part: Part) -> bool:
        """Whether its config is known not to have such a key."""
        around = self.configs[part.number].value(part.path[:-1])
        return (
            isinstance(around, dict) and bool(around) and part.path[-1] not in around and self.kind.is_whole
        )

    def _merged(self, node: ast.Call, on: Part, method: str, given: list[Any]) -> Any:
        value = given[0] if given else next((self.plain(one.value) for one in node.keywords), Unknown(""))
        written = node.args[0] if node.args else next((one.value for one in node.keywords), None)
        text = dotted(written) if written is not None else ""
        inner = written.args[0] if isinstance(written, ast.Call) and written.args else None
        if text.rpartition(".")[2] == f"{self.kind.of_zoo}()" and inner is not None:
            value = self.zoo.get(id(written), value)
        value = self.plain(value) if not isinstance(value, Unknown) else value
        self.configs[on.number].merge(Merge(method, value, text, self.place(node.lineno), self.sure))
        return NOTHING


def parts_in(value: object, depth: int = 0) -> Iterator[Part]:
    """The parts of configs within a value."""
    if isinstance(value, Part):
        yield value
    elif isinstance(value, Instance) and depth < 4:
        for one in value.fields.values():
            yield from parts_in(one, depth + 1)
    elif isinstance(value, (dict, list, tuple)) and depth < 4:
        for one in value.values() if isinstance(value, dict) else value:
            yield from parts_in(one, depth + 1)


def _is_data(value: object) -> bool:
    return is_scalar(value) or (isinstance(value, tuple) and all(map(_is_data, value)))
