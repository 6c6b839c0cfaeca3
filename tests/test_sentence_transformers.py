"""sentence-transformers: the rows that the loaders of ``fit`` give, and keywords of its arguments."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

FIT = "model.{name}([({loader}, loss)], epochs=1, warmup_steps=10)\n"


@pytest.mark.parametrize(
    ("name", "loader", "updates"),
    [
        pytest.param("fit", "DataLoader(d, batch_size=64)", 1563, id="all rows"),
        pytest.param("fit", "DataLoader(d, batch_size=64, drop_last=True)", 1562, id="no rest"),
        pytest.param("fit", "DataLoader(d, 64, True, None, None, 0, None, False, True)", 1562, id="by place"),
        pytest.param("fit", "datasets.NoDuplicatesDataLoader(d, 64)", 1562, id="whole batches alone"),
        pytest.param("old_fit", "DataLoader(d, batch_size=64)", 1563, id="the older one"),
        pytest.param("old_fit", "DataLoader(d, batch_size=64, drop_last=True)", 1562, id="and no rest"),
    ],
)
def test_the_rest_that_a_loader_drops_is_no_row(tmp_path, name, loader, updates):
    text = f"from sentence_transformers import SentenceTransformer\n{FIT.format(name=name, loader=loader)}"
    write(tmp_path / "a.py", text)
    done = run(tmp_path, "plan", "a.py", "--dataset-len", "100003", "--world-size", "1", "--get", "total")
    assert (done.stdout, done.returncode) == (f"{updates}\n", 0), done.stderr
    assert ("schedule is built for" in done.stderr) == (name == "fit" and updates == 1563)


SPARSE = "from sentence_transformers import SparseEncoderTrainingArguments\n"


@pytest.mark.parametrize(
    ("keyword", "said"),
    [
        pytest.param("warmup_ration=0.1", "which stops at it: did you mean warmup_ratio", id="a slip"),
        pytest.param("epochs=3", "epochs is no setting of sentence_transformers", id="of fit alone"),
        pytest.param("router_mapping={}", "", id="a field of its own"),
        pytest.param("dataloader_drop_last=True", "", id="one of transformers"),
    ],
)
def test_a_keyword_that_its_arguments_do_not_take_is_refused(tmp_path, keyword, said):
    call = f"SparseEncoderTrainingArguments(output_dir='o', max_steps=9, {keyword})"
    write(tmp_path / "a.py", SPARSE + call)
    done = run(tmp_path, "plan", "a.py", "--world-size", "1")
    assert (said in done.stderr, done.returncode) == (True, 2 * bool(said)), done.stderr


@pytest.mark.parametrize(
    ("keyword", "line", "given", "warmup", "said"),
    [
        pytest.param("", "warmup_ratio = 0.1", [], 0, "sets warmup_ratio: nobody reads it", id="ratio"),
        pytest.param("", "warmup_steps = 0.1", [], 10, "", id="steps"),
        pytest.param("", "warmup_ratio = 0.1", ["transformers=4.57.6"], 10, "", id="which 4 reads itself"),
        pytest.param("", "warmup_ratio = 0.1", ["warmup_ratio=0.1"], 10, "", id="given"),
        pytest.param("warmup_ratio=0.2", "seed = 1", [], 20, "", id="in the call"),
        pytest.param("warmup_ratio=0.2", "warmup_ratio = 0.1", [], None, "write one of the two", id="both"),
        pytest.param("", "deepspeed = 'ds.json'", [], None, "it starts no DeepSpeed", id="deepspeed"),
        pytest.param(
            "deepspeed='ds.json'", "deepspeed = 'b.json'", [], None, "that of their call, ds.json", id="again"
        ),
        pytest.param(
            "deepspeed='ds.json'", "deepspeed = 'b.json'", ["deepspeed=ds.json"], 0, "", id="again, and told"
        ),
        pytest.param("", "accelerator_config = {'split_batches': True}", [], None, "still a dict", id="dict"),
    ],
)
def test_what_arguments_read_as_they_are_made_is_nothing_later(tmp_path, keyword, line, given, warmup, said):
    call = f"args = SparseEncoderTrainingArguments(output_dir='o', max_steps=100, {keyword})"
    write(tmp_path / "a.py", f"{SPARSE}{call}\nargs.{line}\n")
    (tmp_path / "ds.json").write_text("{}")
    answers = [word for one in given for word in ("--given", one)]
    done = run(tmp_path, "plan", "a.py", "--world-size", "1", *answers, "--get", "warmup")
    assert (said in done.stderr, done.returncode) == (True, 2 * (warmup is None)), done.stderr
    assert done.stdout == ("" if warmup is None else f"{warmup}\n")
