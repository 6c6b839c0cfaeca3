"""Files that a line of a script may have made or changed are asked for, all others are read."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

OLD = (
    "base_model: m\nlearning_rate: 7e-4\nmax_steps: 100\nmicro_batch_size: 1\n"
    "gradient_accumulation_steps: 1\n"
)
IN_PLACE = "axolotl train old.yaml"


def peak(folder, text, *options):
    write(folder / "old.yaml", OLD)
    write(folder / "run.sh", text)
    return run(folder, "show", "run.sh", "--get", "peak", "--world-size", "1", "--dataset-len", "9", *options)


MADE_OF_IT = "what make makes of old.yaml is not known"
MAY_CHANGE = "whether sed is run, and changes old.yaml, is not known"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("if test -f x; then sed -i s/7e-4/1e-4/ old.yaml; fi", MAY_CHANGE, id="a branch"),
        pytest.param("for f in old.yaml x.yaml; do sed -i s/7e-4/1e-4/ $f; done", MAY_CHANGE, id="a loop"),
        pytest.param("find . -name '*.yaml' -exec sed -i s/7e-4/1e-4/ {} +", MAY_CHANGE, id="find"),
        pytest.param("ls | xargs -I% sed -i s/7e-4/1e-4/ %", MAY_CHANGE, id="xargs"),
        pytest.param("sed -i s/7e-4/1e-4/ $1", MAY_CHANGE, id="a file that nobody knows"),
        pytest.param("sed -i s/7e-4/1e-4/ $DIR/old.yaml", MAY_CHANGE, id="in a folder that nobody knows"),
        pytest.param("[ -f x.yaml ] && cp x.yaml old.yaml", MAY_CHANGE.replace("sed", "cp"), id="cp if"),
        pytest.param("cp -u x.yaml old.yaml", MAY_CHANGE.replace("sed", "cp"), id="cp of what is newer"),
        pytest.param("test -n $X && cat x.yaml > old.yaml", MAY_CHANGE.replace("sed", "cat"), id="cat if"),
        pytest.param("cp $DIR/*.yaml .", MADE_OF_IT.replace("make ", "cp "), id="cp of what nobody knows"),
        pytest.param("rm -f old.yaml", "rm takes old.yaml away", id="rm"),
        pytest.param("rm *.yaml", "rm takes old.yaml away", id="rm of all"),
        pytest.param("rm -rf .", "rm takes old.yaml away", id="rm of the folder"),
        pytest.param("mv old.yaml kept.yaml", "mv takes old.yaml away", id="mv"),
        pytest.param("test -n $X && rm old.yaml", "rm may take old.yaml away", id="rm if"),
        pytest.param("make config", MADE_OF_IT, id="make"),
        pytest.param("make -C tools gen-configs N=1", MADE_OF_IT, id="make elsewhere"),
        pytest.param("python gen_config.py", MADE_OF_IT.replace("make ", "python "), id="a program"),
        pytest.param("python -m tools.gen_config", MADE_OF_IT.replace("make ", "python "), id="a module"),
        pytest.param("bash gen_config.sh", MADE_OF_IT.replace("make ", "bash "), id="a script"),
        pytest.param("make", "", id="make of all"),
        pytest.param("make lint-configs", "", id="make that looks"),
        pytest.param("find . -name '*.py' -exec sed -i s/7e-4/1e-4/ {} +", "", id="find others"),
        pytest.param("rm -rf out; rm x.yaml", "", id="rm of others"),
        pytest.param("ln -s x.yaml old.yaml", "", id="a link where one is"),
        pytest.param("rsync -an x.yaml old.yaml", "", id="a dry run"),
    ],
)
def test_a_file_that_a_line_may_have_changed_is_asked_for(tmp_path, line, said):
    done = peak(tmp_path, f"{line}\n{IN_PLACE}")
    assert (f"run.sh:1: {said}" in done.stderr, done.returncode) == (bool(said), 2 * bool(said)), done.stderr
    assert float(peak(tmp_path, f"{line}\n{IN_PLACE}", "--given", "old.yaml=old.yaml").stdout) == 7e-4


def test_a_test_of_a_file_that_lies_here_is_said(tmp_path):
    done = peak(tmp_path, f"[ -f old.yaml ] || exit 1\n{IN_PLACE}")
    assert "old.yaml lies here, so [ -f old.yaml ] is taken to hold" in done.stderr
