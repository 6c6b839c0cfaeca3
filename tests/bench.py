"""How fast lrviz is: ratios of medians of whole processes, run in turn.

    python tests/bench.py [--runs 7] [--pictures 1000] [--before FOLDER] [--torch PYTHON]

Not a test: machines are noisy. What counts is the processor time of a process, its own and the system's,
which other processes disturb less than the clock; of several at once it is the clock. ``--before`` names a
checkout of another commit, to compare the start of each command with; ``--torch`` a Python that has torch,
transformers and matplotlib.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[1]

BARE_FIGURE = """
import math
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
def lr(t):
    return 1e-3 * (t / 100 if t < 100 else 0.5 * (1 + math.cos(math.pi * (t - 100) / 1850)))
figure = Figure(figsize=(8, 4.5), dpi=160)
axes = figure.add_axes((0.1, 0.13, 0.85, 0.62))
axes.plot(range(1950), [lr(t) for t in range(1950)], lw=2, color="#0072B2")
axes.axvspan(0, 100, color="#0072B2", alpha=0.085)
axes.axvline(100, ls="--", lw=0.9)
axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
axes.grid(axis="y")
axes.set_xlabel("optimizer step")
axes.set_ylabel("learning rate")
axes.plot([100, 1949], [1e-3, lr(1949)], "o", ms=7, mfc="white")
axes.annotate("peak 1e-3", (100, 1e-3))
axes.annotate("last 7e-10", (1949, 0))
figure.text(0.1, 0.93, "cosine", weight="bold", size=14)
figure.text(0.1, 0.87, "1235 samples / batch 32 = 39 steps/epoch x 50 epochs = 1950 steps")
epochs = axes.secondary_xaxis("top", functions=(lambda s: s / 39, lambda e: e * 39))
epochs.set_xlabel("epoch")
figure.savefig("bare.png", format="png")
"""
TYPER = "import typer"
TYPER_AND_NUMPY = "import typer, numpy"
ON_ONE_THREAD = f"import os; os.environ['OPENBLAS_NUM_THREADS'] = '1'; {TYPER_AND_NUMPY}"
TORCH_LOOP = """
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import torch, transformers
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1e-3)
scheduler = transformers.get_scheduler("cosine", optimizer, 100, STEPS)
lrs = []
for _ in range(STEPS):
    lrs.append(scheduler.get_last_lr()[0])
    optimizer.step()
    scheduler.step()
plt.plot(lrs)
plt.savefig("loop.png", dpi=160)
"""
SAVETXT = """
import numpy as np
t = np.arange(1e7)
lr = 1e-3 * np.where(t < 100, t / 100, np.maximum(0, 0.5 * (1 + np.cos(np.pi * (t - 100) / (1e7 - 100)))))
np.savetxt("lr.csv", np.column_stack([t, t, lr]), delimiter=",", fmt=["%d", "%.17g", "%.17g"])
"""
KERNEL = """
import time, statistics
import numpy as np
import lrviz
t = np.arange(1e7)
params = {"num_warmup_steps": 1000, "num_training_steps": 10**7}
schedule = lrviz.schedule("transformers.cosine", params, lr=1e-3)
timeline = schedule.groups[0]["lr"]
def bare():
    y = np.empty_like(t)
    y[:1000] = 1e-3 * (t[:1000] / 1000)
    y[1000:] = 1e-3 * np.maximum(0, 0.5 * (1 + np.cos(np.pi * 0.5 * 2 * ((t[1000:] - 1000) / (1e7 - 1000)))))
    return y
def seconds(call):
    start = time.perf_counter(); call(); return time.perf_counter() - start
