"""Scripts that make a Trainer and only evaluate with it."""

from __future__ import annotations

import pytest
from commands import run

SCRIPT = """from transformers import TrainingArguments, Trainer
from mine import rows
args = TrainingArguments("o", learning_rate=1e-4, max_steps=9)
t = Trainer(model=None, args=args)
"""


@pytest.mark.parametrize(
    ("rest", "is_trained"),
    [
        pytest.param("t.evaluate()\n", False, id="it evaluates"),
        pytest.param("print(t.predict(rows))\n", False, id="it predicts"),
        pytest.param("print(rows.train_file)\nt.evaluate()\n", False, id="a name with train in it"),
        pytest.param("Trainer(model=None, args=args).evaluate()\n", False, id="one without a name"),
        pytest.param("m = rows.from_pretrained('m')\nt.evaluate()\n", False, id="a pretrained model"),
        pytest.param("rows.train()\nt.evaluate()\n", True, id="another that trains"),
        pytest.param("t.train_again()\nt.evaluate()\n", True, id="a method of its own"),
        pytest.param("", True, id="a part of a script"),
        pytest.param("t.evaluate()\nt.train()\n", True, id="before it trains"),
        pytest.param("t.evaluate()\nfit(t)\n", True, id="handed on"),
    ],
)
def test_a_trainer_that_only_evaluates(tmp_path, rest, is_trained):
    (tmp_path / "t.py").write_text(SCRIPT + rest)
    done = run(tmp_path, "plan", "--args", "python t.py", "--batch-size", "8")
    assert (done.returncode == 0) == is_trained, done.stderr
    assert ("() and nothing that trains is run" in done.stderr) != is_trained
