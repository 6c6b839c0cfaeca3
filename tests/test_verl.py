"""What verl's run is bounded by, and what is said of its critic."""

from __future__ import annotations

import pytest
from commands import run

PPO = "verl.trainer.main_ppo data.train_batch_size=512 actor_rollout_ref.actor.ppo_mini_batch_size=128"
SFT = "verl.trainer.sft_trainer data.train_batch_size=64"
MEGATRON = "critic.optim.lr_decay_style=cosine actor_rollout_ref.actor.strategy=megatron"


@pytest.mark.parametrize(
    ("line", "options", "said"),
    [
        pytest.param(f"{PPO} trainer.total_epochs=10", [], "total_epochs=10 of the data", id="the epochs"),
        pytest.param(PPO, [], "total_epochs=30 of the data", id="those of the default"),
        pytest.param(f"{SFT} trainer.total_epochs=3", [], "total_epochs=3 of the data", id="of an SFT"),
        pytest.param(f"{PPO} trainer.total_epochs=10", ["--dataset-len", "17398"], "", id="known rows"),
    ],
)
def test_epochs_that_may_end_a_run_before_its_steps_are_said(tmp_path, line, options, said):
    command = ["python", "-m", *line.split(), "trainer.total_training_steps=400"]
    done = run(tmp_path, "plan", *options, "--", *command)
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr
    assert ("of the data have as many steps" in done.stderr) is bool(said)
    assert ("min(330, 400)" in done.stdout) is not bool(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("", "its own: constant, lr 1e-5\n", id="by default"),
        pytest.param("critic.optim.lr_warmup_steps=20", "lr 1e-5, a warmup of 20 steps\n", id="steps"),
        pytest.param(
            "critic.optim.lr_warmup_steps_ratio=0.1", "a warmup of 0.1 of its steps\n", id="a share"
        ),
        pytest.param(MEGATRON, "its own: cosine, lr 1e-5\n", id="Megatron's name of the style"),
    ],
)
def test_the_schedule_of_the_critic_is_said(tmp_path, words, said):
    line = f"{PPO} trainer.total_training_steps=400 {words}"
    done = run(tmp_path, "plan", "--", "python", "-m", *line.split())
    assert said in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("line", "words", "said"),
    [
        pytest.param(PPO, "resume_mode=atuo", "atuo is none of auto, disable, resume_path", id="misspelt"),
        pytest.param(SFT, "resume_mode=never", "never is none of auto", id="of no mode"),
        pytest.param(
            PPO, "resume_mode=resume_path", "takes a resume_from_path with global_step_", id="no path"
        ),
        pytest.param(
            PPO,
            "resume_mode=resume_path trainer.resume_from_path=runs/10",
            "takes a resume_from_path with global_step_",
            id="a path without its step",
        ),
        pytest.param(
            PPO, "resume_mode=resume_path trainer.resume_from_path=runs/global_step_10", "", id="a path"
        ),
        pytest.param(PPO, "resume_mode=disable", "", id="none"),
    ],
)
def test_how_verl_goes_on_from_a_checkpoint_is_one_of_its_modes(tmp_path, line, words, said):
    done = run(
        tmp_path, "plan", "--args", f"python -m {line} trainer.total_training_steps=40 trainer.{words}"
    )
    assert (done.returncode, said in done.stderr) == (2 * bool(said), True), done.stderr
