"""Where the training loop of a script is not that of the examples whose options it has.

There the optimizer has the LR of the options and the loader their batch, an update is made at each
accumulation and at the end of an epoch, and the scheduler is stepped once beside each.

Source: ``examples/pytorch`` of transformers 4.6 to 5.6; accelerate 1.15.0 ``accelerator.py``; DeepSpeed
0.19.8 ``runtime/engine.py``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.python.call_syntax import called, keyword
from lrviz.inputs.foreign.python.loop_totals import EPOCHS, STEPS, LoopSyntax, counted_to, is_limit
from lrviz.inputs.foreign.python.scheduler_factors import (
    ACCUMULATION,
    FACTORS,
    TOTAL,
    WARMUP,
    scheduler_calls,
)
from lrviz.inputs.foreign.python.script_syntax import factors, items

if TYPE_CHECKING:
    from collections.abc import Iterator

_LR, _BATCH = "learning_rate", "per_device_train_batch_size"
_NAMES = ("lr_scheduler_type", "lr_scheduler")
_DECIDING = (
    *("split_batches", "step_scheduler_with_optimizer"),
    *("dataloader_config", "gradient_accumulation_plugin"),
)
"""What else an ``Accelerator`` may be told that decides its batches, updates or steps of the scheduler."""
_SAMPLING = ("sampler", "batch_sampler")
_SYNCHRONIZED = ("sync_gradients", "optimizer_step_was_skipped")
"""Conditions that accelerate's scheduler looks at itself."""


class Departure(NamedTuple):
    """A place that is not as in the examples.

    ``option`` is the one that tells its value, if one does; the script's ``own`` option has it, or it is a
    ``value`` that stands in a ``line``. ``needs`` is an option without which, or at 1, it changes nothing.
    """

    text: str
    line: int
    option: str = ""
    needs: str = ""
    own: str = ""
    value: int | float | str | None = None

    @property
    def reading(self) -> tuple[str, int | float | str | None]:
        """What has its value: an option of the script's own, or itself."""
        return self.own, self.value

    @property
    def is_read(self) -> bool:
        """Whether it can be known."""
        return self.reading != ("", None)


def departures_of(module: ast.Module, *, of_engine: bool = False) -> list[Departure]:
    """Those of a script that makes one scheduler; of one that makes none, or several, nothing is known.

    Where it is ``of_engine``, DeepSpeed's steps the scheduler.
    """
    loop, schedulers = _EngineLoop if of_engine else _Loop, list(scheduler_calls(module))
    return list(loop(module, schedulers[0]).departures()) if len(schedulers) == 1 else []


