"""What a script makes of Lightning's command line, read off its syntax: its own options, defaults, LR steps.

Source: lightning 2.6.6 ``pytorch/cli.py``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.python.call_syntax import called, dotted
from lrviz.inputs.foreign.python.modules_beside import Module, Modules
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lrviz.inputs.foreign.python.modules_beside import Found

_CLASS = "LightningCLI"
_PARTS = {"add_optimizer_args": "optimizer", "add_lr_scheduler_args": "lr_scheduler"}
_HANDS = (
    *("before_instantiate_classes", "instantiate_classes", "instantiate_trainer", "before_fit", "fit"),
    *("parse_arguments", "add_core_arguments_to_parser", "_add_configure_optimizers_method_to_model"),
)
"""Methods that may set what the config says."""
_ARGUMENTS = {"trainer_class": 4, "trainer_defaults": 5}
"""Their places among the arguments."""
_COMPUTED = ((2, "compute_fn"), (3, "apply_on"))
"""What makes a link's target another value than its source has as it is parsed."""
_NO_CALLBACKS = ("Data", "Model", "Module", "Trainer")
"""How classes end that a parser has arguments for, and that are others."""


class Link(NamedTuple):
    """A value that another one becomes, whatever is said; ``source`` is "" where a function computes it."""

    source: str
    target: str
    place: Place


@dataclass
class Cli:
    """What is another than Lightning's own: ``interval`` is "" where nobody knows in what its LR steps."""

    file: str = ""
    interval: str = "epoch"
    steps_at: Place | None = None
    classes: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)  # by their paths, ``trainer.max_epochs``
    places: dict[str, Place] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    added: set[str] = field(default_factory=set)
    is_open: bool = False  # it may have options that are not known
    callbacks: list[tuple[str, Place]] = field(default_factory=list)  # by their classes, or as they stand
    other: list[tuple[str, Place]] = field(default_factory=list)

    def put(self, path: str, value: object, place: Place) -> None:
        """Have a default, the last of several."""
        self.defaults[path], self.places[path] = value, place


def cli_of(tree: ast.Module, folder: Path, file: str) -> Cli | None:
    """The command line that a script runs; None where it calls none."""
    script, modules = Module.of(tree, folder, file), Modules(folder)
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
        name = dotted(call.func)
        if not name.rpartition(".")[2][:1].isupper():
            continue
        lineage = modules.lineage(name, script)
        if any(one.node is None and one.name.endswith(_CLASS) for one in lineage):
            return _read(call, script, [one for one in lineage if one.node is not None])
    return None


def _read(call: ast.Call, script: Module, lineage: Sequence[Found]) -> Cli:
    cli = Cli(script.file)
    _read_call(cli, call, script)
    seen = set[str]()
    for found in lineage:
        for method in found.node.body if found.node else ():
            if isinstance(method, ast.FunctionDef) and method.name not in seen:
                seen.add(method.name)
                _read_method(cli, method, found)
    return cli


def _read_method(cli: Cli, method: ast.FunctionDef, found: Found) -> None:
    place = Place(found.module.file, method.lineno)
    if method.name == "configure_optimizers":
        cli.interval, cli.steps_at = _interval(method), place
    elif method.name == "add_arguments_to_parser":
        for call in _calls(method):
            _read_added(cli, call, found.module)
    elif method.name == "__init__":
        for call in _calls(method):
            if dotted(call.func) == "super().__init__":
                _read_call(cli, call, found.module)
    elif method.name in _HANDS:
        cli.other.append((f"{found.name} has its own {method.name}", place))


def _read_call(cli: Cli, call: ast.Call, module: Module) -> None:
    """``LightningCLI(…, trainer_defaults={"max_epochs": 9})``."""
    said, place = {one.arg: one.value for one in call.keywords if one.arg}, Place(module.file, call.lineno)
    said |= {name: call.args[at] for name, at in _ARGUMENTS.items() if len(call.args) > at}
    table, trainer = said.get("trainer_defaults"), said.get("trainer_class")
    if isinstance(table, ast.Dict):
        for key, value in zip(table.keys, table.values, strict=True):
            _put(cli, f"trainer.{_literal(key)}", value, module)
    elif table is not None and _literal(table) is not None:
        cli.other.append(("trainer_defaults are not read", place))
    if trainer is not None and not dotted(trainer).endswith("Trainer"):
        cli.other.append(("trainer_class is not read", place))
    configures = said.get("auto_configure_optimizers")
    if configures is not None and _literal(configures) is not True:
        cli.interval, cli.steps_at = "", place
    for name in ("parser_kwargs", "args"):
        if name in said and (name == "args" or "default_config_files" in ast.unparse(said[name])):
            cli.other.append((f"{name} are not read", place))


def _read_added(cli: Cli, call: ast.Call, module: Module) -> None:
    """``parser.add_optimizer_args(AdamW)``, ``parser.set_defaults({"trainer.max_epochs": 9})`` and others."""
    _, _, method = dotted(call.func).rpartition(".")
    place = Place(module.file, call.lineno)
    if method in _PARTS:
        _read_part(cli, call, module, place)
    elif method == "set_defaults":
        _read_defaults(cli, call, module)
    elif method == "link_arguments":
        cli.links.append(_link(call, place))
    elif method == "add_argument":
        cli.added |= {str(_literal(one)).lstrip("-").replace("-", "_") for one in call.args}
    elif method.startswith("add_") and method.endswith(("_args", "_arguments")):
        name = _literal(_argument(call, 1, "nested_key"))
        cli.added |= {name} if isinstance(name, str) else set()
        cli.is_open |= not isinstance(name, str)
        kind = _class_name(call.args[0], module) if method == "add_lightning_class_args" and call.args else ""
        if kind and not kind.endswith(_NO_CALLBACKS):
            cli.callbacks.append((kind, place))
    elif dotted(call.func) == "super().add_arguments_to_parser" or _hands_parser(call):
        cli.is_open = True


