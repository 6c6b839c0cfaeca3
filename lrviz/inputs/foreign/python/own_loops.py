"""Where the training loop of a script is not that of the examples whose options it has.

There the optimizer has the LR of the options and the loader their batch, an update is made at each
accumulation and at the end of an epoch, and the scheduler is stepped once beside each.

Source: ``examples/pytorch`` of transformers 4.6 to 5.6; accelerate 1.15.0 ``accelerator.py``; DeepSpeed
0.19.8 ``runtime/engine.py``.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from lrviz.inputs.foreign.python.call_syntax import called, keyword
from lrviz.inputs.foreign.python.departure import Departure, at
from lrviz.inputs.foreign.python.loop_batches import LOADER, is_of_evaluation, is_on, loader_words
from lrviz.inputs.foreign.python.loop_rounds import departures_of_rounds
from lrviz.inputs.foreign.python.loop_totals import EPOCHS, STEPS, LoopSyntax, is_limit
from lrviz.inputs.foreign.python.renewed_schedulers import others_beside, renewals
from lrviz.inputs.foreign.python.scheduler_calls import ACCUMULATION, TOTAL, WARMUP, own_factors
from lrviz.inputs.foreign.python.script_syntax import items
from lrviz.inputs.foreign.python.total_formulas import total_formula
from lrviz.inputs.foreign.python.warmup_formulas import warmup_formula

if TYPE_CHECKING:
    from collections.abc import Iterator

_LR = "learning_rate"
_DECIDING = (
    *("split_batches", "step_scheduler_with_optimizer"),
    *("dataloader_config", "gradient_accumulation_plugin"),
)
"""What else an ``Accelerator`` may be told that decides its batches, updates or steps of the scheduler."""
_RELATIVE = "relative_step"  # of Adafactor, whose groups have no LR then
_OF_TORCH, _DEFAULT_LR = ("Adam", "AdamW", "SGD", "RAdam"), 1e-3
_SAMPLING = ("sampler", "batch_sampler")
_SYNCHRONIZED = ("sync_gradients", "optimizer_step_was_skipped")
"""Conditions that accelerate's scheduler looks at itself."""


class Names(NamedTuple):
    """What the examples that a ``trainer`` reads call the options that others call otherwise.

    ``others`` are arguments of the scheduler that have options, and ``scales`` is the one that multiplies the
    LR.
    """

    trainer: str
    batch: str
    schedule: str
    warmup: str
    others: tuple[str, ...] = ()
    scales: str = ""


TRANSFORMERS = Names(
    "accelerate_no_trainer", "per_device_train_batch_size", "lr_scheduler_type", "num_warmup_steps"
)
DIFFUSERS = Names(
    "diffusers",
    "train_batch_size",
    "lr_scheduler",
    "lr_warmup_steps",
    ("num_cycles", "power"),
    "scale_lr",
)