class _Loop(LoopSyntax):
    """A script around the call that makes its scheduler."""

    samplers: tuple[str, ...] = ("RandomSampler",)

    def departures(self) -> Iterator[Departure]:
        yield from self._of_options()
        yield from self._of_optimizer()
        yield from self._of_scheduler()
        yield from self._of_accelerator()
        yield from self._of_loader()
        yield from self._of_steps()
        yield from self._of_limit()

    def _value(self, text: str, value: ast.expr, option: str) -> Departure:
        """A value that is another than its option."""
        is_own = isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name)
        own = value.attr if is_own and isinstance(value, ast.Attribute) else ""
        return _at(text, value, option)._replace(own=own, value=self.literal(value))

    def _of_options(self) -> Iterator[Departure]:
        """An option stays as it was parsed; the epochs may be those of the steps."""
        for one in self.nodes:
            if isinstance(one, (ast.Assign, ast.AugAssign)):
                targets = one.targets if isinstance(one, ast.Assign) else [one.target]
                names = {target.attr for target in targets if isinstance(target, ast.Attribute)}
                set_anew = names & {_LR, _BATCH, ACCUMULATION}
                if EPOCHS in names and STEPS not in ast.unparse(one.value):
                    set_anew = set_anew | {EPOCHS}
                yield from (_at(f"what {ast.unparse(one)} makes it", one, name) for name in sorted(set_anew))

    def _of_optimizer(self) -> Iterator[Departure]:
        """``AdamW(…, lr=args.learning_rate)``, and no group with an LR of its own."""
        for one in self.nodes:
            if isinstance(one, ast.Call) and (said := keyword(one, "lr")) and not self.is_option(said, _LR):
                yield self._value(f"lr={ast.unparse(said)} of {called(one)}", said, _LR)
            elif isinstance(one, ast.Dict) and "params" in items(one) and (said := items(one).get("lr")):
                if not self.is_option(said, _LR):
                    yield _at(f"lr={ast.unparse(said)} of a param group", said, _LR)
            elif isinstance(one, ast.Attribute) and one.attr != _LR and one.attr.endswith(_LR):
                yield _at(f"the LR beside {ast.unparse(one)}", one, _LR)

    def _of_scheduler(self) -> Iterator[Departure]:
        """``get_scheduler(args.lr_scheduler_type, …)``, over the updates of the run."""
        if called(self.scheduler) == "get_scheduler":
            name = keyword(self.scheduler, "name") or next(iter(self.scheduler.args), None)
            if name and not self.is_option(name, *_NAMES):
                yield self._value(f"its schedule {ast.unparse(name)}", name, _NAMES[0])
        warmup = keyword(self.scheduler, WARMUP)
        parts = [one for one in factors(warmup) if getattr(one, "attr", "") not in FACTORS] if warmup else []
        if warmup and (len(parts) != 1 or not self.is_option(parts[0], WARMUP)):
            text = f"what the script passes by {WARMUP}={ast.unparse(warmup)}"
            yield self._value(text, parts[0] if len(parts) == 1 else warmup, WARMUP)
        total = keyword(self.scheduler, TOTAL)
        if total and not self.is_total(total):
            yield _at(f"its scheduler has {TOTAL}={ast.unparse(total)}", total)

    def _of_accelerator(self) -> Iterator[Departure]:
        """An accumulation as the options say, by accelerate or by the loop."""
        for one in self.accelerators:
            words = {word.arg: word.value for word in one.keywords}
            yield from (
                _at(f"Accelerator({key}={ast.unparse(words[key])})", one) for key in _DECIDING if key in words
            )
        if self.accumulated and not self.is_option(self.accumulated, ACCUMULATION):
            yield self._value(
                f"{ACCUMULATION}={ast.unparse(self.accumulated)}", self.accumulated, ACCUMULATION
            )
        yield from self._of_turns()

    def _of_turns(self) -> Iterator[Departure]:
        """``if (step + 1) % args.gradient_accumulation_steps == 0 or`` the epoch ends: an update."""
        turns = [(one, by) for one in self.nodes if isinstance(one, ast.If) for by in _updates_by(one)]
        if self.accumulated is None and not turns:
            yield Departure("it accumulates no gradients, whatever its option says", 0, needs=ACCUMULATION)
        for one, by in turns:
            if not self.is_accumulation(by):
                yield self._value(f"an update each {ast.unparse(by)} batches", by, ACCUMULATION)
            if "len(" not in ast.unparse(one.test):
                text = f"it makes none at the end of an epoch, if {ast.unparse(one.test)}"
                yield _at(text, one, needs=ACCUMULATION)

    def _of_loader(self) -> Iterator[Departure]:
        """The loader that shuffles has the batch of the options, and all samples."""
        for one in self.calls:
            words = {word.arg: word.value for word in one.keywords}
            is_drawn = _is_on(words, "shuffle") or bool({*_SAMPLING} & words.keys())
            if called(one) != "DataLoader" or not is_drawn or self._is_of_evaluation(one):
                continue
            size = words.get("batch_size")
            if size and not self.is_option(size, _BATCH):
                yield self._value(f"batch_size={ast.unparse(size)} of its DataLoader", size, _BATCH)
            others = [key for key in _SAMPLING if key in words and not self._draws_all(words[key])]
            others += ["drop_last"] * _is_on(words, "drop_last")
            yield from (_at(f"its DataLoader has {key}={ast.unparse(words[key])}", one) for key in others)

    def _is_of_evaluation(self, call: ast.Call) -> bool:
        """Whether it is one by the name that it is assigned to: ``eval_dataloader``."""
        names = [name for name, made in self.values.items() if call in made]
        return any(part in name for name in names for part in ("eval", "val_", "valid", "test"))

    def _draws_all(self, sampler: ast.expr) -> bool:
        """Whether a sampler gives each sample once, and as many to a process as are counted."""
        made = self.values.get(ast.unparse(sampler), [sampler])
        return all(isinstance(one, ast.Call) and called(one) in self.samplers for one in made)

    def _of_steps(self) -> Iterator[Departure]:
        """One ``lr_scheduler.step()``, where ``optimizer.step()`` stands, in a loop of epochs."""
        steps = [one for one in self.calls if called(one) == "step"]
        ours = [one for one in steps if "sched" in ast.unparse(one.func) or self._is_of_scheduler(one.func)]
        others = [self._around(one) for one in steps if one not in ours]
        if len(ours) != 1:
            yield Departure(f"{len(ours) or 'no'} lines step its scheduler", 0)
            return
        if others and self._around(ours[0]) not in others:
            yield _at("its scheduler is not stepped beside its optimizer", ours[0])
        yield from self._of_epochs(ours[0])

    def _of_epochs(self, step: ast.Call) -> Iterator[Departure]:
        loops = [one for one in self.above(step) if isinstance(one, (ast.For, ast.While))]
        counted = counted_to(loops[-1]) if len(loops) > 1 else None
        if counted is None and loops:
            yield _at("its loop is not one of epochs and their batches", loops[-1])
        elif counted and not self.is_option(counted, EPOCHS):
            yield self._value(f"its {ast.unparse(counted)} epochs", counted, EPOCHS)

    def _of_limit(self) -> Iterator[Departure]:
        """Its ``max_train_steps`` ends the run, and stays what it was."""
        ends = (one for one in self.nodes if isinstance(one, ast.If) and STEPS in ast.unparse(one.test))
        leaves = any(isinstance(line, (ast.Break, ast.Return)) for one in ends for line in one.body)
        made = (one for name, found in self.values.items() if name.endswith(EPOCHS) for one in found)
        if not leaves and not any(STEPS in ast.unparse(one) for one in made):
            yield Departure(f"it does not end at {STEPS}", 0, needs=STEPS)
        made_anew = (
            one for one in self.nodes if isinstance(one, ast.Assign) and any(map(is_limit, one.targets))
        )
        for one in made_anew:
            if not any(isinstance(above, ast.If) for above in self.above(one)):
                yield _at(ast.unparse(one), one, needs=STEPS)

    def _is_of_scheduler(self, step: ast.expr) -> bool:
        """Whether a step is of the name that holds the scheduler."""
        return isinstance(step, ast.Attribute) and self.scheduler in self.values.get(
            ast.unparse(step.value), ()
        )

    def _around(self, step: ast.Call) -> tuple[ast.AST, ...]:
        """The loops and conditions that a step stands in, but those of accelerate's own."""
        found = (one for one in self.above(step) if isinstance(one, (ast.For, ast.While, ast.If)))
        return tuple(one for one in found if not _is_synchronized(one))


