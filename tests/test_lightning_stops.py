"""What ends Lightning before it trains: a config that it prints, a validation after no epoch's last batch."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import run
from configs import write

TEXT = (Path(__file__).parent / "foreign/lightning_cli/cosine_epochs.yaml").read_text()
EACH = "trainer.val_check_interval"
PRINTS, MORE = "prints the config and trains nothing", f"{EACH}=20 is more than the 5 batches of an epoch"


@pytest.mark.parametrize(
    ("options", "table", "said"),
    [
        pytest.param("--print_config", "", PRINTS, id="printed"),
        pytest.param("--print_config=skip_null", "", PRINTS, id="printed without null"),
        pytest.param(f"--{EACH}=20", "", MORE, id="in the command"),
        pytest.param("", "val_check_interval: 20", MORE, id="in the file"),
        pytest.param(f"--{EACH}=5", "", "", id="after the last batch"),
        pytest.param(f"--{EACH}=20 --trainer.limit_val_batches=0", "", "", id="none"),
        pytest.param(f"--{EACH}=20 --trainer.limit_val_batches=0.0", "", "", id="no share"),
        pytest.param(f"--{EACH}=20 --trainer.limit_val_batches=1", "", MORE, id="of one batch"),
        pytest.param(f"--{EACH}=0.5", "", "", id="a share"),
        pytest.param(f"--{EACH}=20 --trainer.check_val_every_n_epoch=null", "", "", id="of all epochs"),
        pytest.param(f"--{EACH}=20", "check_val_every_n_epoch: null", "", id="of all epochs by the file"),
        pytest.param(f"--{EACH}=20 --trainer.fast_dev_run=true", "", "", id="tried"),
    ],
)
def test_what_ends_it_before_it_trains(tmp_path, options, table, said):
    write(tmp_path / "c.yaml", TEXT.replace("trainer:", f"trainer:\n  {table}", 1))
    command = f"python main.py fit --config c.yaml {options}"
    done = run(tmp_path, "plan", "--batches-per-epoch", "10", "--world-size", "1", "--args", command)
    assert (done.returncode, said in done.stderr) == (2 if said else 0, True), done.stderr


@pytest.mark.parametrize(
    ("options", "is_said"),
    [
        pytest.param(["--dataset-len", "100"], True, id="a last batch of 4"),
        pytest.param(["--dataset-len", "96"], False, id="whole batches"),
        pytest.param(["--dataset-len", "100", "--drop-last"], False, id="dropped"),
        pytest.param(["--dataset-len", "100", "--given", "drop_last=false"], False, id="kept"),
        pytest.param(["--batches-per-epoch", "7"], False, id="counted"),
    ],
)
def test_a_last_batch_is_kept_by_the_data_module_not_by_lightning(tmp_path, options, is_said):
    write(tmp_path / "c.yaml", TEXT)
    done = run(tmp_path, "plan", "c.yaml", "--world-size", "1", *options)
    said = "the data module is taken to keep its last batch, of fewer than 16" in done.stderr
    assert (done.returncode, said, "drop_last  false    default" in done.stdout) == (0, is_said, False)
