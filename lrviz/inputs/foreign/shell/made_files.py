"""The files that a program of a script which is not followed makes or changes: Python, ``wget``, ``git``."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from lrviz.inputs.foreign.shell.archives import files_unpacked, may_lead_elsewhere, may_unpack_all
from lrviz.inputs.foreign.shell.python_written import files_named, is_config, writes_files
from lrviz.inputs.foreign.written import EVERY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

_OUTPUTS = {
    *("-o", "-O", "--out", "--output", "--outfile", "--out-file", "--output-file", "--output_file"),
    *("--output-document", "--out_file", "--dest"),
}
"""What is written by any program."""
_COPYING = {
    "scp": (),
    "azcopy": ("copy", "cp"),
    "aws": ("cp", "mv"),
    "gsutil": ("cp", "mv"),
    "gcloud": ("cp", "mv"),
    "s5cmd": ("cp", "mv"),
    "s3cmd": ("get",),
    "rclone": ("copy", "copyto"),
    "hdfs": ("-get", "-copyToLocal"),
    "hadoop": ("-get", "-copyToLocal"),
    "docker": ("cp",),
    "kubectl": ("cp",),
}
"""Programs that copy what stands in front of the last word to that, by their subcommands."""
_RESTORING = {"checkout", "restore", "stash", "apply", "reset", "switch"}
_OF_GIT = {"-C", "-c", "--git-dir", "--work-tree"}
"""Options of git in front of its subcommand that take a value."""
_OF_MAKE = {"-C", "--directory", "-f", "--file", "--makefile", "-I", "-o", "-W"}
_HUBS = {"huggingface-cli", "hf", "modelscope"}
_ROOM = {"--local-dir", "--local_dir", "-P", "--directory-prefix", "--output-dir"}
_OF_CONFIGS = re.compile(r"conf|cfg|ya?ml|json|toml")
_READING = ("check", "lint", "test", "valid", "show", "print", "diff", "format")
"""How a target begins that only looks at them."""


class _Call(NamedTuple):
    """A program as it is called, and the text that it is handed."""

    name: str
    words: Sequence[str]
    text: str

    @property
    def plain(self) -> list[str]:
        """What is no option."""
        return [word for word in self.words if not word.startswith("-")]


def files_made(name: str, words: Sequence[str], text: str) -> Iterator[str]:
    """Those that it names, by its words, ``EVERY`` where it may be any; ``text`` is what it is handed."""
    yield from _said(words)
    known = "python" if name.startswith("python") else name
    call = _Call(name, behind(words, _OF_GIT) if name == "git" else words, text)
    yield from _MADE.get(known, _unpacked)(call)


def may_change_all(name: str, words: Sequence[str]) -> bool:
    """Whether what it is told to bring here may be any file of a folder."""
    if name in {"cp", "mv", "rsync"}:
        plain = [word for word in words if not word.startswith("-")]
        is_many = any(word.endswith(("/", "/.", "*")) for word in plain[:-1])
        return is_many and not may_lead_elsewhere(plain[-1])
    call = _Call(name, behind(words, _OF_GIT) if name == "git" else words, "")
    return may_unpack_all(name, words) or (name in _CHANGING_ALL and _CHANGING_ALL[name](call))


def _of_git(call: _Call) -> bool:
    plain = call.plain
    is_new = bool({"-b", "-B", "-c", "-C"} & {*call.words}) and len(plain) == 2
    named = any(map(is_config, plain))
    brings = plain[:1] != [] and plain[0] in {*_RESTORING, "pull", "merge", "lfs"}
    is_here = plain[:1] == ["clone"] and plain[2:] in (["."], ["./"])
    return is_here or (brings and not (named or is_new))


def _of_patch(call: _Call) -> bool:
    return not any(map(is_config, call.plain)) and "--dry-run" not in call.words


def _of_dvc(call: _Call) -> bool:
    return call.plain[:1] in (["pull"], ["checkout"], ["repro"]) and not any(map(is_config, call.plain))


def _of_bucket(call: _Call) -> bool:
    return ("sync" in call.plain or "rsync" in call.plain) and "://" not in call.plain[-1]


def _of_rename(call: _Call) -> bool:
    return {"-n", "--no-act", "--nono"}.isdisjoint(call.words)


_CHANGING_ALL: Mapping[str, Callable[[_Call], bool]] = {
    "rename": _of_rename,
    "git": _of_git,
    "patch": _of_patch,
    "dvc": _of_dvc,
    "aws": _of_bucket,
    "gsutil": _of_bucket,
}


def behind(words: Sequence[str], valued: Collection[str]) -> list[str]:
    """The words from the first that is neither an option nor the value of one of these."""
    left = list(words)
    while left and left[0].startswith("-"):
        left = left[2 if left[0] in valued else 1 :]
    return left


def _said(words: Sequence[str]) -> Iterator[str]:
    """What options of its say that it writes."""
    for word, value in pairwise([*words, ""]):
        option, equals, behind = word.partition("=")
        is_letter = option[:1] == "-" != option[1:2] and option[-1] in "oO"
        if (option in _OUTPUTS or is_letter) and is_config(behind if equals else value):
            yield behind if equals else value


def _copied(call: _Call) -> Iterator[str]:
    subcommands, plain = _COPYING[call.name], call.plain
    if len(plain) > 1 and (not subcommands or any(one in call.words for one in subcommands)):
        to = plain[-1]
        if is_config(to):
            yield to
        elif "://" not in to:
            named = [urlsplit(one).path if "://" in one else one.rpartition(":")[2] for one in plain[:-1]]
            yield from (str(PurePath(to, PurePath(one).name)) for one in named if is_config(one))


def _fetched(call: _Call) -> Iterator[str]:
    """What is called as its address is; ``wget`` leaves a file that is there, but with ``-N``."""
    words = call.words
    letters = "".join(word[1:] for word in words if word.startswith("-") and not word.startswith("--"))
    is_named = "O" in letters or "--remote-name" in words
    if is_named if call.name == "curl" else "N" in letters:
        named = [PurePath(urlsplit(word).path).name for word in words if "://" in word]
        yield from (str(PurePath(_value_of(words, _ROOM), one)) for one in named if is_config(one))


def _restored(call: _Call) -> Iterable[str]:
    return call.plain[1:] if call.plain and call.plain[0] in _RESTORING else ()


def _patched(call: _Call) -> Iterable[str]:
    return call.plain[:1]


def _pulled(call: _Call) -> Iterable[str]:
    """What ``dvc pull`` and ``gh release download`` name."""
    return (word for word in call.plain if is_config(word))


def _dumped(call: _Call) -> Iterable[str]:
    return (word.removeprefix("of=") for word in call.words if word.startswith("of="))


def _downloaded(call: _Call) -> Iterable[str]:
    room = _value_of(call.words, _ROOM)
    is_download = "download" in call.plain
    return (str(PurePath(room, file)) for file in call.plain if is_download and is_config(file))


def _made(call: _Call) -> Iterable[str]:
    """What ``make`` is told to: a file, or a target of which nobody knows what it makes."""
    given = {value for word, value in pairwise([*call.words, ""]) if word in _OF_MAKE}
    targets = [word for word in call.plain if word not in given and "=" not in word]
    return (one if is_config(one) else EVERY for one in targets if is_config(one) or makes_configs(one))


def _unpacked(call: _Call) -> Iterable[str]:
    return filter(is_config, files_unpacked(call.name, call.words))


def makes_configs(name: str) -> bool:
    """Whether a program, or a target, is called as one that writes configs is."""
    words = name.lower()
    return bool(_OF_CONFIGS.search(words)) and not words.startswith(_READING)


def _value_of(words: Sequence[str], options: set[str]) -> str:
    """The value of an option, ``.`` where it is not said."""
    for word, value in pairwise([*words, ""]):
        option, equals, behind = word.partition("=")
        if option in options:
            return behind if equals else value
    return "."


def _of_python(call: _Call) -> Iterable[str]:
    """What code within the script names, and its words, where that writes anything."""
    code = call.text if "-c" not in call.words else _value_of(call.words, {"-c"})
    return [*files_named(code), *filter(is_config, call.words)] if writes_files(code) else ()


_MADE: Mapping[str, Callable[[_Call], Iterable[str]]] = {
    "python": _of_python,
    **dict.fromkeys(_COPYING, _copied),
    "git": _restored,
    "patch": _patched,
    "dd": _dumped,
    **dict.fromkeys(("curl", "wget"), _fetched),
    **dict.fromkeys(_HUBS, _downloaded),
    **dict.fromkeys(("dvc", "gh"), _pulled),
    **dict.fromkeys(("make", "just", "task", "invoke"), _made),
}
"""What each program makes; all others may take files out of an archive."""
