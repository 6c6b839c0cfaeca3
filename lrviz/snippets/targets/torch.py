"""torch: its own scheduler, or a LambdaLR; stepped after every update, or every epoch."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lrviz.snippets.dialect import PYTHON
from lrviz.snippets.pretty import WIDTH, laid_out
from lrviz.snippets.snippet import UPDATE, Snippet
from lrviz.snippets.target import functions_of
from lrviz.snippets.values import arguments_of, call_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.snippets.constructor import OwnCall
    from lrviz.snippets.target import Curves

ELSEWHERE = {"SWALR": "swa_utils"}
"""Schedulers that do not stand in ``torch.optim.lr_scheduler``."""
PRINTED = 'print(*(group["lr"] for group in optimizer.param_groups))'


def write(curves: Curves) -> Snippet:
    """Its own scheduler where it makes the curves alone, else functions of the step."""
    own = curves.own_in("torch")
    return of_constructor(curves, own) if own else of_functions(curves)


def of_constructor(curves: Curves, own: OwnCall) -> Snippet:
    """The scheduler with the arguments of its constructor."""
    names: set[str] = set()

    def call(entry: Entry, params: Mapping[str, Any]) -> ast.Call:
        names.add(entry.name)
        arguments = arguments_of(entry, params, call)
        optimizer: ast.expr = ast.Name("optimizer")
        if entry.name == "ChainedScheduler":
            return call_of(entry.name, [], {**arguments, "optimizer": optimizer})
        return call_of(entry.name, [optimizer], arguments)

    scheduler = laid_out("scheduler = ", call(own.entry, own.params))
    return Snippet(
        "torch",
        ["import torch", *_imports(names)],
        [*optimizer_lines(own.lrs), *scheduler],
        PRINTED,
        loop=loop_lines(curves.steps, own),
        by_constructor=True,
    )


def _imports(names: Iterable[str]) -> list[str]:
    """A line for each module that they stand in."""
    by_module: dict[str, list[str]] = {}
    for name in sorted(names):
        by_module.setdefault(ELSEWHERE.get(name, "lr_scheduler"), []).append(name)
    found: list[str] = []
    for module, own in by_module.items():
        line = f"from torch.optim.{module} import {', '.join(own)}"
        broken = f"from torch.optim.{module} import (\n    {(',' + chr(10) + '    ').join(own)},\n)"
        found.append(line if len(line) <= WIDTH else broken)
    return found


def of_functions(curves: Curves) -> Snippet:
    """A LambdaLR whose functions have the whole LR."""
    made, names = functions_of(curves, PYTHON)
    given = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
    return Snippet(
        "torch",
        ["import torch", "from torch.optim.lr_scheduler import LambdaLR"],
        [
            *optimizer_lines([1.0] * len(names), "LambdaLR multiplies it"),
            f"scheduler = LambdaLR(optimizer, {given})",
        ],
        PRINTED,
        made,
        loop_lines(curves.steps),
        alone=f"for step in STEPS:\n    print({', '.join(f'{name}(step)' for name in names)})",
    )


def optimizer_lines(lrs: Sequence[float], why: str = "") -> list[str]:
    """An optimizer with a param group for each LR."""
    behind = f"  # {why}" if why else ""
    if len(lrs) == 1:
        return [
            "model = torch.nn.Linear(1, 1)  # your model",
            f"optimizer = torch.optim.AdamW(model.parameters(), lr={lrs[0]!r}){behind}",
        ]
    parts = ", ".join("torch.nn.Linear(1, 1)" for _ in lrs)
    return [
        *laid_out("parts = ", ast.parse(f"[{parts}]", mode="eval").body),
        "groups = [  # the parts of your model",
        *(f'    {{"params": parts[{i}].parameters(), "lr": {lr!r}}},' for i, lr in enumerate(lrs)),
        "]",
        f"optimizer = torch.optim.AdamW(groups, lr={lrs[0]!r}){behind}",
    ]


def loop_lines(steps: int, own: OwnCall | None = None) -> list[str]:
    """The loop of updates, and where the scheduler is stepped."""
    metric = own is not None and own.flat is not None
    step, epoch = f"scheduler.step({'metric' if metric else ''})", own.epoch if own else None
    watched = ["    metric = 1.0  # what is watched, measured here"] if metric else []
    updates = [f"for step in range({epoch or steps}):", f"    {UPDATE}", "    optimizer.step()"]
    rounds, count = ("epoch", -(-steps // epoch)) if epoch else ("step", steps)
    stepped = [f"    {step}  # after every {rounds if epoch else 'update'}"]
    if own is not None and own.stops:
        stepped = [f"    if {rounds} < {count - 1}:  # it raises after the last", f"    {stepped[0]}"]
    if epoch is None:
        return [*updates, *watched, *stepped]
    of_epoch = [*(f"    {line}" for line in updates), *watched, *stepped]
    return [f"for epoch in range({count}):", *of_epoch]
