"""``--cfg-options a.b=1 c.0.d=2`` of OpenMMLab's tools, laid over the config that they name.

Source: mmengine 0.10.7 ``DictAction`` and ``Config.merge_from_dict``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.argv import is_option
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.numbers import digits
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.word import Word

_WORDS = {"true": True, "false": False}
_OPTION = "cfg_options"
_DELETE = "_delete_"
LAUNCHING = ("dist_train.sh", "slurm_train.sh")
"""OpenMMLab's scripts that start its train.py, and hand their words on without quotes."""
_WAYS = {
    True: "write the config before --cfg-options",
    False: "write KEY=VALUE, without a blank on either side of the =",
}
"""What to do with a word that is no pair, by whether it is a config."""


def merged(layers: list[Source]) -> list[Source]:
    """A command and its config as one source: what the options say lies over what the config does.

    Raises:
        ConfigError: they do not fit, which mmengine refuses.

    """
    command, *files = layers
    if command.language != "command":
        return layers
    data = dict(files[0].data) if files else {}
    places: dict[KeyPath, Place] = dict(files[0].places) if files else {}
    for path, value, place in said_by(command):
        data = laid(data, path, value, place)
        places[tuple(one if (at := digits(one)) is None else at for one in path)] = place
    given = {key: value for key, value in command.data.items() if key != _OPTION and key not in data}
    names = tuple(name for one in files for name in (one.name, *one.files))
    both = replace(command, data={**given, **data}, places={**places, **command.places}, files=names)
    both = replace(both, assumed=(*both.assumed, *(note for one in files[:1] for note in one.assumed)))
    return [both, *files[1:]]


def said_by(command: Source) -> list[tuple[tuple[str, ...], Any, Place]]:
    """The keys that the option sets, each with its value and where that stands."""
    found: list[tuple[tuple[str, ...], Any, Place]] = []
    for word in _pairs(command):
        key, _, text = word.text.partition("=")
        value = word.cut(len(key) + 1).value
        said = value if isinstance(value, Unknown) else parsed(text)
        found.append((tuple(key.split(".")), said, Place(command.name, word.line, key)))
    return found


def _pairs(command: Source) -> list[Word]:
    """Each ``a.b=1`` of the option: what is deleted goes first, then the last one wins.

    Raises:
        ConfigError: a word of the option is no such pair.

    """
    pairs = [word for word in _handed(command) if "=" in word.text or not isinstance(word.value, Unknown)]
    for word in pairs:
        _check(word, command)
    return sorted(pairs, key=lambda word: f".{_DELETE}=" not in word.text)


def _handed(command: Source) -> Iterator[Word]:
    """All words up to the next option, as a launching script cuts them: its ``${@:3}`` has no quotes."""
    is_taking = False
    for word in command.argv:
        written, is_joined, _ = word.head.partition("=")
        if is_option(word):
            is_taking = written.lstrip("-").replace("-", "_") == _OPTION
            if is_taking and is_joined:
                yield word.cut(len(written) + 1)
                is_taking = False
        elif is_taking:
            parts = word.split(" ") if command.script in LAUNCHING else (word,)
            yield from (part for part in parts if part.parts)


def _check(word: Word, command: Source) -> None:
    """Refuse what has no ``=``, at which ``DictAction`` stops, and a key that is none with its blank."""
    key, is_pair, value = word.text.partition("=")
    if is_pair and key and key == key.strip():
        return
    place = f"{Place(command.name, word.line)}: --cfg-options"
    if not is_pair:
        text = f"{place} takes all words up to the next option, and {key} has no =: mmengine stops"
        raise ConfigError(text, hint=_WAYS[key.endswith(".py")])
    text = f"{place} {word.text}: {key!r} is no key of the config"
    raise ConfigError(text, hint=f"write {key.strip() or 'KEY'}={value.strip()}, without a blank")


def parsed(text: str) -> Any:
    """A value as ``DictAction`` reads it: a number, a word, or a list of those in brackets or with commas."""
    text = text.strip("'\"").replace(" ", "")
    for opened, closed, kind in (("(", ")", tuple), ("[", "]", list)):
        if text.startswith(opened) and text.endswith(closed):
            return kind(map(parsed, _cut(text[1:-1])))
    return list(map(parsed, _cut(text))) if "," in text else _scalar(text)


def _cut(text: str) -> Iterator[str]:
    """What stands between the commas that are in no brackets."""
    start = depth = 0
    for at, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char == "," and not depth:
            yield text[start:at]
            start = at + 1
    if text[start:]:
        yield text[start:]


def _scalar(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None if text == "None" else _WORDS.get(text.lower(), text)


def laid(data: Any, path: Sequence[str], value: Any, place: Place) -> Any:
    """A copy of dicts and lists with a value at a path; a number is an item of a list that is there.

    Raises:
        ConfigError: a list is shorter, or neither a dict nor a list stands where the path goes through.

    """
    if not path or isinstance(data, Unknown):
        return value if not path else data
    key, *rest = path
    if isinstance(data, list) and (at := digits(key)) is not None:
        if at >= len(data):
            text = f"{place}: the list has {len(data)} items, counted from 0: mmengine stops"
            raise ConfigError(text, hint=f"name one from 0 to {len(data) - 1}, or the whole list")
        return [laid(one, rest, value, place) if i == at else one for i, one in enumerate(data)]
    if not isinstance(data, dict):
        raise ConfigError(
            f"{place}: {key!r} leads into what is no dict: mmengine stops", hint="name the whole value"
        )
    if rest == [_DELETE]:
        return {**data, key: {}}
    return {**data, key: laid(data.get(key, {}), rest, value, place)}
