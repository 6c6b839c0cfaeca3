"""Lengths that a script asks its rows, its loader and its arguments for, and that are told already."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

HEAD = (
    "import math\nfrom transformers import *\nfrom torch.optim import AdamW\nfrom torch.utils.data import *\n"
)
ARGS = 'args = TrainingArguments("o", learning_rate=1e-4, num_train_epochs=2)\n'
PARSED = "(args,) = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()\n"
OPT = "opt = AdamW(x, lr=1e-4)\nsched = get_linear_schedule_with_warmup(opt, 0, {})\n"
TRAINED = "Trainer(model, args, train_dataset={}, optimizers=(opt, sched)).train()\n"
LOADER = "dl = DataLoader(ds, {})\n"


def planned(folder, length, *options, made=ARGS, before="", rows="rows"):
    write(folder / "train.py", f"{HEAD}{made}{before}{OPT.format(length)}{TRAINED.format(rows)}")
    return run(folder, "plan", *options)


FILE = ("train.py", "--dataset-len", "100", "--world-size", "1")


@pytest.mark.parametrize(
    ("length", "before", "rows", "total"),
    [
        pytest.param("len(rows)", "", "rows", 100, id="what the Trainer is given"),
        pytest.param('len(ds["a"])', "", 'ds["a"]', 100, id="an item that it is given"),
        pytest.param("len(train)", "", "rows", 100, id="train"),
        pytest.param("len(tokenized_train_dataset)", "", "rows", 100, id="the last of several"),
        pytest.param('len(ds["train"])', "", "rows", 100, id="a split"),
        pytest.param("2 * math.ceil(len(dl) / 4)", LOADER.format("batch_size=8"), "rows", 8, id="a loader"),
        pytest.param("len(dl)", LOADER.format("8, drop_last=True"), "rows", 12, id="one that drops"),
        pytest.param("len(dl)", LOADER.format("shuffle=True"), "rows", 100, id="a loader of single rows"),
        pytest.param(
            "len(train_dl)",
            f"train_{LOADER.format('batch_size=args.per_device_train_batch_size')}{LOADER.format(1)}",
            *("rows", 13),
            id="one of two, by its name",
        ),
        pytest.param(
            "len(rows) // args.gradient_accumulation_steps * int(args.num_train_epochs)",
            *("", "rows", 200),
            id="by defaults of the arguments",
        ),
    ],
)
def test_the_rows_and_batches_it_trains_on_are_those_that_are_told(tmp_path, length, before, rows, total):
    done = planned(tmp_path, length, *FILE, before=before, rows=rows)
    assert (done.returncode, f"num_training_steps={total}," in done.stdout) == (0, True), done.stderr
    assert "it is taken to be what it trains on" in done.stderr


@pytest.mark.parametrize(
    ("length", "before"),
    [
        pytest.param("len(ds['test'])", "", id="another split"),
        pytest.param("len(ds)", "", id="rows of any name"),
        pytest.param("len(train[:50])", "", id="a part"),
        pytest.param("len(dl)", LOADER.format("8, sampler=own"), id="a sampler"),
        pytest.param("len(dl)", LOADER.format("batch_size=size"), id="a batch that nobody knows"),
        pytest.param("len(dl)", LOADER.format(8) + LOADER.format(9), id="one of two"),
    ],
)
def test_lengths_of_what_may_be_another_are_asked_for(tmp_path, length, before):
    done = planned(tmp_path, length, *FILE, before=before)
    assert (done.returncode, f'--given "{length}=VALUE"' in done.stderr.replace("\\", "")) == (2, True), (
        done.stderr
    )
    given = planned(tmp_path, length, *FILE, "--given", f"{length}=77", before=before)
    assert "num_training_steps=77," in given.stdout, given.stderr


def test_batches_that_are_told_are_the_loaders(tmp_path):
    options = ("train.py", "--batches-per-epoch", "13", "--world-size", "1")
    done = planned(tmp_path, "2 * len(dl)", *options, before=LOADER.format("batch_size=8"))
    assert (done.returncode, "num_training_steps=26," in done.stdout) == (0, True), done.stderr


def test_what_the_command_says_is_computed_with(tmp_path):
    line = "python train.py --output_dir o --num_train_epochs 4"
    done = planned(
        tmp_path, "13 * args.num_train_epochs", "--dataset-len", "100", "--args", line, made=PARSED
    )
    assert (done.returncode, "num_training_steps=52," in done.stdout) == (0, True), done.stderr


DATA = (
    "from datasets import Dataset, DatasetDict, concatenate_datasets, load_dataset\n"
    "from torch.utils.data import Subset, random_split\n"
    "from trl import SFTConfig, SFTTrainer, RewardConfig, RewardTrainer\n"
)
LOADED = 'ds = load_dataset("x", split="train")\n'
TWO = 'ds = load_dataset("x")\n'
TOKENIZED = """def tok(batch):
    texts = [one.strip() for one in batch["text"]]
    made = tokenizer(texts, truncation=True)
    made["labels"] = made["input_ids"]
    return made
