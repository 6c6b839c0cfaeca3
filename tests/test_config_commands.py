"""Configs on the command line: what is printed, written and refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import run
from configs import FLAT, NAME, TWO, write

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def lrviz_command(*arguments, stdin=""):
    """What the command prints, both streams in one."""
    done = run(Path(), *arguments, stdin=stdin.encode(), together=True)
    return done.returncode, done.stdout


def test_the_command_prints_every_fault_and_one_hint():
    write("run.toml", FLAT + "warmupp = 3\ncalls = true\n")
    assert lrviz_command("show", "run.toml") == (
        2,
        """\
error: run.toml:5: warmupp: unknown key
error: run.toml:6: calls: expected a whole number from 1 to 65536, got true
hint: line 5: warmup says it already: leave warmupp out; line 6: calls = 2
""",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            'name = "cosine"\nsteps = 10\n',
            """\
error: run.toml:1: cosine: the learning rate and num_warmup_steps (warmup steps) are missing
hint: give lr = 1e-3, warmup = "10%"
""",
            id="no LR, no warmup",
        ),
        pytest.param(
            '[defaults]\nlr = 1\n[[schedule]]\nname = "cosine"\nsteps = 5\nwarmup = 0\n[[schedule]]\n'
            'label = "b"\nname = "linear"\nepochs = 3\n',
            """\
error: run.toml:9: b: the length of the run and num_warmup_steps (warmup steps) are missing
hint: give steps = 1000, warmup = "10%", or dataset_len = 1235, batch_size = 32 in place of steps
""",
            id="no length: nothing comes from the example",
        ),
        pytest.param(
            'name = "step"\nsteps = 5\nlr = 1\n',
            """\
