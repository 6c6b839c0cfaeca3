"""Files that a script writes before it trains: ``cat > run.yaml <<EOF``, which are read as it writes them."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word, merge
from lrviz.inputs.words import SHELL, SUFFIXES, is_settings_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lrviz.notation.origin import Place


_FIRST, _LAST = 0xE000, 0xF8FF
"""Letters that no text has, each of which stands for a part that nobody knows."""
_MARK = re.compile(f"([{chr(_FIRST)}-{chr(_LAST)}])")
_QUOTES = {".json": '"', ".toml": '"'}
"""What a text stands in where its language knows none without."""
TEMPLATES = frozenset((".template", ".tpl", ".tmpl", ".in"))
"""How files end that a script makes others of."""
EVERY = "*"
"""What stands for every config in a folder, and in those within it."""
COPIED = frozenset((*SUFFIXES, *SHELL, ".py", *TEMPLATES))


class Written(NamedTuple):
    """What a script makes of a file.

    ``text`` is what stands in it, with a mark for each of ``unknown``; None where ``by``, the command that
    makes or changes it, is not followed. ``of`` is the path of a file that it is a copy of, with ``edits``.
    It is not ``is_sure`` where it may be left as it lies there, and ``is_handed`` to a program that may only
    read it; it ``is_gone`` where it is taken away.
    """

    place: Place
    by: str
    text: str | None = None
    of: str = ""
    is_sure: bool = True
    is_handed: bool = False
    is_gone: bool = False
    unknown: Mapping[str, Unknown] = {}
    edits: tuple[Callable[[str], str | None], ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is told what stands in it."""
        return self.text is not None or bool(self.of)

    def edited(self, edit: Callable[[str], str | None]) -> Written:
        """What stands in it after an edit, which nobody may know."""
        if self.text is None:
            return self._replace(edits=(*self.edits, edit))
        return self._replace(text=edit(self.text))

    def read_off(self, text: str) -> str | None:
        """What its edits make of the file that it is of."""
        for edit in self.edits:
            made = edit(text)
            if made is None:
                return None
            text = made
        return text


def text_of(written: Written) -> Word | None:
    """Its text as a word; None where that cannot be told."""
    return None if written.text is None else word_of(written.text, written.unknown)


def lines_of(written: Written, suffix: str) -> str:
    """Its text in the lines of the script, each mark a text in that language."""
    return "\n" * (written.place.line - 1) + with_quotes(written.text or "", suffix)


def with_quotes(text: str, suffix: str) -> str:
    """A text whose marks are texts in a language."""
    quote = _QUOTES.get(suffix, "")
    lines = text.split("\n")
    return "\n".join(_in_quotes(line, quote) if quote and _MARK.search(line) else line for line in lines)


def without_marks(value: Any, unknown: Mapping[str, Unknown]) -> Any:
    """What has been read of it, with what nobody knows in place of its marks."""
    if isinstance(value, dict):
        return {without_marks(key, unknown): without_marks(one, unknown) for key, one in value.items()}
    if isinstance(value, list):
        return [without_marks(one, unknown) for one in value]
    return word_of(value, unknown).value if isinstance(value, str) else value


def marked(word: Word, unknown: dict[str, Unknown]) -> str | None:
    """A word as text, with marks that are put into the table; None where there are too many."""
    texts = []
    for part in word.parts:
        if isinstance(part, Unknown):
            mark = chr(_FIRST + len(unknown))
            if mark > chr(_LAST):
                return None
            unknown[mark] = part
            texts.append(mark)
        else:
            texts.append(part)
    return "".join(texts)


def word_of(text: str, unknown: Mapping[str, Unknown]) -> Word:
    """A text with marks as a word."""
    return Word(merge(unknown.get(part, part) for part in _MARK.split(text)))


def _in_quotes(line: str, quote: str) -> str:
    """A line with quotes around each mark that stands in none."""
    pieces = line.split(quote)
    return quote.join(
        piece if at % 2 else _MARK.sub(rf"{quote}\1{quote}", piece) for at, piece in enumerate(pieces)
    )


def written_at(written: Mapping[str, Written], folder: str | Path, file: str) -> Written | None:
    """What a script makes of a file, as it is named in a folder, or of every config around it."""
    path = path_in(folder, file) if written else ""
    if path in written or not is_settings_file(path):
        return written.get(path)
    name = PurePath(path).name
    around = [
        path_in(Path(place), one) for place in PurePath(path).parents for one in (f"{EVERY}/{name}", EVERY)
    ]
    made = next((written[one] for one in around if one in written), None)
    return made._replace(of=path) if made and made.edits else made


def path_in(folder: str | Path, file: str) -> str:
    """The path of a file that is named in a folder."""
    return os.path.normpath(Path(folder, file))


def seen_from(folders: Iterable[Path], written: Mapping[str, Written]) -> Mapping[str, Written]:
    """The files that a script writes, by their paths where it is run in one of these folders."""
    return {
        path_in(folder, file): one._replace(of=path_in(folder, one.of) if one.of else "")
        for folder in folders
        for file, one in written.items()
    }
