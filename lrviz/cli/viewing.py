"""What the options of a picture, and the ``[output]`` of a config, make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.curves.refusals import hints_in
from lrviz.curves.wanted import is_job, is_of_trainer
from lrviz.resolve.keys import KEYS
from lrviz.view.view_keys import AS_OPTIONS, VIEW, merge_view, read_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.cli.options import RunOptions
    from lrviz.curves.series import Series
    from lrviz.curves.wanted import Wanted
    from lrviz.draw.scene import Picture
    from lrviz.notation.finding import Finding
    from lrviz.view.view import View

OF_RUN = KEYS.keys() - VIEW.keys()
"""Keys that a hint about a picture leaves to those who write the keys of a run."""


def view_of(alone: Wanted | None, run: RunOptions) -> View:
    """What is said of how to draw: by options, and below them by a config that stands alone.

    Raises:
        SpecError: two of them contradict each other.

    """
    said = dict(run.view)
    if said.get("x") == "tokens" and "seq_len" in run.given and "tokens_per_step" not in said:
        said["seq_len"] = VIEW["seq_len"].read(run.given["seq_len"])
    under = dict(alone.view) if alone is not None and is_job(alone) else {}
    with hints_in(AS_OPTIONS, but=OF_RUN):
        return read_view(merge_view(under, said))


def without_seq_len(wanted: Iterable[Wanted], run: RunOptions) -> RunOptions:
    """The options without what only the picture has of ``--seq-len``, where no trainer's file takes it."""
    if run.view.get("x") != "tokens" or any(is_of_trainer(item) for item in wanted):
        return run
    return run._replace(given={key: text for key, text in run.given.items() if key != "seq_len"})


def drawn_in(
    groups: Iterable[Sequence[Series]], quantity: str, view: View
) -> tuple[dict[Sequence[Series], Picture], list[Finding]]:
    """The picture of each group of curves, and what was rounded for them.

    Raises:
        LrvizError: one cannot be drawn so.

    """
    from lrviz.curves.frame import frame_of
    from lrviz.curves.picture import picture_of

    with hints_in(AS_OPTIONS, but=OF_RUN):
        pictures = {rows: picture_of(rows, quantity, view) for rows in groups}
        found = [
            finding for rows, picture in pictures.items() for finding in frame_of(rows, picture.view).findings
        ]
    return pictures, found
