from __future__ import annotations

import math

import numpy as np
import pytest
from formulas import CASES, FORMULAS, parse, python, refusal

from lrviz.engine.expression import Expression


@pytest.mark.parametrize("text", FORMULAS)
def test_at_is_python(text):
    expression = parse(text)
    ticks = CASES[:120]
    assert [expression.at(tick) for tick in ticks] == [python(text, tick) for tick in ticks]


@pytest.mark.parametrize("text", FORMULAS)
def test_array_is_python(text):
    ticks = np.array(CASES[:120], dtype=float).reshape(2, 60)
    expected = np.array([python(text, tick) for tick in CASES[:120]]).reshape(2, 60)
    np.testing.assert_allclose(parse(text)(ticks), expected, rtol=1e-14, atol=1e-312)


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "math.floor(math.log(epoch+1)/math.log(2))",
        "int(math.log10(epoch + 1))",
        "math.ceil((epoch+1)**0.5)",
        "(epoch+1)**0.5 // 1",
        "round(math.log2(epoch+1)*2)",
        "math.floor(100*(epoch/1000))",
        "epoch*0.1 // 0.1",
        "epoch*0.1 % 0.3",
        "1 if math.cos(math.pi*epoch/6) >= 0.5 else 0",
        "1 if (epoch+1)**0.5*(epoch+1)**0.5 == epoch+1 else 0",
        "7**epoch % 10 if epoch < 300 else 0",
        "not math.sin(0*epoch) * math.exp(epoch/9999)",
    ],
)
def test_steps_are_at_the_same_ticks(text):
    assert parse(text)(np.arange(5001.0)).tolist() == [python(text, tick) for tick in range(5001)]


def test_ticks_keep_their_order_and_shape():
    assert parse("2*epoch")(np.array([[5.0, 1.0], [9.0, 0.0]])).tolist() == [[10.0, 2.0], [18.0, 0.0]]
    assert parse("epoch/3")(np.array([])).shape == (0,)
    assert parse("7")(np.array(4.0)).shape == ()
    ticks = np.random.default_rng(0).permutation(40_000).astype(float)
    assert np.array_equal(parse("epoch % 1000")(ticks), ticks % 1000)


def test_hardly_a_tick_is_left_to_python(monkeypatch):
    asked = []
    monkeypatch.setattr(Expression, "at", lambda _self, tick: asked.append(tick) or 0.0)
    for text in (
        "0.95**epoch",
        "0.5*(1+cos(pi*epoch/1e5))**0.9",
        "1/epoch if epoch > 0 else 1",
        "0.1**(epoch//30)",
    ):
        parse(text)(np.arange(100_000.0))
    assert asked == []


DOMAIN = "a function is not defined there"
COMPLEX = "a fractional power of a negative number is complex"


@pytest.mark.parametrize(
    ("text", "step", "reason"),
    [
        pytest.param("2**epoch", 1024, "a number is too large", id="long-integer"),
        pytest.param("2.0**epoch", 1024, "a number is too large", id="overflow"),
        pytest.param("1/epoch", 0, "division by zero", id="division"),
        pytest.param("5//(epoch-3)", 3, "division by zero", id="floor-division"),
        pytest.param("5%(epoch-3)", 3, "division by zero", id="modulo"),
        pytest.param("0 and 1 or epoch**-2", 0, "division by zero", id="power-of-zero"),
        pytest.param("math.sqrt(5-epoch)", 6, DOMAIN, id="root"),
        pytest.param("log(7 - epoch)", 7, DOMAIN, id="logarithm"),
        pytest.param("log(epoch - 4) if epoch > 3 else 0", 4, DOMAIN, id="branch-taken"),
        pytest.param("log(2, 3 - epoch)", 2, "division by zero", id="logarithm-to-base-one"),
        pytest.param("math.pow(3 - epoch, 0.5)", 4, DOMAIN, id="pow-of-math"),
        pytest.param("pow(3 - epoch, 0.5)", 4, COMPLEX, id="pow"),
        pytest.param("exp(epoch)", 710, "a number is too large", id="exponential"),
        pytest.param("(-1)**0.5", 0, COMPLEX, id="complex-constant"),
        pytest.param("(4-epoch)**0.5", 5, COMPLEX, id="complex"),
        pytest.param("int(inf) if epoch > 8 else 1", 9, "a number is too large", id="int-of-infinity"),
        pytest.param(
            "0/(1e308*10*(epoch > 4)+1)/(epoch-6)", 6, "division by zero", id="infinity-hides-nothing"
        ),
        pytest.param("9**9**9**epoch", 1, "a number is too large", id="more-than-a-computer-holds"),
        pytest.param("10**2000 % (epoch + 1)", 0, "a number is too large", id="longer-than-4096-bits"),
        pytest.param("(epoch > 3) * 3**2000 * 3**2000", 4, "a number is too large", id="product-that-is"),
        pytest.param("epoch + 9**9**9", 0, "a number is too large", id="constant-that-takes-hours"),
    ],
)
def test_first_tick_that_python_refuses(text, step, reason):
    for error in (refusal(parse(text), np.arange(2000.0)[::-1]), refusal(parse(text).at, step)):
        assert (error.step, str(error)) == (step, f"{text!r} has no value at epoch = {step}: {reason}")
        instead = "it is the same at every tick: write another number"
        if "epoch" in text:
            instead = f"give such ticks a value of their own, as in '... if epoch != {step} else 1'"
        assert error.hint == instead


