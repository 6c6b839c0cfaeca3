"""Who starts a program, and in how many processes: ``torchrun``, ``accelerate launch``, ``srun``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shell.world import LAUNCHERS, OWN, Said, product
from lrviz.inputs.foreign.source import Launch, Unknown, Word
from lrviz.notation.origin import Given, Origin, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.inputs.foreign.shell.world import Count, Launcher, Own

_VARIABLE = re.compile(r"[A-Za-z_]\w*=")
_PYTHON = re.compile(r"(?:python|pypy|ipython)[\d.]*(?:\.exe)?")


class _Wrapper(NamedTuple):
    """A command in front of another: options without a value, and words of its own before the other."""

    switches: str = ""
    words: int = 0


_WRAPPERS = {
    "apptainer exec": _Wrapper("nv rocm cleanenv e c contain writable_tmpfs", words=1),
    "bash": _Wrapper("e x u l i"),
    "command": _Wrapper("p"),
    "conda run": _Wrapper("no_capture_output live_stream v"),
    "docker run": _Wrapper("rm it ti i t d privileged init", words=1),
    "env": _Wrapper("i ignore_environment"),
    "exec": _Wrapper("c l"),
    "hatch run": _Wrapper(),
    "ionice": _Wrapper(),
    "mamba run": _Wrapper("no_capture_output live_stream v"),
    "micromamba run": _Wrapper(),
    "nice": _Wrapper(),
    "nohup": _Wrapper(),
    "numactl": _Wrapper("l localalloc"),
    "pdm run": _Wrapper(),
    "pipenv run": _Wrapper(),
    "pixi run": _Wrapper("frozen locked"),
    "poetry run": _Wrapper("q v n no_interaction"),
    "ray job submit": _Wrapper("no_wait verbose"),
    "sbatch": _Wrapper("parsable exclusive requeue no_requeue H hold Q quiet v verbose W wait"),
    "sh": _Wrapper("e x u"),
    "singularity exec": _Wrapper("nv rocm cleanenv e c contain writable_tmpfs", words=1),
    "stdbuf": _Wrapper("oL eL iL o0 e0 i0"),
    "sudo": _Wrapper("E H n S k b i s preserve_env"),
    "taskset": _Wrapper("a"),
    "time": _Wrapper("p v"),
    "timeout": _Wrapper("foreground preserve_status v verbose", words=1),
    "uv run": _Wrapper(
        "active all_extras all_groups dev exact frozen isolated locked m module managed_python no_config "
        "no_dev no_editable no_env_file no_project no_sync offline q quiet s script v verbose"
    ),
}
PRINTERS = ("echo", "printf")
_FURTHEST = 50
"""How many words a wrapper that is not known has at most."""
_PYTHON_SWITCHES = "u B O OO E I P s S i q v b bb d x"


class _Found(NamedTuple):
    """What the launchers up to here have said."""

    world: Count = None
    config: str = ""


def unwrap(
    words: Sequence[Word], env: Mapping[str, Word] | None = None, name: str = "command"
) -> tuple[Launch, tuple[Word, ...]]:
    """How a command is launched, and the words of what is launched: the program first, or none at all.

    A word before the program is a variable, a wrapper (``nohup``), a launcher or python; the innermost
    launcher that says anything decides how many processes there are.
    """
    rest, seen, found = tuple(words), dict(env or {}), _Found()
    while (step := _step(rest, seen, found, name)) is not None:
        rest, found = step
    program = _base(rest)
    if program in OWN:
        rest, found = _own(OWN[program], rest, seen, found, name)
    elif found == _Found():
        found = _Found(product(Said("", {}, seen, name), ("$WORLD_SIZE", None)))
    said = {key: Given(word.value, Origin("file", key, Place(name, word.line))) for key, word in seen.items()}
    return Launch(rest[0].text if rest else "", found.world, found.config, said), rest


def _step(
    rest: tuple[Word, ...], env: dict[str, Word], found: _Found, name: str
) -> tuple[tuple[Word, ...], _Found] | None:
    """The words behind the first that is not yet the program; None where it is."""
    if not rest:
        return None
    if variable := _VARIABLE.match(rest[0].head):
        env[variable[0][:-1]] = rest[0].cut(variable.end())
        return rest[1:], found
    called, length = _called(rest)
    if called in _WRAPPERS:
        _, behind = take_options(rest[length:], _WRAPPERS[called].switches)
        return behind[_WRAPPERS[called].words :], found
    if called in LAUNCHERS:
        launcher = LAUNCHERS[called]
        options, behind = take_options(rest[length:], launcher.switches, launcher.pairs)
        return behind, _launched(launcher, Said(called, options, env, name), found)
    if called:
        return _behind_python(rest), found
    behind = _behind_unknown(rest)
    return (behind, found) if behind else None


def is_launcher(words: tuple[Word, ...]) -> bool:
    """Whether a line begins with a wrapper, a launcher, python or a program that starts its own processes."""
    return bool(_called(words)[1]) or _base(words) in OWN


def _called(rest: tuple[Word, ...]) -> tuple[str, int]:
    """The wrapper, launcher or python that the words begin with, and how many of them are its name."""
    for length in (3, 2, 1):
        called = " ".join((_base(rest), *(word.text for word in rest[1:length])))
        if len(rest) >= length and (called in _WRAPPERS or called in LAUNCHERS or _PYTHON.fullmatch(called)):
            return called, length
    return "", 0


def _behind_unknown(rest: tuple[Word, ...]) -> tuple[Word, ...]:
    """What a wrapper that is not known runs: the first launcher or python behind it that has a script."""
    if _base(rest) in {*OWN, *PRINTERS}:
        return ()
    for at in range(min(len(rest), _FURTHEST)):
        if _is_script(rest[at]):
            break
        if at and _called(rest[at:])[0] not in {"", *_WRAPPERS} and _runs_script(rest[at:]):
            return rest[at:]
    return ()


def _runs_script(rest: tuple[Word, ...]) -> bool:
    """Whether a script or a module follows, as none does in ``--strategy deepspeed --lr 1``."""
    is_module = False
    while _called(rest)[1] and (step := _step(rest, {}, _Found(), "")):
        taken = rest[: len(rest) - len(step[0])]
        is_module = any(word.text in {"-m", "--module"} for word in taken)
        rest = step[0]
    return bool(rest) and (is_module or _is_script(rest[0]) or isinstance(rest[0].value, Unknown))


def _is_script(word: Word) -> bool:
    return word.text.endswith(".py")


def _launched(launcher: Launcher, said: Said, found: _Found) -> _Found:
    world = launcher.processes(said)
    config = said.options[launcher.config].text if launcher.config in said.options else found.config
    return _Found(found.world if world is None and not config else world, config)


def _behind_python(rest: tuple[Word, ...]) -> tuple[Word, ...]:
    options, behind = take_options(rest[1:], _PYTHON_SWITCHES, stop="mc")
    module = options.get("m")
    return (module, *behind) if module else behind


def _own(
    own: Own, rest: tuple[Word, ...], env: Mapping[str, Word], found: _Found, name: str
) -> tuple[tuple[Word, ...], _Found]:
    """The launcher's options taken out of the program's, wherever they stand."""
    options: dict[str, Word] = {}
    kept, at = [], 0
    while at < len(rest):
        key, length = _key(rest[at])
        if key not in own.options:
            kept.append(rest[at])
        elif length:
            options[key] = rest[at].cut(length)
        elif at + 1 < len(rest):
            at += 1
            options[key] = rest[at]
        at += 1
    world = own.processes(Said(_base(rest), options, env, name))
    config = options[own.config].text if own.config in options else found.config
    return tuple(kept), _Found(found.world if world is None else world, config)


def take_options(
    words: tuple[Word, ...], switches: str, pairs: str = "", stop: str = ""
) -> tuple[dict[str, Word], tuple[Word, ...]]:
    """The options at the beginning and what stands behind them; each takes a value but the switches.

    An option with two values keeps neither; behind one of ``stop`` there are no more options.
    """
    lone, double = set(switches.split()), set(pairs.split())
    options: dict[str, Word] = {}
    at = 0
    while at < len(words) and words[at].head.startswith("-") and words[at].text != "-":
        if words[at].text == "--":
            return options, words[at + 1 :]
        key, length = _key(words[at])
        at += 1
        if length:
            options[key] = words[at - 1].cut(length)
        elif key in lone:
            options[key] = Word.of("true", words[at - 1].line)
        elif at < len(words):
            options[key] = words[at]
            at += 2 if key in double else 1
        if key and key in stop:
            break
    return options, words[at:]


_JOINED = re.compile(r"-([A-Za-z])\d+")


def _key(word: Word) -> tuple[str, int]:
    """An option's name with underscores, and where its value begins in the same word, else 0."""
    name, equals, _ = word.head.partition("=")
    if joined := _JOINED.match(name):
        return joined[1], 2
    if not name.startswith("-"):
        return "", 0
    return name.lstrip("-").replace("-", "_"), len(name) + 1 if equals else 0


def _base(rest: tuple[Word, ...]) -> str:
    """The name of a program without its folder; a pasted line may begin with ``$`` or ``!``."""
    return rest[0].text.rpartition("/")[2].lstrip("!%") if rest else ""
