"""Which files of settings the example scripts of transformers read, where they are not here."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

SETTINGS = {
    "a.json": '{"do_train": true, "output_dir": "o", "learning_rate": 2e-5, "max_steps": 9}',
    "slip.json": '{"do_train": true, "output_dir": "o", "warmup_step": 5, "max_steps": 9}',
    "a.yaml": "do_train: true\noutput_dir: o\nmax_steps: 9\n",
}
ALONE = "only as its one word"


def planned(tmp_path, line):
    for name, text in SETTINGS.items():
        write(tmp_path / name, text)
    return run(tmp_path, "plan", "--args", line)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("python run_glue.py a.json", id="alone"),
        pytest.param("torchrun --nproc_per_node 2 run_clm.py a.json", id="torchrun"),
        pytest.param("deepspeed --no_local_rank --num_gpus 2 run_clm.py a.json", id="no word of deepspeed"),
        pytest.param("python run_glue.py --do_train --output_dir o --max_steps 9 --deepspeed", id="options"),
        pytest.param("python run_glue.py --do_train --max_steps 9 --config_name a.json", id="a model's"),
    ],
)
def test_its_one_word_is_read_and_options_are(tmp_path, line):
    done = planned(tmp_path, line)
    assert (done.returncode, "= 9" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            "run_glue.py a.json --learning_rate 1e-5", f"a.json {ALONE}: beside --learning_rate", id="1"
        ),
        pytest.param("run_glue.py --do_train --task_name x a.json", ALONE, id="behind an option"),
        pytest.param("run_glue.py a.json slip.json", f"{ALONE}: beside 'slip.json'", id="two files"),
        pytest.param("run_glue.py a.yaml", "reads JSON alone", id="YAML"),
        pytest.param("run_glue.py --config a.yaml", "has no --config", id="--config"),
        pytest.param("run_xnli.py a.json", "reads no file of settings", id="options alone"),
        pytest.param("slip.json", "did you mean warmup_steps", id="a slip"),
    ],
)
def test_what_its_parser_stops_at_is_refused(tmp_path, line, said):
    done = planned(tmp_path, f"python {line}" if ".py" in line else f"python run_glue.py {line}")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("launcher", ["deepspeed --num_gpus 2", "python -m torch.distributed.launch"])
def test_a_launcher_that_hands_it_a_word_stops_it(tmp_path, launcher):
    done = planned(tmp_path, f"{launcher} run_glue.py a.json")
    assert (done.returncode, "hands it --local_rank" in done.stderr) == (2, True), done.stderr
