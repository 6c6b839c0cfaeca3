"""The code of a Jupyter notebook as one Python file, or its shell commands as one script.

Lines are where they stand in the notebook.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
from functools import partial
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.located import Spoiled
from lrviz.inputs.foreign.python.python_expressions import Expressions
from lrviz.inputs.foreign.shell.python_written import files_named, writes_files
from lrviz.notation.numbers import is_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_MAGIC = re.compile(r"(\s*)[%!?]")
_OF_SHELL = ("%%bash", "%%sh", "%%script bash")
_WRITES = re.compile(r"%%(?:writefile|file)\s+(-a\s+)?(\S+)\s*")
_SETS = re.compile(
    r"""(?:%env\s+)?([A-Za-z_]\w*)\s*=\s*(-?[\d.]+(?:e[-+]?\d+)?|"[^"\\{]*"|'[^'\\{]*')\s*(?:#.*)?"""
)
_BRACES = re.compile(r"(?<!\$)\{([^{}]+)\}")
_CONVERTED = re.compile(r"(.+)!([rsa])\s*", re.DOTALL)
_OF_SUMS = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Load),
    ast.operator,
    ast.unaryop,
)
_SIGNS = re.compile(r"(?:\w+|[\s()+*-])+", re.ASCII)
"""Of a sum that a shell has as Python does, where all in it is whole."""
_END = "END_OF_CELL"
_BY_PYTHON = "$(made by Python)"
"""A value that no shell knows, as it is called where it is asked for."""
_OWN_SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
"""What binds names that are its own."""
QUOTES = "\"'"
_OF_PYTHON = re.compile(r"%%(?:time|timeit|capture|prun)\b")
"""Magic of a cell that is Python all the same."""


def code_of(text: str, name: str) -> str:
    """All cells of code, one behind the other; what is no Python in them, ``!pip install``, does nothing.

    Raises:
        ConfigError: it is no notebook.

    """
    lines = [line for source in _cells(text, name) for line in _python_lines(source)]
    return "\n".join(_placed(lines, text))


def script_of(text: str, name: str) -> str:
    """What it gives to a shell, ``!torchrun …`` and cells of ``%%bash``, and the files that cells are.

    Names that its Python sets to a number or a text are variables there: IPython puts them into ``$LR`` and
    ``{LR}``. Nothing where it has no such command.

    Raises:
        ConfigError: it is no notebook.

    """
    cells = _cells(text, name)
    if not any(one.startswith(_OF_SHELL) or re.search(r"^\s*!", one, re.MULTILINE) for one in cells):
        return ""
    before = ""
    lines: list[tuple[str, str]] = []
    texts = _names_of_texts(cells)
    for source in cells:
        lines += _shell_lines(source, texts)
        before += "".join(f"{line}\n" for _, line in _python_lines(source))
        lines += [("", _writing(file)) for file in _made_by(source, before)]
    return "\n".join(_placed(lines, text))


def _made_by(source: str, before: str) -> list[str]:
    """Configs that a cell of Python writes, by all that the cells up to it name."""
    code = "\n".join(line for _, line in _python_lines(source))
    return [*dict.fromkeys(files_named(before))] if writes_files(code) else []


def _writing(file: str) -> str:
    """A command that stands for Python which writes a file."""
    code = f'open({file!r}, "w")'
    return f"python -c {shlex.quote(code)}"


def _cells(text: str, name: str) -> list[str]:
    try:
        cells = [one for one in json.loads(text)["cells"] if one["cell_type"] == "code"]
        return ["".join(one["source"]) for one in cells]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ConfigError(f"{name}: no notebook", hint="save it as Python, and give that") from None


def _python_lines(source: str) -> Iterator[tuple[str, str]]:
    """Each line as it is written, and as Python has it."""
    if source.startswith("%%") and not _OF_PYTHON.match(source):
        return
    goes_on = False
    for line in source.splitlines():
        found = _MAGIC.match(line)
        is_magic = goes_on or found is not None
        goes_on = is_magic and line.endswith("\\")
        yield line, f"{found[1]}pass" if found else "" if is_magic else line


