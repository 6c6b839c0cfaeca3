"""What others call the keys of lrviz: by the tables of trainers, and the roles of schedules' parameters."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.registry import catalogue
from lrviz.catalogue.roles import Role
from lrviz.inputs.foreign.known_trainers import all_trainers
from lrviz.inputs.foreign.setting import epochs
from lrviz.notation.durations import decimal_text
from lrviz.notation.nearest import nearest
from lrviz.notation.numbers import is_number, read_number
from lrviz.notation.rendering import render_value
from lrviz.resolve.keys import KEYS, key_of, rival_given
from lrviz.resolve.phase_keys import PHASE_KEYS
from lrviz.resolve.spec_keys import is_heard, no_floor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.inputs.foreign.setting import Setting
    from lrviz.notation.spec import Value

_UNITS = {Role.WARMUP_EPOCHS: "ep", Role.WARMUP_FRACTION: "%", Role.FLOOR_RATE: "%"}
"""What the values of a parameter count, where lrviz writes that behind them."""
_SPELT_ALIKE = 0.8


class Synonym(NamedTuple):
    """The key of lrviz that others call otherwise, and the unit that their values of it have."""

    key: str
    unit: str = ""

    def hint(self, value: Value = None) -> str:
        """The key with their value as lrviz writes it; with an example where it does not take that."""
        if value is None:
            return f"<{self.key}>"
        typed = self._typed(value)
        return f"<{self.key}={typed if KEYS[self.key].takes_text(typed) else self._example()}>"

    def _typed(self, value: Value) -> str:
        number = read_number(value) if isinstance(value, str) else value
        if not (self.unit and is_number(number)):
            return value if isinstance(value, str) else render_value(value)
        amount = Fraction(str(number)) * (100 if self.unit == "%" else 1)
        return decimal_text(amount) + self.unit

    def _example(self) -> str:
        return {"": KEYS[self.key].example, "ep": "2ep", "%": "10%"}[self.unit]


_SAID = {
    Synonym("lr"): ("peak_lr", "init_lr", "initial_lr", "lrate"),
    Synonym("min_lr"): ("final_lr", "min_learning_rate"),
    Synonym("warmup_start"): ("warmup_lr", "warmup_start_lr", "warmup_lr_init", "warmup_initial_lr"),
    Synonym("warmup", "%"): ("warmup_proportion", "warmup_portion", "warmup_frac"),
    Synonym("steps"): ("iterations", "iters", "niter", "num_steps", "num_iters"),
    Synonym("batch_size"): ("per_device_batch_size", "per_gpu_batch_size"),
    Synonym("dataset_len"): ("dataset_size", "dataset_length", "num_samples", "num_examples", "train_size"),
    Synonym("world_size"): ("num_gpus", "ngpus", "gpus", "nproc", "nproc_per_node"),
    Synonym("grad_accum"): ("accumulate", "accumulation_steps", "grad_accumulation"),
}
"""What people say, and no table has."""


def synonym_of(name: str) -> Synonym | None:
    """Lrviz's key for what somebody calls ``learning_rate`` or ``--train-iters``; None where none is."""
    return _synonyms().get(_plain(name))


def key_called(name: str) -> str:
    """The name of the key that somebody calls so; nothing where none is."""
    found = synonym_of(name)
    return found.key if found else ""


def key_meant(
    entry: Entry, name: str, value: Value, beside: Collection[str] = (), near: Sequence[str] = ()
) -> str:
    """The hint for a parameter that a schedule does not have; nothing where no key is meant.

    Its own parameter of that meaning, one ``near`` it, comes before the run's key, if it counts the same.
    None is suggested that says what one ``beside`` it does.
    """
    if name in PHASE_KEYS:
        key = f"{name}={PHASE_KEYS[name].example}"
        return f"a phase has {name}: phases:phase=constant(for=10%),{entry.id}({key})"
    plain = _plain(name)
    synonym = synonym_of(name)
    found = synonym or _spelt_alike(entry, plain)
    if hint := said_already(name, [*near, found.key] if found else near, beside, entry):
        return hint
    if found is None:
        return ""
    own = (param for param in entry.of_roles(KEYS[found.key].roles) if _unit(param.role) == found.unit)
    if synonym and nearest(plain, entry.params, cutoff=0.5) in {param.name for param in own}:
        return ""
    if is_heard(entry, found.key):
        return f"did you mean {found.hint(value)}?"
    return no_floor(found.hint(value)) if found.key == "min_lr" else f"it has {', '.join(entry.params)}"


def _spelt_alike(entry: Entry, name: str) -> Synonym | None:
    """The key of the run that is spelt nearly so, if no parameter is."""
    begun = any(one.startswith(name) for one in entry.params)
    spelt = "" if begun else nearest(name, [*entry.params, *KEYS], cutoff=_SPELT_ALIKE)
    return Synonym(spelt) if spelt in KEYS else None


def said_already(name: str, meant: Iterable[str], beside: Collection[str], entry: Entry | None) -> str:
    """The hint for a name that may mean what is said beside it; nothing where nothing says that."""
    said = rival_given(meant, beside, entry)
    return f"{f'<{said}>' if said in KEYS else said} says it already: leave {name} out" if said else ""


@cache
def names_schedule(name: str) -> bool:
    """Whether somebody names the schedule so: ``--lr-scheduler-type``."""
    named = {
        _plain(one.rpartition(".")[2])
        for trainer in all_trainers()
        for setting in trainer.settings
        if isinstance(setting.default, str) and setting.default in trainer.schedules
        for one in setting.names
    }
    return _plain(name) in named or "sched" in name.lower()


def schedule_called(name: str) -> str:
    """How to write here what trainers call ``WarmupMultiStepLR``; nothing where none does."""
    found: dict[str, list[str]] = {}
    for trainer in all_trainers():
        for own, here in trainer.schedules.items():
            if _plain(own) == _plain(name):
                found.setdefault(here, []).append(trainer.name)
    return "; ".join(f"{', '.join(names)}: write {here}" for here, names in found.items())


@cache
def _synonyms() -> dict[str, Synonym]:
    """What most mean who use a name, which no key of lrviz has; trainers before schedules."""
    found: dict[str, Synonym] = {}
    for named in (_settings(), _params(), _said()):
        counts = Counter((_plain(name), synonym) for name, synonym in named if synonym.key)
        for (name, synonym), _ in counts.most_common():
            if name not in KEYS:
                found.setdefault(name, synonym)
    return found


def _settings() -> Iterator[tuple[str, Synonym]]:
    for trainer in all_trainers():
        for setting in trainer.settings:
            for name in setting.names:
                yield from (
                    (one, _of_setting(setting, one)) for one in dict.fromkeys((name, name.rpartition(".")[2]))
                )


def _of_setting(setting: Setting, name: str) -> Synonym:
    if setting.key == "warmup_fraction":
        return Synonym("warmup", "%")
    counts_epochs = setting.kind is epochs or name.endswith(("epoch", "epochs"))
    return Synonym(setting.key, "ep" if setting.key == "warmup" and counts_epochs else "")


def _params() -> Iterator[tuple[str, Synonym]]:
    for entry in catalogue().values():
        yield from (
            (param.name, Synonym(key_of(param.role), _unit(param.role))) for param in entry.params.values()
        )


def _said() -> Iterator[tuple[str, Synonym]]:
    for synonym, names in _SAID.items():
        yield from ((name, synonym) for name in names)


def _unit(role: Role) -> str:
    return _UNITS.get(role, "")


def _plain(name: str) -> str:
    return name.lstrip("-").replace("-", "_").lower()
