"""What people type who come from somewhere else: the hint says it in lrviz's words, and that works."""

from __future__ import annotations

import shlex

import pytest
from commands import run


def hint_of(home, line):
    done = run(home, *shlex.split(line))
    assert (done.returncode, done.stdout) == (2, ""), line
    return done.stderr.splitlines()[-1].removeprefix("hint: ")


@pytest.mark.parametrize(
    ("typed", "hint", "works"),
    [
        pytest.param(
            "show cosine --learning-rate 0.1",
            "did you mean --lr 0.1?",
            "show cosine --lr 0.1",
            id="an option's other name",
        ),
        pytest.param(
            "show cosine --peak_lr=0.1",
            "did you mean --lr 0.1?",
            "show cosine --lr 0.1",
            id="a name that no table has",
        ),
        pytest.param(
            "show cosine --nproc_per_node 8",
            "did you mean --world-size 8?",
            "show cosine --world-size 8",
            id="a launcher's",
        ),
        pytest.param(
            "show cosine --warmup-epochs 2",
            "did you mean --warmup 2ep?",
            "show cosine --warmup 2ep --epochs 9",
            id="that counts epochs",
        ),
        pytest.param(
            "show cosine --warmup_proportion 0.25",
            "did you mean --warmup 25%?",
            "show cosine --warmup 25%",
            id="that counts a share",
        ),
        pytest.param(
            "show cosine --batch 1.5",
            "did you mean --batch-size 32?",
            "show cosine --batch-size 32",
            id="a value its key does not take",
        ),
        pytest.param(
            "show cosine --eta_min 1e-5",
            "cosine_with_min_lr has a lowest LR: --min-lr 1e-5",
            "show cosine_with_min_lr --min-lr 1e-5",
            id="what the schedule does not have",
        ),
        pytest.param(
            "show CosineAnnealingLR --lr-end 1e-5",
            "did you mean --min-lr 1e-5?",
            "show CosineAnnealingLR --min-lr 1e-5",
            id="what it calls otherwise",
        ),
        pytest.param(
            "show cosine -lr 0.1", "did you mean --lr 0.1?", "show cosine --lr 0.1", id="one hyphen"
        ),
        pytest.param(
            "show cosine -lr=0.1", "did you mean --lr 0.1?", "show cosine --lr 0.1", id="one hyphen and ="
        ),
        pytest.param("show cosine \u2014lr 0.1", "type hyphens: --lr", "show cosine --lr 0.1", id="a dash"),
        pytest.param(
            "show --lr-scheduler-type linear --steps 9",
            "a schedule is a word of its own: lrviz show linear --steps 9",
            "show linear --steps 9",
            id="a schedule as an option",
        ),
        pytest.param(
            "show cosine -o lr.svg",
            "-o is an option of plot: lrviz plot cosine -o lr.svg",
            "plot cosine -o lr.svg",
            id="of another command",
        ),
        pytest.param(
            "info cosine --lr 1",
            "--lr is an option of plot: lrviz plot cosine --lr 1",
            "plot cosine --lr 1",
            id="of a command that takes schedules",
        ),
        pytest.param("show cosine --lr '2*10^-3'", "--lr 2e-3", "show cosine --lr 2e-3", id="a power of ten"),
        pytest.param("show cosine --lr 2e\u22125", "--lr 2e-5", "show cosine --lr 2e-5", id="a minus sign"),
        pytest.param(
            "show cosine --lr \u201c0.2\u201d", "--lr 0.2", "show cosine --lr 0.2", id="curly quotes"
        ),
        pytest.param(
            "show cosine --steps '2 000'",
            "--steps 2000",
            "show cosine --steps 2000",
            id="a space in a number",
        ),
        pytest.param(
            "show cosine --warmup '2 epochs'",
            "--warmup 2ep",
            "show cosine --warmup 2ep --epochs 9",
            id="a unit in full",
        ),
        pytest.param("show cosine:warmup=5steps", "warmup=5st", "show cosine:warmup=5st", id="in a spec"),
        pytest.param(
            "show cosine --warmup-fraction 5%",
            "--warmup-fraction 0.05",
            "show cosine --warmup-fraction 0.05",
            id="a percent",
        ),
        pytest.param(
            "show cosine --trainer Timm --steps 9",
            "--trainer timm",
            "show cosine --trainer timm --steps 9",
            id="a capital letter",
        ),
        pytest.param(
            "show cosine --trainer transformers@4.40",
            "--trainer transformers, or name such a file too",
            "show cosine --trainer transformers",
            id="a trainer's version",
        ),
        pytest.param(
            "show cosine --trainer axolotl",
            "name one of them, or the trainer's own file",
            "show cosine --trainer none",
            id="a trainer without arithmetic",
        ),
        pytest.param(
            "show cosine --interval batch",
            "--interval step or --interval epoch",
            "show cosine --interval step",
            id="a choice like none",
        ),
        pytest.param(
            "show cosine --warmup 0,1 --steps 20",
            "--warmup 0.1",
            "show cosine --warmup 0.1 --steps 20",
            id="a decimal comma",
        ),
        pytest.param(
            "values cosine --steps 9 --at 2-4",
            "--from 2 --to 5",
            "values cosine --steps 9 --from 2 --to 5",
            id="a range",
        ),
        pytest.param(
            "plan 1000",
            "a number stands behind its option: --steps 1000",
            "plan --steps 1000",
            id="a number alone",
        ),
    ],
)
def test_an_option_of_somebody_else(typed, hint, works, tmp_path):
    assert hint_of(tmp_path, typed) == hint
    assert run(tmp_path, *works.split()).returncode == 0


