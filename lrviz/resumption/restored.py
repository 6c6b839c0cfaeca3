"""What frameworks do to the LR when a scheduler is built anew and a checkpoint is loaded into it.

The one table of it. As trainers do, optimizer and scheduler are built first, then the optimizer's state is
loaded, then the scheduler's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from lrviz.catalogue.names import find
from lrviz.catalogue.own_schedule import OwnEntry
from lrviz.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.resolve.resolved import Resolved


class Rule(NamedTuple):
    """What an update uses after a resume, and whose code says so.

    ``first`` is the LR until the scheduler is called again: the one ``stored`` with the optimizer, or already
    the new curve's. ``later`` is the curve from then on: the old one, the new one, or ``chained``, the stored
    LR with the new factors, or what the user's code says that is ``run``. ``base`` is whose base LR the new
    curve has. A scheduler that is told its place ``by_epoch`` counts the epochs that are done in steps of the
    new run.
    """

    source: str
    first: Literal["stored", "new"] = "stored"
    later: Literal["old", "new", "chained", "run"] = "new"
    base: Literal["old", "new"] = "old"
    by_epoch: bool = False

    @property
    def text(self) -> str:
        """It in words."""
        words = {
            "old": "all values of the scheduler come back from the checkpoint",
            "chained": "the new factors go on from the stored LR",
            "run": "the stored LR, then what the new scheduler makes of the old one's state",
            "new": f"{_FIRST[self.first]} on the {self.base} base LR",
        }
        return f"{words[self.later]} ({self.source})"


_FIRST = {"stored": "the stored LR, then the new curve", "new": "the new curve at once,"}


def _state(source: str) -> Rule:
    """The checkpoint has every value of the scheduler."""
    return Rule(source, later="old")


def _of_step(source: str, *, by_epoch: bool = False) -> Rule:
    """The LR is computed from the step and the values of the new run alone."""
    return Rule(source, first="new", base="new", by_epoch=by_epoch)


EPOCHS_LEFT = frozenset(("keras", "lightning"))
"""Whoever trains the epochs that are left by a schedule that counts steps."""

_OF_SPEECHBRAIN = "load() has every value, speechbrain 1.1.2"
_LAMBDA = "LambdaLR stores base LRs and no function, torch 2.13.0"
_TORCH = "LRScheduler.load_state_dict, torch 2.13.0"

RULES: Mapping[str, Rule] = {
    "torch": _state(_TORCH),
    "torch.LambdaLR": Rule(_LAMBDA),
    "torch.MultiplicativeLR": Rule("MultiplicativeLR stores no function, torch 2.13.0", later="chained"),
    "transformers": Rule(f"{_LAMBDA}, transformers 5.23.0"),
    "transformers.reduce_lr_on_plateau": _state(_TORCH),
    "transformers.greedy": _state("GreedyLR.load_state_dict, transformers 5.23.0"),
    "diffusers": Rule(f"{_LAMBDA}, diffusers 0.42.1"),
    "axolotl": Rule(f"{_LAMBDA}, axolotl 0.19.0"),
    "axolotl.RexLR": _state(f"{_TORCH}, axolotl 0.19.0"),
    "composer": Rule(f"{_LAMBDA}, composer 0.32.1"),
    "llmfoundry": Rule(f"{_LAMBDA}, composer 0.32.1, llm-foundry 0.22.0"),
    "fvcore": Rule("LRMultiplier.state_dict has base LRs and the step, fvcore 0.1.5"),
    "deepspeed": Rule("state_dict is last_batch_iteration alone, deepspeed 0.19.8", base="new"),
    "torchtitan": Rule("LRSchedulersContainer.state_dict is last_epoch alone, torchtitan 0.3.0", base="new"),
    "speechbrain": Rule("load() has n_steps alone, speechbrain 1.1.2", base="new"),
    "speechbrain.LinearWarmupScheduler": _state(_OF_SPEECHBRAIN),
    "speechbrain.TriStageLRSchedule": _state(_OF_SPEECHBRAIN),
    "speechbrain.WarmAndExpDecayLRSchedule": _state(_OF_SPEECHBRAIN),
    "speechbrain.WarmCoolDecayLRSchedule": _state(_OF_SPEECHBRAIN),
    "mmengine": _state("_ParamScheduler.load_state_dict, mmengine 0.10.7"),
    "nemo": _state(f"{_TORCH}, NeMo 3.0.0"),
    "espnet": _state(f"{_TORCH}, espnet 202511"),
    "timm": _state("Scheduler.load_state_dict, timm 1.0.31"),
    "fairseq": _of_step("Trainer.load_checkpoint calls set_num_updates, fairseq 0.12.2"),
    "fastai": _of_step("ParamScheduler by parts of the epochs, fastai 2.8.12", by_epoch=True),
    "nanogpt": _of_step("get_lr(it) in train.py, nanoGPT 3adf61e1"),
    "open_clip": _of_step("assign_learning_rate by epoch and batch, open_clip 3.3.0", by_epoch=True),
    "mae": _of_step("adjust_learning_rate by parts of an epoch, mae efb2a80", by_epoch=True),
    "dinov2": _of_step("an array by iteration, dinov2 b8931f7"),
    "olmo": _of_step("Trainer sets the LR at each step, OLMo 0.6.0"),
    "olmo_core": _of_step("Scheduler.set_lr at each step, on its own initial_lr, OLMo-core 3.0.0"),
    "optax": _of_step("a function of the restored count, optax 0.2.8"),
    "levanter": _of_step("a function of the restored count, optax, levanter 1.2"),
    "keras": _of_step("a function of the iterations that load_weights restores, keras 3.15.1"),
    "own": Rule("its own load_state_dict, run here", later="run", base="new"),
}
"""By framework, or by schedule where one differs from the others."""

OF_FUNCTION = _of_step("your own function of the step, which has no state")

OF_TRAINERS: Mapping[str, Rule] = {
    "timm": Rule("train.py steps a new scheduler to its epoch, timm 1.0.31", first="new", by_epoch=True),
    "torchtune": Rule("the recipes build it with last_epoch=global_step - 1, torchtune 0.6.1", first="new"),
    "nanochat": Rule("base_train.py multiplies the initial_lr that is loaded, nanochat 92d63d4", first="new"),
    "onetrainer": Rule(
        "create_lr_scheduler builds it with last_epoch, OneTrainer 2026-08", first="new", base="new"
    ),
}
"""Of trainers that do not load a scheduler's state, whatever it is."""

