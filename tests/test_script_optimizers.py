"""Scripts that give their Trainer an optimizer, make one, or search: whose LR it is, or what is asked for."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

HEAD = (
    "import torch, argparse\nfrom torch.optim import AdamW\n"
    "from transformers import Trainer, TrainingArguments, HfArgumentParser, SchedulerType\n"
)
ARGS = 'args = TrainingArguments("o", lr_scheduler_type="constant", learning_rate=1e-4, num_train_epochs=2)\n'
FIELDS = (
    "@dataclass\nclass Own(TrainingArguments):\n    head_lr: float = 7e-4\n"
    "    lr_scheduler_type: str = 'constant'\n    num_train_epochs: float = 2\n"
    "(args,) = HfArgumentParser(Own).parse_args_into_dataclasses()\n"
)
GIVEN = "Trainer(model, args, optimizers=(opt, None)).train()\n"
GROUPS = (
    'torch.optim.AdamW([{"params": a, "lr": args.learning_rate * 0.1}, {"params": b}], lr=args.learning_rate)'
)


def method(line, name="create_optimizer"):
    return f"class T(Trainer):\n    def {name}(self, model=None):\n        {line}\nT(model, args).train()\n"


def planned(folder, text, *options):
    write(folder / "train.py", f"{HEAD}{text}")
    return run(folder, "plan", "train.py", "--dataset-len", "100", "--world-size", "1", *options)


def of(made, given=GIVEN):
    return f"{ARGS}opt = {made}\n{given}"


def made(line, name="create_optimizer"):
    return ARGS + method(line, name)


@pytest.mark.parametrize(
    ("text", "lr"),
    [
        pytest.param(of("AdamW(x, 3e-4)"), "3e-4", id="by its place"),
        pytest.param(of("torch.optim.SGD(x)"), "1e-3", id="the optimizer's own default"),
        pytest.param(of("AdamW(x, lr=args.learning_rate)"), "1e-4", id="that of the arguments"),
        pytest.param(of("AdamW(x, lr=2 * args.learning_rate)"), "2e-4", id="computed of that"),
        pytest.param(of(GROUPS), "1e-5,1e-4", id="groups"),
        pytest.param(of("AdamW([{'params': x, 'lr': 2e-4}], lr=1)"), "2e-4", id="one group"),
        pytest.param(
            f"{FIELDS}opt = AdamW(x, lr=args.head_lr)\n{GIVEN}",
            "7e-4",
            id="a field that is parsed",
        ),
        pytest.param(
            f"{ARGS}t = Trainer(model, args)\nt.optimizer = AdamW(x, lr=4e-4)\nt.train()\n",
            "4e-4",
            id="put in",
        ),
        pytest.param(
            f"{ARGS}a = Trainer(model, args, optimizer_cls_and_kwargs=(torch.optim.SGD, {{'lr': 0.1}}))\n"
            "b = Trainer(model, other)\na.train()\nb.train()\n",
            "0.1",
            id="a class for one of several Trainers",
        ),
        pytest.param(
            f"{ARGS}Trainer(model, args, optimizer_cls_and_kwargs=(torch.optim.SGD, {{}})).train()\n"
            "def f(): return torch.no_grad()\n",
            "1e-3",
            id="a class with its default",
        ),
        pytest.param(made("self.optimizer = SGD(x, lr=0.1)"), "0.1", id="made by a method"),
        pytest.param(
            made("return torch.optim.SGD, {'lr': 0.2}", "get_optimizer_cls_and_kwargs"), "0.2", id="a class"
        ),
        pytest.param(
            made("lr = self.args.learning_rate; self.optimizer = AdamW(x, lr=lr)"), "1e-4", id="of arguments"
        ),
        pytest.param(made("super().create_optimizer()"), "1e-4", id="the Trainer's own"),
        pytest.param(
            made("self.optimizer = AdamW([{'lr': 2e-4}, {'lr': 2e-4}], lr=self.args.learning_rate)"),
            "2e-4",
            id="groups that all have theirs",
        ),
    ],
)
def test_the_lr_is_that_of_the_optimizer(tmp_path, text, lr):
    done = planned(tmp_path, text)
    assert (done.returncode, f",lr={lr},steps=26" in done.stdout) == (0, True), done.stdout + done.stderr
    assert "warning" not in done.stderr


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param(of("make_optimizer(model, lr=3)"), "an optimizer of its own in line 5", id="a function"),
        pytest.param(of("Adam8bit(x)"), "the LR of Adam8bit in line 5", id="a default of others"),
        pytest.param(of("AdamW(x, **more)"), "the LR of AdamW in line 5", id="hidden"),
        pytest.param(of("AdamW(x, lr=find())"), "the LR of AdamW in line 5", id="computed by a call"),
        pytest.param(
            f"{ARGS}t = Trainer(model, args)\nt.optimizer = mine\nt.train()\n",
            "an optimizer of its own",
            id="put in",
        ),
        pytest.param(made("self.optimizer = make(x, 1)"), "the create_optimizer in line 6", id="a method"),
        pytest.param(
            made("self.optimizer = SGD(x, lr=self.args.learning_rate * 2)"),
            "learning_rate * 2 in line 7",
            id="a multiple",
        ),
        pytest.param(
            f"{ARGS}if x:\n    t = Trainer(model, args, optimizers=(AdamW(x, lr=3e-4), None))\n"
            "else:\n    t = Trainer(model, args)\nt.train()\n",
            "that of one of several optimizers",
            id="one of two Trainers",
        ),
        pytest.param(
            f"{ARGS}t = Trainer(model, args)\ndef space(trial):\n    return {{'learning_rate': trial.x()}}\n"
            "t.hyperparameter_search(hp_space=space)\nt.train()\n",
            "of a trial of the search in line 8",
            id="what a search tries",
        ),
    ],
)
def test_an_lr_that_is_not_the_arguments_own_is_asked_for(tmp_path, text, asked):
    done = planned(tmp_path, text)
    assert (done.returncode, asked in done.stderr) == (2, True), done.stderr
    given = planned(tmp_path, text, "--given", "learning_rate=3e-3")
    assert (given.returncode, "lr=3e-3,steps=26" in given.stdout) == (0, True), given.stderr


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        pytest.param("", "t.hyperparameter_search()\n", "learning_rate num_train_epochs", id="its own space"),
        pytest.param(
            "", "t.hyperparameter_search(hp_space=lambda x: {'weight_decay': x})\n", "", id="another space"
        ),
        pytest.param("t.train()\n", "t.hyperparameter_search()\n", "", id="behind the training"),
    ],
)
@pytest.mark.parametrize("name", ["", "SentenceTransformer"])
def test_a_search_trains_with_what_it_tries(tmp_path, name, before, after, asked):
    library = "sentence_transformers" if name else "transformers"
    text = f"from {library} import {name}Trainer, {name}TrainingArguments\n{ARGS}t = Trainer(model, args)\n"
    text = text.replace("= Train", f"= {name}Train")
    done = planned(tmp_path, f"{text}{before}{after}")
    assert (done.returncode, "search" in done.stderr) == (2 if asked else 0, True), done.stderr
    assert all(f"--given {one}=VALUE" in done.stderr for one in asked.split())


def test_groups_of_a_method_that_have_another_lr_are_warned_of(tmp_path):
    line = "self.optimizer = AdamW([{'lr': 1e-6}, {}], lr=self.args.learning_rate)"
    done = planned(tmp_path, made(line))
    assert (done.returncode, "groups of its own may have another LR" in done.stderr) == (0, True), done.stderr


OPT = f"{ARGS}opt = AdamW(x, lr=args.learning_rate)\n"
HANDED = "Trainer(model, args, optimizers=(opt, sched)).train()\n"


@pytest.mark.parametrize(
    ("call", "spec"),
    [
        pytest.param(
            "get_scheduler(SchedulerType.LINEAR, opt, 5, 26)",
            "transformers.linear:steps_per_epoch=13,num_warmup_steps=5,num_training_steps=26,lr=1e-4,steps=26",
            id="a member",
        ),
        pytest.param(
            'get_scheduler(SchedulerType("cosine"), opt, 5, 26)',
            "transformers.cosine:steps_per_epoch=13,num_warmup_steps=5,num_training_steps=26,lr=1e-4,steps=26",
            id="a member by its value",
        ),
        pytest.param(
            "get_linear_schedule_with_warmup(opt, args.warmup_steps, 13 * args.num_train_epochs)",
            "transformers.linear:steps_per_epoch=13,num_warmup_steps=0,num_training_steps=26,lr=1e-4,steps=26",
            id="lengths of the arguments",
        ),
    ],
)
def test_a_scheduler_is_followed_whatever_names_its_values(tmp_path, call, spec):
    done = planned(tmp_path, f"{OPT}sched = {call}\n{HANDED}")
    assert (done.returncode, spec in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_scheduler_over_groups_has_an_lr_for_each(tmp_path):
    done = planned(tmp_path, f"{ARGS}opt = {GROUPS}\nsched = StepLR(opt, 9)\n{HANDED}")
    assert (done.returncode, "torch.StepLR:steps_per_epoch=13,step_size=9,lr=1e-5,1e-4" in done.stdout) == (
        0,
        True,
    ), done.stderr


LOOP = "for i, l in enumerate(model.layers):\n    "
MADE = '{"params": l.parameters(), "lr": 1e-4 * 0.9 ** i}'
OVER = "opt = AdamW(groups, lr=1e-4)\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"groups = [{MADE} for i, l in enumerate(model.layers)]\n{OVER}", id="in a list"),
        pytest.param(f"groups = []\n{LOOP}groups.append({MADE})\n{OVER}", id="in a loop"),
        pytest.param(
            f"def of(model):\n    return [{MADE} for i, l in enumerate(model.layers)]\n"
            "opt = AdamW(of(model), lr=1e-4)\n",
            id="in a function",
        ),
        pytest.param(
            "groups = [{'params': a}]\ngroups += [dict(params=l, lr=1e-5) for l in model.layers]\n" + OVER,
            id="added to others",
        ),
        pytest.param(
            f"opt = AdamW(model.parameters(), lr=1e-4)\n{LOOP}opt.add_param_group({MADE})\n",
            id="added to the optimizer",
        ),
        pytest.param(
            "opt = AdamW(model.parameters(), lr=1e-4)\nfor g in opt.param_groups:\n    g['lr'] = 3e-4\n",
            id="changed",
        ),
        pytest.param("from far import of\nopt = AdamW(of(model), lr=1e-4)\n", id="by a module not here"),
        pytest.param("from far import of\nopt = AdamW([*of(model)], lr=1e-4)\n", id="in a list"),
        pytest.param(
            "from far import of\ndef g(m):\n    return list(of(m))\nopt = AdamW(g(model), lr=1e-4)\n",
            id="in a function",
        ),
        pytest.param("import far as f\ngroups = f.of(model)\n" + OVER, id="by one of another name"),
        pytest.param("from beside import of\ngroups = of(model)\n" + OVER, id="by a module beside it"),
    ],
)
def test_groups_made_in_lines_that_are_not_followed_are_asked_for(tmp_path, text):
    write(
        tmp_path / "beside.py", f"def of(model):\n    return [{MADE} for i, l in enumerate(model.layers)]\n"
    )
    done = planned(tmp_path, f"{ARGS}{text}{GIVEN}")
    assert done.returncode == 2
    assert "learning_rate (groups of an optimizer, which " in done.stderr
    assert planned(tmp_path, f"{ARGS}{text}{GIVEN}", "--given", "learning_rate=2e-4").returncode == 0
    lrs = ["--given", "learning_rate=2e-4", "--given", "optimizer_lrs=1e-5,1e-4"]
    assert "lr=1e-5,1e-4" in planned(tmp_path, f"{ARGS}{text}{GIVEN}", *lrs).stdout


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("opt = AdamW([p for p in model.parameters()], lr=1e-4)\n", id="parameters in a list"),
        pytest.param("cfg = {'lr': 1}\ncfg['lr'] = 2\nopt = AdamW(params(model), lr=1e-4)\n", id="a dict"),
        pytest.param(
            "opt = AdamW(model.parameters(), lr=1e-4)\nprint(opt.param_groups[0]['lr'])\n", id="is looked at"
        ),
        pytest.param("from beside import of\nopt = AdamW(of(model), lr=1e-4)\n", id="a module beside it"),
        pytest.param(
            "from far import made\nm = made()\nopt = AdamW([{'params': m.parameters()}], lr=1e-4)\n",
            id="a model of another module",
        ),
        pytest.param("from itertools import chain as of\nopt = AdamW(of(model), lr=1e-4)\n", id="Python's"),
    ],
)
def test_what_makes_no_groups_is_not_asked_for(tmp_path, text):
    write(tmp_path / "beside.py", "def of(model):\n    return [{'params': model, 'weight_decay': 0}]\n")
    done = planned(tmp_path, f"{ARGS}{text}{GIVEN}")
    assert done.returncode == 0
    assert "lr=1e-4" in done.stdout


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("return AdamW(layerwise(self.model), lr=self.args.learning_rate)", id="by a function"),
        pytest.param(
            "opt = super().create_optimizer()\n        opt.param_groups[0]['lr'] *= 10\n        return opt",
            id="scaled",
        ),
    ],
)
def test_groups_of_a_method_that_may_have_their_own_are_said(tmp_path, line):
    done = planned(tmp_path, made(line))
    assert done.returncode == 0
    assert "groups of its own may have another LR" in done.stderr
