"""What the variables of a script stand for, as they are set one after another."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.files import LIMIT
from lrviz.inputs.foreign.shell.fields import BLANKS
from lrviz.inputs.foreign.shell.kept_values import KeptValues, is_of_the_machine
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Part, Word, merge
from lrviz.notation.numbers import digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

ARGUMENTS = "@"
"""The name of all that a script is given."""
ANYTHING = "*"
"""What stands among the names that a command sets where those may be any."""
SEPARATORS = "IFS"
MOST_WORDS = 100_000
_ELEMENT = re.compile(r"\[([^\[\]]+)\]=")
"""``[base]=`` at the beginning of a word of an array."""


@dataclass
class Values:
    """What each name stands for: one word, or those of an array. What is ``given`` wins over the script."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    keyed: dict[str, dict[str, Word]] = field(default_factory=dict)  # arrays whose words have keys
    last_set: dict[str, int] = field(default_factory=dict)  # by which statement
    run_from: int | None = None  # a function is run after this statement, or a later one
    defaults: dict[str, str] = field(default_factory=dict)  # taken for names that nothing sets
    associative: set[str] = field(default_factory=set)  # declared to be arrays with keys
    kept: KeptValues = field(default_factory=KeptValues)
    required: set[str] = field(default_factory=set)  # without which the script ends
    least_words: int = 0  # how many the script is given for sure, where nobody says which
    stops_at_unset: bool = False  # set -u
    is_passed_over: bool = False  # a file that may set more
    is_lost: bool = False  # any name may have been set
    is_in_call: bool = False  # its arguments are those of a function, or of a file that is read
    are_set: bool = False  # its arguments, by ``set --``
    has_file: Callable[[str], bool | None] = lambda _: None  # whether one is there
    words: int = 0
    letters: int = 0

    def __getitem__(self, name: str) -> tuple[Word, ...] | None:
        is_argument = name in {"@", "*", "#"} or digits(name) is not None
        if name in self.given and not (is_argument and self.is_in_call):
            return (Word.of(self.given[name]),)
        if is_argument:
            self.kept.look_at(ARGUMENTS)
            return self._arguments(name)
        self.kept.look_at(name)
        if self.run_from is not None and self.last_set.get(name, -1) >= self.run_from:
            return (Word((Unknown(f"${name}", (name,)),)),)
        unset = (Word((Unknown(f"${name}", (name,)),)),) if self.is_lost else None
        return self.values.get(name, unset)

    @property
    def is_uncalled(self) -> bool:
        """Whether nobody says what the script is given."""
        return ARGUMENTS not in self.values and self.run_from is None

    @property
    def given_words(self) -> int:
        """How many words the script is given at least: none, unless it ends then, or one is given by hand."""
        return max([self.least_words, *(int(name) for name in self.given if name.isdigit())])

    def is_due(self, name: str) -> bool:
        """Whether it is a word that the script ends without."""
        return name.isdigit() and self.is_uncalled and 0 < int(name) <= self.given_words

    def require(self, names: Iterable[str]) -> None:
        """The script ends where these are not set, or where it is not given one word more."""
        names = set(names)
        self.least_words += ARGUMENTS in names
        self.required |= names - {ARGUMENTS}

    def _arguments(self, name: str) -> tuple[Word, ...] | None:
        """What a script is given: all of it, how much, or one word; a function is given something else."""
        words = self.values.get(ARGUMENTS) if self.run_from is None else None
        if words is None or name == "0":
            return None
        last = len(words) if name in {"@", "*", "#"} else int(name)
        before = [word for word in words[:last] if word.may_be_several]
        asked = before if name in {"@", "*", "#"} else [*before, *words[last - 1 : last]]
        unknown = [word.value for word in asked if isinstance(word.value, Unknown)]
        if name not in {"@", "*"} and unknown:
            names = tuple(one for value in unknown for one in value.names) if self.is_in_call else ()
            why = unknown[-1].why if self.is_in_call and name != "#" else f"${name}"
            return (Word((Unknown(why, names or (name,)),)),)
        if name == "#":
            return (Word.of(str(len(words))),)
        return words if name in {"@", "*"} else words[last - 1 : last] or None

    def shift(self, number: str, line: int) -> None:
        """Leave the first words out of what the script is given; where there are fewer, it stays."""
        words = self._arguments(ARGUMENTS)
        left_out = digits(number)
        is_known = words is not None and not any(one.may_be_several for one in words[:left_out])
        if words is not None and is_known and left_out is not None:
            self.values[ARGUMENTS] = words[left_out if left_out <= len(words) else 0 :]
        else:
            self.forget(ARGUMENTS, line)

    def forget(self, name: str, line: int, causes: Iterable[str] = ()) -> None:
        """Make a name one whose value nobody knows, or all; the ``causes`` are names that would tell it."""
        if name == ANYTHING:
            self.is_lost = True
            for one in self.values.keys() - {ARGUMENTS}:
                self.forget(one, line)
            return
        self.keyed.pop(name, None)
        self.kept.of.pop(name, None)
        was_array = name != ARGUMENTS and len(self.values.get(name, ())) > 1
        left = tuple(one for one in causes if one not in self.given)
        unknown = Unknown(f"${name}", left or (name,), is_computed=bool(left))
        self.values[name] = (Word((unknown,), line),) * (1 + was_array)

    def mark_one(self, name: str) -> None:
        """What nobody knows of a name is one word, whatever it is."""
        self.values[name] = tuple(one._replace(is_one=True) for one in self.values[name])

    def grow(self, name: str, before: tuple[Word, ...], *, between: str) -> None:
        """Make a name what it was, and what nobody knows behind that."""
        words = self.values[name]
        last = before[-1] if before and between != ARGUMENTS else None
        grown = Word(merge((*last.parts, between, *words[0].parts)), words[0].line) if last else words[0]
        self.values[name] = (*(before[:-1] if last else before), grown)

    @contextmanager
    def own(self, names: Iterable[str]) -> Iterator[None]:
        """While a command runs: these are its own."""
        outer = {name: self.values.get(name) for name in names}
        came_from = {name: self.kept.of.get(name, frozenset()) for name in outer}
        yield
        self.kept.of |= came_from
        for name, before in outer.items():
            self.values.pop(name, None)
            self.values |= {} if before is None else {name: before}

    @contextmanager
    def called(self, arguments: tuple[Word, ...] | None, *, keeps_set: bool = False) -> Iterator[None]:
        """While a function is called: it has its own arguments, at first the script's where these are None.

        bash ``keeps_set`` what ``set --`` makes of those of a file (`source_builtin` in builtins/source.def).
        """
        was_in_call, were_set, self.are_set = self.is_in_call, self.are_set, False
        with self.own((ARGUMENTS,)):
            if arguments is not None:
                self.kept.set(ARGUMENTS)
                self.values[ARGUMENTS], self.is_in_call = arguments, True
            yield
            stays = self.values.get(ARGUMENTS) if keeps_set and self.are_set else None
        self.is_in_call, self.are_set = was_in_call, were_set and not keeps_set
        self.values |= {} if stays is None else {ARGUMENTS: stays}

    @contextmanager
    def apart(self) -> Iterator[None]:
        """While a shell of its own runs: what that sets is set for it alone."""
        outer = (dict(self.values), dict(self.keyed), set(self.associative), self.is_lost, dict(self.kept.of))
        were_set = self.are_set
        yield
        self.values, self.keyed, self.associative, self.is_lost, self.kept.of = outer
        self.are_set = were_set

    def keep(self, file: str) -> None:
        """A file that is not read may set anything anew; which defaults were taken is forgotten."""
        self.is_passed_over |= not is_of_the_machine(file)
        names = [name for name in self.values if name.isidentifier() and not name.startswith("SLURM_")]
        texts = {name: " ".join(word.text for word in self.values[name]) for name in names}
        self.kept.keep(file, texts)
        self.defaults = {
            name: value for name, value in self.defaults.items() if name.isdigit() or name == ARGUMENTS
        }

    def assign(self, name: str, words: Sequence[Word], *, appends: bool, is_array: bool) -> None:
        """Set a variable; an unknown value is from now on known by this name, if it is all there is."""
        self.keyed.pop(name, None)
        if is_array and any(_ELEMENT.match(word.head) for word in words):
            words = self._with_keys(name, {} if appends else _by_keys(words))
        named = list(words)
        if len(words) == 1 and not _has_several(words[0]):
            named = [Word(tuple(_named(part, name) for part in words[0].parts), words[0].line)]
        self.kept.set(name, adds=appends)
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

    @property
    def separators(self) -> str | None:
        """The letters at which values are split; None where nobody knows."""
        said = self[SEPARATORS] if SEPARATORS in self.values else None
        value = said[0].value if said else BLANKS
        return None if isinstance(value, Unknown) else value

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


def are_handed_on(words: Sequence[Word]) -> bool:
    """Whether they are all that the script is given, of which nobody knows."""
    return len(words) == 1 and words[0].text in {"$@", "${@}"}


def _by_keys(words: Sequence[Word]) -> dict[str, Word]:
    """The words of ``([small]=1e-3 [base]=5e-4)``; nothing where one has no key."""
    found = [(_ELEMENT.match(word.head), word) for word in words]
    keyed = {key[1].strip("\"'"): word.cut(key.end()) for key, word in found if key}
    return keyed if len(keyed) == len(words) else {}


def _has_several(word: Word) -> bool:
    """Whether a value has words beside what nobody knows in it: ``--lr $(cat lr) --steps 5``."""
    return any(isinstance(part, str) and re.search(r"\s", part) for part in word.parts)


def _named(part: Part, name: str) -> Part:
    is_named = isinstance(part, Unknown) and any(re.match(r"[A-Za-z_]", known) for known in part.names)
    if isinstance(part, Unknown) and not (is_named or part.is_computed):
        return Unknown(part.why, (name,))
    return part
