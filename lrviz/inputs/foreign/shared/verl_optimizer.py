"""The schedules of verl's backends, of one optimizer: FSDP, Megatron, torchtitan, VeOmni and Automodel.

Source: verl 0.9.1, ``workers/config/optimizer.py``, ``workers/engine/*/transformer_impl.py``,
``utils/torch_functional.py`` and ``utils/megatron/optimizer.py``; 0.4.1 to 0.7.1,
``workers/fsdp_workers.py``; 0.7.0, ``trainer/fsdp_sft_trainer.py``; veomni 0.1.12, ``optim/lr_scheduler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.setting import Setting, number, switch, text, whole
from lrviz.inputs.foreign.shared.megatron_scheduler import STYLES, WSD_STYLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec, Value

DECAYS = ("linear", "sqrt", "cosine")
_OF_FSDP = "lr_scheduler_type warmup_style min_lr_ratio num_cycles zero_indexed_step"
_OF_MEGATRON = "lr_decay_steps lr_decay_style lr_warmup_init lr_wsd_decay_steps lr_wsd_decay_style min_lr"
_OF_AUTOMODEL = "lr_scheduler_type init_lr_ratio min_lr_ratio num_cycles zero_indexed_step wd_incr_style"
OWN = {
    "fsdp": _OF_FSDP,
    "fsdp2": _OF_FSDP,
    "dp": _OF_FSDP,
    "megatron": f"{_OF_MEGATRON} weight_decay_incr_style",
    "torchtitan": "decay_type min_lr_factor",
    "veomni": "lr_scheduler_type lr_decay_ratio lr_min lr_start",
    "automodel": _OF_AUTOMODEL,
}
"""The settings of each backend's optimizer that not all others have."""
OF_SFT_UP_TO_0_7 = ("lr_scheduler", "warmup_steps_ratio")
STABLE = 0.9
"""The share of WSD behind its warmup that is stable."""


class Clock(NamedTuple):
    """The ticks that a schedule is made for, those of the run, and the updates that each lasts."""

    scheduled: int
    run: int
    updates: int = 1


def settings_of(prefix: str, lr: float) -> tuple[Setting, ...]:
    """The settings of an optimizer of any backend, whose LR is ``lr`` unless it is said."""
    return (
        Setting(f"{prefix}.lr", number, lr, "lr"),
        Setting(f"{prefix}.lr_warmup_steps", whole, -1, "warmup"),
        Setting(f"{prefix}.lr_warmup_steps_ratio", number, 0.0, "", (f"{prefix}.warmup_steps_ratio",)),
        Setting(f"{prefix}.lr_scheduler_type", text, "constant"),
        Setting(f"{prefix}.warmup_style", text),
        Setting(f"{prefix}.lr_scheduler", text, "cosine"),
        Setting(f"{prefix}.min_lr_ratio", number, 0.0),
        Setting(f"{prefix}.num_cycles", number, 0.5),
        Setting(f"{prefix}.zero_indexed_step", switch, default=True),
        Setting(f"{prefix}.lr_decay_style", text, "constant"),
        Setting(f"{prefix}.lr_decay_steps", whole),
        Setting(f"{prefix}.lr_wsd_decay_steps", whole),
        Setting(f"{prefix}.lr_wsd_decay_style", text, "exponential"),
        Setting(f"{prefix}.lr_warmup_init", number, 0.0),
        Setting(f"{prefix}.min_lr", number, 0.0, "min_lr"),
        Setting(f"{prefix}.weight_decay", number, 0.01),
        Setting(f"{prefix}.decay_type", text, "linear"),
        Setting(f"{prefix}.min_lr_factor", number, 0.0),
        Setting(f"{prefix}.lr_min", number, 0.0),
        Setting(f"{prefix}.lr_start", number, 0.0),
        Setting(f"{prefix}.lr_decay_ratio", number, 1.0),
        Setting(f"{prefix}.init_lr_ratio", number, 0.1),
    )


