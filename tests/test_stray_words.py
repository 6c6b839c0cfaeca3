"""Words of a command that are no options stop a parser that takes none."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

OPTIONS = "--learning_rate 1e-4 {} --max_steps 9 --output_dir o"
TRAINED = "--learning_rate 1e-4 {} --max_train_steps 9 --train_batch_size 1"
FACTORY = f"llamafactory-cli train --stage sft --do_train --model_name_or_path m {OPTIONS}"
STOPS, MAY_STOP = (2, "stops at it"), (0, "'stray': no option, nor the value of one: argparse stops at it")


def planned(folder, command):
    return run(folder, "plan", "--world-size", "1", "--dataset-len", "9", "--", *command.split())


@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param(f"python train_network.py {TRAINED}", STOPS, id="kohya"),
        pytest.param(f"python train_text_to_image.py {TRAINED}", MAY_STOP, id="diffusers"),
        pytest.param(f"python run_clm.py --do_train {OPTIONS}", MAY_STOP, id="the Trainer"),
        pytest.param(f"trl sft {OPTIONS}", STOPS, id="trl"),
        pytest.param(f"swift sft --model m --dataset d {OPTIONS}", STOPS, id="swift"),
        pytest.param(FACTORY, STOPS, id="llamafactory"),
    ],
)
@pytest.mark.parametrize("word", ["", "stray"])
def test_a_word_that_is_no_option_stops_it(tmp_path, command, said, word):
    code, text = said if word else (0, "")
    done = planned(tmp_path, command.format(word))
    assert (done.returncode, text in done.stderr, "stray" in done.stderr) == (code, True, bool(word))


@pytest.mark.parametrize(
    ("code", "is_taken"),
    [
        pytest.param("", False, id="options alone"),
        pytest.param("p.add_argument('data')", True, id="a word of its own"),
        pytest.param("p.parse_known_args()", True, id="passed over"),
        pytest.param("import sys; sys.argv[1]", True, id="taken by itself"),
    ],
)
def test_a_script_that_is_here_may_take_words(tmp_path, code, is_taken):
    names = ("learning_rate", "max_steps", "output_dir", "do_train")
    options = "".join(f"p.add_argument('--{one}')\n" for one in names)
    made = "import argparse\nfrom transformers import Trainer\nTrainer()\np = argparse.ArgumentParser()\n"
    script = f"{made}{options}{code}\np.parse_args()\n"
    write(tmp_path / "run_clm.py", script)
    done = planned(tmp_path, "python run_clm.py --do_train 1 " + OPTIONS.format("stray"))
    assert "its own options" not in done.stderr
    assert ("'stray': no option" in done.stderr) == (not is_taken), done.stderr