@pytest.mark.parametrize(
    ("spec", "hint", "works"),
    [
        pytest.param("cosine:learning_rate=0.1", "did you mean lr=0.1?", "cosine:lr=0.1", id="its name"),
        pytest.param(
            "cosine:warmup_ratio=0.1", "did you mean warmup=10%?", "cosine:warmup=10%", id="a share"
        ),
        pytest.param(
            "cosine:warmup_steps=9",
            "did you mean num_warmup_steps?",
            "cosine:num_warmup_steps=9",
            id="its own name for the same",
        ),
        pytest.param("cosine:WARMUP=9", "did you mean warmup=9?", "cosine:warmup=9", id="capitals"),
        pytest.param(
            "cosine:lr_end=1e-5",
            "cosine_with_min_lr has a lowest LR: min_lr=1e-5",
            "cosine_with_min_lr:min_lr=1e-5",
            id="a floor it does not have",
        ),
        pytest.param(
            "constant:warmup_init_lr=1e-5",
            "it has num_warmup_steps, num_training_steps",
            "constant:num_warmup_steps=1",
            id="what no key would change",
        ),
        pytest.param("cosine:warm-up=9", "write 'cosine:warm_up=9'", "cosine:warmup=9", id="a hyphen"),
        pytest.param("cosine:lr:0.1", "write 'cosine:lr=0.1'", "cosine:lr=0.1", id="a second colon"),
        pytest.param("cosine:--lr=0.1", "write 'cosine:lr=0.1'", "cosine:lr=0.1", id="an option"),
        pytest.param("StepLR:step=9", "did you mean step_size?", "StepLR:step_size=9", id="half its name"),
        pytest.param(
            "wsd:decay=1",
            "did you mean num_decay_steps or decay_type?",
            "wsd:num_decay_steps=1,num_stable_steps=none",
            id="a part of two names",
        ),
        pytest.param("StepLR:gamma=0,5", "gamma=0.5", "StepLR:gamma=0.5", id="a decimal comma"),
        pytest.param("onecycle:pct_start=25%", "pct_start=0.25", "onecycle:pct_start=0.25", id="a percent"),
        pytest.param(
            "onecycle:anneal_strategy=Linear",
            "anneal_strategy=linear",
            "onecycle:anneal_strategy=linear",
            id="a choice in capitals",
        ),
        pytest.param(
            "'MultiStepLR:milestones=3;6'",
            "a list has commas and no round brackets: 3,6",
            "MultiStepLR:milestones=3,6",
            id="a list with semicolons",
        ),
        pytest.param(
            "lr_scheduler.StepLR",
            "did you mean mmengine.StepLR or torch.StepLR?",
            "torch.StepLR:step_size=9",
            id="a module",
        ),
        pytest.param(
            "exp", "did you mean exponential or exponential_decay?", "exponential", id="a beginning"
        ),
        pytest.param(
            "torch.Foo", "lrviz list torch shows those of torch", "StepLR", id="like none of its framework"
        ),
        pytest.param(
            "cosine --warmup_ratio 5%",
            "did you mean --warmup 5%?",
            "cosine --warmup 5%",
            id="a percent of it",
        ),
        pytest.param(
            "cosine --sep x", "did you mean --steps?", "cosine --steps 9", id="a value for another option"
        ),
        pytest.param(
            "cosine steps=9", "parameters stand behind a colon: cosine:steps=9", "cosine:steps=9", id="apart"
        ),
        pytest.param("steps=9", "as an option: --steps 9", "cosine --steps 9", id="alone"),
        pytest.param(
            "'LambdaLR:lr_lambda=9**9**9**9'",
            "it is the same at every tick: write another number",
            "LambdaLR:lr_lambda=9",
            id="a number too large",
        ),
        pytest.param(
            "speechbrain.WarmAndExpDecayLRSchedule --warmup 200 --steps 100",
            "give a shorter --warmup",
            "speechbrain.WarmAndExpDecayLRSchedule --warmup 20 --steps 100",
            id="a warmup as long as the run",
        ),
        pytest.param("STEPLR", "did you mean StepLR?", "StepLR", id="a name in capitals"),
        pytest.param("inverse-sqrt", "did you mean inverse_sqrt?", "inverse_sqrt", id="with a hyphen"),
        pytest.param(
            "'cosine annealing'", "did you mean cosine_annealing?", "cosine_annealing", id="a space"
        ),
        pytest.param(
            "cosine,linear",
            "each schedule is a word of its own: cosine linear",
            "cosine linear",
            id="two by a comma",
        ),
        pytest.param(
            "'cosine;lr=1'", "parameters stand behind a colon: cosine:lr=1", "cosine:lr=1", id="a semicolon"
        ),
    ],
)
def test_a_spec_in_other_words(spec, hint, works, tmp_path):
    assert hint_of(tmp_path, f"show {spec}") == hint
    assert run(tmp_path, "show", *works.split()).returncode == 0


