"""Variables of a script, put into its words as a shell does; what a shell alone could tell stays Unknown."""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.files import LIMIT
from lrviz.inputs.foreign.shell.alterations import altered
from lrviz.inputs.foreign.shell.brace_expansion import alternatives
from lrviz.inputs.foreign.shell.fields import BLANKS, Piece, joined, split_fields
from lrviz.inputs.foreign.shell.getopts import sorted_options
from lrviz.inputs.foreign.shell.segments import (
    Alteration,
    Arithmetic,
    Getopt,
    Number,
    Opaque,
    Parameter,
    RawWord,
    Text,
)
from lrviz.inputs.foreign.shell.shell_sums import whole_number
from lrviz.inputs.foreign.source import Part, Unknown, Word, merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lrviz.inputs.foreign.shell.segments import Segment

ARGUMENTS = "@"
"""The name of all that a script is given."""
ANYTHING = "*"
"""What stands among the names that a command sets where those may be any."""
SEPARATORS = "IFS"
MOST_WORDS = 100_000
_NAMES = re.compile(r"\$\{#([A-Za-z_]\w*)\[[@*]\]\}|\$?\{?([A-Za-z_]\w*)\}?|\$\{?([#1-9])\}?")
"""What stands for a number in a sum: how many words an array has, a variable, or a word of the script."""
_ELEMENT = re.compile(r"\[([^\[\]]+)\]=")
"""``[base]=`` at the beginning of a word of an array."""


