"""The door: what may stand in front of a command or in its place, and what every command takes."""

from __future__ import annotations

import re

import pytest
from commands import LOGS, run, typed

from lrviz.cli.app import COMMANDS

EXAMPLE = {
    "plot": ["cosine"],
    "show": ["cosine"],
    "compare": ["cosine", "linear"],
    "values": ["cosine"],
    "plan": ["--steps", "10"],
    "check": ["constant", "--steps", "10", "--lr", "1"],
    "report": ["constant", "--steps", "10", "--lr", "1"],
    "diff": ["constant", "constant", "--steps", "10", "--lr", "1"],
    "list": ["warm_restarts"],
    "info": ["cosine"],
    "schema": ["show"],
    "identify": [str(LOGS / "ok_plain.csv")],
    "code": ["constant:lr=1,steps=10", "--to", "torch"],
}


@pytest.mark.parametrize("words", ["-h", "--help", "help", "", "-q -h", "--lr 1 --help"])
def test_the_help(words, tmp_path):
    code, output, complaints = typed(tmp_path, words)
    assert (code, output, complaints) == (0, typed(tmp_path, "--help")[1], "")
    assert re.findall(r"^  ([a-z]+)  ", output, flags=re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command(command, tmp_path):
    code, output, complaints = typed(tmp_path, f"{command} --help")
    assert (code, complaints) == (0, "")
    assert output.startswith(f"Usage: lrviz {command} [OPTIONS]")
    assert typed(tmp_path, f"help {command}") == (code, output, complaints)


@pytest.mark.parametrize("words", ["plan -h", "-h plan", "--help plan", "plan cosine -q --help"])
def test_ways_to_ask_for_help(words, tmp_path):
    assert typed(tmp_path, words) == typed(tmp_path, "plan --help")


@pytest.mark.parametrize("words", ["--version", "-V", "-v", "version", "--version x", "-V show cosine"])
def test_the_version(words, tmp_path):
    from lrviz import __version__

    assert typed(tmp_path, words) == (0, f"lrviz {__version__}\n", "")


@pytest.mark.parametrize(
    ("before", "usual"),
    [
        pytest.param("-q show cosine", "show cosine -q", id="a switch"),
        pytest.param("--lr 1 show cosine", "show cosine --lr 1", id="an option and its value"),
        pytest.param("--lr=1 --steps 9 show cosine", "show --lr=1 --steps 9 cosine", id="two options"),
        pytest.param("--format json plan", "plan --format json", id="of another command"),
        pytest.param("-- show cosine", "show -- cosine", id="the end of the options"),
        pytest.param("--frob show cosine", "show --frob cosine", id="an option that is none"),
    ],
)
def test_options_may_stand_before_the_command(before, usual, tmp_path):
    assert typed(tmp_path, before) == typed(tmp_path, usual)


@pytest.mark.long
@pytest.mark.parametrize(
    "first", ["-", "--", "---", "-x", "-1", "--lr", "--lr=1", "-q", "--debug", "--=", "-hq"]
)
@pytest.mark.parametrize("rest", ["", "cosine", "show cosine", "--help", "-"])
def test_no_first_word_is_a_crash(first, rest, tmp_path):
    code, output, complaints = typed(tmp_path, f"{first} {rest}")
    assert code in {0, 2}
    assert "this is a bug" not in complaints
    if code:
        assert output == ""
        assert [line.partition(" ")[0] for line in complaints.splitlines()[-2:]] == ["error:", "hint:"]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param("cosine", "type lrviz plot cosine", id="a schedule"),
        pytest.param("polt cosine", "type lrviz plot cosine", id="a misspelt command"),
        pytest.param("StepLR --step_size 3", "type lrviz plot StepLR:step_size=3", id="its parameter"),
        pytest.param("--lr 1 cosine", "type lrviz plot --lr 1 cosine", id="options and a schedule"),
        pytest.param("--lr cosine", "type lrviz plot --lr 1e-3 cosine", id="a schedule for a value"),
        pytest.param("cosine --lr", "type lrviz plot cosine --lr 1e-3", id="no value"),
        pytest.param("cosine --lr -q", "type lrviz plot cosine --lr 1e-3 -q", id="no value but a switch"),
        pytest.param("-", "type lrviz plot -", id="a config on stdin"),
        pytest.param("run.toml", "type lrviz plot run.toml", id="a config"),
        pytest.param("PLOT cosine", "type lrviz plot cosine", id="capital letters"),
        pytest.param("frobnicate", "lrviz --help shows them, lrviz list the schedules", id="neither"),
        pytest.param("help frobnicate", "lrviz --help shows them, lrviz list the schedules", id="help of it"),
        pytest.param("--lr 1", "lrviz --help shows them, lrviz list the schedules", id="options alone"),
    ],
)  # fmt: skip
def test_without_a_command(words, hint, tmp_path):
    code, output, complaints = typed(tmp_path, words)
    first, second = complaints.splitlines()
    assert (code, output) == (2, "")
    assert first.endswith(f"the commands are {', '.join(COMMANDS)}")
    assert second == f"hint: {hint}"


