"""The user's code, run in this process: its modules, what it prints, and what it raises as a refusal."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from functools import reduce
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lrviz.errors import LrvizError, ScheduleError, UnknownScheduleError
from lrviz.inputs.files import note_read
from lrviz.notation.nearest import nearest
from lrviz.notation.shell import shell_word
from lrviz.notation.text import few, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, ModuleType

    from lrviz.inputs.own.own_word import OwnWord

Made = TypeVar("Made")
_PACKAGES = ("site-packages", "dist-packages")
_NOT_ITS_OWN = (ScheduleError, KeyboardInterrupt, GeneratorExit)
_SAVED: dict[str, int] = {}
"""When the files were saved that have been run."""
_LRVIZ = Path(__file__).parents[2]


@dataclass(frozen=True)
class UserCode:
    """A file or module of the user's: where it is found, ``folder``, and how it is called."""

    place: str
    folder: Path
    file: Path | None

    @classmethod
    def of(cls, word: OwnWord) -> UserCode:
        """The file or module a word names; a module is seen from the folder where the user is.

        Raises:
            UnknownScheduleError: there is none.

        """
        if not word.is_file:
            return cls(word.place, Path.cwd(), None)
        file = Path(word.place).expanduser()
        if not file.is_file():
            raise UnknownScheduleError(f"{word.place}: no such file", hint=_beside(file), name=word.name)
        return cls(word.place, file.parent.resolve(), file.resolve())

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run code of it: stdout is data, so what it prints goes to stderr; its neighbours can be imported.

        Raises:
            ScheduleError: what it raises, with the file, the line and the text of it.

        """
        folder, argv = str(self.folder), sys.argv
        sys.path.insert(0, folder)
        sys.argv = [str(self.file or self.place)]
        try:
            with redirect_stdout(sys.stderr), _descriptor_redirected():
                yield
        except _NOT_ITS_OWN:
            raise
        except BaseException as error:
            raise self.refusal(error) from error
        finally:
            sys.argv = argv
            with suppress(ValueError):
                sys.path.remove(folder)

    def call(self, step: int, function: Callable[..., Made], *arguments: object) -> Made:
        """What a function of it makes of its arguments, while it is ``running``.

        Raises:
            ScheduleError: what it raises; ``step`` is where.

        """
        try:
            return function(*arguments)
        except _NOT_ITS_OWN:
            raise
        except BaseException as error:
            raise self.refusal(error, step) from error

    def load(self, *, anew: bool = False) -> ModuleType:
        """Import it, once while it stays as it is; ``anew`` runs it again, as if nothing had been called.

        Raises:
            ScheduleError: there is no such module, or it raises.

        """
        with self.running():
            if self.file is None:
                return self._imported(anew=anew)
            note_read(self.file)
            name, saved = self._module_name, self.file.stat().st_mtime_ns
            if anew or _SAVED.get(name) != saved:
                self._execute(name, self.file)
                _SAVED[name] = saved
            return sys.modules[name]

    def _execute(self, name: str, file: Path) -> None:
        """Run a file as a module, which is forgotten where it raises."""
        spec = importlib.util.spec_from_loader(name, _Uncached(name, str(file)))
        if spec is None or spec.loader is None:
            raise ImportError(f"{self.place} is no Python")
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise

    @property
    def _module_name(self) -> str:
        """Its path, as a module of its own that is called alike stays another; a dot would be a package's."""
        return str(self.file).replace(".", ":")

    def _imported(self, *, anew: bool) -> ModuleType:
        module = importlib.import_module(self.place)
        return importlib.reload(module) if anew else module

    def get(self, attribute: str, *, anew: bool = False) -> Any:
        """What is called so in it.

        Raises:
            ScheduleError: it cannot be run, or has nothing of that name.

        """
        module = self.load(anew=anew)
        try:
            with self.running():
                return reduce(getattr, attribute.split("."), module)
        except ScheduleError as error:
            if not isinstance(error.__cause__, AttributeError):
                raise
            names = vars(module).items()
            known = [
                one
                for one, value in names
                if callable(value) and one[0] != "_" and not _is_imported(one, value, module)
            ]
            near = nearest(attribute, known)
            hint = f"did you mean {self.place}:{near}?" if near else f"it has {few(known) or 'no function'}"
            text = f"{self.place} has no {attribute}"
            raise UnknownScheduleError(text, hint=hint, name=f"{self.place}:{attribute}") from None

    def refusal(self, error: BaseException, step: int | None = None) -> ScheduleError:
        """What it raises as one line: where, what, and the text of the line; a refusal keeps its hint."""
        where, source = self._line_of(error)
        said = one_line(str(error))
        if isinstance(error, SystemExit):
            said = f"it ends the process ({said})"
        kind = "" if isinstance(error, LrvizError) else type(error).__name__
        what = ": ".join(filter(None, [kind, said]))
        hint = error.hint if isinstance(error, LrvizError) else "--debug shows its traceback"
        if isinstance(error, ImportError) and "relative import" in said:
            hint = "name it by its module, from the folder above its package, as pkg.mod:get_lr"
        elif isinstance(error, ModuleNotFoundError) and error.name:
            package = error.name.partition(".")[0]
            hint = f"it runs in lrviz's own Python, {sys.executable}: install {package} there"
        return ScheduleError(": ".join(filter(None, [where, what, source])), hint=hint, step=step)

    def _line_of(self, error: BaseException) -> tuple[str, str]:
        """The last line of the user's that ran, as ``sched.py:12`` and its text."""
        if isinstance(error, SyntaxError) and error.filename:
            return f"{self._shown(error.filename)}:{error.lineno}", (error.text or "").strip()
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if self._is_own(frame.filename)]
        if not own:
            return self.place, ""
        return f"{self._shown(own[-1].filename)}:{own[-1].lineno}", (own[-1].line or "").strip()

    def _is_own(self, filename: str) -> bool:
        path = Path(filename)
        is_theirs = any(part in _PACKAGES for part in path.parts)
        return not is_theirs and path.is_relative_to(self.folder) and not path.is_relative_to(_LRVIZ)

    def _shown(self, filename: str) -> str:
        """The file as the user calls it."""
        if self.file is not None and Path(filename) == self.file:
            return self.place
        return relative(Path(filename), self.folder)


class _Uncached(SourceFileLoader):
    """Reads a file as it is now: Python's cache, a file beside it, cannot tell two saves of one second."""

    def get_code(self, fullname: str) -> CodeType:
        """What its text says."""
        del fullname
        code: CodeType = self.source_to_code(self.get_data(self.path), self.path)
        return code


@contextmanager
def _descriptor_redirected() -> Iterator[None]:
    """Let what programs and libraries write to descriptor 1 go to 2 meanwhile, where both are open."""
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def relative(file: Path, folder: Path | None = None) -> str:
    """The file as seen from a folder, the current one as a rule, where it lies below it."""
    with suppress(ValueError):
        return str(file.relative_to(folder or Path.cwd()))
    return str(file)


def _beside(file: Path) -> str:
    """The file meant by a name that is none's."""
    with suppress(OSError):
        near = nearest(file.stem, {path.stem for path in file.parent.glob("*.py")})
        if near:
            return f"did you mean {shell_word(str(file.with_name(f'{near}.py')))}?"
    return "name it as seen from the folder you are in"


def _is_imported(name: str, value: object, module: ModuleType) -> bool:
    """Whether it is there by an import: another module has it under the same name."""
    home = sys.modules.get(str(getattr(value, "__module__", "")))
    return home not in (None, module) and getattr(home, name, None) is value
