"""Every refusal has a way out, in the language of whoever gets it."""

from __future__ import annotations

import ast
import re

import pytest
from commands import ROOT, run
from sources import SOURCES, nodes_of

import lrviz.errors
from lrviz.cli.app import COMMANDS
from lrviz.errors import LrvizError

REFUSALS = {
    name
    for name, value in vars(lrviz.errors).items()
    if isinstance(value, type) and issubclass(value, LrvizError)
} | {"UsageError"}


def without_a_hint(nodes):
    """The lines on which a refusal is made that names no way out."""
    return [
        node.lineno
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in REFUSALS
        and not any(
            keyword.arg == "hint"
            and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
            for keyword in node.keywords
        )
    ]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        pytest.param("raise SpecError('x', hint='y')", [], id="with one"),
        pytest.param("raise SpecError('x')", [1], id="without"),
        pytest.param("\nraise ScheduleError('x', hint='', step=1)", [2], id="an empty one"),
        pytest.param("raise ValueError('x')", [], id="no refusal"),
    ],
)
def test_the_reader_sees_what_lacks_a_hint(source, lines):
    assert without_a_hint(ast.walk(ast.parse(source))) == lines


def test_every_refusal_has_a_hint():
    found = {
        f"{path.relative_to(ROOT)}:{line}" for path in SOURCES for line in without_a_hint(nodes_of(path))
    }
    assert found == set()


def test_a_hint_that_asks_for_a_key_has_a_value_for_it():
    texts = [
        node.value
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in texts if re.search(r"\b(?:give|or) <\w+>(?! a)", text)] == []