def test_ticks_before_the_refused_one_have_values():
    assert parse("math.sqrt(5-epoch)")(np.arange(6.0)).tolist() == [math.sqrt(5 - tick) for tick in range(6)]
    assert parse("2**epoch")(np.arange(1024.0)).tolist() == [2.0**tick for tick in range(1024)]


NAMES = "epoch, pi, e, inf"
FUNCTIONS = (
    "abs, ceil, cos, exp, fabs, float, floor, int, log, log10, log2, max, min, pow, round, "
    "sin, sqrt, tan, tanh"
)
OF_MATH = "ceil, cos, exp, fabs, floor, log, log10, log2, pow, sin, sqrt, tan, tanh"


@pytest.mark.parametrize(
    ("text", "unknown", "hint"),
    [
        pytest.param("eopch*2", "name 'eopch'", f"did you mean 'epoch'? there are {NAMES}", id="name"),
        pytest.param("step", "name 'step'", f"did you mean 'epoch'? there are {NAMES}", id="another-tick"),
        pytest.param("0.9**it", "name 'it'", f"did you mean 'epoch'? there are {NAMES}", id="a-short-tick"),
        pytest.param("warmup", "name 'warmup'", f"there are {NAMES}", id="far-name"),
        pytest.param("cos", "name 'cos'", f"there are {NAMES}", id="function-not-called"),
        pytest.param(
            "lambda e: epoch",
            "name 'epoch'",
            "did you mean 'e'? there are e, pi, inf",
            id="lambda-has-its-own-names",
        ),
        pytest.param("math.tau", "number of math 'tau'", "there are pi, e, inf", id="number-of-math"),
        pytest.param(
            "sqr(1)", "function 'sqr'", f"did you mean 'sqrt'? there are {FUNCTIONS}", id="function"
        ),
        pytest.param("__import__('os')", "function '__import__'", f"there are {FUNCTIONS}", id="import"),
        pytest.param(
            "math.coz(1)", "function of math 'coz'", f"did you mean 'cos'? there are {OF_MATH}", id="coz"
        ),
        pytest.param(
            "math.abs(1)", "function of math 'abs'", f"did you mean 'fabs'? there are {OF_MATH}", id="abs"
        ),
    ],
)
def test_unknown_names(text, unknown, hint):
    error = refusal(parse, text)
    assert (str(error), error.hint) == (f"unknown {unknown} in the expression {text!r}", hint)
    assert error.step is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("np.cos(epoch)", "np.cos", id="numpy"),
        pytest.param("epoch.real", "epoch.real", id="attribute"),
        pytest.param("math.pi.real", "math.pi.real", id="attribute-of-a-number"),
        pytest.param("[1, 2][epoch]", "[1, 2][epoch]", id="subscript"),
        pytest.param("1 + 'a'", "'a'", id="string"),
        pytest.param("1j*epoch", "1j", id="complex"),
        pytest.param("None", "None", id="none"),
        pytest.param("1 + ...", "...", id="ellipsis"),
        pytest.param("epoch & 1", "epoch & 1", id="bitwise"),
        pytest.param("~epoch", "~epoch", id="invert"),
        pytest.param("epoch in 1", "epoch in 1", id="membership"),
        pytest.param("epoch is 1", "epoch is 1", id="identity"),
        pytest.param("1 + (x := 1)", "x := 1", id="walrus"),
        pytest.param("max(*epoch, 1)", "*epoch", id="star"),
        pytest.param("(lambda x: x)(1)", "lambda x: x", id="inner-lambda"),
        pytest.param("[e for e in 1]", "[e for e in 1]", id="comprehension"),
    ],
)
def test_what_is_not_allowed(text, part):
    error = refusal(parse, text)
    assert str(error) == f"{part!r} is not allowed in the expression {text!r}"
    assert error.hint == (
        "there are numbers, epoch, + - * / // % **, comparisons, and, or, not, 'a if test else b', "
        f"pi, e, inf, {FUNCTIONS}"
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("min(epoch)", "min takes 2 or more plain values", id="too-few"),
        pytest.param("cos(1, 2)", "cos takes 1 plain value", id="too-many"),
        pytest.param("pow(2, 3, 4)", "pow takes 2 plain values", id="three-powers"),
        pytest.param("math.log(1, 2, 3)", "log takes 1 or 2 plain values", id="logarithm"),
        pytest.param("round(1, ndigits=2)", "round takes 1 plain value", id="keyword"),
        pytest.param("int()", "int takes 1 plain value", id="nothing"),
    ],
)
def test_wrong_calls(text, hint):
    error = refusal(parse, f"1 + {text}")
    assert (str(error), error.hint) == (f"{text!r} cannot be called so", hint)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("0.95**", id="unfinished"),
        pytest.param("", id="empty"),
        pytest.param("1; 2", id="statements"),
        pytest.param("x = 1", id="assignment"),
        pytest.param("1\0", id="null"),
        pytest.param("(" * 300 + ")" * 300, id="brackets"),
        pytest.param("9" * 5000, id="longer-than-python-reads"),
    ],
)
def test_not_an_expression(text):
    error = refusal(parse, text)
    assert str(error) == f"{text!r} is not an expression"
    assert error.hint == "write it as in Python, such as '0.95**epoch'"


