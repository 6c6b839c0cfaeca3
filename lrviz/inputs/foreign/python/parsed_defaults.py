"""What the fields of the dataclasses are that a script has parsed, where its command says nothing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.argument_setters import MAIN
from lrviz.inputs.foreign.python.derived_arguments import AFTER_INIT
from lrviz.inputs.foreign.python.namespaces import Definitions
from lrviz.inputs.foreign.python.python_fields import (
    OF_TRAINERS,
    OF_TRANSFORMERS,
    fields_of,
    parsed_by_name,
    parsed_classes,
)
from lrviz.inputs.foreign.python.python_options import set_by_defaults
from lrviz.inputs.foreign.python.python_values import is_scalar

if TYPE_CHECKING:
    import ast


def defaults_of_parsed(module: ast.Module, file: str) -> dict[str, Any]:
    """Those of its own classes, above transformers' own; of what a class sets as it is made nobody knows."""
    trainers = {one for one in parsed_classes(module) if OF_TRAINERS.search(one)}
    above = dict(MAIN) if trainers and trainers <= {*OF_TRANSFORMERS} else {}
    own = fields_of(module, file)
    later = {*set_by_defaults(module, file), *_set_later(module)}
    if None in later:
        return {}
    found = {**above, **own}
    return {name: value for name, value in found.items() if is_scalar(value) and name not in later}


def _set_later(module: ast.Module) -> set[str | None]:
    """The fields that a class sets as it is made; None where nobody knows which."""
    definitions = Definitions.of(module)
    if not any(True for _ in parsed_by_name(module)):
        return set()
    classes = definitions.classes.values()
    return {one.key for owner in classes for one in definitions.set_by_method(owner, AFTER_INIT)}
