"""What a notebook shows as a picture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from lrviz.draw.formats import PAGE
from lrviz.page.every_format import file_bytes, framed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.scene import Picture


class Shown(ABC):
    """Shows its page where scripts run, its picture where they do not."""

    @abstractmethod
    def _pictured(self) -> tuple[Sequence[Series], Picture]:
        """Return what is drawn, and how."""

    def _repr_svg_(self) -> str:
        return self._drawn("svg").decode()

    def _repr_html_(self) -> str:
        return framed(self._drawn(PAGE))

    def _drawn(self, fmt: str) -> bytes:
        return file_bytes(*self._pictured(), fmt)
