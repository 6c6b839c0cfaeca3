"""What the options of a command say of the run and its schedule: each a key, read as a spec has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.cli.usage import needs_value
from lrviz.errors import SpecError, Style
from lrviz.notation.origin import Origin
from lrviz.notation.spec import Value, parse_typed
from lrviz.resolve.key import option_of
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lrviz.curves.runs import Flags
    from lrviz.resumption.asked import Resume


class RunOptions(NamedTuple):
    """What the options say of the run and the schedule, by key; a key in a spec wins over the option."""

    values: dict[str, Value]
    quiet: bool = False
    strict: bool = False
    verbose: bool = False
    given: Mapping[str, str] = {}
    resume: Resume | None = None
    view: Mapping[str, Value] = {}

    @property
    def origins(self) -> dict[str, Origin]:
        """Who says each: its option."""
        return {key: Origin("option", option_of(key)) for key in self.values}

    @property
    def flags(self) -> Flags:
        """What they lay over all that is wanted."""
        from lrviz.curves.runs import Flags

        return Flags(self.values, self.origins, self.given)

    def words(self) -> list[str]:
        """The keys and what was left open, as they are typed."""
        said = [part for key, value in self.values.items() for part in _option(key, value)]
        return said + [part for name, value in self.given.items() for part in ("--given", f"{name}={value}")]


def _option(key: str, value: Value) -> list[str]:
    """An option as it is typed."""
    if isinstance(value, bool):
        return [option_of(key)] if value else []
    items = value if isinstance(value, tuple) else (value,)
    return [option_of(key), ",".join(map(str, items))]


def _typed(name: str, value: str) -> str:
    """A key as a command line has it; one without an option stands in a spec."""
    if name not in KEYS or not KEYS[name].option:
        return f"{name}={value}" if value else name
    return option_of(name) if not value or not KEYS[name].metavar else f"{option_of(name)} {value}"


OPTIONS = Style(_typed, " ")
"""How a hint writes the keys of a command line."""


def run_options(said: dict[str, Any]) -> RunOptions:
    """What was typed behind the options that commands share: all that is no option of its own is a key."""
    quiet, strict, verbose = (said.pop(name, False) for name in ("quiet", "strict", "verbose"))
    seq_len, pairs = said.pop("seq_len"), said.pop("given") or []
    resume = _resume_of(said.pop("resume_at", None), said.pop("resume", None) or [])
    left_open = _left_open([*([f"seq_len={seq_len}"] if seq_len else []), *pairs])
    view = said.pop("view", {})
    values = {name: _value(name, text) for name, text in said.items() if text not in (None, False)}
    return RunOptions(values, quiet, strict, verbose, left_open, resume, view)


def _resume_of(at: str | None, changes: Iterable[str]) -> Resume | None:
    """What ``--resume-at`` and ``--resume`` say.

    Raises:
        SpecError: what changes is no pair, or nothing says where.

    """
    pairs = dict(_pair("--resume", one, "steps=60") for one in changes)
    if at is None and pairs:
        raise SpecError("--resume has no checkpoint to go on from", hint="--resume-at 20")
    if at is None:
        return None
    from lrviz.resumption.asked import Resume

    return Resume(at, {key: parse_typed(key, text) for key, text in pairs.items()})


def _left_open(texts: list[str]) -> dict[str, str]:
    """What ``--given`` says, each name once.

    Raises:
        SpecError: a text is no pair, or two have the same name.

    """
    found: dict[str, str] = {}
    for name, value in (_pair("--given", text, "classes=80") for text in texts):
        if name in found:
            raise SpecError(f"{name} is given twice", hint=f"give {name} once")
        found[name] = value
    return found


def _pair(option: str, text: str, example: str) -> tuple[str, str]:
    """A key and its value.

    Raises:
        SpecError: the text is no such pair.

    """
    name, equals, value = text.partition("=")
    if not (name.strip() and equals):
        raise SpecError(f"{option} {text} has no value", hint=f"{option} {example}")
    return name.strip(), value.strip()


def _is_several(text: str) -> bool:
    from lrviz.notation.braces import expand

    return len(expand(text)) > 1


def _value(name: str, text: str | bool) -> Value:
    """An option means what the same key means in a spec."""
    if isinstance(text, bool):
        return text
    if text.partition("=")[0] in map(option_of, KEYS):
        raise needs_value(option_of(name))
    if "{" in text and _is_several(text):
        hint = f"quote it in a spec: 'cosine:{name}={text}'"
        raise SpecError(f"{option_of(name)} takes one value, not {text}", hint=hint)
    try:
        return parse_typed(name, text)
    except SpecError as error:
        raise SpecError(f"{option_of(name)}: {error.message}", hint=error.template) from None
