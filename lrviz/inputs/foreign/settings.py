"""What a trainer's reader reads from, and where it leaves what it finds out about the run."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from lrviz.catalogue.names import find
from lrviz.errors import ConfigError
from lrviz.inputs.foreign.opening import script_beside
from lrviz.inputs.foreign.python.python_script import HIDDEN
from lrviz.inputs.foreign.setting_values import Values, is_arguments, is_since, version_parts
from lrviz.notation.finding import Finding
from lrviz.notation.nearest import nearest
from lrviz.notation.origin import Origin
from lrviz.notation.rendering import shown
from lrviz.notation.spec import Spec
from lrviz.notation.text import few
from lrviz.plan.arithmetic import ceil_div, dataloader_len
from lrviz.plan.rules import BATCHES_PER_EPOCH, STEPS_PER_EPOCH, TOTAL_STEPS, Line

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from lrviz.inputs.foreign.lookup import Lookup
    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.trainer import ForeignTrainer
    from lrviz.notation.origin import Place
    from lrviz.notation.spec import Value


_ENOUGH = {"dataset_len": 100_000, "batches_per_epoch": 1000}
"""What makes an epoch of at least one update."""
_SIZES = ("batch_size", "grad_accum", "world_size")
"""Keys of what an epoch is divided by."""


def shorter_warmup(steps: int) -> str:
    """What helps a run that ends before its warmup does: one of a tenth of it."""
    return f"<warmup={max(steps // 10, 1)}>"


class Settings(Values):
    """The values of a run, and what its reader finds out.

    ``lines`` are the derivation, ``warmup`` the updates of the trainer's own warmup; ``settled`` are general
    findings, by id, that are none in this run.
    """

    TOTAL_STEPS, STEPS_PER_EPOCH, BATCHES_PER_EPOCH = TOTAL_STEPS, STEPS_PER_EPOCH, BATCHES_PER_EPOCH

    def __init__(self, trainer: ForeignTrainer, lookup: Lookup, version: str = "") -> None:
        super().__init__(trainer, lookup, version)
        self.lines: list[Line] = []
        self.findings: list[Finding] = []
        self.settled: set[str] = set()
        self.warmup: int | float | None = None

    @cached_property
    def script(self) -> Source | None:
        """The script that its command starts, None where that is not here; of a file itself."""
        return script_beside(self.source) if self.source.language == "command" else self.source

    def since(self, version: str, what: str = "") -> bool:
        """Whether the trainer's version is at least ``version``; ``what`` that decides, where it matters."""
        if what and not self.is_version_given:
            program = self.trainer.program or self.trainer.name
            self.note("assumed-version", f"{program} {self.version} is assumed: {what}")
        return is_since(self.version, version)

    def assume(self, version: str, why: str = "") -> None:
        """Follow the rules of another version, because of something that is said."""
        self.version = version
        if why:
            self.note("assumed-version", f"{self.title} is assumed: {why}")

    def closest_known(self, program: str, said: str, oldest: str, newest: str) -> str:
        """The version whose rules are followed in place of one that is older or newer than all known."""
        parts, last = version_parts(said), version_parts(newest)
        is_older, is_newer = parts < version_parts(oldest), parts[: len(last)] > last
        if not (is_older or is_newer):
            return ""
        known = f"{program} {oldest}" + (f" to {newest}" if newest != oldest else "")
        text = f"the rules known are those of {known}: those of {said} may differ"
        self.warn("unknown-version", text, hint="say what matters of them in the file or by --given")
        return oldest if is_older else newest

    def line(self, label: str, formula: str, value: int) -> int:
        """Note a line of the derivation, once, and hand on its value."""
        line = Line(label, formula, value)
        if line not in self.lines:
            self.lines.append(line)
        return value

    def noted(self, label: str) -> int | None:
        """What the derivation has of a label so far: of several lines the last."""
        return {line.label: line.value for line in self.lines}.get(label)

    def product(self, label: str, *factors: int) -> int:
        """Note a product, and hand it on."""
        return self.line(label, " * ".join(map(str, factors)), math.prod(factors))

    def ceil(self, label: str, n: int, by: int) -> int:
        """Note ``ceil(n / by)``, and hand it on."""
        return self.line(label, f"ceil({n} / {by})", ceil_div(n, by))

    def floor(self, label: str, n: int, by: int) -> int:
        """Note ``floor(n / by)``, and hand it on."""
        return self.line(label, f"floor({n} / {by})", n // by)

    def divide(self, label: str, n: int, by: int, *, down: bool) -> int:
        """Note ``n / by`` rounded down, as where a rest is dropped, or up, and hand it on."""
        return (self.floor if down else self.ceil)(label, n, by)

    def share(self, label: str, n: int, share: float) -> int:
        """Note ``int(n * share)`` in floats, and hand it on."""
        return self.line(label, f"int({n} * {share})", int(n * share))

    def note_epoch(self, *, each: int = 1, of: int = 1, counted: str = BATCHES_PER_EPOCH) -> None:
        """Note the updates of an epoch: ``each`` of what the derivation has ``counted``, or one ``of`` many.

        None are noted where they are no whole number, or nobody counted.
        """
        found = self.noted(counted)
        if found is not None and found * each % of == 0:
            formula = f"{found} * {each}" if each > 1 else f"{found} / {of}" if of > 1 else counted
            self.line(STEPS_PER_EPOCH, formula, found * each // of)

    def given_batches(self, *needs: str) -> int:
        """Batches of an epoch, as somebody has counted them; what else is needed is asked for with them."""
        self.ask("batches_per_epoch", *needs)
        return self.line(BATCHES_PER_EPOCH, "batches_per_epoch", self.ask("batches_per_epoch"))

    def sampled_batches(self, n: int, world: int, size: int, *, drops: bool, repeated: bool = False) -> int:
        """Batches of a process in an epoch, where the sampler pads the share of each to the largest.

        ``drops`` tells whether the last batch is left out where it is not full, ``repeated`` whether each
        sample is taken several times, and as many of them as the whole ones of 256 hold.
        """
        share, formula = ceil_div(n, world), f"ceil({n} / {world})"
        if repeated:
            rounded = n // 256 * 256
            share, formula = rounded // world, f"floor({rounded} / {world})"
        batches = dataloader_len(share, size, drop_last=drops)
        return self.line(BATCHES_PER_EPOCH, f"{'floor' if drops else 'ceil'}({formula} / {size})", batches)

    def note(self, kind: str, text: str, *, hint: str = "", at: str = "") -> None:
        """Say something worth knowing, at the place of a setting."""
        self.findings.append(Finding(kind, "note", text, hint, place=self._place(at)))

    def warn(self, kind: str, text: str, *, hint: str = "", at: str = "") -> None:
        """Say something that is hardly meant."""
        self.findings.append(Finding(kind, "warning", text, hint, place=self._place(at)))

    def check_warmup(
        self, warmup: float, steps: int, *, ahead: int = 0, hint: str = "", at: str = ""
    ) -> None:
        """Say that the run ends before its warmup does, whose update t is at ``(t + ahead) / warmup``."""
        if warmup > steps:
            share = (steps - 1 + ahead) / warmup
            self.warn_of_warmup(f"{shown(warmup)} updates", steps, share, hint=hint, at=at)

    def warn_of_warmup(
        self, lasts: str, length: int, share: float | None = None, *, hint: str = "", at: str = ""
    ) -> None:
        """Say that a run ends before its warmup does, and which share of its peak it reaches, if known."""
        reached = "never reaches its peak"
        if share is not None:
            reached = f"reaches {share:.{int(share < 0.1)}%} of its peak"
        text = f"warmup of {lasts} in a run of {length}: the LR {reached}"
        self.warn("warmup-longer-than-run", text, hint=hint, at=at)

    def refuse(self, text: str, *, at: str = "", instead: object = None, hint: str = "") -> NoReturn:
        """Refuse what the trainer refuses; ``instead`` is what it takes for the setting ``at``.

        Raises:
            ConfigError: always.

        """
        place = self._place(at)
        hint = hint if instead is None else f"--given {at}={instead}"
        raise ConfigError(f"{place._replace(key='') if place else self.source.name}: {text}", hint=hint)

    def longer(self, otherwise: str) -> str:
        """What helps a run that makes no update: an epoch, or a longer one where its length is known."""
        keys = {self.table[name].key if name in self.table else name: name for name in self.seen}
        values = {key: self.seen[name].value for key, name in keys.items()}
        if values.get("epochs", 1) <= 0:
            return "<epochs=1>"
        known = next((key for key in _ENOUGH if key in values), None)
        if blamed := self._blamed(is_long=known is not None and values[known] >= _ENOUGH[known]):
            return f"--given {blamed}=1"
        return f"<{known}={_ENOUGH[known]}>" if known else otherwise

    def _blamed(self, *, is_long: bool) -> str:
        """The setting for which no run has an update: a size below 1, or the largest beside a long epoch."""
        said = {
            name: one.value
            for name, one in self.seen.items()
            if name in self.table and one.origin.source != "trainer" and type(one.value) is int
        }
        sizes = {name: value for name, value in said.items() if self.table[name].key in _SIZES}
        below = [name for name, value in sizes.items() if value < 1]
        below += [name for name, value in said.items() if value < 0 and self._is_count(name)]
        largest = sorted(sizes, key=lambda name: sizes[name])[-1:] if is_long else []
        return next(iter((*below, *largest)), "")

    def _is_count(self, name: str) -> bool:
        """Whether it is above 0 where nobody says it."""
        default = self.table[name].default
        return type(default) is int and default > 0

    def choose(self, name: str, known: Iterable[str]) -> str:
        """A setting that is one of the trainer's words.

        Raises:
            ConfigError: it is none of them.

        """
        value, choices = self[name], list(known)
        if value not in choices:
            near = nearest(str(value).lower(), choices)
            first, *others = choices
            either = first if near or not others else f"{first}, or one of {', '.join(others)}"
            self.refuse(
                f"{name}={value!r} is none of {self.title}'s",
                at=name,
                hint=f"--given {name}={near or either}",
            )
        return str(value)

    def curve(self, name: str, table: Mapping[str, Value] | None = None, /, **values: Value) -> Spec:
        """The run in lrviz's words: a schedule, its parameters, and keys of the run; None is nothing said.

        ``table`` is what the run hands to the schedule as it stands, in which no key of the run is meant.
        The steps of an epoch are those of the derivation.

        Raises:
            ConfigError: the table has what the schedule does not take, or what the trainer gives it.

        """
        said = {key: value for key, value in values.items() if value is not None}
        if table:
            self.check_taken(name, table, said)
        derived = {line.key: line.value for line in self.lines if line.label == STEPS_PER_EPOCH}
        return Spec(name, tuple({**derived, **(table or {}), **said}.items()))

    def check_taken(
        self, name: str, table: Iterable[str], given: Container[str] = (), *, whose: str = ""
    ) -> None:
        """Refuse what a schedule does not take, or what the trainer gives it itself.

        Raises:
            ConfigError: the table has some.

        """
        known = [param for param in find(name).params if param not in given]
        if unknown := next((key for key in table if key not in known), None):
            near = nearest(unknown, known)
            hint = f"did you mean {near}?" if near else f"it takes {', '.join(known) or 'none'}"
            self.refuse(f"{whose}{name} takes no {unknown}: it stops", hint=hint)

    def finish(self) -> None:
        """What is said once all values have been read.

        Raises:
            PlanError: one stands there and cannot be known.

        """
        self.check_open()
        self._warn_of_version()
        if any(map(is_arguments, self.source.hidden)):
            text = "what the script itself is given ($@) is taken to be nothing"
            self.note("arguments-left-out", text)
        if HIDDEN in self.source.data:
            assumed = {name: one.value for name, one in self.seen.items() if one.origin.source == "trainer"}
            text = "what ** hands on cannot be known: it may replace the defaults"
            values = few([f"{name}={shown(value)}" for name, value in assumed.items()])
            self.warn("keywords-left-out", f"{text} {values}", hint="--given NAME=VALUE says what it does")

    # --- inside ------------------------------------------------------------------------------------------

    def _warn_of_version(self) -> None:
        """Say whose defaults they are, where the version that is said is none whose rules are known."""
        program = self.trainer.program or self.trainer.name
        closest = self.is_version_given and self.closest_known(program, self.version, *self.trainer.versions)
        ours = {name: one for name, one in self.seen.items() if one.origin.source == "trainer"}
        if closest:
            origin = Origin("trainer", f"{program} {closest}")
            self.seen |= {name: one._replace(origin=origin) for name, one in ours.items()}

    def _place(self, name: str) -> Place | None:
        given = self.seen.get(name) or (self.lookup.of(self.table[name]) if name in self.table else None)
        return given.origin.place if given else None
