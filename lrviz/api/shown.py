"""What a notebook shows as a picture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from html import escape
from typing import TYPE_CHECKING

from lrviz.draw.formats import PAGE
from lrviz.errors import LrvizError
from lrviz.page.every_format import file_bytes, framed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.scene import Picture


class Shown(ABC):
    """Shows its page where scripts run, its picture where they do not.

    What is refused is told in words: of an error a notebook would show the traceback, once for each of them.
    """

    @abstractmethod
    def _pictured(self) -> tuple[Sequence[Series], Picture]:
        """What is drawn, and how."""

    def _repr_svg_(self) -> str | None:
        try:
            return self._drawn("svg").decode()
        except LrvizError:
            return None

    def _repr_html_(self) -> str:
        try:
            return framed(self._drawn(PAGE))
        except LrvizError as error:
            words = f"no picture: {error.message}\nhint: {error.hint}"
            return f"<pre>{escape(words)}</pre>"

    def _drawn(self, fmt: str) -> bytes:
        return file_bytes(*self._pictured(), fmt)