error: run.toml:1: step: torch.StepLR needs step_size (ticks)
hint: step_size = "30%"
""",
            id="no starter: a config is strict",
        ),
    ],
)
def test_what_only_the_run_tells_names_file_and_schedule(text, said):
    write("run.toml", text)
    assert lrviz_command("show", "run.toml") == (2, said)


@pytest.mark.parametrize("count", [2, 10, 13])
def test_every_schedule_that_is_refused_is_said(count):
    """Each with its line, ten at most; those that are right in between are none of them."""
    wrong, right = '[[schedule]]\nname = "cosine"\nwarmup = 0\n', '[[schedule]]\nname = "constant"\nlr = 1\n'
    write(
        "run.toml",
        "[plan]\nsteps = 9\n"
        + (wrong + right) * (count - 1)
        + wrong.replace("cosine", "StepLR").replace("warmup = 0", "lr = 1"),
    )
    lines = [4 + 6 * i for i in range(count)]
    said = [f"error: run.toml:{line}: cosine: the learning rate is missing" for line in lines[: count - 1]]
    said = [*said, f"error: run.toml:{lines[-1]}: StepLR: torch.StepLR needs step_size (ticks)"][:10]
    hint = "lr = 1e-3"
    if count <= 10:
        at = ", ".join(map(str, lines[:-1]))
        hint = f'line {at}: {hint}; line {lines[-1]}: step_size = "30%"'
    more = [f"error: run.toml: and {count - 10} more"] if count > 10 else []
    assert lrviz_command("show", "run.toml") == (2, "\n".join([*said, *more, f"hint: {hint}", ""]))


@pytest.mark.parametrize(
    ("spec", "options", "total", "lr"),
    [
        pytest.param("linear:warmup=0", "", 100, 0.001, id="length and LR"),
        pytest.param("linear:warmup=0,steps=20", "", 20, 0.001, id="its own length"),
        pytest.param("linear:warmup=0,lr=1", "", 100, 1.0, id="its own LR"),
        pytest.param("linear:warmup=0", "--lr 2", 100, 2.0, id="an option for the LR"),
        pytest.param("linear:warmup=0", "--steps 50", 50, 0.001, id="an option for the length"),
    ],
)
def test_a_spec_runs_as_long_as_the_config_beside_it(spec, options, total, lr):
    """In every command, also in those that assume nothing."""
    write("run.toml", 'name = "cosine"\nsteps = 100\nlr = 1e-3\nwarmup = 0\n')
    words = ["run.toml", spec, *options.split()]
    expected = [f"linear: {fact}" for fact in (f"total == {total}", f"first == {lr}")]
    asked = [word for text in expected for word in ("--expect", text)]
    assert lrviz_command("check", *words, *asked, "-q")[0] == 0
    for command in ("show", "compare"):
        assert lrviz_command(command, *words, "--get", "total", "-q")[1].split()[-1] == str(total)
    code, said = lrviz_command("values", *words, "--at", "0", "-q")
    assert (code, said.splitlines()[-1].rpartition(",")[2]) == (0, str(lr))


def test_a_spec_has_no_lr_of_a_config_without_a_peak():
    write("run.toml", 'name = "keras.PiecewiseConstantDecay"\nboundaries = [5]\nvalues = [2, 1]\nsteps = 9\n')
    code, said = lrviz_command("check", "run.toml", "linear:warmup=0")
    assert (code, said.splitlines()[-1]) == (2, "hint: give --lr 1e-3")


def test_labels_tell_what_differs():
    write(
        "run.toml",
        '[plan]\nsteps = 9\n[defaults]\nlr = 1\n[[schedule]]\nname = "cosine"\nwarmup = 0\n'
        '[[schedule]]\nname = "cosine"\nwarmup = 5\n',
    )
    _, said = lrviz_command("values", "run.toml", "--at", "5")
    assert said.splitlines()[0] == "step,epoch,cosine:warmup=0,cosine:warmup=5"
    _, said = lrviz_command("values", "run.toml", "--at", "5", "--warmup", "5")
    assert said == "step,epoch,cosine,cosine [2]\n5,,1.0,1.0\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FLAT, id="TOML"),
        pytest.param('\n {"name": "cosine", "lr": 1e-3, "steps": 10, "warmup": 0}', id="JSON"),
    ],
)
def test_stdin(text):
    assert lrviz_command("values", "-", "--at", "0", stdin=text) == (0, "step,epoch,cosine\n0,,0.001\n")


def test_stdin_names_itself():
    assert lrviz_command("show", "-", stdin="lr = 1\n") == (
        2,
        f"error: stdin: name is missing\nhint: {NAME}\n",
    )


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        pytest.param(["logs/run.toml"], "1.0\n1.0\n1.0\n0.1\n", id="a config, beside itself"),
        pytest.param(["plateau:patience=1,metrics=logs/loss.csv:val"], "1.0\n1.0\n1.0\n0.1\n", id="a word"),
        pytest.param(
            ["plateau:patience=1", "--metrics", "logs/loss.csv:val"], "1.0\n1.0\n1.0\n0.1\n", id="the flag"
        ),
        pytest.param(
            ["plateau:patience=1,metrics=logs/loss.csv:val", "--metrics", "logs/loss.csv:train"],
            "1.0\n1.0\n1.0\n0.1\n",
            id="the word over the flag",
        ),
        pytest.param(
            ["logs/run.toml", "--metrics", "logs/loss.csv:train"],
            "1.0\n1.0\n1.0\n1.0\n",
            id="the flag over the config",
        ),
    ],
)
def test_metrics(words, plain):
    write("logs/loss.csv", "train,val\n4,1\n3,2\n2,3\n1,4\n")
    write("logs/run.toml", 'name = "plateau"\npatience = 1\nmetrics = "loss.csv:val"\n')
    assert lrviz_command("values", *words, "--lr", "1", "--steps", "4", "--plain", "-q") == (0, plain)


def test_metrics_that_are_not_there():
    write("run.toml", 'name = "plateau"\npatience = 1\nmetrics = "loss.csv:val"\nlr = 1\nsteps = 3\n')
    assert lrviz_command("show", "run.toml") == (
        2,
        """\
