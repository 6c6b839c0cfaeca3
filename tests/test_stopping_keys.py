"""Keys at which a trainer surely stops: of another program of it, or of no table of its own."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

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


NEMO = """model:
  train_ds: {batch_size: 4}
  optim:
    lr: 1.0
    sched: {name: CosineAnnealing, warmup_steps: 2}
trainer: {max_steps: 9, limit: null}
"""
FOUNDRY = """max_duration: 9ba
optimizer: {lr: 1.0}
scheduler: {name: cosine_with_warmup, t_warmup: 2ba}
train_loader: {name: text}
"""
NEMO_2 = """trainer: {max_steps: 9, strategy: {_target_: nemo.lightning.MegatronStrategy}}
optim:
  config: {lr: 1.0}
  lr_scheduler: {_target_: nemo.lightning.pytorch.optim.CosineAnnealingScheduler, warmup_steps: 2"""
HYDRA = "python t.py --config-path=. --config-name=a"
OF_HYDRA = "is not in a.yaml: hydra stops at it unless a + adds it"


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        pytest.param(
            NEMO,
            f"{HYDRA} trainer.max_step=5",
            f"trainer.max_step {OF_HYDRA}: did you mean trainer.max_steps?",
            id="misspelt",
        ),
        pytest.param(NEMO, f"{HYDRA} trainer.devices=2", f"trainer.devices {OF_HYDRA}", id="not in the file"),
        pytest.param(NEMO, f"{HYDRA} +trainer.devices=2", "", id="added"),
        pytest.param(NEMO, f"{HYDRA} trainer.limit.x=2 hydra.job.name=a", "", id="in null, or hydra's"),
        pytest.param(f"defaults: [net: big]\n{NEMO}", f"{HYDRA} net.size=2", "", id="of a file not here"),
        pytest.param(
            NEMO.replace("warmup_s", "warmup_t"),
            "",
            "model.optim.sched.warmup_tteps is no setting of nemo_toolkit 3.0.0, which stops at it:"
            " did you mean model.optim.sched.warmup_steps?",
            id="of a constructor",
        ),
        pytest.param(
            f"{FOUNDRY}evl_interval: 3\n",
            "",
            "evl_interval is no setting of llm-foundry 0.22.0, which stops at it: did you mean eval_interval",
            id="of a dataclass",
        ),
        pytest.param(f"variables: {{a: 1}}\n{FOUNDRY}", "", "", id="of a table for others"),
        pytest.param(
            "lr0: 0.01\nlrf: 0.2\nwarmup_bias_lr: 0.1\nwarmup_epoch: 5.0\n",
            "python train.py --hyp a.yaml --weights yolov5s.pt --data d.yaml --epochs 9",
            "the hyp has no warmup_epochs, and there is no default: yolov5 stops",
            id="in the place of one of a hyp",
        ),
        pytest.param(f"{NEMO_2}, interval: epoch}}\n", "", "interval and frequency", id="of epochs, NeMo 2"),
        pytest.param(f"{NEMO_2}, interval: step}}\n", "", "", id="of updates, NeMo 2"),
        pytest.param(
            FOUNDRY, "composer train/train.py a.yaml scheduler.scale_warmup=True", "", id="a switch"
        ),
    ],
)
def test_a_key_of_no_table_that_is_known_whole_stops_it(tmp_path, text, words, said):
    write(tmp_path / "a.yaml", text)
    whose = ["--trainer", "nemo"] if words.startswith(HYDRA) else ["--batches-per-epoch", "9"]
    done = run(tmp_path, "plan", *(["--args", words, *whose] if words else ["a.yaml"]))
    assert (done.returncode, said in done.stderr) == (2 * bool(said), True), done.stderr


@pytest.mark.parametrize(
    ("key", "code", "said"),
    [
        pytest.param('"weight_decy": 0.1', 2, "which stops at it: did you mean weight_decay?", id="misspelt"),
        pytest.param('"jit_compile": true', 2, "jit_compile is no setting", id="of Keras 2"),
        pytest.param('"decay": 0.1', 0, "decay: Keras 3 passes over it", id="passed over"),
        pytest.param('"decay": 0.0', 0, "", id="none"),
        pytest.param('"momentum": 0.9', 0, "", id="of its class"),
        pytest.param('"beta_1": 0.9', 2, "SGD takes no beta_1: Keras stops", id="of another class"),
    ],
)
def test_what_an_optimizer_of_keras_is_made_with_is_known(tmp_path, key, code, said):
    write(tmp_path / "a.json", f'{{"name": "sgd", "learning_rate": 0.1, "use_ema": false, {key}}}')
    done = run(tmp_path, "plan", "a.json", "--steps", "9")
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


@pytest.mark.parametrize(
    ("key", "code", "said"),
    [
        pytest.param("momentum", 2, "a.json:1: Adam takes no momentum: Keras stops", id="of another class"),
        pytest.param("beta_1", 0, "", id="of its own"),
    ],
)
def test_an_optimizer_of_keras_that_says_its_class_may_say_little_else(tmp_path, key, code, said):
    write(tmp_path / "a.json", f'{{"class_name": "Adam", "config": {{"learning_rate": 0.1, "{key}": 0.9}}}}')
    done = run(tmp_path, "plan", "a.json", "--steps", "9")
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


FAIRSEQ = """optimization: {max_update: 9, lr: [0.1]}
task: {_name: a}
optimizer: {_name: adam, weight_decay: 0.1}
lr_scheduler: {_name: cosine, warmup_updates: 2}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("_name: adam", "_name: adm", "fairseq has no optimizer adm", id="an optimizer"),
        pytest.param("_name: adam", "_name: sgd, rho: 1", "", id="of one without a dataclass"),
        pytest.param(
            "weight_decay",
            "momentum",
            "optimizer.momentum is no field of fairseq 0.12.2's adam",
            id="its key",
        ),
        pytest.param(
            "warmup_updates",
            "warmup_steps",
            "a.yaml:4: lr_scheduler.warmup_steps is no field",
            id="of a schedule",
        ),
        pytest.param("max_update", "max_updates", "optimization.max_updates is no setting", id="of a table"),
        pytest.param("lr_scheduler: {", "common: {", "no lr_scheduler: the default", id="no schedule"),
        pytest.param(
            "_name: adam, weight_decay: 0.1",
            "_name: composite, groups: {default: {lr_float: 1, optimizer: {_name: adan}, "
            "lr_scheduler: {_name: fixed}}}",
            "a.yaml:3: fairseq has no optimizer adan",
            id="of a group",
        ),
        pytest.param("_name: adam", "_name: adm}\nx: {user_dir: d", "no optimizer", id="elsewhere"),
        pytest.param("seed: 1", "user_dir: d", "", id="its own code"),
    ],
)
def test_a_class_of_fairseq_and_its_keys_are_its_own(tmp_path, old, new, said):
    write(tmp_path / "a.yaml", FAIRSEQ.replace(old, new))
    done = run(tmp_path, "plan", "a.yaml")
    assert (done.returncode, said in done.stderr) == (2 * bool(said), True), done.stderr


