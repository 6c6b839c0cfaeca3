"""Expressions as text, in lines as the formatters of Python lay them out."""

from __future__ import annotations

import ast
import re

WIDTH = 88
_SIMPLE = r"(?:[A-Za-z_][\w.]*|\d[\d.]*(?:e[-+]?\d+)?)"
_POWER = re.compile(rf"(?<![\w.)\]])({_SIMPLE}) \*\* (-?{_SIMPLE})(?![\w.(\[])")


def text_of(node: ast.expr) -> str:
    """An expression in one line."""
    text = ast.unparse(node).replace("'", '"')
    return _POWER.sub(r"\1**\2", text.replace("e+", "e"))


def laid_out(prefix: str, node: ast.expr, indent: int = 0, suffix: str = "") -> list[str]:
    """An expression behind a prefix; calls, lists and dicts that are too long in several lines."""
    line = f"{' ' * indent}{prefix}{text_of(node)}{suffix}"
    if len(line) <= WIDTH or not isinstance(node, (ast.Call, ast.List, ast.Dict)):
        return [line]
    opening, items, closing = _parts(node)
    inner = ", ".join(f"{before}{text_of(one)}" for before, one in items)
    lines = [f"{' ' * (indent + 4)}{inner}"]
    if not isinstance(node, ast.Call) or len(lines[0]) > WIDTH:
        comma = "" if isinstance(node, ast.Call) and len(items) == 1 and not items[0][0] else ","
        lines = [part for before, one in items for part in laid_out(before, one, indent + 4, comma)]
    return [f"{' ' * indent}{prefix}{opening}", *lines, f"{' ' * indent}{closing}{suffix}"]


def _parts(node: ast.Call | ast.List | ast.Dict) -> tuple[str, list[tuple[str, ast.expr]], str]:
    """The opening bracket and what stands before it, the items with their keywords, the closing one."""
    if isinstance(node, ast.List):
        return "[", [("", one) for one in node.elts], "]"
    if isinstance(node, ast.Dict):
        pairs = [(key, one) for key, one in zip(node.keys, node.values, strict=True) if key is not None]
        return "{", [(f"{text_of(key)}: ", one) for key, one in pairs], "}"
    items = [("", one) for one in node.args] + [(f"{one.arg}=", one.value) for one in node.keywords]
    return f"{text_of(node.func)}(", items, ")"
