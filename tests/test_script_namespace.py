"""What a script's parser gave, changed before TrainingArguments has it: followed, or asked for."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

HEAD = "import argparse, json, yaml\nfrom transformers import HfArgumentParser, TrainingArguments\n"
ADDED = """    p = argparse.ArgumentParser()
    p.add_argument("--lr", type=float, default=1e-4)
    p.add_argument("--bs", type=int, default=16)
    p.add_argument("--size", default="base")
    p.add_argument("--config")
"""
MADE = 'TrainingArguments("o", learning_rate=a.lr, per_device_train_batch_size=a.bs, max_steps=9)\n'
READ = f"{HEAD}def read():\n{ADDED}    a = p.parse_args()\n{{}}\n    return a\na = read()\n{MADE}"
HELPED = (
    f"{HEAD}def scale(a, by=10):\n{{}}\n"
    f"def read():\n{ADDED}    return p.parse_args()\na = read()\n{{}}\n{MADE}"
)
MAIN = f"{HEAD}def main():\n{ADDED}{{}}\n    {MADE}main()\n"


def lr_of(tmp_path, text, options=""):
    write(tmp_path / "train.py", text)
    line = f"python train.py {options}"
    return run(tmp_path, "values", "--args", line, "--dataset-len", "101", "--at", "0", "--plain", "-q")


IN_THE_FUNCTION = [
    pytest.param("    a.lr = a.lr * a.bs / 8", "", 2e-4, id="computed"),
    pytest.param("    if a.bs > 8:\n        a.lr = 5e-4", "", 5e-4, id="under an if that is known"),
    pytest.param("    if a.bs > 8:\n        a.lr = 5e-4", "--bs 8", 1e-4, id="that does not hold"),
    pytest.param('    a.lr = {"base": 3e-4, "large": 1e-5}[a.size]', "--size large", 1e-5, id="of a table"),
    pytest.param('    setattr(a, "lr", 4e-4)', "", 4e-4, id="setattr"),
    pytest.param("    vars(a).update(lr=4e-4)", "", 4e-4, id="vars"),
    pytest.param('    a.__dict__["lr"] = 4e-4', "", 4e-4, id="an item of __dict__"),
    pytest.param("    if a.bs == 16:\n        return a\n    a.lr = 1", "", 1e-4, id="behind a return"),
    pytest.param("    if a.bs == 16:\n        return a\n    a.lr = 2e-3", "--bs 8", 2e-3, id="that is none"),
    pytest.param("    if cuda():\n        return a\n    a.lr = 2e-3", "", None, id="that may be one"),
    pytest.param("    if cuda():\n        a.lr = 2e-3", "", None, id="perhaps"),
    pytest.param(
        "    for k, v in json.load(open('f')).items():\n        setattr(a, k, v)", "", None, id="a loop"
    ),
    pytest.param("    a.__dict__.update(yaml.safe_load(open('f')))", "", None, id="what a file says"),
    pytest.param(
        "    if a.config:\n        vars(a).update(json.load(open(a.config)))", "", 1e-4, id="no file"
    ),
    pytest.param(
        "    if a.config:\n        vars(a).update(json.load(open(a.config)))", "--config f", None, id="one"
    ),
]


@pytest.mark.parametrize(("lines", "options", "lr"), IN_THE_FUNCTION)
def test_a_change_where_it_is_parsed(tmp_path, lines, options, lr):
    done = lr_of(tmp_path, READ.format(lines), options)
    assert (done.returncode, "learning_rate" in done.stderr) == ((2, True) if lr is None else (0, False)), (
        done
    )
    assert lr is None or float(done.stdout) == lr


@pytest.mark.parametrize(
    ("function", "call", "lr"),
    [
        pytest.param("    a.lr *= by", "scale(a)", 1e-3, id="an argument's default"),
        pytest.param("    a.lr *= by", "scale(a, 2)", 2e-4, id="said"),
        pytest.param("    a.lr *= by", "scale(by=3, a=a)", 3e-4, id="by name"),
        pytest.param("    a.lr *= by\n    return a", "a = scale(a)", 1e-3, id="given back"),
        pytest.param("    a.lr *= by", "scale(a)\nscale(a)", 1e-2, id="twice"),
        pytest.param("    a.lr *= by", "if cuda():\n    scale(a)", None, id="perhaps called"),
        pytest.param("    if cuda():\n        a.lr = 1", "scale(a)", None, id="perhaps changed"),
        pytest.param("    setattr(a, by, 1)", "scale(a, input())", None, id="nobody knows which"),
    ],
)
def test_a_change_in_a_function_that_is_given_it(tmp_path, function, call, lr):
    done = lr_of(tmp_path, HELPED.format(function, call))
    assert done.returncode == (2 if lr is None else 0), done.stderr
    assert lr is None or float(done.stdout) == pytest.approx(lr, rel=1e-12)


@pytest.mark.parametrize(
    ("lines", "options", "lr"),
    [
        pytest.param("    a = p.parse_args()\n    a.lr *= 2", "", 2e-4, id="behind the parsing"),
        pytest.param("    p.set_defaults(lr=7e-4)\n    a = p.parse_args()", "", 7e-4, id="set_defaults"),
        pytest.param("    p.set_defaults(lr='7e-4')\n    a = p.parse_args()", "", 7e-4, id="of a text"),
        pytest.param("    p.set_defaults(lr=7e-4)\n    a = p.parse_args()", "--lr 2e-5", 2e-5, id="said"),
        pytest.param("    a = p.parse_args()\n    p.set_defaults(lr=7e-4)", "", 1e-4, id="too late"),
        pytest.param(
            "    p.set_defaults(**json.load(f))\n    a = p.parse_args()", "", None, id="unknown ones"
        ),
        pytest.param(
            "    if cuda():\n        p.set_defaults(lr=1)\n    a = p.parse_args()", "", None, id="if"
        ),
    ],
)
def test_a_change_in_the_function_that_trains(tmp_path, lines, options, lr):
    done = lr_of(tmp_path, MAIN.format(lines), options)
    assert done.returncode == (2 if lr is None else 0), done.stderr
    assert lr is None or float(done.stdout) == lr


def test_a_function_that_is_defined_behind_its_call_has_what_it_is_given(tmp_path):
    text = MAIN.format("    a = p.parse_args()\n    a.lr *= 2\n    train(a)").replace(MADE, "\n")
    done = lr_of(tmp_path, text.replace("\nmain()", f"\ndef train(a):\n    {MADE}main()"))
    assert (done.returncode, float(done.stdout)) == (0, 2e-4), done.stderr


OWN_CLASS = f"""{HEAD}from dataclasses import dataclass
@dataclass
class Own(TrainingArguments):
    base_lr: float = 1e-3
    def __post_init__(self):
        {{}}
        super().__post_init__()
