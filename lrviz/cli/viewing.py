"""What the options of a picture, and the ``[output]`` of a config, make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.curves.refusals import hints_in
from lrviz.curves.wanted import is_job, is_of_trainer
from lrviz.draw.formats import PAGE
from lrviz.notation.finding import Finding
from lrviz.notation.text import change_nothing
from lrviz.resolve.key import option_of
from lrviz.resolve.keys import KEYS
from lrviz.resolve.precedence import merge_values
from lrviz.view.view_keys import AS_OPTIONS, VIEW, read_view, switches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from lrviz.cli.run_options import RunOptions
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
    with hints_of_view():
        return read_view(merge_values(_said_by(alone), said, VIEW))


def without_seq_len(wanted: Iterable[Wanted], run: RunOptions) -> RunOptions:
    """The options without what only the picture has of ``--seq-len``, where no trainer's file takes it."""
    if run.view.get("x") != "tokens" or any(is_of_trainer(item) for item in wanted):
        return run
    return run._replace(given={key: text for key, text in run.given.items() if key != "seq_len"})


ONLY_IN = {"dpi": "png", "svg_text": "svg"}
"""What one format alone has."""
ON_PAGES = {"title", "x", "tokens_per_step", "seq_len", "from", "to", "log", "panels", "theme", "quantity"}
"""What a page follows as well, but for what it does not have."""


def idle_in(alone: Wanted | None, run: RunOptions, view: View, formats: Iterable[str]) -> Iterator[Finding]:
    """What is said of how to draw, by options or by the config, that none of the files can follow."""
    drawn = {*formats}
    named = {key: (f"[output] {key}", value) for key, value in _said_by(alone).items()}
    named |= {key: (_option(key, value), value) for key, value in run.view.items()}
    idle: dict[str, list[str]] = {}
    for key, (name, value) in named.items():
        if not any(_follows(one, key, value, view) for one in drawn):
            idle.setdefault("picture" if drawn == {PAGE} else ONLY_IN[key], []).append(name)
    for lacking, names in idle.items():
        yield Finding("idle-option", "note", f"{change_nothing(names)}: no file here is a {lacking}")


def _said_by(alone: Wanted | None) -> Mapping[str, Value]:
    """What a config that stands alone says of how to draw."""
    return dict(alone.view) if alone is not None and is_job(alone) else {}


def _follows(fmt: str, key: str, value: Value, view: View) -> bool:
    """Whether a file of that format is another one with a key: dots also say how large a pixel is."""
    if fmt == PAGE:
        return _is_on_pages(key, value)
    return ONLY_IN.get(key, fmt) == fmt or (key == "dpi" and view.size is not None and view.size.in_pixels)


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
