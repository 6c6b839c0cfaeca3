"""Where a script's own loop, with accelerate or DeepSpeed's engine, departs from the examples."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.python.call_syntax import called, keyword
from lrviz.inputs.foreign.python.departure import Departure, at
from lrviz.inputs.foreign.python.loop_rounds import departures_of_rounds
from lrviz.inputs.foreign.python.own_loops import TRANSFORMERS, Loop, Names
from lrviz.inputs.foreign.python.schedule_calls import is_of_schedule, open_text
from lrviz.inputs.foreign.python.scheduler_calls import ACCUMULATION
from lrviz.inputs.foreign.python.scheduler_factors import factors_of
from lrviz.inputs.foreign.python.script_syntax import items
from lrviz.inputs.foreign.python.torch_schedulers import TorchCall, torch_call
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator


def departures_of(
    module: ast.Module, names: Names = TRANSFORMERS, *, of_engine: bool = False
) -> list[Departure]:
    """Those of a script that makes one scheduler; of several that are alike nothing is known.

    Where it is ``of_engine``, DeepSpeed's steps the scheduler.
    """
    loop = (_EngineLoop if of_engine else Loop)(module, names)
    if not of_engine and (made := torch_call(loop)):
        return list(_TorchLoop(loop, made).departures())
    if factors_of(module) is None:
        return [*_unread(loop)]
    return list(loop.departures()) if len(loop.schedulers) == 1 else []


def _unread(loop: Loop) -> Iterator[Departure]:
    """The scheduler of a script where that is another, or one of several; what makes it may be elsewhere."""
    if loop.schedulers:
        lines = listed([str(one.node.lineno) for one in loop.schedulers])
        yield Departure(f"its lines {lines} make schedulers", 0)
        return
    found = [*_called_alone(loop)]
    yield from found
    if not found and any("opt" in ast.unparse(one.func) for one in loop.calls if called(one) == "step"):
        yield Departure("no call in it makes a scheduler that is read", 0)


def _called_alone(loop: Loop) -> Iterator[Departure]:
    """What may make its scheduler, and is not read with its loop."""
    for one in loop.calls:
        name = called(one)
        is_known = is_of_schedule(name) and lookup(name) is not None
        if is_known or (name.islower() and "scheduler" in name):
            yield at(f"its scheduler is {name}(…)", one)._replace(call=open_text(one) if is_known else "")


class _TorchLoop(Loop):
    """A script that steps a scheduler of torch's own, at each update or once at the end of an epoch."""

    def __init__(self, loop: Loop, made: TorchCall) -> None:
        vars(self).update(vars(loop))
        self.schedulers, self.made = [made], made

    def of_scheduler(self) -> Iterator[Departure]:
        """What it is given is computed of the run."""
        return iter(())

    def of_steps(self) -> Iterator[Departure]:
        """One ``scheduler.step()`` beside the optimizer's, or behind the loop of the batches."""
        if self.made.update and self.made.is_by_epoch:
            yield from self.of_epochs(self.made.update)
            yield from departures_of_rounds(self, self.made.update)
        else:
            yield from super().of_steps()


class _EngineLoop(Loop):
    """A script that hands its scheduler to DeepSpeed's engine, which accumulates and steps."""

    samplers = ("RandomSampler", "DistributedSampler")
    computes_total = False

    def of_accelerator(self) -> Iterator[Departure]:
        """The engine's config says how many batches make an update."""
        for config in self._handed("config"):
            made = [config, *self.values.get(ast.unparse(config), [])]
            keys = {key for one in made if isinstance(one, ast.Dict) for key in items(one)}
            if keys and not keys & {ACCUMULATION, "train_batch_size"}:
                yield at(f"its config of DeepSpeed has no {ACCUMULATION}", config, needs=ACCUMULATION)

    def of_steps(self) -> Iterator[Departure]:
        """The engine has the scheduler, and nobody else steps it."""
        if not self._handed("lr_scheduler"):
            yield Departure("its scheduler is not handed to deepspeed.initialize: nobody steps it", 0)
        for one in self.calls:
            if (
                called(one) == "step"
                and "sched" in ast.unparse(one.func)
                and not self._is_without_engine(one)
            ):
                yield at("its scheduler is stepped beside DeepSpeed's engine", one)
            elif called(one) == "step":
                yield from self.of_epochs(one)

    def _handed(self, name: str) -> list[ast.expr]:
        """What ``deepspeed.initialize`` is given by a keyword."""
        found = (keyword(one, name) for one in self.calls if called(one) == "initialize")
        return [one for one in found if one is not None]

    def _is_without_engine(self, step: ast.Call) -> bool:
        """Whether a condition on ``deepspeed`` decides who steps."""
        tests = (ast.unparse(one.test) for one in self.above(step) if isinstance(one, ast.If))
        return any("deepspeed" in one for one in tests)
