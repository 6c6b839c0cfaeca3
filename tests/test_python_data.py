"""Python files of strangers as data: what is known is what Python computes, the rest says why it is not."""

from __future__ import annotations

import warnings
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.python_data import read_python
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from lrviz.inputs.foreign.source import Source


def read(text: str) -> Source:
    return read_python(dedent(text), "run.py", Path())


KNOWN = [
    pytest.param("lr = 6e-4\nmin_lr = lr / 10\nsteps = 8 * 4 - 1", id="arithmetic"),
    pytest.param("a = -7 // 2\nb = -7 % 3\nc = 2 ** 10\nd = +1\ne = not 0\nf = ~5", id="operators"),
    pytest.param("a = b = 3\nc, (d, e) = 1, [2, 3]\nf: int = 4\nf += 1\nf *= 2", id="assignments"),
    pytest.param("o = dict(type='SGD', lr=0.1)\np = {**o, 'lr': 0.2}\nq = dict(o, lr=3)", id="dicts"),
    pytest.param(
        "a = [1, *[2, 3]] + [4] * 2\nb = a[::-1]\nc = a[-1]\nd = 'ab'[0]\ne = (1,) + (2,)", id="lists"
    ),
    pytest.param("o = dict(a=dict(b=1))\nx = o['a']\nx['b'] = 2\ny = o['a']['b']", id="one_object_two_names"),
    pytest.param("a = [1]\nb = a\na += [2]\nc = b", id="a_list_grows_under_both_names"),
    pytest.param("o = dict(a=1, b=2)\ndel o['a']\nx = 1\ndel x", id="del"),
    pytest.param("[] = []\na = 1", id="nothing_taken_apart"),
    pytest.param("n = 12\nname = f'run-{n:03d}-{0.5:.2f}-{n!s}'", id="f_string"),
    pytest.param(
        "a = 3 if 2 > 1 else 4\nb = 1 < 2 < 3\nc = 'a' in ['a']\nd = 0 or 5\ne = 1 and 0", id="decided"
    ),
    pytest.param("big = True\nif big:\n    lr = 1\nelse:\n    lr = 2", id="an_if_that_is_decided"),
    pytest.param(
        "a = int(1e4)\nb = round(0.06 * 50)\nc = max(1, 2)\nd = list((1, 2))", id="functions_of_numbers"
    ),
    pytest.param("a = (b := 4) + 1", id="walrus"),
    pytest.param(
        "import math\na = math.ceil(2.5)\nb = math.floor(2.5)\nc = math.sqrt(4)\ndel math", id="math"
    ),
    pytest.param(
        "import math as m\nfrom math import ceil as up\na = up(1.5) + m.ceil(2.5)\ndel m, up",
        id="math_renamed",
    ),
    pytest.param("a = dict(x=1)\nfor b in a.items():\n    print(b)\ndel b", id="a_loop_that_only_reads"),
    pytest.param("a = dict(x=dict(y=1), z=2)\na.update({'x': dict(k=1)}, z=3)\nb = a['x']", id="update"),
]


@pytest.mark.parametrize("text", KNOWN)
def test_what_is_known_is_what_python_computes(text):
    names: dict[str, object] = {}
    exec(text, {}, names)
    names.pop("__annotations__", None)
    assert read(text).data == names