NOT_RESUMED: Mapping[str, str] = {
    "megatron": "Megatron-LM 0.19.2 stops where a value is not the checkpoint's; it keeps the old values "
    "with --use-checkpoint-opt_param-scheduler, and is the new curve with --override-opt_param-scheduler",
    "ultralytics": "resume=True has the values of the checkpoint but batch and time, ultralytics 8.4.190",
    "modded_nanogpt": "its script goes on from no checkpoint, modded-nanogpt 587b45fb",
    "simpletuner": "it overwrites last_epoch after the load by the steps of the epoch, SimpleTuner 3.1.6",
    "litgpt": "its pretraining is a new curve at once, its finetuning the old one, litgpt 0.5.13",
    "paddleocr": "what its loop restores was not looked up",
    "speechbrain.CyclicCosineScheduler": "with lr_initial it is the new curve, without it a product goes on",
    "keras.SGD.gradient_accumulation": "what of its sums comes back was not looked up",
    "keras.callbacks.LearningRateScheduler": "it begins at the epoch of fit(initial_epoch=…), keras 3.15.1",
    "keras.callbacks.ReduceLROnPlateau": "it forgets what was best and waits anew, keras 3.15.1",
    "adaptive": "the sizes of the gradients come back with the optimizer, and are no schedule's",
    "paper": "a formula of a paper is restored by nobody's code",
    "lrviz": "it is written for lrviz, and restored by nobody's code",
}
"""Why no new curve can be said: by framework, schedule or trainer."""


def rule_of(run: Resolved) -> Rule:
    """What happens to the LR of a run of this schedule.

    Raises:
        SpecError: it is not known.

    """
    schedule, entry = run.schedule.id, find(run.schedule.id)
    framework = entry.framework.name
    own = _rule_of_trainer(run, framework)
    if own is not None:
        return own
    if isinstance(entry, OwnEntry) and not entry.has_state(run.params):
        return OF_FUNCTION
    why = next((NOT_RESUMED[name] for name in (_reader(run), schedule, framework) if name in NOT_RESUMED), "")
    if why:
        text = f"what a resume makes of {schedule} is not known: {why}"
        raise SpecError(text, hint="show old and new side by side, without --resume-at and --resume")
    return RULES.get(schedule) or RULES[framework]


def _rule_of_trainer(run: Resolved, framework: str) -> Rule | None:
    """That of a trainer which loads no state; other trainers load that of timm's schedulers."""
    names = {run.plan.trainer, _reader(run), framework} & OF_TRAINERS.keys()
    if "timm" in names and (framework != "timm" or "timm" not in (run.plan.trainer, _reader(run))):
        names -= {"timm"}
    return OF_TRAINERS[min(names)] if names else None


def counts_epochs(run: Resolved) -> bool:
    """Whether its trainer trains the epochs that are left, however many steps the ones before had."""
    framework = find(run.schedule.id).framework.name
    return rule_of(run).by_epoch or not EPOCHS_LEFT.isdisjoint((run.plan.trainer, _reader(run), framework))


def _reader(run: Resolved) -> str:
    """The trainer whose file the run is of."""
    return run.reading.trainer.partition(" ")[0].lower() if run.reading else ""