class _EngineLoop(_Loop):
    """A script that hands its scheduler to DeepSpeed's engine, which accumulates and steps."""

    samplers = ("RandomSampler", "DistributedSampler")

    def _of_accelerator(self) -> Iterator[Departure]:
        """The engine's config says how many batches make an update."""
        for config in self._handed("config"):
            made = [config, *self.values.get(ast.unparse(config), [])]
            keys = {key for one in made if isinstance(one, ast.Dict) for key in items(one)}
            if keys and not keys & {ACCUMULATION, "train_batch_size"}:
                yield _at(f"its config of DeepSpeed has no {ACCUMULATION}", config, needs=ACCUMULATION)

    def _of_steps(self) -> Iterator[Departure]:
        """The engine has the scheduler, and nobody else steps it."""
        if not self._handed("lr_scheduler"):
            yield Departure("its scheduler is not handed to deepspeed.initialize: nobody steps it", 0)
        for one in self.calls:
            if (
                called(one) == "step"
                and "sched" in ast.unparse(one.func)
                and not self._is_without_engine(one)
            ):
                yield _at("its scheduler is stepped beside DeepSpeed's engine", one)
            elif called(one) == "step":
                yield from self._of_epochs(one)

    def _handed(self, name: str) -> list[ast.expr]:
        """What ``deepspeed.initialize`` is given by a keyword."""
        found = (keyword(one, name) for one in self.calls if called(one) == "initialize")
        return [one for one in found if one is not None]

    def _is_without_engine(self, step: ast.Call) -> bool:
        """Whether a condition on ``deepspeed`` decides who steps."""
        tests = (ast.unparse(one.test) for one in self.above(step) if isinstance(one, ast.If))
        return any("deepspeed" in one for one in tests)


def _at(text: str, node: ast.expr | ast.stmt, option: str = "", needs: str = "") -> Departure:
    return Departure(f"{text} in line {node.lineno}", node.lineno, option, needs)


def _updates_by(node: ast.If) -> list[ast.expr]:
    """What a condition for an update divides the number of a batch by."""
    if ".step()" not in ast.unparse(node):
        return []
    rests = (one for one in ast.walk(node.test) if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mod))
    return [one.right for one in rests]


def _is_on(words: dict[str | None, ast.expr], name: str) -> bool:
    """Whether a switch of a call is there, and not off."""
    said = words.get(name)
    return said is not None and not (isinstance(said, ast.Constant) and not said.value)


def _is_synchronized(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and any(word in ast.unparse(node.test) for word in _SYNCHRONIZED)
