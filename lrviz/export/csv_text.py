"""CSV: step, epoch, one column per curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.engine.timeline import TickArray
    from lrviz.export.rows import Table


def csv_text(table: Table, blocks: Iterable[TickArray]) -> Iterator[str]:
    """A header, then a row for each step in full precision; ``epoch`` is empty where it is unknown."""
    yield csv_line(table.titles) + "\n"
    for steps in blocks:
        whole = map(repr, steps.astype(int).tolist())
        epochs = table.epochs(steps)
        texts = [whole, map(repr, epochs) if epochs is not None else [""] * steps.size]
        texts += [map(repr, column) for column in table.columns(steps)]
        yield "\n".join(map(",".join, zip(*texts, strict=True))) + "\n"


def csv_line(cells: Iterable[str]) -> str:
    """One line, what holds a comma in quotes."""
    return ",".join(map(_quoted, cells))


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(c in text for c in ',"\r\n') else text
