"""Strangers' files with anything where a number should stand: a result, or a refusal with a hint."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from lrviz.curves.read import runs_of
from lrviz.errors import LrvizError
from lrviz.inputs.config.document import read_text
from lrviz.inputs.foreign.foreign_run import ForeignRun
from lrviz.inputs.words import SUFFIXES
from lrviz.notation.origin import Origin

FOLDER = Path(__file__).parent / "foreign"
HOSTILE = (None, [], {}, [[{}]], "text", -1, 0, 1e308, 2**70)
EVERY = 61
"""One of so many leaves is changed: all of them take minutes."""


def leaves(value, path=()):
    """The paths of all that stands in a file: tables, lists and what is in them."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from leaves(inner, (*path, key))


def changed(value, path, hostile):
    """The same with another value at a path."""
    if not path:
        return hostile
    key, *rest = path
    if isinstance(value, list):
        return [changed(one, rest, hostile) if at == key else one for at, one in enumerate(value)]
    return {**value, key: changed(value[key], rest, hostile)}


def options_of(words):
    """The options of a case as ``runs_of`` has them: keys, and what ``--given`` tells."""
    pairs = list(zip(words[::2], words[1::2], strict=True))
    given = dict(value.split("=", 1) for option, value in pairs if option == "--given")
    flags = {option[2:].replace("-", "_"): value for option, value in pairs if option != "--given"}
    return flags, given


def mutations():
    """Every leaf of every file of data that a case reads, with each hostile value in its place."""
    for cases in sorted(FOLDER.glob("*/cases.json")):
        read = json.loads(cases.read_text()).values()
        files = {one["file"]: one["options"] for one in read if Path(one["file"]).suffix in SUFFIXES}
        for file, options in files.items():
            path = cases.parent / file
            data = read_text(path.read_bytes(), file, path.suffix, lenient=True).data
            for leaf in leaves(data):
                for hostile in HOSTILE:
                    yield path, options, leaf, hostile, data


def written(value, language):
    """Changed data as a file: JSON, which YAML holds too, or TOML, which has no null."""
    if language != "toml":
        return json.dumps(value)
    return "\n".join(f"{json.dumps(key)} = {in_toml(one)}" for key, one in value.items() if one is not None)


def in_toml(value):
    """A value of TOML in one line."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {in_toml(one)}" for key, one in value.items() if one is not None)
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(in_toml(one) for one in value if one is not None)}]"
    return json.dumps(value)


def refusal(path, options, data):
    """Why a file is refused that holds this in the place of a case's; None where it is not."""
    language = SUFFIXES[path.suffix]
    file = ForeignRun(written(data, language).encode(), path.name, path.suffix, path.parent)
    flags, given = options_of(options)
    origins = {key: Origin("option", key) for key in flags}
    try:
        runs_of([file], flags, origins, examples=False, given=given)
    except LrvizError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("path", "options", "leaf", "hostile", "data"),
    [
        pytest.param(*one, id=f"{one[0].parent.name}-{one[0].name}-{'.'.join(map(str, one[2]))}={one[3]}")
        for one in islice(mutations(), 0, None, EVERY)
    ],
)
def test_anything_in_the_place_of_a_value_is_read_or_refused_with_a_hint(path, options, leaf, hostile, data):
    error = refusal(path, options, changed(data, leaf, hostile))
    assert error is None or error.hint


CASES = list({one[0]: one for one in mutations()}.values())


def test_most_of_what_is_changed_is_read_where_it_is_not():
    refused = [path.name for path, options, _, _, data in CASES if refusal(path, options, data)]
    assert len(refused) < len(CASES) / 2
