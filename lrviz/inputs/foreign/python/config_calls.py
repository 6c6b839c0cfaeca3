"""Calls that a config is handed: what trains by it, what is followed, and what may change it."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import dotted, method_of
from lrviz.inputs.foreign.python.config_methods import NOTHING, ConfigMethods, parts_in
from lrviz.inputs.foreign.python.config_parts import NOWHERE, Config, Defined, Instance, Part, Training
from lrviz.inputs.foreign.python.imported_classes import is_of_library
from lrviz.inputs.foreign.python.located import Items, Table
from lrviz.inputs.foreign.python.python_changes import SETATTR
from lrviz.inputs.foreign.python.python_values import is_known, is_sequence
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

OPENMMLAB = (
    *("mmengine", "mmcv", "mmdet", "mmseg", "mmpretrain", "mmcls", "mmpose", "mmaction"),
    *("mmyolo", "mmrotate", "mmocr", "mmdet3d", "mmagic", "mmrazor", "mmselfsup", "mmtrack"),
    "mmedit",
)
_LIBRARIES = {
    *OPENMMLAB,
    *("detectron2", "fvcore", "iopath", "yacs", "torchvision", "numpy", "cv2", "PIL"),
    *("pycocotools", "tqdm", "pandas", "yaml", "matplotlib", "omegaconf", "sklearn", "scipy"),
    *("skimage", "albumentations", "rich", "requests"),
}
"""Those whose functions leave the schedule of a config that they are given as it is."""
_DICTS = ("ConfigDict",)
"""Classes of dicts that are written as one."""
_OTHER = object()
"""In the place of what a call gives, where nothing of a config is in it."""
_PARSES = ("parse_args", "parse_known_args")


_COPYING = ("copy.copy", "copy.deepcopy")
_SAME = ("list", "dict", "vars", "enumerate", "reversed")
"""What gives the parts of what it is given."""


class ConfigCalls(ConfigMethods, ast.NodeVisitor):
    """Expressions of a script in which a config is followed."""

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self._held: dict[int, Any] = {}  # what is visited already

    def visit(self, node: ast.AST) -> Any:
        """The value of a node, once."""
        return self._held.pop(id(node)) if id(node) in self._held else super().visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        on = self.visit(node.value)
        found = self.attribute(on, node.attr)
        if found is not None:
            return found
        self._held[id(node.value)] = on
        return super().visit_Attribute(node)

    def attribute(self, on: Any, name: str) -> Any:
        """What an attribute of a config, an object or a module is; None of another."""
        if isinstance(on, Part):
            return self.known(on.at(name))
        if isinstance(on, Instance) and on.made_by:
            method = self.method(on.made_by, name, on)
            return on.fields.get(name, method or self.of_class(on.made_by, name))
        if isinstance(on, Defined) and isinstance(on.node, ast.ClassDef):
            return self.of_class(on, name)
        if isinstance(on, Imported) and on.name:
            return self.of_module(on.name, name)
        return None

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        on, key = self.visit(node.value), self.visit(node.slice)
        if isinstance(on, Part):
            return self.known(on.at(key if type(key) in (str, int) else None))
        self._held[id(node.value)], self._held[id(node.slice)] = on, key
        return super().visit_Subscript(node)

    def visit_Compare(self, node: ast.Compare) -> Any:
        values = self.visit_all([node.left, *node.comparators])
        if len(values) == 2 and isinstance(node.ops[0], (ast.In, ast.NotIn)) and isinstance(values[1], Part):
            held = self.configs[values[1].number].value(values[1].path)
            if isinstance(held, dict) and held and isinstance(values[0], str):
                return (values[0] in held) is isinstance(node.ops[0], ast.In)
        for one, value in zip([node.left, *node.comparators], values, strict=True):
            self._held[id(one)] = value
        return super().visit_Compare(node)

    def _one_of(self, values: list[Any], why: Unknown) -> Any:
        """One of several configs is followed as the first, and all that they say is unknown."""
        found = super()._one_of(values, why)
        return next((one for one in values if isinstance(one, Part)), found)

    def visit_Call(self, node: ast.Call) -> Any:
        outer, self.line = self.line, node.lineno
        function = node.func
        on = self.visit(function.value) if isinstance(function, ast.Attribute) else None
        if isinstance(function, ast.Attribute):
            self._held[id(function.value)] = on
            is_followed = isinstance(on, (Instance, Defined, Imported))
            target = self.attribute(on, function.attr) if is_followed else None
        else:
            target = self.visit(function)
        given, words = self._given(node)
        found = self._called(node, on, target, given, words)
        if found is _OTHER:
            found = super().visit_Call(node)
        self.line = outer
        return found

    def _given(self, node: ast.Call) -> tuple[list[Any], dict[str, Any]]:
        """What a call is given, each visited."""
        given: list[Any] = []
        for one in node.args:
            inner = one.value if isinstance(one, ast.Starred) else one
            value = self._held[id(inner)] = self.visit(inner)
            several = is_sequence(value) if isinstance(one, ast.Starred) else False
            given += value if several else [value]
        words: dict[str, Any] = {}
        for word in node.keywords:
            value = self._held[id(word.value)] = self.visit(word.value)
            words[word.arg or NOWHERE] = value
        return given, words

    def _called(self, node: ast.Call, on: Any, target: Any, given: list[Any], words: dict[str, Any]) -> Any:
        """What a call gives that has to do with a config; _OTHER of another."""
        if isinstance(on, Part):
            return self.on_part(node, on, given, words)
        name, method = self._name_of(node, on, target), method_of(node)
        if method in _PARSES:
            rest = Unknown(f"what line {node.lineno} leaves")
            return self.options.as_parsed() if method == _PARSES[0] else (self.options.as_parsed(), rest)
        found = self._made(node, name, given, words)
        if found is _OTHER:
            found = self._trains(node, on, target, name, [*given, *words.values()])
        if found is _OTHER:
            found = self._known_of(node, name, given)
        if found is _OTHER:
            found = self._table_of(node, on, name, given, words)
        if found is _OTHER and isinstance(target, Defined):
            found = self.run(target, given, words, node)
        return self._handed(node, on, name, given, words) if found is _OTHER else found

    def _name_of(self, node: ast.Call, on: Any, target: Any) -> str:
        """The full name of what is called, where it is imported."""
        if isinstance(on, Imported) and on.name and isinstance(node.func, ast.Attribute):
            return f"{on.name}.{node.func.attr}"
        return target.name if isinstance(target, Imported) and target.name else dotted(node.func)

    def _trains(self, node: ast.Call, on: Any, target: Any, name: str, values: list[Any]) -> Any:
        """A trainer, where it takes a config to train."""
        held = [one for value in values for one in parts_in(value)]
        by_class = self.kind.by_method and isinstance(node.func, ast.Attribute)
        lineage = self.lineage_of(on if by_class else target) if held else ()
        names = tuple(_name_of(one) for one in lineage)
        is_it = bool(held) and self.kind.trains(name, names)
        return self._trained(node, held, name, names, lineage) if is_it else _OTHER

    def _known_of(self, node: ast.Call, name: str, given: list[Any]) -> Any:
        """What Python's own functions make of a config."""
        part = next(iter(given), None)
        if not isinstance(part, Part):
            return _OTHER
        key = given[1] if len(given) > 1 and isinstance(given[1], str) else None
        if name.rpartition(".")[2] in SETATTR and len(given) == len(("of", "name", "value")):
            self.set_key(part.at(key), given[2], node.lineno)
            return NOTHING
        if name in _COPYING:
            return self.copied(part)
        if name == "len":
            value = self.configs[part.number].value(part.path)
            return len(value) if isinstance(value, (list, dict)) and value else Unknown("how many there are")
        if name == "getattr" and len(given) > 1:
            return self.known(part.at(key))
        return part if name in _SAME else _OTHER

    def _table_of(
        self, node: ast.Call, on: Any, name: str, given: list[Any], words: Mapping[str, Any]
    ) -> Any:
        """A dict that is made, copied or updated with a part of a config."""
        are_tables = all(isinstance(one, Table) for one in given)
        if name.endswith(_DICTS) and NOWHERE not in words and are_tables:
            return self._table([*given, words], node.lineno)
        if name in _COPYING and given and isinstance(given[0], Table):
            return given[0].copy()
        is_update = method_of(node) == "update" and isinstance(on, Table) and not words and len(given) == 1
        data = self.plain(given[0]) if is_update and isinstance(given[0], Part) else None
        if not isinstance(data, dict):
            return _OTHER
        on.take(self._table([data], node.lineno))
        return NOTHING

    def _handed(self, node: ast.Call, on: Any, name: str, given: list[Any], words: Mapping[str, Any]) -> Any:
        """What a call gives that is not followed, and may change what it is given."""
        if isinstance(on, Instance) and on.made_by is None:
            return Unknown(f"a call in line {node.lineno}")
        self._hand_on(given, words, node)
        held = [one for value in (*given, *words.values()) for one in parts_in(value)]
        whole = [one for one in held if not one.path]
        result = whole[0] if whole else Unknown(f"a call in line {node.lineno}")
        if not self._leaves_alone(name, on):
            for one in held:
                self.touch(one, Unknown(f"what {dotted(node.func)} in line {node.lineno} may set"))
        elif not self.may_return(name):
            result = Unknown(f"a call in line {node.lineno}")
        return result if held else _OTHER

    def _table(self, several: list[Mapping[Any, Any]], line: int) -> Table:
        """A dict of all that these have."""
        table = Table()
        for one in several:
            for key, value in one.items():
                table.put(key, value, self.place(line))
        return table

    def may_return(self, name: str) -> bool:
        """Whether a function of a library gives the config that it is given: ``replace_cfg_vals(cfg)``."""
        last = name.rpartition(".")[2]
        return "cfg" in last or "config" in last

    def _leaves_alone(self, name: str, on: Any) -> bool:
        """Whether a function is of a library, or of Python's own."""
        first = name.partition(".")[0]
        is_own = not isinstance(on, Imported) and first in {*dir(builtins)} and first not in self.scope
        if isinstance(on, (Table, Items, Instance)) or (
            on is not None and not is_known(on) and not isinstance(on, Imported)
        ):
            return isinstance(on, Defined)
        return is_own or is_library(name)

    def _made(self, node: ast.Call, name: str, given: list[Any], words: Mapping[str, Any]) -> Any:
        """A config that a call makes, or a file of the zoo that one names."""
        last = name.rpartition(".")[2]
        if last == self.kind.of_zoo:
            file = (
                given[0]
                if given and isinstance(given[0], str)
                else Unknown(f"the file of line {node.lineno}")
            )
            self.zoo[id(node)] = file
            return file
        if not f".{name}".endswith(tuple(f".{one}" for one in self.kind.makers)):
            return _OTHER
        config = Config(len(self.configs), node.lineno, (*given, *words.values(), None)[0])
        config.data, config.places = self.kind.opened(config.name)
        self.configs.append(config)
        return Part("a config", number=config.number)

    def _trained(
        self, node: ast.Call, held: list[Part], name: str, names: tuple[str, ...], lineage: tuple[Any, ...]
    ) -> Unknown:
        """Note that a config is trained by, as it stands."""
        config = self.configs[held[0].number]
        last = self.trainings[-1] if self.trainings else None
        if not (last and last.config.log == config.log and last.config.number == config.number):
            kept = config.copied(config.number)
            self.trainings.append(Training(node.lineno, self.settled.file, name, kept, names, lineage))
        return Instance("a trainer", ("trainer",), fields={"cfg": held[0]})

    def _hand_on(self, given: list[Any], words: Mapping[str, Any], node: ast.Call) -> None:
        """``launch(main, gpus, args=(args,))`` runs the function that it is given."""
        functions = [one for one in (*given, *words.values()) if isinstance(one, Defined)]
        handed = words.get("args", ())
        for one in functions:
            if isinstance(one.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.run(one, list(handed) if is_sequence(handed) else [], {}, node)

    def run(self, target: Defined, given: list[Any], words: Mapping[str, Any], node: ast.Call) -> Any:
        """What a function of a file gives, whose lines are followed."""
        raise NotImplementedError

    def method(self, owner: Defined, name: str, on: Any) -> Defined | None:
        """A method of a class."""
        raise NotImplementedError

    def of_class(self, owner: Defined, name: str) -> Any:
        """A constant of a class, or a method that it is called by."""
        raise NotImplementedError

    def of_module(self, module: str, name: str) -> Any:
        """A name of a module beside it; None of another."""
        raise NotImplementedError

    def lineage_of(self, target: Any) -> tuple[Any, ...]:
        """A class and those that it is built on, down to imported ones."""
        raise NotImplementedError


def _name_of(one: Any) -> str:
    return str(one.node.name) if isinstance(one, Defined) and one.node else str(getattr(one, "name", ""))


def is_library(name: str) -> bool:
    """Whether it is of a library that leaves what it is given as it is."""
    return name.partition(".")[0] in _LIBRARIES or is_of_library(name)
