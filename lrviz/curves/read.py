"""From the words of a command to definite schedules, and the notes that go with them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from lrviz.errors import ConfigError, LrvizError, SpecError
from lrviz.inputs.config.text import is_config
from lrviz.inputs.metrics import read_metrics
from lrviz.notation.spec import Spec, Value, parse
from lrviz.resolve.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.inputs.config.job import Job, JobEntry
    from lrviz.resolve.resolved import Resolved


Wanted: TypeAlias = "Job | Spec"


def read_words(words: list[str]) -> list[Wanted]:
    """What each word asks for: a config (``-`` is stdin), or a spec."""
    if not words:
        raise SpecError("no schedule named", hint="lrviz plot cosine --warmup 100")
    return [_read(word) for word in words]


def _read(word: str) -> Wanted:
    if word != "-" and not is_config(word):
        return parse(word)
    from lrviz.inputs.config.job import load, loads

    if word == "-":
        return loads(sys.stdin.buffer.read(), "stdin")
    return load(word)


def each_of(item: Wanted, flags: Mapping[str, Value]) -> list[Resolved]:
    """A spec may assume what is missing, a config never does."""
    if isinstance(item, Spec):
        return [_with_metrics(item, flags, examples=True)]
    found = []
    for entry in item.entries:
        with naming(entry):
            found.append(_with_metrics(*entry.under(flags), examples=False))
    return found


@contextmanager
def naming(entry: JobEntry) -> Iterator[None]:
    """Say in a refusal which schedule of which config it is about."""
    try:
        yield
    except LrvizError as error:
        raise ConfigError(f"{entry.place}: {error.message}", hint=error.hint) from error


def _with_metrics(spec: Spec, values: Mapping[str, Value], *, examples: bool) -> Resolved:
    place = spec.get("metrics", values.get("metrics"))
    metrics = None if place is None else read_metrics(str(place))
    return resolve(spec, values, examples=examples, metrics=metrics)
