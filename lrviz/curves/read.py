"""What words ask for: specs, configs, trainers' own files, and values kept in a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.catalogue.names import find, lookup
from lrviz.catalogue.own import called
from lrviz.curves.refusals import LONGEST_SUBJECT, about
from lrviz.errors import LrvizError, SpecError, UnknownScheduleError
from lrviz.inputs.own.own_word import module_of, own_word
from lrviz.inputs.words import (
    check_keyless,
    check_stdin,
    file_and_curve,
    file_and_label,
    is_at_revision,
    is_command,
    is_config,
    is_there,
    way_out,
)
from lrviz.notation.spec import Spec, parse
from lrviz.notation.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.curves.wanted import Wanted
    from lrviz.notation.expectation import Expectation


def read_words(words: Sequence[str]) -> list[Wanted]:
    """What each word asks for: a config (``-`` is stdin), a spec, or with braces several.

    Raises:
        LrvizError: no word, or one that cannot be read.

    """
    if not words:
        raise SpecError("no schedule named", hint="lrviz plot cosine --warmup 100")
    check_stdin(words, "leave out the second -")
    found: list[Wanted] = []
    words = [one for word in words for one in _swept(word)]
    for place, word in enumerate(words):
        subject = cut(word, LONGEST_SUBJECT) if len(words) > 1 else ""
        before = words[place - 1] if place and isinstance(found[-1], Spec) else ""
        try:
            with about(subject):
                found.append(read_word(word))
        except LrvizError as error:
            if not (is_command(word) or is_config(file_and_label(word)[0]) or own_word(word)):
                error.template = way_out(word, before, words[place + 1 :]) or error.template
            raise
    return found


def _swept(word: str) -> list[str]:
    """The words that braces in one stand for; in a command, pasted code or a file's name they are text."""
    whole = is_command(word) or _is_call(word) or is_there(word) or is_at_revision(word)
    if whole or "{" not in word:
        return [word]
    from lrviz.notation.braces import expand

    return expand(word)


def read_word(word: str) -> Wanted:
    """What one word asks for."""
    if own_word(word):
        return read_spec(word)
    file, label = file_and_label(word)
    file, curve = file_and_curve(file)
    if not (is_command(word) or is_config(file)):
        check_keyless(word)
        return read_spec(word)
    from lrviz.curves.chosen import chosen
    from lrviz.curves.renamed import renamed
    from lrviz.inputs.opened import open_word

    opened = open_word(file, curve)
    if curve:
        opened = chosen(opened, curve, word)
    return renamed(opened, label) if label else opened


def read_spec(word: str) -> Spec:
    """A spec as it is written, or as a call pasted from code; the user's own code that it names is run."""
    own = own_word(word)
    if own is not None:
        from lrviz.inputs.own.own_entry import register_word

        register_word(own)
        return replace(parse(f"own{own.rest}"), name=own.name)
    if not _is_call(word):
        _check_name(module_of(word))
        return _of_one_name(parse(word))
    from lrviz.inputs.pasted import is_pasted, read_call

    return read_call(word) if is_pasted(word) else parse(word)


def _check_name(module: str) -> None:
    """Refuse what would name a function of a module, were it one.

    Raises:
        UnknownScheduleError: it is neither a module nor a schedule.

    """
    try:
        if module:
            find(module)
    except UnknownScheduleError as error:
        error.message += ", and no module of that name is found from here"
        raise


def _of_one_name(spec: Spec) -> Spec:
    """The spec, where its name does not stand for a schedule of the user's own beside another.

    Raises:
        SpecError: it does.

    """
    own = called(spec.name)
    other = lookup(spec.name) if own else None
    if own is not None and other is not None and other.id != own.id:
        text = f"{spec.name} is {other.id}, and {own.id} is declared too"
        raise SpecError(text, hint=f"name it {own.id} or {other.id}")
    return spec


def _is_call(word: str) -> bool:
    return "(" in word.partition(":")[0]


def expectations_of(wanted: Iterable[Wanted]) -> list[Expectation]:
    """What configs expect of their own curves; only they do."""
    return [one for item in wanted for one in getattr(item, "expectations", ())]
