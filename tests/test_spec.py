from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lrviz.errors import SpecError
from lrviz.notation.rendering import render
from lrviz.notation.spec import Call, Spec, parse, parse_value

EXAMPLE = "write 'name' or 'name:key=value,…', as in 'cosine:warmup=6%,lr=3e-4'"


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        pytest.param("cosine", Spec("cosine"), id="bare name"),
        pytest.param("torch.MultiStepLR", Spec("torch.MultiStepLR"), id="full id"),
        pytest.param(
            "torch.MultiStepLR:milestones=30,60,gamma=0.1",
            Spec("torch.MultiStepLR", (("milestones", (30, 60)), ("gamma", 0.1))),
            id="a piece without a key continues the list",
        ),
        pytest.param("a:lr=1e-3,1e-4", Spec("a", (("lr", (1e-3, 1e-4)),)), id="two groups"),
        pytest.param(
            "a:z=1,b=2,a=3", Spec("a", (("z", 1), ("b", 2), ("a", 3))), id="the order written is kept"
        ),
        pytest.param(
            " cosine : lr = 3e-4 , word = a b ",
            Spec("cosine", (("lr", 3e-4), ("word", "a b"))),
            id="spaces",
        ),
        pytest.param(
            "lambda:lr_lambda=lambda e: 0.95**e",
            Spec("lambda", (("lr_lambda", "lambda e: 0.95**e"),)),
            id="only the first colon cuts",
        ),
        pytest.param(
            "a:f=epoch if epoch == 1 else 2,g==3",
            Spec("a", (("f", ("epoch if epoch == 1 else 2", "g==3")),)),
            id="an equality is no key",
        ),
    ],
)
def test_parse(text, spec):
    assert parse(text) == spec


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("30", 30, id="int"),
        pytest.param("10_000", 10000, id="underscores"),
        pytest.param("-1", -1, id="negative"),
        pytest.param("3e-4", 3e-4, id="float"),
        pytest.param("1e6", 1e6, id="exponent makes a float"),
        pytest.param("inf", math.inf, id="inf"),
        pytest.param("true", True, id="true"),
        pytest.param("False", False, id="false"),
        pytest.param("NONE", None, id="none"),
        pytest.param("6%", "6%", id="percent"),
        pytest.param("2ep", "2ep", id="epochs"),
        pytest.param("500st", "500st", id="steps"),
        pytest.param("350k", "350k", id="thousands"),
        pytest.param("1e999", "1e999", id="beyond float64 is no number"),
        pytest.param("0.9**epoch", "0.9**epoch", id="expression"),
        pytest.param("min(1,epoch/10)", "min(1,epoch/10)", id="commas in parentheses"),
        pytest.param("(1,2)", "(1,2)", id="parentheses alone are text"),
        pytest.param("a=b", "a=b", id="a second equals sign"),
        pytest.param("C:\\new\\x", "C:\\new\\x", id="backslashes are ordinary"),
        pytest.param('"a, b"', "a, b", id="double quotes"),
        pytest.param("'a, b'", "a, b", id="single quotes"),
        pytest.param('"30"', "30", id="quotes keep a string"),
        pytest.param('"none"', "none", id="quotes keep a word"),
        pytest.param('""', "", id="empty string"),
        pytest.param(r'"a \"b\" \\ c"', r'a "b" \ c', id="escapes"),
        pytest.param(r'"$\tau$"', r"$\tau$", id="other backslashes stay"),
        pytest.param('"it\'s [a"', "it's [a", id="quotes hide brackets and quotes"),
        pytest.param("[]", (), id="empty list"),
        pytest.param("[x]", ("x",), id="list of one"),
        pytest.param("[1, 2]", (1, 2), id="list"),
        pytest.param("[[1,2]]", ((1, 2),), id="list of one list"),
        pytest.param("[1,2],[3]", ((1, 2), (3,)), id="list of lists"),
        pytest.param("[1][0]", "[1][0]", id="index is text"),
        pytest.param('["a,b",c]', ("a,b", "c"), id="quotes in a list"),
        pytest.param("LinearLR()", Call("LinearLR"), id="call without arguments"),
        pytest.param(
            "LinearLR(start_factor=0.1, total_iters=5)",
            Call("LinearLR", (("start_factor", 0.1), ("total_iters", 5))),
            id="call",
        ),
        pytest.param("torch.M(m=3,6,g=1)", Call("torch.M", (("m", (3, 6)), ("g", 1))), id="list in a call"),
        pytest.param(
            "LinearLR(total_iters=5),ExponentialLR(gamma=0.9)",
            (Call("LinearLR", (("total_iters", 5),)), Call("ExponentialLR", (("gamma", 0.9),))),
            id="list of calls",
        ),
        pytest.param(
            "Seq(s=A(x=1),B(),m=[5])",
            Call("Seq", (("s", (Call("A", (("x", 1),)), Call("B"))), ("m", (5,)))),
            id="calls in a call",
        ),
        pytest.param("f(x==1)", "f(x==1)", id="a comparison is no call"),
        pytest.param("f(1,a=2)", "f(1,a=2)", id="an argument without a key is no call"),
        pytest.param("f(a=1)+g(b=2)", "f(a=1)+g(b=2)", id="a sum is no call"),
    ],
)
def test_value(text, value):
    assert repr(parse_value(text)) == repr(value)
    assert repr(parse(f"s:key={text}").params) == repr((("key", value),))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param("", "empty spec in ''", EXAMPLE, id="empty text"),
        pytest.param("  ", "empty spec in '  '", EXAMPLE, id="only spaces"),
        pytest.param(":lr=1", "no schedule name before ':' in ':lr=1'", EXAMPLE, id="empty name"),
        pytest.param("1cycle:lr=1", "bad schedule name '1cycle' in '1cycle:lr=1'", EXAMPLE, id="bad name"),
        pytest.param("torch.", "bad schedule name 'torch.' in 'torch.'", EXAMPLE, id="dot at the end"),
        pytest.param("lr=3e-4", "bad schedule name 'lr=3e-4' in 'lr=3e-4'", EXAMPLE, id="no name"),
        pytest.param(
            "cosine:",
            "nothing after ':' in 'cosine:'",
            "write 'cosine' or 'cosine:key=value,…'",
            id="nothing after the colon",
        ),
        pytest.param(
            "cosine:100,lr=1",
            "'100' has no key in 'cosine:100,lr=1'",
            "write 'cosine:key=value,…'",
            id="first piece has no key",
        ),
        pytest.param(
            "a:lr=1,b=2,lr=3",
            "repeated key 'lr' in 'a:lr=1,b=2,lr=3'",
            "keep one, or write a list: lr=a,b",
            id="repeated key",
        ),
        pytest.param(
            "a:s=F(x=1,x=2)",
            "repeated key 'x' in 'a:s=F(x=1,x=2)'",
            "keep one, or write a list: x=a,b",
            id="repeated key in a call",
        ),
        pytest.param(
            "a:lr=", "empty value for 'lr' in 'a:lr='", "write 'lr=VALUE', or leave it out", id="empty value"
        ),
        pytest.param(
            "a:lr=,3",
            "empty value for 'lr' in 'a:lr=,3'",
            "write 'lr=VALUE', or leave it out",
            id="empty first of a list",
        ),
        pytest.param(
            "a:x=1,,y=2",
            "empty piece in 'a:x=1,,y=2'",
            "remove the extra comma",
            id="empty piece",
        ),
        pytest.param(
            "a:,x=1",
            "empty piece in 'a:,x=1'",
            "remove the extra comma",
            id="empty first piece",
        ),
        pytest.param(
            "a:x=[1,]",
            "empty piece in 'a:x=[1,]'",
            "remove the extra comma",
            id="empty piece in a list",
        ),
        pytest.param(
            "a:x=1,000",
            "'1,000' has a comma inside a number in 'a:x=1,000'",
            "write 1000 or 1_000, and 0.01",
            id="thousands apart",
        ),
        pytest.param(
            "a:x=0,01,y=2",
            "'0,01' has a comma inside a number in 'a:x=0,01,y=2'",
            "write 1000 or 1_000, and 0.01",
            id="decimal comma",
        ),
        pytest.param(
            "a:x=[1,2",
            "open bracket at '[1,2' in 'a:x=[1,2'",
            "balance the brackets, or quote the text",
            id="open bracket",
        ),
        pytest.param(
            "a:x=1),y=2",
            "unexpected ')' at '),y=2' in 'a:x=1),y=2'",
            "balance the brackets, or quote the text",
            id="closing bracket alone",
        ),
        pytest.param(
            "a:x=[1)",
            "unexpected ')' at ')' in 'a:x=[1)'",
            "balance the brackets, or quote the text",
            id="wrong bracket",
        ),
        pytest.param(
            "a:x=it's",
            """open quote at "'s" in "a:x=it's\"""",
            'close it, or quote the value with "',
            id="open single quote",
        ),
        pytest.param(
            'a:x="b\\"',
            """open quote at '"b\\\\"' in 'a:x="b\\\\"'""",
            "close it, or quote the value with '",
            id="escaped quote does not close",
        ),
        pytest.param(
            'a:x="b"c',
            """text 'c' after the quoted '"b"' in 'a:x="b"c'""",
            "put all of it in the quotes",
            id="text after a quote",
        ),
        pytest.param(
            f"a:x={'[' * 51}{']' * 51}",
            f"more than 50 open brackets in 'a:x={'[' * 51}{']' * 51}'",
            "nest less deeply",
            id="too deep",
        ),
        pytest.param(
            "s:key={1e-3, 1e-4}",
            "'{1e-3, 1e-4}' is no value: braces hold several in 's:key={1e-3, 1e-4}'",
            "leave out the blanks: {1e-3,1e-4}",
            id="braces with a blank, which stand for no several words",
        ),
    ],
)
def test_refusals(text, message, hint):
    with pytest.raises(SpecError) as caught:
        parse(text)
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        pytest.param((), "s", id="nothing"),
        pytest.param((("lr", 3e-4),), "s:lr=3e-4", id="as people type it"),
        pytest.param((("lr", 0.1 + 0.2),), "s:lr=0.30000000000000004", id="every digit"),
        pytest.param((("lr", 300.0),), "s:lr=300.0", id="a float stays a float"),
        pytest.param((("n", 10000), ("m", -1)), "s:n=10000,m=-1", id="counts"),
        pytest.param((("a", True), ("b", None)), "s:a=true,b=none", id="words"),
        pytest.param((("m", (30, 60)), ("g", 0.1)), "s:m=30,60,g=0.1", id="a list needs no brackets"),
        pytest.param((("m", (30,)), ("n", ())), "s:m=[30],n=[]", id="short lists need them"),
        pytest.param((("m", ((1, 2), (3,))),), "s:m=[1,2],[3]", id="lists in a list"),
        pytest.param((("warmup", "6%"),), "s:warmup=6%", id="plain text"),
        pytest.param((("f", "min(1,epoch/10)"),), "s:f=min(1,epoch/10)", id="brackets protect commas"),
        pytest.param((("word", "a, b"),), 's:word="a, b"', id="comma"),
        pytest.param((("word", '"a" \\'),), r's:word="\"a\" \\"', id="quotes and backslashes"),
        pytest.param((("word", "30"),), 's:word="30"', id="a string like a number"),
        pytest.param((("word", "None"),), 's:word="None"', id="a string like a word"),
        pytest.param((("word", ("x", "a=b")),), 's:word=x,"a=b"', id="a string like a key"),
        pytest.param((("word", "="),), 's:word="="', id="a string that would undo the key"),
        pytest.param((("word", "F(a=1)"),), 's:word="F(a=1)"', id="a string like a call"),
        pytest.param((("word", " a"),), 's:word=" a"', id="space at the edge"),
        pytest.param((("word", ""),), 's:word=""', id="empty string"),
        pytest.param(
            (("s", (Call("A", (("x", (1, 2)),)), Call("B"))),), "s:s=A(x=1,2),B()", id="nested schedules"
        ),
    ],
)
def test_render(params, text):
    assert render(Spec("s", params)) == text


