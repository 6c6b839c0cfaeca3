"""Keys that a trainer does not have: misspelt ones, other trainers', and those that nobody knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import ConfigError, LrvizError
from lrviz.inputs.foreign.key_paths import leaves, value_at
from lrviz.inputs.foreign.known_keys import Fate
from lrviz.inputs.foreign.listed_keys import is_known, is_open, names_of, tables_around
from lrviz.inputs.foreign.meant_keys import meant_by, nearest_known, spelt_like
from lrviz.inputs.foreign.own_script import has_no_parser
from lrviz.inputs.foreign.script_keys import script_keys
from lrviz.inputs.foreign.shared.hydra import is_override
from lrviz.inputs.words import LANGUAGES
from lrviz.notation.nearest import meant_text
from lrviz.notation.rendering import shown
from lrviz.notation.text import few
from lrviz.resolve.key import option_of
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

_STOPPING = (Fate.STOPS, Fate.UNADDED, Fate.LEFT)
_OWN_OPTIONS = {"--given", *(option_of(key) for key in KEYS if "_" in key)}
"""Options of lrviz that nobody spells so for a trainer's own."""
_OF_LR = re.compile(r"(?:^|_)lrs?(?:_|$)|learning_rate|warmup(?!_momentum)|sched|accum|micro_\w*batch")
"""What a script's own options that move an LR, or count its steps, are called."""


class UnknownKey(NamedTuple):
    """A key, the source that has it, what becomes of it, and the setting that was likely meant."""

    key: str
    layer: Source
    fate: Fate
    near: str = ""
    meant: Setting | None = None
    settings: frozenset[str] = frozenset()
    dash: str = ""  # in options of its trainer

    def granted(self, key: str) -> str:
        """What ``--given`` says of a key that a fork has: its value, where it is a setting's name."""
        value = value_at(self.layer.data, (key,))
        return shown(value) if key in self.settings and value is not None else "yes"

    @property
    def is_option(self) -> bool:
        """Whether a command has it."""
        return self.layer.language == "command"

    def refusal(self, text: str, others: Sequence[str] = ()) -> ConfigError:
        """What is said where it ends the run, as ``others`` do too, and both ways on."""
        place = self.layer.place((self.key,))
        dashes = place.key[: len(place.key) - len(place.key.lstrip("-"))] if self.is_option else ""
        asked = meant_text(self.key, self.near)
        out = f"write +{self.key}" if self.fate is Fate.UNADDED else f"take {place.key} out"
        near = self.near.replace("_", self.dash or "_") if dashes == "--" else self.near
        instead = f"write {dashes}{near}" if near else out
        if place.key in _OWN_OPTIONS:
            asked, instead = "", f"give {place.key} to lrviz, before the command"
        also = f"; nor {'are' if others[1:] else 'is'} {few(others, 6)}" if others else ""
        granted = [key for key in (self.key, *others) if key not in KEYS and key != "given"]
        own = " ".join(f"--given {key}={self.granted(key)}" for key in granted)
        given = f", or {own} where yours has {'them' if others else 'it'}" if own else ""
        return ConfigError(f"{place._replace(key='')}: {self.key} {text}{asked}{also}", hint=instead + given)


def refuse_unknown(run: Settings) -> None:
    """Stop at the keys at which its trainer stops.

    Raises:
        ConfigError: there is one.

    """
    found = list(_unknown(run, lambda layer: leaves(layer.data)))
    if stops := [one for one in found if one.fate in _STOPPING]:
        first, *others = stops
        files = _composed(run) if first.fate is Fate.UNADDED else []
        own, listed = names_of(run)
        of_script = first.key in run.trainer.keys.stops(run.source)  # the list has those of others, too
        known = own if of_script else listed.union(*(leaves(one.data) for one in files))
        near = first.near or nearest_known(first.key, known)
        text = f"is no setting of {run.title}, {first.fate.value}"
        if first.fate is Fate.LEFT:
            text = f"is no option of {script_keys(run).file or run.source.script}, {first.fate.value}"
        if files:
            text = f"is not in {few([one.name for one in files], 2)}: hydra stops at it unless a + adds it"
        raise first._replace(near=near, settings=run.trainer.setting_names, dash=run.trainer.dash).refusal(
            text, [one.key for one in others]
        )


