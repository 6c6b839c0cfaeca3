"""The fields of the dataclasses that a script has parsed: ``HfArgumentParser((Data, Training))``."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, TypeGuard

from lrviz.inputs.foreign.python.located import Table
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PARSERS = {"HfArgumentParser", "TrlParser", "H4ArgumentParser", "ArgumentParserPlus"}
"""Those that make options of dataclasses."""
OF_TRAINERS = re.compile(r"(?:Train|SFT|PO|KTO|RLOO|Reward|GKD|Distill)\w*(?:Arguments|Args|Config)$")
"""Names of classes that may hold the settings of the Trainer or of one built on it."""
OF_TRANSFORMERS = ("TrainingArguments", "Seq2SeqTrainingArguments")
"""Those of transformers itself."""
OF_SENTENCES = (
    "SentenceTransformerTrainingArguments",
    "CrossEncoderTrainingArguments",
    "SparseEncoderTrainingArguments",
    "MultiVectorEncoderTrainingArguments",
)
"""Those of sentence-transformers."""

_DEFAULTS = ("default", "default_factory")


def fields_of(module: ast.Module, file: str) -> Table:
    """What the fields of its own classes are by default, those of their bases in it below.

    One that is not written out is Unknown.
    """
    classes, table = _classes(module), Table()
    parsed = parsed_by_name(module) if classes else ()
    found = [one for name in parsed for one in _with_bases(name, dict(classes))]
    for line in (line for one in found for line in one.body):
        field = next(_options_of(line), "")
        if field and isinstance(line, ast.AnnAssign) and line.value:
            table.put(field, _default(line.value, field), Place(file, line.lineno))
    return table


def own_classes(module: ast.Module) -> tuple[str, ...]:
    """The classes that it has parsed, where none of them may be one of the Trainer's, or built on it."""
    is_of_trainer = any(map(OF_TRAINERS.search, parsed_classes(module)))
    return () if is_of_trainer else tuple(dict.fromkeys(parsed_by_name(module)))


def added_fields(module: ast.Module) -> frozenset[str]:
    """The fields of its own classes that are built on a trainer's arguments, which may have them too."""
    classes = _classes(module)
    lines = [line for name in classes for one in _of_trainer(name, classes) for line in one.body]
    return frozenset(name for line in lines for name in _options_of(line))


def _of_trainer(name: str, classes: dict[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """A class and its bases in the file, where one of them is built on a trainer's."""
    found = [*_with_bases(name, dict(classes))]
    bases = [_last_name(base) for one in found for base in one.bases]
    return found if any(map(OF_TRAINERS.search, {*bases} - classes.keys())) else []


def parsed_classes(module: ast.Module) -> frozenset[str]:
    """The classes of others that it has parsed, or that those which it has parsed are built on."""
    classes, parsed = _classes(module), {*parsed_by_name(module)}
    found = [one for name in parsed for one in _with_bases(name, dict(classes))]
    pairs = [(one.name, base) for one in found for base in one.bases]
    others = {
        base.id for name, base in pairs if isinstance(base, ast.Name) and base.id not in {*classes} - {name}
    }
    others |= {base.attr for _, base in pairs if isinstance(base, ast.Attribute)}  # of another module
    return frozenset(others | (parsed - classes.keys()))


def _classes(module: ast.Module) -> dict[str, ast.ClassDef]:
    return {one.name: one for one in module.body if isinstance(one, ast.ClassDef)}


def parsed_by_name(module: ast.Module) -> Iterator[str]:
    """The names of the classes that a parser is made of."""
    for one in ast.walk(module):
        if isinstance(one, ast.Call) and _last_name(one.func) in PARSERS:
            yield from parser_classes(one)


def parser_classes(parser: ast.Call) -> list[str]:
    """The names of the classes that one parser is made of."""
    for first in parser.args[:1]:
        return [*map(_last_name, first.elts if isinstance(first, ast.Tuple | ast.List) else [first])]
    return []


def are_own(names: Collection[str], module: ast.Module) -> bool:
    """Whether there are such classes, all of the file, and none built on one of a Trainer's."""
    classes = _classes(module)
    bases = [base for name in names for one in _with_bases(name, dict(classes)) for base in one.bases]
    is_known = bool(names) and all(name in classes for name in names)
    return is_known and not any(map(OF_TRAINERS.search, map(_last_name, bases)))


def options_of_fields(module: ast.Module, names: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The options that are made of classes: of its own, and the classes of others that have more of them."""
    classes = _classes(module)
    found = [one for name in names for one in _with_bases(name, dict(classes))]
    others = parsed_classes(module)
    return frozenset(name for one in found for line in one.body for name in _options_of(line)), others


def _options_of(line: ast.stmt) -> Iterator[str]:
    """The option of a field, and what else it is called; none where the class is not made with it."""
    if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
        return
    made = line.value.keywords if isinstance(line.value, ast.Call) else []
    said = {one.arg: one.value for one in made}
    init = said.get("init")
    if "ClassVar" in ast.unparse(line.annotation) or (isinstance(init, ast.Constant) and init.value is False):
        return
    yield line.target.id
    for part in said.values():
        texts = (one.value for one in ast.walk(part) if isinstance(one, ast.Constant))
        yield from (one.lstrip("-").replace("-", "_") for one in texts if _is_option(one))


def _is_option(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and text.startswith("-") and " " not in text


def _with_bases(name: str, left: dict[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    """The class of a name, behind its bases that stand in the same file; each of them once."""
    found = left.pop(name, None)
    for base in found.bases if found else ():
        yield from _with_bases(base.id, left) if isinstance(base, ast.Name) else ()
    yield from (found,) if found else ()


def _default(value: ast.expr, name: str) -> Any:
    """A literal, also that of ``field(default=…)`` or of ``field(default_factory=lambda: …)``."""
    if isinstance(value, ast.Call) and _last_name(value.func) == "field":
        said = next((one.value for one in value.keywords if one.arg in _DEFAULTS), value)
        value = said.body if isinstance(said, ast.Lambda) else said
    try:
        found = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return Unknown(f"the default in line {value.lineno}", (name,))
    is_plain = found is None or isinstance(found, (bool, int, float, str, dict))
    return found if is_plain else Unknown(f"the list in line {value.lineno}", (name,))


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
