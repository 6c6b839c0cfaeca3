"""Options that several commands share, read off the table of keys."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Annotated, Any, NamedTuple, TypeAlias, get_type_hints

import typer

from lrviz.cli.command import COMMON, STRICT
from lrviz.cli.help import first_example
from lrviz.cli.run_options import run_options
from lrviz.cli.usage import missing_words
from lrviz.errors import SpecError
from lrviz.inputs.words import command_word
from lrviz.notation.nearest import near_hint
from lrviz.notation.spec import Value
from lrviz.resolve.key import Key, option_of
from lrviz.resolve.keys import IN_EVERY_COMMAND, KEYS

RUN = "The run"
SCHEDULE = "The schedule"
TRAINER = "A trainer's own file or command"
RESUME = "A run that is resumed"
WORDS = (
    "Schedules: NAME or NAME:key=value,…; configs; trainers' own files and scripts; - is stdin; "
    "FILE.py:FUNCTION runs code of yours."
)
OF_RUN = tuple(key for key in KEYS.values() if key.option)
"""Keys that have an option."""
OF_PLAN = tuple(key for key in OF_RUN if key.name in IN_EVERY_COMMAND)
"""Those of a run's length and its warmup's."""


class ViewOptions(NamedTuple):
    """The options of a picture, and what reads what was typed behind them: its values, by key."""

    parameters: tuple[inspect.Parameter, ...]
    read: Callable[[Mapping[str, list[str] | str | bool | None]], dict[str, Value]]


Command: TypeAlias = "Callable[..., int | None]"


class Shared(NamedTuple):
    """The options that a command has in common with others; where it stands ``alone`` it needs no word."""

    parameters: tuple[inspect.Parameter, ...]
    view: ViewOptions | None
    alone: bool | str


def words_of(choices: Iterable[str]) -> Callable[[str], list[str]]:
    """What a TAB offers of a few words."""

    def offered(incomplete: str) -> list[str]:
        return [word for word in choices if word.startswith(incomplete)]

    return offered


def one_of(name: str, choices: Collection[str], text: str) -> Any:
    """An option that is one of a few words, which its help lists and a TAB offers."""
    return typer.Option(
        name, metavar="|".join(choices), help=text, autocompletion=words_of(choices), show_default=False
    )


def parameter(panel: str, name: str, kind: object, *decls: str, **more: Any) -> inspect.Parameter:
    """An option in a panel of the help, as Typer reads it off a signature; a switch is off."""
    option = typer.Option(*decls, rich_help_panel=panel, show_default=False, **more)
    annotation, default = Annotated[kind, option], False if kind is bool else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def of_key(key: Key) -> dict[str, Any]:
    """What the option of a key is told of it."""
    completion = words_of(key.choices) if key.choices else None
    return {"metavar": key.metavar or None, "help": key.help, "autocompletion": completion}


def _parameter(key: Key) -> inspect.Parameter:
    """The option of a key of the run."""
    panel, kind = RUN if key.in_plan else SCHEDULE, str | None if key.metavar else bool
    return parameter(panel, key.name, kind, option_of(key.name), **of_key(key))


_of_trainer, _of_resume = partial(parameter, TRAINER), partial(parameter, RESUME)
OF_TRAINER = (
    _of_trainer(
        "args", list[str] | None, "--args", metavar="LINE", help="A launch line; or type it behind --."
    ),
    _of_trainer(
        "given",
        list[str] | None,
        "--given",
        metavar="KEY=VALUE",
        help="What it leaves open, by its own name: classes=80.",
    ),
    _of_trainer(
        "seq_len",
        str | None,
        "--seq-len",
        metavar="N",
        help="Tokens in a sample, where it counts tokens.",
    ),
    _of_trainer("verbose", bool, "--verbose", "-v", help="List what of it is not used."),
)

GRIDS = "Lines or a table for people, a document or rows for programs."
Specs = Annotated[list[str], typer.Argument(metavar="SPEC...", help=WORDS, show_default=False)]
Explain = Annotated[bool, typer.Option("--explain", help="Where every value comes from.")]


RESUMED = (
    _of_resume(
        "resume_at",
        str | None,
        "--resume-at",
        metavar="STEP",
        help="Go on from a checkpoint of the first schedule, as the second one.",
    ),
    _of_resume(
        "resume",
        list[str] | None,
        "--resume",
        metavar="KEY=VALUE",
        help="What is new then, where one schedule is named; repeatable.",
    ),
)


def takes(
    keys: Iterable[Key],
    *,
    strict: bool = False,
    alone: bool | str = False,
    resumes: bool = False,
    view: ViewOptions | None = None,
) -> Callable[[Command], Command]:
    """Give a command the options of ``keys`` and ``--quiet``; it receives them as its argument ``run``.

    One that looks at curves may be ``strict``, one that shows runs ``resumes`` them, and one that draws has
    the options of a ``view``.

    Launch lines stand among its other words, of which there must be one unless it stands ``alone``, or with
    the option that is called so.
    """
    of_resume = RESUMED if resumes else ()
    quiet = [COMMON["quiet"], *([STRICT] if strict else [])]
    of_view = view.parameters if view else ()
    shared = Shared((*of_view, *map(_parameter, keys), *of_resume, *OF_TRAINER, *quiet), view, alone)

    def with_options(command: Command) -> Command:
        def command_with_options(**given: Any) -> int | None:
            return _call(command, shared, given)

        return _named_as(command, command_with_options, [*_own_parameters(command), *shared.parameters])

    return with_options


def _own_parameters(command: Command) -> list[inspect.Parameter]:
    """What a command has beside the options that others share."""
    hints = get_type_hints(command, include_extras=True)
    return [
        parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(command).parameters.items()
        if name != "run"
    ]


def _named_as(command: Command, function: Command, parameters: list[inspect.Parameter]) -> Command:
    """The function under the name of a command, with these parameters."""
    function.__name__ = command.__name__
    function.__doc__ = command.__doc__
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # how Typer reads it
    function.__annotations__ = {one.name: one.annotation for one in parameters}
    return function


def _call(command: Command, shared: Shared, given: dict[str, Any]) -> int | None:
    """Call a command with what was typed: launch lines among its words, the shared options as its ``run``.

    Raises:
        UsageError: it has no word, and needs one.

    """
    said = {parameter.name: given.pop(parameter.name) for parameter in shared.parameters}
    if shared.view:
        said["view"] = shared.view.read({one.name: said.pop(one.name) for one in shared.view.parameters})
    lines = said.pop("args") or []
    run = run_options(dict(said))
    given["specs"] = [*(given["specs"] or []), *map(command_word, lines)]
    alone = shared.alone if isinstance(shared.alone, bool) else given[shared.alone] is not None
    if not (given["specs"] or alone):
        texts = {option_of(name): str(said[name]) for name in run.values}
        raise missing_words(command.__name__, first_example(command), texts)
    return command(run=run, **given)


def check_choice(option: str, value: str, choices: Collection[str]) -> None:
    """Refuse a word that is none of the choices.

    Raises:
        SpecError: with the choices in the hint.

    """
    if value not in choices:
        hint = near_hint(value.lower(), choices, f"one of {', '.join(choices)}", cutoff=0.7)
        raise SpecError(f"{option} has no {value!r}", hint=hint)
