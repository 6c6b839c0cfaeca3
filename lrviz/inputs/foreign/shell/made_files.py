"""The files that a program of a script which is not followed makes or changes: Python, ``wget``, ``git``."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.call_syntax import called, given_to, texts_of
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.shell.archives import files_unpacked, may_lead_elsewhere, may_unpack_all
from lrviz.inputs.foreign.written import COPIED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_HUBS = {"huggingface-cli", "hf", "modelscope"}
_ROOM = {"--local-dir", "--local_dir", "-P", "--directory-prefix", "--output-dir"}
_WRITING = {
    "write",
    "write_text",
    "save",
    "dump",
    "safe_dump",
    "copy",
    "copyfile",
    "move",
    "rename",
    "replace",
}


def files_made(name: str, words: Sequence[str], text: str) -> Iterator[str]:
    """Those that it names, by its words; ``text`` is what it is handed."""
    yield from _said(words)
    plain = [word for word in words if not word.startswith("-")]
    if name.startswith("python"):
        yield from _of_python(words, text)
    elif name in _COPYING:
        yield from _copied(words, plain, _COPYING[name])
    elif name == "git":
        yield from plain[1:] if plain and plain[0] in _RESTORING else ()
    elif name == "patch":
        yield from plain[:1]
    elif name == "dd":
        yield from (word.removeprefix("of=") for word in words if word.startswith("of="))
    elif name in {"curl", "wget"}:
        yield from _fetched(name, words)
    elif name in _HUBS and "download" in plain:
        yield from (str(PurePath(_value_of(words, _ROOM), file)) for file in plain if is_config(file))
    else:
        yield from filter(is_config, files_unpacked(name, words))


def may_change_all(name: str, words: Sequence[str]) -> bool:
    """Whether what it is told to bring here may be any file of a folder."""
    plain = [word for word in words if not word.startswith("-")]
    if name == "git":
        is_new = bool({"-b", "-B", "-c", "-C"} & {*words}) and len(plain) == 2
        named = any(map(is_config, plain))
        return plain[:1] != [] and plain[0] in {*_RESTORING, "pull", "merge"} and not (named or is_new)
    if name in {"cp", "mv", "rsync"} and len(plain) > 1:
        return any(word.endswith(("/", "/.", "*")) for word in plain[:-1]) and not may_lead_elsewhere(
            plain[-1]
        )
    if may_unpack_all(name, words):
        return True
    return name in {"aws", "gsutil"} and ("sync" in plain or "rsync" in plain) and "://" not in plain[-1]


def _said(words: Sequence[str]) -> Iterator[str]:
    """What options of its say that it writes."""
    for word, value in pairwise([*words, ""]):
        option, equals, behind = word.partition("=")
        is_letter = option[:1] == "-" != option[1:2] and option[-1] in "oO"
        if (option in _OUTPUTS or is_letter) and is_config(behind if equals else value):
            yield behind if equals else value


def _copied(words: Sequence[str], plain: Sequence[str], subcommands: Sequence[str]) -> Iterator[str]:
    if len(plain) > 1 and (not subcommands or any(one in words for one in subcommands)):
        to = plain[-1]
        if is_config(to):
            yield to
        elif "://" not in to:
            named = [urlsplit(one).path if "://" in one else one.rpartition(":")[2] for one in plain[:-1]]
            yield from (str(PurePath(to, PurePath(one).name)) for one in named if is_config(one))


def _fetched(name: str, words: Sequence[str]) -> Iterator[str]:
    """What is called as its address is; ``wget`` leaves a file that is there, but with ``-N``."""
    letters = "".join(word[1:] for word in words if word.startswith("-") and not word.startswith("--"))
    is_kept = "O" not in letters and "--remote-name" not in words if name == "curl" else "N" not in letters
    if not is_kept:
        named = [PurePath(urlsplit(word).path).name for word in words if "://" in word]
        yield from (str(PurePath(_value_of(words, _ROOM), one)) for one in named if is_config(one))


def _value_of(words: Sequence[str], options: set[str]) -> str:
    """The value of an option, ``.`` where it is not said."""
    for word, value in pairwise([*words, ""]):
        option, equals, behind = word.partition("=")
        if option in options:
            return behind if equals else value
    return "."


def writes_files(code: str) -> bool:
    """Whether a piece of Python writes anything."""
    return any(map(_writes, _calls_of(_parsed(code))))


def _of_python(words: Sequence[str], text: str) -> Iterator[str]:
    """What code within the script names, where that writes anything, but files that it only reads."""
    module = _parsed(text if "-c" not in words else _value_of(words, {"-c"}))
    if any(map(_writes, _calls_of(module))):
        yield from (one for one in [*_not_read(module), *words] if is_config(one))


def configs_written(code: str) -> list[str] | None:
    """What a script of Python names beside files that it only reads; None where it writes no text.

    What ``model.save(X)`` writes is none.
    """
    module = _parsed(code)
    calls = [call for call in _calls_of(module) if _writes(call)]
    is_text = any(called(call) != "save" or "OmegaConf" in ast.unparse(call.func) for call in calls)
    return [one for one in _not_read(module) if is_config(one)] if is_text else None


def _not_read(module: ast.Module) -> list[str]:
    """The texts in a piece of Python but the names of files that it reads."""
    read = {id(one) for call in _calls_of(module) for one in _read_by(call)}
    return texts_of(node for node in ast.walk(module) if id(node) not in read)


def _parsed(code: str) -> ast.Module:
    """A piece of Python; an empty one where it is none."""
    try:
        return parse(code, "code")
    except ConfigError:
        return ast.Module([], [])


def _calls_of(module: ast.Module) -> list[ast.Call]:
    return [node for node in ast.walk(module) if isinstance(node, ast.Call)]


def _writes(call: ast.Call) -> bool:
    name = called(call)
    if name in _WRITING:
        return True
    modes = texts_of(given_to(call))
    return name == "open" and any(set(mode) <= set("rwaxbt+") and set(mode) & set("wax+") for mode in modes)


def _read_by(call: ast.Call) -> list[ast.expr]:
    """The files that a call opens and does not write: ``open(X)``, ``load(X)``, ``Path(X).read_text()``."""
    name = called(call)
    if name == "read_text" and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        return call.func.value.args
    return call.args[:1] if name in {"open", "load"} and not _writes(call) else []


def is_config(word: str) -> bool:
    """Whether a word may be a file that a trainer reads."""
    return PurePath(word).suffix.lower() in COPIED and "://" not in word
