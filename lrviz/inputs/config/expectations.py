"""``[[check]]``: what a config expects of its own curves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import SpecError
from lrviz.inputs.config.fault import Fault, unknown, wrong
from lrviz.inputs.words import file_and_curve, is_config, seen_from
from lrviz.notation.expectation import SameAs
from lrviz.notation.expectation_parser import parse_expectation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lrviz.inputs.config.document import Text
    from lrviz.inputs.config.lines import KeyPath
    from lrviz.notation.expectation import Expectation

_WAY = "<expect=total == 612>"


def faults_of_checks(listed: object) -> Iterator[Fault]:
    """Everything wrong with what a config expects."""
    if not isinstance(listed, list) or not listed:
        below = "" if isinstance(listed, dict) else f", below it {_WAY}"
        yield wrong(("check",), "a list of tables", listed, f"head each check with <check>{below}")
        return
    for i, table in enumerate(listed):
        path: KeyPath = ("check", i)
        if not isinstance(table, dict):
            yield wrong(path, "a table", table, _WAY)
            continue
        for key in table:
            if key == "label":
                yield Fault(
                    (*path, key), "unknown key", "the label stands in front: <expect=mine: last < 1%>"
                )
            elif key != "expect":
                yield unknown((*path, key), ["expect"])
        if not table.get("expect"):
            yield Fault(path, "expect is missing or empty", _WAY)
        for way, text in _texts((*path, "expect"), table.get("expect") or []):
            yield from _misread(way, text)


def expectations_in(text: Text, folder: Path) -> list[Expectation]:
    """What a config without faults expects; files it names lie beside it."""
    found = []
    for i, table in enumerate(text.data.get("check", ())):
        for way, said in _texts(("check", i, "expect"), table["expect"]):
            one = parse_expectation(said)
            if isinstance(one.claim, SameAs) and is_config(file_and_curve(one.claim.reference)[0]):
                one = replace(one, claim=SameAs(seen_from(folder, one.claim.reference)))
            found.append(replace(one, place=text.place(way)))
    return found


def _texts(path: KeyPath, raw: object) -> list[tuple[KeyPath, Any]]:
    """The one text, or each of a list, with its way."""
    return [((*path, i), one) for i, one in enumerate(raw)] if isinstance(raw, list) else [(path, raw)]


def _misread(path: KeyPath, raw: object) -> Iterator[Fault]:
    if not isinstance(raw, str):
        yield wrong(path, "text or a list of texts", raw, _WAY)
        return
    try:
        parse_expectation(raw)
    except SpecError as error:
        yield Fault(path, error.message, error.template)
