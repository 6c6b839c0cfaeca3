"""The code of every schedule's example for every target, run by the real libraries, against lrviz.

    PYTHONPATH=. python tests/live/proof_code.py [--to torch] [--only cosine]

It needs torch, transformers, optax and keras (on jax), so it is a script and no test. All programs run in one
process, as each would spend seconds on its imports.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import warnings
from collections import Counter
from typing import TYPE_CHECKING

os.environ |= {"KERAS_BACKEND": "jax", "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
warnings.simplefilter("ignore")

import numpy as np

from lrviz.catalogue.registry import catalogue
from lrviz.curves.read import read_words
from lrviz.curves.runs import Flags, runs_of
from lrviz.curves.series import series_of
from lrviz.describe.example import PEAK, STEPS, example
from lrviz.errors import LrvizError
from lrviz.snippets.targets import target_names
from lrviz.snippets.write import write_code

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry
    from lrviz.curves.series import Series

COVERED = {"keras": 190, "numpy": 188, "optax": 188, "torch": 188, "transformers": 190}
"""Schedules that each target says, at least; the others are no functions of the step."""


def run_here(program: str, most: int) -> list[str]:
    """The first lines that a program prints, run in this process."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), np.errstate(all="ignore"):
        exec(program, {"__name__": "__main__"})
    return printed.getvalue().splitlines()[:most]


def rows_of(entry: Entry) -> list[Series]:
    """The curves of a schedule's example."""
    shown = example(entry)
    flags = {"steps": STEPS, "lr": PEAK, **({"metric": "constant"} if shown.flat else {})}
    return series_of(runs_of(read_words([shown.spec]), Flags(flags, {}), examples=True), "lr")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", action="append", choices=target_names())
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    failed = False
    for target in given.to or target_names():
        equal, worst, refused = 0, 0.0, Counter[str]()
        for name, entry in catalogue().items():
            if given.only not in name:
                continue
            try:
                _, proof = write_code(rows_of(entry), target, run=run_here)
            except LrvizError as error:
                refused[error.message.replace(name, "…")] += 1
            else:
                equal, worst = equal + 1, max(worst, proof.largest / proof.peak)
        print(f"{target}: {equal} equal, at worst {worst:.1e} of the peak", flush=True)
        print(*(f"    {count} refused: {why}" for why, count in refused.items()), sep="\n", flush=True)
        failed |= not given.only and equal < COVERED[target]
    sys.exit(failed)


if __name__ == "__main__":
    main()
