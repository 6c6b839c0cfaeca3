"""Keys at which a trainer surely stops: of another program of it, or of no table of its own."""

from __future__ import annotations

import pytest
from commands import run

OF_SFT, OF_PPO = (
    "verl.trainer.sft_trainer data.train_batch_size=9",
    "verl.trainer.main_ppo algorithm.adv_estimator=grpo",
)
ACTOR = "actor_rollout_ref.actor.optim"


@pytest.mark.parametrize(
    ("words", "key", "meant"),
    [
        pytest.param(OF_SFT, "optim.warmup_steps_ratio", "optim.lr_warmup_steps_ratio", id="of before"),
        pytest.param(OF_SFT, "optim.lr_scheduler", "optim.lr_scheduler_type", id="of another trainer"),
        pytest.param(OF_PPO, f"{ACTOR}.lr_decay_style", "", id="of another backend"),
        pytest.param(f"{OF_PPO} model_engine=veomni", f"{ACTOR}.min_lr_ratio", "", id="of the default one"),
        pytest.param(OF_PPO, "trainer.v1.trainer_mod", "trainer.v1.trainer_mode", id="in a table of tables"),
    ],
)
def test_a_key_of_another_program_of_its_trainer_stops_it(tmp_path, words, key, meant):
    length = ["--dataset-len", "9000", "--world-size", "1"]
    done = run(tmp_path, "plan", *length, "--args", f"python -m {words} {key}=1")
    asked = f": did you mean {meant}?" if meant else ""
    assert done.returncode == 2
    assert f"{key} is no setting of verl 0.9.1, which stops at it unless a + adds it{asked}\n" in done.stderr
