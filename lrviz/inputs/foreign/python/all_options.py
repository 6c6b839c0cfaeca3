"""All options of a script's parser of dataclasses, where it has no other: it stops at what is none of them.

Source: transformers 4.36 to 5.23, ``hf_argparser.py``; trl 0.19 to 1.16, ``scripts/utils.py``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.python.call_syntax import dotted, given_to, method_of, text_of
from lrviz.inputs.foreign.python.parsed_files import ARGUMENTS, is_parser, parsers_of
from lrviz.inputs.foreign.python.python_fields import options_of_fields, parser_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_COMMAND = frozenset({"parse_args_into_dataclasses", "parse_args_and_config"})
_OF_FILES = frozenset({*ARGUMENTS, "parse_args_and_config"})
_OTHERS = frozenset({"parse_args", "parse_known_args", "add_subparsers"})
_LENIENT = frozenset({"return_remaining_strings", "fail_with_unknown_args", "allow_extra_keys"})
_NO_MATTER = frozenset({"look_for_args_file", "json_file", "yaml_file"})
_ARGV = "sys.argv"
_READING = frozenset({"index", "count", "copy"})


class AllOptions(NamedTuple):
    """The options that a script makes of its own classes, and the classes of others that it makes some of.

    It stops at others in a command, in a file of settings.
    """

    own: frozenset[str]
    classes: frozenset[str]
    of_command: bool
    of_files: bool


def all_options(module: ast.Module) -> AllOptions | None:
    """Those of a script whose parsers have nothing but their classes; None where they may have more."""
    calls = [one for one in ast.walk(module) if isinstance(one, ast.Call)]
    parsers = [one for one in calls if is_parser(one)]
    parsings = [one for one in calls if method_of(one) in _OF_COMMAND | _OF_FILES]
    parsed = [parser_classes(one) for one in parsers]
    methods = {one.attr for one in ast.walk(module) if isinstance(one, ast.Attribute)}
    is_whole = all(names and all(names) for names in parsed) and methods.isdisjoint(_OTHERS)
    added = [*_added(calls)]
    if not parsings or not parsers or not is_whole or None in added or _changes_argv(module):
        return None
    if _are_handed(module, calls) or not all(map(_reads_its_own, parsings)):
        return None
    found = options_of_fields(module, [name for names in parsed for name in names])
    own = frozenset((*found[0], *(one for one in added if one)))
    return AllOptions(
        own,
        found[1],
        all(_is_strict(one) for one in parsings if method_of(one) in _OF_COMMAND),
        all(_is_strict(one) for one in parsings if method_of(one) in _OF_FILES),
    )


def _is_strict(parsing: ast.Call) -> bool:
    """Whether it stops at what is left: nobody asks for that, or has it passed over."""
    said = {one.arg: one.value for one in parsing.keywords if one.arg in _LENIENT}
    usual = {"fail_with_unknown_args": True}
    return all(
        isinstance(value, ast.Constant) and value.value is usual.get(str(name), False)
        for name, value in said.items()
    )


def _reads_its_own(parsing: ast.Call) -> bool:
    """Whether it reads the command as it is, or the one file or dict that it is given."""
    is_of_command = method_of(parsing) in _OF_COMMAND
    names = {one.arg for one in parsing.keywords} - _LENIENT - _NO_MATTER
    return names <= (set() if is_of_command else {"args"}) and len(parsing.args) <= (not is_of_command)


def _added(calls: list[ast.Call]) -> Iterator[str | None]:
    """The options that are added by hand; None for one whose name is not written out."""
    for call in calls:
        for word in call.args if method_of(call) == "add_argument" else ():
            text = text_of(word)
            yield None if text is None else text.lstrip("-").replace("-", "_")


def _changes_argv(module: ast.Module) -> bool:
    """Whether it makes other words of its command's."""
    for one in ast.walk(module):
        if isinstance(one, ast.ImportFrom) and any(name.name == "argv" for name in one.names):
            return True
        on = one.value if isinstance(one, ast.Attribute | ast.Subscript) else None
        named = (dotted(one), dotted(on)) if on is not None else ()
        is_method = isinstance(one, ast.Attribute) and named[1:] == (_ARGV,) and one.attr not in _READING
        is_set = isinstance(one, ast.Attribute | ast.Subscript) and not isinstance(one.ctx, ast.Load)
        if is_method or (is_set and _ARGV in named):
            return True
    return False


def _are_handed(module: ast.Module, calls: list[ast.Call]) -> bool:
    """Whether another function is given a parser, and may add options to it."""
    names = parsers_of(module).keys()
    return any(dotted(value) in names or is_parser(value) for one in calls for value in given_to(one))
