"""``git:REV:PATH``: a file as it was at a revision, read by git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.files import LIMIT, reason
from lrviz.inputs.words import GIT, is_there
from lrviz.notation.shell import shell_word
from lrviz.notation.text import brief

_EXAMPLE = "git:HEAD~1:run.toml"
_ALONE = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
"""Git's own words in English; nothing is asked, fetched or written."""


class Revision(NamedTuple):
    """A revision as git names it, and a file relative to the current folder."""

    name: str
    path: Path

    @classmethod
    def of(cls, word: str) -> Revision:
        """Read ``git:REV:PATH``; a revision may have colons of its own, a path has none.

        Raises:
            ConfigError: one of them is missing.

        """
        name, colon, path = word.removeprefix(GIT).rpartition(":")
        if not (colon and name and path) or name.startswith("-") or "\0" in word:
            raise ConfigError(f"{word}: a revision and a path follow git:", hint=_EXAMPLE)
        return cls(name, Path(os.path.relpath(path)))

    def read(self) -> bytes:
        """The bytes of the file.

        Raises:
            ConfigError: there is no git, no repository, no such revision, or no such file in it.

        """
        if ".." in self.path.parts and not self._stands_in(_repository()):
            raise ConfigError(f"{self}: outside the repository", hint="name a file of this repository")
        size = _git("cat-file", "-s", self._blob)
        if size.returncode or self._kind() != "blob":
            raise self._refusal()
        if int(size.stdout) > LIMIT:
            raise ConfigError(f"{self}: larger than {LIMIT >> 20} MB", hint="name another file")
        return _git("cat-file", "blob", self._blob).stdout

    def __str__(self) -> str:
        """As it is typed."""
        return f"{GIT}{self.name}:{self.path}"

    def _stands_in(self, folder: Path) -> bool:
        return (Path.cwd() / self.path).resolve().is_relative_to(folder)

    @property
    def _blob(self) -> str:
        return f"{self.name}:./{self.path.as_posix()}"

    def _kind(self) -> str:
        return _git("cat-file", "-t", self._blob).stdout.decode().strip()

    def _refusal(self) -> ConfigError:
        """Which part of it git does not know."""
        _repository()
        commit = f"{self.name}^{{commit}}"
        if _git("rev-parse", "--verify", "--quiet", commit).returncode:
            return ConfigError(f"{self}: no revision {self.name!r}", hint="git log --oneline lists them")
        files = f"git ls-tree -r --name-only {shell_word(self.name)} lists the files"
        if self._kind() == "tree":
            return ConfigError(f"{self}: a folder, not a file", hint=files)
        log = f"git log --oneline -- {shell_word(str(self.path))} lists the revisions that have it"
        return ConfigError(f"{self}: no such file in {self.name}", hint=log if self.path.exists() else files)


def is_committed(word: str) -> bool:
    """Whether a word is a file that is there, and in the last commit too."""
    try:
        return is_there(word) and bool(Revision.of(f"{GIT}HEAD:{word}").read())
    except ConfigError:
        return False


def _repository() -> Path:
    """The folder that git keeps.

    Raises:
        ConfigError: the current folder is in none.

    """
    done = _git("rev-parse", "--show-toplevel")
    if done.returncode:
        why = brief(done.stderr.decode(errors="replace").strip().removeprefix("fatal: ").partition("\n")[0])
        raise ConfigError(f"git: {why}", hint="start lrviz in a folder that git keeps")
    return Path(os.fsdecode(done.stdout.rstrip(b"\n")))


def _git(*words: str) -> subprocess.CompletedProcess[bytes]:
    """What git says.

    Raises:
        ConfigError: there is no git.

    """
    try:
        return subprocess.run(  # noqa: S603  (git itself, without a shell; what the user typed is one word)
            ["git", *words],  # noqa: S607  (the git of the user's own path)
            env={**os.environ, **_ALONE},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        why = "it is not installed" if isinstance(error, FileNotFoundError) else reason(error)
        raise ConfigError(f"git: {why}", hint="install git, or name a file as it is now") from None
