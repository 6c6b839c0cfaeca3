"""litgpt's ``optimizer``, a name or a table: what jsonargparse makes of its options, and its LR.

Source: litgpt 0.5.13 ``utils.py``, run with jsonargparse 4.32 to 4.53, which do the same: ``--optimizer.a.b``
puts ``b`` into the table, never into its ``init_args``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.shared.torch_optimizers import check_arguments, default_lr
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.word import Word
    from lrviz.notation.origin import Place

OPTION = "optimizer"
LR = "optimizer.init_args.lr"
_CLASS, _ARGUMENTS = "class_path", "init_args"
_IN_FILE = "change the optimizer in the file of --config, and leave its options out"
_WHOLE = """--optimizer '{"class_path": "torch.optim.AdamW", "init_args": {"lr": LR}}'"""


def with_optimizer(layers: list[Source]) -> list[Source]:
    """The layers with the LR of the optimizer that they make together.

    Raises:
        ConfigError: the program stops at it.

    """
    first, *files = layers
    files = [_with_lr(one, one.data[OPTION]) if OPTION in one.data else one for one in files]
    if first.language != "command":
        return [_with_lr(first, first.data[OPTION]) if OPTION in first.data else first, *files]
    below = next((one.data[OPTION] for one in files if OPTION in one.data), None)
    value: Any = "AdamW"
    for key, word in _said(first, has_below=below is not None):
        value = below if key == "--config" else _changed(first, value, key, word)
    rest = {key: one for key, one in first.data.items() if not _is_optimizers(key)}
    command = replace(first, data=rest)
    is_of_file = value == "AdamW" if below is None else _arguments(value) is _arguments(below)
    return [command if is_of_file else _with_lr(command, value), *files]


def _arguments(value: Any) -> Any:
    """The table that the LR stands in, or the name of one without."""
    return value.get(_ARGUMENTS) if isinstance(value, dict) else value


def strays(command: Source) -> list[str]:
    """Its options that change nothing: what they say stands beside the ``init_args`` of a table."""
    said = (word.text.partition("=")[0] for word in command.argv)
    return [text for text in dict.fromkeys(said) if text.startswith(f"--{OPTION}.")]


def _said(command: Source, *, has_below: bool) -> Iterator[tuple[str, Word]]:
    """What is said of it, from left to right; a config that has it replaces what was said before."""
    for word, behind in zip(command.argv, [*command.argv[1:], None], strict=False):
        key, is_one, _ = word.head.partition("=")
        value = word.cut(len(key) + 1) if is_one else behind
        if value is not None and (
            _is_optimizers(key.removeprefix("--")) or (key == "--config" and has_below)
        ):
            yield key, value


def _is_optimizers(key: str) -> bool:
    return key == OPTION or key.startswith(f"{OPTION}.")


def _changed(command: Source, value: Any, key: str, word: Word) -> Any:
    """What an option makes of it."""
    said = word.value
    found = said if isinstance(said, Unknown) else literal(Raw(said))
    if key == f"--{OPTION}":
        if isinstance(found, dict) and isinstance(value, dict) and _CLASS in value:
            raise _stops(command, "a table over another one", _IN_FILE)
        return found
    last = key.rpartition(".")[2]
    if last == _CLASS and isinstance(value, dict) and _CLASS in value:
        raise _stops(command, f"{key} over a table", _IN_FILE)
    return {**(value if isinstance(value, dict) else {}), last: found}


def _with_lr(source: Source, value: Any) -> Source:
    """The LR of an optimizer, where it is not in a table that a file has as it is."""
    if value is None:
        return source
    name = value.get(_CLASS) if isinstance(value, dict) else value
    if isinstance(value, dict):
        if lacking := next((key for key in (_CLASS, _ARGUMENTS) if key not in value), ""):
            way = _WHOLE.replace("LR", str(value.get("lr", 1e-3)))
            raise _stops(source, f"an optimizer {{{', '.join(map(str, value))}}} without {lacking}", way)
        _check_arguments(source, str(name), value[_ARGUMENTS])
        lr = (
            (value[_ARGUMENTS] or {}).get("lr") if isinstance(value[_ARGUMENTS], (dict, type(None))) else None
        )
        if lr is not None and source.language != "command":
            return source
    else:
        lr = None
    if lr is None:
        lr = default_lr(str(name).rpartition(".")[2])
    if lr is None:
        lr = Unknown(f"that of {name} where none is said", (LR,))
    places: dict[KeyPath, Place] = {(LR,): source.place((OPTION,))._replace(key=LR)}
    return source.saying({LR: lr}, places)


def _check_arguments(source: Source, name: str, said: Any) -> None:
    """Refuse a word that an optimizer of torch does not take."""
    if default_lr(name.rpartition(".")[2]) is not None and isinstance(said, dict):
        places = {word: source.place((OPTION, _ARGUMENTS, word)) for word in said}
        check_arguments(name, places, stops="litgpt stops")


def _stops(source: Source, what: str, way: str) -> ConfigError:
    return ConfigError(f"{source.name}: {what}: litgpt stops", hint=way)