UNKNOWN = [
    pytest.param("x = f()", "a call in line 1", "x", id="a_call"),
    pytest.param("n = f()\nx = n * 2", "a call in line 1", "x", id="what_uses_a_call"),
    pytest.param("x = world * 8", "world, which is not assigned", "world", id="a_name_from_elsewhere"),
    pytest.param("import torch\nx = torch.pi", "an import in line 1", "x", id="an_import"),
    pytest.param("x = 1\nfor i in y:\n    x = 2", "a loop in line 2", "x", id="set_in_a_loop"),
    pytest.param("x = 1\nwhile y:\n    x += 1", "a loop in line 2", "x", id="counted_in_a_loop"),
    pytest.param("x = 1\nif y:\n    x = 2", "an if in line 2", "x", id="set_in_an_if"),
    pytest.param("try:\n    x = 1\nexcept E:\n    x = 2", "a try in line 1", "x", id="set_in_a_try"),
    pytest.param("with f() as x:\n    pass", "a with in line 1", "x", id="set_by_with"),
    pytest.param("match y:\n    case 1:\n        x = 1", "a match in line 1", "x", id="set_in_a_match"),
    pytest.param("x = 1 if y else 2", "y, which is not assigned", "y", id="undecided"),
    pytest.param("x = [i for i in (1, 2)]", "a comprehension in line 1", "x", id="a_comprehension"),
    pytest.param("x = dict(a=1)\nx.popitem()", "a call in line 2", "x", id="a_method_changes_it"),
    pytest.param("x = dict(a=1)\nx.update(y)", "a call in line 2", "x", id="updated_by_what_nobody_knows"),
    pytest.param("x = dict(a=1)\nf(x)", "a call in line 2", "x", id="given_to_a_function"),
    pytest.param("x = dict(a=1)\ny = x\ny.popitem()", "a call in line 3", "x", id="changed_by_another_name"),
    pytest.param("x = dict(a=1)\nif y:\n    x[y] = 2", "what line 3 sets", "x", id="some_part_set_in_an_if"),
    pytest.param("x = [1]\nx[f()] = 2", "what line 2 sets", "x", id="an_item_nobody_knows"),
    pytest.param(
        "def f():\n    global x\n    x = 2\nx = 1", "x, which a function changes", "x", id="a_global"
    ),
    pytest.param(
        "x = [1]\ndef f():\n    x.append(2)", "x, which a function changes", "x", id="changed_in_a_function"
    ),
    pytest.param(
        "x = dict(a=1)\nfor y in [x]:\n    y['a'] = 2", "a loop in line 2", "x", id="each_is_changed"
    ),
    pytest.param("x = dict(a=1)\n[y.pop('a') for y in [x]]", "a loop in line 2", "x", id="each_in_brackets"),
    pytest.param(
        "x = [1]\ny = x if f() else 2\ny[0] = 3", "a call in line 2", "x", id="perhaps_another_name"
    ),
    pytest.param("x = [1]\ny = f() or x\ny[0] = 3", "a call in line 2", "x", id="perhaps_the_last_name"),
    pytest.param("x = [1]\ny = [x]\nf(y)", "a call in line 3", "x", id="within_what_a_function_is_given"),
    pytest.param("x = [1]\ny = dict(a=x)\ny.get('a').pop()", "a call in line 3", "x", id="got_and_changed"),
    pytest.param("x = [1]\ny = [x][z]\ny[0] = 3", "what line 2 may change", "x", id="an_item_of_some_index"),
    pytest.param("x = [1]\n*y, z = [x]\ny[0] = 3", "what line 2 takes apart", "x", id="taken_apart"),
    pytest.param("x = [1]\nif f():\n    y = x\ny[0] = 3", "an if in line 2", "x", id="another_name_in_an_if"),
    pytest.param(
        "def f():\n    y.pop()\nx = [1]\ny = x", "y, which a", "x", id="by_another_name_in_a_function"
    ),
    pytest.param("try:\n    f()\nexcept E as x:\n    pass", "a try in line 1", "x", id="set_by_except"),
    pytest.param("x = 1\nmatch y:\n    case [x]:\n        pass", "a match in line 2", "x", id="set_by_case"),
    pytest.param("x = 1 / 0", "ZeroDivisionError in line 1", "x", id="python_stops"),
    pytest.param("x = {{'$LR:'}}", "$LR", "LR", id="an_environment_variable_of_mmengine"),
    pytest.param("x = 10 ** 10 ** 10", "what line 1 computes", "x", id="too_large_a_power"),
    pytest.param("x = 'a' * 10**9", "what line 1 computes", "x", id="too_long_a_text"),
    pytest.param("x = [0] * 10**9", "what line 1 computes", "x", id="too_long_a_list"),
    pytest.param("x = f'{1:999999999}'", "an f-string in line 1", "x", id="too_wide_a_format"),
    pytest.param("x = '%999999999d' % 1", "what line 1 computes", "x", id="too_wide_a_percent"),
    pytest.param("x = round(5, -10**9)", "a call in line 1", "x", id="too_far_a_round"),
    pytest.param(f"x = 0x{'f' * 9999}", "a number of over 4096 bits in line 1", "x", id="too_long_a_number"),
    pytest.param("x = 1 << 10**9", "what line 1 computes", "x", id="an_operator_no_config_needs"),
]