@pytest.mark.parametrize(
    "words",
    ["cosine", "StepLR --step_size 3", "polt cosine", "linear:label=x,y --num_warmup_steps 1", "--lr cosine",
     "cosine --trainer", "--steps cosine --lr linear"],
)  # fmt: skip
def test_the_line_of_a_hint_works(words, tmp_path):
    hint = typed(tmp_path, words)[2].splitlines()[1]
    code, _, complaints = typed(tmp_path, hint.removeprefix("hint: type lrviz "))
    assert code == 0, complaints


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("switch", ["-q", "--quiet", "--debug"])
def test_what_every_command_takes(switch, command, tmp_path):
    assert run(tmp_path, command, *EXAMPLE[command], switch).returncode == 0


@pytest.mark.parametrize("title", ["--debug", "-q", "--help"])
def test_the_value_of_an_option_is_no_switch(title, tmp_path):
    code, _, complaints = typed(tmp_path, f"plot cosine --title {title} -o lr.svg")
    assert (code, complaints.count("note: ")) == (0, 2)
    refused = typed(tmp_path, f"plot cosine --title {title} -o lr.gif")[2]
    assert "error: 'lr.gif'" in refused
    assert "Traceback" not in refused


# --- options that are none ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param("show cosine --warmpu 10", "did you mean --warmup 10?", id="letters swapped"),
        pytest.param("show cosine --batchsize 10", "did you mean --batch-size 10?", id="no hyphen"),
        pytest.param("show cosine --batch_sise 10", "did you mean --batch-size 10?", id="an underscore"),
        pytest.param("show cosine --epoch 10", "did you mean --epochs 10?", id="no plural"),
        pytest.param("show StepLR --step_size 3", "StepLR:step_size=3", id="parameter"),
        pytest.param("show StepLR --step_size=3", "StepLR:step_size=3", id="parameter with ="),
        pytest.param("show StepLR:gamma=0.5 --step-size 3", '"StepLR:gamma=0.5,step_size=3"', id="and more"),
        pytest.param("show cosine StepLR --step_size 3", "StepLR:step_size=3", id="of the one that has it"),
        pytest.param("show StepLR --step_size -q", "StepLR:step_size=VALUE", id="no value but an option"),
        pytest.param("show StepLR --step_size", "StepLR:step_size=VALUE", id="no value"),
        pytest.param("show MultiStepLR --milestones 3,6", '"MultiStepLR:milestones=3,6"', id="quoted"),
        pytest.param("show cosine --label x", "cosine:label=x", id="a key of any spec"),
    ],
)  # fmt: skip
def test_an_option_that_is_none(words, hint, tmp_path):
    code, output, complaints = typed(tmp_path, words)
    assert (code, output) == (2, "")
    told = complaints.splitlines()[1].removeprefix("hint: a parameter of the schedule is part of its name: ")
    assert told.removeprefix("hint: ") == hint


@pytest.mark.parametrize(
    ("command", "option"), [("plot", "--grayscale"), ("list", "--formatted-as"), ("info", "--id")]
)
def test_no_option_is_likened_to_one_of_another_meaning(command, option, tmp_path):
    first, hint = typed(tmp_path, f"{command} cosine {option} -o lr.pdf")[2].splitlines()
    assert first == f"error: no option {option}"
    assert hint == f"hint: lrviz {command} --help lists what it takes"


