"""Trainers' files and launch lines: those of the cases of ``tests/foreign``, spoilt."""

from __future__ import annotations

import json
import shlex
from functools import cache
from pathlib import Path

from case import Case
from check_cases import spoilt_bytes
from pieces import HOSTILE, number, some, spoilt, typed, value

FOREIGN = Path(__file__).parents[1] / "foreign"
COMMANDS = (
    ("show",),
    ("plan",),
    ("plan", "-v"),
    ("values", "--at", "0,last"),
    ("plan", "--format", "toml"),
    ("check",),
)


@cache
def sources():
    """The folder, file, text and options of each case."""
    return [
        (path.parent.name, one["file"], (path.parent / one["file"]).read_text(), tuple(one["options"]))
        for path in sorted(FOREIGN.glob("*/cases.json"))
        for one in json.loads(path.read_text()).values()
        if (path.parent / one["file"]).is_file()
    ]


def given(random, options):
    """The options of a case, of which some are left out or have other values."""
    pairs = list(zip(options[::2], options[1::2], strict=True))
    kept = [pair for pair in pairs if random.random() < 0.95]
    return [text for name, one in kept for text in (name, number(random) if random.random() < 0.1 else one)]


def hostile(random, text):
    """A value behind a key exchanged for one of another kind."""
    lines = text.split("\n")
    places = [at for at, line in enumerate(lines) if ":" in line or "=" in line]
    for at in random.sample(places, min(len(places), random.randint(1, 2))):
        sign = ":" if ":" in lines[at] else "="
        written = random.choice((json.dumps(random.choice(HOSTILE)), value(random)))
        lines[at] = f"{lines[at].partition(sign)[0]}{sign} {written}"
    return "\n".join(lines)


def file_case(random):
    """A trainer's file, with what others beside it say as it is."""
    folder, name, text, options = random.choice(sources())
    text = random.choice((spoilt, hostile, hostile, spoilt))(random, text)
    content = some(random, 0.03, spoilt_bytes, text.encode("utf-8", "replace"))
    command, *more = random.choice(COMMANDS)
    return Case((command, name, *given(random, options), *more), {name: content}, folder=f"foreign/{folder}")


def line_case(random):
    """A launch line behind ``--``, or whole behind ``--args``."""
    folder, _, text, options = random.choice([one for one in sources() if one[1].endswith(".sh")])
    line = text.replace("\\\n", " ").strip().split("\n")[-1]
    line = some(random, 0.8, spoilt, line)
    command, *more = random.choice(COMMANDS)
    words = [command, *given(random, options), *more]
    if random.random() < 0.5:
        return Case((*words, "--args", typed(line)), folder=f"foreign/{folder}")
    return Case((*words, "--", *map(typed, split(line))), folder=f"foreign/{folder}")


def split(line):
    """As a shell would, where it could."""
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()