@dataclass
class Variables:
    """What each name stands for: one word, or those of an array. What is ``given`` wins over the script."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    keyed: dict[str, dict[str, Word]] = field(default_factory=dict)  # arrays whose words have keys
    last_set: dict[str, int] = field(default_factory=dict)  # by which statement
    run_from: int | None = None  # a function is run after this statement, or a later one
    defaults: dict[str, str] = field(default_factory=dict)  # taken for names that nothing sets
    associative: set[str] = field(default_factory=set)  # declared to be arrays with keys
    is_lost: bool = False  # any name may have been set
    is_in_call: bool = False  # its arguments are those of a function
    words: int = 0
    letters: int = 0

    def __getitem__(self, name: str) -> tuple[Word, ...] | None:
        if name in self.given:
            return (Word.of(self.given[name]),)
        if name in {"@", "*", "#"} or name.isdigit():
            return self._arguments(name)
        if self.run_from is not None and self.last_set.get(name, -1) >= self.run_from:
            return (Word((Unknown(f"${name}", (name,)),)),)
        unset = (Word((Unknown(f"${name}", (name,)),)),) if self.is_lost else None
        return self.values.get(name, unset)

    @property
    def is_uncalled(self) -> bool:
        """Whether nobody says what the script is given."""
        return ARGUMENTS not in self.values and self.run_from is None

    def _arguments(self, name: str) -> tuple[Word, ...] | None:
        """What a script is given: all of it, how much, or one word; a function is given something else."""
        words = self.values.get(ARGUMENTS) if self.run_from is None else None
        if words is None or name == "0":
            return None
        last = len(words) if name in {"@", "*", "#"} else int(name)
        unknown = [word.value for word in words[:last] if isinstance(word.value, Unknown)]
        if name not in {"@", "*"} and unknown:
            names = tuple(one for value in unknown for one in value.names) if self.is_in_call else ()
            return (Word((Unknown(f"${name}", names or (name,)),)),)
        if name == "#":
            return (Word.of(str(len(words))),)
        return words if name in {"@", "*"} else words[last - 1 : last] or None

    def shift(self, number: str, line: int) -> None:
        """Leave the first words out of what the script is given; where there are fewer, it stays."""
        words = self._arguments(ARGUMENTS)
        if words is not None and number.isdecimal() and not isinstance(words[:1] and words[0].value, Unknown):
            self.values[ARGUMENTS] = words[int(number) if int(number) <= len(words) else 0 :]
        else:
            self.forget(ARGUMENTS, line)

    def forget(self, name: str, line: int) -> None:
        """Make a name one whose value nobody knows, or all."""
        if name == ANYTHING:
            kept = {key: self.values[key] for key in self.values.keys() & {ARGUMENTS}}
            self.keyed, self.values, self.is_lost = {}, kept, True
            return
        self.keyed.pop(name, None)
        was_array = name != ARGUMENTS and len(self.values.get(name, ())) > 1
        self.values[name] = (Word((Unknown(f"${name}", (name,)),), line),) * (1 + was_array)

    @contextmanager
    def own(self, names: Iterable[str], arguments: tuple[Word, ...] | None) -> Iterator[None]:
        """While a function is called: these are its own, and its arguments, unless it has the script's."""
        kept = {name: self.values.get(name) for name in (ARGUMENTS, *names)}
        was_in_call = self.is_in_call
        if arguments is not None:
            self.values[ARGUMENTS], self.is_in_call = arguments, True
        yield
        self.is_in_call = was_in_call
        for name, before in kept.items():
            self.values.pop(name, None)
            self.values |= {} if before is None else {name: before}

    def keep_arguments(self) -> None:
        """Forget which defaults were taken: what is set from here on comes too late for them."""
        self.defaults = {
            name: value for name, value in self.defaults.items() if name.isdigit() or name == ARGUMENTS
        }

    def assign(self, name: str, words: Sequence[Word], *, appends: bool, is_array: bool) -> None:
        """Set a variable; an unknown value is from now on known by this name."""
        self.keyed.pop(name, None)
        if is_array and any(_ELEMENT.match(word.head) for word in words):
            words = self._with_keys(name, {} if appends else _by_keys(words))
        named = [Word(tuple(_named(part, name) for part in word.parts), word.line) for word in words]
        before = self[name]
        if appends and before is None:
            before = (Word((Unknown(f"${name}", (name,)),)),)
        if not is_array and before:  # the first word of an array
            first = Word(merge((*before[0].parts, *named[0].parts)), named[0].line) if appends else named[0]
            named = [first, *self.values.get(name, ())[1:]]
        elif before and appends:
            named = [*before, *named]
        self.charge(named)
        self.values[name] = tuple(named)

    def _with_keys(self, name: str, keyed: dict[str, Word]) -> list[Word]:
        """The words of an array with keys: numbers in their order are places of one that has none."""
        if keyed and name in self.associative:
            self.keyed[name] = keyed
        elif not keyed or list(keyed) != [str(number) for number in range(len(keyed))]:
            return [Word((Unknown(f"${name}", (name,)),))]
        return list(keyed.values())

    def assign_element(self, name: str, subscript: Sequence[Segment], word: Word, *, appends: bool) -> None:
        """Set a word of an array, where it is known which."""
        key = self.value(RawWord(tuple(subscript), word.line)).value
        is_keyed = name in self.associative
        number = key if is_keyed or isinstance(key, Unknown) else self.sum_of("", key)
        words = self.values.get(name, ())
        is_known = not any(isinstance(one.value, Unknown) for one in words) and name not in self.given
        if (
            isinstance(number, Unknown)
            or appends
            or not is_known
            or (is_keyed and name not in self.keyed and words)
        ):
            self.forget(name, word.line)
        elif is_keyed:
            self.keyed[name] = {**self.keyed.get(name, {}), number: word}
            self.values[name] = tuple(self.keyed[name].values())
        elif 0 <= int(number) <= len(words):
            self.keyed.pop(name, None)
            self.values[name] = (*words[: int(number)], word, *words[int(number) + 1 :])
        else:
            self.forget(name, word.line)

    def value(self, raw: RawWord) -> Word:
        """The value of an assignment, which is not split."""
        words = [Word(tuple(part for one in pieces for part in one.parts)) for pieces in self._fields(raw)]
        word = Word(joined(words), raw.line)
        self.charge([word])
        return word

    def expand(self, raw: RawWord) -> list[Word]:
        """The words that a word becomes: none, one or many.

        Raises:
            ConfigError: the script makes more of them than anyone writes.

        """
        fields = (pieces for one in alternatives(raw) for pieces in self._fields(one))
        separators = self.separators
        words = [word for pieces in fields for word in split_fields(pieces, separators)]
        self.charge(words)
        return words

    @property
    def separators(self) -> str | None:
        """The letters at which values are split; None where nobody knows."""
        said = self[SEPARATORS] if SEPARATORS in self.values else None
        value = said[0].value if said else BLANKS
        return None if isinstance(value, Unknown) else value

    def _fields(self, raw: RawWord) -> list[list[Piece]]:
        return self._of_segments(raw.segments, raw.line)

    def _of_segments(self, segments: Sequence[Segment], line: int) -> list[list[Piece]]:
        """The pieces of words side by side; only an array makes several words, whatever is split later."""
        fields: list[list[Piece]] = [[]]
        for segment in segments:
            first, *others = self._of_segment(segment, line) or [[]]
            fields[-1] += first
            fields += others
        return fields

    def _of_segment(self, segment: Segment, line: int) -> list[list[Piece]]:
        if isinstance(segment, Parameter):
            return self._of_parameter(segment, line)
        made = self._made(segment)
        is_literal = isinstance(segment, Text) and bool(segment.text) and not set(segment.text) & set(BLANKS)
        splits = isinstance(segment, Text | Alteration | Getopt) and not (segment.quoted or is_literal)
        return [[Piece((made,) if made else (), line, splits)]]

    def _made(self, segment: Segment) -> Part:
        """What becomes of one that is no parameter."""
        made: Part = ""
        match segment:
            case Text(text):
                made = text
            case Alteration():
                made = self._altered(segment)
            case Getopt():
                made = self._sorted(segment)
            case Arithmetic(written, expression):
                made = self.sum_of(written, expression)
            case Number(written, name):
                made = self._number(written, name)
            case Opaque(written, names):
                made = Unknown(written, tuple(name for name in names if name not in self.given))
        return made

    def _of_parameter(self, segment: Parameter, line: int) -> list[list[Piece]]:
        known = self._selected(segment, line)
        if known and segment.operator.endswith("+") and isinstance(known[0].value, Unknown):
            return [[Piece((Unknown(segment.written, (segment.name,)),), line)]]
        if segment.operator.strip(":?"):
            is_empty = not known or (":" in segment.operator and not any(word.parts for word in known))
            if is_empty != segment.operator.endswith("+"):
                default = self._default(segment, line)
                if known is None and not segment.operator.endswith("+") and not self._is_none(segment.name):
                    self.defaults[segment.name] = "".join(Word(one.parts).text for one in default[0])
                return default
            known = () if segment.operator.endswith("+") else known
        if known is None:
            known = () if self._is_none(segment.name) else (self._open(segment, line),)
        if segment.subscript == "*" and segment.quoted:
            known = known[:1] if len({*known}) == 1 and isinstance(known[0].value, Unknown) else known
            between = self.separators
            between = between[:1] if between is not None else None
            known = (
                (Word(joined(known, between), line),) if between is not None else (self._open(segment, line),)
            )
        if not known and segment.subscript[:1] not in {"@", ":"}:
            known = (Word((), line),)
        return [[Piece(word.parts, word.line, not segment.quoted)] for word in known]

    @staticmethod
    def _open(segment: Parameter, line: int) -> Word:
        return Word((Unknown(segment.written, (segment.name,)),), line)

    def _is_none(self, name: str) -> bool:
        """Whether it is a word that the script is surely not given."""
        return name.isdigit() and name != "0" and ARGUMENTS in self.values and self.run_from is None

    def _selected(self, segment: Parameter, line: int) -> tuple[Word, ...] | None:
        """What its subscript selects of the words that its name stands for."""
        words = self[segment.name]
        if words is None or segment.subscript in {"@", "*"}:
            return words
        if segment.subscript.startswith(":"):
            return self._from(int(segment.subscript[1:]), segment, words)
        if segment.name in self.given:
            return words
        if segment.name in self.keyed and words is self.values.get(segment.name):
            return self._of_key(segment, line)
        number = self.sum_of(segment.written, segment.subscript or "0")
        if isinstance(number, Unknown):
            return (Word((number,), line),)
        return self._chosen(segment, words, int(number), line)

    def _of_key(self, segment: Parameter, line: int) -> tuple[Word, ...]:
        """The word of ``${NAME[$KEY]}``."""
        names = {one[0]: one[one.lastindex or 0] for one in _NAMES.finditer(segment.subscript)}
        known = {one: self._in_sum(one, name) for one, name in names.items() if one.startswith("$")}
        unknown = [name for one in known.values() if isinstance(one, Unknown) for name in one.names]
        if unknown:
            return (Word((Unknown(segment.written, tuple(unknown)),), line),)
        key = _NAMES.sub(lambda one: str(known.get(one[0], one[0])), segment.subscript.strip("\"'"))
        found = self.keyed[segment.name].get(key)
        return (found,) if found else ()

    @staticmethod
    def _from(first: int, segment: Parameter, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words from one on; an unknown one before may be several."""
        is_sure = not any(isinstance(word.value, Unknown) for word in words[: first - 1])
        return words[first - 1 :] if is_sure else (Word((Unknown(segment.written, (segment.name,)),)),)

    @staticmethod
    def _chosen(segment: Parameter, words: tuple[Word, ...], number: int, line: int) -> tuple[Word, ...]:
        """The word of a number; where one before it is unknown, it may be many and shift the others."""
        before = words[: number + 1] if number >= 0 else words
        if number and any(isinstance(word.value, Unknown) for word in before):
            return (Word((Unknown(segment.written, (segment.name,)),), line),)
        at = number if number >= 0 else number + len(words)
        return words[at : at + 1] if 0 <= at < len(words) else ()

    def _default(self, segment: Parameter, line: int) -> list[list[Piece]]:
        """The default, which ``:=`` assigns too."""
        default = self._of_segments(segment.default, line)
        if segment.operator.endswith("="):
            words = [Word(tuple(part for one in pieces for part in one.parts)) for pieces in default]
            self.assign(segment.name, [Word(joined(words), line)], appends=False, is_array=False)
        return default

    def _altered(self, segment: Alteration) -> Part:
        """The first word that a name stands for, after what is done to it."""
        words = self[segment.name]
        value = words[0].value if words else None
        made = altered(value, segment.sign, segment.rest) if isinstance(value, str) else None
        self.letters += len(words[0].text if words else "") ** 2  # as long as it takes
        return Unknown(segment.written, (segment.name,)) if made is None else made

    def _sorted(self, segment: Getopt) -> Part:
        """The options among words, as ``getopt`` prints them."""
        given = [word for raw in segment.words[1:] for word in self.expand(raw)]
        unknown = [one for word in given if isinstance(word.value, Unknown) for one in word.value.names]
        made = None if unknown else sorted_options([word.text for word in given])
        return Unknown(segment.written, tuple(unknown)) if made is None else shlex.join(made)

    def _number(self, written: str, name: str) -> Part:
        """How many words an array has; an unknown one may be several."""
        words = self[name]
        if words is None or any(isinstance(word.value, Unknown) for word in words):
            return Unknown(written, (name,))
        return str(len(words))

    def sum_of(self, written: str, expression: str) -> Part:
        """``$((…))``, where all in it is known."""
        names = {one[0]: one[one.lastindex or 0] for one in _NAMES.finditer(expression)}
        known = {one: self._in_sum(one, name) for one, name in names.items()}
        unknown = dict.fromkeys(names[one] for one, value in known.items() if isinstance(value, Unknown))
        numbers = _NAMES.sub(lambda one: str(known[one[0]]), expression)
        result = None if unknown else whole_number(numbers.replace("$((", "(("))
        return Unknown(written, tuple(unknown)) if result is None else str(result)

    def _in_sum(self, written: str, name: str) -> Part:
        if "[" in written:
            return self._number(written, name)
        words = self[name]
        return words[0].value if words else Unknown(written, (name,))

    def charge(self, words: Sequence[Word]) -> None:
        """Count what was made of variables.

        Raises:
            ConfigError: it is more than anyone writes.

        """
        self.words += len(words)
        self.letters += sum(1 + len(part) for word in words for part in map(str, word.parts))
        if self.words > MOST_WORDS or self.letters > LIMIT:
            raise ConfigError(
                f"{self.name}: its variables stand for more than {MOST_WORDS} words or {LIMIT >> 20} MB",
                hint="write out the one command that trains",
            )


def _by_keys(words: Sequence[Word]) -> dict[str, Word]:
    """The words of ``([small]=1e-3 [base]=5e-4)``; nothing where one has no key."""
    found = [(_ELEMENT.match(word.head), word) for word in words]
    keyed = {key[1].strip("\"'"): word.cut(key.end()) for key, word in found if key}
    return keyed if len(keyed) == len(words) else {}


def _named(part: Part, name: str) -> Part:
    if isinstance(part, Unknown) and not any(re.match(r"[A-Za-z_]", known) for known in part.names):
        return Unknown(part.why, (name,))
    return part
