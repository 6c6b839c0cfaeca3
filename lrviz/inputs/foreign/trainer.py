"""What a trainer's module hands over: how its files are known, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.python.python_script import HIDDEN, PythonCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lrviz.inputs.foreign.ranks import Ranks
    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.shell.world import Launcher, Own
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec
    from lrviz.resumption.resume_rule import Rule


ROWS, ARGUMENTS = "train_dataset", "args"
"""Keywords of a maker: what it trains on, and its settings."""


def _unchanged(source: Source) -> Source:
    return source


def _any(_call: PythonCall, _source: Source) -> bool:
    return True


def _never(_source: Source) -> bool:
    return False


def _by_schedule(_run: object) -> str:
    return ""


def _unmerged(layers: list[Source]) -> list[Source]:
    return layers


@dataclass(frozen=True, eq=False)
class ForeignTrainer:
    """One trainer, by its facts.

    ``version`` is the one whose rules are followed unless another is named; ``oldest`` and ``newest`` are
    others whose rules stand in its reader. The program's own name is ``program``, where that is not the
    trainer's. ``claims`` says whether a file or a command is one of its own, ``known_by`` says in words by
    what, and ``is_base`` is that of one whose words others have too: it claims only what no other does.
    ``names_script`` tells of a command whose script is called as its own are: it is no other's then.
    ``used_by`` are endings of names, one of which stands in each script that parses its options by itself;
    ``script_has`` such of a trainer whose script is its own, not to be taken for another of that file name.
    ``reads_loops`` tells of one that holds the loop of a script which is here against its own.

    ``files`` are its options that name a file of settings, which lies below the command, and ``tables``
    those that name a file for a table in their place, which is asked for where it cannot be read, but for
    ``plain_tables``: patterns of those that the trainer brings, which say nothing of the schedule. ``calls``
    are the calls of a Python file whose keywords are its settings, where ``is_call`` does not say that one
    is another library's, and ``makers`` what takes such a call, and makes which one itself where it is given
    none. ``read_words`` makes settings of words that are none to others, ``read_file`` of a file's keys that
    are not yet their names, and ``layers`` what its program makes of the command and its files: merged, or
    with those that they name in turn. ``base_key`` is what a file names those by that lie beneath it, which
    say whose it is where it says too little itself.

    ``dash`` is what stands in the options of one whose argparse has each in one spelling, ``-`` or ``_``,
    where ``had_other_dash`` does not tell that it has, or an older version had, the other, and
    ``takes_beginnings`` tells whether its parser may take them cut short, and ``takes_words`` whether it may
    take words that are none. ``options`` are all that
    the argparse of one has whose settings are not its options, each as it is spelt.
    ``reads_names`` tells whether its files may be Python whose names are settings.
    ``reads_text`` tells whether its parser makes numbers of text in a file (YAML's ``1e-3`` is text for
    PyYAML, and a number for OmegaConf), and ``takes_repeats`` whether it takes the last of a key that is in a
    YAML file several times (OmegaConf and ruamel stop). ``interpolates`` tells whether it puts what is meant
    in the place of a file's ``${…}``, as OmegaConf does where it is told to; to PyYAML that is text.

    ``ranks`` is how its processes know that they are one run, where the number of them matters.

    ``schedules`` are its own names of schedules, and lrviz's for each. ``launchers`` are those that only its
    programs have, each by its name: one in front of a program, or a program that starts its own processes.
    ``keys`` are the lists of all its keys, settings or not, and what becomes of others, and ``no_training``
    what of its commands and files trains nothing. ``resumes`` are the options that go on from a checkpoint,
    and ``resumes_by`` the file of that run whose options it has then, in place of all others.
    ``resumes_weights`` is a setting with which a checkpoint has nothing else read, and ``restores`` says what
    comes back where its schedule alone does not tell: by a rule, or by what has it begin anew at that step.
    ``ends_early`` are settings with which a metric may end the run, each with the setting of its epochs where
    it is a number of those.
    """

    name: str
    version: str
    settings: tuple[Setting, ...]
    claims: Callable[[Source], bool]
    read: Callable[..., Spec]  # of its ``Settings``
    program: str = ""
    aliases: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    plain_tables: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    makers: Mapping[str, str] = field(default_factory=dict)
    is_call: Callable[[PythonCall, Source], bool] = _any
    read_words: Callable[[Source], Source] = _unchanged
    read_file: Callable[[Source], Source] = _unchanged
    layers: Callable[[list[Source]], list[Source]] = _unmerged
    base_key: str = ""
    dash: str = ""
    had_other_dash: bool = False
    takes_beginnings: bool = True
    takes_words: bool = True
    reads_names: bool = False
    options: tuple[str, ...] = ()
    reads_text: bool = True
    takes_repeats: bool = True
    interpolates: bool = True
    ranks: Ranks | None = None
    schedules: Mapping[str, str] = field(default_factory=dict)
    launchers: Mapping[str, Launcher | Own] = field(default_factory=dict)
    is_base: bool = False
    names_script: Callable[[Source], bool] = _never
    used_by: tuple[str, ...] = ()
    script_has: tuple[str, ...] = ()
    reads_loops: bool = False
    keys: KnownKeys = field(default_factory=KnownKeys)
    no_training: NoTraining = field(default_factory=NoTraining)
    resumes: tuple[str, ...] = ()
    resumes_by: str = ""
    resumes_weights: str = ""
    restores: Callable[[Any], Rule | str] = _by_schedule  # of its ``Settings``
    ends_early: Mapping[Setting, str] = field(default_factory=dict)
    known_by: str = ""
    oldest: str = ""
    newest: str = ""

    @cached_property
    def setting_names(self) -> frozenset[str]:
        """What its settings are called, by any of their names."""
        rows = (*self.settings, *self.no_training.needs)
        return frozenset(name for one in rows for name in one.names)

    def calls_in(self, source: Source) -> list[PythonCall]:
        """The calls of a Python file whose keywords are settings."""
        named = source.python.calls_of(self.calls)
        return [call for call in named if self.is_call(call, source)] or [*self._defaults_in(source)]

    def _defaults_in(self, source: Source) -> Iterator[PythonCall]:
        """What makers in a Python file that are given rows and no settings call for themselves."""
        for call in source.python.calls:
            name = self.makers.get(call.called)
            words = call.keywords.keys()
            if name and ROWS in words and not words & {ARGUMENTS, HIDDEN} and len(call.arguments) < 2:
                yield PythonCall(name, (), {}, call.line)

    @property
    def versions(self) -> tuple[str, str]:
        """The oldest and the newest whose rules are known."""
        return self.oldest or self.version, self.newest or self.version