bare(), timeline(t)
pairs = [(seconds(lambda: timeline(t)), seconds(bare)) for _ in range(7)]
print(statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs))
"""


CONFIG = """
name = "{name}"
lr = {lr}
steps = {steps}
warmup = "5%"
"""
SCHEDULES = ("cosine", "linear", "inverse_sqrt", "cosine_with_restarts", "constant_with_warmup", "polynomial")


@dataclass(frozen=True)
class Run:
    """Processor seconds and greatest memory of a whole process, and the time it took."""

    seconds: float
    megabytes: float
    waited: float = 0.0


def once(command, folder, root=ROOT):
    """One run of the process, with the lrviz that stands in ``root``, compiled as where it is installed."""
    env = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": ""}
    began = monotonic()
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)[:100]} failed: {said}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, monotonic() - began)


def compared(ours, theirs, runs, folder, their_root=ROOT):
    """Both commands in turn, after one run of each that is not counted."""
    pairs = [(once(ours, folder), once(theirs, folder, their_root)) for _ in range(runs + 1)][1:]
    return [
        Run(statistics.median(r.seconds for r in column), max(r.megabytes for r in column))
        for column in zip(*pairs, strict=True)
    ]


def row(name, ours, theirs, target):
    ratio = ours.seconds / theirs.seconds
    times = f"{ours.seconds * 1000:8.0f} ms {theirs.seconds * 1000:8.0f} ms"
    memory = f"{ours.megabytes:5.0f} MB {theirs.megabytes:5.0f} MB" if ours.megabytes else " " * 17
    print(f"{name:<46} {times}  {ratio:7.2f}  {1 / ratio:7.2f}  {memory}  {target}", flush=True)


def further_pictures(lrviz, runs, folder):
    """What each picture costs behind the first of a call: the least of several runs."""
    six = ["cosine", "linear", "wsd", "inverse_sqrt", "step:step_size=30%", "polynomial:power=2"]
    given = ["--warmup", "5%", "--steps", "10000", "--lr", "1e-3"]
    for name, specs, target in (("one curve", six[:1], 90), ("six curves", six, 130)):
        few, many = ([word for n in range(count) for word in ("-o", f"{n}.svg")] for count in (1, 11))
        least = [
            min(once([*lrviz, "plot", *specs, *given, *files], folder).seconds for _ in range(runs))
            for files in (few, many)
        ]
        each = (least[1] - least[0]) / 10
        print(
            f"{'each further SVG of ' + name:<46} {each * 1000:8.0f} ms {'':<48}  <= {target} ms", flush=True
        )


def many_pictures(lrviz, count, folder):
    """A call that draws very many: what it keeps of each, and what more processes save."""
    configs = Path(folder) / "configs"
    configs.mkdir()
    for n in range(count):
        name = SCHEDULES[n % len(SCHEDULES)]
        text = CONFIG.format(name=name, lr=1e-4 * (1 + n % 17), steps=5000 + n)
        (configs / f"run{n:04d}.toml").write_text(text, encoding="utf-8")
    files = sorted(map(str, configs.iterdir()))
    plot = [*lrviz, "plot", "-q", "-o", "out/"]
    some, all_of_them = (once([*plot, *chosen], folder) for chosen in (files[: count // 10], files))
    print(
        f"{f'{count} pictures of one call / a tenth of them':<46} {all_of_them.seconds:9.1f} s "
        f"{some.seconds:10.1f} s  {all_of_them.seconds / some.seconds:7.2f}  {'':<7}  "
        f"{all_of_them.megabytes:5.0f} MB {some.megabytes:5.0f} MB  flat memory",
        flush=True,
    )
    jobs = os.cpu_count() or 1
    together = once([*plot, *files, "--jobs", str(jobs)], folder)
    print(
        f"{f'the same by --jobs {jobs} / by one, on the clock':<46} {together.waited:9.1f} s "
        f"{all_of_them.waited:10.1f} s  {together.waited / all_of_them.waited:7.2f}  "
        f"{all_of_them.waited / together.waited:7.2f}  {'':<17}  near {jobs}x faster",
        flush=True,
    )


def where_the_time_goes(folder):
    """The longest imports of a plot."""
    command = [sys.executable, "-X", "importtime", "-m", "lrviz", "plot", "cosine", "--warmup", "100"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True)
    lines = [line.split("|") for line in done.stderr.splitlines() if line.startswith("import time:")]
    roots = {
        "typer",
        "pydantic",
        "numpy",
        "matplotlib",
        "matplotlib.figure",
        "matplotlib.backends.backend_agg",
        "lrviz.schedules",
    }
    for _, total, name in lines[1:]:
        if name.strip() in roots:
            print(f"  import {name.strip():<36} {int(total) / 1000:7.0f} ms, all it imports included")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--before", default="")
    parser.add_argument("--torch", default="")
    args = parser.parse_args()
    lrviz = [sys.executable, "-m", "lrviz"]
    plot = [*lrviz, "plot", "cosine", "--warmup", "100"]
    print(f"{'':<46} {'lrviz':>11} {'other':>11}  {'ratio':>7}  {'faster':>7}  {'memory':<17}  target")
    with tempfile.TemporaryDirectory() as folder:
        row(
            "plot / bare Figure script",
            *compared(plot, [sys.executable, "-c", BARE_FIGURE], args.runs, folder),
            "<= 1.2",
        )
        if args.torch:
            for steps, target in ((1950, ">= 5x faster"), (200_000, ">= 15x faster")):
                ours = [*plot, "--steps", str(steps), "--lr", "1e-3"]
                loop = [args.torch, "-c", TORCH_LOOP.replace("STEPS", str(steps))]
                row(
                    f"plot / torch loop, {steps} steps",
                    *compared(ours, loop, max(2, args.runs // 2), folder),
                    target,
                )
        show = [*lrviz, "show", "cosine", "--warmup", "100"]
        for command, script, words, target in (
            (show, TYPER_AND_NUMPY, "show piped / import typer, numpy", "<= 1.35"),
            (show, ON_ONE_THREAD, "  the same with numpy on one thread", ""),
            ([*lrviz, "plan"], TYPER, "plan / import typer", "<= 1.8"),
        ):
            row(words, *compared(command, [sys.executable, "-c", script], args.runs, folder), target)
        page = [*lrviz, "plot", "cosine", "--warmup", "100", "-o", "lr.html"]
        row("page / show piped", *compared(page, show, args.runs, folder), "<= 1.3")
        if args.before:
            for words in (["--help"], ["plan"], show[3:], plot[3:]):
                command = [*lrviz, *words]
                found = compared(command, command, args.runs, folder, args.before)
                row(f"{' '.join(words)} / before", *found, "<= 1.0")
        huge, small = ([*plot, "--lr", "1e-3", "--steps", steps] for steps in ("1e12", "1e3"))
        row("plot cosine, 10^12 / 10^3 steps", *compared(huge, small, args.runs, folder), "<= 1.1")
        cyclic = "cyclic:base_lr=1e-4,step_size_up=7,step_size_down=5,cycle_momentum=false"
        huge, small = (
            [*lrviz, "plot", cyclic, "--lr", "1e-3", "--steps", steps] for steps in ("1e12", "1e3")
        )
        row("plot cyclic, 10^12 / 10^3 steps", *compared(huge, small, args.runs, folder), "<= 1.1")
        further_pictures(lrviz, args.runs, folder)
        many_pictures(lrviz, args.pictures, folder)
        done = subprocess.run(
            [sys.executable, "-c", KERNEL],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        row(
            "10^7 sorted ticks / bare numpy kernel",
            *(Run(float(x), 0) for x in done.stdout.split()),
            "<= 1.3",
        )
        values = [
            *lrviz,
            "values",
            "cosine",
            "--warmup",
            "100",
            "--steps",
            "1e7",
            "--steps-per-epoch",
            "1000",
            "--lr",
            "1e-3",
        ]
        row(
            "values of 10^7 rows / numpy.savetxt",
            *compared(values, [sys.executable, "-c", SAVETXT], 1, folder),
            ">= 2x faster",
        )
        print("\nwhere the time of a plot goes:")
        where_the_time_goes(folder)


if __name__ == "__main__":
    main()
