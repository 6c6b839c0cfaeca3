"""Who may import whom, and what a command must not load: read off the source and off ``sys.modules``."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest
from commands import ROOT, loaded
from layers import LAYERS
from sources import SOURCES, nodes_of

if TYPE_CHECKING:
    from pathlib import Path

COMMENTED = [path for folder in ("lrviz", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
TOP_LEVEL = {"pyproject.toml", "README.md", "lrviz", "tests", "sample_configs"}

# A package that is no key here (click, torch, keras …) is imported nowhere; "" is every file.
HOMES = {
    "numpy": ("",),
    "matplotlib": ("draw/fonts.py", "draw/style.py"),
    "rich": ("draw/", "cli/"),
    "typer": ("cli/",),
}
APART = (("schedules", "notation"), ("schedules", "plan"), ("export", "draw"))
"""Neighbours that have nothing to say to each other: a formula knows no words, an exporter no pictures."""
WALK = ("catalogue/registry.py", "schedules")
"""The one arrow upwards: the registry finds the schedules by walking their folder."""


@dataclass(frozen=True)
class Import:
    """One imported module; ``typing_only`` where it stands below ``if TYPE_CHECKING:``."""

    path: Path
    line: int
    module: str
    typing_only: bool

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT / "lrviz").as_posix()

    @property
    def own(self) -> str | None:
        """The part of lrviz it names, ``draw`` of ``lrviz.draw.table``; None outside lrviz."""
        package, _, rest = self.module.partition(".")
        return rest.partition(".")[0] if package == "lrviz" else None

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.module}"


def imports_of(path: Path) -> list[Import]:
    nodes = nodes_of(path)
    guarded = {
        id(inner)
        for node in nodes
        if is_typing_guard(node)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    return [
        Import(path, node.lineno, module, id(node) in guarded) for node in nodes for module in modules(node)
    ]


def is_typing_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def modules(node: ast.AST) -> list[str]:
    """Full names, so that ``from lrviz import draw`` counts as ``lrviz.draw``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


@cache
def imports() -> list[Import]:
    return [found for path in SOURCES for found in imports_of(path)]


def refused(rule) -> list[str]:
    return [str(found) for found in imports() if rule(found)]


def test_the_reader_of_imports_sees_them(tmp_path):
    source = tmp_path / "seen.py"
    source.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a.b\ndef f():\n    from c import d\n"
    )
    found = [(one.module, one.typing_only) for one in imports_of(source)]
    assert sorted(found) == [("a.b", True), ("c.d", False), ("typing.TYPE_CHECKING", False)]


def test_imports_are_absolute():
    relative = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_the_layers_are_the_folders_and_modules_there_are():
    parts = {path.stem for path in (ROOT / "lrviz").iterdir() if path.is_dir() or path.suffix == ".py"}
    assert sorted(LAYERS) == sorted(part for part in parts if not part.startswith("__"))


def floor(one: Import) -> str:
    """The layer an import stands in."""
    return one.where.partition("/")[0].removesuffix(".py")


def test_imports_run_downwards():
    def climbs(one: Import) -> bool:
        if floor(one) not in LAYERS or one.own not in LAYERS:
            return False  # the package itself holds its names together, __main__ starts the command
        here, there = LAYERS.index(floor(one)), LAYERS.index(one.own)
        return there > here and (one.where, one.own) != WALK

    assert refused(climbs) == []


@pytest.mark.parametrize(("here", "never"), APART)
def test_neighbours_apart_never_meet(here, never):
    assert refused(lambda one: floor(one) == here and one.own == never) == []


def test_private_names_stay_in_their_module():
    def pries(one: Import) -> bool:
        name = one.module.rpartition(".")[2]
        return one.own is not None and name.startswith("_") and not name.startswith("__")

    assert refused(pries) == []


def test_no_circle_of_files():
    """Files that import each other, directly or around; the walk of the registry is no import of a file."""
    names = {".".join(("lrviz", *p.relative_to(ROOT / "lrviz").with_suffix("").parts)) for p in SOURCES}
    arrows: dict[str, set[str]] = {}
    for one in imports():
        here = "lrviz." + one.where.removesuffix(".py").replace("/", ".")
        reached = {one.module, one.module.rpartition(".")[0]} & names - {here}
        if (one.where, one.own) != WALK:
            arrows.setdefault(here, set()).update(reached)
    assert not circles(arrows)


