"""Scripts whose Trainer or callback is a class of another module: followed beside the script, else said."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

HEAD = "import transformers, torch\nfrom transformers import Trainer, TrainerCallback, TrainingArguments\n"
ARGS = 'args = TrainingArguments("o", lr_scheduler_type="constant", learning_rate=1e-4, num_train_epochs=2)\n'
MODULES = {
    "mine.py": "from transformers import Trainer\nclass Own(Trainer):\n"
    "    def create_scheduler(self, *_): return 1\n",
    "above.py": "import mine as base\nclass Over(base.Own): pass\n",
    "pkg/__init__.py": "from .inner import Inner\nfrom . import loop\n",
    "pkg/inner.py": "from ..mine import Own\nclass Inner(Own): pass\n",
    "pkg/loop.py": "from loop import loop\nfrom pkg import loop as again\nfrom lost import Base\n"
    "class Lost(Base): pass\n",
    "stop.py": "from transformers import TrainerCallback\nclass Stop(TrainerCallback):\n"
    "    def on_step_end(self, args, state, control): control.should_training_stop = True\n",
    "patch.py": "import transformers\ntransformers.Trainer.create_scheduler = print\n",
    "helpers.py": "def build_trainer(*_): pass\ndef rows_of(*_): pass\nclass Collator: pass\n",
}


def planned(folder, text, *options):
    for name, module in MODULES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        write(folder / name, module)
    write(folder / "train.py", f"{HEAD}{ARGS}{text}")
    return run(folder, "plan", "train.py", "--dataset-len", "100", "--world-size", "1", *options)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import mine\nmine.Own(model, args)\n", id="by its module"),
        pytest.param("import mine as m\nm.Own(model, args).train()\n", id="by another name of its module"),
        pytest.param("from mine import Own as T\nT(model, args)\n", id="by another name"),
        pytest.param("from mine import *\nOwn(model, args)\n", id="by a star"),
        pytest.param("from above import Over\nOver(model, args)\n", id="two modules deep"),
        pytest.param("import above\nclass Top(above.Over): pass\nTop(model, args)\n", id="below a class"),
        pytest.param("import pkg.inner\npkg.inner.Inner(model, args)\n", id="in a package"),
        pytest.param("from pkg import Inner\nInner(model, args=args)\n", id="handed on by a package"),
        pytest.param("from pkg import inner\ninner.Inner(model, args)\n", id="in a module of a package"),
        pytest.param("from mine import Own\nmade = Own\nmade(model, args)\n", id="by a variable"),
    ],
)
def test_a_class_of_a_module_that_makes_its_scheduler_is_refused(tmp_path, text):
    done = planned(tmp_path, text)
    assert (done.returncode, "mine.py:3: Own has its own create_scheduler" in done.stderr) == (2, True), done
    given = planned(tmp_path, text, "--given", "lr_scheduler_type=linear")
    assert (given.returncode, "read: train.py, " in given.stdout) == (0, True), given.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "from mine import Own\n(Own if x else Trainer)(model, args)\n"
            "kind = Own if x else Trainer\nkind(model, args)\n",
            "Own in mine.py:3 has its own create_scheduler: lr_scheduler_type and its warmup may change",
            id="one of two",
        ),
        pytest.param(
            "import gone\ngone.Own(model, args)\n", "Own in line 5 is of gone, which is not read", id="gone"
        ),
        pytest.param(
            "from pkg import loop\nloop.Lost(model, args)\n",
            "Base in line 5 is of lost, which is not read",
            id="a base that is gone",
        ),
        pytest.param(
            "import stop as s\none = s.Stop()\nall = [one]\nTrainer(model, args, callbacks=all)\n",
            "Stop in stop.py:3 may stop the run",
            id="a callback by variables",
        ),
        pytest.param(
            "import stop\nall = []\nall.append(stop.Stop())\nTrainer(model, args, callbacks=all)\n",
            "Stop in stop.py:3 may stop the run",
            id="a callback that is appended",
        ),
        pytest.param(
            "import patch\nTrainer(model, args)\n",
            "transformers.Trainer in patch.py:2 has its own create_scheduler",
            id="what a module puts into the Trainer",
        ),
        pytest.param(
            "from helpers import build_trainer\nbuild_trainer(model, args).train()\n",
            "build_trainer in line 5 is of helpers, which is not read",
            id="a function that makes a Trainer",
        ),
    ],
)
def test_what_a_module_may_do_with_the_run_is_said(tmp_path, text, said):
    done = planned(tmp_path, text)
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("from helpers import rows_of\nTrainer(model, args, rows_of(args))\n", id="rows"),
        pytest.param("import helpers\nTrainer(model, args, helpers.Collator())\n", id="a class for it"),
        pytest.param("import torch.nn as nn\nclass Net(nn.Module): pass\nTrainer(Net(), args)\n", id="torch"),
        pytest.param("import mine\nTrainer(model, args)\n", id="a class that nothing is made of"),
        pytest.param("transformers.Trainer(model, args).train()\n", id="transformers' own"),
        pytest.param("from pkg import loop\nloop.loop(model, args)\n", id="modules that lead to themselves"),
    ],
)
def test_what_has_no_hand_in_the_run_is_not_named(tmp_path, text):
    done = planned(tmp_path, text)
    assert (done.returncode, "warning" in done.stderr) == (0, False), done.stderr
