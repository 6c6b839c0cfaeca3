"""The files that a script writes, copies or changes, as far as nothing must be run to know them."""

from __future__ import annotations

import fnmatch
import os
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.beside import is_elsewhere
from lrviz.inputs.foreign.shell.edited_files import SEDS, bare, edits_in_place
from lrviz.inputs.foreign.shell.made_files import files_made, may_change_all
from lrviz.inputs.foreign.shell.placed_files import COPIERS, placing, removed
from lrviz.inputs.foreign.shell.printed_text import echoed, formatted, substituted
from lrviz.inputs.foreign.shell.run_programs import files_handed
from lrviz.inputs.foreign.shell.sed import read_sed
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.inputs.foreign.written import COPIED, EVERY, Written, marked, path_in, word_of, written_at
from lrviz.inputs.words import is_settings_file
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lrviz.inputs.foreign.shell.placed_files import Placing

_SUCCEEDING = {*COPIERS, *SEDS, "mkdir"}
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
    here: Callable[[str], list[str]] = lambda _: []  # the files that lie here, by a pattern

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

    def has(self, file: str) -> bool | None:
        """Whether a file of settings is there by now; None where nobody knows."""
        made = self.files.get(file)
        if made and (made.is_sure or made.is_gone):
            return not made.is_gone if made.is_sure else None
        return True if self.here(file) else None

    def note(self, command: Redirected, folder: str, *, is_sure: bool) -> bool:
        """Note what a command writes; whether it does nothing else.

        What is copied is taken to be there, so that a command behind ``&&`` is run.
        """
        command = command._replace(words=bare(command.words))
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
        only_prints = {*_WRITERS, *SEDS, ":", "envsubst"}
        return command.name in only_prints or (is_written and command.name in _PRINTERS)

    def _made(
        self, command: Redirected, printed: Written, folder: str, open_text: Written
    ) -> Iterator[tuple[str, Written]]:
        """The files that it writes or changes, and what it makes of them."""
        if command.output:
            yield command.output.text, printed
        texts = [word.text for word in command.words[1:]]
        if command.name in _WRITERS:
            yield from ((word.text, printed) for word in command.named)
        elif command.name in COPIERS:
            yield from self._placed(placing(command.name, texts), folder, open_text)
        elif edits_in_place(command.name, texts):
            yield from self._changed(command, folder, open_text)
        else:
            handed = command.handed.text if command.handed else ""
            yield from ((file, open_text) for file in files_made(command.name, texts, handed))
            for file, is_sure in files_handed([word.text for word in command.words], command.code):
                if is_sure or path_in(folder, file) not in self.files:
                    yield file, open_text._replace(is_sure=is_sure, is_handed=not is_sure)
        for named in removed(command.name, texts):
            for file in self._meant(Word.of(named), folder):
                yield file, open_text._replace(is_gone=True)

    def _placed(self, placed: Placing, folder: str, open_text: Written) -> Iterator[tuple[str, Written]]:
        """What is copied where; one that is there may be left."""
        pairs = [one for pair in placed.pairs for one in self._copied(*pair, folder)]
        for file, to in pairs:
            is_there = self.has(path_in(folder, to)) if placed.leaves or placed.may_leave else None
            if not (is_there and placed.leaves):
                made = open_text if EVERY in to else self._of(path_in(folder, file), open_text)
                yield to, made._replace(is_sure=made.is_sure and not is_there)

    def _copied(self, file: str, to: str, folder: str) -> Iterator[tuple[str, str]]:
        """Each file of a pattern with where it is put; any into that folder where none lies here."""
        if not set("*?[") & set(file):
            yield file, to
        if not (set("*?[") & set(file) and is_settings_file(file)):
            return
        into = PurePath(to).parent
        found = [one for one in self._meant(Word.of(file), folder) if EVERY not in one]
        yield from ((one, str(into / PurePath(one).name)) for one in found)
        yield from [] if found else [(file, str(into / EVERY))]

    def _meant(self, word: Word, folder: str) -> list[str]:
        """The files that a word names, seen from the folder: any where nobody knows its name."""
        text = word.text
        if isinstance(word.value, Unknown):
            name = PurePath(text).name
            is_named = is_settings_file(name) and "$" not in name
            return [text, f"{EVERY}/{name}"] if is_named else [EVERY]
        if not set("*?[") & set(text) or PurePath(text).name == EVERY:
            return [text]
        is_own = text.startswith("./")  # which may stand for the script's folder
        here = self.here(path_in(folder, text)) or (self.here(text) if is_own else [])
        found = [*here, *fnmatch.filter(self.files, path_in(folder, text))]
        return [os.path.relpath(one, folder or ".") for one in dict.fromkeys(found)]

    def _changed(self, command: Redirected, folder: str, open_text: Written) -> Iterator[tuple[str, Written]]:
        """What ``sed -i`` makes of its files, where its script is read; other editors are not followed."""
        texts = list(self._marked(command))
        words = dict(zip(texts, command.words[1:], strict=False))
        sed = read_sed(texts) if command.name in SEDS else None
        named = [words[one] for one in sed.files] if sed else command.named
        for word in named:
            for name in self._meant(word, folder):
                before = self._of(path_in(folder, name), open_text)._replace(by=command.name)
                made = before.edited(sed.edited) if sed else open_text
                yield name, made._replace(is_sure=EVERY not in name)

    def _of(self, file: str, open_text: Written) -> Written:
        """What stands in a file: what is written into that, or what lies there."""
        is_text = PurePath(file).suffix.lower() in COPIED
        lies_here = open_text._replace(of=file if is_text and not is_elsewhere(file) else "")
        before = written_at(self.files, "", file) or lies_here
        return before if before.is_sure and not before.is_gone else open_text

    def _put(self, file: str, made: Written, *, appends: bool, is_sure: bool) -> None:
        before = self.files.get(file)
        if appends:
            to, text = before or self._of(file, made._replace(text=None)), made.text
            to = made._replace(text="") if to.is_gone and to.is_sure else to
            is_known = text is not None and to.is_known
            made = (
                to.edited(partial(_with_more, more=text or ""))
                if is_known
                else made._replace(text=None, of="")
            )
        if not is_sure and before and not (appends and made.text):
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
                return open_text._replace(text=_printed_by(command.name, words) if is_known else None)
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
            is_known = not others and file not in before
            unknown = first._replace(text=None, of="", by=f"{first.by} in one of several branches")
            self.files[file] = first._replace(is_sure=False) if is_known else unknown._replace(is_sure=False)


def _printed_by(name: str, words: Sequence[str]) -> str | None:
    """What is printed that a command is given as its words."""
    if name == ":":
        return None if words else ""
    return echoed(words) if name == "echo" else formatted(words)


def _with_more(text: str, more: str) -> str:
    return text + more