def circles(arrows: dict[str, set[str]]) -> list[str]:
    """What is left when files that reach nothing are taken away, again and again."""
    left = {here: set(there) for here, there in arrows.items()}
    while done := {here for here, there in left.items() if not there & left.keys()}:
        left = {here: there for here, there in left.items() if here not in done}
    return sorted(left)


def test_a_circle_is_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c", "d"]
    assert circles({"a": {"b"}, "b": {"c"}}) == []


def test_no_two_modules_share_a_name():
    """A command is called as its user types it, and a family of formulas as its frameworks call it."""
    names = [p.stem for p in SOURCES if not {"cli", "schedules", "trainers"} & set(p.relative_to(ROOT).parts)]
    assert sorted(name for name in set(names) - {"__init__"} if names.count(name) > 1) == []


def test_packages_stay_at_home():
    def astray(one: Import) -> bool:
        package = one.module.partition(".")[0]
        if one.own is not None or package in sys.stdlib_module_names:
            return False
        return package not in HOMES or not (one.typing_only or one.where.startswith(HOMES[package]))

    assert refused(astray) == []


def test_never_pyplot():
    assert refused(lambda one: "pyplot" in one.module) == []


def test_files_are_short_enough_to_read():
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in COMMENTED}
    assert {path: count for path, count in lines.items() if count > 400} == {}


SILENCER = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma|mypy:|ruff:)")
WITH_REASON = re.compile(r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])\W+\w+.*\w")


def comments_of(path):
    text = path.read_text(encoding="utf-8")
    if not SILENCER.search(text):
        return []
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token for token in tokens if token.type == tokenize.COMMENT]


def test_whoever_silences_a_checker_says_why():
    silent = [
        f"{path.relative_to(ROOT)}:{token.start[0]}: {token.string}"
        for path in COMMENTED
        for token in comments_of(path)
        if SILENCER.search(token.string) and not WITH_REASON.search(token.string)
    ]
    assert silent == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a checkout knows what git ignores")
def test_top_level_holds_nothing_else():
    listed = subprocess.run(
        ["git", "ls-files"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    top = {name.partition("/")[0] for name in listed}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


LEARNING = ("torch", "transformers", "tensorflow", "keras", "jax", "optax")
NEVER = {
    "--version": ["numpy", "matplotlib", "typer", "rich"],
    "--help": ["numpy", "matplotlib"],
    "values --help": ["numpy", "matplotlib"],
    "plan": ["numpy", "matplotlib", "rich", "pydantic"],
    "show cosine": ["matplotlib", "rich", "pydantic", "lrviz.cli.charts", "lrviz.draw.chart"],
    "show cosine --chart": ["matplotlib", "rich", "pydantic"],
    "values cosine --at 0": ["matplotlib", "rich", "pydantic"],
    "check constant --steps 9 --lr 1": ["matplotlib", "rich", "pydantic"],
    "check --help": ["numpy", "matplotlib"],
    "diff constant constant --steps 9 --lr 1": ["matplotlib", "rich", "pydantic"],
    "diff --help": ["numpy", "matplotlib"],
    "code --help": ["numpy", "matplotlib"],
    "identify --help": ["numpy", "matplotlib"],
    "list": ["matplotlib", "rich", "pydantic"],
    "info wsd": ["matplotlib", "rich", "pydantic"],
    "plot cosine -o page.html": ["matplotlib", "rich", "pydantic"],
    "plot cosine": ["matplotlib.pyplot", "tkinter", "rich", "pydantic"],
}


@pytest.fixture(scope="module")
def loaded_by(tmp_path_factory):
    """What each command loads."""
    return dict(zip(NEVER, loaded(tmp_path_factory.mktemp("modules"), *NEVER), strict=True))


@pytest.mark.parametrize("line", NEVER)
def test_a_command_loads_no_more_than_it_needs(line, loaded_by):
    assert "lrviz.cli.main" in loaded_by[line]
    assert sorted(loaded_by[line].intersection([*NEVER[line], *LEARNING])) == []


def test_a_show_loads_no_more_of_numpy_than_numpy_itself(loaded_by):
    code = "import typer, numpy, sys; print(*sys.modules)"
    bare = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"numpy.ma", "json"} & (loaded_by["show cosine"] - {*bare}) == set()
