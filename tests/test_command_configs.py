"""Commands that say nothing but where their settings stand: whose they are, their file tells."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

SETTINGS = "output_dir: o\nlearning_rate: 2.0e-4\nper_device_train_batch_size: 2\nmax_steps: 9\n"


@pytest.mark.parametrize(
    ("command", "text", "title"),
    [
        pytest.param("python sft.py --config a.yaml", SETTINGS, "trl", id="built on whose file it is"),
        pytest.param(
            "accelerate launch src/grpo.py --config=a.yaml --num_generations 2",
            SETTINGS,
            "trl",
            id="its method",
        ),
        pytest.param(
            "python train_net.py --config-file a.yaml",
            "SOLVER: {MAX_ITER: 9, BASE_LR: 2.0e-4}\n",
            "detectron2",
            id="an option with a dash",
        ),
    ],
)
def test_a_command_is_of_those_who_claim_its_file(tmp_path, command, text, title):
    write(tmp_path / "a.yaml", text)
    done = run(tmp_path, "plan", "--args", command, "--world-size", "1")
    assert (done.returncode, done.stdout.partition(" ")[0]) == (0, title), done.stderr
    assert run(tmp_path, "plan", "--args", command, "--get", "total", "-q").stdout == "9\n"


@pytest.mark.parametrize(
    ("command", "text"),
    [
        pytest.param("python eval.py --config a.yaml", "metric: f1\n", id="nobody's file"),
        pytest.param("python sft.py --settings a.yaml", SETTINGS, id="nobody's option"),
        pytest.param("python sft.py --config b.yaml", SETTINGS, id="not there"),
    ],
)
def test_a_file_that_tells_nothing_leaves_it_unknown(tmp_path, command, text):
    write(tmp_path / "a.yaml", text)
    done = run(tmp_path, "plan", "--args", command)
    assert (done.returncode, "no command of a trainer" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            "train.py --data_path d.json --output_dir o --per_device_train_batch_size 4",
            id="no reference of torchvision",
        ),
        pytest.param("run_clm.py --model_name_or_path gpt2 --do_train --output_dir o", id="the shortest"),
    ],
)
def test_the_trainers_own_options_tell_its_scripts(tmp_path, line):
    done = run(tmp_path, "plan", "--args", f"torchrun --nproc_per_node 4 {line} --max_steps 9")
    assert (done.returncode, done.stdout.partition(" ")[0]) == (0, "transformers"), done.stderr


@pytest.mark.parametrize(
    ("line", "total", "said"),
    [
        pytest.param("", "700", "600", id="what it has set"),
        pytest.param("n = load()", "", "--given SOLVER.STEPS", id="of what nobody knows"),
        pytest.param("own(cfg)", "", "--given SOLVER.STEPS", id="of what may be changed"),
    ],
)
def test_a_script_that_computes_from_its_config_is_computed_or_asked_for(tmp_path, line, total, said):
    write(
        tmp_path / "t.py",
        "from detectron2.config import get_cfg\ncfg = get_cfg()\nn = 100\ncfg.SOLVER.IMS_PER_BATCH = 4\n"
        f"cfg.SOLVER.MAX_ITER = 700\n{line}\n"
        "cfg.SOLVER.STEPS = (int(cfg.SOLVER.MAX_ITER - n * 4 / cfg.SOLVER.IMS_PER_BATCH), 650)\n",
    )
    done = run(tmp_path, "plan", "t.py")
    is_told = total in done.stdout and said in done.stdout + done.stderr
    assert (is_told, done.returncode) == (True, 0 if total else 2), done
    assert "Unknown(" not in done.stderr


MOSAIC = """command: |
  cd llm-foundry/scripts
  composer train/train.py {words}
compute: {{gpus: 4}}
parameters:
  variables: {{size: 64}}
  global_train_batch_size: ${{variables.size}}
  max_duration: 2ep
  optimizer: {{name: decoupled_adamw, lr: 2.0e-4}}
  scheduler: {{name: constant_with_warmup, t_warmup: 10ba}}
  train_loader: {{name: finetuning, dataset: {{packing_ratio: 2.0}}, drop_last: true}}
"""


def test_the_parameters_of_a_run_of_mosaicml_are_the_config_of_its_command(tmp_path):
    write(tmp_path / "run.yaml", MOSAIC.format(words="/mnt/config/parameters.yaml"))
    done = run(tmp_path, "plan", "run.yaml", "--dataset-len", "1300")
    assert done.stdout.startswith("llm-foundry 0"), done.stderr
    assert "compute.gpus" in done.stdout  # 2 * floor(1300 / (64 * 2))
    assert run(tmp_path, "plan", "run.yaml", "--dataset-len", "1300", "--get", "total").stdout == "20\n"


@pytest.mark.parametrize("words", ["a.yaml", "/mnt/config/parameters.yaml max_duration=1ep"])
def test_what_else_the_command_of_such_a_run_trains_by_is_told(tmp_path, words):
    write(tmp_path / "run.yaml", MOSAIC.format(words=words))
    done = run(tmp_path, "plan", "run.yaml", "--dataset-len", "1300")
    assert (done.returncode, f"its command trains by {words}" in done.stderr) == (2, True), done.stderr