class Optimizer:
    """One optimizer of a run, whose settings stand at ``prefix``, and whose schedule follows ``clock``."""

    def __init__(self, run: Settings, prefix: str, clock: Clock) -> None:
        self.run = run
        self.prefix = prefix
        self.clock = clock

    def __getitem__(self, name: str) -> Any:
        """The value of one of its settings."""
        return self.run[f"{self.prefix}.{name}"]

    def choose(self, name: str, known: tuple[str, ...]) -> str:
        """One of its settings that is one of a few words."""
        return self.run.choose(f"{self.prefix}.{name}", known)

    def of_fsdp(self) -> Spec:
        """``constant`` or ``cosine``, both with a warmup from 0."""
        style = "warmup_style" if self["warmup_style"] is not None else "lr_scheduler_type"
        warmup = 0 if self._has_no_warmup() else self._warmup(self.clock.scheduled)
        if self.choose(style, ("constant", "cosine")) == "constant":
            values = {"num_warmup_steps": self._from_zero(warmup)}
            return self._curve("transformers.constant_with_warmup", values)
        what = "the warmup rises from 0, before 0.6 from min_lr_ratio"
        if warmup and self["min_lr_ratio"] and not self.run.since("0.6", what):
            return self._curve("torch.LambdaLR", {"lr_lambda": self._rising_from_floor(warmup)})
        leads = not self["zero_indexed_step"]
        return self._curve(
            "transformers.cosine_with_min_lr",
            {
                "num_warmup_steps": warmup if leads else self._from_zero(warmup),
                "num_training_steps": self.clock.scheduled,
                "min_lr_rate": self["min_lr_ratio"],
                "num_cycles": self["num_cycles"],
                "lead": 1 if leads else None,
            },
        )

    def of_megatron(self) -> Spec:
        """Megatron's scheduler, which counts ticks instead of samples here."""
        decay = self["lr_decay_steps"] or self.clock.scheduled
        style = self.choose("lr_decay_style", STYLES)
        is_wsd = style == "WSD"
        if is_wsd and self["lr_wsd_decay_steps"] is None:
            name = f"{self.prefix}.lr_wsd_decay_steps"
            self.run.refuse(f"WSD needs {name}: Megatron stops", hint=f"--given {name}=100")
        return self._as_megatron(
            style,
            self._warmup(decay),
            decay,
            self["lr_warmup_init"],
            self["min_lr"],
            wsd_decay_steps=self["lr_wsd_decay_steps"] if is_wsd else None,
            lr_wsd_decay_style=self.choose("lr_wsd_decay_style", WSD_STYLES) if is_wsd else None,
            start_wd=self["weight_decay"],
            end_wd=self["weight_decay"],
        )

    def of_torchtitan(self) -> Spec:
        """The schedule of torchtitan, whose warmup does not begin at 0."""
        return self._curve(
            "torchtitan.LRSchedulersContainer",
            {
                "warmup_steps": self._warmup(self.clock.scheduled),
                "total_steps": self.clock.scheduled,
                "decay_type": self.choose("decay_type", DECAYS),
                "min_lr_factor": self["min_lr_factor"],
            },
        )

    def of_veomni(self) -> Spec:
        """VeOmni's ``constant`` or ``cosine``, whose warmup is a share of the run alone."""
        total, warmup = self.clock.scheduled, self._share(self.clock.scheduled)
        if self["lr_warmup_steps"] > 0:
            self.run.warn(
                "idle-warmup",
                f"VeOmni takes lr_warmup_steps_ratio alone: the warmup is one of {warmup} steps",
                at=f"{self.prefix}.lr_warmup_steps",
            )
        style = self._cosine_or("constant")
        decay = int(total * self["lr_decay_ratio"]) if style == "cosine" else max(total, warmup + 1)
        return self._as_megatron(style, warmup, decay, self["lr_start"], self["lr_min"])

    def of_automodel(self) -> Spec:
        """NeMo Automodel's copy of Megatron's scheduler, from a share of the LR to another."""
        self.run.set_defaults(**{f"{self.prefix}.lr": 1e-5, f"{self.prefix}.min_lr_ratio": 0.01})
        total, lr = self.clock.scheduled, self["lr"]
        style = self._cosine_or("constant", "linear", "inverse-square-root")
        first, least = lr * self["init_lr_ratio"], lr * self["min_lr_ratio"]
        return self._as_megatron(style, self._warmup(total), total, first, least)

    def of_sft_up_to_0_7(self) -> Spec:
        """``cosine`` to 0 or WSD: the trainer of its own for SFT on FSDP."""
        self.run.set_defaults(**{f"{self.prefix}.lr": 1e-5})
        total, ratio = self.clock.scheduled, self.run.get(f"{self.prefix}.lr_warmup_steps_ratio", 0.1)
        warmup = self.run.share("warmup", total, ratio)
        self.run.warmup = warmup
        if self.choose("lr_scheduler", ("cosine", "wsd")) == "cosine":
            values = {"num_warmup_steps": warmup, "num_training_steps": total}
            return self._curve("transformers.cosine", values)
        stable = int((total - warmup) * STABLE)
        values = {
            "num_warmup_steps": warmup,
            "num_stable_steps": stable,
            "num_decay_steps": total - warmup - stable,
        }
        return self._curve("transformers.warmup_stable_decay", values)

    def _cosine_or(self, *styles: str) -> str:
        """The name of the schedule, ``cosine`` where none is said."""
        self.run.set_defaults(**{f"{self.prefix}.lr_scheduler_type": "cosine"})
        return self.choose("lr_scheduler_type", ("cosine", *styles))

    def _warmup(self, total: int) -> int:
        """The ticks of the warmup: steps where they are said, else a share of all, cut to whole ones."""
        steps = int(self["lr_warmup_steps"])
        if steps <= 0:
            return self._share(total)
        self.run.warmup = steps * self.clock.updates
        return steps

    def _has_no_warmup(self) -> bool:
        """Whether 0 steps are said beside a share, which they beat in RL on FSDP before 0.8."""
        is_said = self.prefix != "optim" and self["lr_warmup_steps"] == 0 and self["lr_warmup_steps_ratio"]
        what = "lr_warmup_steps=0 leaves the warmup to lr_warmup_steps_ratio, before 0.8 there was none"
        return bool(is_said) and not self.run.since("0.8", what)

    def _rising_from_floor(self, warmup: int) -> str:
        """The cosine of before 0.6, whose warmup has its floor too."""
        least, fall = self["min_lr_ratio"], max(1, self.clock.scheduled - warmup)
        wave = f"cos(pi * {self['num_cycles']} * 2.0 * (epoch - {warmup}) / {fall})"
        decay = f"max({least}, {(1 - least) * 0.5} * {wave} + {(1 + least) * 0.5})"
        return f"{least} + (1.0 - {least}) * (epoch / {warmup}) if epoch < {warmup} else {decay}"

    def _share(self, total: int) -> int:
        """The ticks of a warmup that is a share of all."""
        ratio = self["lr_warmup_steps_ratio"]
        steps = int(ratio * total)
        if ratio:
            self.run.line("warmup", f"int({ratio:g} * {total})", steps)
        self.run.warmup = steps * self.clock.updates
        return steps

    def _as_megatron(
        self, style: str, warmup: int, decay: int, first: float, least: float, **more: Value
    ) -> Spec:
        """Megatron's scheduler, counting ticks.

        Raises:
            ConfigError: its warmup is as long as its decay.

        """
        if warmup >= decay:
            self.run.refuse(
                f"a warmup of {warmup} steps is not below the {decay} of the decay: it stops",
                hint=f"--given {self.prefix}.lr_warmup_steps_ratio=0.1",
            )
        return self._curve(
            "megatron.OptimizerParamScheduler",
            {
                "increment": 1,
                "lr_warmup_steps": warmup if first else self._from_zero(warmup),
                "lr_decay_steps": decay,
                "lr_decay_style": style,
                "init_lr": first,
                "min_lr": least,
                **more,
            },
        )

    def _from_zero(self, warmup: int) -> int:
        """A warmup that begins at 0, and what that means for the first updates."""
        updates = self.clock.updates
        if warmup and updates > 1:
            self.run.note(
                "first-step-idle",
                f"the LR moves once per RL step, of {updates} updates: the first {updates} have an LR of 0,"
                f" then each {updates} have one",
                at=f"{self.prefix}.lr_warmup_steps",
            )
        return warmup

    def _curve(self, name: str, values: Mapping[str, Value]) -> Spec:
        clock = self.clock
        return self.run.curve(
            name,
            lr=self["lr"],
            steps=clock.run * clock.updates,
            interval=clock.updates if clock.updates > 1 else None,
            **values,
        )