@pytest.mark.parametrize("words", ["help cosine", "cosine --help", "-h cosine"])
def test_help_of_a_schedule_is_its_info(tmp_path, words):
    code, output, complaints = typed(tmp_path, words)
    assert (code, output) == (2, "")
    assert complaints.endswith("\nhint: type lrviz info cosine\n")


@pytest.mark.parametrize(
    ("option", "meant"),
    [
        ("--warmup-steps", "--warmup"), ("--max-lr", "--lr"), ("--total-steps", "--steps"),
        ("--learning_rate", "--lr"), ("--num_train_epochs", "--epochs"),
        ("--per_device_train_batch_size", "--batch-size"), ("--gradient_accumulation_steps", "--grad-accum"),
    ],
)  # fmt: skip
def test_what_trainers_call_an_option_leads_to_it(option, meant, tmp_path):
    code, output, complaints = typed(tmp_path, f"show cosine {option} 5")
    assert (code, output) == (2, "")
    assert complaints == f"error: no option {option}\nhint: did you mean {meant} 5?\n"


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        pytest.param(
            "plan --steps",
            "--steps needs a value",
            "type --steps 1000; lrviz plan --help lists what it takes",
            id="the last word",
        ),
        pytest.param(
            "plan --steps --lr 3",
            "--steps needs a value",
            "type --steps 1000",
            id="in front of an option",
        ),
        pytest.param(
            "plan --steps --lr=3",
            "--steps needs a value",
            "type --steps 1000",
            id="in front of one with =",
        ),
        pytest.param(
            "plan --drop-last=3",
            "--drop-last takes no value",
            "type --drop-last alone",
            id="a switch of the run",
        ),
        pytest.param(
            "plot cosine --log=3", "--log takes no value", "type --log alone", id="a switch of a command"
        ),
        pytest.param("show cosine --lr ''", "--lr: empty value", "give one, or leave it out", id="empty"),
        pytest.param(
            "show cosine --steps 1,000",
            "--steps: '1,000' has a comma inside a number",
            "write 1000 or 1_000, and 0.01",
            id="a comma in a number",
        ),
        pytest.param(
            "show cosine --grad-accum -1",
            "grad_accum=-1 is negative",
            "--grad-accum 1, or another number above 0",
            id="below 0",
        ),
        pytest.param(
            "show cosine --grad-accum 0",
            "grad_accum=0 is not positive",
            "--grad-accum 1, or another number above 0",
            id="0",
        ),
        pytest.param(
            "show cosine --epochs -1",
            "epochs must be a number above 0, got -1",
            "--epochs 50",
            id="epochs below 0",
        ),
        pytest.param(
            "show cosine --epochs 3ep",
            "epochs must be a number above 0, got '3ep'",
            "--epochs 50",
            id="a duration",
        ),
        pytest.param(
            "show cosine --steps 1e400",
            "steps='1e400' is more than 2**53",
            "--steps 9007199254740992 or less",
            id="beyond float64",
        ),
        pytest.param(
            "show cosine --epochs 1e400",
            "epochs='1e400' is more than 2**53",
            "--epochs 9007199254740992 or less",
            id="epochs beyond float64",
        ),
        pytest.param(
            "values onecycle --steps 9 --lr 1 --at 10",
            "onecycle stops at step 10: tried to step 10 times, total_steps is 9",
            "the steps before 10 have values",
            id="past the end, --at",
        ),
        pytest.param(
            "values onecycle --steps 9 --lr 1 --to 12",
            "onecycle stops at step 10: tried to step 10 times, total_steps is 9",
            "--to 10 stays before it",
            id="past the end, --to",
        ),
        pytest.param(
            "values onecycle --steps 9 --lr 1 --from 11 --to 12",
            "onecycle stops at step 10: tried to step 10 times, total_steps is 9",
            "the steps before 10 have values",
            id="past the end, --from",
        ),
        pytest.param(
            "show lambda",
            "torch.LambdaLR needs lr_lambda (function)",
            'give it: "torch.LambdaLR:lr_lambda=0.95 ** epoch"',
            id="words with spaces",
        ),
        pytest.param(
            "values cosine linear --at 0 100 50%",
            "--at takes one word, and 100 stands apart",
            '--at "0,100,50%"',
            id="steps apart",
        ),
        pytest.param(
            "values --at 0, 2ep, cosine",
            "--at takes one word, and 2ep stands apart",
            '--at "0,2ep"',
            id="steps apart, with commas",
        ),
        pytest.param(
            "show - a.toml -", "- can be read once: it is stdin", "leave out the second -", id="stdin twice"
        ),
    ],
)
def test_a_hint_leads_to_no_other_refusal(words, message, hint, tmp_path):
    assert typed(tmp_path, words) == (2, "", f"error: {message}\nhint: {hint}\n")