"""


@pytest.mark.parametrize(
    "made",
    [
        pytest.param("(a,) = HfArgumentParser(Own).parse_args_into_dataclasses()", id="parsed"),
        pytest.param('a = Own("o", num_train_epochs=1)', id="called"),
    ],
)
@pytest.mark.parametrize(
    ("line", "status"),
    [
        pytest.param("self.learning_rate = self.base_lr / 16", 2, id="an attribute"),
        pytest.param('object.__setattr__(self, "learning_rate", 1)', 2, id="setattr"),
        pytest.param("for k in x: setattr(self, k, 1)", 2, id="a loop"),
        pytest.param("self.__dict__.update(learning_rate=1)", 2, id="an update"),
        pytest.param('vars(self)["learning_rate"] = 1', 2, id="an item of vars"),
        pytest.param(
            "self.other()\n    def other(self): self.learning_rate = 1\n    def f(self):", 2, id="a method"
        ),
        pytest.param("self.base_lr = 2", 0, id="of its own"),
    ],
)
def test_what_a_class_sets_as_it_is_made_is_asked_for(tmp_path, made, line, status):
    done = lr_of(tmp_path, OWN_CLASS.format(line) + made)
    assert (done.returncode, "what __post_init__ sets" in done.stderr) == (status, status == 2), done.stderr


@pytest.mark.parametrize(
    ("lines", "is_said"),
    [
        pytest.param("from far import tune\n{}tune(a)\n", True, id="a function"),
        pytest.param("import far.away\n{}model = far.away.Net(vars(a))\n", True, id="a class"),
        pytest.param("import logging\n{}logging.info(a)\n", False, id="of Python"),
        pytest.param("import transformers\n{}transformers.set_seed(a)\n", False, id="of a library"),
        pytest.param(f"from far import tune\n{{}}{MADE}tune(a)\n", False, id="once it is made"),
        pytest.param("from far import *\n{}tune(a)\n", True, id="of a star"),
    ],
)
def test_what_a_module_does_that_is_not_here_is_an_assumption(tmp_path, lines, is_said):
    parsed = f"def read():\n{ADDED}    return p.parse_args()\na = read()\n"
    made = "" if MADE in lines else MADE
    write(tmp_path / "train.py", HEAD + lines.format(parsed) + made)
    done = run(tmp_path, "plan", "--dataset-len", "9", "--", "python", "train.py")
    assert (done.returncode, "not read, and taken to leave" in done.stderr) == (0, is_said), done.stderr


@pytest.mark.parametrize(
    ("lines", "is_said"),
    [
        pytest.param("from far import tune\n{}t = tune(t)\nTrainer(args=t).train()\n", True, id="changed"),
        pytest.param("import far\n{}far.tune(args=t)\nTrainer(args=t).train()\n", True, id="in its place"),
        pytest.param("from far import tune\n{}Trainer(args=t).train()\ntune(t)\n", False, id="trained"),
        pytest.param("from torch import save\n{}save(t)\nTrainer(args=t).train()\n", False, id="a library"),
    ],
)
def test_what_is_given_the_arguments_of_a_trainer_is_an_assumption(tmp_path, lines, is_said):
    text = "from transformers import Trainer, TrainingArguments\n"
    write(tmp_path / "train.py", text + lines.format("t = TrainingArguments('o', max_steps=9)\n"))
    done = run(tmp_path, "plan", "train.py", "--batch-size", "8")
    assert (done.returncode, "not read, and taken to leave" in done.stderr) == (0, is_said), done.stderr


IN_A_CLASS = "class Run:\n    def __init__(self, args, model=None):\n        {}\n"


@pytest.mark.parametrize(
    ("lines", "call", "lr"),
    [
        pytest.param("self.a = args\n        self.a.lr = 1", "Run(a)", None, id="as it is made"),
        pytest.param("self.a = args\n    def go(self): self.a.lr = 1", "Run(a).go()", None, id="later"),
        pytest.param(
            "pass\n    def go(self, ns): setattr(ns, 'lr', 1)", "Run(0).go(ns=a)", None, id="a method"
        ),
        pytest.param(
            "pass\n    def go(self, ns): ns.update(lr=1)", "Run(0).go(vars(a))", None, id="its dict"
        ),
        pytest.param("self.b(args)\n    def b(self, o): inner(o)", "Run(a)", None, id="handed on"),
        pytest.param("self.model = args.size\n        self.lr = 1", "Run(a)", 1e-4, id="its own"),
        pytest.param("model.lr = 1", "Run(a, f())", 1e-4, id="of another"),
        pytest.param("args.size = 1", "Run(a)", 1e-4, id="another option"),
    ],
)
@pytest.mark.parametrize("way", ["here", "beside"])
def test_a_change_in_a_class_that_is_given_it_is_asked_for(tmp_path, way, lines, call, lr):
    text = f"def inner(o): o.lr = 1\n{IN_A_CLASS.format(lines)}"
    write(tmp_path / "runs.py", text)
    made = "from runs import Run\n" if way == "beside" else text
    done = lr_of(
        tmp_path, f"{HEAD}{made}def read():\n{ADDED}    return p.parse_args()\na = read()\n{call}\n{MADE}"
    )
    assert (done.returncode, "may set" in done.stderr) == ((2, True) if lr is None else (0, False)), (
        done.stderr
    )
    assert lr is None or float(done.stdout) == lr


@pytest.mark.parametrize(
    ("options", "lr"),
    [pytest.param("", 3e-4, id="unsaid"), pytest.param("--learning_rate 1e-3", 1e-3, id="said")],
)
def test_the_defaults_that_a_parser_of_dataclasses_is_told(tmp_path, options, lr):
    lines = "p = HfArgumentParser(TrainingArguments)\np.set_defaults(learning_rate=3e-4, max_steps=9)\n"
    done = lr_of(tmp_path, f"{HEAD}{lines}(a,) = p.parse_args_into_dataclasses()\n", options)
    assert (done.returncode, float(done.stdout)) == (0, lr), done.stderr


@pytest.mark.parametrize(
    ("call", "lr"),
    [
        pytest.param("notebook_launcher(train, args=(3e-4,), num_processes=2)", 3e-4, id="by name"),
        pytest.param("notebook_launcher(train, (3e-4,))", 3e-4, id="by its place"),
        pytest.param("notebook_launcher(train)", 1e-4, id="its default"),
        pytest.param("notebook_launcher(train, args)", None, id="nobody knows"),
    ],
)
def test_what_a_function_is_launched_with(tmp_path, call, lr):
    made = 'TrainingArguments("o", learning_rate=lr, max_steps=9)'
    done = lr_of(tmp_path, f"{HEAD}def train(lr=1e-4):\n    {made}\n{call}\n")
    assert done.returncode == (2 if lr is None else 0), done.stderr
    assert lr is None or float(done.stdout) == lr
