"""The config of DeepSpeed that a Trainer is handed: wherever it stands it is read, or asked for."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

WINS = "deepspeed.WarmupDecayLR"
TABLE = {
    "scheduler": {
        "type": "WarmupDecayLR",
        "params": {"total_num_steps": "auto", "warmup_min_lr": 0, "warmup_max_lr": "auto"},
    }
}
LENGTH = ("--dataset-len", "100", "--world-size", "1")
HEAD = "import json, os\nfrom pathlib import Path\nfrom transformers import Trainer, TrainingArguments\n"
ARGUMENTS = '"o", max_steps=100, warmup_steps=10, learning_rate=1e-4'
LOADED = 'with open("ds.json") as f:\n    ds = json.load(f)\n'


def planned(folder, text, config, *options, at="jobs/ds.json"):
    write(
        folder / "jobs/train.py", f"{HEAD}{text}\nargs = TrainingArguments({ARGUMENTS}, deepspeed={config})\n"
    )
    if at:
        write(folder / at, json.dumps(TABLE))
    return run(folder, "plan", "jobs/train.py", *options)


@pytest.mark.parametrize(
    ("text", "config", "says"),
    [
        pytest.param("", '"ds.json"', "read: jobs/train.py, jobs/ds.json", id="a file"),
        pytest.param(LOADED, "ds", "read: jobs/train.py, jobs/ds.json", id="json.load"),
        pytest.param('ds = json.load(open("ds.json", "r"))', "ds", WINS, id="json.load of an open"),
        pytest.param(
            'with open("ds.json") as f:\n    ds = json.loads(f.read())', "ds", WINS, id="json.loads"
        ),
        pytest.param('ds = json.loads(Path("ds.json").read_text())', "ds", WINS, id="read_text"),
        pytest.param(
            'with Path("ds.json").open() as f:\n    ds = json.load(f)', "ds", WINS, id="a path's open"
        ),
        pytest.param(
            f'{LOADED}ds["scheduler"]["params"]["warmup_type"] = "linear"\n',
            *("ds", "warmup_type=linear"),
            id="a key that is set",
        ),
        pytest.param(
            f'{LOADED}ds.pop("scheduler")', "ds", "transformers.linear", id="a key that is taken out"
        ),
        pytest.param(f'{LOADED}del ds["scheduler"]', "ds", "transformers.linear", id="a key that is deleted"),
        pytest.param(
            f'{LOADED}with open("used.json", "w") as f:\n    json.dump(ds, f)\n', "ds", WINS, id="a copy"
        ),
        pytest.param(
            f'{LOADED}with open("used.json", "w") as f:\n    json.dump(ds, f, indent=2)\n',
            *('"used.json"', WINS),
            id="one that it writes as a whole",
        ),
        pytest.param(
            f'{LOADED}json.dump(ds, open("used.json", "w"))', '"used.json"', WINS, id="written in one line"
        ),
        pytest.param(
            "", 'os.path.join(os.path.dirname(__file__), "ds.json")', "jobs/ds.json", id="os.path.join"
        ),
        pytest.param(
            "",
            'os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "jobs", "ds.json")',
            *("jobs/ds.json",),
            id="os.path.join up and down",
        ),
        pytest.param("", 'str(Path(__file__).resolve().parent / "ds.json")', WINS, id="pathlib"),
        pytest.param("", 'str(Path(__file__).parents[1] / "jobs/ds.json")', WINS, id="pathlib's parents"),
    ],
)
def test_a_config_that_a_script_names_or_loads_is_read(tmp_path, text, config, says):
    done = planned(tmp_path, text, config)
    assert says in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("text", "config", "at", "why"),
    [
        pytest.param("", '"ds.json"', "", "ds.json, which is not here", id="a file that is not here"),
        pytest.param("", "get_config(stage=3)", "", "get_config() in line", id="a call of keywords"),
        pytest.param("", "get_config(3)", "", "get_config() in line", id="a call"),
        pytest.param("from mine import ds", "ds", "", "an import in line", id="an import"),
        pytest.param(LOADED, "ds", "", "ds.json, which is not here", id="json.load of none"),
        pytest.param(f"{LOADED}ds.update(more())", "ds", "jobs/ds.json", "a call in line", id="an update"),
        pytest.param(
            'with open("ds.json", "w") as f:\n    json.dump(make(), f)',
            *('"ds.json"', "jobs/ds.json"),
            "ds.json, which line 4 writes",
            id="one that it writes",
        ),
        pytest.param(
            'if make():\n    json.dump({}, open("ds.json", "w"))',
            *('"ds.json"', "jobs/ds.json"),
            "ds.json, which line 5 writes",
            id="one that it may write",
        ),
        pytest.param(
            "",
            'os.path.join(os.path.dirname(__file__), "ds.json")',
            *("ds.json", "ds.json, which is not here"),
            id="not beside the script",
        ),
    ],
)
def test_a_config_that_cannot_be_read_is_asked_for(tmp_path, text, config, at, why):
    done = planned(tmp_path, text, config, at=at)
    assert (why in done.stderr, done.returncode) == (True, 2), done.stderr
    assert "the config of DeepSpeed, whose scheduler would win" in done.stderr
    answered = planned(tmp_path, text, config, "--given", "deepspeed={}", at=at)
    assert "transformers.linear" in answered.stdout, answered.stderr


def test_the_folder_where_it_runs_has_the_config_too(tmp_path):
    assert "read: jobs/train.py, ds.json" in planned(tmp_path, "", '"ds.json"', at="ds.json").stdout
    write(tmp_path / "jobs/ds.json", "{}")
    done = run(tmp_path, "plan", "jobs/train.py")
    assert "jobs/ds.json and ds.json, which differ" in done.stderr
    given = run(tmp_path, "plan", "jobs/train.py", "--given", "deepspeed=ds.json")
    assert WINS in given.stdout, given.stderr


@pytest.mark.parametrize(
    ("trainer", "file", "is_known"),
    [
        pytest.param("axolotl", "deepspeed_configs/zero2.json", True, id="axolotl's"),
        pytest.param("axolotl", "configs/zero2.json", False, id="another beside axolotl"),
        pytest.param("llamafactory", "examples/deepspeed/ds_z3_config.json", True, id="LLaMA-Factory's"),
        pytest.param("llamafactory", "ds_z3_config.json", False, id="another beside LLaMA-Factory"),
        pytest.param("ms_swift", "zero3", True, id="ms-swift's name"),
        pytest.param("ms_swift", "ds_zero3", False, id="no name of ms-swift"),
    ],
)
def test_a_config_that_the_trainer_brings_has_no_scheduler(tmp_path, trainer, file, is_known):
    lines = {
        "axolotl": "base_model: m\nsequence_len: 8\nmicro_batch_size: 1\nlearning_rate: 1e-4\n",
        "llamafactory": "stage: sft\nfinetuning_type: lora\ntemplate: q\nlearning_rate: 1.0e-4\n",
        "ms_swift": "tuner_type: lora\nmodel: m\ndataset: d\nlearning_rate: 1e-4\n",
    }
    write(tmp_path / "run.yaml", f"{lines[trainer]}max_steps: 10\ndeepspeed: {file}\n")
    done = run(tmp_path, "plan", "run.yaml", "--trainer", trainer, *LENGTH)
    assert (done.returncode, f"{file} is not here: it is taken as {trainer} brings it" in done.stderr) == (
        (0, True) if is_known else (2, False)
    ), done.stderr


@pytest.mark.parametrize(
    ("table", "said"),
    [
        pytest.param(
            {"optimizer": {"params": {"lr": 1e-5}}},
            "ds optimizer.params.lr=1e-05 vs hf learning_rate=0.0001",
            id="LR",
        ),
        pytest.param(
            {"train_micro_batch_size_per_gpu": 8}, "train_micro_batch_size_per_gpu=8 vs hf", id="batch"
        ),
        pytest.param(
            {"gradient_accumulation_steps": 4}, "ds gradient_accumulation_steps=4", id="accumulation"
        ),
        pytest.param({"train_batch_size": 5}, "train_batch_size (calculated)=2", id="all processes"),
        pytest.param(
            {"scheduler": {"type": "WarmupLR", "params": {"warmup_max_lr": 1e-4, "warmup_num_steps": 7}}},
            "ds scheduler.params.warmup_num_steps=7 vs hf warmup_steps=3",
            id="warmup",
        ),
        pytest.param({"train_batch_size": 2, "gradient_accumulation_steps": "auto"}, "", id="the same"),
    ],
)
@pytest.mark.parametrize("trainer", ["axolotl", "llamafactory"])
def test_a_config_that_contradicts_the_arguments_stops_the_trainer(tmp_path, trainer, table, said):
    lines = {
        "axolotl": "base_model: m\nsequence_len: 8\nmicro_batch_size: 2\nlr_scheduler: linear\n",
        "llamafactory": "stage: sft\nfinetuning_type: lora\ntemplate: q\nper_device_train_batch_size: 2\n",
    }
    write(tmp_path / "ds.json", json.dumps(table))
    text = f"{lines[trainer]}learning_rate: 1.0e-4\nwarmup_steps: 3\nmax_steps: 10\ndeepspeed: ds.json\n"
    write(tmp_path / "run.yaml", text)
    done = run(tmp_path, "plan", "run.yaml", *LENGTH)
    is_refused = "the DeepSpeed config contradicts the arguments, and the Trainer stops" in done.stderr
    assert (done.returncode, is_refused, said in done.stderr) == (2 if said else 0, bool(said), True), (
        done.stderr
    )
