"""The process's edge: environment, errors in words, exit codes."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from typing import NoReturn

from lrviz.errors import LrvizError

INTERRUPTED = 130
CLOSED_PIPE = 141


def main() -> NoReturn:
    """Run the command line and exit.

    0 is done, 1 the answer is no, 2 refused, 130 interrupted, 141 a closed pipe.
    """
    args = sys.argv[1:]
    debug = "--debug" in args or bool(os.environ.get("LRVIZ_DEBUG"))
    sys.exit(_run([arg for arg in args if arg != "--debug"], debug=debug))


def _run(args: list[str], *, debug: bool) -> int:
    if args == ["--version"]:
        from lrviz import __version__

        print(f"lrviz {__version__}")
        return 0
    _prepare()
    try:
        from lrviz.cli.app import run

        code = run(args or ["--help"])
        sys.stdout.flush()
    except LrvizError as error:
        return _refuse(error, debug=debug)
    except BrokenPipeError:
        # Python flushes stdout at exit; a closed one would print a second complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  (whatever it is, one line and no traceback)
        return _unexpected(error, debug=debug)
    return code


def _prepare() -> None:
    """What numpy and matplotlib read when they load: one BLAS thread, no display, no chatter."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["MPLBACKEND"] = "agg"
    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # both are text streams in a process


def _refuse(error: LrvizError, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    lines = [f"error: {error.message}", f"hint: {error.hint}"] if error.hint else [f"error: {error.message}"]
    print(*(" ".join(line.splitlines()) for line in lines), sep="\n", file=sys.stderr)
    return error.exit_code


def _unexpected(error: Exception, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    wrapped = LrvizError(
        f"unexpected {type(error).__name__}: {error}", hint="this is a bug; --debug shows where"
    )
    return _refuse(wrapped, debug=False)
