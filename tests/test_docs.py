"""The README says what the program does: its commands are run and their output compared.

``LRVIZ_UPDATE_README=1 python -m pytest tests/test_docs.py`` rewrites the outputs and the tables.
"""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from commands import README, ROOT, run
from configs import FLAT, write
from layers import LAYERS

import lrviz
from lrviz.export.document_types import DOCUMENTS
from lrviz.export.schema import command_schema
from lrviz.inputs.foreign.known_trainers import all_trainers
from lrviz.inputs.logs.log_format import all_formats
from lrviz.notation.fact import FACTS, UNITS
from lrviz.notation.shell import shell_line
from lrviz.resolve.key import option_of
from lrviz.resolve.keys import KEYS
from lrviz.resumption.restored import OF_TRAINERS, RULES
from lrviz.view.view_keys import VIEW, switches

MAP = ROOT / "lrviz" / "README.md"
BLOCK = re.compile(r"(?<=```console\n)\$ (lrviz .*)\n((?:.*\n)*?)(?=```)")
COMMANDS = BLOCK.findall(README.read_text(encoding="utf-8"))


def without_sizes(text):
    return re.sub(r"\(\d+ KB\)", "(N KB)", text)


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_readme_command(command, shown, tmp_path):
    (tmp_path / "sample_configs").symlink_to(ROOT / "sample_configs")
    words = shlex.split(command)[1:]
    done = run(tmp_path, *words, together=True, COLUMNS=100, PYTHONUNBUFFERED=1)
    got = done.stdout
    differs = words[0] == "diff" and bool(got)
    assert done.returncode == int(differs), got
    if os.environ.get("LRVIZ_UPDATE_README"):
        text = README.read_text(encoding="utf-8")
        README.write_text(text.replace(f"$ {command}\n{shown}", f"$ {command}\n{got}"), encoding="utf-8")
        return
    assert without_sizes(got) == without_sizes(shown)


@pytest.mark.parametrize("command", [command for command, _ in COMMANDS])
def test_readme_command_is_typed_the_same_in_every_shell(command):
    assert command == shell_line(*shlex.split(command))


def table_of_keys():
    yield ("key", "option", "as", "meaning")
    for key in KEYS.values():
        yield f"`{key.name}`", f"`{option_of(key.name)}`" if key.option else "", f"`{key.example}`", key.help


def table_of_view():
    yield ("key", "option", "as", "meaning")
    for key in VIEW.values():
        option = option_of(key.name) if key.metavar else switches(key).replace("/", "`, `")
        yield f"`{key.name}`", f"`{option}`", f"`{key.example}`", key.help


def table_of_trainers():
    yield ("trainer", "version", "known by")
    for one in all_trainers():
        yield f"`{one.name}`", f"{one.program} {one.version}".strip(), one.known_by


def table_of_logs():
    yield ("log", "known by", "row x has the LR of update")
    for one in sorted(all_formats(), key=lambda one: one.is_base):
        yield one.name, one.known_by, one.row


def table_of_facts():
    yield ("fact", "counted in", "meaning")
    for name, kind in FACTS.items():
        yield f"`{name}{kind.takes}`", UNITS[kind.unit], kind.meaning


def table_of_resumes():
    yield ("of", "first", "then", "base LR", "because")
    names = [f"`{name}`" for name in RULES] + [f"the trainer `{name}`" for name in OF_TRAINERS]
    for name, rule in zip(names, (*RULES.values(), *OF_TRAINERS.values()), strict=True):
        base = "" if rule.has_state else rule.base
        yield name, rule.first, rule.later, base, rule.source


def table_of_json():
    """Each key of the documents once, where it stands first."""
    yield ("object", "key", "is", "meaning")
    known = {(name, kind.meaning) for name, kind in FACTS.items()}
    for command in DOCUMENTS:
        for head, key, one in keys_of(command_schema(command), f"`{command}`"):
            meaning = one.get("description", "")
            if (key, meaning) not in known:
                yield head, f"`{key}`", kind_of(one), meaning
            known.add((key, meaning))


def keys_of(schema, head):
    """The keys of an object and of those in it."""
    for part in schema.get("anyOf", []):
        yield from keys_of(part, head)
    if "properties" in schema:
        yield from ((head, key, one) for key, one in schema["properties"].items())
        for one in schema["properties"].values():
            yield from keys_of(one, head_of(one) or head)
    for part in ("items", "additionalProperties"):
        yield from keys_of(schema[part], head) if isinstance(schema.get(part), dict) else ()