def _read_part(cli: Cli, call: ast.Call, module: Module, place: Place) -> None:
    """The class of an optimizer or a scheduler that is fixed; one that is linked is the model's own."""
    part = _PARTS[called(call)]
    key = _argument(call, 1, "nested_key")
    if (key is not None and _literal(key) != part) or _argument(call, 2, "link_to") is not None:
        cli.interval, cli.steps_at = "", place
        cli.added |= {str(_literal(key))} if key is not None else set()
        return
    kind = _argument(call, 0, "optimizer_class" if part == "optimizer" else "lr_scheduler_class")
    if isinstance(kind, (ast.Name, ast.Attribute)):
        cli.classes[part] = _class_name(kind, module)
        cli.put(f"{part}.class_path", cli.classes[part], place)


def _link(call: ast.Call, place: Place) -> Link:
    """``parser.link_arguments("trainer.max_epochs", "lr_scheduler.T_max")``."""
    source, target = (_literal(_argument(call, at, name)) for at, name in enumerate(("source", "target")))
    is_computed = any(_argument(call, at, name) is not None for at, name in _COMPUTED)
    return Link(source if isinstance(source, str) and not is_computed else "", str(target), place)


def _read_defaults(cli: Cli, call: ast.Call, module: Module) -> None:
    for one in call.keywords:
        if one.arg:
            _put(cli, one.arg, one.value, module)
    for table in [*call.args, *(one.value for one in call.keywords if not one.arg)]:
        if not isinstance(table, ast.Dict):
            cli.other.append(("set_defaults is not read", Place(module.file, call.lineno)))
            continue
        for key, value in zip(table.keys, table.values, strict=True):
            _put(cli, str(_literal(key)), value, module)


def _put(cli: Cli, path: str, node: ast.expr, module: Module) -> None:
    place, value = Place(module.file, node.lineno), _literal(node)
    if path == "trainer.callbacks":
        listed = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node] * (value is not None)
        cli.callbacks += [(_class_of(one, module), Place(module.file, one.lineno)) for one in listed]
        return
    if path == "trainer.strategy" and value is ... and isinstance(node, ast.Call):
        given = {one.arg: _literal(one.value) for one in node.keywords if one.arg}
        known = {name: one for name, one in given.items() if one is not ...}
        value = {"class_path": _class_name(node.func, module), "init_args": known}
    cli.put(path, Unknown(f"{path} in line {node.lineno}", (path,)) if value is ... else value, place)


def _class_of(node: ast.expr, module: Module) -> str:
    """The class of what is made there, or all that stands there."""
    return (_class_name(node.func, module) if isinstance(node, ast.Call) else "") or ast.unparse(node)


def _class_name(node: ast.expr, module: Module) -> str:
    """A class by its module, as it is imported."""
    first, dot, rest = dotted(node).partition(".")
    origin = next(iter(module.origins.get(first, ())), None)
    own = f"__main__.{first}" if first in module.classes else first
    return f"{'.'.join(filter(None, origin)) if origin else own}{dot}{rest}"


def _interval(method: ast.FunctionDef) -> str:
    """In what a scheduler steps that it returns as it is given; "" where it may be another, or others."""
    parts = [one for statement in method.body for one in ast.walk(statement)]
    calls = [one for one in parts if isinstance(one, ast.Call) and dotted(one.func) != "isinstance"]
    owned = [one for one in parts if isinstance(one, (ast.Attribute, ast.Subscript))]
    changes = [one for one in owned if not isinstance(one.ctx, ast.Load)]
    tables = [one for one in parts if isinstance(one, ast.Dict)]
    said = [pair for one in tables for pair in zip(one.keys, one.values, strict=True)]
    pairs = [(_literal(key), _literal(value)) for key, value in said]
    units = {str(value) for key, value in pairs if key == "interval"} or {"epoch"}
    if calls or changes or any(key == "frequency" and value != 1 for key, value in pairs):
        return ""
    (unit,) = units if len(units) == 1 else ("",)
    return unit if unit in ("step", "epoch") else ""


def _calls(method: ast.FunctionDef) -> Iterator[ast.Call]:
    return (one for one in ast.walk(method) if isinstance(one, ast.Call))


def _hands_parser(call: ast.Call) -> bool:
    """Whether another function is handed the parser."""
    return any(isinstance(one, ast.Name) and one.id == "parser" for one in call.args)


def _argument(call: ast.Call, at: int, name: str) -> ast.expr | None:
    said = {one.arg: one.value for one in call.keywords}
    return said.get(name) or (call.args[at] if len(call.args) > at else None)


def _literal(node: ast.AST | None) -> Any:
    """What is written out; ``...`` of what is not."""
    try:
        return ast.literal_eval(node) if isinstance(node, ast.expr) else None
    except (ValueError, TypeError, RecursionError, MemoryError):
        return ...
