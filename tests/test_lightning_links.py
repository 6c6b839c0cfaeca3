"""What a script of Lightning's command line links is its source, whatever the config says."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

SCRIPT = """\
from lightning.pytorch.cli import LightningCLI
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR

class CLI(LightningCLI):
    def add_arguments_to_parser(self, parser):
        parser.add_optimizer_args(SGD)
        parser.add_lr_scheduler_args(CosineAnnealingLR)
        {link}

CLI(Model, Data, trainer_defaults={{"devices": 1{more}}})
"""
LINK = 'parser.link_arguments("trainer.max_epochs", "lr_scheduler.T_max")'
EPOCHS, TAKEN = "trainer: {max_epochs: 6}\n", "lr_scheduler: {T_max: 10}\n"
FIRST = 'parser.link_arguments("trainer.max_epochs", "lr_scheduler.T_max", lambda n: 2 * n)'


def plan(folder, link, config, words, options, more=""):
    write(folder / "main.py", SCRIPT.format(link=link, more=more))
    write(folder / "c.yaml", f"{config}optimizer: {{lr: 0.1}}\n")
    command = f"python main.py fit --config c.yaml {words}"
    return run(folder, "plan", "--batches-per-epoch", "10", *options, "--args", command)


@pytest.mark.parametrize(
    ("link", "config", "words", "options", "t_max"),
    [
        pytest.param(LINK, EPOCHS, "", [], 6, id="of the config"),
        pytest.param(LINK, EPOCHS + TAKEN, "", [], 6, id="over the config"),
        pytest.param(LINK, EPOCHS, "--trainer.max_epochs 7", [], 7, id="of the command"),
        pytest.param(LINK, EPOCHS + TAKEN, "", ["--epochs", "9"], 9, id="of an option of lrviz"),
        pytest.param(LINK, TAKEN, "", ["--given", "trainer.max_epochs=8"], 8, id="asked for"),
        pytest.param(FIRST, EPOCHS, "", ["--given", "lr_scheduler.T_max=12"], 12, id="computed"),
        pytest.param(LINK.replace('"lr_s', 'target="lr_s'), EPOCHS, "", [], 6, id="by name"),
    ],
)
def test_a_linked_argument_is_its_source(tmp_path, link, config, words, options, t_max):
    done = plan(tmp_path, link, config, words, options)
    assert f"T_max={t_max}," in done.stdout, done.stderr
    over = "main.py:9 links trainer.max_epochs to lr_scheduler.T_max: the one of c.yaml:2"
    assert (over in done.stderr) == (config == EPOCHS + TAKEN)


def test_a_default_of_the_script_is_a_source(tmp_path):
    done = plan(tmp_path, LINK, TAKEN, "", [], ', "max_epochs": 12')
    assert "T_max=12," in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("link", "config", "words", "hint"),
    [
        pytest.param(LINK, TAKEN, "", "--given trainer.max_epochs=VALUE", id="a source that nobody says"),
        pytest.param(FIRST, EPOCHS + TAKEN, "", "--given lr_scheduler.T_max=VALUE", id="a function's"),
        pytest.param(LINK, EPOCHS, "--lr_scheduler.T_max 5", "write --trainer.max_epochs", id="it stops"),
    ],
)
def test_a_linked_argument_that_is_not_known_is_asked_for(tmp_path, link, config, words, hint):
    done = plan(tmp_path, link, config, words, [])
    assert (done.returncode, hint in done.stderr, "Unknown" in done.stderr) == (2, True, False), done.stderr


def test_a_model_that_makes_its_own_optimizer_is_not_asked_in_what_it_steps(tmp_path):
    made = "LightningCLI(Model, auto_configure_optimizers=False)"
    write(tmp_path / "main.py", f"from lightning.pytorch.cli import LightningCLI\n{made}\n")
    write(tmp_path / "c.yaml", "trainer: {max_epochs: 3, devices: 1}\nmodel: {a: 1}\n")
    done = run(tmp_path, "plan", "--args", "python main.py fit --config c.yaml")
    assert "it names no optimizer" in done.stderr, done.stderr
    hint = done.stderr.partition("lrviz show ")[2].split()
    assert "1000 steps" in run(tmp_path, "show", *hint).stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param("--lr_scheduler CosineAnnealingLR", 0, "T_max=7,", id="from the command"),
        pytest.param(
            "--lr_scheduler CosineAnnealingLR --lr_scheduler.T_max 9", 2, "Lightning stops", id="twice"
        ),
    ],
)
def test_a_link_holds_where_no_config_and_no_default_is(tmp_path, words, code, said):
    link = 'parser.link_arguments("trainer.max_epochs", "lr_scheduler.init_args.T_max")'
    body = SCRIPT.format(link=link, more="").replace("        parser.add_optimizer_args(SGD)\n", "")
    body = body.replace("        parser.add_lr_scheduler_args(CosineAnnealingLR)\n", "")
    write(tmp_path / "main.py", body.replace(', trainer_defaults={"devices": 1}', ""))
    line = "python main.py fit --trainer.max_epochs 7 --trainer.devices 1 --optimizer SGD --optimizer.lr 0.1"
    done = run(tmp_path, "plan", "--batches-per-epoch", "10", "--args", f"{line} {words}")
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stderr
