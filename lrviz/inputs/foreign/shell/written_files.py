"""The files that a script writes, copies or changes, as far as nothing must be run to know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.beside import is_elsewhere
from lrviz.inputs.foreign.shell.printed_text import echoed, formatted
from lrviz.inputs.foreign.source import Written
from lrviz.inputs.foreign.written import marked, path_in
from lrviz.inputs.words import SUFFIXES
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lrviz.inputs.foreign.source import Unknown, Word

_COPIERS = {"cp", "mv", "ln", "rsync"}
_EDITORS = {"sed", "gsed", "yq", "perl", "crudini", "dasel", "toml"}
_IN_PLACE = ("-i", "--in-place", "--inplace", "-pi", "--set", "set")
_COPIED = {*SUFFIXES, ".py"}
_WRITERS = {"tee", "sponge"}
_BLOCK = {":": "a block"}
_PRINTERS = {"cat", "echo", "printf", ":"}


class Redirected(NamedTuple):
    """A command as it is run: its words, the text that it is handed, and the file that it prints into."""

    words: Sequence[Word]
    handed: Word | None
    output: Word | None
    appends: bool
    is_piped: bool

    @property
    def name(self) -> str:
        """The command without its folder."""
        return PurePath(self.words[0].text).name

    @property
    def named(self) -> list[Word]:
        """What is no option."""
        return [word for word in self.words[1:] if not word.text.startswith("-")]


@dataclass
class WrittenFiles:
    """By the path from where the ``script`` begins; what was written last stands there."""

    script: str
    files: dict[str, Written] = field(default_factory=dict)
    unknown: dict[str, Unknown] = field(default_factory=dict)
    piped: str | None = None  # what the command before prints into this one

    @classmethod
    def after(cls, written: Mapping[str, Written], script: str) -> WrittenFiles:
        """Those of a script that is started by one that writes others."""
        unknown = {mark: one for file in written.values() for mark, one in file.unknown.items()}
        return cls(script, dict(written), unknown)

    def note(self, command: Redirected, folder: str, *, is_sure: bool) -> bool:
        """Note what a command writes; whether it does nothing else."""
        text = self._printed(command)
        self.piped = text if command.is_piped else None
        first = command.handed.line if command.handed else command.words[0].line
        place = Place(self.script, first or command.words[0].line)
        printed = Written(place, _BLOCK.get(command.name, command.name), text, unknown=self.unknown)
        for file, made in self._made(command, printed, folder):
            self._put(path_in(folder, file), made, appends=command.appends, is_sure=is_sure)
        is_written = command.output is not None and text is not None
        return command.name in {*_WRITERS, ":"} or (is_written and command.name in _PRINTERS)

    def _made(self, command: Redirected, printed: Written, folder: str) -> Iterator[tuple[str, Written]]:
        """The files that it writes or changes, and what it makes of them."""
        if command.output:
            yield command.output.text, printed
        if command.name in _WRITERS:
            yield from ((word.text, printed) for word in command.named)
        elif command.name in _COPIERS and len(command.named) > 1:
            *copied, to = (word.text for word in command.named)
            into = to.endswith("/") or not PurePath(to).suffix
            for file in copied:
                yield (
                    str(PurePath(to, PurePath(file).name)) if into else to,
                    self._copy(path_in(folder, file), printed),
                )
        elif command.name in _EDITORS and any(word.text.startswith(_IN_PLACE) for word in command.words[1:]):
            yield from ((word.text, printed) for word in command.named)

    def _copy(self, file: str, printed: Written) -> Written:
        """What a copy of a file is: the text that is written into that, or what lies there."""
        is_text = PurePath(file).suffix.lower() in _COPIED
        return self.files.get(file) or printed._replace(of=file if is_text and not is_elsewhere(file) else "")

    def _put(self, file: str, made: Written, *, appends: bool, is_sure: bool) -> None:
        before = self.files.get(file)
        if appends:
            is_known = before is not None and before.text is not None and made.text is not None
            made = (
                before._replace(text=f"{before.text}{made.text}")
                if before and is_known
                else made._replace(text=None)
            )
        elif before and not is_sure:
            made = made._replace(text=None, of="")
        self.files[file] = made._replace(is_sure=is_sure)

    def _printed(self, command: Redirected) -> str | None:
        """What it prints; None where that is not known."""
        words = [marked(word, self.unknown) for word in command.words[1:]]
        known = [word for word in words if word is not None]
        handed = marked(command.handed, self.unknown) if command.handed else None
        stdin = self.piped if handed is None else f"{handed}\n"
        match command.name:
            case "echo" if known == words:
                return echoed(known)
            case "printf" if known == words:
                return formatted(known)
            case ":" if not words:
                return ""
            case "cat" if not command.named or known == ["-"]:
                return stdin
            case "tee":
                return stdin
        return None

    def either(self, before: Mapping[str, Written], branches: Iterable[Mapping[str, Written]]) -> None:
        """Which branch is run is not known: what only one of them writes may be written."""
        ways: dict[str, list[Written]] = {}
        for branch in branches:
            for file, one in branch.items():
                if one is not before.get(file):
                    ways.setdefault(file, []).append(one)
        self.files = dict(before)
        for file, (first, *others) in ways.items():
            is_known = not others and file not in before
            unknown = first._replace(text=None, of="", by=f"{first.by} in one of several branches")
            self.files[file] = first._replace(is_sure=False) if is_known else unknown
