"""What frameworks do to the LR when a scheduler is built anew and a checkpoint is loaded into it.

The one table of it. As trainers do, optimizer and scheduler are built first, then the optimizer's state is
loaded, then the scheduler's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.catalogue.names import find
from lrviz.catalogue.own_schedule import OwnEntry
from lrviz.errors import SpecError
from lrviz.resumption.left_out import without_left_out
from lrviz.resumption.megatron import KEPT, PLAIN, SWITCHED, rule_by_switches
from lrviz.resumption.resume_rule import Rule, of_state, of_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.resolve.resolved import Resolved


EPOCHS_LEFT = frozenset(("keras", "lightning"))
"""Whoever trains the epochs that are left by a schedule that counts steps."""

_OF_SPEECHBRAIN = "load() has every value, speechbrain 1.1.2"
_LAMBDA = "LambdaLR stores base LRs and no function, torch 2.13.0"
_TORCH = "LRScheduler.load_state_dict, torch 2.13.0"

RULES: Mapping[str, Rule] = {
    "torch": of_state(_TORCH),
    "torch.LambdaLR": Rule(_LAMBDA),
    "torch.MultiplicativeLR": Rule("MultiplicativeLR stores no function, torch 2.13.0", later="chained"),
    "transformers": Rule(f"{_LAMBDA}, transformers 5.23.0"),
    "transformers.reduce_lr_on_plateau": of_state(_TORCH),
    "transformers.greedy": of_state("GreedyLR.load_state_dict, transformers 5.23.0"),
    "diffusers": Rule(f"{_LAMBDA}, diffusers 0.42.1"),
    "axolotl": Rule(f"{_LAMBDA}, axolotl 0.19.0"),
    "axolotl.RexLR": of_state(f"{_TORCH}, axolotl 0.19.0"),
    "composer": Rule(f"{_LAMBDA}, composer 0.32.1"),
    "llmfoundry": Rule(f"{_LAMBDA}, composer 0.32.1, llm-foundry 0.22.0"),
    "fvcore": Rule("LRMultiplier.state_dict has base LRs and the step, fvcore 0.1.5"),
    "deepspeed": Rule("state_dict is last_batch_iteration alone, deepspeed 0.19.8", base="new"),
    "torchtitan": Rule("LRSchedulersContainer.state_dict is last_epoch alone, torchtitan 0.3.0", base="new"),
    "speechbrain": Rule("load() has n_steps alone, speechbrain 1.1.2", base="new"),
    "speechbrain.LinearWarmupScheduler": of_state(_OF_SPEECHBRAIN),
    "speechbrain.TriStageLRSchedule": of_state(_OF_SPEECHBRAIN),
    "speechbrain.WarmAndExpDecayLRSchedule": of_state(_OF_SPEECHBRAIN),
    "speechbrain.WarmCoolDecayLRSchedule": of_state(_OF_SPEECHBRAIN),
    "mmengine": of_state("_ParamScheduler.load_state_dict, mmengine 0.10.7"),
    "nemo": of_state(f"{_TORCH}, NeMo 3.0.0"),
    "espnet": of_state(f"{_TORCH}, espnet 202511"),
    "timm": of_state("Scheduler.load_state_dict, timm 1.0.31"),
    "fairseq": of_step("Trainer.load_checkpoint calls set_num_updates, fairseq 0.12.2"),
    "fastai": of_step("ParamScheduler by parts of the epochs, fastai 2.8.12", place="epoch"),
    "open_clip": of_step("assign_learning_rate by epoch and batch, open_clip 3.3.0", place="epoch"),
    "mae": of_step("adjust_learning_rate by parts of an epoch, mae efb2a80", place="epoch"),
    "dinov2": of_step("an array by iteration, dinov2 b8931f7"),
    "olmo": of_step("Trainer sets the LR at each step, OLMo 0.6.0"),
    "olmo_core": of_step("Scheduler.set_lr at each step, on its own initial_lr, OLMo-core 3.0.0"),
    "optax": of_step("a function of the restored count, optax 0.2.8"),
    "levanter": of_step("a function of the restored count, optax, levanter 1.2"),
    "keras": of_step("a function of the iterations that load_weights restores, keras 3.15.1"),
    "megatron": KEPT,
    "own": Rule("its own load_state_dict, run here", later="run", base="new"),
}
"""By framework, or by schedule where one differs from the others."""

_OF_VERL = "without use_checkpoint_opt_param_scheduler its Megatron backend begins anew, verl 0.9.0"
"""What is known of it; its other backends that count so were not looked up."""
OF_FUNCTION = of_step("your own function of the step, which has no state")

OF_TRAINERS: Mapping[str, Rule] = {
    "timm": of_step("train.py steps a new scheduler to its epoch, timm 1.0.31", base="old", place="epoch"),
    "nanogpt": of_step("get_lr(it) in train.py, nanoGPT 3adf61e1"),
    "torchtune": of_step("the recipes build it with last_epoch=global_step - 1, torchtune 0.6.1", base="old"),
    "nanochat": of_step(
        "base_train.py multiplies the initial_lr that is loaded, nanochat 92d63d4", base="old"
    ),
    "onetrainer": of_step("create_lr_scheduler builds it with last_epoch, OneTrainer 2026-08"),
}
"""Of trainers that do not load a scheduler's state, whatever it is."""

NOT_RESUMED: Mapping[str, str] = {
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
        return without_left_out(run, own)
    if isinstance(entry, OwnEntry) and not entry.has_state(run.params):
        return OF_FUNCTION
    why = next((NOT_RESUMED[name] for name in (_reader(run), schedule, framework) if name in NOT_RESUMED), "")
    if framework == "megatron" and _reader(run) not in (*PLAIN, *SWITCHED):
        why = why or _OF_VERL
    if why:
        text = f"what a resume makes of {schedule} is not known: {why}"
        raise SpecError(text, hint="show old and new side by side, without --resume-at and --resume")
    if framework == "megatron":
        return rule_by_switches(run, _reader(run))
    return without_left_out(run, RULES.get(schedule) or RULES[framework])


def _rule_of_trainer(run: Resolved, framework: str) -> Rule | None:
    """That of a trainer which loads no state; other trainers load that of timm's schedulers."""
    names = {run.plan.trainer, _reader(run), framework} & OF_TRAINERS.keys()
    if "timm" in names and (framework != "timm" or "timm" not in (run.plan.trainer, _reader(run))):
        names -= {"timm"}
    return OF_TRAINERS[min(names)] if names else None


def counts_epochs(run: Resolved) -> bool:
    """Whether its trainer trains the epochs that are left, however many steps the ones before had."""
    framework = find(run.schedule.id).framework.name
    return rule_of(run).place == "epoch" or not EPOCHS_LEFT.isdisjoint(
        (run.plan.trainer, _reader(run), framework)
    )


def _reader(run: Resolved) -> str:
    """The trainer whose file the run is of."""
    return run.reading.trainer.partition(" ")[0].lower() if run.reading else ""