class Loop(LoopSyntax):
    """A script around the call that makes its scheduler."""

    samplers: tuple[str, ...] = ("RandomSampler",)

    @property
    def computes_total(self) -> bool:
        """Whether a total of its own is computed: of what accelerate steps, with transformers' options."""
        return self.names is TRANSFORMERS

    def __init__(self, module: ast.Module, names: Names = TRANSFORMERS) -> None:
        super().__init__(module)
        self.names = names

    def departures(self) -> Iterator[Departure]:
        """Each of them."""
        yield from self._of_options()
        yield from self._of_optimizer()
        yield from self.of_scheduler()
        yield from renewals(self, self.names.schedule)
        yield from others_beside(self)
        yield from self.of_accelerator()
        yield from self._of_loader()
        yield from self.of_steps()
        yield from self._of_limit()

    def _value(self, text: str, value: ast.expr, option: str) -> Departure:
        """A value that is another than its option."""
        is_own = isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name)
        own = value.attr if is_own and isinstance(value, ast.Attribute) else ""
        return at(text, value, option)._replace(own=own, value=self.literal(value))

    def _of_options(self) -> Iterator[Departure]:
        """An option stays as it was parsed; the epochs may be those of the steps."""
        for one in self.nodes:
            if isinstance(one, (ast.Assign, ast.AugAssign)):
                targets = one.targets if isinstance(one, ast.Assign) else [one.target]
                names = {target.attr for target in targets if isinstance(target, ast.Attribute)}
                if self.names.scales and self._depends(one, self.names.scales):
                    continue
                set_anew = names & {_LR, self.names.batch, ACCUMULATION}
                if EPOCHS in names and STEPS not in ast.unparse(one.value):
                    set_anew = set_anew | {EPOCHS}
                yield from (at(f"what {ast.unparse(one)} makes it", one, name) for name in sorted(set_anew))

    def _depends(self, node: ast.AST, option: str) -> bool:
        """Whether a condition on an option decides of it."""
        return any(option in ast.unparse(one.test) for one in self.above(node) if isinstance(one, ast.If))

    def _of_optimizer(self) -> Iterator[Departure]:
        """``AdamW(…, lr=args.learning_rate)``, and no group with an LR of its own."""
        for one in self.nodes:
            if _makes_optimizer(one) and _is_relative(one):
                yield at(f"{called(one)} has an LR of its own, by {_RELATIVE}", one)
            if _makes_optimizer(one) and (said := _lr_of(one)) and not self.is_option(said, _LR):
                yield self._value(f"lr={ast.unparse(said)} of {called(one)}", said, _LR)
            elif _makes_optimizer(one) and not said and called(one) in _OF_TORCH and not self._has_own_groups:
                yield at(f"no lr of {called(one)}", one, _LR)._replace(value=_default_of(one))
            elif isinstance(one, ast.Dict) and "params" in items(one) and (said := items(one).get("lr")):
                is_theirs = bool(self.names.scales) and _is_named(said)
                if not is_theirs and not self.is_option(said, _LR):
                    yield at(f"lr={ast.unparse(said)} of a param group", said, _LR)
            elif isinstance(one, ast.Attribute) and one.attr != _LR and one.attr.endswith(_LR):
                yield at(f"the LR beside {ast.unparse(one)}", one, _LR)

    @cached_property
    def _has_own_groups(self) -> bool:
        """Whether param groups have an LR of their own."""
        tables = (items(one) for one in self.nodes if isinstance(one, ast.Dict))
        return any({"params", "lr"} <= one.keys() for one in tables)

    def of_scheduler(self) -> Iterator[Departure]:
        """``get_scheduler(args.lr_scheduler_type, …)``, over the updates of the run."""
        made = self.scheduler
        if made.named and not self.is_option(made.named, self.names.schedule):
            yield self._value(f"its schedule {ast.unparse(made.named)}", made.named, self.names.schedule)
        elif made.schedule and not made.named:
            said = at(f"its schedule {made.schedule}", made.node, self.names.schedule)
            yield said._replace(value=made.schedule)
        yield from self._of_warmup()
        for name, value in made.further.items():
            is_theirs = name in self.names.others and self.is_option(value, f"lr_{name}")
            if not is_theirs:
                yield at(f"its scheduler has {name}={ast.unparse(value)}", value)
        if not self.is_total(made.total) or self.is_uneven(made.total):
            said = at(f"its scheduler has {TOTAL}={ast.unparse(made.total)}", made.total)
            formula = total_formula(self) if self.computes_total else None
            yield said._replace(option=TOTAL, formula=formula) if formula else said

    def _of_warmup(self) -> Iterator[Departure]:
        """``args.num_warmup_steps``, times what is counted."""
        warmup = self.scheduler.warmup
        parts = own_factors(self.only(warmup))
        if len(parts) != 1 or not self.is_option(parts[0], self.names.warmup):
            text = f"what the script passes by {WARMUP}={ast.unparse(warmup)}"
            formula = warmup_formula(self, warmup)
            said = self._value(text, parts[0] if len(parts) == 1 else warmup, self.names.warmup)
            yield said._replace(formula=formula)

    def of_accelerator(self) -> Iterator[Departure]:
        """An accumulation as the options say, by accelerate or by the loop."""
        for one in self.accelerators:
            words = {word.arg: word.value for word in one.keywords}
            yield from (
                at(f"Accelerator({key}={ast.unparse(words[key])})", one) for key in _DECIDING if key in words
            )
        if self.accumulated and not self.is_option(self.accumulated, ACCUMULATION):
            yield self._value(
                f"{ACCUMULATION}={ast.unparse(self.accumulated)}", self.accumulated, ACCUMULATION
            )
        yield from self._of_turns()

    def _of_turns(self) -> Iterator[Departure]:
        """``if (step + 1) % args.gradient_accumulation_steps == 0 or`` the epoch ends: an update."""
        turns = self.turns
        has_turns = any(called(one) == "accumulate" for one in self.calls) and self.accumulated is not None
        if not turns and not has_turns:
            yield Departure("it accumulates no gradients, whatever its option says", 0, needs=ACCUMULATION)
        for one, by in turns:
            if not self.is_accumulation(by):
                yield self._value(f"an update each {ast.unparse(by)} batches", by, ACCUMULATION)
            if "len(" not in ast.unparse(one.test):
                text = f"it makes none at the end of an epoch, if {ast.unparse(one.test)}"
                yield at(text, one, needs=ACCUMULATION)

    def _of_loader(self) -> Iterator[Departure]:
        """The loader that is trained with has the batch of the options, and all samples."""
        for one in [one for one in self.calls if called(one) == LOADER]:
            words = loader_words(self, one)
            if self._is_of_evaluation(one) or not (_is_drawn(words) or one in self.trained_with):
                continue
            size = words.get("batch_size")
            if size and not self.is_option(size, self.names.batch):
                yield self._value(f"batch_size={ast.unparse(size)} of its DataLoader", size, self.names.batch)
            elif not size and not {*_SAMPLING} & words.keys():
                yield at("no batch_size of its DataLoader", one, self.names.batch)._replace(value=1)
            others = [key for key in _SAMPLING if key in words and not self._draws_all(words[key])]
            others += [key for key in ("drop_last", "**") if is_on(words, key)]
            yield from (at(f"its DataLoader has {key}={ast.unparse(words[key])}", one) for key in others)

    def _is_of_evaluation(self, call: ast.Call) -> bool:
        """Whether it is one by the name that it is assigned to: ``eval_dataloader``."""
        names = [name for name, made in self.values.items() if call in made]
        return any(map(is_of_evaluation, names))

    def _draws_all(self, sampler: ast.expr) -> bool:
        """Whether a sampler gives each sample once, and as many to a process as are counted."""
        made = self.values.get(ast.unparse(sampler), [sampler])
        return all(isinstance(one, ast.Call) and called(one) in self.samplers for one in made)

    def of_steps(self) -> Iterator[Departure]:
        """One ``lr_scheduler.step()``, where ``optimizer.step()`` stands, in a loop of epochs."""
        steps = [one for one in self.calls if called(one) == "step"]
        ours = self.scheduler.steps
        others = [self._around(one) for one in steps if one not in ours]
        if len(ours) != 1:
            yield Departure(f"{len(ours) or 'no'} lines step its scheduler", 0)
            return
        if others and self._around(ours[0]) not in others:
            yield at("its scheduler is not stepped beside its optimizer", ours[0])
        yield from self.of_epochs(ours[0])
        yield from departures_of_rounds(self, ours[0])

    def of_epochs(self, step: ast.Call) -> Iterator[Departure]:
        loops = [one for one in self.above(step) if isinstance(one, (ast.For, ast.While))]
        counted = self.counted_to(loops[-1]) if len(loops) > 1 else None
        if counted is None and loops:
            yield at("its loop is not one of epochs and their batches", loops[-1])
        elif counted and not self.is_option(counted, EPOCHS):
            yield self._value(f"its {ast.unparse(counted)} epochs", counted, EPOCHS)

    def _of_limit(self) -> Iterator[Departure]:
        """Its ``max_train_steps`` ends the run, and stays what it was."""
        tests = (one for one in self.nodes if isinstance(one, ast.If) and STEPS in ast.unparse(one.test))
        leaves = [one for one in tests if any(isinstance(line, (ast.Break, ast.Return)) for line in one.body)]
        parts = filter(_is_of_computed_limit, leaves)
        yield from (at(f"it ends where {ast.unparse(one.test)}", one) for one in parts)
        made = (one for name, found in self.values.items() if name.endswith(EPOCHS) for one in found)
        if not leaves and not any(STEPS in ast.unparse(one) for one in made):
            yield Departure(f"it does not end at {STEPS}", 0, needs=STEPS)
        made_anew = (
            one for one in self.nodes if isinstance(one, ast.Assign) and any(map(is_limit, one.targets))
        )
        for one in made_anew:
            if not any(isinstance(above, ast.If) for above in self.above(one)):
                yield at(ast.unparse(one), one, needs=STEPS)

    def _around(self, step: ast.Call) -> tuple[ast.AST, ...]:
        """The loops and conditions that a step stands in, but those of accelerate's own."""
        found = (one for one in self.above(step) if isinstance(one, (ast.For, ast.While, ast.If)))
        return tuple(one for one in found if not _is_synchronized(one))


