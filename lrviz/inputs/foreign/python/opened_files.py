"""Files that a Python file opens: what ``json.load`` gives of one that is here, and which it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import read_text
from lrviz.inputs.foreign.beside import one_of_folders
from lrviz.inputs.foreign.python.located import Items, Table
from lrviz.inputs.foreign.python.python_paths import PathText
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.inputs.config.document import Text
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.python.python_names import Names

OPEN = "open"
_DUMP = "json.dump"
_JSONS, _YAMLS = ("json.load", "json.loads"), ("safe_load", "load", "full_load", "unsafe_load")
_LOADS = {**dict.fromkeys(_JSONS, ".json"), **{f"yaml.{name}": ".yaml" for name in _YAMLS}}
"""Functions that read an open file or its text, each with the suffix of their language."""
_READS = ("read", "read_text")
_SUFFIXES = {".json": frozenset({".json"}), ".yaml": frozenset({".yaml", ".yml", ".json"})}


def is_opened(value: object) -> bool:
    """Whether a value is a file that has been opened."""
    return isinstance(value, PythonCall) and value.name == OPEN


def opened(on: object, method: str, arguments: Sequence[Any], line: int) -> PythonCall | None:
    """The file that a method gives, or its text: of a path, or of a file that is open; None is another."""
    if is_opened(on) and isinstance(on, PythonCall) and method in _READS:
        return on
    if not isinstance(on, PathText) or method not in (OPEN, *_READS):
        return None
    return PythonCall(OPEN, (str(on), *(arguments if method == OPEN else ())), {}, line)


def loaded(function: str, arguments: Sequence[Any], names: Names) -> Any:
    """What a function reads from a file in JSON or YAML that is open; None where it does not."""
    is_whole = function in _LOADS and 1 <= len(arguments) <= 1 + (function == "yaml.load")
    file = arguments[0] if is_whole else None
    if not isinstance(file, PythonCall) or not is_opened(file):
        return None
    name = file.arguments[0] if file.arguments else None
    if not isinstance(name, str):
        return Unknown(f"what line {file.line} opens")
    if writes := writing_of(names.calls, name):
        return Unknown(f"{name}, which line {writes.line} writes")
    return _read(name, names, file.line, _LOADS[function])


def writing_of(calls: Iterable[PythonCall], name: str) -> PythonCall | None:
    """The first call that opens a file to write it; None where none does."""
    return next((call for call in calls if _writes(call) and call.arguments[0] == name), None)


def dumped_to(calls: Sequence[PythonCall], name: str) -> dict[str, Any] | None:
    """The dict that ``json.dump`` writes to a file, where it alone does so and surely; None of another."""
    files = [call for call in calls if _writes(call) and call.arguments[0] == name]
    if len(files) != 1:
        return None
    dumps = [call for call in calls if call.name == _DUMP and files[0] in call.arguments[1:2]]
    if len(dumps) != 1 or files[0].around or dumps[0].around:
        return None
    value = dumps[0].arguments[0]
    return value if isinstance(value, dict) else None


def _writes(call: PythonCall) -> bool:
    mode = call.keywords.get("mode", (*call.arguments, "", "")[1])
    is_read = not isinstance(mode, str) or set(mode) <= set("rbtU")
    return call.name == OPEN and bool(call.arguments) and not is_read


def _read(name: str, names: Names, line: int, suffix: str) -> Any:
    try:
        found = one_of_folders(name, names.folder, _SUFFIXES[suffix], f"line {line}")
        if isinstance(found, Unknown):
            return found
        text = read_text(found.raw, found.name, suffix, lenient=True)
    except ConfigError:
        return Unknown(f"{name}, which cannot be read")
    names.files.append(found.name)
    return located(text, text.data, ())


def located(text: Text, value: object, path: KeyPath) -> Any:
    """What YAML and JSON say, with its places."""
    if isinstance(value, dict):
        table = Table()
        for key, one in value.items():
            table.put(key, located(text, one, (*path, key)), text.place((*path, key)))
        return table
    if isinstance(value, list):
        ways = [(*path, i) for i in range(len(value))]
        return Items(
            [located(text, one, way) for one, way in zip(value, ways, strict=True)], map(text.place, ways)
        )
    return value
