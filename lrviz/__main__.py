"""``python -m lrviz``, and where the script ``lrviz`` begins."""

from __future__ import annotations

import gc
from typing import NoReturn

from lrviz.errors import INTERRUPTED


def main() -> NoReturn:
    """Run the command line; an interrupt is no traceback, not even while the first modules load."""
    try:
        from lrviz.cli.main import main as run

        run()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    finally:
        gc.freeze()  # the process ends: Python need not look through all its memory for garbage


if __name__ == "__main__":
    main()
