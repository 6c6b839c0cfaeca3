"""The files that a script writes, copies or changes, as far as nothing must be run to know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.beside import is_elsewhere
from lrviz.inputs.foreign.shell.made_files import files_made, may_change_all
from lrviz.inputs.foreign.shell.printed_text import echoed, formatted, substituted
from lrviz.inputs.foreign.shell.run_programs import files_handed
from lrviz.inputs.foreign.shell.sed import read_sed
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.inputs.foreign.written import COPIED, Written, marked, path_in, word_of
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_COPIERS = {"cp", "mv", "ln", "rsync", "install"}
_SEDS = {"sed", "gsed"}
_EDITORS = {*_SEDS, "yq", "perl", "crudini", "dasel", "toml"}
_IN_PLACE = ("-i", "--in-place", "--inplace", "-pi", "--set", "set")
_SUCCEEDING = {*_COPIERS, *_SEDS, "mkdir"}
_WRITERS = {"tee", "sponge"}
_BLOCK = {":": "a block"}
_PRINTERS = {"cat", "echo", "printf", ":"}


class Redirected(NamedTuple):
    """A command as it is run: its words, the file that it prints into, and what is exported.

    It is ``handed`` a text, or reads ``source``.
    """

    words: Sequence[Word]
    handed: Word | None
    source: Word | None
    output: Word | None
    appends: bool
    is_piped: bool
    env: Mapping[str, Word]
    number: int
    before: str
    code: str | None = None  # of the Python script that it runs, where that lies here

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
    piped: Written | None = None  # what the command before prints into this one
    notes: list[str] = field(default_factory=list)  # on what may change any file
    sure: int = -1  # the number of the last command that is known to change files

    @classmethod
    def after(cls, written: Mapping[str, Written], script: str) -> WrittenFiles:
        """Those of a script that is started by one that writes others."""
        unknown = {mark: one for file in written.values() for mark, one in file.unknown.items()}
        return cls(script, dict(written), unknown)

    @property
    def handed(self) -> Word | None:
        """The text that the command before prints into this one, where it is known."""
        text = self.piped.text if self.piped else None
        return None if text is None else word_of(text.removesuffix("\n"), self.unknown)

    def note(self, command: Redirected, folder: str, *, is_sure: bool) -> bool:
        """Note what a command writes; whether it does nothing else.

        What is copied is taken to be there, so that a command behind ``&&`` is run.
        """
        is_sure |= command.before == "&&" and self.sure == command.number - 1
        self.sure = command.number if is_sure and command.name in _SUCCEEDING else -1
        first = command.handed.line if command.handed else command.words[0].line
        place = Place(self.script, first or command.words[0].line)
        open_text = Written(place, _BLOCK.get(command.name, command.name), None, unknown=self.unknown)
        printed = self._printed(command, folder, open_text)
        if may_change_all(command.name, texts := [word.text for word in command.words[1:]]):
            by = " ".join([command.name, *texts])
            self.notes.append(f"files are read as they lie here, and not as {by} at {place} leaves them")
        self.piped = printed if command.is_piped else None
        for file, made in self._made(command, printed, folder, open_text):
            self._put(path_in(folder, file), made, appends=command.appends, is_sure=is_sure and made.is_sure)
        is_written = command.output is not None and printed.is_known
        only_prints = {*_WRITERS, *_SEDS, ":", "envsubst"}
        return command.name in only_prints or (is_written and command.name in _PRINTERS)

    def _made(
        self, command: Redirected, printed: Written, folder: str, open_text: Written
    ) -> Iterator[tuple[str, Written]]:
        """The files that it writes or changes, and what it makes of them."""
        if command.output:
            yield command.output.text, printed
        if command.name in _WRITERS:
            yield from ((word.text, printed) for word in command.named)
        elif command.name in _COPIERS and len(command.named) > 1:
            copied, to, into = _copies(command)
            for file in copied:
                yield (
                    str(PurePath(to, PurePath(file).name)) if into else to,
                    self._of(path_in(folder, file), open_text),
                )
        elif command.name in _EDITORS and any(word.text.startswith(_IN_PLACE) for word in command.words[1:]):
            changed = dict(self._changed(command, folder, open_text))
            yield from changed.items() if changed else ((word.text, open_text) for word in command.named)
        else:
            texts = [word.text for word in command.words[1:]]
            handed = command.handed.text if command.handed else ""
            yield from ((file, open_text) for file in files_made(command.name, texts, handed))
            for file, is_sure in files_handed([word.text for word in command.words], command.code):
                if is_sure or path_in(folder, file) not in self.files:
                    yield file, open_text._replace(is_sure=is_sure)

    def _changed(self, command: Redirected, folder: str, open_text: Written) -> Iterator[tuple[str, Written]]:
        """What ``sed -i`` makes of its files, where its script is read."""
        names = {marked(word, self.unknown) or "": word.text for word in command.words[1:]}
        sed = read_sed(list(self._marked(command))) if command.name in _SEDS else None
        for file in sed.files if sed and sed.in_place else ():
            name = names.get(file, file)
            before = self._of(path_in(folder, name), open_text)
            yield name, before._replace(by=command.name).edited(sed.edited) if sed else before

    def _of(self, file: str, open_text: Written) -> Written:
        """What stands in a file: what is written into that, or what lies there."""
        is_text = PurePath(file).suffix.lower() in COPIED
        lies_here = open_text._replace(of=file if is_text and not is_elsewhere(file) else "")
        before = self.files.get(file, lies_here)
        return before if before.is_sure else open_text

    def _put(self, file: str, made: Written, *, appends: bool, is_sure: bool) -> None:
        before = self.files.get(file)
        if appends:
            to, text = before or self._of(file, made._replace(text=None)), made.text
            is_known = text is not None and to.is_known
            made = (
                to.edited(partial(_with_more, more=text or ""))
                if is_known
                else made._replace(text=None, of="")
            )
        if not is_sure and (before or made.edits) and not (appends and made.text):
            made = made._replace(text=None, of="")
        self.files[file] = made._replace(is_sure=is_sure)

    def _marked(self, command: Redirected) -> Iterator[str]:
        """Its words as texts; none where there are too many that nobody knows."""
        words = [marked(word, self.unknown) for word in command.words[1:]]
        yield from (word for word in words if word is not None and None not in words)

    def _printed(self, command: Redirected, folder: str, open_text: Written) -> Written:
        """What it prints, which is no text where that is not known."""
        words = list(self._marked(command))
        is_known = len(words) == len(command.words) - 1
        named = [word.text for word in command.named]
        files: Sequence[str] = ()
        edit: Callable[[str], str | None] | None = None
        match command.name:
            case "echo" | "printf" | ":":
                return open_text._replace(text=_told(command.name, words) if is_known else None)
            case "cat" if len(named) == len(command.words) - 1 < 2 or words == ["-"]:
                files = named
            case "tee":
                pass
            case "sed" | "gsed" if (sed := read_sed(words)) and not sed.in_place and len(sed.files) < 2:
                files, edit = named[-1:] if sed.files else (), sed.edited
            case "envsubst":
                edit = partial(substituted, values=partial(self._exported, command.env), names=words[-1:])
            case _:
                return open_text
        read = self._read(command, folder, files, open_text)
        return read.edited(edit) if edit else read

    def _read(self, command: Redirected, folder: str, files: Sequence[str], open_text: Written) -> Written:
        """What a command reads: a file, or what it is handed."""
        handed = marked(command.handed, self.unknown) if command.handed else None
        if files or (handed is None and command.source):
            named = files[0] if files else command.source.text if command.source else ""
            return self._of(path_in(folder, named), open_text)._replace(by=open_text.by)
        if handed is not None:
            return open_text._replace(text=f"{handed}\n")
        return self.piped._replace(by=open_text.by) if self.piped else open_text

    def _exported(self, env: Mapping[str, Word], name: str) -> str | None:
        """What ``envsubst`` puts in for a variable; what nobody exports may be set outside."""
        return marked(env.get(name, Word((Unknown(f"${name}", (name,)),))), self.unknown)

    def either(self, before: Mapping[str, Written], branches: Iterable[Mapping[str, Written]]) -> None:
        """Which branch is run is not known: what only one of them writes may be written."""
        ways: dict[str, list[Written]] = {}
        for branch in branches:
            for file, one in branch.items():
                if one is not before.get(file):
                    ways.setdefault(file, []).append(one)
        self.files = dict(before)
        for file, (first, *others) in ways.items():
            is_known = not others and file not in before and not first.edits
            unknown = first._replace(text=None, of="", by=f"{first.by} in one of several branches")
            self.files[file] = first._replace(is_sure=False) if is_known else unknown._replace(is_sure=False)


def _copies(command: Redirected) -> tuple[list[str], str, bool]:
    """What is copied, to where, and whether that is a folder, which ``-t`` names in front."""
    for word, behind in pairwise(command.words):
        option, equals, folder = word.text.partition("=")
        if option in {"-t", "--target-directory"}:
            to = folder if equals else behind.text
            return [one.text for one in command.named if one is not behind or equals], to, True
    *copied, to = (word.text for word in command.named)
    return copied, to, to.endswith("/") or not PurePath(to).suffix


def _told(name: str, words: Sequence[str]) -> str | None:
    """What is printed that a command is given as its words."""
    if name == ":":
        return None if words else ""
    return echoed(words) if name == "echo" else formatted(words)


def _with_more(text: str, more: str) -> str:
    return text + more
