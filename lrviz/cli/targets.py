"""Which files a picture goes to: those named, one for each schedule in a folder, or stdout."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.draw.formats import FILES
from lrviz.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.curves.series import Series

STDOUT = ("-", "/dev/stdout", "/dev/fd/1")


@dataclass(frozen=True)
class Target:
    """One file to write, ``path`` None being stdout, and the curves it shows.

    ``own_folder``: it is one of several in a folder that is made for them.
    """

    path: Path | None
    format: str
    rows: tuple[Series, ...]
    own_folder: bool = False


def targets_of(
    outputs: list[str], fmt: str | None, chosen: list[Series], formats: Sequence[str] = FILES
) -> list[Target]:
    """Every file asked for, each in one of the ``formats``.

    Raises:
        OutputError: a name without a format, or stdout twice.

    """
    from lrviz.curves.labels import file_name
    from lrviz.export.writing import is_folder

    for text in outputs:
        if not text:
            raise OutputError("-o is empty", hint="-o lr.png")
        _format(None if text in STDOUT or is_folder(text) else Path(text), fmt, formats)
    if sum(text in STDOUT for text in outputs) > 1:
        raise OutputError("stdout takes one picture", hint="leave out the second -o -")
    targets: list[Target] = []
    for text in outputs or [
        f"{file_name(list(dict.fromkeys(row.title for row in chosen)))}.{_format(None, fmt, formats)}"
    ]:
        if text in STDOUT:
            targets.append(Target(None, _format(None, fmt, formats), tuple(chosen)))
        elif is_folder(text):
            targets += _one_each(Path(text), _format(None, fmt, formats), chosen)
        else:
            targets.append(Target(Path(text), _format(Path(text), fmt, formats), tuple(chosen)))
    return targets


@contextmanager
def prepared(targets: list[Target]) -> Iterator[None]:
    """Folders for the files that stand in one of their own, and a look whether each can be written.

    Raises:
        OutputError: one cannot.

    """
    from lrviz.export.writing import check_target, made_folder

    paths = {target.path: target.own_folder for target in targets if target.path is not None}
    with ExitStack() as made:
        for folder in {path.parent: None for path, own_folder in paths.items() if own_folder}:
            made.enter_context(made_folder(folder))
        for path in paths:
            check_target(path)
        yield


def _one_each(folder: Path, fmt: str, chosen: list[Series]) -> list[Target]:
    from lrviz.curves.labels import file_names

    by_run: dict[tuple[int, str], list[Series]] = {}
    for row in chosen:  # a log has no run
        by_run.setdefault((id(row.run), row.family), []).append(row)
    names = file_names([own[0].family for own in by_run.values()])
    paths = [folder / f"{name}.{fmt}" for name in names]
    return [
        Target(path, fmt, tuple(own), own_folder=True)
        for path, own in zip(paths, by_run.values(), strict=True)
    ]


def _format(path: Path | None, fmt: str | None, formats: Sequence[str]) -> str:
    chosen = (fmt or (path.suffix[1:] if path else "png")).lower()
    if chosen not in formats:
        place = f"{str(path)!r}: " if path and not fmt else ""
        raise OutputError(
            f"{place}no picture format {chosen!r}",
            hint=f"one of {', '.join(formats)}: -o lr.png, or --format png",
        )
    return chosen