def head_of(one):
    """What the objects in a value are."""
    inner = [one, one.get("items", {}), one.get("additionalProperties", {}), *one.get("anyOf", [])]
    return next((part["title"] for part in inner if "properties" in part), "")


def kind_of(one):
    if "anyOf" in one:
        return " or ".join(map(kind_of, one["anyOf"]))
    if "enum" in one:
        return ", ".join(one["enum"])
    kinds = {"array": "list", "integer": "whole number", "string": "text", "boolean": "true or false"}
    return kinds.get(one.get("type"), one.get("type", "anything"))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("json", table_of_json),
        ("keys", table_of_keys),
        ("view", table_of_view),
        ("facts", table_of_facts),
        ("trainers", table_of_trainers),
        ("logs", table_of_logs),
        ("resumes", table_of_resumes),
    ],
)
def test_the_readme_has_the_table(name, rows):
    head, *others = rows()
    cells = [head, ("---",) * len(head), *others]
    table = "\n".join(f"| {' | '.join(row)} |" for row in cells)
    text = README.read_text(encoding="utf-8")
    place = re.compile(rf"(?<=<!-- {name} -->\n)(.*?)(?=<!-- end of {name} -->)", flags=re.DOTALL)
    if os.environ.get("LRVIZ_UPDATE_README"):
        README.write_text(place.sub(lambda _: f"{table}\n", text), encoding="utf-8")
        return
    assert place.findall(text) == [f"{table}\n"]


@pytest.mark.long
def test_readme_python_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("run.toml", FLAT)
    shutil.copy(ROOT / "tests" / "logs" / "hf_trainer_state_5_23_0.json", "trainer_state.json")
    names = {}
    for code in re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL):
        exec(compile(code, "README.md", "exec"), names)
    assert (names["curve"].lr[100], names["curve"].facts.peak_at) == (0.0003, 100)
    assert names["s"]([0, 29, 99]).round(12).tolist() == [4e-3, 0.1, 4e-7]
    assert (tmp_path / "lr.svg").stat().st_size > 1000
    assert (tmp_path / "warmups.png").stat().st_size > 1000
    assert [line.get_label() for line in names["axes"].lines] == ["cosine:warmup=100", "cosine:warmup=500"]
    assert len(names["mine"]) == 100
    assert names["found"].candidates[0].text == "cosine:warmup=10,steps=100,lr=2e-4"


def test_readme_phases_are_the_same_in_a_config_and_in_a_word(tmp_path):
    text = README.read_text(encoding="utf-8")
    ((config, word),) = re.findall(
        r"```toml\n((?:(?!```)[\s\S])*?\[\[schedule\.phase\]\][\s\S]*?)```[^`]*`\"(.*?)\"`", text
    )
    (curve,) = lrviz.load(write(tmp_path / "phases.toml", config)).curves()
    same = lrviz.evaluate(f"{word},lr=1e-3", lrviz.Plan(dataset_len=1235, batch_size=32, epochs=50))
    assert curve.first_difference(same, tolerance=0.0) is None


def test_readme_script(tmp_path):
    ((script, said),) = re.findall(
        r"```sh\n(.*?)```\n\nprints `(.*?)`", README.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    lrviz = f'lrviz() {{ {shlex.quote(sys.executable)} -m lrviz "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", lrviz + script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    got, name = done.stdout.split()
    want, best = said.split()
    assert (name, float(got)) == (best, pytest.approx(float(want)))


def test_the_map_of_the_code_has_every_part_in_the_order_of_its_layer():
    listed = re.findall(r"^\| `(\w+)(?:/|\.py)`", MAP.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert tuple(listed) == LAYERS


STOPS = re.findall(r"`([\w/]+\.py):(\w+)`", MAP.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "name"), STOPS, ids=map(":".join, STOPS))
def test_the_walk_in_the_map_stops_at_what_there_is(file, name):
    code = ast.parse((ROOT / "lrviz" / file).read_text(encoding="utf-8"))
    functions = {node.name for node in code.body if isinstance(node, ast.FunctionDef)}
    tables = {ast.unparse(node.target) for node in code.body if isinstance(node, ast.AnnAssign)}
    assert name in functions | tables


def test_readme_images_exist():
    for place in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / place).is_file(), place
