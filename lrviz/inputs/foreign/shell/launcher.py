"""Who starts a program, and in how many processes: ``torchrun``, ``accelerate launch``, ``srun``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import dropwhile
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.known_trainers import all_trainers
from lrviz.inputs.foreign.launch import IMAGE, SLURM, TORCH, Launch
from lrviz.inputs.foreign.shell.fields import joined
from lrviz.inputs.foreign.shell.launchers import LAUNCHERS
from lrviz.inputs.foreign.shell.options import option_key, take_options, variables_set
from lrviz.inputs.foreign.shell.sbatch import variables_of
from lrviz.inputs.foreign.shell.world import Launcher, Own, Said, product
from lrviz.inputs.foreign.shell.wrappers import LOOKED_THROUGH, PRINTERS, PYTHON, SHELLS, WRAPPERS
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.notation.origin import Given, Origin, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.inputs.foreign.shell.world import Count
    from lrviz.inputs.foreign.shell.wrappers import Wrapper

_VARIABLE = re.compile(r"[A-Za-z_]\w*=")
_PYTHON = re.compile(r"(?:python|pypy|ipython)[\d.]*(?:\.exe)?")
_FURTHEST = 50
"""How many words a wrapper that is not known has at most."""
_RANKS = {"RANK", "LOCAL_RANK", "WORLD_SIZE"}
"""By which torch's processes know each other, where a script sets them itself."""
_IMAGES = {"container_image", "container_name"}
_NOTHING = Launch()


class Unwrapped(NamedTuple):
    """How a command is launched, and the words of what is launched: the program first, or none at all.

    ``line`` is a command that stands in quotes, as in ``bash -c '…'``; the words are then its arguments.
    """

    launch: Launch
    words: tuple[Word, ...]
    line: Word | None = None


def unwrap(
    words: Sequence[Word],
    env: Mapping[str, Word] | None = None,
    name: str = "command",
    outer: Launch = _NOTHING,
) -> Unwrapped:
    """Take away what stands before the program: a variable, a wrapper (``nohup``), a launcher or python.

    The innermost launcher that says anything decides how many processes there are.
    """
    found = _Found(outer.world, outer.config, outer.options, outer.launcher, outer.tells)
    walk = _Walk(tuple(words), dict(env or {}), name, found)
    walk.to_program()
    tells = TORCH if _RANKS & walk.env.keys() else walk.found.tells
    said = {
        key: Given(word.value, Origin("file", key, Place(name, word.line))) for key, word in walk.env.items()
    }
    found, rest = walk.found, walk.rest
    program = rest[0].text if rest else ""
    launch = Launch(
        program, found.world, found.config, said, found.options, launcher=found.launcher, tells=tells
    )
    return Unwrapped(launch, rest, walk.line)


def is_launcher(words: tuple[Word, ...]) -> bool:
    """Whether a line begins with a wrapper, a launcher, python or a program that starts its own processes."""
    return bool(_called(words)[1])


class _Found(NamedTuple):
    """What the launchers up to here have said."""

    world: Count = None
    config: str = ""
    options: Mapping[str, Word] = {}
    launcher: str = ""
    tells: str = TORCH

    @property
    def is_nothing(self) -> bool:
        return self.world is None and not self.config


