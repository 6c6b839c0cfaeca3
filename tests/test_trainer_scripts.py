"""Scripts that make the arguments of a Trainer and train: what is read, asked for, warned of, refused."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

HEAD = "import torch, yaml, argparse\nfrom transformers import Trainer, TrainingArguments\n"
KEYWORDS = 'kw = dict(output_dir="o", lr_scheduler_type="constant", learning_rate=1e-4, num_train_epochs=2)\n'
TRAINED = "Trainer(model, args, train_dataset=rows).train()\n"
ARGS = 'args = TrainingArguments("o", lr_scheduler_type="constant", learning_rate=1e-4, num_train_epochs=2)\n'
FIELDS = (
    "    learning_rate: float = 3e-4\n    num_train_epochs: float = 2\n"
    "    lr_scheduler_type: str = 'constant'\n"
)
OPTIONS = (
    "parser = argparse.ArgumentParser()\n"
    'parser.add_argument("--lr_scheduler_type", default="constant")\n'
    'parser.add_argument("--learning_rate", type=float, default=1e-4)\n'
    'parser.add_argument("--num_train_epochs", type=int, default=2)\n'
)


def planned(folder, text, *options):
    write(folder / "train.py", HEAD + text)
    return run(folder, "plan", "train.py", "--dataset-len", "100", "--world-size", "1", *options)


@pytest.mark.parametrize(
    ("text", "lr", "total"),
    [
        pytest.param(f"{KEYWORDS}args = TrainingArguments(**kw)\n", "1e-4", 26, id="a dict"),
        pytest.param(
            f'{KEYWORDS}kw |= {{"learning_rate": 3e-4}}\nargs = TrainingArguments(**kw)\n',
            *("3e-4", 26),
            id="a dict with another laid over it",
        ),
        pytest.param(
            f"{KEYWORDS}args = TrainingArguments(**(kw | dict(num_train_epochs=3)))\n",
            *("1e-4", 39),
            id="two dicts as one",
        ),
        pytest.param(
            f'{OPTIONS}args = TrainingArguments("o", **vars(parser.parse_args()))\n',
            *("1e-4", 26),
            id="all options by vars",
        ),
        pytest.param(
            f'{OPTIONS}args = TrainingArguments("o", **parser.parse_args().__dict__)\n',
            *("1e-4", 26),
            id="all options by __dict__",
        ),
        pytest.param(
            f"{ARGS}Trainer(model, args, optimizer_cls_and_kwargs=(SGD, {{'lr': 0.1}}))\n",
            *("0.1", 26),
            id="the LR of an optimizer's class",
        ),
        pytest.param(
            f"{ARGS}opt = AdamW(weights, lr=3e-4)\nTrainer(model, args, optimizers=(opt, None))\n",
            *("3e-4", 26),
            id="the LR of an optimizer",
        ),
        pytest.param(
            "class Config:\n    lr = 1e-4\n    epochs = 2\ncfg = Config()\ncfg.epochs = cfg.epochs * 2\n"
            'args = TrainingArguments("o", "constant", learning_rate=cfg.lr, num_train_epochs=cfg.epochs,'
            ' lr_scheduler_type="constant")\n',
            *("1e-4", 52),
            id="what an object of a class of constants has",
        ),
        pytest.param(
            'def main(lr=1e-5, epochs=3):\n    args = TrainingArguments("o", lr_scheduler_type="constant",'
            " learning_rate=lr, num_train_epochs=epochs)\n    Trainer(model, args).train()\nmain(lr=5e-5)\n",
            *("5e-5", 39),
            id="arguments of a function that is called once",
        ),
        pytest.param(
            'from transformers import SchedulerType\nargs = TrainingArguments("o", num_train_epochs=1,'
            " lr_scheduler_type=SchedulerType.CONSTANT.value)\n",
            *("5e-5", 13),
            id="a member's value",
        ),
        pytest.param(
            f'class Own(TrainingArguments):\n{FIELDS}args = Own("o", learning_rate=2e-4)\n',
            *("2e-4", 26),
            id="a class of its own",
        ),
        pytest.param(
            f"class Base(TrainingArguments):\n{FIELDS}class Own(Base):\n    size: int = field(default=3)\n"
            'args = Own("o", size=4)\n',
            *("3e-4", 26),
            id="a class of its own built on another",
        ),
        pytest.param(
            'import functools\nmake = functools.partial(TrainingArguments, "o", learning_rate=1e-3,'
            ' num_train_epochs=1, lr_scheduler_type="constant")\nargs = make(num_train_epochs=3)\n',
            *("1e-3", 39),
            id="a part of its arguments",
        ),
        pytest.param(
            f"{ARGS}t = Trainer(model, args)\nt.train()\nargs.learning_rate = 9\nt.args.max_steps = 9\n",
            *("1e-4", 26),
            id="what is set when it has trained changes nothing",
        ),
        pytest.param(
            f'{ARGS}Trainer(model, args).train()\nother = TrainingArguments("p")\nTrainer(model, other)\n',
            *("1e-4", 26),
            id="arguments that nothing is trained with",
        ),
    ],
)
def test_what_a_script_hands_its_trainer_is_read(tmp_path, text, lr, total):
    done = planned(tmp_path, text if "Trainer(" in text else text + TRAINED)
    assert done.returncode == 0, done.stderr
    assert f"lr={lr},steps={total}" in done.stdout, done.stdout


DECIDING = "lr_scheduler_type warmup_steps gradient_accumulation_steps"


@pytest.mark.parametrize(
    ("made", "asked", "unasked"),
    [
        pytest.param(
            "TrainingArguments(**yaml.load(stream))",
            *(f"learning_rate num_train_epochs per_device_train_batch_size {DECIDING}", ""),
            id="all of it",
        ),
        pytest.param(
            "TrainingArguments(**yaml.load(stream), learning_rate=1e-4)",
            *(f"num_train_epochs per_device_train_batch_size {DECIDING}", "learning_rate"),
            id="what is not said beside it",
        ),
        pytest.param(
            "TrainingArguments(**yaml.load(stream), max_steps=9)",
            *("learning_rate lr_scheduler_type warmup_steps", "num_train_epochs per_device_train_batch_size"),
            id="no epochs beside the steps",
        ),
    ],
)
def test_what_unknown_keywords_may_say_is_asked_for(tmp_path, made, asked, unasked):
    done = planned(tmp_path, f"args = {made}\n{TRAINED}")
    assert done.returncode == 2, done.stdout
    assert all(f"--given {name}=VALUE" in done.stderr for name in asked.split()), done.stderr
    assert not any(f"--given {name}=" in done.stderr for name in unasked.split()), done.stderr
    given = [f"--given={name}={'linear' if name == 'lr_scheduler_type' else 1}" for name in asked.split()]
    again = planned(tmp_path, f"args = {made}\n{TRAINED}", *given)
    assert (again.returncode, "what ** hands on" in again.stderr) == (0, True), again.stderr


OWN = "class Own({base}):\n    def {method}(self, *_, control=None):\n        {line}\n"
BESIDE = (
    f"from transformers import *\n{OWN.format(base='Trainer', method='create_scheduler', line='return 1')}"
)
MADE = f"{ARGS}t = Trainer(model, args)\n"


def own(base, method, line="return 1"):
    return f"{OWN.format(base=base, method=method, line=line)}{ARGS}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            f"{MADE}t.get_train_dataloader = mine\n",
            "t in line 5 has its own get_train_dataloader: an epoch may have another number of batches",
            id="batches put in",
        ),
        pytest.param(
            own("Trainer", "_get_train_sampler"), "line 4 has its own _get_train_sampler", id="a sampler"
        ),
        pytest.param(own("Trainer", "training_step"), "its steps may be others", id="a step of its own"),
        pytest.param(
            own("TrainerCallback", "on_step_end", "control.should_training_stop = True"),
            "Own in line 5 may stop the run",
            id="a callback that stops",
        ),
        pytest.param(
            f"from not_here.own import Own as T, Trainer\n{ARGS}Trainer(model, args)\n",
            "Trainer in line 5 is of not_here.own, which is not read",
            id="a Trainer of another module",
        ),
        pytest.param(
            f"from gone import Stop\n{ARGS}Trainer(model, args, callbacks=[Stop()])\n",
            "Stop in line 5 is of gone, which is not read",
            id="a callback that is not there",
        ),
        pytest.param(
            own("Trainer", "create_scheduler", "return super().create_scheduler(*_)"),
            "line 4 has its own create_scheduler: lr_scheduler_type and its warmup may change nothing",
            id="a scheduler that may be the Trainer's",
        ),
        pytest.param(
            f"{MADE}t.train()\nfor _ in range(3):\n    t.train(resume_from_checkpoint=True)\n",
            "the training in line 5 is told: it is trained again in line 7",
            id="more than one training",
        ),
        pytest.param(
            f"{ARGS}Trainer(model, args, callbacks=[EarlyStoppingCallback(3)])\n",
            "EarlyStoppingCallback in line 4 may stop the run",
            id="the library's own callback that stops",
        ),
    ],
)
def test_what_takes_the_run_into_its_own_hands_is_said(tmp_path, text, said):
    write(tmp_path / "beside.py", BESIDE)
    done = planned(tmp_path, text)
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr


OPT = f"{ARGS}opt = torch.optim.AdamW(model.parameters(), lr=3e-4)\n"
HANDED = "Trainer(model, args, optimizers=(opt, sched)).train()\n"


@pytest.mark.parametrize(
    ("call", "spec"),
    [
        pytest.param(
            "get_polynomial_decay_schedule_with_warmup(opt, 5, 26, lr_end=1e-6)",
            "transformers.polynomial:steps_per_epoch=13,num_warmup_steps=5,num_training_steps=26,lr_end=1e-6,"
            "lr=3e-4,steps=26",
            id="of transformers",
        ),
        pytest.param(
            'get_scheduler("cosine", optimizer=opt, num_warmup_steps=5, num_training_steps=20)',
            "transformers.cosine:steps_per_epoch=13,num_warmup_steps=5,num_training_steps=20,lr=3e-4,steps=26",
            id="by its name, for another length",
        ),
        pytest.param(
            "StepLR(opt, step_size=9)",
            "torch.StepLR:steps_per_epoch=13,step_size=9,lr=3e-4,steps=26",
            id="of torch",
        ),
        pytest.param(
            "OneCycleLR(opt, max_lr=1e-3, total_steps=27)",
            "torch.OneCycleLR:steps_per_epoch=13,max_lr=1e-3,total_steps=27,steps=26",
            id="with its own LR",
        ),
    ],
)
def test_a_scheduler_that_is_made_with_known_values_is_followed(tmp_path, call, spec):
    done = planned(tmp_path, f"{OPT}sched = {call}\n{HANDED}")
    assert (done.returncode, spec in done.stdout) == (0, True), done.stdout + done.stderr
    assert "is followed: lr_scheduler_type and its warmup change nothing" in done.stderr


def test_what_a_scheduler_is_made_with_is_asked_for(tmp_path):
    text = f"{OPT}sched = get_cosine_schedule_with_warmup(opt, 5, 2 * (len(rows) // 4))\n{HANDED}"
    done = planned(tmp_path, text)
    assert (done.returncode, '--given "len(rows)=VALUE"' in done.stderr) == (2, True), done.stderr
    given = planned(tmp_path, text, "--given", "len(rows)=100")
    assert "num_training_steps=50,lr=3e-4,steps=26" in given.stdout, given.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            f"{OPT}sched = LambdaLR(opt, f)\n{HANDED}", "train.py:6: Trainer is given", id="a function"
        ),
        pytest.param(f"{OPT}sched = ReduceLROnPlateau(opt)\n{HANDED}", "is given its own", id="by a metric"),
        pytest.param(
            f"{OPT}sched = StepLR(SGD(x, lr=1), 9)\n{HANDED}", "is given its own", id="of another optimizer"
        ),
        pytest.param(
            f"{ARGS}Trainer(model, args, optimizers=(mine, also_mine))\n", "is given its own", id="unknown"
        ),
        pytest.param(
            f"{OPT}sched = StepLR(opt, 9)\nif x:\n    t = Trainer(model, args)\nelse:\n"
            "    t = Trainer(model, args, optimizers=(opt, sched))\nt.train()\n",
            "is given its own",
            id="one of two",
        ),
        pytest.param(
            f"{OPT}sched = StepLR(opt, 9, steps=7)\n{HANDED}", "takes no steps", id="a key of the run"
        ),
        pytest.param(own("Trainer", "create_scheduler"), "train.py:4: Own has its own create", id="a class"),
        pytest.param(
            f"from beside import Own\n{ARGS}Own(model, args, callbacks=[Own])\n",
            "beside.py:3: Own has its own create_scheduler",
            id="a class of a module beside",
        ),
    ],
)
def test_a_schedule_of_its_own_that_cannot_be_read_is_refused(tmp_path, text, said):
    write(tmp_path / "beside.py", BESIDE)
    done = planned(tmp_path, text)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    more = ("--given", "lr_scheduler_type=linear", "--given", "learning_rate=1e-4")
    given = planned(tmp_path, text, *more)
    assert (given.returncode, "transformers.linear" in given.stdout) == (0, True), given.stderr


def test_a_step_that_hands_on_to_the_trainers_is_none_of_its_own(tmp_path):
    done = planned(tmp_path, own("Trainer", "training_step", "return super().training_step(*_)"))
    assert (done.returncode, "warning" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("class Rows(IterableDataset): pass\nrows = Rows()\n", id="a class"),
        pytest.param("rows = datasets.load_dataset('x', streaming=True)\n", id="loaded"),
    ],
)
def test_rows_without_a_length_need_the_steps(tmp_path, text):
    done = planned(tmp_path, f"{text}{ARGS}{TRAINED}")
    assert (done.returncode, "max_steps must be set" in done.stderr) == (2, True), done.stderr


def test_what_a_class_of_its_own_sets_when_it_is_made_is_asked_for(tmp_path):
    later = "    def __post_init__(self):\n        self.learning_rate *= 2\n        super().__post_init__()\n"
    text = f'class Own(TrainingArguments):\n{later}args = Own("o", learning_rate=1e-4)\n{TRAINED}'
    done = planned(tmp_path, text)
    assert (done.returncode, "--given learning_rate=VALUE" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param("main(lr=5e-5)\nmain(lr=1e-5)\n", id="twice"),
        pytest.param("main(lr=5e-5)\nFire(main)\n", id="by others too"),
        pytest.param("main(lr=read())\n", id="with what nobody knows"),
        pytest.param("", id="never"),
    ],
)
def test_arguments_of_a_function_that_may_be_others_are_asked_for(tmp_path, calls):
    text = f'def main(lr=1e-4):\n    args = TrainingArguments("o", learning_rate=lr)\n    {TRAINED}{calls}'
    done = planned(tmp_path, text)
    assert (done.returncode, "--given lr=VALUE" in done.stderr) == (2, True), done.stderr


def test_one_of_several_trainings_is_chosen_by_its_line(tmp_path):
    text = "".join(
        f'a = TrainingArguments("o", max_steps={steps})\nTrainer(model, a).train()\n' for steps in (5, 7)
    )
    done = planned(tmp_path, text)
    assert "2 calls may train: TrainingArguments in line 3, TrainingArguments in line 5" in done.stderr
    assert (done.returncode, "--given line=3" in done.stderr) == (2, True), done.stderr
    assert "steps=7" in planned(tmp_path, text, "--given", "line=5").stdout
    none = planned(tmp_path, "opt = 1\n", "--trainer", "transformers")
    assert "train.py: no call of TrainingArguments, Seq2SeqTrainingArguments\n" in none.stderr


PARSING = (
    "{imports}\n@dataclass\nclass {name}({base}):\n{fields}"
    "(args,) = HfArgumentParser({name}).parse_args_into_dataclasses({argv})\n{trained}"
)


@pytest.mark.parametrize(
    ("name", "base", "argv", "said"),
    [
        pytest.param("Own", "TrainingArguments", "", "lr=3e-4,steps=26", id="a class of its own"),
        pytest.param("TrainingArguments", "hf.TrainingArguments", "", "lr=3e-4,steps=26", id="its name"),
        pytest.param("Own", "SFTConfig", "", "lr=3e-4,steps=26", id="of trl"),
        pytest.param("Own", "DPOConfig", "args=['--max_steps', '9']", "lr=3e-4,steps=9", id="its own words"),
        pytest.param("Own", "TrainingArguments", "[]", "lr=3e-4,steps=26", id="no words"),
    ],
)
def test_a_script_that_has_a_trainers_class_parsed_is_as_the_command_that_starts_it(
    tmp_path, name, base, argv, said
):
    imports = "import transformers as hf\nfrom trl import SFTConfig, DPOConfig"
    text = PARSING.format(imports=imports, name=name, base=base, argv=argv, fields=FIELDS, trained=TRAINED)
    done = planned(tmp_path, text)
    assert (done.returncode, said in done.stdout) == (0, True), done.stdout + done.stderr
    assert ("taken at their defaults" in done.stderr) == (not argv), done.stderr
    asked = run(tmp_path, "plan", "train.py")
    assert (asked.returncode, "--world-size N" in asked.stderr) == (2, True) or "max_steps" in argv


@pytest.mark.parametrize(
    ("name", "lr"),
    [
        pytest.param("SFTConfig", "lr=2e-5", id="sft"),
        pytest.param("DPOConfig", "lr=1e-6", id="dpo"),
        pytest.param("TrainingArguments", "lr=5e-5", id="transformers"),
    ],
)
def test_the_class_that_is_parsed_has_its_own_defaults(tmp_path, name, lr):
    text = f"args, model = TrlParser(({name}, ModelConfig)).parse_args_and_config()\n{TRAINED}"
    write(tmp_path / "train.py", f"from trl import *\n{text}")
    line = "python train.py --output_dir o --num_train_epochs 1"
    for words in (["train.py", "--world-size", "1"], ["--args", line]):
        done = run(tmp_path, "plan", *words, "--dataset-len", "100")
        assert (done.returncode, lr in done.stdout) == (0, True), done.stdout + done.stderr
