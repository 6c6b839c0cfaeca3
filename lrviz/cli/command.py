"""What every command shares: its parameters are texts, and it takes -q, --debug and -h."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from typing import Annotated, Any, get_args

import typer
from typer.core import TyperCommand

from lrviz.cli.bar import Bar
from lrviz.cli.help import PlainHelp
from lrviz.cli.usage import UsageError, refuse_flag_values
from lrviz.engine.progress import heard_by
from lrviz.inputs.files import remembered

TEXTS = (str, str | None, list[str], list[str] | None, bool | None)
"""What needs no conversion; nor does nothing, which is what most switches say that can say no."""

Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No notes on stderr, and of a check what fails; errors stay.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 where there is a warning or an error.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
LOAD = inspect.Parameter(
    "load",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        list[str] | None,
        typer.Option(
            "--load",
            metavar="FILE.py",
            help="Run a file of your own: what has @lrviz.schedule is a schedule too.",
            show_default=False,
        ),
    ],
)
NAMING = ("specs", "words", "names")
"""Parameters of the commands that take names of schedules."""
COMMON = {
    name: inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=annotation)
    for name, annotation in (("quiet", Quiet), ("debug", Debug))
}
OF_STDIN, HIDDEN = "-:", "\0:"
"""How a word begins that is a curve of stdin, and how where an option's letter would be seen in it."""
STRICT = inspect.Parameter("strict", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Strict)


class TextCommand(PlainHelp, TyperCommand):
    """Typer from 0.29 on lets pydantic look at each value, and loading that takes as long as a ``show``.

    A text needs no conversion, so it passes by. What is no text stays Typer's business, and so does
    everything where a Typer to come works in another way.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        annotated = inspect.signature(self.callback).parameters if self.callback else {}
        for param in self.params:
            annotation = annotated[param.name].annotation if param.name in annotated else None
            kind, *infos = get_args(annotation) or (None,)
            if kind in TEXTS:
                let_texts_pass(param)
            for info in infos:  # click from 8.5 on takes an argument's text away from Typer before 0.26
                vars(param)["help"] = info.help

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a call."""
        refuse_flag_values([name for param in self.params for name in param.opts if _is_flag(param)], args)
        args = [word.replace(OF_STDIN, HIDDEN, 1) if word.startswith(OF_STDIN) else word for word in args]
        refuse_repeated(self, ctx, args)
        rest: list[str] = super().parse_args(ctx, args)
        ctx.params |= {name: _unhidden(value) for name, value in ctx.params.items()}
        return rest

    def get_help_option(self, ctx: Any) -> Any:
        """The option ``--help``, which is absent as a rule."""
        option = super().get_help_option(ctx)
        let_texts_pass(option)
        return option


def refuse_repeated(command: Any, ctx: Any, args: list[str]) -> None:
    """Refuse an option with two values, as a key that a spec or a config has twice.

    Raises:
        UsageError: there is one.

    """
    heads = [word.partition("=")[0] for word in args if word.startswith("-")]
    if len(heads) == len({*heads}):
        return
    _, _, order = command.make_parser(ctx).parse_args(args=[*args])
    for place, param in enumerate(order):
        takes_one = param.param_type_name == "option" and not (param.multiple or param.is_flag)
        if takes_one and param in order[:place]:
            option = max(param.opts, key=len)
            raise UsageError(f"{option} is given twice", hint=f"give {option} once")


def _unhidden(value: object) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(map(_unhidden, value))
    return value.replace(HIDDEN, OF_STDIN, 1) if isinstance(value, str) else value


def _is_flag(param: object) -> bool:
    """Whether it is an option that is there or not."""
    return bool(getattr(param, "is_flag", False))


def let_texts_pass(param: Any) -> None:
    """Texts, and nothing where nothing is required, stay as they are."""
    process = getattr(param, "process_value", None)
    if not callable(process) or not _takes_value(getattr(process, "__func__", process)):
        return

    def processed(ctx: Any, value: Any) -> Any:
        texts = value if isinstance(value, (list, tuple)) else [value]
        is_absent = not param.required and value in (None, (), [])
        is_text = bool(texts) and all(isinstance(text, str) for text in texts)
        return value if is_absent or is_text else process(ctx, value)

    param.process_value = processed


@functools.cache
def _takes_value(process: Callable[..., Any]) -> bool:
    """Whether this Typer processes a value as others do."""
    names = [*inspect.signature(process).parameters]
    return names in (["self", "ctx", "value"], ["ctx", "value"])


class CommandError(Exception):
    """Carries what a command raises past Typer, which has its own opinion of some of it."""

    def __init__(self, error: Exception | KeyboardInterrupt, *, debug: bool) -> None:
        super().__init__(error)
        self.error, self.debug = error, debug


def with_common_options(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """Let a command take what all take; -q is heard by those that say notes. It may return its exit code."""
    own = inspect.signature(command).parameters
    added = [parameter for name, parameter in COMMON.items() if name not in own]
    added += [LOAD] if {*NAMING} & own.keys() else []

    @functools.wraps(command)
    def run_command(*, debug: bool, load: list[str] | None = None, **given: Any) -> int | None:
        try:
            with heard_by(Bar()), remembered():
                if load:
                    from lrviz.inputs.own.declared import load as load_files

                    load_files(load)
                code = command(**{name: value for name, value in given.items() if name in own})
            sys.stdout.flush()
        except (Exception, KeyboardInterrupt) as error:
            raise CommandError(error, debug=debug) from error
        return code

    run_command.__signature__ = inspect.Signature([*own.values(), *added])  # type: ignore[attr-defined]  # how Typer reads it
    run_command.__annotations__ = {
        name: p.annotation for name, p in inspect.signature(run_command).parameters.items()
    }
    return run_command
