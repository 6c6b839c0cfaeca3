"""Curves in one picture, or on the user's own axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lrviz.api.curve import Curve
from lrviz.api.loading import Job
from lrviz.curves.picture import picture_of
from lrviz.curves.refusals import hints_in
from lrviz.curves.together import together
from lrviz.errors import ArgumentError, ScheduleError, Style, expect
from lrviz.resolve.precedence import merge_values
from lrviz.view.view_keys import VIEW, read_view

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from lrviz.draw.scene import Picture
    from lrviz.notation.spec import Value

ARGUMENTS = Style(lambda key, value: f"{key}={value.capitalize()}", ", ")
"""How a hint writes the keys of a view in a call."""


def plot(
    curves: Curve | Job | Sequence[Curve],
    *,
    title: str | None = None,
    log: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw curves, or those of a config, into one figure, as the command line does.

    Onto ``ax`` they are added as lines in the style of the axes, with labels for ``ax.legend()``; nothing
    else of the figure changes, but the names of axes that have none. No figure is bound to pyplot.

    Raises:
        ArgumentError: no curve is among them, no axes, or another kind of title or ``log``.
        ScheduleError: they are curves of different quantities.
        OutputError: more curves than one picture can hold, or one beyond what an axis can show.

    """
    from lrviz.draw.image import draw
    from lrviz.draw.onto import draw_onto
    from lrviz.draw.style import OWN_AXES

    expect(ax, (OWN_AXES, type(None)), "ax is an Axes of matplotlib", hint="ax=figure.subplots()")
    expect(title, (str, type(None)), "a title is text", hint='title="Warmup of 100 or 500 steps"')
    expect(log, bool, "log is True or False", hint="log=True")
    with hints_in(ARGUMENTS, but=()):
        if ax is None:
            return draw(_picture(curves, title, log=log))
        draw_onto(ax, _picture(curves, title or "", log=log))  # no headline has the names of schedules
    if title is not None:
        ax.set_title(title)
    return ax.figure.figure


def _picture(curves: Curve | Job | Sequence[Curve], title: str | None, *, log: bool) -> Picture:
    said: dict[str, Value] = {} if title is None else {"title": title}
    said |= {"log": True} if log else {}
    if isinstance(curves, Job):
        said = merge_values(dict(curves.view), said, VIEW)
        curves = curves.curves(quantity=read_view(said).quantities[0])
    chosen = _checked([curves] if isinstance(curves, Curve) else curves)
    rows = together([row for curve in chosen for row in curve.rows])
    return picture_of(rows, chosen[0].quantity, read_view(said))


def _checked(curves: Sequence[Curve]) -> list[Curve]:
    hint = 'lrviz.plot([lrviz.evaluate("cosine:warmup=0,lr=1,steps=9")])'
    expect(curves, Sequence, "curves are drawn", hint=hint)
    chosen = list(curves)
    if not chosen:
        raise ArgumentError("no curve is to be drawn", hint=hint)
    for curve in chosen:
        expect(curve, Curve, "curves are drawn", hint=hint)
    quantities = list(dict.fromkeys(curve.quantity for curve in chosen))
    if len(quantities) > 1:
        text = f"curves of {' and '.join(quantities)} do not share an axis"
        raise ScheduleError(
            text, hint=f'one picture of each: lrviz.plot(…) of the curves of "{quantities[0]}"'
        )
    return chosen