@pytest.mark.parametrize(
    "text", ["lambda: 1", "lambda a, b: 1", "lambda a=1: a", "lambda *a: 1", "lambda a, *, b: 1"]
)
def test_a_lambda_with_other_arguments(text):
    error = refusal(parse, text)
    assert str(error) == f"the arguments of {text!r} do not fit: it is called with epoch"
    assert error.hint == "start it with 'lambda epoch:'"


def test_too_deep():
    error = refusal(parse, "+".join(["epoch"] * 400))
    assert str(error) == (
        "the expression 'epoch+epoch+epoch+epoch+epoch+epoch+epoc...' is nested more than 100 levels deep"
    )
    assert error.hint == "write a long sum or choice as pairs of shorter ones in brackets"


def test_too_long():
    error = refusal(parse, "max(" + ",".join(["epoch"] * 2000) + ")")
    assert str(error) == (
        "the expression 'max(epoch,epoch,epoch,epoch,epoch,epoch,...' has 2002 numbers, names and operations,"
        " more than 2000"
    )
    assert error.hint == "write it shorter, such as '0.95**epoch'; in Python, give a function"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(" or ".join(["(epoch < 9) - 1"] * 300), -1, id="or"),
        pytest.param(" and ".join(["epoch"] * 1900), 9, id="and"),
        pytest.param(" <= ".join(["epoch"] * 1000), 1, id="comparison"),
    ],
)
def test_a_long_chain_is_no_deep_one(text, expected):
    expression, tick = parse(text), np.array([9.0])
    assert (expression.at(9), expression(tick)[0]) == (expected, expected)
    assert np.ravel(expression.bounds(tick, tick)).tolist() == [expected, expected]


@pytest.mark.parametrize(
    ("text", "name", "use"),
    [
        pytest.param("lambda cos: cos(1)", "cos", "called", id="function"),
        pytest.param("lambda max: max(1, 2)", "max", "called", id="builtin"),
        pytest.param("lambda math: math.pi", "math", "asked for pi", id="number-of-math"),
        pytest.param("lambda math: math.cos(1)", "math", "asked for cos", id="function-of-math"),
    ],
)
def test_a_variable_hides_what_else_has_its_name(text, name, use):
    error = refusal(parse, text)
    assert str(error) == f"in {text!r} {name} is a number, and a number cannot be {use}"
    assert parse(error.hint.removeprefix("name the tick otherwise, as in ")[1:-1]).variables == ("epoch",)


def test_as_deep_as_allowed_can_be_computed():
    expression = parse("+".join(["epoch"] * 98))
    assert (expression.at(2), expression(np.array([2.0]))[0]) == (196.0, 196.0)


def test_names_and_equality():
    expression = Expression.parse("lambda x, y: x - y", "epoch", "scale")
    assert (expression.variables, expression.at(5, 0.5)) == (("x", "y"), 4.5)
    assert {parse("epoch"), parse(" epoch ")} == {parse("epoch")}
    assert parse("1") != Expression.parse("1", "step")
    with pytest.raises(TypeError, match="one variable, not"):
        expression(np.arange(3.0))
    with pytest.raises(TypeError, match="one variable, not"):
        expression.bounds(np.zeros(1), np.ones(1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1**(epoch if epoch < 5 else 1e19)", [1, 1], id="beyond-64-bits"),
        pytest.param("(epoch > 3)**(inf if epoch else 1)", [0, 1], id="infinite"),
        pytest.param("(-1)**(epoch + 2.0**62)", [1, 1], id="negative-base"),
    ],
)
def test_exponents_that_fit_no_integer(text, expected):
    assert parse(text)(np.array([0.0, 9.0])).tolist() == expected


def test_whole_ticks_are_integers_and_other_values_are_not():
    assert parse("3**epoch % 10").at(50.0) == parse("3**epoch % 10").at(np.float64(50)) == pow(3, 50, 10)
    assert Expression.parse("x*2", "epoch", "x").at(1, np.float32(0.5)) == 1.0
    assert parse("epoch / 2").at(2.5) == 1.25


def test_refusal_names_all_variables():
    error = refusal(Expression.parse("t/x", "t", "x").at, 3, 0.0)
    assert (str(error), error.step) == ("'t/x' has no value at t = 3, x = 0.0: division by zero", 3)