def report_unknown(run: Settings) -> None:
    """Say of keys that nobody looks at what they are like, and which of them no list of its trainer has.

    Raises:
        ConfigError: an option is like a setting whose default counts in this run: its parser stops.

    """
    left: dict[Fate, list[str]] = {}
    own = [key for key in _granted(run) if _is_of_lr(run, key)]
    unused = {(id(layer), key) for layer in run.lookup.written for key in run.lookup.unused_of(layer)}
    found = [*_unknown(run, run.lookup.unread_of)]
    of_nobody = [one for one in found if one.is_option and has_no_parser(run.source)]
    for one in found:
        if one in of_nobody:
            continue
        if one.near or _stops_at(run, one):
            _report_near(run, one)
        if one.near or (id(one.layer), one.key) not in unused:
            continue  # a table that is looked at as a whole may have others' keys
        if one.fate is not Fate.KEPT:
            left.setdefault(one.fate, []).append(one.key)
        if one.fate in (Fate.KEPT, Fate.DOUBTED) and run.trainer.keys.lists and _is_of_lr(run, one.key):
            own.append(one.key)
    _report_left(run, own, left)
    _report_of_nobody(run, [one.key for one in of_nobody])
    _report_unread(run)


def _report_near(run: Settings, one: UnknownKey) -> None:
    """Say what a key is like.

    Raises:
        ConfigError: its parser stops at it.

    """
    text = f"is no setting of {run.title}"
    if _stops_at(run, one):
        raise one._replace(dash=run.trainer.dash).refusal(text)
    stays, meant = _default_that_stays(run, one), meant_text(one.key, one.near)
    dot = "." if stays and not meant.endswith("?") else ""
    run.warn("misspelt-key", f"{one.key} {text}{meant}{dot}{stays}")


def _report_left(run: Settings, own: list[str], left: Mapping[Fate, list[str]]) -> None:
    """Say which keys are a script's ``own`` that may move the LR, and what becomes of those of nobody."""
    if own:
        text = f"{few(own, 6)}: no setting of {run.title}; a script of yours may move the LR by it"
        run.note("own-key", text)
    for fate, keys in left.items():
        what = "settings" if keys[1:] else "setting"
        run.warn("unknown-key", f"no {what} of {run.title}, {fate.value}: {few(keys, 6)}")


def _report_of_nobody(run: Settings, keys: list[str]) -> None:
    """Say which options a script without a parser is given."""
    if keys:
        text = f"{run.source.script} has no parser: no line of it is known to read {few(keys, 6)}"
        run.warn("unknown-key", f"{text}; what it has in its lines counts")


def _stops_at(run: Settings, one: UnknownKey) -> bool:
    """Whether its parser stops at a slip, for the value of what was meant would not be the one said."""
    if one.meant is None or one.fate is Fate.PASSED:
        return False
    is_default = not _is_overridden(run, one)
    if one.fate is Fate.DOUBTED:
        return is_default or one.is_option
    return is_default and one.is_option and one.layer is run.source and one.meant.name in run.seen


def _default_that_stays(run: Settings, one: UnknownKey) -> str:
    """The consequence, where what was meant has a default and nobody says another value."""
    found = run.seen.get(one.meant.name) if one.meant else None
    if found is None or found.value is None or found.origin.source != "trainer":
        return ""
    return f" It stays at its default, {shown(found.value)}"


def _report_unread(run: Settings) -> None:
    """Say of a file of settings that nobody looks at anything in it, nor in those beneath it."""
    files = [one for one in run.sources if one.language in LANGUAGES]
    said = [*leaves(run.source.data)]
    is_unread = all([*leaves(one.data)] == [*run.lookup.unused_of(one)] for one in files)
    if run.source.language in LANGUAGES and said and is_unread:
        text = f"{run.title} looks at nothing in it: all comes from defaults and options"
        way = "move its settings to the top of the file, or say whose file it is: --trainer NAME"
        run.warn("nothing-read", text, hint=way)


def _granted(run: Settings) -> Iterator[str]:
    """The keys that no list has, and the script has, as its own ``argparse`` or ``--given`` says."""
    for layer in run.lookup.written if run.trainer.keys.lists else ():
        for key in run.lookup.unused_of(layer):
            if is_known(run, key, layer):
                continue  # before --given is asked, where what is looked at counts as used
            if key in run.lookup.own_options or run.lookup.extra.get(key) == "yes":
                yield key


def _is_of_lr(run: Settings, key: str) -> bool:
    """Whether it is called so, or stands in the table that the LR stands in."""
    names = (name for one in run.trainer.settings if one.key == "lr" for name in one.names)
    tables = {name.rpartition(".")[0] for name in names} - {""}
    return _OF_LR.search(key.lower()) is not None or key.rpartition(".")[0] in tables


