"""nanoGPT's own train.py, where it is here: its names are the defaults, as they have been edited."""

from __future__ import annotations

import math
from types import SimpleNamespace

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
{loop}"""
LOOP = """while True:
    lr = get_lr(iter_num) if decay_lr else learning_rate
    for param_group in optimizer.param_groups:
        param_group['lr'] = lr
    if iter_num == 0 and eval_only:
        break
    optimizer.step()
    iter_num += 1
    if iter_num > max_iters:
        break
"""
OLD_LOOP = """while True:
    if decay_lr:
        lr = get_lr(iter_num)
        for param_group in optimizer.param_groups:
            param_group["lr"] = lr
    else:
        lr = learning_rate
    optimizer.step()
    iter_num += 1
    if iter_num >= max_iters:
        break
"""
FROM_ONE = "learning_rate * (it + 1) / (warmup_iters + 1)"
FROM_ZERO = "learning_rate * it / warmup_iters"
COSINE = "min_lr + coeff * (learning_rate - min_lr)"


def script(folder, lr="2e-3", behind="", warmup=FROM_ONE, cosine=COSINE, loop=LOOP):
    text = SCRIPT.format(lr=lr, behind=behind, warmup=warmup, cosine=cosine, loop=loop)
    write(folder / "train.py", text)
    write(folder / "config/small.py", "max_iters = 100\nlr_decay_iters = 100\n")
    return text


def of_the_script(text, **said):
    """The LR of each update that the text itself makes, run as Python with names over its own."""
    lrs, groups = [], [{}]
    text = text.replace("exec(open('configurator.py').read())", "globals().update(said)")
    optimizer = SimpleNamespace(param_groups=groups, step=lambda: lrs.append(groups[0]["lr"]))
    exec(text, {"said": said, "optimizer": optimizer})
    return lrs


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
@pytest.mark.parametrize("loop", [LOOP, OLD_LOOP], ids=["until above", "of 2022"])
def test_the_names_of_the_script_are_the_defaults(tmp_path, line, said, warmup, loop):
    text = script(tmp_path, warmup=warmup, loop=loop)
    right = of_the_script(text, **said)
    steps = [0, 1, 39, 40, len(right) - 1]
    words = ["train.py"] if line == "plain" else ["--args", line]
    done = run(tmp_path, "values", *words, "--at", ",".join(map(str, steps)), "--plain")
    assert done.returncode == 0, done.stderr
    assert "assumed" not in done.stderr
    found = [float(one.split()[-1]) for one in done.stdout.split("\n") if one]
    assert found == pytest.approx([right[one] for one in steps], rel=1e-12)
    assert not any(map(math.isnan, found))
    done = run(tmp_path, "values", *words, "--at", str(len(right)), "--plain")
    assert f"steps from {len(right)} on lie after the end" in done.stderr


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


SET = "param_group['lr'] = lr"
CALLED = "get_lr(iter_num) if"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        pytest.param(SET, f"{SET} * 0.5", 28, "", id="a share in the groups"),
        pytest.param(SET, "param_group['lr'] = max(lr, 1e-4)", 28, "", id="a floor"),
        pytest.param(CALLED, "get_lr(iter_num // 2) if", 26, "", id="half as fast"),
        pytest.param(CALLED, "get_lr(iter_num + 1) if", 26, "", id="one ahead"),
        pytest.param(
            f"{CALLED} decay_lr else learning_rate", "0.99 ** iter_num", 26, "", id="another formula"
        ),
        pytest.param("while True", "while iter_num < max_iters", 26, "", id="the loop's condition"),
        pytest.param("while True", "for iter_num in range(max_iters)", 25, "", id="another loop"),
        pytest.param("iter_num += 1", "iter_num += 40", 32, "", id="counts otherwise"),
        pytest.param(
            "    optimizer.step()\n    iter_num += 1",
            "    iter_num += 1\n    optimizer.step()",
            31,
            "",
            id="order",
        ),
        pytest.param(
            "    optimizer.step()",
            "    if iter_num % 4 == 3:\n        optimizer.step()",
            32,
            "",
            id="fewer updates",
        ),
        pytest.param(
            "    optimizer.step()",
            "    optimizer.step()\n    if loss < 1:\n        break",
            33,
            "if loss < 1: break",
            id="early end",
        ),
        pytest.param(
            "    optimizer.step()",
            "    if skip(iter_num):\n        continue\n    optimizer.step()",
            32,
            "",
            id="passed over",
        ),
        pytest.param(
            "    optimizer.step()",
            "    if iter_num < 100:\n        lr = 1e-6",
            32,
            "",
            id="set in a condition",
        ),
        pytest.param(
            "    optimizer.step()",
            "    optimizer.step()\n    scheduler.step()",
            32,
            "scheduler.step()",
            id="a scheduler",
        ),
        pytest.param(
            "    optimizer.step()",
            "    set_lr(optimizer, 1e-6)\n    optimizer.step()",
            31,
            "set_lr(",
            id="by a call",
        ),
        pytest.param(LOOP, "", 0, "part of it is missing", id="none"),
    ],
)
@pytest.mark.parametrize("command", ["", "python train.py config/small.py --min_lr=2e-5"])
def test_a_loop_that_is_not_nanogpts_is_asked_for(tmp_path, command, old, new, line, said):
    assert old in LOOP
    script(tmp_path, loop=LOOP.replace(old, new))
    words = ["--args", command] if command else ["train.py"]
    done = run(tmp_path, "plan", *words)
    place = f"train.py:{line}" if line else "train.py"
    assert (done.returncode, f"{place}: its training loop is not nanoGPT's: " in done.stderr) == (2, True), (
        done.stderr
    )
    assert said in done.stderr
    done = run(tmp_path, "plan", *words, "--given", "loop=nanogpt")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("optimizer.step()", "scaler.unscale_(optimizer); scaler.step(optimizer)", id="a scaler"),
        pytest.param(
            "optimizer.step()",
            "if scaler:\n        scaler.step(optimizer)\n    else:\n        optimizer.step()",
            id="or none",
        ),
        pytest.param(
            "optimizer.step()",
            "optimizer.step()\n    save(model, optimizer)\n    profiler.step()",
            id="saved",
        ),
        pytest.param(
            "optimizer.step()",
            "for x in data:\n        if x:\n            break\n    optimizer.step()",
            id="an inner loop",
        ),
        pytest.param(
            "while True:", "while True:\n    log({'lr': group['lr'] for group in groups})", id="told"
        ),
    ],
)
def test_a_loop_with_other_lines_is_nanogpts(tmp_path, old, new):
    script(tmp_path, loop=LOOP.replace(old, new))
    done = run(tmp_path, "plan", "train.py")
    assert done.returncode == 0, done.stderr


BROUGHT = "learning_rate = 1e-3\nmax_iters = 100\nlr_decay_iters = 100\nwarmup_iters = 5\n"
OF_BOTH = "lr=1e-3,steps=201,lr_decay_iters=100,warmup_iters=5,"


@pytest.mark.parametrize(
    ("config", "line", "said"),
    [
        pytest.param("from config.base import *\nmax_iters = 200", "train.py", OF_BOTH, id="imported"),
        pytest.param(
            "exec(open('config/base.py').read())\nmax_iters = 200", "train.py", OF_BOTH, id="executed"
        ),
        pytest.param(
            "from config.base import *\nmax_iters = 200",
            "train.py --max_iters=50",
            OF_BOTH.replace("201", "51"),
            id="an option over both",
        ),
        pytest.param("from config.base import *\nmax_iters = 200", "", OF_BOTH, id="without a command"),
        pytest.param(
            "from math import *\nmax_iters = int(sqrt(100))\nlr_decay_iters = 9",
            "train.py",
            "does not say max_iters",
            id="of Python",
        ),
        pytest.param(
            "from base import *\nmax_iters = 200",
            "train.py",
            "learning_rate (line 1 of config/a.py brings in what is not read: from base import *)",
            id="of nothing that is here",
        ),
        pytest.param(
            "max_iters = 200\nfrom config.base import *",
            "train.py",
            "max_iters (line 2 of config/a.py brings in",
            id="over what the config says",
        ),
        pytest.param(
            f"exec(open(x).read())\n{BROUGHT}decay_lr = True\nmin_lr = 1e-4\ngradient_accumulation_steps = 8",
            "train.py",
            "lr=1e-3,steps=101,lr_decay_iters=100,warmup_iters=5,min_lr=1e-4",
            id="nothing of it is left",
        ),
        pytest.param(
            "from config.base import learning_rate\nmax_iters = 200",
            "train.py",
            "does not say learning_rate (line 1 of config/a.py brings in",
            id="one name",
        ),
        pytest.param(
            f"from numpy import pi\n{BROUGHT}", "train.py", OF_BOTH.replace("201", "101"), id="another name"
        ),
        pytest.param(
            "try:\n    from config.base import *\nexcept ImportError:\n    pass\n",
            "train.py",
            "(line 2 of config/a.py brings in what is not read",
            id="tried",
        ),
        pytest.param(
            "with open('config/base.py') as f:\n    exec(f.read())\n",
            "train.py",
            "line 2 of config/a.py brings in what is not read: exec(f.read())",
            id="an open file",
        ),
        pytest.param(
            "globals().update(read())", "train.py", "(line 1 of config/a.py brings in what", id="any names"
        ),
    ],
)
def test_a_config_brings_in_others(tmp_path, config, line, said):
    write(tmp_path / "config" / "base.py", BROUGHT)
    write(tmp_path / "config" / "a.py", config)
    program, *options = line.split() or [""]
    words = ["--args", " ".join(["python", program, "config/a.py", *options])] if program else ["config/a.py"]
    done = run(tmp_path, "plan", "--trainer", "nanogpt", *words)
    shown = done.stderr if "(" in said or "say" in said else done.stdout
    assert said in shown, done.stderr + done.stdout