def test_reading_keys():
    spec = parse("cosine:lr=3e-4,word=none")
    assert spec.keys() == ("lr", "word")
    assert (spec.get("lr"), spec.get("word", "x"), spec.get("warmup"), spec.get("warmup", 5)) == (
        3e-4,
        None,
        None,
        5,
    )


KEYS = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,5}\Z")
NAMES = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,5}(\.[A-Za-z0-9_]{1,5}){0,2}\Z")
SYNTAX = st.text(alphabet="ab1=,:[](){}'\"\\ .%-", max_size=12)  # texts that look like the grammar
FLOATS = st.floats(allow_nan=False).filter(lambda x: str(x) != "-0.0")  # written as 0.0
SCALARS = st.none() | st.booleans() | st.integers() | FLOATS | st.text(max_size=8) | SYNTAX


def params_of(values):
    return st.lists(st.tuples(KEYS, values), max_size=4, unique_by=lambda pair: pair[0]).map(tuple)


VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.builds(Call, NAMES, params_of(inner)),
    max_leaves=8,
)


@pytest.mark.long
@given(st.builds(Spec, NAMES, params_of(VALUES)))
def test_what_is_written_is_read_back(spec):
    found = parse(render(spec))
    assert repr(found) == repr(spec)  # by repr, because True == 1 == 1.0


def answer(text):
    try:
        return parse(text)
    except SpecError as refusal:
        return refusal


@given(st.text() | SYNTAX | SYNTAX.map("a:b=".__add__))
@example('"' * 1000)
@example("a:" + '"\\' * 1000)
@example("a:b=" + "9" * 5000)
@example("a:b=" + "(" * 5000)
def test_any_text_is_read_or_refused(text):
    found = answer(text)
    if isinstance(found, SpecError):
        assert repr(text) in found.message
        assert found.hint
    else:
        assert repr(parse(render(found))) == repr(found)
