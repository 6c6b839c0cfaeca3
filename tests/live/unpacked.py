"""Frameworks whose schedulers stand in a file or two: that code, as it was published, without the rest.

    PYTHONPATH=. python tests/live/unpacked.py [DIR]

downloads each release of RELEASES with pip and unpacks it in DIR/<name>; nothing is installed, no
dependency fetched. DIR is LRVIZ_UNPACKED, or .ci-venv/unpacked. ``module`` then runs one file from there.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES = {
    "deepspeed": "deepspeed",
    "megatron-core": "megatron",
    "diffusers": "diffusers",
    "fvcore": "fvcore",
    "ultralytics": "ultralytics",
    "mosaicml": "composer",
    "torchtune": "torchtune",
    "torchtitan": "torchtitan",
    "nemo_toolkit": "nemo",
    "fairseq": "fairseq",
    "open_clip_torch": "open_clip",
}
"""What each is called in the catalogue, which knows its version."""
RELEASES = {
    package: importlib.import_module(f"lrviz.schedules.{name}").FRAMEWORK.version
    for package, name in PACKAGES.items()
}

DEFAULT = Path(__file__).parents[2] / ".ci-venv" / "unpacked"

PYTHON = {"fairseq": "3.8"}
"""The newest that there is a wheel for, where that is not 3.12."""
PLATFORM = ("--platform=manylinux_2_28_x86_64", "--platform=manylinux_2_5_x86_64", "--platform=any")
"""Only looked at: whatever Python runs here, the wheel of these is as good."""


def folder() -> Path:
    """Where the releases lie."""
    return Path(os.environ.get("LRVIZ_UNPACKED") or DEFAULT)


def fetch(into: Path) -> None:
    """Download and unpack every release anew."""
    into.mkdir(parents=True, exist_ok=True)
    for name, version in RELEASES.items():
        with tempfile.TemporaryDirectory() as there:
            python = f"--python-version={PYTHON.get(name, '3.12')}"
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", python, *PLATFORM]
            subprocess.run([*pip, "--dest", there, f"{name}=={version}"], check=True)
            (archive,) = Path(there).iterdir()
            shutil.rmtree(into / name, ignore_errors=True)
            _unpack(archive, into / name)
        print(f"{archive.name} in {into / name}")


def _unpack(archive: Path, to: Path) -> None:
    """The top of a wheel is what is imported; an sdist has that in one folder."""
    if archive.suffix == ".whl":
        shutil.unpack_archive(archive, to, "zip")
        return
    with tempfile.TemporaryDirectory() as there:
        shutil.unpack_archive(archive, there, filter="data")
        (top,) = Path(there).iterdir()
        shutil.move(top, to)


def module(package: str, path: str, stubs: Mapping[str, Mapping[str, Any]] | None = None) -> ModuleType:
    """Import the file ``path`` of a release under its real name, but none of the packages around it.

    These become empty, so that their ``__init__`` does not run; what the file imports from beside it is
    found there. ``stubs`` are modules that stand in for others, by name, each with its attributes. Both are
    gone afterwards: other libraries ask whether such a package is there.

    Raises:
        FileNotFoundError: the release is not unpacked.

    """
    root = folder() / package
    if not (root / path).is_file():
        raise FileNotFoundError(f"{root / path}: run python tests/live/unpacked.py {folder()}")
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    known, ours = set(sys.modules), {one.partition(".")[0] for one in (name, *(stubs or {}))}
    for stub, attributes in (stubs or {}).items():
        _open_parents(stub, root)
        sys.modules[stub] = ModuleType(stub)
        vars(sys.modules[stub]).update(attributes)
    _open_parents(name, root)
    try:
        return importlib.import_module(name)
    finally:
        for other in set(sys.modules) - known:
            is_made = sys.modules[other].__spec__ is None  # not imported; torch makes some too
            if is_made and other.partition(".")[0] in ours:
                del sys.modules[other]


def _open_parents(name: str, root: Path) -> None:
    """Empty packages around the module ``name``, which only know their folder."""
    parts = name.split(".")[:-1]
    for i in range(1, len(parts) + 1):
        parent = ".".join(parts[:i])
        if parent not in sys.modules:
            sys.modules[parent] = ModuleType(parent)
            sys.modules[parent].__path__ = [str(root.joinpath(*parts[:i]))]


if __name__ == "__main__":
    fetch(Path(sys.argv[1]) if len(sys.argv) > 1 else folder())