@pytest.mark.parametrize(("text", "why", "name"), UNKNOWN)
def test_what_nobody_can_know(text, why, name):
    found = read(text).data["x"]
    assert isinstance(found, Unknown)
    assert found.why.startswith(why)
    assert name in found.names


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("if y:\n    x['a'] = 2", id="set_in_an_if"),
        pytest.param("if y:\n    x.update(a=2)", id="updated_in_an_if"),
        pytest.param("for y in (2, 3):\n    z = dict(**x)\n    x['a'] = y", id="set_in_a_loop"),
        pytest.param("for y in f():\n    x.update({'a': y})", id="updated_in_a_loop"),
        pytest.param("while f():\n    x['a'] *= 2", id="multiplied_in_a_loop"),
    ],
)
def test_what_perhaps_sets_a_key_leaves_the_others_known(text):
    found = read(f"x = dict(a=1, b=3)\n{text}").data["x"]
    assert found["b"] == 3
    assert isinstance(found["a"], Unknown)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("for y in f():\n    x[y] = 2", id="some_key"),
        pytest.param("for y in f():\n    x.update(y)", id="updated_by_what_nobody_knows"),
        pytest.param("for y in f():\n    x['a'] = 2\n    x.pop('b')", id="a_key_taken_out"),
        pytest.param("for y in f():\n    del x['b']", id="a_key_deleted"),
    ],
)
def test_what_perhaps_changes_any_key_leaves_none_known(text):
    assert isinstance(read(f"x = dict(a=1, b=3)\n{text}").data["x"], Unknown)


def test_unknown_poisons_only_what_uses_it():
    data = read("a = f()\nb = dict(x=a, y=1)\nc = [a, 2]\nd = 3").data
    a = Unknown("a call in line 1", ("a",))
    assert data["d"] == 3
    assert data["b"] == {"x": Unknown("a call in line 1", ("b.x",)), "y": 1}
    assert data["c"][1] == 2
    assert data["a"] == a


CALLS = [
    pytest.param(
        "learn.fit_one_cycle(5, lr_max=1e-3)", ("learn.fit_one_cycle", (5,), {"lr_max": 1e-3}), id="method"
    ),
    pytest.param("lr = 2e-5\nf(lr=lr * 2)", ("f", (), {"lr": 4e-5}), id="with_a_name"),
    pytest.param("kw = dict(a=1)\nf(**kw, b=2)", ("f", (), {"a": 1, "b": 2}), id="two_stars"),
    pytest.param("def main():\n    lr = 3\n    f(lr)\nmain()", ("f", (3,), {}), id="in_a_function"),
    pytest.param("lr = 3\ndef main():\n    f(lr)", ("f", (3,), {}), id="in_a_function_with_a_name_above"),
    pytest.param("class A:\n    def g(self):\n        f(1)", ("f", (1,), {}), id="in_a_method"),
    pytest.param("if __name__ == '__main__':\n    x = 4\n    f(x)", ("f", (4,), {}), id="under_main"),
    pytest.param("x = [f(1) for _ in y]", ("f", (1,), {}), id="in_a_comprehension"),
    pytest.param("with torch.no_grad():\n    f(1)", ("f", (1,), {}), id="in_a_with"),
    pytest.param(
        "from trl import SFTConfig as C\nC(1)", ("SFTConfig", (1,), {}), id="imported_by_another_name"
    ),
    pytest.param("Learner(d).fit(2)", ("Learner().fit", (2,), {}), id="of_what_a_call_gives"),
    pytest.param("x = [30, 60]\nf(x)\nx[0] = 1", ("f", ([30, 60],), {}), id="its_value_is_that_of_its_line"),
]


