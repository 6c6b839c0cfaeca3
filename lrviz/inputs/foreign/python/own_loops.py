"""Where the training loop of a script is not that of the examples whose options it has.

There the optimizer has the LR of the options and the loader their batch, an update is made at each
accumulation and at the end of an epoch, and the scheduler is stepped once beside each.

Source: ``examples/pytorch`` of transformers 4.6 to 5.6; accelerate 1.15.0 ``accelerator.py``.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.python.scheduler_factors import ACCUMULATION, FACTORS, scheduler_calls
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, ScriptSyntax, called, factors, items, keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

_LR, _BATCH, _EPOCHS = "learning_rate", "per_device_train_batch_size", "num_train_epochs"
_STEPS, _TOTAL = "max_train_steps", "num_training_steps"
_NAMES = ("lr_scheduler_type", "lr_scheduler")
_DECIDING = (
    *("split_batches", "step_scheduler_with_optimizer"),
    *("dataloader_config", "gradient_accumulation_plugin"),
)
"""What else an ``Accelerator`` may be told that decides its batches, updates or steps of the scheduler."""
_SAMPLING = ("sampler", "batch_sampler")
_SYNCHRONIZED = ("sync_gradients", "optimizer_step_was_skipped")
"""Conditions that accelerate's scheduler looks at itself."""
_RANGES = ("range", "trange")


class Departure(NamedTuple):
    """A place that is not as in the examples.

    ``option`` is the one that tells its value, if one does, and ``own`` the script's that has it; ``needs``
    one without which, or at 1, it changes nothing.
    """

    text: str
    option: str = ""
    own: str = ""
    needs: str = ""


def departures_of(module: ast.Module) -> list[Departure]:
    """Those of a script that makes one scheduler; of one that makes none, or several, nothing is known."""
    schedulers = list(scheduler_calls(module))
    return list(_Loop(module, schedulers[0]).departures()) if len(schedulers) == 1 else []


