"""Where ``lrviz diff`` draws: one pair into a file, or each into one of a folder."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.cli.targets import STDOUT, Target, prepared, targets_of
from lrviz.draw.formats import FORMATS
from lrviz.errors import OutputError
from lrviz.export.writing import is_folder, made_folder

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from lrviz.compare.difference import Difference
    from lrviz.compare.pairs import Differences

SUFFIX = "png"
"""What a picture in a folder ends in."""


def place_of(output: str | None) -> AbstractContextManager[None]:
    """Where pictures go, if any shall: what they cannot be written to is refused before anything is compared.

    Raises:
        OutputError: it names no picture, cannot be written, or is stdout.

    """
    if output is None:
        return nullcontext()
    if output in STDOUT:
        raise OutputError(f"-o {output}: a picture is a file", hint="-o diff.png, or -o diff/ for each pair")
    if output and is_folder(output):
        return made_folder(Path(output))
    return prepared(targets_of([output], None, [], FORMATS))


def draw_pairs(found: Differences, output: str, quantity: str, *, quiet: bool) -> None:
    """Draw each pair in a folder; in a file the first that differs, or else the first."""
    if is_folder(output):
        from lrviz.curves.labels import file_names

        names = file_names([pair.one.label for pair in found.pairs])
        for name, pair in zip(names, found.pairs, strict=True):
            _write(pair, Target(Path(output) / f"{name}.{SUFFIX}", SUFFIX, ()), quantity, quiet=quiet)
        return
    drawn = next((pair for pair in found.pairs if not pair.equal), found.pairs[0])
    _say_others(found, drawn, quiet=quiet)
    _write(drawn, targets_of([output], None, [], FORMATS)[0], quantity, quiet=quiet)


def _say_others(found: Differences, drawn: Difference, *, quiet: bool) -> None:
    """Say which of several pairs that differ stands in the file."""
    from lrviz.cli.notes import say
    from lrviz.notation.finding import Finding
    from lrviz.notation.numbers import counted

    others = sum(pair is not drawn and not pair.equal for pair in found.pairs)
    if others:
        text = (
            f"drawn is {drawn.one.label}; {counted(others, 'pair')} more differ{'s' if others == 1 else ''}"
        )
        say([Finding("pairs-left-out", "note", text, "-o diff/ draws each pair")], quiet=quiet)


def _write(pair: Difference, target: Target, quantity: str, *, quiet: bool) -> None:
    from lrviz.cli.output import write_file
    from lrviz.compare.overlay import picture_of_pair
    from lrviz.draw.image import render

    if target.path is not None:
        write_file(target.path, render(picture_of_pair(pair, quantity), target.format), quiet=quiet)
