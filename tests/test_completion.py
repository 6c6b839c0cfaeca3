"""What a TAB offers."""

from __future__ import annotations

import pytest
from commands import loaded, run


def tab(home, line, **more):
    words = line.split(" ")
    done = run(home, _LRVIZ_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=len(words) - 1, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "some", "never"),
    [
        *(
            pytest.param(
                f"lrviz {command} cos", ["cosine", "cosine_annealing"], ["linear", "torch.CosineAnnealingLR"],
                id=f"{command} NAME",
            )
            for command in ("plot", "show", "compare", "values", "info")
        ),
        pytest.param("lrviz show cosine --steps 5 lin", ["linear"], ["cosine"], id="second name"),
        pytest.param("lrviz plot torch.S", ["torch.StepLR", "torch.SWALR"], ["torch.LinearLR"], id="id"),
        pytest.param("lrviz info get_wsd", ["get_wsd_schedule"], ["wsd"], id="alias"),
        pytest.param(
            "lrviz info ",
            ["wsd", "LinearLR", "mmengine.LinearLR"],
            ["get_wsd_schedule", "torch.LinearLR"],
            id="no word",
        ),
        pytest.param("lrviz plot cosine --trainer t", ["transformers"], ["none"], id="--trainer"),
        pytest.param("lrviz plan --trainer ", ["transformers", "none"], [], id="--trainer of plan"),
        pytest.param("lrviz list --framework t", ["torch", "transformers"], ["keras"], id="--framework"),
        pytest.param("lrviz list --format ", ["text", "json", "markdown"], [], id="--format of list"),
        pytest.param("lrviz info --format j", ["json"], ["text"], id="--format of info"),
        pytest.param("lrviz plot cosine --format ", ["png", "svg", "pdf"], [], id="--format of plot"),
        pytest.param("lrviz values cosine --format ", ["csv", "json", "plain", "text"], [], id="of values"),
        pytest.param("lrviz show cosine --warmup-mode ", ["front", "over"], [], id="any listed choice"),
        pytest.param("lrviz ", ["list", "info", "plot"], [], id="commands"),
        pytest.param("lrviz info zzz", [], ["cosine"], id="nothing"),
    ],
)  # fmt: skip
def test_a_tab_offers(line, some, never, tmp_path):
    offered = tab(tmp_path, line)
    assert set(some) <= set(offered)
    assert not set(never) & set(offered)
    start = line.rpartition(" ")[2]
    assert [word for word in offered if not word.startswith(start)] == []


def test_a_shell_that_shows_help_gets_the_summary(tmp_path):
    done = run(tmp_path, _LRVIZ_COMPLETE="complete_fish", _TYPER_COMPLETE_ARGS="lrviz info SequentialL",
               _TYPER_COMPLETE_FISH_ACTION="get-args")  # fmt: skip
    assert (
        done.stdout
        == "SequentialLR\tOne scheduler after another: number k takes over at milestones[k - 1]…\n"
    )


def test_a_shell_that_says_nothing_gets_an_answer(tmp_path):
    done = run(tmp_path, _LRVIZ_COMPLETE="complete_bash")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_tab_loads_no_more_than_names_need(tmp_path):
    (modules,) = loaded(
        tmp_path, "", _LRVIZ_COMPLETE="complete_bash", COMP_WORDS="lrviz plot cos", COMP_CWORD=2
    )
    assert "lrviz.cli.complete" in modules
    assert {"matplotlib", "rich", "torch", "keras"}.isdisjoint(modules)


TAKEN_APART = [
    pytest.param(["show", "cosine", ":", "lin"], [], id="parameters are no names"),
    pytest.param(["show", "--load", "=", "tri.py", "trap"], ["trapezoidal"], id="a file behind a sign"),
    pytest.param(["list", "--format", "=", "js"], ["json"], id="a choice behind a sign"),
    pytest.param(["list", "--load", "tri.py", "--framework", "ow"], ["own"], id="the framework of one's own"),
]


@pytest.mark.parametrize(("words", "offered"), TAKEN_APART)
def test_a_word_that_bash_has_taken_apart_is_one(words, offered, tmp_path):
    own = "import lrviz\n@lrviz.schedule\ndef trapezoidal(step):\n    return 1.0\n"
    (tmp_path / "tri.py").write_text(own)
    line = {"COMP_WORDS": "\n".join(["lrviz", *words]), "COMP_CWORD": len(words)}
    done = run(tmp_path, _LRVIZ_COMPLETE="complete_bash", **line)
    assert (done.returncode, done.stderr, done.stdout.split()) == (0, "", offered)