@pytest.mark.parametrize(("text", "call"), CALLS)
def test_calls(text, call):
    assert call in [(one.name, one.arguments, one.keywords) for one in read(text).python.calls]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("for x in y:\n    f(x)", id="a_loop"),
        pytest.param("x = 1\nfor _ in y:\n    f(x)\n    x = 2", id="changed_later_in_the_loop"),
        pytest.param("def main(x=1):\n    f(x)", id="an_argument"),
        pytest.param(
            "x = 1\ndef main():\n    f(x)\nx = 2\nmain()", id="assigned_twice_and_used_in_a_function"
        ),
        pytest.param(
            "class A:\n    x = 1\n    def g(self):\n        f(x)", id="a_method_does_not_see_its_class"
        ),
        pytest.param("g = lambda x: f(x)", id="an_argument_of_a_lambda"),
    ],
)
def test_an_argument_nobody_can_know(text):
    call = next(one for one in read(text).python.calls if one.name == "f")
    assert isinstance(call.arguments[0], Unknown)


def test_a_call_within_a_call_is_a_value():
    source = read(
        """\
        args = SFTConfig(
            learning_rate=2e-4,
            max_steps=60,
        )
        trainer = SFTTrainer(model=model, args=args, lr=slice(1e-5, 1e-3))
        """
    )
    trainer = next(call for call in source.python.calls if call.name == "SFTTrainer")
    args, lr = trainer.keywords["args"], trainer.keywords["lr"]
    assert isinstance(args, PythonCall)
    assert (args.keywords, args.line) == ({"learning_rate": 2e-4, "max_steps": 60}, 1)
    assert args.lines == {"learning_rate": 2, "max_steps": 3}
    assert (lr.name, lr.arguments) == ("slice", (1e-5, 1e-3))
    assert trainer.keywords["model"] == Unknown("model, which is not assigned", ("model",))
    assert isinstance(source.data["args"], Unknown)


def test_modules_functions_and_what_a_name_is_called_are_no_values():
    source = read("import a.b\nfrom c.d import e\nimport g as h\ndef f(): pass\n__all__ = []\nx = 1")
    assert source.data == {"x": 1}
    assert set(source.python.imports) == {"a", "a.b", "c", "c.d", "c.d.e", "g"}


@pytest.mark.parametrize(
    ("line", "written", "name"),
    [
        pytest.param("from mmengine.optim import LinearLR", "LinearLR", "mmengine.optim.LinearLR", id="from"),
        pytest.param("from a import b as c", "c", "a.b", id="from_as"),
        pytest.param("import torch", "torch.optim.SGD", "torch.optim.SGD", id="import"),
        pytest.param("import torch.optim as o", "o.SGD", "torch.optim.SGD", id="import_as"),
        pytest.param("import torch.optim", "torch.optim.SGD", "torch.optim.SGD", id="import_dotted"),
    ],
)
def test_what_is_imported_is_known_by_its_name_only(line, written, name):
    data = read(f"{line}\nkind = {written}\nx = dict(type=kind, lr=kind * 2)").data
    assert (data["kind"].name, data["x"]["type"].name) == (name, name)
    assert type(data["x"]["lr"]) is Unknown