"""
CUT = "ds = ds.select(range(50))\n"
ALIGNED = """def align(batch):
    out = tokenizer(batch["tokens"], truncation=True, is_split_into_words=True)
    new = []
    tags = batch["ner_tags"]
    for i, label in enumerate(tags):
        word_ids = out.word_ids(batch_index=i)
        ids = []
        for word in word_ids:
            ids.append(-100 if word is None else label[word])
        new.append(shifted(ids, label, word_ids))
    out["labels"] = new
    return out
"""
TRANSLATED = """def tok(batch):
    questions = batch["question"]
    asked = [one.strip().lower() for one in questions]
    out = tokenizer(text=asked)
    labels = tokenizer(text_target=batch["answer"])
    labels["input_ids"] = [[(l if l else -100) for l in label] for label in labels["input_ids"]]
    out["labels"] = labels["input_ids"]
    return out
"""


def of_rows(folder, lines, *options, trainer="Trainer(model, args, train_dataset=ds)", args=ARGS):
    write(folder / "train.py", f"{HEAD}{DATA}{lines}{args}trainer = {trainer}\ntrainer.train()\n")
    return run(folder, "plan", *options, "--", "python", "train.py")


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        pytest.param(LOADED + CUT, 14, id="a range"),
        pytest.param(
            "N = 40\n" + LOADED + "ds = ds.select(range(10, N))", 8, id="from one to another, by name"
        ),
        pytest.param(LOADED + "ds = ds.shuffle(seed=1).select(list(range(50)))", 14, id="a list of a range"),
        pytest.param(
            LOADED + "ds = ds.select([i for i in list(range(50))])", 14, id="each of a list of a range"
        ),
        pytest.param(LOADED + "few = [i for i in range(50)]\nds = ds.select(few)", 14, id="each of a range"),
        pytest.param(LOADED + "ds = ds.select([*range(50)])", 14, id="a range in a list"),
        pytest.param(TWO + CUT.replace("= ds.", '= ds["train"].'), 14, id="of a split"),
        pytest.param(
            TWO + 'ds["train"] = ds["train"].select(range(50))\nds = ds["train"]', 14, id="put back"
        ),
        pytest.param(LOADED + CUT + "ds = ds.map(f)", 14, id="mapped one by one"),
        pytest.param(
            TOKENIZED + LOADED + CUT + "ds = ds.map(tok, batched=True)", 14, id="tokenized in batches"
        ),
        pytest.param(
            LOADED + CUT + 'ds = ds.map(lambda b: tokenizer(b["text"]), batched=True)', 14, id="by a lambda"
        ),
        pytest.param(
            ALIGNED + LOADED + CUT + "ds = ds.map(align, batched=True)", 14, id="with labels of tokens"
        ),
        pytest.param(
            TRANSLATED + LOADED + CUT + "ds = ds.map(tok, batched=True)", 14, id="with labels of a target"
        ),
        pytest.param(LOADED + CUT + "ds = ds.train_test_split(0.3)['train']", 10, id="without a share of 15"),
        pytest.param(LOADED + CUT + "ds = ds.train_test_split(test_size=10)['train']", 10, id="without 10"),
        pytest.param(
            LOADED + CUT + "ds, no = ds.train_test_split().values()", 10, id="without a quarter, 13"
        ),
        pytest.param(LOADED + "ds = ds.train_test_split(train_size=50)['train']", 14, id="so many of them"),
        pytest.param("ds, no = random_split(every, [50, 9])", 14, id="split by torch"),
        pytest.param(LOADED + CUT + "ds = concatenate_datasets([ds, ds])", 26, id="two of them"),
        pytest.param("ds = Subset(every, range(50))", 14, id="a subset"),
        pytest.param('ds = Dataset.from_dict({"a": [1] * 50})', 14, id="written out"),
    ],
)
def test_rows_that_a_script_says_are_taken(tmp_path, lines, total):
    done = of_rows(tmp_path, lines + "\n")
    assert (done.returncode, f"num_training_steps={total}," in done.stdout) == (0, True), done.stderr
    said = of_rows(tmp_path, lines + "\n", "--dataset-len", "800")
    assert "num_training_steps=200," in said.stdout, said.stderr
    assert "warning: command: 800 rows are taken, as an option says, and the script has" in said.stderr


GROUPED = "def group(b):\n    return {'input_ids': sum(b['input_ids'], [])}\n"
SFT = {
    "args": 'args = SFTConfig("o", packing=True)\n',
    "trainer": "SFTTrainer(model, args, train_dataset=ds)",
}
CHANGED = """def tok(b):
    texts = b["text"]
    {}
    out = tokenizer({})
    {}
    return out