def likely_misspelt(run: Settings, error: LrvizError) -> str:
    """What is added to an error where a key is like the setting that it is about, or else is misspelt."""
    keys = [one for one in _unknown(run, run.lookup.unread_of) if one.meant and not _is_said_by(one, error)]
    found = [one for one in keys if one.meant and _is_of(one.meant, error)]
    near = found or [one for one in keys if _is_slip(one)]
    return next((f"; {one.key} is none of its settings{meant_text(one.key, one.near)}" for one in near), "")


def _is_said_by(one: UnknownKey, error: LrvizError) -> bool:
    """Whether the error itself is about the misspelt word, or the table of that name."""
    return any(re.search(rf"\b{re.escape(word)}\b", error.message) for word in _slips(one))


def _is_slip(one: UnknownKey) -> bool:
    """Whether it is a misspelt name, and not another word for the same."""
    return bool(_slips(one))


def _slips(one: UnknownKey) -> list[str]:
    pairs = zip(one.key.split("."), one.near.split("."), strict=False)
    return [word for word, part in pairs if word != part and spelt_like(word, [part])]


def _is_of(setting: Setting, error: LrvizError) -> bool:
    """Whether an error names the setting, or asks for lrviz's key of the same meaning."""
    is_asked = bool(setting.key) and re.search(rf"<{setting.key}[=>]", error.template) is not None
    return is_asked or any(name in error.message for name in setting.names)


def _unknown(run: Settings, keys_of: Callable[[Source], Iterable[str]]) -> Iterator[UnknownKey]:
    """Those among the keys of each source, but what ``--given`` says that the trainer has."""
    own, known = names_of(run)
    listed, script = own | known, script_keys(run)
    for layer in run.lookup.written:
        fate = run.trainer.keys.fate(run.source, layer, run.version)
        for key in keys_of(layer):
            if key in run.lookup.own_options or script.has(key):
                continue
            if script.stops_at(key, layer):
                found = UnknownKey(key, layer, Fate.LEFT, *meant_by(run, key, layer))
            elif stops := _surely_stops(run, key, layer):
                found = UnknownKey(key, layer, stops, *meant_by(run, key, layer))
            elif not is_known(run, key, layer):
                found = _judged(run, UnknownKey(key, layer, fate, *meant_by(run, key, layer)))
            elif key not in listed and is_open(key, layer) and _means_another(run, key, layer):
                found = UnknownKey(key, layer, Fate.KEPT, *meant_by(run, key, layer))
            else:
                continue
            if run.lookup.extra.get(key) is None:  # what is asked for there counts as used
                yield found


def _means_another(run: Settings, key: str, layer: Source) -> bool:
    """Whether it is like a setting, which is not the table that it stands in."""
    near, meant = meant_by(run, key, layer)
    return meant is not None and near not in tables_around(key)


def _judged(run: Settings, one: UnknownKey) -> UnknownKey:
    """The key: of a trainer whose keys are not all listed, nothing is said to become of it but of a slip."""
    return one if run.trainer.keys.lists or _is_slip(one) else one._replace(fate=Fate.KEPT)


def _surely_stops(run: Settings, key: str, layer: Source) -> Fate | None:
    """What becomes of it where all keys are known: of its script, its constructor, or the files."""
    if layer.language == "command" and key in run.trainer.keys.stops(run.source):
        return Fate.LEFT
    table, _, word = key.rpartition(".")
    if word not in run.trainer.keys.tables.get(table, (word,)):
        return Fate.STOPS
    files = _composed(run) if layer.language == "command" and is_override(layer, key) else []
    is_open = layer.place((key,)).key.startswith(("+", "~")) or key.startswith("hydra.")
    if not files or is_open or any(_leads_on(one.data, key.split(".")) for one in files):
        return None
    return Fate.UNADDED


def _composed(run: Settings) -> list[Source]:
    """The files that hold all keys which hydra lets a command override; none where one is not read."""
    if not run.trainer.keys.of_files or any(one.unread for one in run.sources):
        return []
    return [one for one in run.sources if one.language == "yaml"]


def _leads_on(data: object, path: Sequence[str]) -> bool:
    """Whether a path is in tables within tables, or ends before at what may become one."""
    for key in path:
        if isinstance(data, dict) and key not in data:
            return False
        data = data[key] if isinstance(data, dict) else None
    return True


def _is_overridden(run: Settings, one: UnknownKey) -> bool:
    """Whether a file has what was meant, whose value counts then."""
    said = run.lookup.peek(one.meant) if one.meant else None
    return said is not None and said.origin.place is not None
