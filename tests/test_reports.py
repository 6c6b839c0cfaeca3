"""Runs that people reported: what ruined them is told, and nothing of those that were right."""

from __future__ import annotations

import shlex

import pytest
from configs import write
from found import alarms_in, found_in

METRICS = {
    "pat.csv": ("loss", [1.0 + 0.1 * i for i in range(8)]),
    "acc.csv": ("accuracy", [0.3, 0.42, 0.51, 0.58, 0.63, 0.66, 0.68, 0.7, 0.71, 0.715, 0.718, 0.72]),
    "neg.csv": ("loss", [-1.0 + 0.05 * i for i in range(8)]),
}
KERAS = "--dataset-len 1000 --batch-size 32 --epochs 50"
RIGHT = [
    pytest.param(
        "megatron.OptimizerParamScheduler:min_lr=3e-5,lr_warmup_steps=51200,lr_decay_steps=972800,"
        "lr_decay_style=cosine,increment=1024 --steps 1000 --lr 3e-4",
        set(),
        id="flat at the end",
    ),
    pytest.param(
        "plateau:patience=1,factor=0.5 --metric constant --warmup 3 --steps 12 --lr 0.1",
        set(),
        id="plateau behind a ramp",
    ),
    *(
        pytest.param(
            f"torch.ReduceLROnPlateau:patience={patience},factor=0.5 --metrics pat.csv:loss --steps 8",
            set(),
            id=f"patience {patience}",
        )
        for patience in range(3)
    ),
    pytest.param(
        "torch.SequentialLR:schedulers=[ConstantLR(factor=0.5,total_iters=3),ConstantLR(factor=0.3,"
        "total_iters=4)],milestones=3 --steps 10 --lr 1",
        set(),
        id="two constants",
    ),
    pytest.param(
        "phases:phase=constant(for=10ep),torch.CosineAnnealingLR(T_max=195,interval=epoch) "
        "--steps-per-epoch 5 --epochs 40 --lr 3e-4",
        {"ends-high"},
        id="a cosine of which a part is seen, which was the question",
    ),
    pytest.param(
        "torch.LinearLR:start_factor=0.1,end_factor=1.0,total_iters=100 --steps 100 --lr 5e-4",
        set(),
        id="a rise that is asked for",
    ),
    pytest.param(
        "phases:phase=cosine_with_min_lr(min_lr_rate=0.1,num_warmup_steps=10,until=160),constant(lr=2e-5) "
        "--steps 200 --lr 2e-4",
        set(),
        id="a constant behind a decay",
    ),
    pytest.param(
        "keras.PolynomialDecay:initial_learning_rate=0.1,decay_steps=10,end_learning_rate=0.01,power=0.5,"
        "cycle=true --steps 35",
        set(),
        id="cycles",
    ),
    pytest.param(
        "keras.ExponentialDecay:initial_learning_rate=1e-3,decay_steps=10ep,decay_rate=0.9,staircase=true "
        f"{KERAS}",
        set(),
        id="stairs",
    ),
    pytest.param(
        "keras.ExponentialDecay:decay_steps=136500,decay_rate=0.1,staircase=true --dataset-len 50000 "
        "--batch-size 128 --world-size 4 --epochs 1000 --lr 0.1",
        {"flat-line"},
        id="a decay four times too late, which was the question",
    ),
    pytest.param(
        "optax.cosine_onecycle_schedule:transition_steps=3,peak_value=0.0367,pct_start=0.2,div_factor=4480,"
        "final_div_factor=3599 --steps 5",
        set(),
        id="three steps",
    ),
    pytest.param(
        "optax.warmup_cosine_decay_schedule:init_value=0,peak_value=1e-3,warmup_steps=500,decay_steps=1000,"
        "end_value=1e-4 --steps 1000",
        set(),
        id="a warmup within the decay",
    ),
    pytest.param(
        "optax.piecewise_interpolate_schedule:interpolate_type=linear,init_value=1.0,"
        "boundaries_and_scales=10:0.5,20:0.5,30:2.0 --steps 40",
        set(),
        id="scales that accumulate",
    ),
    pytest.param(
        "deepspeed.WarmupLR:warmup_min_lr=0,warmup_max_lr=1e-4,warmup_num_steps=10,warmup_type=linear "
        "--steps 20 --lr 1e-4",
        set(),
        id="two updates at 0",
    ),
    pytest.param(
        "'lambda:lr_lambda=min(1,(epoch+1)/5)*0.5*(1+cos(pi*epoch/23))' --steps 23 --lr 0.05",
        set(),
        id="a warmup as a factor",
    ),
    pytest.param(
        "'lambda:lr_lambda=(1-0.99**(epoch+1))*(1+epoch/20000)**-0.5' --steps 1000 --lr 5e-4",
        set(),
        id="a formula",
    ),
    pytest.param(
        "torch.CyclicLR:base_lr=1e-5,max_lr=8e-4,step_size_up=5,mode=triangular2 --steps 100",
        set(),
        id="cycles that shrink",
    ),
    pytest.param(
        "torch.CosineAnnealingLR:T_max=95 --warmup 5 --steps 100 --lr 0.1", set(), id="a ramp in front"
    ),
    pytest.param(
        "keras.CosineDecay:initial_learning_rate=0.001,decay_steps=100,alpha=0.1,warmup_target=0.01,"
        "warmup_steps=20 --steps 120",
        set(),
        id="a floor of a tenth",
    ),
]