@pytest.mark.parametrize(
    ("words", "config", "hints"),
    [
        pytest.param(
            "transformers.cosine --lr 1 --steps 10",
            'name = "transformers.cosine"\nlr = 1\nsteps = 10\n',
            ("--warmup 10%", 'warmup = "10%"', "--warmup 10%"),
            id="a parameter that a key fills",
        ),
        pytest.param(
            "linear --lr 1 --steps 10 --scale-lr sqrt",
            'name = "linear"\nwarmup = 0\nlr = 1\nsteps = 10\nscale_lr = "sqrt"\n',
            (
                "--scale-lr sqrt --base-batch-size 256 --batch-size 32",
                'scale_lr = "sqrt", base_batch_size = 256, batch_size = 32',
                "scale_lr=sqrt,base_batch_size=256,batch_size=32",
            ),
            id="two keys that belong together",
        ),
        pytest.param(
            "linear --lr 1 --steps-per-epoch 10 --epochs 1 --steps 3",
            'name = "linear"\nwarmup = 0\nlr = 1\nsteps_per_epoch = 10\nepochs = 1\nsteps = 3\n',
            ("leave out --steps, or give --steps 10", "leave out steps, or give steps = 10",
             "leave out steps, or give steps=10"),
            id="a key and a value",
        ),
        pytest.param(
            "torch.StepLR:step_size=x --lr 1 --steps 10",
            'name = "torch.MultiStepLR"\nlr = 1\nsteps = 10\nmilestones = [1]\ngamma = "x"\n',
            ("type steps (100, 350k), a percent (6%) or epochs (2ep)", "gamma = 0.1",
             "type steps (100, 350k), a percent (6%) or epochs (2ep)"),
            id="a parameter of the schedule",
        ),
    ],
)  # fmt: skip
def test_a_hint_is_in_the_language_of_its_reader(words, config, hints, tmp_path):
    spec, *options = words.split()
    (tmp_path / "run.toml").write_text(config)
    names = [option[2:].replace("-", "_") for option in options[::2]]
    keys = [f"{name}={value}" for name, value in zip(names, options[1::2], strict=True)]
    as_word = spec + (",", ":")[":" not in spec] + ",".join(keys)
    said = [
        run(tmp_path, "show", *arguments).stderr for arguments in (words.split(), ["run.toml"], [as_word])
    ]
    assert [text.splitlines()[-1] for text in said] == [f"hint: {hint}" for hint in hints]


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        pytest.param(
            "show cosine --drop-last yes", "--drop-last takes no value", "type --drop-last alone", id="a yes"
        ),
        pytest.param(
            "plan --drop-last false", "--drop-last takes no value", "leave out --drop-last", id="a no"
        ),
        pytest.param(
            "values -o x.csv",
            "no schedule, config or trainer's file is named",
            "for example lrviz values cosine --warmup 100 --at 0,100,50%",
            id="nothing to draw",
        ),
        pytest.param(
            "show --lr cosine",
            "no schedule, config or trainer's file is named",
            "--lr takes a value: lrviz show cosine --lr 1e-3",
            id="a schedule for a value",
        ),
    ],
)
def test_values_and_words_that_are_missing_or_too_many(words, message, hint, tmp_path):
    done = run(tmp_path, *words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {message}\nhint: {hint}\n"


@pytest.mark.parametrize(
    "command", [name for name in COMMANDS if name not in ("plan", "list", "info", "schema")]
)
def test_a_command_with_nothing_to_look_at_shows_an_example_of_its_help(command, tmp_path):
    hint = run(tmp_path, command).stderr.splitlines()[-1]
    example = hint.removeprefix("hint: for example ")
    assert example.startswith(f"lrviz {command} ")
    assert f"  {example}\n" in run(tmp_path, command, "--help").stdout
    assert command == "identify" or "run.toml" not in example  # a log must be there


@pytest.mark.parametrize(
    ("words", "message", "typed"),
    [
        pytest.param(
            "check cosine",
            "the length of the run, the learning rate and num_warmup_steps (warmup steps) are missing",
            "cosine --steps 1000 --lr 1e-3 --warmup 10%",
            id="a length, an LR and a warmup",
        ),
        pytest.param(
            "check torch.StepLR:gamma=0.5 --steps 90",
            "the learning rate and step_size (ticks) are missing",
            "torch.StepLR:gamma=0.5,step_size=30% --lr 1e-3 --steps 90",
            id="a parameter of its own: what was typed stays",
        ),
        pytest.param(
            "check cosine linear:lr=1,warmup=2",
            "cosine, linear: the length of the run is missing; "
            "cosine: the learning rate and num_warmup_steps (warmup steps) are missing",
            "cosine linear:lr=1,warmup=2 --steps 1000 --lr 1e-3 --warmup 10%",
            id="several schedules",
        ),
        pytest.param(
            "check cosine step --steps 9 --lr 1",
            "cosine: num_warmup_steps (warmup steps) is missing; step: step_size (ticks) is missing",
            "cosine step:step_size=30% --warmup 10% --steps 9 --lr 1",
            id="another thing in each",
        ),
    ],
)
def test_all_that_is_missing_is_asked_for_at_once(words, message, typed, tmp_path):
    refused = run(tmp_path, *words.split())
    first, hint = refused.stderr.splitlines()
    assert (refused.returncode, first) == (2, f"error: {message}")
    given = re.split(r" and |, or ", hint.removeprefix("hint: give "))
    assert all(
        word.strip('"') in typed.split() for text in given[:2] for word in text.split() if "-len" not in text
    )
    assert run(tmp_path, "check", *typed.split()).returncode == 0


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        pytest.param(
            "values cosine linear --steps 9 --lr 1 --warmup 1 --at half",
            "--at='half' is not a step",
            "type steps (100, 350k), a percent (6%) or epochs (2ep), or first, warmup, peak, low and last",
            id="a fact that names no step",
        ),
        pytest.param(
            "show cosine:lr={1e-4}",
            "'{1e-4}' is no value: braces hold several in 'cosine:lr={1e-4}'",
            "leave the braces out of one value: 1e-4",
            id="one value in braces",
        ),
        pytest.param(
            "show cosine:lr={1e-4..3e-4}",
            "'{1e-4..3e-4}' is no value: braces hold several in 'cosine:lr={1e-4..3e-4}'",
            "a range counts whole numbers, as {1..9..4} does; list others: {1e-4,3e-4}",
            id="a range of LRs",
        ),
        pytest.param(
            "check cosine --lr 1 --expect last<1 -o x.xml",
            "no option -o",
            'it prints: lrviz check cosine --lr 1 --expect "last<1" > x.xml',
            id="a file for what is printed",
        ),
        pytest.param(
            "check linear:warmup=1,lr=1 --steps 9 --expect last<1;first==0",
            "--expect: 'last<1;first==0': ';first==0' is too much (column 7)",
            "leave it out, or say it in an expectation of its own",
            id="two expectations in one",
        ),
        pytest.param(
            "check cosine --expect final<1",
            "--expect: 'final<1': 'final' begins no expectation (column 1)",
            "did you mean last?",
            id="what others call a fact",
        ),
        pytest.param(
            "show cosine --get lr",
            "--get: 'lr': expected ( (column 3)",
            'as in "lr(50%)"',
            id="a fact of a step",
        ),
        pytest.param(
            "show cosine --get ratio",
            "--get: 'ratio': 'ratio' is no fact of one curve (column 1)",
            "it is of two curves: lrviz compare cosine linear --get ratio",
            id="a fact of two curves",
        ),
        pytest.param(
            "show cosine --columns peak last --steps 9 --lr 1",
            "last: unknown schedule 'last'",
            "a fact stands behind its option, several with commas: --columns last",
            id="a fact as a word",
        ),
        pytest.param(
            "info flat-line",
            "flat-line: a finding, and no schedule",
            "lrviz info --findings flat-line explains it",
            id="a finding as a schedule",
        ),
        pytest.param(
            "check cosine total==9",
            "total==9: bad schedule name 'total==9' in 'total==9'",
            "what is expected stands behind its option: --expect total==9",
            id="what is expected, without its option",
        ),
        pytest.param(
            'plot cosine:label=<b>"',
            """open quote at '"' in 'cosine:label=<b>"'""",
            "close it, or quote the value with '",
            id="a quote in a label that compares nothing",
        ),
        pytest.param(
            "diff cosine",
            "two sides are compared, not 1",
            "name the other behind it, or type lrviz show cosine",
            id="one side",
        ),
        pytest.param(
            "diff cosine:lr={1,2},warmup=0,steps=9 cosine:lr=1,warmup=0,steps=9",
            "cosine:lr={1,2},warmup=0,steps=9 and cosine:lr=1,warmup=0,steps=9 have no label in common",
            "name one curve of cosine:lr={1,2},warmup=0,steps=9, which has cosine:lr=1, cosine:lr=2: "
            '"cosine:lr=1,warmup=0,steps=9"',
            id="a sweep for a side",
        ),
        pytest.param(
            "diff cosine linear step --lr 0.1",
            "two sides are compared, not 3",
            "lrviz compare cosine linear step --lr 0.1 has them beside the first",
            id="three sides",
        ),
        pytest.param(
            "values cosine --steps 9 --every -1 -q",
            "--every -1 is less than a step",
            "--every 1 or more",
            id="a stride below 0",
        ),
        pytest.param(
            "values cosine --steps 9 --to -10 -q",
            "no steps from 0 to 0",
            "--to 1 or more",
            id="an end below 0",
        ),
        pytest.param("show cosine --json", "no option --json", "did you mean --format json?", id="a format"),
        pytest.param("show cosine -f csv", "no option -f", "did you mean --format csv?", id="a short format"),
        pytest.param("plot cosine --svg", "no option --svg", "did you mean --format svg?", id="a picture's"),
        pytest.param(
            "schema --csv",
            "no option --csv",
            "lrviz schema --help lists what it takes",
            id="no format here",
        ),
        pytest.param(
            "show cosine --rtol 1", "no option --rtol", "--rtol is an option of diff", id="of two, with one"
        ),
        pytest.param(
            "show cosine linear --rtol 1",
            "no option --rtol",
            "--rtol is an option of diff: lrviz diff cosine linear --rtol 1",
            id="of two",
        ),
        pytest.param(
            "diff cosine linear --get difference",
            "no option --get",
            "--get is an option of compare: lrviz compare cosine linear --get difference",
            id="of the command that answers alike",
        ),
        pytest.param(
            "schema show plan",
            "too many words: plan",
            "lrviz schema --help lists what it takes",
            id="too many",
        ),
        pytest.param(
            "identify", "no LOG is named", "for example lrviz identify trainer_state.json", id="too few"
        ),
        pytest.param(
            "diff HEAD:x.toml cosine",
            "HEAD:x.toml: no such file",
            "git:HEAD:x.toml is that file at a revision",
            id="a revision as git has it",
        ),
        pytest.param(
            "show cosine --get PEAK",
            "--get: 'PEAK': there is no fact 'PEAK' (column 1)",
            "did you mean peak?",
            id="a fact of a curve in capitals",
        ),
        pytest.param(
            "check cosine --expect PEAK==1",
            "--expect: 'PEAK==1': 'PEAK' begins no expectation (column 1)",
            "did you mean peak?",
            id="a fact in capitals",
        ),
        pytest.param(
            "show cosine --width 90 --steps 9",
            "no option --width",
            "the terminal's environment says it: COLUMNS=90 lrviz show cosine --steps 9",
            id="how wide a terminal is",
        ),
        pytest.param(
            "values cosine --no-color --steps 9",
            "no option --no-color",
            "the terminal's environment says it: NO_COLOR=1 lrviz values cosine --steps 9",
            id="no colours",
        ),
        pytest.param(
            "plot cosine --width 9",
            "no option --width",
            "lrviz plot --help lists what it takes",
            id="how wide a picture is",
        ),
        pytest.param(
            "show torch.StepLR --warmup-lr 1e-6",
            "no option --warmup-lr",
            "did you mean --warmup-start 1e-6?",
            id="where a warmup starts",
        ),
        pytest.param(
            "show cosine --warmup-lr 1e-6",
            "no option --warmup-lr",
            "--warmup-start 1e-6 is meant, and changes nothing of transformers.cosine",
            id="where a warmup starts that starts at 0",
        ),
        pytest.param("schema -o s.json", "no option -o", "it prints: lrviz schema > s.json", id="no spec"),
        pytest.param(
            "check cosine --expect last<1 --title x",
            "no option --title",
            '--title is an option of report: lrviz report cosine --expect "last<1" --title x',
            id="of the command that has the others too",
        ),
    ],
)
def test_the_way_out_of_a_word_that_is_not_taken(words, message, hint, tmp_path):
    done = run(tmp_path, *words.split())
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {message}\nhint: {hint}\n")