def _is_of_computed_limit(end: ast.If) -> bool:
    """Whether a run ends at what is made of its ``max_train_steps``, and not at that."""
    made = [one for one in ast.walk(end.test) if isinstance(one, (ast.BinOp, ast.Call))]
    return any(is_limit(part) for one in made for part in ast.walk(one) if isinstance(part, ast.expr))


def _is_drawn(words: dict[str, ast.expr]) -> bool:
    """Whether a loader draws its samples, as one does that is trained with."""
    return is_on(words, "shuffle") or bool({*_SAMPLING} & words.keys())


def _makes_optimizer(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether it is a class's call, or a function's of such a name: a progress bar shows an ``lr`` too."""
    name = called(node) if isinstance(node, ast.Call) else ""
    return name[:1].isupper() or "optim" in name.lower()


def _is_relative(call: ast.Call) -> bool:
    """Whether Adafactor is told to make its LR of the updates done."""
    return is_on({word.arg or "**": word.value for word in call.keywords}, _RELATIVE)


def _lr_of(call: ast.Call) -> ast.expr | None:
    """The LR that an optimizer is given, one of torch's also by its place."""
    return keyword(call, "lr") or next(iter(call.args[1:2] if called(call) in _OF_TORCH else ()), None)


def _default_of(call: ast.Call) -> float | None:
    """The LR of an optimizer of torch's that is given none; None where it may be unpacked."""
    return None if any(word.arg is None for word in call.keywords) else _DEFAULT_LR


def _is_named(value: ast.expr) -> bool:
    """Whether it is an option, or one of several: ``args.text_encoder_lr or args.learning_rate``."""
    return not any(isinstance(one, (ast.BinOp, ast.Constant, ast.Call)) for one in ast.walk(value))


def _is_synchronized(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and any(word in ast.unparse(node.test) for word in _SYNCHRONIZED)
