"""Variables of a script, put into its words as a shell does; what a shell alone could tell stays Unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.alterations import altered
from lrviz.inputs.foreign.shell.brace_expansion import alternatives
from lrviz.inputs.foreign.shell.fields import BLANKS, Piece, joined, split_fields
from lrviz.inputs.foreign.shell.getopts import sorted_options
from lrviz.inputs.foreign.shell.printed_text import sequence
from lrviz.inputs.foreign.shell.segments import (
    Alteration,
    Arithmetic,
    Number,
    Opaque,
    Parameter,
    Printed,
    RawWord,
    Text,
)
from lrviz.inputs.foreign.shell.shell_lexer import segments_of_sum
from lrviz.inputs.foreign.shell.shell_sums import whole_number
from lrviz.inputs.foreign.shell.shell_values import ARGUMENTS, Values
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Part, Word, merge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.shell.segments import Segment

_NAMES = re.compile(r"(?<![\w#.])([A-Za-z_]\w*)(\[[^][]{1,60}\])?")
"""What holds a number in a sum: a variable, or a word of an array."""
_LONGEST_SUM = 1000
_NO_VALUE = re.compile(r"\$\{(?:[A-Za-z_]\w*|\d+)[^\w\[:=?+#%/^,@~}-].*", re.DOTALL)
"""``${N*2}``, a "bad substitution"."""
_REFERRED = re.compile(r"\$\{!([A-Za-z_]\w*)\}", re.ASCII)
"""``${!NAME}``: the value of the variable that NAME names."""


@dataclass
class Variables(Values):
    """Puts what names stand for into words."""

    def assign_element(self, name: str, subscript: Sequence[Segment], word: Word, *, appends: bool) -> None:
        """Set a word of an array, where it is known which."""
        key = self.value(RawWord(tuple(subscript), word.line)).value
        is_keyed = name in self.associative
        number = key if is_keyed or isinstance(key, Unknown) else self.sum_of("", key)
        self.kept.set(name, adds=True)
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

    def expand(self, *raws: RawWord) -> list[Word]:
        """The words that words become: each none, one or many.

        Raises:
            ConfigError: the script makes more of them than anyone writes.

        """
        return [word for raw in raws for word in self._expanded(raw)]

    def _expanded(self, raw: RawWord) -> list[Word]:
        fields = (pieces for one in alternatives(raw) for pieces in self._fields(one))
        separators = self.separators
        words = [word for pieces in fields for word in split_fields(pieces, separators)]
        self.charge(words)
        return words

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
        if isinstance(segment, Opaque) and (referred := self._referred(segment)):
            return self._of_parameter(referred, line)
        made = self._made(segment)
        is_literal = isinstance(segment, Text) and bool(segment.text) and not set(segment.text) & set(BLANKS)
        splits = isinstance(segment, Text | Alteration | Printed) and not (segment.quoted or is_literal)
        return [[Piece((made,) if made else (), line, splits)]]

    def _made(self, segment: Segment) -> Part:
        """What becomes of one that is no parameter."""
        made: Part = ""
        match segment:
            case Text(text):
                made = text
            case Alteration():
                made = self._altered(segment)
            case Printed():
                made = self._printed(segment)
            case Arithmetic(written, expression):
                made = self.sum_of(written, expression)
            case Number(written, name):
                made = self._number(written, name)
            case Opaque(written, names):
                self._check(written)
                made = Unknown(written, tuple(name for name in names if name not in self.given))
        return made

    def _check(self, written: str) -> None:
        if _NO_VALUE.fullmatch(written):
            text = f"{self.name}: {written} is a bad substitution: bash leaves out the command it stands in"
            raise ConfigError(text, hint="$((N * 2)) is a product")

    def _referred(self, segment: Opaque) -> Parameter | None:
        """``${!NAME}`` as what it names, where that is one word, in quotes or not."""
        found = _REFERRED.fullmatch(segment.written)
        words = self[found[1]] if found else None
        name = words[0].text if words else ""
        named = self[name] if name.isidentifier() else None
        is_word = named is not None and len(named) == 1 and len(named[0].text.split()) == 1
        return Parameter(segment.written, name, "", "", (), quoted=True) if is_word else None

    def _of_parameter(self, segment: Parameter, line: int) -> list[list[Piece]]:
        known = self._selected(segment, line)
        if known and segment.operator.endswith("+") and isinstance(known[0].value, Unknown):
            return [[Piece((Unknown(segment.written, (segment.name,)),), line)]]
        if known is None:
            self._note_required(segment)
        if segment.operator.strip(":?") and not (known is None and self.is_due(segment.name)):
            is_empty = not known or (":" in segment.operator and not any(word.parts for word in known))
            if is_empty != segment.operator.endswith("+"):
                default = self._default(segment, line)
                if known is None and not segment.operator.endswith("+") and not self._is_none(segment.name):
                    self.defaults[segment.name] = "".join(Word(one.parts).text for one in default[0])
                return default
            known = () if segment.operator.endswith("+") else known
        if known is None:
            known = () if self._is_none(segment.name) else (self._unset(segment, line),)
        if segment.subscript == "*" and segment.quoted:
            known = (self._as_one(known, segment, line),)
        if not known and segment.subscript[:1] not in {"@", ":"}:
            known = (Word((), line),)
        is_one = segment.quoted and segment.subscript[:1] not in {"@", "*", ":"}
        return [[Piece(word.parts, word.line, not segment.quoted, is_one or word.is_one)] for word in known]

    def _as_one(self, words: Sequence[Word], segment: Parameter, line: int) -> Word:
        """``"$*"``: all words with the first separator between them."""
        is_open = len({*words}) == 1 and isinstance(words[0].value, Unknown)
        if self.separators is None:
            return self._open(segment, line)
        return Word(joined(words[:1] if is_open else words, self.separators[:1]), line)

    def _note_required(self, segment: Parameter) -> None:
        """``${1:?}``, or ``$1`` after ``set -u``: the script ends where it is not given so many words."""
        ends = segment.operator.endswith("?") or (self.stops_at_unset and not segment.operator)
        if ends and segment.name.isdigit() and self.is_uncalled:
            self.least_words = max(self.least_words, int(segment.name))
        elif ends and segment.name.isidentifier():
            self.required.add(segment.name)

    @staticmethod
    def _open(segment: Parameter, line: int) -> Word:
        return Word((Unknown(segment.written, (segment.name,)),), line)

    def _unset(self, segment: Parameter, line: int) -> Word:
        """One that no line sets, nor a file that is passed over."""
        is_unset = segment.name.isidentifier() and not self.is_passed_over
        return Word((Unknown(segment.written, (segment.name,), is_unset=is_unset),), line)

    def _is_none(self, name: str) -> bool:
        """Whether it is a word that the script is surely not given."""
        return name.isdigit() and name != "0" and ARGUMENTS in self.values and self.run_from is None

    def _selected(self, segment: Parameter, line: int) -> tuple[Word, ...] | None:
        """What its subscript selects of the words that its name stands for."""
        words = self[segment.name]
        if words is None or segment.subscript in {"@", "*"}:
            return () if self.given.get(segment.name) == "" else words
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
        key = self.value(RawWord(segments_of_sum(segment.subscript.strip("'")), line)).value
        if isinstance(key, Unknown):
            return (Word((Unknown(segment.written, key.names),), line),)
        found = self.keyed[segment.name].get(key)
        return (found,) if found else ()

    @staticmethod
    def _from(first: int, segment: Parameter, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words from one on; an unknown one before may be several."""
        is_sure = not any(word.may_be_several for word in words[: first - 1])
        return words[first - 1 :] if is_sure else (Word((Unknown(segment.written, (segment.name,)),)),)

    @staticmethod
    def _chosen(segment: Parameter, words: tuple[Word, ...], number: int, line: int) -> tuple[Word, ...]:
        """The word of a number; where one before it is unknown, it may be many and shift the others."""
        before = words[: number + 1] if number >= 0 else words
        if number and any(word.may_be_several for word in before):
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
        names = () if segment.name in self.given else (segment.name,)
        return Unknown(segment.written, names) if made is None else made

    def _printed(self, segment: Printed) -> Part:
        """What ``getopt`` or ``seq`` prints."""
        program, *given = self.expand(*segment.words)
        unknown = [word.value for word in given if isinstance(word.value, Unknown)]
        prints = sequence if program.text == "seq" else sorted_options
        made = None if unknown else prints([word.text for word in given])
        names = dict.fromkeys(name for one in unknown for name in one.names)
        return Unknown(segment.written, tuple(names)) if made is None else made

    def _number(self, written: str, name: str) -> Part:
        """How many words an array has; an unknown one may be several."""
        words = self[name]
        if words is None or any(word.may_be_several for word in words):
            return Unknown(written, (name,))
        return str(len(words))

    def sum_of(self, written: str, expression: str) -> Part:
        """``$((…))``, where all in it is known: values are put in as in quotes, names are what they hold."""
        segments = segments_of_sum(expression) if len(expression) <= _LONGEST_SUM else ()
        parts = [part for one in segments for part in self._in_sum(one)]
        unknown = [part for part in parts if isinstance(part, Unknown)]
        result = None if unknown else whole_number("".join(map(str, parts)))
        names = dict.fromkeys(name for one in unknown for name in one.names)
        return Unknown(written, tuple(names)) if result is None else str(result)

    def _in_sum(self, segment: Segment) -> list[Part]:
        """The text that a piece of a sum comes to; what is unknown goes by the name that stands there."""
        if isinstance(segment, Text):
            between = _NAMES.split(segment.text)
            words = [between[at + 1 : at + 3] for at in range(0, len(between) - 1, 3)]
            made = [self._held(name, subscript) for name, subscript in words]
            return [one for pair in zip_longest(between[::3], made, fillvalue="") for one in pair]
        if isinstance(segment, Parameter):
            return [self._put_in(segment)]
        return [self._made(segment)]

    def _held(self, name: str, subscript: str | None) -> Part:
        """A name without ``$``, which is computed before the rest; an empty one is 0."""
        value = self._put_in(Parameter(name, name, (subscript or "")[1:-1], "", (), quoted=True))
        return value if isinstance(value, Unknown) else f"({value.strip() or 0})"

    def _put_in(self, segment: Parameter) -> Part:
        pieces = [one for pieces in self._of_parameter(segment, 0) for one in pieces]
        value = Word(merge(part for one in pieces for part in one.parts)).value
        is_named = isinstance(value, Unknown) and (segment.name.isidentifier() or not value.names)
        return Unknown(segment.written, (segment.name,)) if is_named else value
