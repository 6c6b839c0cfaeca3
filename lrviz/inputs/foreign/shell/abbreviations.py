"""Options as argparse takes them: cut short where no other begins so, and with the dashes that it has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.command import with_switches
from lrviz.inputs.foreign.word import Word, merge

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lrviz.inputs.foreign.source import Source


def with_full_names(source: Source, spelled: Collection[str], meant: Mapping[str, str]) -> Source:
    """A command with each option under its full name among those that are ``spelled`` so.

    Where one has two spellings, a beginning that both share is nobody's; ``meant`` names the option that is
    likely meant by it.

    Raises:
        ConfigError: an option may be several.

    """
    names = {key: _full_name(source, key, spelled, meant) for key in source.data}
    return replace(
        source,
        data={names[key]: value for key, value in source.data.items()},
        places={(names.get(str(path[0]), str(path[0])), *path[1:]): at for path, at in source.places.items()},
    )


def with_full_words(source: Source, spelled: Collection[str]) -> Source:
    """A command whose words are the options that are ``spelled`` so in full, for those who read its words.

    Raises:
        ConfigError: an option may be several.

    """
    end = next((at for at, word in enumerate(source.argv) if at and word.text == "--"), len(source.argv))
    words = (_full_word(source.name, word, spelled) for word in source.argv[:end])
    return with_switches(replace(source, argv=(*words, *source.argv[end:])), ())


def begins(source: Source, name: str) -> bool:
    """Whether a command has an option that is this one, or its beginning."""
    return any(name.startswith(key) for key in source.data if source.place((key,)).key.startswith("--"))


def refuse_other_dashes(
    source: Source, names: Collection[str], dash: str, title: str, fate: str = "whose parser stops at it"
) -> None:
    """Stop at ``--train_iters`` where the parser has ``--train-iters`` alone; ``names`` have underscores.

    Raises:
        ConfigError: there is such an option.

    """
    other = "-" if dash == "_" else "_"
    for key in source.data:
        place = source.place((key,))
        name = place.key.removeprefix("--")
        is_spelt_so = other in name and dash not in name  # a few have both: --override-opt_param-scheduler
        if name != place.key and is_spelt_so and name.replace("-", "_") in names:
            text = f"{place._replace(key='')}: {place.key} is no option of {title}, {fate}"
            raise ConfigError(text, hint=f"write --{name.replace(other, dash)}")


def _full_name(source: Source, key: str, spelled: Collection[str], meant: Mapping[str, str]) -> str:
    written = source.place((key,)).key
    cut = written.lstrip("-")
    if cut in spelled or not written.startswith("--"):
        return key
    found = _only_one(source.name, cut, spelled, meant)
    return found.replace("-", "_") if found else key


def _full_word(file: str, word: Word, spelled: Collection[str]) -> Word:
    """A word as it is in full; of two spellings of one option either is it."""
    cut = word.head.partition("=")[0].removeprefix("--")
    if not cut or not word.head.startswith("--") or cut in spelled:
        return word
    found = _only_one(file, cut, {one.replace("_", "-"): one for one in sorted(spelled)}.values(), {})
    return Word(merge((f"--{found}", *word.cut(len(cut) + 2).parts)), word.line) if found else word


def _only_one(file: str, cut: str, spelled: Collection[str], meant: Mapping[str, str]) -> str:
    """The only one that begins so, if any."""
    spellings = [one for one in spelled if one.startswith(cut)]
    if len(spellings) > 1:
        listed = " or ".join(f"--{one}" for one in sorted(spellings)[:4])
        raise ConfigError(
            f"{file}: --{cut} is cut short, and may be {listed}: argparse stops",
            hint=f"write --{meant.get(cut) or min(sorted(spellings), key=len)}",
        )
    return spellings[0] if spellings else ""