@dataclass
class _Walk:
    """The words that are left, what is known up to there, and the quoted command that it ends at."""

    rest: tuple[Word, ...]
    env: dict[str, Word]
    name: str
    found: _Found = field(default_factory=_Found)
    line: Word | None = None

    def to_program(self) -> None:
        """Take away all that stands before the program, which may start its own processes."""
        while self.step():
            pass
        own = _launchers().get(_base(self.rest))
        if isinstance(own, Own):
            self.take_own(own)
        elif self.found.is_nothing:
            self.found = _Found(product(Said("", {}, self.env, self.name), ("$WORLD_SIZE", None)))

    def step(self) -> bool:
        """Take away the first word that is not yet the program; whether there was one."""
        if not self.rest or self.line is not None:
            return False
        if variable := _VARIABLE.match(self.rest[0].head):
            self.env[variable[0][:-1]] = self.rest[0].cut(variable.end())
            self.rest = self.rest[1:]
            return True
        called, length = _called(self.rest)
        known = _launchers().get(called)
        if isinstance(known, Launcher):
            self._take_launcher(called, known, length)
        elif called in SHELLS:
            self._take_shell()
        elif called and not isinstance(known, Own):
            self._take_wrapper(WRAPPERS.get(called, PYTHON), length)
        else:
            return self._take_unknown()
        return True

    def _take_launcher(self, called: str, launcher: Launcher, length: int) -> None:
        words = self.rest[length:]
        options, self.rest = take_options(words, launcher.switches, launcher.pairs)
        self.env |= variables_set(words[: len(words) - len(self.rest)], launcher.sets, launcher.pairs)
        self._launched(called, launcher, options)

    def _launched(self, called: str, launcher: Launcher | Own, options: Mapping[str, Word]) -> None:
        said = Said(called, options, self.env, self.name)
        world = launcher.processes(said)
        tells = _tells(launcher, options)
        if named := said.find(launcher.config):
            self.found = _Found(world, named[1].text, options, called, tells)
        else:
            kept = self.found._replace(options=options if launcher.config else self.found.options)
            started = self.found._replace(world=world, options=options, launcher=called, tells=tells)
            self.found = kept if world is None else started

    def _take_wrapper(self, wrapper: Wrapper, length: int) -> None:
        stop = "mc" if wrapper.runs_modules else ""
        words = self.rest[length:]
        if wrapper.dashes:
            words = tuple(dropwhile(lambda word: word.text != "--", words))
        options, behind = take_options(words, wrapper.switches, stop=stop)
        self.env |= variables_set(words[: len(words) - len(behind)], wrapper.sets)
        self.line = options.get(wrapper.line)
        self.env |= variables_of(options.items()) if wrapper.allocates else {}
        module = options.get("m") if wrapper.runs_modules else None
        self.rest = (module, *behind) if module else behind[wrapper.words :]

    def _take_shell(self) -> None:
        """``bash -euo pipefail -c 'COMMAND' NAME ARGUMENT``; without ``-c`` a script follows."""
        behind = self.rest[1:]
        while behind and behind[0].head[:1] in {"-", "+"} and self.line is None:
            letters = "" if behind[0].head.startswith("--") else behind[0].text[1:]
            if "c" in letters and behind[1:]:
                self.line = behind[1]
            behind = behind[2 if self.line is not None or letters.endswith(("o", "O")) else 1 :]
        self.rest = behind if self.line is None else behind[1:]

    def _take_unknown(self) -> bool:
        """What runs another command in a way of its own; one that is not known may start it several times."""
        first, base = self.rest[0], _base(self.rest)
        if base == "eval":
            self.line, self.rest = Word(joined(self.rest[1:]), first.line), ()
            return True
        behind = _behind_unknown(self.rest)
        if base in LOOKED_THROUGH and not behind:
            self.line = next((word for word in self.rest[1:] if " " in word.text.strip()), None)
            return self.line is not None
        is_variable = isinstance(first.value, Unknown) and not first.head
        if is_variable and not behind and self.rest[1:] and _is_script(self.rest[1]):
            behind = self.rest[1:]
        elif is_variable and not behind and [word.text for word in self.rest[1:2]] == ["-m"]:
            behind = self.rest[2:]
        if behind and base not in LOOKED_THROUGH and self.found.is_nothing:
            names = first.value.names if isinstance(first.value, Unknown) else ()
            self.found = _Found(Unknown(f"{first.text}, which may start several", names))
        self.rest = behind or self.rest
        return bool(behind)

    def take_own(self, own: Own) -> None:
        """The launcher's options taken out of the program's, wherever they stand."""
        options: dict[str, Word] = {}
        kept, at = [], 0
        while at < len(self.rest):
            key, length = option_key(self.rest[at])
            if key not in own.options:
                kept.append(self.rest[at])
            elif length:
                options[key] = self.rest[at].cut(length)
            elif at + 1 < len(self.rest):
                at += 1
                options[key] = self.rest[at]
            at += 1
        self._launched(_base(self.rest), own, options)
        self.rest = tuple(kept)


def _tells(launcher: Launcher | Own, options: Mapping[str, Word]) -> str:
    """Whose variables its processes find; in a container of PyTorch those of Slurm are torch's as well."""
    if isinstance(launcher, Own):
        return TORCH
    return IMAGE if launcher.tells == SLURM and _IMAGES & options.keys() else launcher.tells


@cache
def _launchers() -> Mapping[str, Launcher | Own]:
    """Those that any program may have, and those of one trainer."""
    return LAUNCHERS | {name: one for trainer in all_trainers() for name, one in trainer.launchers.items()}


def _called(rest: tuple[Word, ...]) -> tuple[str, int]:
    """The wrapper, launcher or python that the words begin with, and how many of them are its name."""
    for length in (3, 2, 1):
        called = " ".join((_base(rest), *(word.text for word in rest[1:length])))
        is_known = called in WRAPPERS or called in SHELLS or called in _launchers()
        if len(rest) >= length and (is_known or _PYTHON.fullmatch(called)):
            return called, length
    return "", 0


def _behind_unknown(rest: tuple[Word, ...]) -> tuple[Word, ...]:
    """What a wrapper that is not known runs: the first launcher or python behind it that has a script."""
    if _base(rest) in PRINTERS or isinstance(_launchers().get(_base(rest)), Own):
        return ()
    for at in range(min(len(rest), _FURTHEST)):
        if _is_script(rest[at]):
            break
        if at and _called(rest[at:])[0] not in {"", *WRAPPERS} and _runs_script(rest[at:]):
            return rest[at:]
    return ()


def _runs_script(rest: tuple[Word, ...]) -> bool:
    """Whether a script or a module follows, as none does in ``--strategy deepspeed --lr 1``."""
    walk, is_module = _Walk(rest, {}, ""), False
    while _called(walk.rest)[1] and (before := walk.rest) and walk.step():
        taken = before[: len(before) - len(walk.rest)]
        is_module = any(word.text in {"-m", "--module"} for word in taken)
    first = walk.rest[0] if walk.rest else None
    is_script = first is not None and (is_module or _is_script(first) or isinstance(first.value, Unknown))
    return is_script or walk.line is not None


def _is_script(word: Word) -> bool:
    return word.text.endswith(".py")


def _base(rest: tuple[Word, ...]) -> str:
    """The name of a program without its folder; a pasted line may begin with ``$`` or ``!``."""
    return rest[0].text.rpartition("/")[2].lstrip("!%") if rest else ""