error: run.toml:1: plateau: cannot read 'loss.csv': no such file or directory
hint: metrics = "FILE.csv:column"
""",
    )


@pytest.mark.parametrize(
    ("words", "files", "note"),
    [
        pytest.param(["run.toml"], ["a.png", "b.svg"], "", id="its own output"),
        pytest.param(["run.toml", "-o", "c.svg"], ["c.svg"], "", id="the option wins"),
        pytest.param(["run.toml", "linear:lr=1,steps=3", "-o", "c.svg"], ["c.svg"], "", id="with company"),
        pytest.param(
            ["run.toml", "linear:lr=1,steps=3,warmup=0"],
            ["cosine-linear.png"],
            "note: [output] counts only for a config alone, and was not used",
            id="with company, unused",
        ),
    ],
)
def test_output(words, files, note):
    write("run.toml", FLAT + '[output]\nfile = ["a.png", "b.svg"]\ntitle = "T"\n')
    code, said = lrviz_command("plot", *words)
    assert (code, sorted(path.name for path in Path().iterdir() if path.suffix != ".toml")) == (0, files)
    assert [line for line in said.splitlines() if "[output]" in line] == ([note] if note else [])


def test_the_title_is_the_configs_unless_an_option_says_another():
    write("run.toml", FLAT + '[output]\ntitle = "Mine"\n')
    for arguments in (
        ["run.toml", "-o", "a.png"],
        ["run.toml", "-o", "b.png", "--title", "Mine"],
        ["run.toml", "-o", "c.png", "--title", "Other"],
    ):
        assert lrviz_command("plot", *arguments)[0] == 0
    own, same, other = (Path(name).read_bytes() for name in ("a.png", "b.png", "c.png"))
    assert own == same != other


@pytest.mark.parametrize("schedules", [["run.toml"], ["cosine:lr=1,steps=9"]], ids=["config", "spec"])
def test_an_empty_title_takes_no_room(schedules):
    write("run.toml", FLAT + '[output]\ntitle = "Mine"\n')
    for more in (["-o", "a.png"], ["-o", "b.png", "--title", ""]):
        assert lrviz_command("plot", *schedules, *more)[0] == 0
    usual, without = (int.from_bytes(Path(name).read_bytes()[20:24]) for name in ("a.png", "b.png"))
    assert without < usual


PLANS = TWO + '[[schedule]]\nname = "linear"\nlabel = "short"\nsteps = 30\n'


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["two.toml"], "total steps   steps = 100\nwarmup steps  5\n", id="one plan"),
        pytest.param(
            ["two.toml", "--max-steps", "40"],
            "total steps   max_steps = 40\nwarmup steps  2\n",
            id="a flag wins",
        ),
        pytest.param(
            ["plans.toml"],
            """\
cosine, steps:
total steps   steps = 100
warmup steps  5

short:
total steps     steps = 30
warmup steps    1  (5% of 30 is 1: int(30 * 0.05), the exact product is 1.5)
other trainers  transformers: warmup 2 (+1)
""",
            id="several plans",
        ),
        pytest.param(
            ["plans.toml", "--get", "total", "-q"], "cosine\t100\nsteps\t100\nshort\t30\n", id="numbers"
        ),
        pytest.param(["two.toml", "--get", "warmup", "-q"], "5\n", id="a bare number"),
        pytest.param(
            ["cosine:epochs=2"],
            """\
dataset_len      1235 (example)
batch_size       32 (example)
steps per epoch  ceil(1235 / 32) = 39
total steps      39 * 2 = 78
other trainers   timm, torchtune: 76 steps (-2)
""",
            id="a spec's plan",
        ),
    ],
)
def test_plan(arguments, said):
    write("two.toml", TWO)
    write("plans.toml", PLANS)
    assert lrviz_command("plan", *arguments) == (0, said)


def test_plan_as_json():
    write("two.toml", TWO)
    write("plans.toml", PLANS)
    one = json.loads(lrviz_command("plan", "two.toml", "--format", "json", "-q")[1])
    several = json.loads(lrviz_command("plan", "plans.toml", "--format", "json", "-q")[1])
    assert (one["schema"], one["total_steps"], one["assumptions"]) == (1, 100, {})
    assert [(plan["labels"], plan["total_steps"]) for plan in several["plans"]] == [
        (["cosine", "steps"], 100),
        (["short"], 30),
    ]


def test_plan_assumes_nothing_for_a_config():
    write("run.toml", 'name = "cosine"\nlr = 1\nepochs = 3\n')
    assert lrviz_command("plan", "run.toml") == (
        2,
        """\
error: run.toml:1: cosine: the length of the run and num_warmup_steps (warmup steps) are missing
hint: give steps = 1000, warmup = "10%", or dataset_len = 1235, batch_size = 32 in place of steps
""",
    )


@pytest.mark.parametrize(
    ("word", "warning"),
    [
        pytest.param(
            "cosine_annealing:eta_min=0.1",
            "warning: cosine_annealing: a flat line at 0.1\n",
            id="floor at the LR",
        ),
        pytest.param("step:step_size=500", "warning: step: a flat line at 0.1\n", id="a step behind the end"),
        pytest.param("constant", "", id="meant to be flat"),
        pytest.param("linear:warmup=0,steps=1", "", id="a single step"),
    ],
)
def test_a_flat_line_is_told(word, warning):
    for quiet in ([], ["-q"]):
        _, said = lrviz_command("show", word, "--lr", "0.1", "--steps", "100", *quiet)
        assert "".join(line + "\n" for line in said.splitlines() if "flat" in line) == warning
