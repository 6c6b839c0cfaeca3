"""What others wrote is repeated on one line, without commands to the terminal, and short."""

import json
import unicodedata

import pytest
from commands import run
from configs import write
from hypothesis import given
from hypothesis import strategies as st

from lrviz.notation.text import LINE, WORD, brief, cut, few, one_line

COMMANDS = {
    "escape": "\x1b]0;owned\x07",
    "C1": "\x9b31m",
    "lines": "a\nb\rc\x85d\u2028e\u2029f",
    "direction": "\u202eabc\u202c \u2066d\u2069\u200f\u061c",
    "byte order mark": "\ufeffx",
    "tab": "a\tb",
}


def is_command(char):
    return unicodedata.category(char) in ("Cc", "Zl", "Zp") or unicodedata.bidirectional(char) in (
        *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
    )


@given(st.text())
def test_one_line_has_no_command_and_keeps_the_rest(text):
    found = one_line(text)
    assert len(found) == len(text)
    assert not any(map(is_command, found))
    assert all(new in (old, " ") for old, new in zip(text, found, strict=True))


@pytest.mark.parametrize("text", ["学習率 é", "👩\u200d🔬", "α=½", "עברית"])
def test_letters_of_every_script_stay(text):
    assert one_line(text) == brief(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a" * (WORD - 1), "a" * (WORD - 1), id="a word that fits"),
        pytest.param(f"x {'a' * WORD} y", f"x {'a' * 53}…{'a' * 26} y", id="a long word"),
        pytest.param(f"no '{'ab ' * 100}', or", f"no '{'ab ' * 17}a…{' ab' * 8} ', or", id="a quotation"),
        pytest.param("torch's " + "a " * WORD + "mmengine's", None, id="apostrophes quote nothing"),
    ],
)
def test_brief(text, expected):
    assert brief(text) == (text if expected is None else expected)


@given(st.text(), st.integers(3, 100))
def test_cut_keeps_both_ends(text, width):
    found = cut(text, width)
    head, mark, tail = found.rpartition("…")
    assert found == text if len(text) <= width else (len(found), mark) == (width, "…")
    assert text.startswith(head) or found == text
    assert text.endswith(tail)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(0, "", id="none"),
        pytest.param(3, "0, 1, 2", id="all"),
        pytest.param(5, "0, 1, 2 and 2 more", id="the first"),
    ],
)
def test_few(count, expected):
    assert few(map(str, range(count)), most=3) == expected


# --- every way in ----------------------------------------------------------------------------------------

RUN = '"lr": 1, "steps": 3, "warmup": 0'
CONFIGS = {
    "a key": '{"name": "cosine", TEXT: 1}',
    "a table": '{"name": "cosine", TEXT: {"x": 1}}',
    "a name": '{"name": TEXT}',
    "a value": '{"name": "cosine", "lr": TEXT}',
    "a label": f'{{"name": "cosine", "label": TEXT, {RUN}}}',
    "a group": f'{{"name": "cosine", "groups": [{{"label": TEXT, "scale": 1}}], {RUN}}}',
    "a nested name": '{"name": "torch.ChainedScheduler", "schedulers": [{"name": TEXT}]}',
    "a file": f'{{"name": "plateau", "metrics": TEXT, {RUN}}}',
    "an output": f'{{"schedule": [{{"name": "cosine", {RUN}}}], "output": {{"file": TEXT}}}}',
}
WORDS = {
    "a command": ["TEXT"],
    "an option": ["show", "cosine", "--TEXT"],
    "an option's value": ["show", "cosine", "--lr", "TEXT"],
    "a choice": ["values", "cosine", "--format", "TEXT"],
    "a schedule": ["show", "TEXT"],
    "a parameter": ["show", "cosine:TEXT=1"],
    "a parameter's value": ["show", "cosine:lr='TEXT'"],
    "a label": ["show", "cosine:label='TEXT'", "cosine:steps=3"],
    "a label of a plan": ["plan", "cosine:label='TEXT'", "cosine:steps=3"],
    "a label of values": ["values", "cosine:label='TEXT'", "--at", "0", "--format", "text"],
    "a schedule to explain": ["info", "TEXT"],
    "a list": ["list", "TEXT"],
    "a file to write": ["plot", "cosine", "-o", "no/TEXT.svg"],
    "a config": ["show", "TEXT.toml"],
    "a file of metrics": ["show", "plateau", "--metrics", "TEXT:loss"],
    "an expression": ["show", "lambda:lr_lambda='TEXT'"],
}
TEXTS = [
    *(pytest.param(text, id=name) for name, text in COMMANDS.items()),
    *(pytest.param(text * 10_000, id=f"long {name}") for name, text in (("word", "x"), ("text", "x y "))),
]


def check(done):
    """Nothing that commands a terminal on either stream, no long complaint."""
    said = done.stderr.split("\n")
    output = "" if done.stdout.startswith("{") else done.stdout.replace("\n", "")
    assert not any(map(is_command, "".join(said) + output))
    assert max(map(len, said)) <= LINE
    assert done.returncode in (0, 2)
    assert "this is a bug" not in done.stderr
    if done.returncode == 2:
        assert len(said) <= 6
        assert said[-2].startswith("hint: ")


@pytest.mark.long
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in WORDS.items()])
def test_a_word_is_repeated_without_harm(words, text, tmp_path):
    check(run(tmp_path, *(word.replace("TEXT", text) for word in words)))


@pytest.mark.long
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("config", [pytest.param(text, id=name) for name, text in CONFIGS.items()])
def test_a_config_is_repeated_without_harm(config, text, tmp_path):
    write(tmp_path / "run.json", config.replace("TEXT", json.dumps(text)))
    command = "plot" if "output" in config else "values"
    check(run(tmp_path, command, "run.json"))


@pytest.mark.parametrize("text", TEXTS)
def test_a_table_is_repeated_without_harm(text, tmp_path):
    line = text.replace("\n", " ").replace("\r", " ")
    write(tmp_path / "run.csv", f"{line},b\n{line},1\n")
    for column in ("loss", line):
        check(run(tmp_path, "show", "plateau", "--metrics", f"run.csv:{column}"))