"""


OWN = "my_tokenizer"


def changed(before="pass", of="texts", after="pass", given="tok, batched=True", own=""):
    before += f"\n    def {own}(texts): return some" if own else ""
    lines = f"{CHANGED.format(before, of, after)}{LOADED}{CUT}ds = ds.map({given})\n"
    return lines, f", before line {15 + len(before.splitlines())}", {}


PACKED_BY_TRAINER = {
    "args": 'args = SFTConfig("o")\n',
    "trainer": "SFTTrainer(model, args, train_dataset=ds, packing=True)",
}
BESIDE = "ds = concatenate_datasets([ds, ds], {})\n"
SPLITS = TWO + 'ds["train"] = ds["train"].select(range(50))\n'


@pytest.mark.parametrize(
    ("lines", "text", "others"),
    [
        pytest.param(LOADED.replace("train", "train[:50]"), "at most 50 by line 8", {}, id="a slice"),
        pytest.param(LOADED.replace("train", "train[:5%]"), "trains on", {}, id="a share"),
        pytest.param(LOADED + "ds = ds.take(50)\n", "at most 50 by line 9", {}, id="those that there are"),
        pytest.param(LOADED + CUT + "ds = ds.filter(f)\n", "at most 50 by line 9", {}, id="filtered"),
        pytest.param(
            GROUPED + LOADED + CUT + "ds = ds.map(group, batched=True)\n",
            *("50 by line 11, before line 12", {}),
            id="grouped in batches",
        ),
        pytest.param(*changed('b["text"] = [t for t in b["text"] if t]', 'b["text"]'), id="a column set"),
        pytest.param(*changed('texts.extend(b["other"])'), id="a column extended"),
        pytest.param(*changed('texts += b["other"]'), id="a column added to"),
        pytest.param(*changed("del texts[0]"), id="rows deleted"),
        pytest.param(*changed("texts[:] = texts[:5]"), id="rows cut in place"),
        pytest.param(*changed("alias = texts\n    alias.pop()"), id="by another name"),
        pytest.param(*changed("for one in b.values():\n        one.pop()"), id="each column"),
        pytest.param(*changed('b.get("text").pop()'), id="by a method that gives it"),
        pytest.param(*changed("clean(texts)"), id="by another function"),
        pytest.param(*changed('clean(b["text"])', 'b["text"]'), id="a column by another function"),
        pytest.param(*changed(after="for k in list(out): out[k] = out[k][:5]"), id="each that is made cut"),
        pytest.param(
            *changed(after='out["input_ids"] = [i for i in out["input_ids"] if i]'), id="ids left out"
        ),
        pytest.param(*changed(after='out["input_ids"].pop()'), id="ids popped"),
        pytest.param(*changed(after='del out["input_ids"]'), id="ids deleted"),
        pytest.param(*changed(after="out.update(more)"), id="what is made updated"),
        pytest.param(
            *changed(given=f"lambda b: {OWN}(b['text']), batched=True", own=OWN), id="an own function"
        ),
        pytest.param(*changed(given="tok, batched=True, drop_last_batch=True"), id="without the last batch"),
        pytest.param(*changed(given="tok, batched=True, **words"), id="perhaps without it"),
        pytest.param(LOADED + "if some:\n    ds = ds.select(range(50))\n", "trains on", {}, id="perhaps"),
        pytest.param(
            TWO + 'for k in ds:\n    ds[k] = ds[k].select(range(50))\nds = ds["train"]\n',
            *("trains on", {}),
            id="each of several, in a loop",
        ),
        pytest.param(LOADED + CUT, "50 by line 9, before packing", SFT, id="packed"),
        pytest.param(
            LOADED + CUT, "50 by line 9, before packing", PACKED_BY_TRAINER, id="packed by the Trainer"
        ),
        pytest.param(
            *(LOADED + CUT, "50 by line 9, before packing"),
            PACKED_BY_TRAINER | {"trainer": "SFTTrainer(model, args, train_dataset=ds, **words)"},
            id="perhaps packed by the Trainer",
        ),
        pytest.param(LOADED + CUT + BESIDE.format("axis=1"), "trains on;", {}, id="columns beside others"),
        pytest.param(LOADED + CUT + BESIDE.format("**words"), "trains on;", {}, id="perhaps beside others"),
        pytest.param(
            SPLITS + 'ds.update({"train": other})\nds = ds["train"]\n', "trains on;", {}, id="updated splits"
        ),
        pytest.param(
            SPLITS + 'if some:\n    ds.pop("train")\nds = ds["train"]\n', "trains on;", {}, id="popped splits"
        ),
        pytest.param(
            SPLITS + 'all = ds\nds |= {"train": other}\nds = all["train"]\n', "trains on;", {}, id="joined"
        ),
        pytest.param(
            LOADED + CUT + 'ds = DatasetDict({"train": ds}, train=other)["train"]\n',
            *("trains on;", {}),
            id="a split by two names",
        ),
        pytest.param(
            'd = {"a": [1] * 50}\nd["a"].extend(read())\nds = Dataset.from_dict(d)\n',
            *("trains on;", {}),
            id="written out, and more",
        ),
        pytest.param(
            *(LOADED + CUT, "at most 50 by line 9"),
            {
                "args": 'args = RewardConfig("o")\n',
                "trainer": "RewardTrainer(model, args, train_dataset=ds)",
            },
            id="of a Trainer that drops long ones",
        ),
        pytest.param(
            *(LOADED + CUT, "50 by line 9, before line 12"),
            {"trainer": "Trainer(model, args, train_dataset=ds)\ntrainer = only_responses(trainer)"},
            id="given to another function",
        ),
        pytest.param(
            LOADED + CUT + "class Own(Trainer):\n    def get_train_dataloader(self):\n        return mine\n",
            *("trains on", {"trainer": "Own(model, args, train_dataset=ds)"}),
            id="of a loader of its own",
        ),
    ],
)
def test_rows_that_are_not_certain_are_asked_for_with_what_is_known(tmp_path, lines, text, others):
    done = of_rows(tmp_path, lines, **others)
    assert (done.returncode, text in done.stderr, "--dataset-len N" in done.stderr) == (2, True, True), (
        done.stderr
    )
    assert of_rows(tmp_path, lines, "--dataset-len", "800", **others).returncode == 0


DPO = {"args": 'args = DPOConfig("o")\n', "trainer": "DPOTrainer(model, args, train_dataset=ds)"}


def of_sentences(model):
    return {
        "args": f'from sentence_transformers import *\nargs = {model}TrainingArguments("o")\n',
        "trainer": f"{model}Trainer(model, args, train_dataset=ds)",
    }


OF_SENTENCES = of_sentences("SentenceTransformer")
SLICED = LOADED.replace("train", "train[:50]")


@pytest.mark.parametrize(
    ("lines", "option", "said", "others"),
    [
        pytest.param(SLICED, 62135, "warning at most 50 by line 8", {}, id="above a limit"),
        pytest.param(SLICED, 40, "", {}, id="below a limit"),
        pytest.param(LOADED + CUT, 40, "warning 50 by line 9", {}, id="others than are certain"),
        pytest.param(LOADED + CUT, 50, "", {}, id="the same"),
        pytest.param(LOADED + CUT, 60, "warning 50 by line 9", DPO, id="more than may be dropped"),
        pytest.param(LOADED + CUT, 40, "", DPO, id="without some that are dropped"),
        pytest.param(LOADED + CUT, 60, "warning 50 by line 9", OF_SENTENCES, id="of sentence-transformers"),
        pytest.param(LOADED + CUT, 50, "", OF_SENTENCES, id="of sentence-transformers, the same"),
        pytest.param(LOADED + CUT, 50, "", of_sentences("CrossEncoder"), id="of a CrossEncoder, the same"),
        pytest.param(LOADED + CUT, 50, "", of_sentences("SparseEncoder"), id="of a SparseEncoder, the same"),
        pytest.param(LOADED + CUT, 60, "note 50 by line 9, before packing", SFT, id="packed"),
        pytest.param(
            GROUPED + LOADED + CUT + "ds = ds.map(group, batched=True)\n",
            *(60, "note 50 by line 11, before line 12", {}),
            id="grouped in batches",
        ),
        pytest.param(
            GROUPED + LOADED + CUT + "ds = ds.map(group, batched=True)\n", 20, "", {}, id="grouped to fewer"
        ),
    ],
)
def test_an_option_wins_over_rows_that_a_script_says_with_a_word(tmp_path, lines, option, said, others):
    done = of_rows(tmp_path, lines, "--dataset-len", str(option), **others)
    assert (done.returncode, "rows are taken" in done.stderr) == (0, bool(said)), done.stderr
    level, _, rows = said.partition(" ")
    text = f"{level}: command: {option} rows are taken, as an option says, and the script has {rows}\n"
    assert not said or text in done.stderr
    assert ("hint: --dataset-len 50\n" in done.stderr) == (level == "warning")


CUT_BY_COMMAND = f"""from dataclasses import dataclass
@dataclass
class Data:
    max_train_samples: int = 0
data, args = HfArgumentParser((Data, TrainingArguments)).parse_args_into_dataclasses()
{LOADED}ds = ds.select(range(data.max_train_samples))
trainer = Trainer(model, args, train_dataset=ds)
trainer.train()
"""


def test_rows_that_the_command_cuts_are_those_of_the_script(tmp_path):
    write(tmp_path / "train.py", HEAD + DATA + CUT_BY_COMMAND)
    words = ("--", "python", "train.py", "--output_dir", "o", "--max_train_samples", "50")
    done = run(tmp_path, "plan", "--dataset-len", "800", *words)
    assert ("num_training_steps=21," in done.stdout, "rows are taken" in done.stderr) == (True, False), done
    assert "40 rows are taken" in run(tmp_path, "plan", "--dataset-len", "40", *words).stderr
