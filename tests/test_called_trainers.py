"""Python that calls a trainer's own main function: with a dict of its settings, or its class of arguments."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

IMPORT = "from llamafactory.train.tuner import run_exp\n"
KEYS = 'stage="sft", do_train=True, finetuning_type="lora"'
SWIFT = 'model="m", dataset=["a"], learning_rate=2e-4, num_train_epochs=1'


@pytest.mark.parametrize(
    ("text", "total"),
    [
        pytest.param(f"{IMPORT}run_exp(dict({KEYS}, max_steps=9))", 9, id="a call of dict"),
        pytest.param(f"{IMPORT}run_exp(args=dict({KEYS}, max_steps=9))", 9, id="by its keyword"),
        pytest.param(f"{IMPORT}run_exp(dict({KEYS}, max_steps=9), callbacks=[])", 9, id="with callbacks"),
        pytest.param(
            f'{IMPORT}MORE = {{"max_steps": 9}}\nrun_exp({{"stage": "pt", "template": "t", **MORE}})',
            9,
            id="a dict of dicts",
        ),
        pytest.param(
            f"{IMPORT}args = dict({KEYS})\nargs['max_steps'] = 8\nargs.update(max_steps=9)\nrun_exp(args)",
            9,
            id="a variable that later lines change",
        ),
        pytest.param(
            f"from swift import sft_main, SftArguments\nsft_main(SftArguments({SWIFT}))", 32, id="ms-swift"
        ),
        pytest.param(
            f"from swift.llm import sft_main, TrainArguments\nsft_main(TrainArguments({SWIFT}))",
            32,
            id="ms-swift 3",
        ),
    ],
)
def test_settings_in_a_call_are_read(tmp_path, text, total):
    write(tmp_path / "a.py", text + "\n")
    done = run(tmp_path, "plan", "a.py", "--dataset-len", "500", "--world-size", "1", "--get", "total")
    assert (done.returncode, done.stdout) == (0, f"{total}\n"), done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(f"{IMPORT}run_exp(dict({KEYS}, max_stps=9))", "did you mean max_steps?", id="a slip"),
        pytest.param(
            f"import json\n{IMPORT}run_exp(json.load(open('a.json')))", "cannot be known", id="another file's"
        ),
        pytest.param(f"{IMPORT}run_exp()", "no file of a trainer", id="those of the command"),
        pytest.param(
            f"from swift import SftArguments\nSftArguments({SWIFT}, learning_rat=1)",
            "learning_rat is no setting",
            id="a keyword that the class does not take",
        ),
        pytest.param(
            "from trl import SFTConfig, SFTTrainer\n"
            "SFTTrainer('m', SFTConfig('o', max_steps=9, learning_rate='2e-4')).train()",
            "learning_rate='2e-4' is not what trl 1.16.0 takes: it stops",
            id="text in place of a number",
        ),
    ],
)
def test_what_a_call_does_not_say_or_does_not_take_is_refused(tmp_path, text, said):
    write(tmp_path / "a.py", text + "\n")
    done = run(tmp_path, "plan", "a.py", "--dataset-len", "500", "--world-size", "1")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "names",
    [
        pytest.param("model = 'm'\ntrain_dataset = ['a']\npeft_config = None\n", id="of llamafactory_v1"),
        pytest.param("base_model = 'm'\nmicro_batch_size = 2\nsequence_len = 512\n", id="of axolotl"),
        pytest.param("model = 'm'\ndataset = 'd'\nglobal_batch_size = 64\n", id="of megatron_swift"),
        pytest.param("trainer = {'num_train_steps': 9}\nmax_duration = 9\n", id="of levanter"),
        pytest.param("optimizer = {'learning_rate': 0.1}\nmax_duration = 9\n", id="of olmo"),
        pytest.param("training = {'max_steps': 9, 'learning_rate': 0.1}\n", id="of unsloth_cli"),
    ],
)
def test_the_names_of_a_script_are_no_keys_of_another_trainers_config(tmp_path, names):
    arguments = "TrainingArguments('o', max_steps=30, learning_rate=3e-4)"
    made = f"from transformers import Trainer, TrainingArguments\nTrainer(m, {arguments}).train()\n"
    write(tmp_path / "a.py", names + made)
    done = run(tmp_path, "plan", "a.py", "--world-size", "1")
    assert done.returncode == 0, done.stderr
    assert "lr=3e-4,steps=30" in done.stdout