def _shell_lines(source: str, texts: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each line as it is written, and as a shell has it."""
    first, *rest = source.splitlines() or [""]
    if source.startswith(_OF_SHELL):
        yield from ((line, line) for line in rest)
    elif found := _WRITES.match(first):
        sign = ">>" if found[1] else ">"
        yield first, f"cat {sign} {found[2]} <<'{_END}'"
        yield from ((line, line) for line in rest)
        yield "", _END
    elif not source.startswith("%%") or _OF_PYTHON.match(source):
        code = "\n".join(line for _, line in _python_lines(source))
        yield from _typed_lines([first, *rest], _bound_names(code), texts)


def _typed_lines(
    lines: list[str], bound: Mapping[int, list[str]], texts: Collection[str]
) -> Iterator[tuple[str, str]]:
    """``!command`` up to its last line, and ``LR = 1e-5`` as what IPython puts into it.

    What other lines bind, ``LR *= 2``, is nothing that is known.
    """
    goes_on = False
    for number, line in enumerate(lines, 1):
        is_command = goes_on or line.lstrip().startswith("!")
        goes_on = is_command and line.endswith("\\")
        if is_command:
            command = line if not line.lstrip().startswith("!") else line.lstrip().lstrip("!")
            yield line, _BRACES.sub(partial(_put_in, texts=texts), command)
        elif found := _SETS.fullmatch(line):
            yield line, f"{found[1]}={shlex.quote(found[2].strip(QUOTES))}"
        elif number in bound:
            yield line, "; ".join(f"{name}={_BY_PYTHON}" for name in bound[number])


def _put_in(found: re.Match[str], texts: Collection[str]) -> str:
    """A variable or a sum as a shell has it, what only Python tells as the output of that; else as it stands.

    Source: ``var_expand`` of IPython 9.18: what stands in braces is evaluated, with ``!r`` behind it or
    without, or all is left as it stands, as where a format is behind it, ``{LR:.0e}``.
    """
    converted = _CONVERTED.fullmatch(found[1])
    said = converted[1] if converted else found[1]
    try:
        tree = ast.parse(said.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return found[0]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    is_quoted = converted is not None and converted[2] != "s" and names & set(texts)
    if isinstance(tree.body, ast.Name) and not is_quoted:
        return f"${{{tree.body.id}}}"
    if isinstance(tree.body, ast.Tuple) or not names:
        return _number(tree.body) or found[0]
    is_sum = all(isinstance(node, _OF_SUMS) for node in ast.walk(tree)) and _SIGNS.fullmatch(said)
    return f"$(({said}))" if is_sum and "**" not in said and not names & set(texts) else "$(python)"


def _number(node: ast.expr) -> str:
    """A sum of numbers alone, as Python writes it; nothing of anything else."""
    is_sum = all(isinstance(one, _OF_SUMS) for one in ast.walk(node))
    value = Expressions("", Spoiled(), {}).visit(node) if is_sum else None
    return str(value) if is_number(value) else ""


def _names_of_texts(cells: Iterable[str]) -> set[str]:
    """Names that are set to a text, of which a sum is another one."""
    found = (_SETS.fullmatch(line) for source in cells for line in source.splitlines())
    return {one[1] for one in found if one and one[2][0] in QUOTES}


def _bound_names(code: str) -> dict[int, list[str]]:
    """The names that a cell binds, by line; those of its functions and classes are their own."""
    found: dict[int, list[str]] = {}
    try:
        left: list[ast.AST] = [ast.parse(code)]
    except (SyntaxError, ValueError, RecursionError):
        return found
    while left:
        node = left.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.lineno, []).append(node.id)
        if not isinstance(node, _OWN_SCOPES):
            left += ast.iter_child_nodes(node)
    return found


def _placed(lines: list[tuple[str, str]], text: str) -> list[str]:
    """The lines with empty ones between, where a notebook has each of them in a line of its own."""
    placed: list[str] = []
    at = number = 0
    for written, line in lines:
        for quoted in _quoted(written):
            found = text.find(quoted, at)
            if found >= 0:
                number += text.count("\n", at, found)
                at = found
                break
        placed += [""] * (number - len(placed))
        placed.append(line)
    return placed


def _quoted(line: str) -> tuple[Any, Any]:
    """A line as JSON writes it, without the quotes: letters as they are, or all in ASCII."""
    return json.dumps(line, ensure_ascii=False)[1:-1], json.dumps(line)[1:-1]
