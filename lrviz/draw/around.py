"""What stands around the panels of a picture: its header and footer, the horizontal axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lrviz.draw import style
from lrviz.draw.page_texts import FOOT_ROW, SUBTITLE_ROW, TITLE_ROW, TOP
from lrviz.draw.place_texts import epoch_ticks, place_ticks, place_title, tick_width
from lrviz.view.size import DPI

if TYPE_CHECKING:
    from lrviz.draw.canvas import Canvas

FOOT: Final = 12.0  # lower edge of the footer


def write_around(page: Canvas) -> None:
    """The header, the footer, the horizontal axis with its name, the epochs above."""
    _header(page)
    _place_axis(page)
    _epoch_axis(page)


def _header(page: Canvas) -> None:
    left, top = page.layout.panels[0].left, page.layout.height - TOP + 4
    for line in page.layout.title:
        top -= TITLE_ROW
        page.write(line, (left, top), style.TITLE_SIZE, page.theme.text, bold=True)
    top -= 4
    for line in page.layout.subtitle:
        top -= SUBTITLE_ROW
        page.write(line, (left, top), style.SUBTITLE_SIZE, page.theme.grey)
    for row, line in enumerate(reversed(page.layout.footer)):
        page.write(line, (left, FOOT + row * FOOT_ROW), style.NOTE_SIZE, page.theme.grey)


def _place_axis(page: Canvas) -> None:
    ticks = place_ticks(page.picture, page.layout.panels[0])
    for axes in page.panels:
        axes.set_xticks([step for step, _ in ticks], [""] * len(ticks))
    page.panels[-1].set_xticklabels([text for _, text in ticks])
    box, title = page.layout.panels[-1], place_title(page.picture)
    left = (box.left + box.right - style.size(title, style.LABEL_SIZE)[0]) / 2
    page.write(title, (left, page.layout.axis_title), style.LABEL_SIZE, page.theme.text)


def _epoch_axis(page: Canvas) -> None:
    box = page.layout.panels[0]
    ticks = epoch_ticks(page.picture, box) if page.layout.has_epochs else []
    if not ticks:
        return
    above = page.panels[0].secondary_xaxis("top")
    above.spines["top"].set_visible(False)
    above.set_xticks([step for step, _ in ticks], [text for _, text in ticks])
    above.tick_params(length=3, pad=2)
    width, half = tick_width("epoch"), tick_width(ticks[0][1]) / 2
    left = box.left - max(half + 16, 30) - width
    page.write("epoch", (left, box.top + 5 * DPI / 72), style.TICK_SIZE, page.theme.grey)