@pytest.mark.parametrize(
    ("line", "way"),
    [
        pytest.param("t.py fit --trainer.max-steps 9", "--trainer.max_steps", id="lightning"),
        pytest.param("litgpt pretrain m --train.max-steps 9", "--train.max_steps", id="litgpt"),
    ],
)
def test_jsonargparse_has_underscores_alone(tmp_path, line, way):
    done = run(tmp_path, "plan", "--args", line)
    assert (done.returncode, f"hint: write {way}" in done.stderr) == (2, True), done.stderr


FACTORY = "llamafactory-cli train --do_train true --model_name_or_path m --output_dir o --num_train_epochs 1"
SWIFT = "swift sft --model m --dataset d --num_train_epochs 1"


@pytest.mark.parametrize(
    ("version", "line", "said"),
    [
        pytest.param("llamafactory", f"{FACTORY} --reserved_label_len 1", "", id="LLaMA-Factory"),
        pytest.param("llamafactory@0.7.1", f"{FACTORY} --reserved_label_len 1", "unread", id="its version"),
        pytest.param(
            "llamafactory@0.9.1", f"{FACTORY} --image_resolution 9", "unread", id="its last version"
        ),
        pytest.param("llamafactory@0.9.2", f"{FACTORY} --image_resolution 9", "", id="the next"),
        pytest.param("ms_swift", f"{SWIFT} --lora_dropout_p 0.1", "", id="ms-swift"),
        pytest.param("ms_swift@2.6.1", f"{SWIFT} --lora_dropout_p 0.1", "unread", id="ms-swift 2"),
        pytest.param(
            "ms_swift@2.6.1", f"{SWIFT} --batch_size 2", "what ms-swift 2 calls per_device", id="its batch"
        ),
        pytest.param(
            "ms_swift", f"{SWIFT} --batch_size 2", "did you mean per_device_train_batch_size?", id="no more"
        ),
    ],
)
def test_a_key_of_versions_before_stops_it(tmp_path, version, line, said):
    done = run(
        *(tmp_path, "plan", "--trainer", version),
        *("--dataset-len", "90", "--world-size", "1", "--args", line),
    )
    if said == "unread":
        assert (done.returncode, "stops at it" in done.stderr) == (0, False), done.stderr
    else:
        key = line.rpartition(" --")[2].partition(" ")[0]
        assert (done.returncode, (said or f"{key} is no setting of") in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("line", [FACTORY, SWIFT, "python run_mlm.py --do_train --output_dir o"])
@pytest.mark.parametrize("steps", ["", " --max_steps 9"])
def test_a_batch_that_may_shrink_is_said(tmp_path, line, steps):
    words = f"{line} --auto_find_batch_size true{steps}"
    done = run(tmp_path, "plan", "--dataset-len", "90", "--world-size", "1", "--args", words)
    assert (done.returncode, "the run has more updates" in done.stderr) == (0, not steps), done.stderr
