"""The command line on a terminal: a pty of so many columns."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import termios
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile

from commands import Done, in_process, run

END = b"\0"
BLOCKS = "▁▂▃▄▅▆▇█"
SHOW = ["show", "cosine:num_warmup_steps=0", "linear:num_warmup_steps=100", "--steps", "1000", "--lr", "1e-3"]


def on_terminal(folder, *words, columns=80, together=False, by=in_process, **variables):
    """``lrviz WORDS`` with a terminal for stdin and stdout; stderr is one too, or none."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with TemporaryFile() as complaints, ThreadPoolExecutor(1) as reader:
        received = reader.submit(read_all, outer)  # while it writes: a pty holds a few thousand bytes
        try:
            files = (inner, inner, inner if together else complaints.fileno())
            code = by(folder, words, files, {"TERM": "xterm-256color", **variables})
        finally:
            os.write(inner, END)
            output = received.result().replace(b"\r\n", b"\n")
            os.close(inner)
            os.close(outer)
        complaints.seek(0)
        return Done(code, output, complaints.read())


def read_all(terminal):
    """What was written up to the end mark.

    The end of a pty that was closed is no mark: Linux may report it before the last bytes arrive.
    """
    received = b""
    while not received.endswith(END):
        received += os.read(terminal, 1 << 16)
    return received.removesuffix(END)


def on_a_terminal(arguments, columns=80, by=in_process, **variables):
    done = on_terminal(Path(), *arguments, columns=columns, by=by, **variables)
    return done.returncode, done.output, done.stderr


def piped(arguments, by=in_process, **variables):
    done = run(Path(), *arguments, by=by, **variables)
    return done.returncode, done.output, done.complaints


def unstyled(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
