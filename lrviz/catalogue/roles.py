"""What a parameter of a schedule means to a run: its role, by annotation."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any


class Role(Enum):
    """What a parameter means to a run."""

    BASE_LR = "peak LR"
    FLOOR = "lowest LR"
    FLOOR_RATE = "lowest LR as a share of the peak"
    WARMUP = "warmup steps"
    WARMUP_FRACTION = "warmup as a fraction of the run"
    WARMUP_EPOCHS = "warmup in epochs"
    WARMUP_START = "first LR of the warmup"
    TOTAL = "run length"
    TOTAL_FACTOR = "factor of the run length"
    TICKS = "ticks"
    LR = "LR"
    FACTOR = "factor"
    GROUP_SCALE = "scale of the group"
    NUMBER = "number"
    SCALES = "scales at boundaries"
    POINTS = "LRs at steps"
    CHOICE = "choice"
    FUNCTION = "function"
    SCHEDULES = "schedules"
    PHASES = "phases"
    BY_EPOCH = "counts epochs"
    IN_FRONT = "its length leaves the warmup out"
    BY_STEP = "counts steps, its parameters epochs"
    ON_EPOCHS = "counts epochs or steps, its parameters epochs"
    EPOCH_STEPS = "steps in an epoch"
    RUN_EPOCHS = "epochs in the run"
    SAMPLES = "samples in a step"
    BATCH_SAMPLES = "samples in a batch"
    ACCUMULATION = "batches in a step"
    RUN_TIME = "duration of the run"


BaseLR = Annotated[float, Role.BASE_LR]
BaseLRs = Annotated[float | tuple[float, ...], Role.BASE_LR]
Floor = Annotated[float, Role.FLOOR]
Floors = Annotated[float | tuple[float, ...], Role.FLOOR]
FloorRate = Annotated[float, Role.FLOOR_RATE]
Warmup = Annotated[float, Role.WARMUP]
WarmupFraction = Annotated[float, Role.WARMUP_FRACTION]
WarmupEpochs = Annotated[float, Role.WARMUP_EPOCHS]
WarmupStart = Annotated[float, Role.WARMUP_START]
Total = Annotated[float, Role.TOTAL]
Ticks = Annotated[float, Role.TICKS]
WholeTotal = Annotated[int, Role.TOTAL]
WholeTotalFactor = Annotated[int, Role.TOTAL_FACTOR]
WholeTicks = Annotated[int, Role.TICKS]
WholeWarmup = Annotated[int, Role.WARMUP]
LR = Annotated[float, Role.LR]
Factor = Annotated[float, Role.FACTOR]
Number = Annotated[float, Role.NUMBER]
WholeCount = Annotated[int, Role.NUMBER]
Text = Annotated[str, Role.CHOICE]
Scales = Annotated[Mapping[float, float], Role.SCALES]
Points = Annotated[Mapping[float, float], Role.POINTS]
PerGroup = Annotated[float | tuple[float, ...], Role.LR]
FactorPerGroup = Annotated[float | tuple[float, ...], Role.FACTOR]
GroupScale = Annotated[float | tuple[float, ...], Role.GROUP_SCALE]
Function = Annotated[Any, Role.FUNCTION]
Schedules = Annotated[tuple[Any, ...], Role.SCHEDULES]
Phases = Annotated[tuple[Any, ...], Role.PHASES]
ByEpoch = Annotated[bool, Role.BY_EPOCH]
InFront = Annotated[bool, Role.IN_FRONT]
ByStep = Annotated[bool, Role.BY_STEP]
OnEpochs = Annotated[bool, Role.ON_EPOCHS]
EpochSteps = Annotated[int, Role.EPOCH_STEPS]
RunEpochs = Annotated[float, Role.RUN_EPOCHS]
Samples = Annotated[int, Role.SAMPLES]
BatchSamples = Annotated[int, Role.BATCH_SAMPLES]
RunTime = Annotated[str, Role.RUN_TIME]
RunTicks = Annotated[float, Role.RUN_TIME]
Time = Annotated[str, Role.TICKS]
WarmupTime = Annotated[str, Role.WARMUP]