class _Loop(ScriptSyntax):
    """A script around the call that makes its scheduler."""

    def __init__(self, module: ast.Module, scheduler: ast.Call) -> None:
        super().__init__(module)
        self.scheduler = scheduler
        self.accelerators = [one for one in self.calls if called(one) == "Accelerator"]

    def departures(self) -> Iterator[Departure]:
        yield from self._of_options()
        yield from self._of_optimizer()
        yield from self._of_scheduler()
        yield from self._of_accelerator()
        yield from self._of_loader()
        yield from self._of_steps()
        yield from self._of_limit()

    def _of_options(self) -> Iterator[Departure]:
        """An option stays as it was parsed; the epochs may be those of the steps."""
        for one in self.nodes:
            if isinstance(one, (ast.Assign, ast.AugAssign)):
                targets = one.targets if isinstance(one, ast.Assign) else [one.target]
                names = {target.attr for target in targets if isinstance(target, ast.Attribute)}
                set_anew = names & {_LR, _BATCH, ACCUMULATION}
                if _EPOCHS in names and _STEPS not in ast.unparse(one.value):
                    set_anew = set_anew | {_EPOCHS}
                yield from (_at(f"what {ast.unparse(one)} makes it", one, name) for name in sorted(set_anew))

    def _of_optimizer(self) -> Iterator[Departure]:
        """``AdamW(…, lr=args.learning_rate)``, and no group with an LR of its own."""
        for one in self.nodes:
            said = None
            if isinstance(one, ast.Call):
                said, whose = keyword(one, "lr"), called(one)
            elif isinstance(one, ast.Dict) and "params" in items(one):
                said, whose = items(one).get("lr"), "a param group"
            if said is not None and not self.is_option(said, _LR):
                yield _said(f"lr of {whose}", said, _LR)

    def _of_scheduler(self) -> Iterator[Departure]:
        """``get_scheduler(args.lr_scheduler_type, …)``, over the updates of the run."""
        if called(self.scheduler) == "get_scheduler":
            name = keyword(self.scheduler, "name") or next(iter(self.scheduler.args), None)
            if name and not isinstance(name, ast.Constant) and not self.is_option(name, *_NAMES):
                yield _said("its schedule", name, _NAMES[0])
        total = keyword(self.scheduler, _TOTAL)
        if total and not self._is_total(total):
            yield _at(f"its scheduler has {_TOTAL}={ast.unparse(total)}", total)

    def _of_accelerator(self) -> Iterator[Departure]:
        """An accumulation as the options say, by accelerate or by the loop."""
        for one in self.accelerators:
            words = {word.arg: word.value for word in one.keywords}
            yield from (
                _at(f"Accelerator({key}={ast.unparse(words[key])})", one) for key in _DECIDING if key in words
            )
        if self._accumulated and not self.is_option(self._accumulated, ACCUMULATION):
            yield _said("the accumulation of its Accelerator", self._accumulated, ACCUMULATION)
        yield from self._of_turns()

    def _of_turns(self) -> Iterator[Departure]:
        """``if (step + 1) % args.gradient_accumulation_steps == 0 or`` the epoch ends: an update."""
        turns = [(one, by) for one in self.nodes if isinstance(one, ast.If) for by in _updates_by(one)]
        if self._accumulated is None and not turns:
            yield Departure("it accumulates no gradients, whatever its option says", needs=ACCUMULATION)
        for one, by in turns:
            if not self._is_accumulation(by):
                yield _said("the batches of an update", by, ACCUMULATION)
            if "len(" not in ast.unparse(one.test):
                text = f"it makes none at the end of an epoch, if {ast.unparse(one.test)}"
                yield _at(text, one, needs=ACCUMULATION)

    def _of_loader(self) -> Iterator[Departure]:
        """The loader that shuffles has the batch of the options, and all samples."""
        for one in self.calls:
            words = {word.arg: word.value for word in one.keywords}
            if called(one) != "DataLoader" or not (_is_on(words, "shuffle") or {*_SAMPLING} & words.keys()):
                continue
            size = words.get("batch_size")
            if size and not self.is_option(size, _BATCH):
                yield _said("the batch of its DataLoader", size, _BATCH)
            others = [key for key in _SAMPLING if key in words] + ["drop_last"] * _is_on(words, "drop_last")
            yield from (_at(f"its DataLoader has {key}={ast.unparse(words[key])}", one) for key in others)

    def _of_steps(self) -> Iterator[Departure]:
        """One ``lr_scheduler.step()``, where ``optimizer.step()`` stands, in a loop of epochs."""
        steps = [one for one in self.calls if called(one) == "step"]
        ours = [one for one in steps if "sched" in ast.unparse(one.func) or self._is_of_scheduler(one.func)]
        others = [self._around(one) for one in steps if one not in ours]
        if len(ours) != 1:
            yield Departure(f"{len(ours) or 'no'} lines step its scheduler")
            return
        if others and self._around(ours[0]) not in others:
            yield _at("its scheduler is not stepped beside its optimizer", ours[0])
        yield from self._of_epochs(ours[0])

    def _of_epochs(self, step: ast.Call) -> Iterator[Departure]:
        loops = [one for one in self.above(step) if isinstance(one, (ast.For, ast.While))]
        counted = _counted(loops[-1]) if len(loops) > 1 else None
        if counted is None and loops:
            yield _at("its loop is not one of epochs and their batches", loops[-1])
        elif counted and not self.is_option(counted, _EPOCHS):
            yield _said("its epochs", counted, _EPOCHS)

    def _of_limit(self) -> Iterator[Departure]:
        """Its ``max_train_steps`` ends the run, and stays what it was."""
        ends = (one for one in self.nodes if isinstance(one, ast.If) and _STEPS in ast.unparse(one.test))
        leaves = any(isinstance(line, (ast.Break, ast.Return)) for one in ends for line in one.body)
        made = (one for name, found in self.values.items() if name.endswith(_EPOCHS) for one in found)
        if not leaves and not any(_STEPS in ast.unparse(one) for one in made):
            yield Departure(f"it does not end at {_STEPS}", needs=_STEPS)
        made_anew = (
            one for one in self.nodes if isinstance(one, ast.Assign) and any(map(_is_limit, one.targets))
        )
        for one in made_anew:
            if not any(isinstance(above, ast.If) for above in self.above(one)):
                yield _at(ast.unparse(one), one, needs=_STEPS)

    @cached_property
    def _accumulated(self) -> ast.expr | None:
        """What its ``Accelerator`` accumulates by."""
        found = (keyword(one, ACCUMULATION) for one in self.accelerators)
        return next((one for one in found if one is not None), None)

    def _is_accumulation(self, value: ast.expr) -> bool:
        """Whether it is what gradients are accumulated by."""
        own = self._accumulated and ast.unparse(self._accumulated)
        return self.is_option(value, ACCUMULATION) or ast.unparse(value) == own

    def _is_of_scheduler(self, step: ast.expr) -> bool:
        """Whether a step is of the name that holds the scheduler."""
        return isinstance(step, ast.Attribute) and self.scheduler in self.values.get(
            ast.unparse(step.value), ()
        )

    def _around(self, step: ast.Call) -> tuple[ast.AST, ...]:
        """The loops and conditions that a step stands in, but those of accelerate's own."""
        found = (one for one in self.above(step) if isinstance(one, (ast.For, ast.While, ast.If)))
        return tuple(one for one in found if not _is_synchronized(one))

    def _is_total(self, value: ast.expr, depth: int = 0) -> bool:
        """Whether it is the updates of the run, by its steps or epochs, times factors that are counted."""
        if depth > DEEPEST:
            return False
        if isinstance(value, ast.IfExp):
            return self._is_total(value.body, depth + 1) and self._is_total(value.orelse, depth + 1)
        parts = [one for one in factors(value) if getattr(one, "attr", "") not in FACTORS]
        if len(parts) == 1:
            made = self.values.get(ast.unparse(parts[0]), [])
            return bool(made or _is_limit(parts[0])) and all(self._is_total(one, depth + 1) for one in made)
        turns = {ast.unparse(one) for loop in self.nodes if (one := _counted(loop))}
        others = [one for one in parts if not self.is_option(one, _EPOCHS) and ast.unparse(one) not in turns]
        return len(parts) - len(others) == len(others) == 1 and self._is_epoch(others[0])

    def _is_epoch(self, value: ast.expr, depth: int = 0) -> bool:
        """Whether it is the updates of an epoch, ``math.ceil(len(loader) / accumulation)``."""
        if made := self.values.get(ast.unparse(value)):
            return depth < DEEPEST and all(self._is_epoch(one, depth + 1) for one in made)
        quotient = value.args[0] if isinstance(value, ast.Call) and called(value) == "ceil" else None
        if not isinstance(quotient, ast.BinOp) or not isinstance(quotient.left, ast.Call):
            return False
        return called(quotient.left) == "len" and self._is_accumulation(quotient.right)


def _at(text: str, node: ast.expr | ast.stmt, option: str = "", needs: str = "") -> Departure:
    return Departure(f"{text} in line {node.lineno}", option, needs=needs)


def _said(text: str, value: ast.expr, option: str) -> Departure:
    """A value that is another than its option, which an option of the script's own may have."""
    is_own = isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name)
    made = _at(f"{text}, {ast.unparse(value)},", value, option)
    return made._replace(own=value.attr) if is_own and isinstance(value, ast.Attribute) else made


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


def _is_limit(target: ast.expr) -> bool:
    return isinstance(target, ast.Attribute) and target.attr == _STEPS


def _counted(loop: ast.AST) -> ast.expr | None:
    """What a loop counts to: ``range(first, args.num_train_epochs)``."""
    turns = loop.iter if isinstance(loop, ast.For) else None
    is_range = isinstance(turns, ast.Call) and called(turns) in _RANGES and bool(turns.args)
    return turns.args[:2][-1] if is_range and isinstance(turns, ast.Call) else None


def _is_synchronized(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and any(word in ast.unparse(node.test) for word in _SYNCHRONIZED)
