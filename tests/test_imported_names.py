"""What a script has of a module beside it: its constants, and functions that change what was parsed."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

CONF = """import os
LR = 7e-5
CFG = dict(lr=LR * 2)
class C:
    lr = 3e-5
class M(Base):
    lr = 1
MADE = make()
"""
CALL = 'from transformers import TrainingArguments\nTrainingArguments("o", learning_rate={}, max_steps=9)\n'


def lr_of(tmp_path, text, *options):
    write(tmp_path / "train.py", text)
    words = ("--args", "python train.py", "--dataset-len", "101", *options)
    return run(tmp_path, "values", *words, "--at", "0", "--plain", "-q")


@pytest.mark.parametrize(
    ("imports", "value", "lr"),
    [
        pytest.param("import conf", "conf.LR", 7e-5, id="by its module"),
        pytest.param("import conf as c", "c.LR", 7e-5, id="by another name"),
        pytest.param("from conf import LR", "LR", 7e-5, id="its own"),
        pytest.param("from conf import LR as R", "R", 7e-5, id="its own by another name"),
        pytest.param("from .conf import CFG", 'CFG["lr"]', 1.4e-4, id="of a dict"),
        pytest.param("from . import conf", "conf.C.lr", 3e-5, id="of a class"),
        pytest.param("import conf\nconf.LR = 1e-3", "conf.LR", 1e-3, id="set by the script"),
        pytest.param("import conf\nif cuda():\n    conf.LR = 1e-3", "conf.LR", None, id="perhaps set"),
        pytest.param("import conf\ndef f():\n    conf.LR = 1\nf()", "conf.LR", None, id="set by a function"),
        pytest.param("from conf import CFG\nchange(CFG)", 'CFG["lr"]', None, id="perhaps changed"),
        pytest.param("import conf", "conf.MADE", None, id="of a call"),
        pytest.param("import pkg", "pkg.LR", 2e-5, id="of a package"),
        pytest.param("from pkg import LR", "LR", 2e-5, id="its own of a package"),
        pytest.param("import other", "other.LR", None, id="of a module that is not here"),
    ],
)
def test_constants_of_a_module_beside(tmp_path, imports, value, lr):
    write(tmp_path / "conf.py", CONF)
    write(tmp_path / "pkg.py", "LR = 1\n")
    (tmp_path / "pkg").mkdir()
    write(tmp_path / "pkg" / "__init__.py", "LR = 2e-5\n")  # which Python prefers
    done = lr_of(tmp_path, f"{imports}\n{CALL.format(value)}")
    assert done.returncode == (2 if lr is None else 0), done.stderr
    assert lr is None or float(done.stdout) == pytest.approx(lr, rel=1e-15)


PARSED = """import argparse
from fixes import fix
p = argparse.ArgumentParser()
p.add_argument("--lr", type=float, default=1e-4)
a = p.parse_args()
fix(a)
"""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param("a.lr *= 2", 2, id="an attribute"),
        pytest.param('setattr(a, "lr", 1)', 2, id="setattr"),
        pytest.param("for k, v in x.items():\n        setattr(a, k, v)", 2, id="in a loop"),
        pytest.param("vars(a).update(x)", 2, id="vars"),
        pytest.param("a.seed = 1\n    print(a.lr)", 0, id="another one"),
    ],
)
def test_functions_of_a_module_beside(tmp_path, body, status):
    write(tmp_path / "fixes.py", f"def fix(a):\n    {body}\n")
    done = lr_of(tmp_path, PARSED + CALL.format("a.lr"))
    assert (done.returncode, "--given lr=VALUE" in done.stderr) == (status, status == 2), done.stderr


@pytest.mark.parametrize(
    ("options", "lr"),
    [pytest.param((), 1e-4, id="not"), pytest.param(("--given", "LR=2e-4"), 2e-4, id="given")],
)
def test_whether_a_variable_is_set(tmp_path, options, lr):
    value = 'float(os.environ["LR"]) if "LR" in os.environ else 1e-4'
    done = lr_of(tmp_path, f"import os\n{CALL.format(value)}", *options)
    assert (done.returncode, float(done.stdout)) == (0, lr), done.stderr