def test_the_constants_of_a_class_are_a_table():
    text = (
        "@dataclass\nclass Args:\n    steps: int = 4 * 5\n    lr = 0.1\n    def f(self): ...\nn = Args.steps"
    )
    assert read(text).data == {"Args": {"steps": 20, "lr": 0.1}, "n": 20}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param(("lr",), 1, id="a_name"),
        pytest.param(("optim",), 2, id="a_dict"),
        pytest.param(("optim", "lr"), 4, id="a_keyword"),
        pytest.param(("sched", 1), 8, id="an_item"),
        pytest.param(("sched", 0, "end"), 7, id="a_key_in_an_item"),
        pytest.param(("optim", "type"), 9, id="set_later"),
        pytest.param(("copy", "lr"), 4, id="a_value_by_another_name"),
    ],
)
def test_places(path, line):
    text = """\
    lr = 0.1
    optim = dict(
        type='SGD',
        lr=lr)
    sched = [
        {'type': 'LinearLR',
         'end': 5},
        dict(type='StepLR')]
    optim['type'] = 'Adam'
    copy = optim
    """
    place = read(text).place(path)
    assert (place.file, place.line) == ("run.py", line)


def test_a_place_has_its_key():
    assert read("a = [dict(b=1)]").place(("a", 0, "b")) == Place("run.py", 1, "a[0].b")


TWOFOLD = "\n".join(f"a{i} = (a{i - 1}, a{i - 1})" for i in range(1, 60))
HOSTILE = [
    pytest.param("x = 1\ny = (", ":2: ", id="not_closed"),
    pytest.param("x = 1\n!pip install y", ":2: ", id="a_line_of_a_notebook"),
    pytest.param("if x:\n\ty=1\n        z=2", ":3: ", id="tabs_and_spaces"),
    pytest.param("x = 1\n\0", ":2: a null byte", id="a_null_byte"),
    pytest.param("x = '\ud800'", "no text", id="half_a_character"),
    pytest.param(
        f"x = 1\ny = {'9' * 5000}", ":2: a whole number of more than 4300", id="a_number_of_5000_digits"
    ),
    pytest.param(f"x = {'[' * 5000}{']' * 5000}", "nested", id="brackets"),
    pytest.param(f"x = {'-' * 99999}1", "nested", id="signs"),
    pytest.param(f"x = {'+'.join('1' * 9999)}", "nested", id="sums"),
    pytest.param(f"x = a{'.b' * 9999}", "nested", id="attributes"),
    pytest.param(f"a0 = (1,)\n{TWOFOLD}", "over 100000 values", id="names_of_names"),
    pytest.param(f"a0 = (1,)\n{TWOFOLD}\nf(a59)", "over 100000 values", id="names_of_names_in_a_call"),
    pytest.param(
        f"a0 = (1,)\n{TWOFOLD}\nx = a59 if f() else 1", "over 100000 values", id="perhaps_names_of_names"
    ),
    pytest.param("a = {}\na['x'] = a", "over 100000 values", id="a_dict_in_itself"),
    pytest.param("a = [1]\na[0] = a", "over 100000 values", id="a_list_in_itself"),
    pytest.param("x = 1\n" * 200_000, "more Python", id="too_large"),
]


@pytest.mark.parametrize(("text", "said"), HOSTILE)
def test_what_is_no_config_is_refused(text, said):
    with pytest.raises(ConfigError) as refusal:
        read_python(text, "run.py", Path())
    assert said in refusal.value.message
    assert refusal.value.message.startswith("run.py")
    assert refusal.value.hint


def test_nested_blocks_are_read_once():
    blocks = "\n".join(f"{' ' * i}for a{i} in b:" for i in range(90))
    assert isinstance(read(f"{blocks}\n{' ' * 90}x = 1").data["x"], Unknown)


def test_the_advice_of_pythons_parser_is_not_heard():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_python("x = '\\d'\ny = 1 is 1", "run.py", Path()).data["x"] == "\\d"


def test_nothing_is_executed(tmp_path):
    target = tmp_path / "there"
    read(f"open({str(target)!r}, 'w')\nimport os\nos.mkdir({str(target)!r})\nx = eval('1')")
    assert not target.exists()
