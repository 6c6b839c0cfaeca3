"""The process's edge: environment, errors in words, exit codes."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from lrviz.cli.streams import ClosedPipe, safe_streams
from lrviz.errors import CLOSED_PIPE, INTERRUPTED, ConfigError, LrvizError
from lrviz.inputs.files import reason
from lrviz.notation.text import one_line

VERSION = ("--version", "-V", "-v", "version")


def main() -> NoReturn:
    """Run the command line and exit with one of ``EXIT_CODES``."""
    _prepare()
    with safe_streams(), _ending_cleanly():
        code = _run(sys.argv[1:])
    sys.exit(code)


@contextmanager
def _ending_cleanly() -> Iterator[None]:
    """A process that is told to end unwinds, as after Ctrl-C: no temporary file stays."""
    ends = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    taken = [number for number in ends if signal.getsignal(number) is signal.SIG_DFL]  # nohup ignores one
    for number in taken:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


def _run(args: list[str]) -> int:
    try:
        code = _command(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except ClosedPipe:
        return CLOSED_PIPE
    except Exception as error:  # noqa: BLE001  (whatever it is, one line and no traceback)
        return _refuse(_as_refusal(error))
    return code


def _command(args: list[str]) -> int:
    if args and args[0] in VERSION:
        from lrviz import __version__

        print(f"lrviz {__version__}")
        return 0
    from lrviz.cli.app import run

    return run(args, debug=os.environ.get("LRVIZ_DEBUG", "0") not in {"", "0"})


def _prepare() -> None:
    """What numpy and matplotlib read when they load: one BLAS thread, no display, nobody's settings.

    A start makes many objects and little garbage; Python would look for it some hundred times.
    """
    gc.set_threshold(100_000)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["MPLBACKEND"] = "agg"
    os.environ["MATPLOTLIBRC"] = os.devnull


def _as_refusal(error: Exception) -> LrvizError:
    """What lrviz did not mean as a refusal: the machine's limits and the system's, or a bug."""
    if isinstance(error, LrvizError):
        return error
    if isinstance(error, MemoryError):
        text = ": ".join(filter(None, ["not enough memory", str(error)]))
        return LrvizError(text, hint="ask for fewer schedules, layers or steps at once")
    if isinstance(error, RecursionError):
        return LrvizError("nested too deeply", hint="nest less deeply")
    if isinstance(error, UnicodeError):
        return LrvizError(f"text that is not UTF-8: {error}", hint="save it as UTF-8")
    if isinstance(error, OSError):
        text = ": ".join(map(str, filter(None, [error.filename, reason(error)])))
        return LrvizError(text, hint="--debug shows where it was needed")
    return LrvizError(
        f"unexpected {type(error).__name__}: {error}", hint="this is a bug; --debug shows where"
    )


def _refuse(error: LrvizError) -> int:
    from lrviz.cli.run_options import OPTIONS

    hint = OPTIONS.render(error.template)
    faults = error.faults if isinstance(error, ConfigError) else (error.message,)
    lines = [*(f"error: {fault}" for fault in faults), *([f"hint: {hint}"] if hint else [])]
    print(*map(one_line, lines), sep="\n", file=sys.stderr)
    return error.exit_code
