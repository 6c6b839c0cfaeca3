"""TRL's own programs: which keys each of them stops at, and which configs have had, and have no more.

Source: trl 0.13 to 1.16.0, ``scripts/*.py``, ``scripts/utils.py`` (``parse_args_and_config``), ``cli.py`` and
``cli/commands/training.py``, ``trainer/*_config.py``.
"""

from __future__ import annotations

from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, lines_of
from lrviz.inputs.foreign.own_script import parsed_by
from lrviz.inputs.foreign.setting_values import is_since
from lrviz.inputs.foreign.shared.trl_methods import CONFIGS, METHODS, method_named

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

_LENIENT = {"sft": "0.18", "reward": "0.24"}
"""Scripts that ask for what is left and drop it, each since the version, up to 1.0; the others since 0.22."""
_STOPS_AT_KEYS = "0.19"
_OWN, _OF_LAUNCHER = KnownKeys(("trl", "transformers")), KnownKeys(("accelerate",))


def is_own(program: str) -> bool:
    """Whether a program is one of TRL's own."""
    return program == "trl" or "trl/scripts" in program or program.startswith("trl.scripts")


def fate(first: Source, layer: Source, version: str) -> Fate:
    """Its own programs and its configs stop; a script may have more keys, and a file may be for that."""
    if is_own(first.program) and first.program != "trl":
        return _of_script(first, layer, version)
    if "trl" in first.python.imports or first.program == "trl":
        return Fate.STOPS
    return Fate.KEPT if first.language in ("command", "python") else Fate.DOUBTED


def _of_script(first: Source, layer: Source, version: str) -> Fate:
    """What a script that no ``trl`` looks at before does: since 1.0 it passes over keys of its config."""
    name = PurePath(first.module.replace(".", "/")).name
    is_command = layer.language == "command"
    if is_since(version, "1.0"):
        return Fate.STOPS if is_command else Fate.PASSED
    if is_since(version, _LENIENT.get(name, "0.22")):
        return Fate.PASSED
    return Fate.STOPS if is_command or is_since(version, _STOPS_AT_KEYS) else Fate.PASSED


def named_method(run: Settings) -> str:
    """The method that an answer, the command, its script or the call says; nothing where none does."""
    first = run.source
    if run.is_said("method"):
        return run.choose("method", METHODS)
    if first.language == "python":
        return CONFIGS[first.python.calls[0].called]
    named = [method for word in first.words[:2] if (method := method_named(_stem(word)))]
    parsed = [CONFIGS[one] for one in sorted(parsed_by(first) & CONFIGS.keys())]
    return (named or parsed or [""])[0]


def _stem(word: str) -> str:
    return word.rpartition(".")[2] if word.startswith("trl.") else PurePath(word).stem


def lacks(run: Settings) -> frozenset[str]:
    """Keys of other versions and methods, and of ``accelerate`` where ``trl`` does not start a script."""
    others = _others(named_method(run), run.version, is_call=run.source.language == "python")
    is_script = is_own(run.source.program) and run.source.program != "trl"
    return others | (_OF_LAUNCHER.names() - _OWN.names() if is_script else frozenset())


@cache
def _others(method: str, version: str, *, is_call: bool) -> frozenset[str]:
    """Keys that neither the config of a method has at a version nor, but for a call, its script."""
    own = {method} if is_call else {method, f"{method}_script", "scripts"}
    among, version = own if method else None, version_with(method, version)
    return frozenset(key for key, owners in _owners().items() if not _has(owners, among, version))


def assume_with_method(run: Settings, method: str) -> None:
    """Follow the last version that has the config of a method, where none is named.

    Raises:
        ConfigError: the version that is named has none.

    """
    version = version_with(method, run.version)
    if version == run.version:
        return
    text = f"{run.version} has no {METHODS[method].config}"
    if run.is_version_given:
        run.refuse(f"trl {text}", hint=f"<trainer=trl@{version}>")
    run.assume(version, text)


def version_with(method: str, version: str) -> str:
    """A version, or the nearest one whose configs have those of a method."""
    spans = [
        (first, last) for owners in _owners().values() for owner, first, last in owners if owner == method
    ]
    if not spans or any(_is_within(version, *span) for span in spans):
        return version
    firsts = [first for first, _ in spans]
    if "" not in firsts and not is_since(version, first := min(firsts, key=_parts)):
        return first
    return max((last for _, last in spans), key=_parts)


def _parts(version: str) -> list[int]:
    return [int(one) for one in version.split(".")]


def _is_within(version: str, first: str, last: str) -> bool:
    """Whether a version is one from ``first`` to the last patch of ``last``."""
    is_before_end = not last or f"{version}.".startswith(f"{last}.") or not is_since(version, last)
    return is_since(version, first or "0") and is_before_end


def _has(owners: list[tuple[str, str, str]], own: set[str] | None, version: str) -> bool:
    """Whether one of these, or of all, has a key at a version."""
    return any((own is None or owner in own) and _is_within(version, *span) for owner, *span in owners)


@cache
def _owners() -> dict[str, list[tuple[str, str, str]]]:
    """What has each key, since and until which version."""
    found = {}
    for key, *owners in (line.split() for line in lines_of("trl")):
        parts = [one.partition(":") for one in owners]
        if parts:
            found[key] = [(owner, *span.partition("-")[::2]) for owner, _, span in parts]
    return found
