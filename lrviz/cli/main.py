"""The process's edge: environment, errors in words, exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import redirect_stdout
from io import StringIO, TextIOWrapper
from typing import NoReturn

from lrviz.errors import ConfigError, LrvizError

INTERRUPTED = 130
CLOSED_PIPE = 141


def main() -> NoReturn:
    """Run the command line and exit.

    0 is done, 1 the answer is no, 2 refused, 130 interrupted, 141 a closed pipe.
    """
    args = sys.argv[1:]
    debug = "--debug" in args or os.environ.get("LRVIZ_DEBUG", "0") not in {"", "0"}
    sys.exit(_run([arg for arg in args if arg != "--debug"], debug=debug))


def _run(args: list[str], *, debug: bool) -> int:
    if args == ["--version"]:
        from lrviz import __version__

        print(f"lrviz {__version__}")
        return 0
    _prepare()
    try:
        from lrviz.cli.app import run

        code = run(args or ["--help"]) if sys.stdout else _run_without_stdout(args)
        if sys.stdout:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  (whatever it is, one line and no traceback)
        if debug and not isinstance(error, BrokenPipeError):
            traceback.print_exc()
        return _failed(error)
    return code


def _failed(error: Exception) -> int:
    """Say what went wrong; the exit code."""
    if isinstance(error, LrvizError):
        return _refuse(error)
    if not isinstance(error, OSError):
        return _refuse(
            LrvizError(
                f"unexpected {type(error).__name__}: {error}", hint="this is a bug; --debug shows where"
            )
        )
    _drop_stdout()
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    return _refuse(
        LrvizError(f"cannot write: {error.strerror or error}", hint="send the output to another place")
    )


def _run_without_stdout(args: list[str]) -> int:
    """Stdout was closed before the start: fine for a command that prints nothing."""
    from lrviz.cli.app import run

    with redirect_stdout(StringIO()) as said:
        code = run(args or ["--help"])
    if said.getvalue():
        raise LrvizError("stdout is closed", hint="redirect it to a file, or to /dev/null")
    return code


def _drop_stdout() -> None:
    """Python flushes stdout at exit; one that cannot be written would complain a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _prepare() -> None:
    """What numpy and matplotlib read when they load: one BLAS thread, no display."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["MPLBACKEND"] = "agg"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a closed stream is None
            stream.reconfigure(errors="replace")


def _refuse(error: LrvizError) -> int:
    faults = error.faults if isinstance(error, ConfigError) else (error.message,)
    lines = [*(f"error: {fault}" for fault in faults), *([f"hint: {error.hint}"] if error.hint else [])]
    print(*(" ".join(line.splitlines()) for line in lines), sep="\n", file=sys.stderr)
    return error.exit_code
