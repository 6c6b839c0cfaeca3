"""nanoGPT's own train.py, where it is here: its names are the defaults, as they have been edited."""

from __future__ import annotations

import math

import pytest
from commands import run
from configs import write

SCRIPT = """import math, os
learning_rate = {lr}
min_lr = 1e-5
max_iters = 400
lr_decay_iters = 400
warmup_iters = 5 * 8
decay_lr = True
gradient_accumulation_steps = 5 * 8
eval_only = False
config_keys = [k for k, v in globals().items() if isinstance(v, (int, float, bool, str))]
exec(open('configurator.py').read())
{behind}
ddp = int(os.environ.get('RANK', -1)) != -1
if ddp:
    gradient_accumulation_steps //= int(os.environ['WORLD_SIZE'])
def get_lr(it):
    if it < warmup_iters:
        return {warmup}
    if it > lr_decay_iters:
        return min_lr
    decay_ratio = (it - warmup_iters) / (lr_decay_iters - warmup_iters)
    coeff = 0.5 * (1.0 + math.cos(math.pi * decay_ratio))
    return {cosine}
iter_num = 0
while iter_num <= max_iters:
    lr = get_lr(iter_num) if decay_lr else learning_rate
    iter_num += 1
"""
FROM_ONE = "learning_rate * (it + 1) / (warmup_iters + 1)"
FROM_ZERO = "learning_rate * it / warmup_iters"
COSINE = "min_lr + coeff * (learning_rate - min_lr)"


def script(folder, lr="2e-3", behind="", warmup=FROM_ONE, cosine=COSINE):
    text = SCRIPT.format(lr=lr, behind=behind, warmup=warmup, cosine=cosine)
    write(folder / "train.py", text)
    write(folder / "config/small.py", "max_iters = 100\nlr_decay_iters = 100\n")
    return text


def of_the_script(text, steps, **said):
    """The LRs that the text itself gives, run as Python with names over its own."""
    lrs = []
    text = text.replace("exec(open('configurator.py').read())", "globals().update(said)")
    exec(text.replace("    iter_num += 1", "    lrs.append(lr); iter_num += 1"), {"said": said, "lrs": lrs})
    return [lrs[one] for one in steps]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("plain", {}, id="alone"),
        pytest.param("python train.py", {}, id="started"),
        pytest.param(
            "python train.py config/small.py", {"max_iters": 100, "lr_decay_iters": 100}, id="a config"
        ),
        pytest.param(
            "torchrun --nproc_per_node=8 train.py --max_iters=50 --learning_rate=1e-4",
            {"max_iters": 50, "learning_rate": 1e-4},
            id="options",
        ),
    ],
)
@pytest.mark.parametrize("warmup", [FROM_ONE, FROM_ZERO])
def test_the_names_of_the_script_are_the_defaults(tmp_path, line, said, warmup):
    text = script(tmp_path, warmup=warmup)
    steps = [0, 1, 39, 40, 50, said.get("max_iters", 400)]
    words = ["train.py"] if line == "plain" else ["--args", line]
    done = run(tmp_path, "values", *words, "--at", ",".join(map(str, steps)), "--plain")
    assert done.returncode == 0, done.stderr
    assert "assumed" not in done.stderr
    found = [float(one.split()[-1]) for one in done.stdout.split("\n") if one]
    assert found == pytest.approx(of_the_script(text, steps, **said), rel=1e-12)
    assert not any(map(math.isnan, found))


@pytest.mark.parametrize(
    ("changed", "said", "hint"),
    [
        pytest.param(
            {"behind": "min_lr = learning_rate / 10"},
            "min_lr (line 12 of train.py sets it again)",
            "--given min_lr=VALUE",
            id="set again",
        ),
        pytest.param(
            {"behind": "def halve():\n    global learning_rate\n    learning_rate /= 2"},
            "learning_rate (line 13 of train.py sets it again)",
            "--given learning_rate=VALUE",
            id="by a function",
        ),
        pytest.param(
            {"cosine": "learning_rate"},
            "train.py:16: its get_lr is not nanoGPT's",
            "--given get_lr=nanogpt",
            id="another schedule",
        ),
        pytest.param(
            {"behind": "import schedules", "warmup": "schedules.warmup(it)"},
            "train.py:16: its get_lr is not nanoGPT's",
            "--given get_lr=nanogpt",
            id="another warmup",
        ),
    ],
)
@pytest.mark.parametrize("line", ["", "python train.py config/small.py --min_lr=2e-5"])
def test_what_the_script_makes_otherwise_is_asked_for(tmp_path, changed, said, hint, line):
    script(tmp_path, **changed)
    words = ["--args", line] if line else ["train.py"]
    done = run(tmp_path, "plan", *words)
    assert (done.returncode, said in done.stderr, hint in done.stderr) == (2, True, True), done.stderr
    answer = hint.split()[1].replace("VALUE", "1e-4")
    done = run(tmp_path, "plan", *words, "--given", answer)
    assert done.returncode == 0, done.stderr
