"""Hooks of a project of its own that move the LR in the place of mmengine's schedulers.

Source: mmengine 0.10.7 ``Runner.register_default_hooks``; MMYOLO's ``YOLOv5ParamSchedulerHook`` is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.unknown import Imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.settings import Settings

OWN = "ParamSchedulerHook"
"""The hook that steps the schedulers; one derived from it is called so too."""

_NO_HAND = {
    *("CheckpointHook", "DistSamplerSeedHook", "EMAHook", "EarlyStoppingHook", "EmptyCacheHook"),
    *("IterTimerHook", "LoggerHook", "NPUProfilerHook", "PrepareTTAHook", "ProfilerHook", "RuntimeInfoHook"),
    *("SyncBuffersHook", "CheckInvalidLossHook", "MeanTeacherHook", "MemoryProfilerHook"),
    *("NumClassCheckHook", "PipelineSwitchHook", "SetEpochInfoHook", "SyncNormHook", "YOLOXModeSwitchHook"),
    *("ClassNumCheckHook", "DINOTeacherTempWarmupHook", "DenseCLHook", "PreciseBNHook"),
    *("PrepareProtoBeforeValLoopHook", "SetAdaptiveMarginsHook", "SwAVHook", "SwitchRecipeHook"),
    *("WarmupParamHook", "SwitchToDeployHook", "DatasetInfoHook", "EvaluateChatHook", "HFCheckpointHook"),
    *("ThroughputHook", "VarlenAttnArgsToMessageHubHook"),
}
"""Those of mmengine, mmdet, mmpretrain, mmyolo and xtuner that leave the LR as it is."""
_SHOWS = "VisualizationHook"
_CONSEQUENCES = {"SimSiamHook": "sets the LR of the groups with fix_lr, which is not told here"}
_OWN = "is not read: it may move the LR, or stop the run"

NEAREST = {"YOLOv5ParamSchedulerHook": "ultralytics.BaseTrainer:steps_per_epoch=100"}


def refuse_hooks(run: Settings) -> None:
    """Stop where another hook moves the LR, or none does though there are schedulers; say of others that may.

    Raises:
        ConfigError: one does.

    """
    hooks = run.raw("default_hooks")
    table = hooks if isinstance(hooks, dict) else {}
    stepping = _type_of(table["param_scheduler"]) if "param_scheduler" in table else OWN
    if not stepping and run.raw("param_scheduler"):
        text = "default_hooks.param_scheduler is None: nothing steps the schedulers of param_scheduler"
        run.refuse(text, hint="take param_scheduler out, or default_hooks.param_scheduler")
    for name in (stepping, *_custom(run)):
        if name.endswith(OWN) and name != OWN:
            run.refuse(
                f"{name} moves the LR by rules of its own project, which are not read",
                hint=f"its schedule alone: lrviz show {NEAREST.get(name, 'cosine')} --steps 1000",
            )
    for name in dict.fromkeys((*map(_type_of, table.values()), *_custom(run))):
        if name and name != OWN and name not in _NO_HAND and not name.endswith(_SHOWS):
            run.warn("own-hook", f"the hook {name} {_CONSEQUENCES.get(name, _OWN)}")


def _custom(run: Settings) -> Iterator[str]:
    hooks = run.raw("custom_hooks")
    yield from map(_type_of, hooks if isinstance(hooks, (list, tuple)) else ())


def _type_of(hook: object) -> str:
    """The class of a hook, by its name; nothing where it is taken out."""
    kind = hook.get("type") if isinstance(hook, dict) else None
    name = kind.name if isinstance(kind, Imported) else kind
    return name.rpartition(".")[2] if isinstance(name, str) else ""
