"""The command line against the whole transcript of each case in ``cases/*.txt``.

A case is a headline, the files given, the command, and all that comes back (empty parts are left out)::

    === the name of the case
    --- given old.txt
    the text of a file that stands in the folder before
    $ lrviz plot cosine -o lr.png > out.txt
    exit 0
    --- stdout
    --- stderr
    --- files

``LRVIZ_UPDATE_CASES=1 pytest tests/test_cli.py`` writes what the command does now into the files: read the
diff. A new case needs its headline and its ``$`` line alone. Sizes of pictures depend on matplotlib;
``(72 KB)`` stands as ``(N KB)``.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from commands import Done, new_process, run

CASES = Path(__file__).parent / "cases"
UPDATE = "LRVIZ_UPDATE_CASES" in os.environ
SIGNATURES = {b"\x89PNG": "a PNG", b"<?xml": "an SVG", b"%PDF": "a PDF"}


@dataclass(frozen=True)
class Case:
    name: str
    given: tuple[tuple[str, str], ...]
    command: str
    outcome: str  # from the line of the exit code on

    def text(self) -> str:
        given = "".join(f"--- given {name}\n{text}" for name, text in self.given)
        return f"=== {self.name}\n{given}$ {self.command}\n{self.outcome}"


def read_cases(path: Path) -> list[Case]:
    blocks = re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [read_case(block) for block in blocks[1:]]


def read_case(block: str) -> Case:
    head, command, outcome = re.split(r"^\$ (.*)\n", block, maxsplit=1, flags=re.MULTILINE)
    name, _, given = head.partition("\n")
    parts = re.split(r"^--- given (.*)\n", given, flags=re.MULTILINE)
    return Case(name, tuple(zip(parts[1::2], parts[2::2], strict=True)), command, outcome.rstrip("\n") + "\n")


FILES = {path: read_cases(path) for path in sorted(CASES.glob("*.txt"))}
ALL = [
    pytest.param(path, case, id=f"{path.stem}: {case.name}")
    for path, cases in FILES.items()
    for case in cases
]
JSON = [
    pytest.param(case, id=f"{path.stem}: {case.name}")
    for path, cases in FILES.items()
    for case in cases
    if "--format json" in case.command and case.outcome.startswith("exit 0")
]


def execute(command: str, folder: Path, run=run) -> Done:
    """Run one ``$`` line; what it redirects is in the file it names."""
    words, _, target = command.partition(" > ")
    program, *arguments = shlex.split(words)
    assert program == "lrviz"
    done = run(folder, *arguments)
    if not target:
        return done
    (folder / target).write_bytes(done.output)
    return replace(done, output=b"")


def outcome(done: Done, folder: Path) -> str:
    files = "".join(
        f"{path.relative_to(folder).as_posix()}: {kind(path.read_bytes())}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
    parts = {"stdout": shown(done.stdout), "stderr": shown(done.stderr), "files": files}
    return f"exit {done.returncode}\n" + "".join(
        f"--- {name}\n{text}" for name, text in parts.items() if text
    )


def shown(output: str) -> str:
    text = re.sub(r"\(\d+ KB\)", "(N KB)", output)
    return text if not text or text.endswith("\n") else text + "(no newline at the end)\n"


def kind(content: bytes) -> str:
    found = next((name for start, name in SIGNATURES.items() if content.startswith(start)), None)
    return found or repr(content.decode())


def actual_outcome(case: Case, folder: Path, run=run) -> str:
    for file, text in case.given:
        (folder / file).write_text(text, encoding="utf-8")
    return outcome(execute(case.command, folder, run), folder)


@pytest.mark.parametrize(("path", "case"), ALL)
def test_case(path, case, tmp_path):
    actual = actual_outcome(case, tmp_path)
    if UPDATE:
        update(path, replace(case, outcome=actual))
    else:
        assert actual == case.outcome


@pytest.mark.parametrize("name", ["plot", "usage"])
def test_a_process_says_the_same(name, tmp_path, tmp_path_factory):
    """A file and a refusal, as the user gets them."""
    case = next(cases[0] for path, cases in FILES.items() if path.stem == name)
    home = tmp_path_factory.getbasetemp()  # of all, for matplotlib's cache of fonts
    actual = actual_outcome(case, tmp_path, partial(run, by=new_process, HOME=home))
    assert actual == case.outcome


def update(path: Path, new: Case) -> None:
    cases = [new if case.name == new.name else case for case in read_cases(path)]
    path.write_text("\n".join(case.text() for case in cases), encoding="utf-8")


@pytest.mark.parametrize("cases", FILES.values(), ids=[path.stem for path in FILES])
def test_names_tell_cases_apart(cases):
    assert len({case.name for case in cases}) == len(cases) > 0


def no_constant(name: str) -> None:
    pytest.fail(f"{name} is no JSON")


@pytest.mark.parametrize("case", JSON)
def test_json_is_strict_and_says_its_schema(case):
    output = re.split(r"^--- std(?:out|err)\n", case.outcome, flags=re.MULTILINE)[1]
    assert json.loads(output, parse_constant=no_constant)["schema"] == 1


@pytest.mark.parametrize("command", ["lrviz plot", "lrviz show", "lrviz values"])
def test_what_typer_refuses_in_its_own_words(command, tmp_path):
    done = execute(command, tmp_path)
    first, second = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert first.startswith("error: ")
    assert second.startswith(f"hint: for example {command} ")
