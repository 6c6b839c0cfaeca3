"""A bare number in a framework's own parameter means what it means there, fractions too."""

import numpy as np
import pytest

import lrviz

WARMUP = "start_factor=1e-5,begin=0,by_epoch=true,convert_to_iter_based=true"
COSINE = "CosineAnnealingLR(eta_min=0,by_epoch=true,convert_to_iter_based=true"
EPOCHS_OF_20 = lrviz.Plan(steps_per_epoch=20, epochs=30)

# The values of mmengine 0.10.7 and timm 1.0.31.
RECORDED = [
    pytest.param(
        f"list:param_scheduler=LinearLR({WARMUP},end=0.9),{COSINE},begin=0.9,end=30),lr=2e-4",
        EPOCHS_OF_20,
        {0: 2e-9, 5: 5.882494117647059e-05, 18: 2e-4, 300: 0.00010485622221144479, 599: 1.456876459360322e-9},
        id="mmengine-number",
    ),
    pytest.param(
        f"list:param_scheduler=LinearLR({WARMUP},end=0.9ep),{COSINE},begin=0.9ep,end=30),lr=2e-4",
        EPOCHS_OF_20,
        {0: 2e-9, 5: 5.882494117647059e-05, 18: 2e-4, 300: 0.00010485622221144479, 599: 1.456876459360322e-9},
        id="mmengine-epochs",
    ),
    pytest.param(
        f"list:param_scheduler=LinearLR({WARMUP},end=0.1),{COSINE},begin=0.1,T_max=3,end=1),lr=2e-4",
        lrviz.Plan(steps_per_epoch=20, epochs=3),
        {0: 2e-9, 2: 2e-4, 10: 0.00019135454576426012, 59: 0.00016293203910498378},
        id="mmengine-of-a-short-run",
    ),
    pytest.param(
        "timm.create_scheduler_v2:num_epochs=20,warmup_epochs=0.5,warmup_lr=1e-6,lr=0.016",
        lrviz.Plan(steps_per_epoch=1, epochs=20),
        {0: 1e-6, 1: 0.0159015067247611, 10: 0.008, 19: 9.849327523889872e-05},
        id="timm",
    ),
]


@pytest.mark.parametrize(("text", "plan", "recorded"), RECORDED)
def test_a_part_of_an_epoch(text, plan, recorded):
    curve = lrviz.evaluate(text, plan)
    np.testing.assert_allclose(curve.lr[list(recorded)], list(recorded.values()), rtol=0, atol=1e-12 * 0.016)


@pytest.mark.parametrize(
    ("text", "name", "params"),
    [
        pytest.param("T_max=12.5", "torch.CosineAnnealingLR", {"T_max": 12.5}, id="a fraction"),
        pytest.param("T_max=0.5", "torch.CosineAnnealingLR", {"T_max": 0.5}, id="below 1"),
        pytest.param("step_size=1.5", "torch.StepLR", {"step_size": 1.5}, id="between 1 and 2"),
        pytest.param("step_size=1e1", "torch.StepLR", {"step_size": 10}, id="whole, with an exponent"),
    ],
)
def test_a_word_means_what_python_means(text, name, params):
    curve = lrviz.evaluate(f"{name}:{text},lr=0.1", lrviz.Plan(steps=40))
    np.testing.assert_array_equal(curve.lr, lrviz.schedule(name, params, lr=0.1)(np.arange(40)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("torch.OneCycleLR:max_lr=1,total_steps=0.5", "whole number", id="below 1"),
        pytest.param("torch.CosineAnnealingWarmRestarts:T_0=12.5,lr=1", "whole number", id="above 1"),
    ],
)
def test_what_the_framework_takes_whole_is_whole(text, message):
    with pytest.raises(lrviz.ScheduleError, match=message):
        lrviz.evaluate(text, lrviz.Plan(steps=40))


def test_the_length_of_one_cycle_is_not_that_of_a_run_said_elsewhere():
    text = "torch.OneCycleLR:max_lr=1e-3,steps_per_epoch=128,epochs=3"
    curve = lrviz.evaluate(text, lrviz.Plan(dataset_len=1024, batch_size=8, grad_accum=4, epochs=3))
    assert len(curve) == 96
    assert curve.lr[95] == pytest.approx(0.0009345874457135278, rel=1e-12)
