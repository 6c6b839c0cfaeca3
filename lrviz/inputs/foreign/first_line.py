"""What a text without a name is, by its first line: a script, Python, or what only its keys tell."""

from __future__ import annotations

import re

from lrviz.inputs.foreign.shell.launcher import is_launcher
from lrviz.inputs.foreign.word import Word
from lrviz.inputs.words import SHELL

_PYTHON = re.compile(r"#!.*\bpython|(?:import|from)\s+[\w.]+(?:\s|$)")
_SHELL = re.compile(r"#!.*sh\b|#SBATCH\b|\$env:|@?echo off|(?:export|source|set|cd)\s+[^\s=:]")
_SETS = re.compile(r"(?:[A-Z_]\w*=\S*\s+)+")
_ASSIGNS = re.compile(r"[A-Za-z_]\w*\+?=(?!\s|=)")
_IS_KEY = re.compile(r"[\w.-]+\s*[:=]\s")
_MOST_LINES = 1000


def suffix_of_text(text: str) -> str:
    """``.py`` of Python, ``.sh`` of a script or launch line, else nothing."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = next((line for line in lines if not line.startswith("#")), "")
    if any(map(_PYTHON.match, (*lines[:1], first))):
        return ".py"
    is_script = any(map(_SHELL.match, (*lines[:1], first)))
    starts = lines[:_MOST_LINES] if _ASSIGNS.match(first) else [first]
    return SHELL[0] if is_script or any(map(_is_launch_line, starts)) else ""


def _is_launch_line(line: str) -> bool:
    words = tuple(map(Word.of, _SETS.sub("", line).split()))
    return is_launcher(words) and not _IS_KEY.match(line)
