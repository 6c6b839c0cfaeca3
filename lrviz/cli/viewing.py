"""What the options of a picture, and the ``[output]`` of a config, make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.curves.refusals import hints_in
from lrviz.curves.wanted import is_job, is_of_trainer
from lrviz.draw.formats import PAGE
from lrviz.notation.finding import Finding
from lrviz.notation.text import change_nothing, listed
from lrviz.resolve.key import option_of
from lrviz.resolve.keys import KEYS
from lrviz.view.view_keys import AS_OPTIONS, VIEW, merge_view, read_view, switches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from lrviz.cli.options import RunOptions
    from lrviz.curves.series import Series
    from lrviz.curves.wanted import Wanted
    from lrviz.draw.scene import Picture
    from lrviz.notation.spec import Value
    from lrviz.view.view import View

OF_RUN = KEYS.keys() - VIEW.keys()
"""Keys that a hint about a picture leaves to those who write the keys of a run."""


def hints_of_view() -> AbstractContextManager[None]:
    """Write the keys of a view in a hint as options."""
    return hints_in(AS_OPTIONS, but=OF_RUN)


def view_of(alone: Wanted | None, run: RunOptions) -> View:
    """What is said of how to draw: by options, and below them by a config that stands alone.

    Raises:
        SpecError: two of them contradict each other.

    """
    said = dict(run.view)
    if said.get("x") == "tokens" and "seq_len" in run.given and "tokens_per_step" not in said:
        said["seq_len"] = VIEW["seq_len"].read(run.given["seq_len"])
    under = dict(alone.view) if alone is not None and is_job(alone) else {}
    with hints_of_view():
        return read_view(merge_view(under, said))


def without_seq_len(wanted: Iterable[Wanted], run: RunOptions) -> RunOptions:
    """The options without what only the picture has of ``--seq-len``, where no trainer's file takes it."""
    if run.view.get("x") != "tokens" or any(is_of_trainer(item) for item in wanted):
        return run
    return run._replace(given={key: text for key, text in run.given.items() if key != "seq_len"})


FORMATS_OF = {"dpi": {"png"}, "svg_text": {"svg"}}
"""What only some pictures have."""
ON_PAGES = {"title", "x", "tokens_per_step", "from", "to", "log", "panels", "theme", "quantity"}
"""What a page follows as well, but for what it does not have."""


def idle_in(run: RunOptions, view: View, formats: Iterable[str]) -> Iterator[Finding]:
    """The options of a picture that none of its files can follow."""
    drawn = {*formats}
    first, *others = view.quantities
    if PAGE in drawn and others:
        yield Finding("idle-option", "note", f"a page shows {first} alone, and not {listed(others)}")
    if drawn == {PAGE}:
        idle = [_option(key, value) for key, value in run.view.items() if not _is_on_pages(key, value)]
        if idle:
            yield Finding("idle-option", "note", f"{change_nothing(idle)}: no file here is a picture")
        return
    for key in (key for key in FORMATS_OF if key in run.view):
        if not drawn & FORMATS_OF[key] and not str(run.view.get("size")).endswith("px"):
            text = f"{change_nothing([option_of(key)])}: no file here is a {', '.join(FORMATS_OF[key])}"
            yield Finding("idle-option", "note", text)


def _is_on_pages(key: str, value: Value) -> bool:
    """Whether a page follows an option: of its panels one is seen at a time."""
    if key == "panels":
        return VIEW[key].read(value) in (("linear",), ("log",))
    return key in ON_PAGES


def _option(key: str, value: Value) -> str:
    """An option as it was typed, without what stands behind it."""
    return option_of(key) if VIEW[key].metavar else switches(VIEW[key]).split("/")[value is False]


class Pictures:
    """The picture of any curves, made when it is asked for; the last one is kept.

    ``rounded`` is what had to be rounded for those that were made.
    """

    def __init__(self, view: View) -> None:
        self.rounded: list[Finding] = []
        self._view = view
        self._rows: Sequence[Series] = ()
        self._picture: Picture | None = None

    def __call__(self, rows: Sequence[Series]) -> Picture:
        """Make it.

        Raises:
            LrvizError: they cannot be drawn so.

        """
        from lrviz.curves.frame import frame_of
        from lrviz.curves.picture import picture_of

        if self._picture is None or self._rows is not rows:
            with hints_of_view():
                self._rows, self._picture = rows, picture_of(rows, rows[0].quantity, self._view)
                self.rounded += frame_of(rows, self._picture.view).findings
        return self._picture
