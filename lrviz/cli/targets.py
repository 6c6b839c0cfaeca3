"""Which files a picture goes to: those named, one for each schedule in a folder, or stdout."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.draw.formats import FORMATS
from lrviz.errors import OutputError

if TYPE_CHECKING:
    from lrviz.curves.series import Series

STDOUT = ("-", "/dev/stdout", "/dev/fd/1")


@dataclass(frozen=True)
class Target:
    """One file to write, ``path`` None being stdout, and the curves it shows."""

    path: Path | None
    format: str
    rows: tuple[Series, ...]


def targets_of(outputs: list[str], fmt: str | None, chosen: list[Series]) -> list[Target]:
    """Every file asked for, each checked before the work begins."""
    from lrviz.export.writing import check_target, is_folder

    for text in outputs:
        if not text:
            raise OutputError("-o is empty", hint="-o lr.png")
        _format(None if text in STDOUT or is_folder(text) else Path(text), fmt)
    if sum(text in STDOUT for text in outputs) > 1:
        raise OutputError("stdout takes one picture", hint="leave out the second -o -")
    targets: list[Target] = []
    for text in outputs or [
        f"{_file_name(list(dict.fromkeys(row.title for row in chosen)))}.{_format(None, fmt)}"
    ]:
        if text in STDOUT:
            targets.append(Target(None, _format(None, fmt), tuple(chosen)))
        elif is_folder(text):
            targets += _one_each(Path(text), _format(None, fmt), chosen)
        else:
            targets.append(Target(Path(text), _format(Path(text), fmt), tuple(chosen)))
    for target in targets:
        if target.path is not None:
            check_target(target.path)
    return targets


def _one_each(folder: Path, fmt: str, chosen: list[Series]) -> list[Target]:
    from lrviz.inputs.files import reason

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot make the folder {str(folder)!r}: {reason(error)}", hint="-o with another place"
        ) from None
    by_run: dict[int, list[Series]] = {}
    for row in chosen:
        by_run.setdefault(id(row.run), []).append(row)
    targets: dict[Path, Target] = {}
    for own in by_run.values():
        name = _file_name([own[0].family])
        path, number = folder / f"{name}.{fmt}", 2
        while path in targets:
            path, number = folder / f"{name}-{number}.{fmt}", number + 1
        targets[path] = Target(path, fmt, tuple(own))
    return list(targets.values())


def _file_name(labels: list[str]) -> str:
    """The labels as one file name, short enough for any file system."""
    return re.sub(r"[^\w.+=-]+", "_", "-".join(labels)).strip("._-")[:100] or "lr"


def _format(path: Path | None, fmt: str | None) -> str:
    chosen = (fmt or (path.suffix[1:] if path else "png")).lower()
    if chosen not in FORMATS:
        place = f"{str(path)!r}: " if path and not fmt else ""
        raise OutputError(
            f"{place}no picture format {chosen!r}",
            hint=f"one of {', '.join(FORMATS)}: -o lr.png, or --format png",
        )
    return chosen
