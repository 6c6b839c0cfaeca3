"""transformers: get_scheduler by name, or a scheduler of torch's, for ``Trainer(optimizers=…)``."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.snippets.pretty import laid_out
from lrviz.snippets.snippet import Snippet
from lrviz.snippets.targets import torch
from lrviz.snippets.values import arguments_of, call_of, dict_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.snippets.constructor import OwnCall
    from lrviz.snippets.target import Curves

BY_NAME = ("num_warmup_steps", "num_training_steps")
"""What get_scheduler takes itself; all else stands in its dict."""
TRAINER = "# trainer = Trainer(model, args, train_dataset=data, optimizers=(optimizer, scheduler))"


def write(curves: Curves) -> Snippet:
    """Its own schedule by its name where it makes the curves alone, else one of torch's."""
    own = curves.own_in("transformers")
    if own is not None and (own.epoch is None or own.flat is not None):
        return _with_trainer(_of_name(curves, own))
    of_torch = curves.own_in("torch")
    if of_torch is not None and of_torch.epoch is None:  # its Trainer steps after each update
        return _with_trainer(torch.of_constructor(curves, of_torch))
    return _with_trainer(torch.of_functions(curves))


def _with_trainer(made: Snippet) -> Snippet:
    hint = ["# Its Trainer makes this loop itself:", TRAINER]
    return replace(made, library="transformers", loop=[*hint, *made.loop])


def _of_name(curves: Curves, own: OwnCall) -> Snippet:
    scheduler = laid_out("scheduler = ", _call(own.entry, own.params))
    return Snippet(
        "transformers",
        ["import torch", "from transformers import get_scheduler"],
        [*torch.optimizer_lines(own.lrs), *scheduler],
        torch.PRINTED,
        loop=torch.loop_lines(curves.steps, own),
        by_constructor=True,
    )


def _call(entry: Entry, params: Mapping[str, Any]) -> ast.Call:
    arguments = arguments_of(entry, params, _call)
    by_name = {name: one for name, one in arguments.items() if name in BY_NAME}
    rest = {name: one for name, one in arguments.items() if name not in BY_NAME}
    if rest:
        by_name[entry.framework.kwargs] = dict_of(rest)
    return call_of("get_scheduler", [ast.Constant(entry.name), ast.Name("optimizer")], by_name)