@pytest.mark.parametrize(
    ("typed", "said", "wrong"),
    [
        pytest.param("cosine:warmup=1,warmup_steps=2", "warmup", "warmup_steps", id="by a key"),
        pytest.param(
            "cosine:num_warmup_steps=1,warmup_ratio=0.1", "num_warmup_steps", "warmup_ratio", id="by its own"
        ),
        pytest.param("cosine:lr=1,learning_rate=2", "lr", "learning_rate", id="by that key"),
        pytest.param("StepLR:step_size=2,step_siz=3", "step_size", "step_siz", id="rightly spelt"),
        pytest.param("cosine --warmup 1 --warmup-steps 2", "--warmup", "--warmup-steps", id="by an option"),
        pytest.param("cosine --steps 9 --step 9", "--steps", "--step", id="by an option, rightly spelt"),
        pytest.param(
            "cosine --warmup-fraction 1% --warmup-steps 2",
            "--warmup-fraction",
            "--warmup-steps",
            id="by another",
        ),
        pytest.param("StepLR:step_size=2 --step-size 3", "StepLR:step_size=2", "--step-size", id="in a spec"),
    ],
)
def test_nothing_is_suggested_that_says_what_is_said_already(typed, said, wrong, tmp_path):
    assert hint_of(tmp_path, f"show {typed}") == f"{said} says it already: leave {wrong} out"


ENDINGS = "lrviz reads .toml, .json, .yaml, .yml, .py, .ipynb, .sh, .bash, .slurm, .sbatch and .env"


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        pytest.param(
            "./x.txt", "x.txt: no such file", "name it as seen from the folder you are in", id="a way"
        ),
        pytest.param(
            "C:\\run.txt",
            "C:\\run.txt: no such file",
            "name it as seen from the folder you are in",
            id="a way of Windows",
        ),
        pytest.param("~/x", "~/x: no such file", "name it as seen from the folder you are in", id="a tilde"),
        pytest.param("train.py", "train.py: no such file", "did you mean train.sh?", id="a script, near one"),
        pytest.param(
            "z.py",
            "z.py: no such file",
            "name it as seen from the folder you are in",
            id="a script, near none",
        ),
        pytest.param(
            "x.txt",
            "unknown schedule 'x.txt'",
            "no file of that name is there, and lrviz list shows the schedules",
            id="a file's name",
        ),
        pytest.param(".", ".: a folder, not a config", "name a file: train.sh", id="this folder"),
        pytest.param("empty", "empty: a folder, not a config", f"name a file: {ENDINGS}", id="a folder"),
        pytest.param(
            "notes.md",
            "notes.md: empty",
            f'name = "cosine" names a schedule; {ENDINGS}',
            id="a file of another kind",
        ),
        pytest.param(
            "train.sh:lr=1",
            "train.sh:lr=1: a file takes no key but label",
            "write them into it, or type options: train.sh --lr 1e-3",
            id="keys behind a file",
        ),
        pytest.param(
            "https://x.org/a.yaml",
            "https://x.org/a.yaml: an address, not a file",
            "curl -sL https://x.org/a.yaml | lrviz show -",
            id="an address",
        ),
        pytest.param(
            "torch", "unknown schedule 'torch'", "lrviz list torch shows those of torch", id="a framework"
        ),
    ],
)
def test_a_word_that_is_no_schedule(word, message, hint, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "train.sh").write_text("true")
    (tmp_path / "notes.md").write_text("# a title")
    done = run(tmp_path, "show", word)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {message}\nhint: {hint}\n")
    assert run(tmp_path, "plan", word) == done


@pytest.mark.parametrize("words", ["--bogus", "--bogus cosine", "-x", "--frob=1 --lr 1"])
def test_an_unknown_option_before_any_command(words, tmp_path):
    option = words.split()[0].partition("=")[0]
    done = run(tmp_path, *words.split())
    expected = f"error: no option {option}\nhint: lrviz --help shows the commands and their options\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", expected)