@pytest.mark.parametrize(
    "words",
    [
        "show cosine --lr 1 --lr 2",
        "show --lr=1 cosine --lr=1",
        "plan --steps 9 --steps 8",
        "values cosine --at 1 --at 2",
        "plot cosine --title a --title b",
        "list --format json --format text",
    ],
)
def test_an_option_with_two_values(words, tmp_path):
    option = re.search(r"--\w+", words)[0]
    assert typed(tmp_path, words) == (2, "", f"error: {option} is given twice\nhint: give {option} once\n")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("show cosine -q -q --debug --debug", id="switches"),
        pytest.param("plot cosine -q -o a.svg -o b.svg", id="files"),
        pytest.param(
            "check constant --lr 1 --steps 9 --expect 'peak == 1' --expect 'last == 1'", id="claims"
        ),
        pytest.param("plot cosine --title --title -o a.svg", id="a value that looks like it"),
    ],
)
def test_what_may_be_said_twice(words, tmp_path):
    assert typed(tmp_path, words)[0] == 0


# --- words that a shell has cut ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param(
            ["cosine:warmup=20%", "label=warm"], '"cosine:warmup=20%,label=warm"', id="a key behind a comma"
        ),
        pytest.param(["MultiStepLR:milestones=30", "60"], '"MultiStepLR:milestones=30,60"', id="a list"),
        pytest.param(
            ["torch.MultiStepLR:milestones=30", "60", "gamma=0.1"],
            '"torch.MultiStepLR:milestones=30,60,gamma=0.1"',
            id="a list and a key",
        ),
        pytest.param(["cosine", "--lr", "1e-3", "1e-4"], '--lr "1e-3,1e-4"', id="the list of an option"),
        pytest.param(
            ["MultiStepLR:milestones=30", "60", "-"],
            '"MultiStepLR:milestones=30,60"',
            id="stdin is not cut off",
        ),
        pytest.param(
            ["warmup=10"],
            "--warmup 10",
            id="behind no schedule",
        ),
        pytest.param(["cosine", "warmup=10"], "cosine:warmup=10", id="no colon"),
        pytest.param(["cosine", "warmup=10", "lr=3"], '"cosine:warmup=10,lr=3"', id="no colon, two keys"),
        pytest.param(["'cosine:warmup=6%'"], '"cosine:warmup=6%"', id="single quotes kept"),
    ],
)
def test_a_word_that_a_shell_has_cut(words, hint, tmp_path):
    done = run(tmp_path, "show", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[1].endswith(f": {hint}")


@pytest.mark.parametrize("columns", [50, 80])
def test_a_plan_fits_the_terminal(columns, tmp_path):
    words = "plan --dataset-len 50000 --batch-size 7 --world-size 3 --grad-accum 5 --epochs 3 --warmup 6%"
    wide = typed(tmp_path, words, COLUMNS=300)[1]
    narrow = typed(tmp_path, words, COLUMNS=columns)[1]
    assert max(map(len, narrow.splitlines())) <= columns
    assert narrow.split() == wide.split()


@pytest.mark.parametrize("command", ["list", "info"])
def test_words_behind_two_dashes_are_words(tmp_path, command):
    """Only a command that takes schedules takes a launch line there."""
    assert run(tmp_path, command, "--", "cosine").stdout == run(tmp_path, command, "cosine").stdout