@pytest.mark.parametrize(("line", "alarms"), RIGHT)
def test_what_is_right_raises_no_alarm(line, alarms, tmp_path):
    write_metrics(tmp_path)
    assert alarms_in(tmp_path, *shlex.split(line)) == alarms


def write_metrics(folder):
    for name, (column, values) in METRICS.items():
        write(folder / name, f"step,{column}\n" + "".join(f"{i},{x}\n" for i, x in enumerate(values)))


RUINED = [
    pytest.param(
        "polynomial:power=2,num_warmup_steps=100,num_training_steps=100 --steps 100 --lr 0.01",
        "last-step-raises",
        id="a warmup of the whole run divides by 0",
    ),
    pytest.param("torch.OneCycleLR:max_lr=0.1,total_steps=49 --steps 50", "last-step-raises", id="one short"),
    pytest.param(
        "torch.OneCycleLR:max_lr=1e-3,steps_per_epoch=31,epochs=3 --dataset-len 1003 --batch-size 16 "
        "--world-size 2 --epochs 3",
        "stops",
        id="batches rounded down by hand",
    ),
    pytest.param(
        "torch.OneCycleLR:max_lr=1e-3,steps_per_epoch=128,epochs=3 --dataset-len 1024 --batch-size 8 "
        "--grad-accum 4 --epochs 3",
        "warmup-fills-run",
        id="batches for updates",
    ),
    pytest.param(
        "'lambda:lr_lambda=cos(99*pi*epoch/(200*19))' --steps 60 --lr 1e-3",
        "below-zero",
        id="a cosine past 0",
    ),
    pytest.param(
        "torch.ReduceLROnPlateau:factor=0.1,threshold=0.1,patience=0 --metrics neg.csv:loss --steps 8",
        "relative-threshold",
        id="a loss below 0",
    ),
    pytest.param(
        "torch.ReduceLROnPlateau:patience=2,factor=0.2 --metrics acc.csv:accuracy --steps 12",
        "metric-wrong-way",
        id="an accuracy under mode=min",
    ),
    pytest.param(
        "linear:num_warmup_steps=4000,num_training_steps=200000 --dataset-len 6400 --batch-size 8 "
        "--epochs 50 --trainer lightning",
        "starts-at-zero",
        id="a warmup of 4000 epochs",
    ),
    pytest.param(
        "linear:num_training_steps=100,num_warmup_steps=10 --steps 100 --trainer accelerate --world-size 2",
        "zero-lr",
        id="called twice per update",
    ),
    pytest.param(
        "linear --warmup 10 --steps 100 --trainer accelerate --world-size 2",
        "script-passes",
        id="drawn as if it were repaired",
    ),
    pytest.param(
        "wsd:num_stable_steps=50,num_decay_steps=20 --warmup 10 --steps 100",
        "zero-lr",
        id="stages that do not fill the run",
    ),
    pytest.param(
        "polynomial:power=1e-7,lr_end=1e-7 --warmup 6 --steps 100", "flat-line", id="a power next to 0"
    ),
    pytest.param(
        "torch.MultiStepLR:milestones=[210000,250000] --steps 2000 --warmup 100 --warmup-mode over",
        "flat-line",
        id="flat behind a ramp",
    ),
    pytest.param(
        "torch.MultiStepLR:milestones=[100,500,800,900,950],gamma=0.5 --steps 450",
        "drop-behind-end",
        id="milestones of a longer run",
    ),
    pytest.param(
        "yolo:epochs=20,param_group=bias --steps-per-epoch 10 --lr 0.01", "warmup-falls", id="biases"
    ),
    pytest.param(
        "yolo:epochs=20 --steps-per-epoch 10 --lr 0.01", "never-reaches-lr", id="a decay under the warmup"
    ),
    pytest.param(
        "list:param_scheduler=[CosineAnnealingLR(T_max=8,eta_min=0.01,begin=0,end=8,by_epoch=true,"
        "convert_to_iter_based=true)] --steps-per-epoch 10 --epochs 20 --lr 1e-4,1e-5",
        "floor-above-lr",
        id="a floor above the LR",
    ),
    pytest.param(
        "list:param_scheduler=[CosineAnnealingLR(T_max=8,eta_min=0.01,begin=0,end=8,by_epoch=true,"
        "convert_to_iter_based=true)] --steps-per-epoch 10 --epochs 20 --lr 1e-4,1e-5",
        "group-ratio",
        id="one floor for all groups",
    ),
    pytest.param(
        "deepspeed.OneCycle:cycle_min_lr=1e-4,cycle_max_lr=1e-3,cycle_first_step_size=5,cycle_min_mom=0.85,"
        "cycle_max_mom=0.99,decay_mom_rate=0.01,decay_step_size=2 --steps 40 --optimizer adam",
        "momentum-out-of-range",
        id="a beta1 above 1",
    ),
    pytest.param(
        "keras.CosineDecay:initial_learning_rate=0.01,decay_steps=100,warmup_target=0.001,warmup_steps=20 "
        "--steps 120",
        "warmup-falls",
        id="a warmup that falls",
    ),
    pytest.param(
        "keras.PolynomialDecay:initial_learning_rate=0.001,decay_steps=100,end_learning_rate=0.01 "
        "--steps 120",
        "decay-rises",
        id="a decay that rises",
    ),
    pytest.param(
        "list:param_scheduler=[LinearLR(start_factor=0.001,begin=0,end=500,by_epoch=false),MultiStepLR("
        "begin=0,end=210,milestones=[170,200],gamma=0.1,by_epoch=true)] --steps-per-epoch 2 --epochs 210",
        "never-reaches-lr",
        id="a milestone inside the warmup",
    ),
    pytest.param(
        "torch.SequentialLR:schedulers=[LinearLR(start_factor=0.1,total_iters=5),CosineAnnealingLR(T_max=900)],"
        "milestones=[5] --steps 100",
        "ends-high",
        id="a member told another length",
    ),
    pytest.param(
        "torch.CosineAnnealingWarmRestarts:T_0=300 --steps 100", "cycle-cut", id="a cycle longer than the run"
    ),
    pytest.param(
        "torch.CosineAnnealingWarmRestarts:T_0=99 --steps 100", "cycle-cut", id="a restart at the end"
    ),
    pytest.param(
        "torch.OneCycleLR:max_lr=0.1,total_steps=49,anneal_strategy=linear --steps 50",
        "below-zero",
        id="a straight line one step too long",
    ),
    pytest.param(
        f"keras.ExponentialDecay:decay_steps=10,decay_rate=0.9,staircase=true {KERAS}",
        "vanishes",
        id="epochs for updates",
    ),
    pytest.param("torch.StepLR:step_size=30 --steps 4000", "vanishes", id="a drop every 30 epochs"),
]


@pytest.mark.parametrize(("line", "kind"), RUINED)
def test_what_ruins_a_run_is_told(line, kind, tmp_path):
    write_metrics(tmp_path)
    assert kind in {found for found, _ in found_in(tmp_path, *shlex.split(line))}
