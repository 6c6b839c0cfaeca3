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
